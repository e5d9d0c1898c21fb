solve ../../examples/games/inspection.efg --method lp --brief
