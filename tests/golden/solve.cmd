solve crisis.standoff --brief
