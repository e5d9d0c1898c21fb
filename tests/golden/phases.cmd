explain --phases crisis.standoff
