solve ../../examples/games/inspection.efg --sharpness 2 --json
