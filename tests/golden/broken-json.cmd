check broken.standoff --json
