"""openspiel.py GAME.efg ITERATIONS: seconds of one CFR+ iteration of OpenSpiel.

Needs pyspiel; run.sh looks for it first.  The C++ solver is used where the
binding has it, which is OpenSpiel's fastest.
"""
import sys
import time

import pyspiel


def main() -> int:
    game = pyspiel.load_game("efg_game", {"filename": sys.argv[1]})
    iterations = int(sys.argv[2])
    solver = pyspiel.CFRPlusSolver(game)
    solver.evaluate_and_update_policy()
    began = time.process_time()
    for _ in range(iterations):
        solver.evaluate_and_update_policy()
    print((time.process_time() - began) / iterations)
    return 0


if __name__ == "__main__":
    sys.exit(main())
