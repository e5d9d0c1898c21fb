solve ../../examples/games/alliance.nfg --method lp
