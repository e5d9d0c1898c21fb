check crisis.standoff --memory
