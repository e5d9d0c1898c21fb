#!/usr/bin/env python3
"""Logit agent QRE of a small game tree, on the principal branch.

    tree_qre.py TREE.json LAMBDA [LAMBDA ...]      (`-` reads standard input)

TREE.json holds {"players": [...], "tree": NODE}.  A NODE is one of

    {"o": outcome, "u": [payoff of each player]}          an ending
    {"c": [[name, probability, NODE], ...]}               chance
    {"p": player, "i": information set, "a": [[action, NODE], ...]}

Outcomes are classes: several endings may share one.  Numbers may be written
as fractions ("1/6").  Nothing but the standard library is used, and nothing is
shared with the program under test.

Method.  At every information set h the log odds of action a against the
first one are y[h,a] = lambda * (Q[h,a] - Q[h,0]), with Q under Bayes' beliefs.
An information set of one node needs no unknown: its Q depends on what follows
it only, so it is filled in on the way back up the tree.  The other sets give
the unknowns y.  The curve F(y, lambda) = 0 is followed from (0, 0) by
arclength, so that a branch that folds back in lambda is followed around the
fold; each requested lambda takes the first crossing and is then polished at
fixed lambda until the residual is below 1e-12 (above lambda = 60,
where y reaches hundreds and its last bit is amplified by lambda, below
1e-12 * (lambda / 60)^2).  Derivatives are exact to
rounding (complex step), the linear algebra is a dense LU with pivoting.
"""

import cmath
import json
import math
import sys
from fractions import Fraction

RESIDUAL = 1e-12
STEP = 1e-30


class NotConverged(Exception):
    pass


def number(x):
    return float(Fraction(x)) if isinstance(x, str) else float(x)


class Tree:
    """The tree flattened: parents before children."""

    def __init__(self, description):
        self.players = len(description["players"])
        self.nodes = []
        self.sets = {}
        self._add(description["tree"])
        self.open_sets = [h for h, s in self.sets.items()
                          if len(s["nodes"]) > 1]
        self.slot = {}
        for h in self.open_sets:
            for a in range(1, len(self.sets[h]["actions"])):
                self.slot[h, a] = len(self.slot)
        self.unknowns = len(self.slot)

    def _add(self, node):
        index = len(self.nodes)
        self.nodes.append(None)
        if "u" in node:
            made = ("end", node["o"], [number(u) for u in node["u"]])
        elif "c" in node:
            made = ("chance", None,
                    [(number(p), self._add(n)) for _, p, n in node["c"]])
        else:
            actions = [a for a, _ in node["a"]]
            known = self.sets.setdefault(
                node["i"],
                {"player": node["p"], "actions": actions, "nodes": []})
            if known["actions"] != actions or known["player"] != node["p"]:
                raise ValueError("information set %s is not one" % node["i"])
            known["nodes"].append(index)
            made = ("move", node["i"], [self._add(n) for _, n in node["a"]])
        self.nodes[index] = made
        return index

    def strategies(self, y, lam):
        """Strategies (log) of all sets; the payoff table of every node."""
        log_p = {}
        for h in self.open_sets:
            count = len(self.sets[h]["actions"])
            log_p[h] = log_softmax(
                [0.0] + [y[self.slot[h, a]] for a in range(1, count)])
        value = [None] * len(self.nodes)
        for i in range(len(self.nodes) - 1, -1, -1):
            kind, name, below = self.nodes[i]
            if kind == "end":
                value[i] = below
                continue
            if kind == "chance":
                weights = [p for p, _ in below]
                below = [n for _, n in below]
            else:
                if name not in log_p:
                    owner = self.sets[name]["player"]
                    log_p[name] = log_softmax(
                        [lam * value[n][owner] for n in below])
                weights = [cmath.exp(x) for x in log_p[name]]
            value[i] = [sum(w * value[n][k] for w, n in zip(weights, below))
                        for k in range(self.players)]
        return log_p, value

    def log_reach(self, log_p):
        reach = [0.0] * len(self.nodes)
        for i, (kind, name, below) in enumerate(self.nodes):
            if kind == "chance":
                for p, n in below:
                    reach[n] = (reach[i] + math.log(p) if p > 0
                                else complex(-math.inf))
            elif kind == "move":
                for log_w, n in zip(log_p[name], below):
                    reach[n] = reach[i] + log_w
        return reach

    def residual(self, y, lam):
        """F(y, lambda); zero on the curve."""
        log_p, value = self.strategies(y, lam)
        reach = self.log_reach(log_p)
        out = [0.0] * self.unknowns
        for h in self.open_sets:
            known = self.sets[h]
            top = max(reach[n].real for n in known["nodes"])
            belief = [cmath.exp(reach[n] - top) for n in known["nodes"]]
            total = sum(belief)
            q = [sum(b * value[self.nodes[n][2][a]][known["player"]]
                     for b, n in zip(belief, known["nodes"])) / total
                 for a in range(len(known["actions"]))]
            for a in range(1, len(q)):
                k = self.slot[h, a]
                out[k] = y[k] - lam * (q[a] - q[0])
        return out

    def error(self, y, lam):
        return [complex(v).real for v in self.residual(y, lam)]

    def jacobian(self, y, lam):
        """Columns: every y, then lambda."""
        columns = []
        for k in range(self.unknowns):
            moved = [complex(v) for v in y]
            moved[k] += STEP * 1j
            columns.append([v.imag / STEP for v in
                            map(complex, self.residual(moved, lam))])
        columns.append([complex(v).imag / STEP for v in
                        self.residual(y, complex(lam, STEP))])
        return columns

    def answer(self, y, lam):
        log_p, value = self.strategies(y, lam)
        odds = {}
        for i, log_w in enumerate(self.log_reach(log_p)):
            kind, name, _ = self.nodes[i]
            if kind == "end":
                odds[name] = odds.get(name, 0.0) + math.exp(log_w.real)
        return {
            "lambda": lam,
            "residual": max([abs(v) for v in self.error(y, lam)] or [0.0]),
            "odds": odds,
            "profile": {h: {a: math.exp(x.real) for a, x in
                            zip(self.sets[h]["actions"], log_p[h])}
                        for h in self.sets},
            "value": [complex(v).real for v in value[0]],
        }


def log_softmax(x):
    top = max(complex(v).real for v in x)
    total = cmath.log(sum(cmath.exp(v - top) for v in x))
    return [v - top - total for v in x]


def solve(rows, right):
    """Dense Gaussian elimination with partial pivoting."""
    n = len(right)
    a = [list(row) + [b] for row, b in zip(rows, right)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[pivot] = a[pivot], a[k]
        if a[k][k] == 0.0:
            raise NotConverged("singular")
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            if f != 0.0:
                for j in range(k, n + 1):
                    a[i][j] -= f * a[k][j]
    x = [0.0] * n
    for k in range(n - 1, -1, -1):
        x[k] = (a[k][n] - sum(a[k][j] * x[j]
                              for j in range(k + 1, n))) / a[k][k]
    return x


def rows_of(columns):
    return [list(row) for row in zip(*columns)]


def tangent(tree, y, lam, before):
    columns = tree.jacobian(y, lam)
    rows = rows_of(columns) + [before]
    t = solve(rows, [0.0] * tree.unknowns + [1.0])
    length = math.sqrt(sum(v * v for v in t))
    return [v / length for v in t]


def correct(tree, y, lam, fixed, limit):
    """Newton steps; `fixed` = the tangent held, or None to hold lambda."""
    point, base = list(y) + [lam], list(y) + [lam]
    floor = max(1.0, (lam / 60.0) ** 2)
    for _ in range(limit):
        f = tree.error(point[:-1], point[-1])
        plane = 0.0 if fixed is None else sum(
            t * (p - b) for t, p, b in zip(fixed, point, base))
        size = max([abs(v) for v in f] + [abs(plane)])
        if size < RESIDUAL * floor / 10:
            break
        columns = tree.jacobian(point[:-1], point[-1])
        last = [0.0] * tree.unknowns + [1.0] if fixed is None else fixed
        step = solve(rows_of(columns) + [last], [-v for v in f] + [-plane])
        point = [p + s for p, s in zip(point, step)]
    size = max([abs(v) for v in tree.error(point[:-1], point[-1])] or [0.])
    if not size < RESIDUAL * floor:
        raise NotConverged("residual %g" % size)
    return point[:-1], point[-1]


def trace(description, lambdas, longest=0.25):
    """Answers at each lambda, in the order given."""
    tree = Tree(description)
    wanted = sorted(set(lambdas))
    found = {}
    if tree.unknowns == 0:
        for lam in wanted:
            found[lam] = tree.answer([], lam)
        return [found[lam] for lam in lambdas]
    y, lam = [0.0] * tree.unknowns, 0.0
    forward = [0.0] * tree.unknowns + [1.0]
    step = 0.01
    while wanted:
        if wanted[0] == 0.0:
            found[wanted.pop(0)] = tree.answer(y, 0.0)
            continue
        forward = tangent(tree, y, lam, forward)
        while True:
            try:
                guess = [v + step * t for v, t in zip(y, forward)]
                new_y, new_lam = correct(
                    tree, guess, lam + step * forward[-1], forward, 6)
                break
            except (NotConverged, OverflowError):
                step /= 2
                if step < 1e-9:
                    raise NotConverged("stuck at lambda %g" % lam)
        while wanted and new_lam >= wanted[0]:
            part = (wanted[0] - lam) / (new_lam - lam)
            start = [a + part * (b - a) for a, b in zip(y, new_y)]
            at, _ = correct(tree, start, wanted[0], None, 30)
            found[wanted[0]] = tree.answer(at, wanted[0])
            wanted.pop(0)
        y, lam = new_y, new_lam
        step = min(step * 1.5, max(longest, 0.02 * max(map(abs, y))))
    return [found[lam] for lam in lambdas]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.split("\n\n")[1].strip())
    text = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1])
    with text:
        description = json.load(text)
    for answer in trace(description, [float(x) for x in sys.argv[2:]]):
        print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
