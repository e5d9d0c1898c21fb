#!/usr/bin/env python3
"""Odds of a .standoff file by brute force: the referee of the program.

usage: standoff.py FILE [--sharpness declared|NUMBER] [--json]
                   [--ask QUESTION]...

Exact fractions while nobody's sharpness is above 0, else the logit
equilibrium of the agent form, followed from sharpness 0 upward and checked.
"""

import json
import math
import sys
import threading
from fractions import Fraction

from standoff_parse import read_model
from standoff_text import StandoffError
from standoff_play import Game

TOLERANCE = 1e-12


class Solver:
    """Logit equilibrium; `forced` maps an information set to one option."""

    def __init__(self, game, sharpness, forced=None):
        self.g, self.forced = game, forced or {}
        self.sets = list(game.infosets)
        self.at = {k: i for i, k in enumerate(self.sets)}
        self.exact = not any(
            sharpness(game.m.actors[game.infosets[k][0]]) for k in self.sets)
        self.slots, self.first = 0, []
        self.scale = []
        for k in self.sets:
            a, t, options, _ = game.infosets[k]
            self.first.append(self.slots)
            self.slots += len(options)
            actor = game.m.actors[a]
            self.scale.append(float(sharpness(actor))
                              / float(actor.discount) ** (t - 1))
        self.compile()
        self.residual, self.z = 0.0, [0.0] * self.slots
        if not self.exact:
            self.follow()
        self.sigma = self.strategy()

    def compile(self):
        """The game as plain lists of floats, parents before children."""
        nodes = self.g.order
        number = {id(n): i for i, n in enumerate(nodes)}
        self.number = number
        self.plain = []
        count = len(self.g.m.actors)
        zero = (0.0,) * count
        for n in nodes:
            kids = []
            for w, kid, pay in n.kids:
                p = tuple(map(float, pay)) if pay else zero
                kids.append((float(w) if n.kind == "chance" else w,
                             number[id(kid)], p))
            info = self.at[n.info] if n.kind == "decide" else -1
            value = tuple(map(float, n.value)) if n.kind == "end" else None
            self.plain.append((n.kind, kids, info, value))

    def strategy(self, z=None):
        """Chances of the options of every information set."""
        out = []
        for i, k in enumerate(self.sets):
            n = len(self.g.infosets[k][2])
            if k in self.forced:
                o = self.g.infosets[k][2].index(self.forced[k])
                out.append([Fraction(j == o) if self.exact else float(j == o)
                            for j in range(n)])
            elif self.exact:
                out.append([Fraction(1, n)] * n)
            else:
                zs = (z or self.z)[self.first[i]:self.first[i] + n]
                top = max(zs)
                e = [math.exp(x - top) for x in zs]
                total = math.fsum(e)
                out.append([x / total for x in e])
        return out

    def image(self, z, k):
        """k x sharpness x expected payoff of every option, less the first."""
        sigma = self.strategy(z)
        nodes = self.plain
        reach = [0.0] * len(nodes)
        reach[0] = 1.0
        for i, (kind, kids, info, _) in enumerate(nodes):
            if not reach[i]:
                continue
            for j, (w, kid, _) in enumerate(kids):
                reach[kid] += reach[i] * (
                    w if kind == "chance" else sigma[info][j])
        actors = range(len(self.g.m.actors))
        value = [None] * len(nodes)
        mass = [0.0] * len(self.sets)
        q = [0.0] * self.slots
        for i in range(len(nodes) - 1, -1, -1):
            kind, kids, info, v = nodes[i]
            if kind == "end":
                value[i] = v
                continue
            total = [0.0] * len(actors)
            if kind == "decide":
                owner = self.g.infosets[self.sets[info]][0]
                mass[info] += reach[i]
            for j, (w, kid, pay) in enumerate(kids):
                p = w if kind == "chance" else sigma[info][j]
                x = value[kid]
                for a in actors:
                    total[a] += p * (x[a] + pay[a])
                if kind == "decide":
                    q[self.first[info] + j] += reach[i] * (
                        x[owner] + pay[owner])
            value[i] = total
        out = [0.0] * self.slots
        for i, key in enumerate(self.sets):
            n, f = len(self.g.infosets[key][2]), self.first[i]
            if key in self.forced or mass[i] == 0.0:
                continue
            for j in range(n):
                out[f + j] = k * self.scale[i] * (q[f + j] - q[f]) / mass[i]
        return out

    def follow(self):
        k, dk, z = 0.0, 0.25, self.z
        while k < 1.0:
            target = min(1.0, k + dk)
            found = self.settle(z, target)
            if found is None:
                dk /= 2
                if dk < 1e-5:
                    raise StandoffError("no equilibrium found at %g" % target)
                continue
            z, k = found, target
            dk *= 1.5
        self.z = z
        img = self.image(z, 1.0)
        self.residual = max([abs(a - b) for a, b in zip(z, img)] + [0.0])
        # log odds in the hundreds carry rounding of their own size
        if self.residual > TOLERANCE * (1 + max(map(abs, z), default=0.0)):
            raise StandoffError("residual %g" % self.residual)

    def settle(self, z, k):
        """Iterate while that contracts fast, else Newton."""
        goal, last = 2e-14, None
        for n in range(60):
            img = self.image(z, k)
            gap = max([abs(a - b) for a, b in zip(z, img)] + [0.0])
            size = 1 + max([abs(x) for x in img] + [0.0])
            if gap <= goal * size:
                return img
            if last is not None and n > 3 and gap > 0.8 * last:
                break
            last, z = gap, img
        return self.newton(z, k, goal)

    def newton(self, z, k, goal):
        img = self.image(z, k)
        free = [j for j in range(self.slots)
                if j not in set(self.first)]
        for _ in range(25):
            res = [z[j] - img[j] for j in free]
            gap = max([abs(x) for x in res] + [0.0])
            size = 1 + max(abs(x) for x in img)
            if gap <= 4 * goal * size:
                return img
            rows = [[0.0] * len(free) for _ in free]
            for c, j in enumerate(free):
                h = 1e-6 * (1 + abs(z[j]))
                up, down = list(z), list(z)
                up[j] += h
                down[j] -= h
                a, b = self.image(up, k), self.image(down, k)
                for r, i in enumerate(free):
                    rows[r][c] = (i == j) - (a[i] - b[i]) / (2 * h)
            step = solve_linear(rows, res)
            if step is None:
                return None
            t = 1.0
            while True:
                z2 = list(z)
                for c, j in enumerate(free):
                    z2[j] -= t * step[c]
                img2 = self.image(z2, k)
                gap2 = max(abs(z2[j] - img2[j]) for j in free)
                if gap2 < gap or gap2 <= 4 * goal * size:
                    break
                t /= 2
                if t < 1e-4:
                    return img if gap < 1e-12 else None
            z, img = z2, img2
        return None


def solve_linear(a, b):
    n = len(b)
    a = [row[:] + [x] for row, x in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(a[r][i]))
        if abs(a[p][i]) < 1e-13:
            return None
        a[i], a[p] = a[p], a[i]
        for r in range(i + 1, n):
            f = a[r][i] / a[i][i]
            if f:
                for c in range(i, n + 1):
                    a[r][c] -= f * a[i][c]
    x = [0.0] * n
    for i in range(n - 1, -1, -1):
        x[i] = (a[i][n] - sum(a[i][c] * x[c]
                              for c in range(i + 1, n))) / a[i][i]
    return x


# ---------------------------------------------------------------- questions

class Event:
    """E of a question, watched along a path at the end of every phase."""

    def __init__(self, game, event):
        self.g = game
        self.cond, self.how, self.date = event
        words = set()
        collect(self.cond, words)
        self.kind = ("outcome" if "outcome" in words
                     else "option" if words & {"picked", "other"}
                     else "reading" if "reading" in words and self.how == "in"
                     else "state")

    def true_at(self, node):
        s = node.state
        if s is None or node.done is None:
            return False
        if self.how == "in" and node.period != self.date:
            return False
        if node.period > self.date:
            return False
        if self.kind == "outcome":
            return node.kind == "end" and self.g.holds(self.cond, s)
        if self.kind == "option":
            return node.done == "3" and self.g.holds(self.cond, s)
        if self.kind == "reading":
            return node.done == "2" and any(
                cur is not None for _, cur in s["R"]) and self.g.holds(
                    self.cond, dict(s, R=tuple(
                        (c if isinstance(c, int) else None, c)
                        for _, c in s["R"])))
        if self.how == "in":
            return node.done == "9" and self.g.holds(self.cond, s)
        return self.g.holds(self.cond, s)


def collect(c, words):
    if isinstance(c, tuple):
        words.add(c[0])
        for part in c:
            collect(part, words)


class Answers:
    def __init__(self, text, sharpness):
        self.m = read_model(text)
        self.g = Game(self.m)
        self.sharpness = sharpness
        self.base = Solver(self.g, sharpness)

    def chance(self, p):
        return p if self.base.exact else float(p)

    def walk(self, solver, event, given, move=None):
        """Chances of (E, F, move was open), pushed forward in order."""
        nodes = self.g.order
        mass = [None] * len(nodes)
        mass[0] = {(False, given is None, False): self.chance(Fraction(1))}
        total = {}
        for i, n in enumerate(nodes):
            if mass[i] is None:
                continue
            here = {}
            e = event.true_at(n)
            f = given.true_at(n) if given else True
            for (a, b, c), p in mass[i].items():
                key = (a or e, b or f, c)
                here[key] = here.get(key, 0) + p
            mass[i] = None
            if n.kind == "end":
                for key, p in here.items():
                    total[key] = total.get(key, 0) + p
                continue
            for key, p in here.items():
                for key2, q, kid in self.moves(solver, n, key, p, move):
                    k = solver.number[id(kid)]
                    if mass[k] is None:
                        mass[k] = {}
                    mass[k][key2] = mass[k].get(key2, 0) + q
        return total

    def moves(self, solver, n, key, p, move):
        if n.kind == "chance":
            return [(key, p * self.chance(w), kid) for w, kid, _ in n.kids
                    if w]
        sigma = solver.sigma[solver.at[n.info]]
        if move and move[1] in (None, n.at) and not key[2]:
            forced = [kid for o, kid, _ in n.kids
                      if n.choice == move[0][0]
                      and self.g.named(n.choice, o, move[0][1])]
            if forced:
                return [(key[:2] + (True,), p, forced[0])]
        return [(key, p * sigma[j], kid)
                for j, (_, kid, _) in enumerate(n.kids) if sigma[j]]

    def answer(self, q):
        event = Event(self.g, q.event)
        given = Event(self.g, q.given) if q.given else None
        solver, move = self.base, None
        if q.move:
            move = (q.move, q.move_date)
            if q.how == "known":
                solver = Solver(self.g, self.sharpness, self.forced(move))
        total = self.walk(solver, event, given, move)
        ok = {k: p for k, p in total.items()
              if k[1] and (k[2] or move is None)}
        below = sum(ok.values())
        if not below:
            return None
        return sum(p for k, p in ok.items() if k[0]) / below

    def forced(self, move):
        """Information sets at which the move is made: where it is open for
        the first time in its period (Q7)."""
        out, open_before = {}, {id(self.g.root): {False}}
        for n in self.g.order:
            for before in open_before.get(id(n), ()):
                after = before
                if n.kind == "decide" and n.choice == move[0][0] \
                        and move[1] in (None, n.at):
                    for o in n.options:
                        if self.g.named(n.choice, o, move[0][1]):
                            if not before:
                                out.setdefault(n.info, o)
                            after = True
                            break
                for _, kid, _ in n.kids:
                    open_before.setdefault(id(kid), set()).add(after)
        return out

    def by_period(self):
        table = {}
        for name in self.m.outcomes:
            row = []
            for t in range(1, self.g.last + 1):
                e = Event(self.g, (("outcome", name), "by", t))
                row.append(sum(p for k, p in self.walk(
                    self.base, e, None).items() if k[0]))
            table[name] = row
        return table


def declared(actor):
    if actor.sharpness is None:
        raise StandoffError("actor %s states no sharpness" % actor.name)
    return actor.sharpness


def everyone(number):
    """One sharpness for all, instead of the declared ones."""
    value = Fraction(number)
    return lambda actor: value


def solve_text(text, asks=(), sharpness=declared):
    """-> (Answers, [(text, answer)]) for a file and further questions."""
    if asks:
        text = text.rstrip("\n") + "\nask\n" + "".join(
            "  %s\n" % a for a in asks)
    ans = Answers(text, sharpness)
    questions = [q for q in ans.m.asks if not q.each]
    return ans, [(q.text, ans.answer(q)) for q in questions]


def show(p):
    if p is None:
        return "no such path"
    if isinstance(p, Fraction):
        return "%s = %.15g" % (p, float(p))
    return "%.15g" % p


def main(argv):
    files, asks, mode, as_json, i = [], [], declared, False, 0
    while i < len(argv):
        if argv[i] == "--sharpness":
            i += 1
            mode = declared if argv[i] == "declared" else everyone(argv[i])
        elif argv[i] == "--ask":
            i += 1
            asks.append(argv[i])
        elif argv[i] == "--json":
            as_json = True
        else:
            files.append(argv[i])
        i += 1
    if len(files) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with open(files[0], encoding="utf-8") as f:
        text = f.read()
    try:
        ans, answers = solve_text(text, asks, mode)
    except StandoffError as e:
        print("%s: %s" % (files[0], e), file=sys.stderr)
        return 1
    table = ans.by_period()
    if as_json:
        print(json.dumps({
            "periods": ans.m.periods,
            "outcomes": [{"name": n, "by": [float(p) for p in row]}
                         for n, row in table.items()],
            "questions": [{"text": t, "answer":
                           None if p is None else float(p)}
                          for t, p in answers],
            "residual": ans.base.residual, "situations": len(ans.g.order),
            "information_sets": len(ans.g.infosets)}, indent=1))
        return 0
    for n, row in table.items():
        print(n)
        for period, p in zip(ans.m.periods, row):
            print("  by %s  %s" % (period, show(p)))
    for t, p in answers:
        print("%s\n  %s" % (t, show(p)))
    print("%d situations, %d information sets, residual %.2g" % (
        len(ans.g.order), len(ans.g.infosets), ans.base.residual))
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(1000000)
    threading.stack_size(512 * 1024 * 1024)
    code = []
    worker = threading.Thread(target=lambda: code.append(main(sys.argv[1:])))
    worker.start()
    worker.join()
    sys.exit(code[0] if code else 1)
