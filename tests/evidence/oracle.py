#!/usr/bin/env python3
"""Updated odds by brute force: every path, weighted by every line.

usage: oracle.py [--write] CASE...

A case is a scenario, a line `---`, evidence, a line `---`, and the numbers that
must come out, as this program finds them; --write puts them there.

Independent of the C code: scenarios are read and played by tests/oracle, and
evidence is read here, from section 8 of the language page and docs/evidence.md.
No state is merged: each path from the start to an ending is walked by itself,
with the truth of every line's event along it and the values of states at every
period's end.  A path's weight is its chance times, line by line, the chance of
such a line.  With sharpness 0 everything is an exact fraction.
"""

import math
import os
import re
import sys
import threading
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "oracle"))

from standoff import Solver, collect, declared   # noqa: E402
from standoff_parse import Reader                       # noqa: E402
from standoff_play import Game                          # noqa: E402
from standoff_text import clock_number                  # noqa: E402

GRADES = {"A": ("98/100", "1/100"), "B": ("90/100", "5/100"),
          "C": ("75/100", "15/100"), "D": ("60/100", "30/100"),
          "E": ("1/2", "1/2"), "F": ("1/2", "1/2")}
BEHIND = re.compile(
    r"\s+(from\s+[a-z_]\w*|[A-F][1-6]?|at start|corrects\s+\S+"
    r"|note\s+\"[^\"]*\")$")


class Line:
    pass


def percent(text):
    return Fraction(text[:-1]) / 100 if text.endswith("%") \
        else Fraction(text)


def read_evidence(text):
    """-> (sources, lines) as written."""
    sources, lines = {}, []
    for raw in text.split("\n"):
        raw = re.sub(r"#.*", "", raw).strip()
        if not raw or raw.startswith("evidence for"):
            continue
        if raw.startswith("source "):
            name = raw.split()[1]
            s = {"rates": None, "report": None, "echo": None}
            m = re.search(r"hit (\S+?),? false (\S+)", raw)
            if m:
                s["rates"] = (percent(m.group(1)), percent(m.group(2)))
            m = re.search(r"is report (\w+)", raw)
            s["report"] = m and m.group(1)
            m = re.search(r"echo of (\w+)", raw)
            s["echo"] = m and m.group(1)
            sources[name] = s
            continue
        lines.append(read_line(raw))
    return sources, lines


def read_line(raw):
    x = Line()
    x.about = x.start = x.silence = x.negated = False
    x.source = x.grade = x.corrects = None
    m = re.match(r"(about\s+)?(\S+)\s+(about\s+)?(.*)$", raw)
    x.about = bool(m.group(1) or m.group(3))
    x.date, rest = m.group(2), m.group(4)
    while True:
        m = BEHIND.search(rest)
        if not m:
            break
        part, rest = m.group(1), rest[:m.start()]
        if part.startswith("from"):
            x.source = part.split()[1]
        elif part == "at start":
            x.start = True
        elif part.startswith("corrects"):
            x.corrects = part.split()[1]
        elif not part.startswith("note"):
            x.grade = part[0]
    if rest.startswith("no word of "):
        x.silence, rest = True, rest[len("no word of "):]
    while re.match(r"not\s", rest) and " and " not in rest \
            and " or " not in rest:
        x.negated, rest = not x.negated, rest[3:].strip()
    x.event = re.sub(r"\s+", " ", rest)
    m = re.match(r"(\S+) in (\S+ ?[a-z]*)\.\.(\S+ ?[a-z]*)$", rest)
    x.cond = "%s >= %s and %s <= %s" % (
        m.group(1), m.group(2), m.group(1), m.group(3)) if m else rest
    return x


class Case:
    def __init__(self, scenario, evidence):
        self.sources, self.lines = read_evidence(evidence)
        asks = "\nask\n" + "".join(
            "  chance of %s\n" % x.cond for x in self.lines) \
            if self.lines else ""
        self.m = Reader(scenario.rstrip("\n") + "\n" + asks).m
        self.g = Game(self.m)
        self.solver = Solver(self.g, declared)
        self.exact = self.solver.exact
        self.last = len(self.m.periods)
        n = len(self.lines)
        for x, q in zip(self.lines, self.m.asks[-n:] if n else ()):
            self.place(x, q.event[0])
        self.correct()
        self.weigh()
        self.hidden = self.hidden_things()
        self.paths = []
        self.walk()

    # ---- reading the lines

    def place(self, x, cond):
        kind, first, _ = self.m.clock
        t = clock_number(kind, x.date) - first + 1
        x.first, x.last = (t - 1, t + 1) if x.about else (t, t)
        x.in_clock = x.first <= self.last
        x.first = max(1, x.first)
        x.last = min(self.last, x.last)
        x.test = cond
        words = set()
        collect(cond, words)
        x.kind = ("outcome" if "outcome" in words
                  else "option" if words & {"picked", "other"}
                  else "reading" if "reading" in words
                  else "type" if "type" in words and not words & {
                      "state", "letter", "deal", "benchmark", "says", "term"}
                  else "start" if x.start else "end")
        x.subject = repr(leaf(cond))

    def correct(self):
        for i, x in enumerate(self.lines):
            x.over = None
        for i, x in enumerate(self.lines):
            if x.corrects is None:
                continue
            same = [j for j in range(i) if self.lines[j].source == x.source
                    and self.lines[j].date == x.corrects]
            close = [j for j in same if self.lines[j].subject == x.subject]
            j = close[0] if len(close) == 1 else same[0]
            while self.lines[j].over is not None:
                j = self.lines[j].over
            self.lines[j].over = i
            if not x.about:
                x.first, x.last = self.lines[j].first, self.lines[j].last
            if x.kind == "end" and self.lines[j].kind == "start":
                x.kind = "start"

    def origin(self, s):
        while s is not None and self.sources[s]["echo"]:
            s = self.sources[s]["echo"]
        return s

    def rates(self, x):
        s = x.source
        while True:
            have = self.sources[s] if s else None
            if have and have["rates"]:
                return have["rates"]
            if have and have["report"]:
                return Fraction(1), Fraction(0)
            if x.grade:
                return tuple(map(Fraction, GRADES[x.grade]))
            s = have["echo"]

    def weigh(self):
        for x in self.lines:
            hit, miss = self.rates(x)
            if x.negated:
                hit, miss = miss, hit
            x.so, x.not_so = (1 - hit, 1 - miss) if x.silence else (hit, miss)
            x.words = (self.origin(x.source) if x.source
                       else ("nobody", x.date, x.grade),
                       x.test, x.kind, x.first, x.last, x.negated, x.silence)

    # ---- paths

    def hidden_things(self):
        m, out = self.m, []
        for a in m.actors:
            if len(a.types) > 1:
                out.append(("type", a.i, a.name + ".type",
                            [n for n, _ in a.types]))
        for x in m.states:
            if len(x.viewers) < len(m.actors):
                out.append(("state", x.i, x.name, None))
        return out

    def truths(self, x, node):
        """Whether line x's event is seen at this node."""
        s = node.state
        if s is None:
            return False
        holds = self.g.holds
        if x.kind == "type":
            return holds(x.test, s)
        if x.kind == "start":
            before = 0 if node.done is None else node.period
            return (node.done in (None, "9") and node.kind != "end"
                    and x.first <= before + 1 <= x.last and holds(x.test, s))
        if node.done is None or not x.first <= node.period <= x.last:
            return False
        if x.kind == "reading":
            return node.done == "2" and holds(x.test, dict(s, R=tuple(
                (c if isinstance(c, int) else None, c) for _, c in s["R"])))
        if x.kind == "option":
            return node.done == "3" and holds(x.test, s)
        if x.kind == "outcome":
            return node.kind == "end" and holds(x.test, s)
        return node.done == "9" and holds(x.test, s)

    def walk(self):
        number = (lambda p: p) if self.exact else float
        n = len(self.lines)
        stack = [(self.g.root, number(Fraction(1)), (False,) * n, (), None)]
        while stack:
            node, p, so, ends, first = stack.pop()
            so = tuple(b or self.truths(x, node)
                       for b, x in zip(so, self.lines))
            s = node.state
            if first is None and s is not None:
                first = s
            if node.done == "9" and node.kind != "end":
                ends += (s["v"],)
            if node.kind == "end":
                if node.period == self.last and node.done == "9":
                    ends += (s["v"],)
                self.paths.append((p, so, ends, first, s["end"],
                                   max(node.period, 1)))
                continue
            if node.kind == "chance":
                moves = [(number(w), kid) for w, kid, _ in node.kids if w]
            else:
                sigma = self.solver.sigma[self.solver.at[node.info]]
                moves = [(sigma[j], kid)
                         for j, (_, kid, _) in enumerate(node.kids)]
            for w, kid in moves:
                if w:
                    stack.append((kid, p * w, so, ends, first))
        if len(self.paths) > 400000:
            raise SystemExit("too many paths: %d" % len(self.paths))

    # ---- which lines count

    def counting(self, present):
        out = []
        for i, x in enumerate(self.lines):
            good, j = i in present and x.in_clock, x.over
            while j is not None:
                good, j = good and j not in present, self.lines[j].over
            if good and any(self.lines[k].words == x.words for k in out):
                good = False
            if good:
                out.append(i)
        return tuple(out)

    def weights(self, counts):
        out = []
        for p, so, *_ in self.paths:
            for i in counts:
                x = self.lines[i]
                w = x.so if so[i] else x.not_so
                p = p * (w if self.exact else float(w))
            out.append(p)
        return out

    def total(self, ws):
        return sum(ws) if self.exact else math.fsum(ws)

    def odds(self, counts, until=None):
        ws = self.weights(counts)
        below = self.total(ws)
        if not below:
            return None
        return [self.total([w for w, path in zip(ws, self.paths)
                            if path[4] == o and (until is None
                                                 or path[5] <= until)]) / below
                for o in self.m.outcomes]

    # ---- answers

    def numbers(self):
        everything = set(range(len(self.lines)))
        final = self.counting(everything)
        if not self.total(self.weights(final)):
            return self.impossible(final)
        out, names = [], self.m.outcomes
        out.append(("likelihood", self.total(self.weights(final))))
        for i in range(len(self.lines)):
            self.line(out, i, everything)
        for k, o in enumerate(names):
            for t in range(1, self.last + 1):
                out.append(("by %s %s" % (o, self.m.periods[t - 1]),
                            self.odds(final, t)[k]))
        for thing in self.hidden:
            self.of_hidden(out, thing, final)
        return out

    def line(self, out, i, everything):
        names = self.m.outcomes
        now = self.counting(set(range(i + 1)))
        base = tuple(j for j in now if j != i)
        after, before = self.odds(now), self.odds(base)
        if after is not None:
            for k, o in enumerate(names):
                out.append(("line %d odds %s" % (i + 1, o), after[k]))
        if i in now and after is not None:
            chance = (self.total(self.weights(now))
                      / self.total(self.weights(base)))
            out.append(("line %d chance" % (i + 1), chance))
            for k, o in enumerate(names):
                others = sum(before) - before[k]
                if not before[k] or not others:
                    continue
                here = after[k] / before[k]
                there = (sum(after) - after[k]) / others
                if there:
                    out.append(("line %d ratio %s" % (i + 1, o),
                                here / there))
        rest = self.odds(self.counting(everything - {i}))
        if rest is not None:
            for k, o in enumerate(names):
                out.append(("line %d without %s" % (i + 1, o), rest[k]))

    def of_hidden(self, out, thing, final):
        kind, i, name, words = thing
        for t in range(1, self.last + 1):
            some = tuple(j for j in final if self.lines[j].last <= t)
            for what, counts in (("smoothed", final), ("filtered", some)):
                ws, sums = self.weights(counts), {}
                for w, path in zip(ws, self.paths):
                    if kind == "type":
                        v = words[path[3]["ty"][i]]
                    elif len(path[2]) >= t:
                        v = path[2][t - 1][i]
                    else:
                        continue
                    sums.setdefault(v, []).append(w)
                below = self.total([w for x in sums.values() for w in x])
                if not below:
                    continue
                for v in sorted(sums, key=str):
                    out.append(("%s %s %s %s" % (
                        what, name, self.m.periods[t - 1], v),
                        self.total(sums[v]) / below))

    def impossible(self, final):
        for k in range(len(final)):
            if not self.total(self.weights(final[:k + 1])):
                break
        at, x = final[k], self.lines[final[k]]
        held = x.first, x.last
        for t in range(1, self.last + 1):
            if held == (t, t):
                continue
            x.first = x.last = t
            self.paths = []
            self.walk()
            if self.total(self.weights(final[:k + 1])):
                return [("E071 line %d" % (at + 1), self.m.periods[t - 1])]
        return [("E071 line %d" % (at + 1), "never")]


def leaf(c):
    """What a condition is about: the first thing that it reads."""
    if not isinstance(c, tuple):
        return None
    if c and c[0] == "outcome":
        return ("outcome",)
    if c and c[0] in ("state", "reading", "letter", "deal", "nodeal", "type",
                      "benchmark", "picked", "other", "silent", "term",
                      "says"):
        return c[:2]
    for part in c[1:]:
        found = leaf(part)
        if found:
            return found
    return None


def split(text):
    parts = re.split(r"^---$\n?", text, flags=re.M)
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def expected(text):
    scenario, evidence, _ = split(text)
    return Case(scenario, evidence).numbers()


def show(value):
    return value if isinstance(value, str) else "%.17g" % float(value)


def main(argv):
    write = "--write" in argv
    bad = 0
    for path in [a for a in argv if a != "--write"]:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        scenario, evidence, held = split(text)
        lines = "".join("%s = %s\n" % (k, show(v)) for k, v in expected(text))
        if write:
            with open(path, "w", encoding="utf-8") as f:
                f.write(scenario + "---\n" + evidence + "---\n" + lines)
        elif not close(lines, held):
            print("%s: the numbers there are not these:\n%s" % (path, lines))
            bad += 1
    return 1 if bad else 0


def close(a, b):
    a, b = a.strip().split("\n"), b.strip().split("\n")
    if len(a) != len(b):
        return False
    for x, y in zip(a, b):
        (k, v), (k2, v2) = x.split(" = "), y.split(" = ")
        try:
            same = abs(float(v) - float(v2)) <= 1e-12 * (1 + abs(float(v)))
        except ValueError:
            same = v == v2
        if k != k2 or not same:
            return False
    return True


def in_thread(work):
    """Deep recursion in the game's building needs a large stack."""
    sys.setrecursionlimit(1000000)
    threading.stack_size(256 * 1024 * 1024)
    code = []
    worker = threading.Thread(target=lambda: code.append(work()))
    worker.start()
    worker.join()
    return code[0] if code else 1


if __name__ == "__main__":
    sys.exit(in_thread(lambda: main(sys.argv[1:])))
