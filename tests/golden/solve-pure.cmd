solve ../../examples/games/alliance.nfg --method pure --columns 60
