"""A dozen games to change: some by hand, some drawn from a seed."""

import random
from fractions import Fraction


def end(outcome, *payoffs):
    return {"o": outcome, "u": list(payoffs)}


def pick(player, name, **options):
    return {"p": player, "i": name, "a": [[a, n] for a, n in options.items()]}


def nature(*branches):
    return {"c": [list(b) for b in branches]}


def border():
    """Three kinds of weather decide how costly an advance is; the guard sees
    only whether the other side moved."""
    def day(kind, cost):
        return pick(0, "column " + kind, camp=end("quiet", 0, 1), go=pick(
            1, "guard", let=end("passed", 2, -1), stop=pick(
                0, "column again " + kind,
                back=end("turned back", "-1/2", 2),
                press=end("clash", 1 - cost, -cost))))
    return nature(["fair", "1/2", day("fair", 1)],
                  ["rain", "3/10", day("rain", 2)],
                  ["snow", "1/5", day("snow", 4)])


def convoy():
    """Payments on the way: a toll, then a bargain over what is left."""
    at_gate = pick(1, "gate", wave=end("through", 3, 0), search=nature(
        ["found", "1/4", end("found", -4, 3)],
        ["clean", "3/4", end("clean", 2, -1)]))
    paid = pick(1, "gate paid", wave=end("through", 3, 0),
                search=end("insult", 1, -2))
    paid["u"] = [-1, 1]
    return pick(0, "driver", pay=paid, drive=at_gate)


def three_clerks():
    """Three players, the last of whom sees a sum and not its parts."""
    def third(total):
        return pick(2, "auditor %d" % total,
                    ask=end("asked %d" % total, 1 - total, 1 - total,
                            "3/2" if total else -1),
                    wait=end("waited %d" % total, total - Fraction(1, 4),
                             "%d/2" % total, 0))
    def second(first):
        return pick(1, "second", low=third(first), high=third(first + 1))
    return pick(0, "first", low=second(0), high=second(1))


def pennies():
    """A game of pure conflict with payoffs on the way."""
    def reply(first):
        node = pick(1, "reply", l=end("l", *((3, -3) if first else (0, 0))),
                    r=end("r", *((-1, 1) if first else (2, -2))))
        node["u"] = [Fraction(1, 3), Fraction(-1, 3)]
        return node
    return pick(0, "call", u=reply(True), d=reply(False))


def ladder():
    """Perfect information: five rungs, take turns."""
    node = end("top", 4, 3)
    for k in range(5, 0, -1):
        node = pick((k - 1) % 2, "rung %d" % k, up=node,
                    stop=end("stop %d" % k, k * 0.7 - (k % 2 == 0),
                             k * 0.6 - (k % 2)))
    return node


def drawn(seed, n_players=2, depth=3):
    """A random game of perfect recall."""
    rng = random.Random(seed)
    count = [0]

    def pays():
        return [Fraction(rng.randint(-12, 12), 4) for _ in range(n_players)]

    def grow(level, memory):
        if level == 0 or (level < depth and rng.random() < 0.15):
            count[0] += 1
            return {"o": "end %d" % (count[0] % 7), "u": pays()}
        if rng.random() < 0.15:
            width = rng.randint(2, 3)
            cuts = sorted(rng.sample(range(1, 12), width - 1))
            parts = [b - a for a, b in zip([0] + cuts, cuts + [12])]
            return {"c": [["c%d" % k, Fraction(p, 12),
                           grow(level - 1, memory)]
                          for k, p in enumerate(parts)]}
        player = (level + (rng.random() < 0.2)) % n_players
        width = 2 if rng.random() < 0.7 else 3
        # Nodes of one level, owner and own past may be told apart or not.
        name = "%d.%d %s %d%s" % (
            player, level, memory[player], width, rng.choice("  x"))
        node = {"p": player, "i": name, "a": []}
        for a in range(width):
            after = list(memory)
            after[player] += "(%s:%d)" % (name, a)
            node["a"].append(["o%d" % a, grow(level - 1, after)])
        return node

    while True:
        count[0] = 0
        tree = grow(depth, [""] * n_players)
        if "u" not in tree and len(names(tree)) >= 3:
            return tidy(tree)


def names(tree):
    stack, found = [tree], {}
    while stack:
        n = stack.pop()
        if "a" in n:
            found.setdefault(n["i"], "s%d" % (len(found) + 1))
        stack.extend(child[-1] for child in reversed(
            n.get("c", n.get("a", []))))
    return found


def tidy(tree):
    short = names(tree)
    stack = [tree]
    while stack:
        n = stack.pop()
        if "a" in n:
            n["i"] = short[n["i"]]
        stack.extend(child[-1] for child in n.get("c", n.get("a", [])))
    return tree


GAMES = {"border": border, "convoy": convoy, "three clerks": three_clerks,
         "pennies": pennies, "ladder": ladder}
GAMES.update({"drawn %d" % s: (lambda s=s: drawn(s)) for s in range(1, 5)})
GAMES.update({"drawn deep %d" % s: (lambda s=s: drawn(s, 2, 4))
              for s in (11, 12)})
GAMES.update({"drawn by three %d" % s: (lambda s=s: drawn(s, 3, 3))
              for s in (21, 22, 23)})
