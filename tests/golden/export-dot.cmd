export ../../examples/games/chicken.nfg --format dot
