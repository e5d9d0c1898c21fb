solve crisis.standoff --json
