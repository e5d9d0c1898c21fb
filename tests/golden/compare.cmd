compare crisis.standoff rival.standoff --evidence crisis.evidence --no-cache
