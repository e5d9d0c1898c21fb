size crisis.standoff
