#!/usr/bin/env python3
"""Run a program over the conformance cases.

usage: run.py [PROGRAM [CASE.standoff ...]]    (default: $DEMARCHE)

Every case carries its own answers in `# expect chance of ... = NUMBER` lines.
The questions are appended to the case as an `ask` block, the whole is given
to `PROGRAM forecast - --json --quiet` on standard input, and the answers are
read from `questions` of what it prints, in the order of the ask block.  One
line is printed per answer that is off by more than 1e-10; the last line is
`N passed, N failed`.
"""

import glob
import json
import os
import subprocess
import sys

from expectations import expectations, number

HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCE = 1e-10
SECONDS = 60


def answers(program, text, wanted):
    """-> list of answers to the appended questions, or a complaint."""
    asked = text.rstrip("\n") + "\nask\n" + "".join(
        "  %s\n" % q for q, _ in wanted)
    try:
        run = subprocess.run(
            [program, "forecast", "-", "--json", "--quiet"],
            input=asked.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "no answer within %d s" % SECONDS
    if run.returncode != 0:
        said = (run.stderr or run.stdout).decode("utf-8", "replace")
        lines = [x for x in said.split("\n") if x.strip()]
        return "exit %d: %s" % (run.returncode, " | ".join(lines[:3]))
    try:
        found = json.loads(run.stdout)["questions"]
    except (ValueError, KeyError, TypeError) as e:
        return "unreadable JSON: %r" % e
    if len(found) < len(wanted):
        return "%d answers to %d questions" % (len(found), len(wanted))
    return [x.get("answer") for x in found[-len(wanted):]]


def check(program, path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    wanted, name = expectations(text), os.path.basename(path)
    if not wanted:
        print("%s: no expectation" % name)
        return 0, 1
    got = answers(program, text, wanted)
    if isinstance(got, str):
        print("%s: %s" % (name, got))
        return 0, len(wanted)
    bad = 0
    for (question, right), value in zip(wanted, got):
        goal = float(number(right))
        if not isinstance(value, (int, float)) or \
                not abs(value - goal) <= TOLERANCE:
            print("%s: %s: expected %.15g, got %s" % (
                name, question, goal,
                "%.15g" % value if isinstance(value, (int, float))
                else value))
            bad += 1
    return len(wanted) - bad, bad


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DEMARCHE")
    if not program:
        print(__doc__, file=sys.stderr)
        return 2
    cases = sys.argv[2:] or sorted(
        glob.glob(os.path.join(HERE, "*.standoff")))
    passed = failed = 0
    for path in cases:
        good, bad = check(program, path)
        passed += good
        failed += bad
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
