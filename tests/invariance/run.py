#!/usr/bin/env python3
"""Changes of a game that must not change its answer, through the program.

    run.py [GAME ...]

Each game of own.py is solved as it is and after each change of changes.py,
at a sharpness and at the Nash limit.  Quantal responses are unique along the
principal branch, and must be the same to 1e-8 by name; at the limit the odds
of the outcomes must be the same, and the changed game's answer, carried back,
must be an equilibrium of the game as it was, by the best replies of
tests/games/efg.py.  Methods that list equilibria must list the same ones.
"""

import os
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "games")]
import changes                                              # noqa: E402
import efg                                                  # noqa: E402
import own                                                  # noqa: E402
import solving                                              # noqa: E402

LAMBDA = Fraction(5, 4)
SAME = 1e-8
T = solving.Tally()


class Changed:
    """A changed game, how to ask for the same answer, and the way back."""

    def __init__(self, tree, scale=1, back=lambda name: name,
                 fold=lambda option: option, **how):
        self.tree, self.scale, self.back = tree, scale, back
        self.fold, self.how = fold, how

    def sets(self, answer):
        """By the names that the sets and options had before."""
        found = {}
        for name, options in answer.sets.items():
            into = found.setdefault(self.back(name), {})
            for option, p in options.items():
                option = self.fold(option)
                into[option] = into.get(option, 0.0) + p
        return found


def scattered(tree):
    """Numbers of sets need not be small, nor in order, nor positive."""
    return {name: 1000 - 37 * k if k % 2 else -3 * k - 1
            for k, name in enumerate(changes.sets(tree))}


def exact_changes(tree):
    """Those that keep quantal responses: [(words, Changed)]."""
    n = efg.count_players(tree)
    turn = [(k + 1) % n for k in range(n)]
    other = changes.renamed(changes.affine(tree, [-2] * n, [0] * n), "not ")
    return [
        ("other names", Changed(changes.renamed(tree, "new "),
                                back=lambda s: s[4:], fold=lambda s: s[4:])),
        ("other numbers of sets", Changed(tree, numbers=scattered(tree))),
        ("other names of players", Changed(tree, players=[
            "P%d" % (9 - k) for k in range(n)], title="no title")),
        ("players in another order",
         Changed(changes.permuted_players(tree, turn))),
        ("options in another order",
         Changed(changes.reversed_options(tree))),
        ("chances split", Changed(changes.split_chances(tree))),
        ("coins at the end", Changed(changes.doubled_chances(tree))),
        ("a coin at the start", Changed(changes.coin_first(tree))),
        ("questions with one answer", Changed(changes.single_options(tree))),
        ("payoffs doubled and moved", Changed(changes.affine(
            tree, [2] * n, [3, -5, 7][:n]), scale=2)),
        ("payoffs in another unit", Changed(changes.affine(
            tree, [Fraction(1, 1000)] * n, [0] * n), scale=Fraction(1, 1000))),
        ("paid on the way", Changed(changes.paid_on_the_way(tree))),
        ("paid at the end", Changed(changes.at_the_leaves(tree))),
        ("a branch that cannot happen", Changed(changes.never(tree, other))),
        ("the same sets where they cannot be", Changed(changes.never(
            tree, changes.affine(tree, [-2] * n, [1] * n)))),
    ]


def apart(one, other):
    """Largest difference of two {set: {option: p}} over the sets of one."""
    worst = 0.0
    for name, options in one.items():
        for option, p in options.items():
            worst = max(worst, abs(p - other[name][option]))
    return worst


def odds_apart(one, other):
    return max([abs(one.get(o, 0.0) - other.get(o, 0.0))
                for o in set(one) | set(other)] + [0.0])


def carried_back(what, base, sets):
    """Judges in the game as it was."""
    profile = {}
    for key, (label, actions, _) in base.game.sets.items():
        profile[key] = [sets[label][a] for a in actions]
    gain = max(base.judge.gain(profile, k + 1)
               for k in range(base.judge.n_players))
    T.check(gain <= 2e-8 * base.span,
            "%s: carried back, a best reply gains %g" % (what, gain))


def quantal(name, tree, base):
    for what, c in exact_changes(tree):
        lam = float(LAMBDA / c.scale)
        s = T.guard("%s: %s" % (name, what), lambda: solving.solve(
            c.tree, "--sharpness", repr(lam), **c.how))
        if s is None:
            continue
        worst = apart(base.answer.sets, c.sets(s.answer))
        T.check(worst <= SAME, "%s: %s: strategies differ by %g" % (
            name, what, worst))
        worst = odds_apart(base.answer.odds, s.answer.odds)
        T.check(worst <= SAME, "%s: %s: odds differ by %g" % (
            name, what, worst))


def nash(name, tree, base):
    n = efg.count_players(tree)
    T.check(max(base.answer.gain.values()) <= 2e-8 * base.span,
            "%s: the limit is no equilibrium" % name)
    for what, c in exact_changes(tree):
        s = T.guard("%s: %s, limit" % (name, what), lambda: solving.solve(
            c.tree, "--limit", **c.how))
        if s is None:
            continue
        worst = odds_apart(base.answer.odds, s.answer.odds)
        T.check(worst <= 1e-7, "%s: %s, limit: odds differ by %g" % (
            name, what, worst))
        carried_back("%s: %s" % (name, what), base, c.sets(s.answer))
    low = min(min(map(efg.exact, n["u"])) for n in efg.endings(tree))
    on_the_way = 10 * base.span
    for player in range(n):
        what = "player %d may step aside" % (player + 1)
        s = T.guard("%s: %s" % (name, what), lambda: solving.solve(
            changes.dominated_entry(
                tree, player, low - int(on_the_way) - 1), "--limit"))
        if s is None:
            continue
        aside = sum(p for o, p in s.answer.odds.items()
                    if o.startswith("aside"))
        T.check(aside <= 1e-9, "%s: %s: it does" % (name, what))
        carried_back("%s: %s" % (name, what), base, s.answer.sets)
    T.check(s is None or s.answer.sets["aside"]["unkind"] > 1 - 1e-9,
            "%s: play where nobody goes is no best reply" % name)


def double(name, tree, base_limit):
    """An option written twice.  Quantal responses count it twice: each copy
    is picked as often as any option of its worth, so the pair gains.  At the
    limit only the sum counts."""
    for chosen in list(changes.sets(tree).items())[:3]:
        of, (_, options) = chosen
        what = "%s: %s of %s written twice" % (name, options[0], of)
        twice = changes.doubled_option(tree, of, options[0])
        s = T.guard(what, solving.solve, twice, "--sharpness",
                    repr(float(LAMBDA)))
        if s is not None:
            p = s.answer.sets[of]
            T.near(what + ": copies differ", p[options[0] + " 2"],
                   p[options[0]], SAME)
        s = T.guard(what, solving.solve, twice, "--limit")
        if s is not None:
            c = Changed(twice, fold=lambda o: o[:-2] if o.endswith(" 2")
                        else o)
            carried_back(what, base_limit, c.sets(s.answer))


def one_of_three():
    """Two copies of one option against another of the same worth."""
    tree = own.pick(0, "s", a=own.end("x", 1), b=own.end("y", 1))
    for lam in (0.5, 20):
        s = solving.solve(changes.doubled_option(tree, "s", "a"),
                          "--sharpness", lam).answer
        T.near("a copied option is picked as two", s.odds["x"], 2 / 3, 1e-12)
    s = solving.solve(tree, "--sharpness", 3).answer
    T.near("once it is picked as one", s.odds["x"], 1 / 2, 1e-12)


def signature(points, c):
    """What a list of equilibria says of outcomes, in an order of its own."""
    return sorted(tuple(round(p.odds.get(o, 0.0), 7) + 0.0
                        for o in sorted(c)) for p in points)


def lists(name, tree, method):
    """Pure equilibria, and all of two players: the same list whatever the
    names, the order, and each player's unit of payoff."""
    n = efg.count_players(tree)
    base = T.guard("%s: %s" % (name, method), solving.solve, tree,
                   "--method", method)
    if base is None:
        return
    outcomes = {e["o"] for e in efg.endings(tree)}
    wanted = set(signature(base.equilibria, outcomes))
    turn = [(k + 1) % n for k in range(n)]
    for what, changed in (
            ("players in another order",
             changes.permuted_players(tree, turn)),
            ("options in another order", changes.reversed_options(tree)),
            ("each in its own unit", changes.affine(
                tree, [2, Fraction(1, 3), 5][:n], [1, -1, 0][:n])),
            ("paid on the way", changes.paid_on_the_way(tree)),
            ("chances split", changes.split_chances(tree)),
            ("a branch that cannot happen", changes.never(
                tree, {"o": "never", "u": [100] * n}))):
        s = T.guard("%s: %s, %s" % (name, what, method), solving.solve,
                    changed, "--method", method)
        if s is None:
            continue
        T.check(set(signature(s.equilibria, outcomes)) == wanted,
                "%s: %s: another list by %s (%d for %d)" % (
                    name, what, method, len(s.equilibria),
                    len(base.equilibria)))
    for k, p in enumerate(base.equilibria):
        T.check(max(p.gain.values()) <= 2e-8 * base.span,
                "%s: %s number %d is no equilibrium" % (name, method, k + 1))


def value_of_conflict():
    """The value of a zero-sum game, by the linear program."""
    tree = own.pennies()
    value = solving.solve(tree, "--method", "lp").answer.value[0]
    # 1/3 on the way, and (3, -1), (0, 2): both mix, worth 1.
    T.near("value by hand", value, 4 / 3, 1e-9)
    for what, changed, worth in (
            ("options turned", changes.reversed_options(tree), value),
            ("players turned", changes.permuted_players(tree, [1, 0]),
             -value),
            ("scaled", changes.affine(tree, [3, 3], [0, 0]), 3 * value),
            ("moved", changes.affine(tree, [1, 1], [2, -2]), value + 2),
            ("constant sum", changes.affine(tree, [1, 1], [2, 5]),
             value + 2),
            ("paid at the end", changes.at_the_leaves(tree), value),
            ("a coin", changes.coin_first(tree), value)):
        s = T.guard(what, solving.solve, changed, "--method", "lp")
        if s is not None:
            T.near("value, " + what, s.answer.value[0], worth, 1e-9)


def main():
    wanted = sys.argv[1:]
    for name, make in own.GAMES.items():
        if wanted and name not in wanted:
            continue
        tree = make()
        base = T.guard(name, solving.solve, tree, "--sharpness",
                       repr(float(LAMBDA)))
        if base is not None:
            quantal(name, tree, base)
        limit = T.guard(name, solving.solve, tree, "--limit")
        if limit is not None:
            nash(name, tree, limit)
            double(name, tree, limit)
        lists(name, tree, "pure")
        if efg.count_players(tree) == 2 and "deep" not in name:
            lists(name, tree, "enumerate")
    if not wanted:
        T.guard("copies", one_of_three)
        T.guard("value", value_of_conflict)
    return T.end()


if __name__ == "__main__":
    sys.exit(main())
