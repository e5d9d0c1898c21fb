solve ../../examples/games/escalation.efg --at 0.5,2
