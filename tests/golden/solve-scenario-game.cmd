solve crisis.standoff --sharpness 1.5 --brief
