test crisis.standoff
