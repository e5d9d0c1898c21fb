solve ../../examples/games/chicken.nfg --search 12
