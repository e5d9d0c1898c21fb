"""Changes of a game that leave its equilibria what they were.

Each takes a description (tests/games/efg.py) and returns a new one; names of
information sets and options are kept where they can be, so that answers are
compared by name.
"""

from fractions import Fraction

import efg


def walk(node, change):
    """Rebuilt from the leaves: `change` sees each node with its new
    children, and returns what stands in its place."""
    done, stack = {}, [(node, False)]
    while stack:
        n, ready = stack.pop()
        if not ready:
            stack.append((n, True))
            for child in below(n):
                stack.append((child, False))
            continue
        new = dict(n)
        if "c" in n:
            new["c"] = [[a, p, done[id(c)]] for a, p, c in n["c"]]
        elif "a" in n:
            new["a"] = [[a, done[id(c)]] for a, c in n["a"]]
        done[id(n)] = change(new)
    return done[id(node)]


def below(node):
    if "c" in node:
        return [c for _, _, c in node["c"]]
    if "a" in node:
        return [c for _, c in node["a"]]
    return []


def sets(tree):
    """{set: (player, [option])}"""
    found, stack = {}, [tree]
    while stack:
        n = stack.pop()
        if "a" in n:
            found[n["i"]] = n["p"], [a for a, _ in n["a"]]
        stack.extend(reversed(below(n)))
    return found


def permuted_players(tree, order):
    """Player k becomes player order[k]."""
    def pay(u):
        new = [0] * len(u)
        for k, x in enumerate(u):
            new[order[k]] = x
        return new

    def change(n):
        if "u" in n:
            n["u"] = pay(n["u"])
        if "a" in n:
            n["p"] = order[n["p"]]
        return n
    return walk(tree, change)


def reversed_options(tree):
    def change(n):
        if "a" in n:
            n["a"] = n["a"][::-1]
        elif "c" in n:
            n["c"] = n["c"][::-1]
        return n
    return walk(tree, change)


def split_chances(tree):
    """A chance node of three or more branches becomes a chain of two."""
    def change(n):
        if "c" not in n or len(n["c"]) < 3:
            return n
        chain, left = None, Fraction(0)
        for name, p, child in reversed(n["c"]):
            p = efg.exact(p)
            if chain is None:
                chain, left = child, p
                continue
            whole = left + p
            if whole == 0:
                return n
            chain = {"c": [[name, p / whole, child],
                           ["else", left / whole, chain]]}
            left = whole
        if "u" in n:
            chain["u"] = n["u"]
        return chain
    return walk(tree, change)


def doubled_chances(tree):
    """Each ending is reached by the toss of a coin that decides nothing."""
    def change(n):
        if "a" in n or "c" in n:
            return n
        return {"c": [["heads", Fraction(1, 2), n],
                      ["tails", Fraction(1, 2), dict(n)]]}
    return walk(tree, change)


def coin_first(tree):
    """A coin that nobody sees is tossed before the game."""
    return {"c": [["heads", Fraction(1, 3), tree],
                  ["tails", Fraction(2, 3), tree]]}


def affine(tree, scale, shift):
    """u -> scale[k] u + shift[k] at the endings, scale alone on the way."""
    def change(n):
        if "u" in n:
            end = not below(n)
            n["u"] = [scale[k] * efg.exact(x) + (shift[k] if end else 0)
                      for k, x in enumerate(n["u"])]
        return n
    return walk(tree, change)


def never(tree, other):
    """A branch of chance 0 into `other`."""
    return {"c": [["so it is", 1, tree], ["never", 0, other]]}


def paid_on_the_way(tree):
    """Part of what the endings pay is paid before: at each node with
    children, half of what the first ending below it pays."""
    n_players = efg.count_players(tree)

    def first(n):
        while below(n):
            n = below(n)[0]
        return n

    def down(n, owed):
        stack, out = [(n, owed, None, None)], []
        while stack:
            node, owed, parent, place = stack.pop()
            new = dict(node)
            if below(node):
                now = [efg.exact(x) / 2 for x in first(node)["u"]]
                before = [efg.exact(x) for x in
                          node.get("u", [0] * n_players)]
                new["u"] = [a + b for a, b in zip(before, now)]
                rest = [a + b for a, b in zip(owed, now)]
                if "c" in node:
                    new["c"] = [[a, p, None] for a, p, _ in node["c"]]
                else:
                    new["a"] = [[a, None] for a, _ in node["a"]]
                for k, child in enumerate(below(node)):
                    stack.append((child, rest, new, k))
            else:
                new["u"] = [efg.exact(x) - o for x, o in zip(
                    node["u"], owed)]
            if parent is None:
                out.append(new)
            else:
                parent["c" if "c" in parent else "a"][place][-1] = new
        return out[0]
    return down(tree, [Fraction(0)] * n_players)


def at_the_leaves(tree):
    """The other way round: payments on the way are made at the end."""
    n_players = efg.count_players(tree)

    def copy(node, owed):
        # Depth is that of the small games used here.
        own = [efg.exact(x) for x in node.get("u", [0] * n_players)]
        total = [a + b for a, b in zip(owed, own)]
        new = {k: v for k, v in node.items() if k != "u"}
        if "c" in node:
            new["c"] = [[a, p, copy(c, total)] for a, p, c in node["c"]]
        elif "a" in node:
            new["a"] = [[a, copy(c, total)] for a, c in node["a"]]
        else:
            new["u"] = total
        return new
    return copy(tree, [Fraction(0)] * n_players)


def doubled_option(tree, name, option):
    """A second option of the set, `option 2`, that does just the same."""
    def change(n):
        if n.get("i") == name and "a" in n:
            new = []
            for a, child in n["a"]:
                new.append([a, child])
                if a == option:
                    new.append([a + " 2", child])
            n["a"] = new
        return n
    return walk(tree, change)


def renamed(tree, prefix):
    """Other names for sets and options."""
    def change(n):
        if "a" in n:
            n["i"] = prefix + n["i"]
            n["a"] = [[prefix + a, c] for a, c in n["a"]]
        return n
    return walk(tree, change)


def single_options(tree):
    """Before each move its owner is asked something with one answer."""
    n = [0]

    def change(node):
        if "a" not in node:
            return node
        n[0] += 1
        return {"p": node["p"], "i": "before " + node["i"],
                "a": [["well", node]]}
    return walk(tree, change)


def dominated_entry(tree, player, worst):
    """At the start, `player` may step aside into a subgame that pays it
    `worst`, less than anything in the game."""
    n_players = efg.count_players(tree)
    pay = [0] * n_players
    other = (player + 1) % n_players

    def end(x, name):
        u = list(pay)
        u[player], u[other] = worst - x, x
        return {"o": name, "u": u}
    aside = {"p": other, "i": "aside", "a": [
        ["kind", end(0, "aside kind")], ["unkind", end(1, "aside unkind")]]}
    return {"p": player, "i": "entry", "a": [["play", tree],
                                             ["aside", aside]]}
