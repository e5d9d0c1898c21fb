#!/usr/bin/env python3
"""Hold the oracle against published equilibria of well-known games.

usage: check_models.py [MODEL.standoff ...]    default: examples/models/*

The models carry lines `# expect at sharpness S: QUESTION = NUMBER tolerance T`.
Nothing in them comes from the oracle or from the program, so agreement here
says that the solver is right, not only that two of ours agree.  Lines about
the limit of large sharpness are left to the program.
"""

import glob
import os
import re
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from standoff import everyone, solve_text  # noqa: E402
from standoff_text import StandoffError  # noqa: E402

LINE = re.compile(r"^# expect at sharpness ([\d.]+): (chance .*) = "
                  r"([-\d.e]+)(?: tolerance ([\d.e-]+))?", re.M)


def check(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    by_sharpness = {}
    for m in LINE.finditer(text):
        by_sharpness.setdefault(m.group(1), []).append(
            (m.group(2), float(m.group(3)), float(m.group(4) or 1e-6)))
    good = bad = 0
    for sharpness, wanted in by_sharpness.items():
        try:
            _, got = solve_text(text, [q for q, _, _ in wanted],
                                everyone(sharpness))
        except StandoffError as e:
            print("%s at %s: %s" % (os.path.basename(path), sharpness, e))
            bad += len(wanted)
            continue
        for (q, goal, tol), (_, p) in zip(wanted, got[-len(wanted):]):
            if p is not None and abs(float(p) - goal) <= tol:
                good += 1
            else:
                print("%s at %s: %s: expected %g, oracle %s" % (
                    os.path.basename(path), sharpness, q, goal, p))
                bad += 1
    return good, bad


def main():
    cases = sys.argv[1:] or sorted(glob.glob(os.path.join(
        HERE, "..", "..", "examples", "models", "*.standoff")))
    passed = failed = 0
    for path in cases:
        good, bad = check(path)
        passed += good
        failed += bad
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.setrecursionlimit(1000000)
    threading.stack_size(512 * 1024 * 1024)
    code = []
    worker = threading.Thread(target=lambda: code.append(main()))
    worker.start()
    worker.join()
    sys.exit(code[0] if code else 1)
