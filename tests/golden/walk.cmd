walk crisis.standoff --as iran --replay walk.transcript
