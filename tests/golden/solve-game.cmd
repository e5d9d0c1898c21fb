solve ../../examples/games/crisis_signal.efg --sharpness 2
