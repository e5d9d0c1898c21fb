size crisis.standoff --max-situations 100
