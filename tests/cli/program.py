"""Running the program, and the small files it is run on."""

import json
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("DM_SOURCE") or os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(
    os.environ.get("DEMARCHE") or os.path.join(ROOT, "build", "demarche"))
SLOW = bool(os.environ.get("DM_INSTRUMENTED"))
LIMIT = 120 if SLOW else 20
KINDS = ["blank", "deal", "escalation", "inspection", "letter", "mediation",
         "sanctions", "ultimatum"]

TINY = """\
scenario tiny "A tiny file"
  turns 1 to 2
  otherwise quiet
actor north
  sharpness 0
choice act of north
  wait
  stop -> end peace
payoff   north
  peace  10
  quiet  0
"""
# One asking a turn at sharpness 0: peace by 2 is 1/2 + 1/4.
CHECKED = TINY + "check    chance of peace = 75%\n"
FAILING = TINY + "check    chance of peace = 75%; chance of peace by 1 > 60%\n"

# Larger on purpose: what is remembered multiplies.
LARGE = """\
scenario large "A file that takes its time"
  turns 1 to 12
  otherwise quiet
actor us
  sharpness 0.1
  remembers everything
actor iran
  sharpness 0.1
  remembers everything
state a 0..4 = 0 public
state b 0..4 = 0 public
choice act of us announced
  wait
  push if a < 3 -> a +1
  pull if a > 1 -> a -1
choice act of iran announced
  wait
  push if b < 3 -> b +1
  pull if b > 1 -> b -1
every turn
  10%: end war
payoff  us               iran
  war   (-10 + a)        (-10 - b)
  quiet (a - b)          (b - a)
"""


class Run:
    """One run of the program, its exit code and its two outputs."""

    def __init__(self, *words, text=None, env=None, cwd=None, out=None,
                 shell=False):
        surroundings = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm")
        for name in ("COLUMNS", "NO_COLOR"):
            surroundings.pop(name, None)
        surroundings.update(env or {})
        data = text.encode() if isinstance(text, str) else text
        run = subprocess.run(
            words[0] if shell else [PROGRAM, *words], shell=shell,
            input=data if data is not None else b"", cwd=cwd,
            env=surroundings, stdout=out or subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=LIMIT)
        self.code = run.returncode
        self.raw = run.stdout or b""
        self.out = self.raw.decode("utf-8", "replace")
        self.err = run.stderr.decode("utf-8", "replace")

    def exits(self, code):
        assert self.code == code, "exit %d, not %d\n%s%s" % (
            self.code, code, self.out[-500:], self.err[-800:])
        return self

    def says(self, *words):
        """All of the words stand in the output or the messages."""
        both = self.out + self.err
        for word in words:
            assert word in both, "%r is missing in:\n%s" % (word, both[-1500:])
        return self

    def json(self):
        value = json.loads(self.out, parse_constant=refuse)
        assert value["schema"] == 1, value.get("schema")
        return value


def refuse(word):
    raise AssertionError("JSON holds " + word)


def calm(run):
    """No crash and no hang: a right answer, or a message."""
    assert run.code in (0, 1, 2, 3, 4), "exit %d\n%s" % (
        run.code, run.err[-800:])
    if run.code != 0:
        said = run.err.strip() or '"messages"' in run.out
        assert said, "exit %d without a word" % run.code
    assert not re.search(r"\b-?(nan|inf)\b", run.out, re.I), run.out[-500:]
    return run


def without_seconds(value):
    if isinstance(value, dict):
        return {k: without_seconds(v) for k, v in value.items()
                if k != "seconds"}
    if isinstance(value, list):
        return [without_seconds(v) for v in value]
    return value


def template(kind):
    return os.path.join(ROOT, "share", "new", kind + ".standoff")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def probabilities(value):
    for p in value:
        assert 0 <= p <= 1 + 1e-12, p
