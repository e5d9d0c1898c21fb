explain --core crisis.standoff
