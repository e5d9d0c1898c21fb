solve ../../examples/games/inspection.efg
