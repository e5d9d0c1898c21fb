#!/usr/bin/env python3
"""Hold the oracle against the hand-worked numbers of the conformance suite.

usage: check_oracle.py [CASE.standoff ...]     default: ../conformance/*
"""

import glob
import os
import sys
import threading
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "conformance"))

from expectations import expectations, number  # noqa: E402
from standoff import solve_text, show           # noqa: E402
from standoff_text import StandoffError  # noqa: E402


def check(path):
    """-> (passed, failed)"""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    wanted = expectations(text)
    name = os.path.basename(path)
    if not wanted:
        print("%s: no expectation" % name)
        return 0, 1
    try:
        _, answers = solve_text(text, [q for q, _ in wanted])
    except (StandoffError, RecursionError) as e:
        print("%s: %s" % (name, e))
        return 0, len(wanted)
    good = 0
    for (q, right), (_, got) in zip(wanted, answers[-len(wanted):]):
        goal = number(right)
        exact = isinstance(got, Fraction)
        close = got is not None and abs(float(got) - float(goal)) <= (
            1e-12 if exact else 1e-9)
        if close:
            good += 1
        else:
            print("%s: %s: expected %s, oracle %s" % (
                name, q, right, show(got)))
    return good, len(wanted) - good


def main():
    cases = sys.argv[1:] or sorted(glob.glob(
        os.path.join(HERE, "..", "conformance", "*.standoff")))
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
