"""Gambit's .efg files, and what strategies are worth in them.

    read(text)       -> Game: its own small reader
    write(tree, ...) -> text, from a description (see below)
    Judge(game)      -> payoffs, odds, beliefs, regrets and best replies of
                        a profile, and how far it is from a logit equilibrium

Nothing here is shared with the program under test, and nothing but the
standard library is used: numbers are read as fractions, sweeps are plain
loops over the nodes, beliefs come from sums of logarithms.

A description is a node:

    {"o": outcome, "u": [payoff of each player]}          an ending
    {"c": [[name, chance, NODE], ...]}                    nature moves
    {"p": player, "i": information set, "a": [[option, NODE], ...]}

players counted from 0.  Endings may share an outcome and differ in payoffs.  A
node that is no ending may carry "u" too: payoffs on the way.  Numbers are
ints, floats (taken as the decimals they print) or text such as "1/6".

A profile maps (player, information set), both as in the file, to the list
of its options' probabilities.
"""

import math
import re
from fractions import Fraction

ABSENT, IMPERFECT, PERFECT = "absent-minded", "imperfect", "perfect"


class Malformed(Exception):
    pass


def exact(number):
    if isinstance(number, float):
        return Fraction(repr(number))
    return Fraction(number)


# ------------------------------------------------------------------ writing

def quoted(label):
    return '"%s"' % str(label).replace('"', '\\"')


def plain(number):
    """The shortest way to write a number that reads back as the same."""
    value = exact(number)
    if isinstance(number, float) and "e" not in repr(number):
        return repr(number)
    return str(value)


def endings(node):
    stack, found = [node], []
    while stack:
        n = stack.pop()
        if "c" in n:
            stack.extend(child for _, _, child in n["c"])
        elif "a" in n:
            stack.extend(child for _, child in n["a"])
        else:
            found.append(n)
    return found


def count_players(node):
    return max(len(n["u"]) for n in endings(node))


def write(tree, title="a game", players=None, numbers=None, comment=None,
          actions=None):
    """-> text.  `numbers`: {information set: number}, else in order of
    appearance for each player; outcomes with the same name and other payoffs
    become outcomes of their own with the same label."""
    n_players = count_players(tree)
    players = players or ["Player %d" % (i + 1) for i in range(n_players)]
    lines = ["EFG 2 R %s { %s }" % (
        quoted(title), " ".join(quoted(p) for p in players))]
    if comment is not None:
        lines.append(quoted(comment))
    sets, next_set, outcomes, labels = {}, {}, {}, {}
    chances = [0]

    def outcome(node):
        if "u" not in node:
            return "0"
        key = (node.get("o"), tuple(exact(u) for u in node["u"]))
        known = key in outcomes
        number = outcomes.setdefault(key, len(outcomes) + 1)
        if known:
            return str(number)
        return "%d %s { %s }" % (
            number, quoted(node.get("o", "on the way %d" % number)),
            ", ".join(plain(u) for u in node["u"]))

    stack = [tree]
    while stack:
        node = stack.pop()
        if "c" in node:
            chances[0] += 1
            lines.append('c "" %d "" { %s } %s' % (
                chances[0], " ".join(
                    "%s %s" % (quoted(name), plain(p))
                    for name, p, _ in node["c"]), outcome(node)))
            stack.extend(child for _, _, child in reversed(node["c"]))
        elif "a" in node:
            name, player = node["i"], node["p"]
            options = [a for a, _ in node["a"]]
            if name not in sets:
                next_set[player] = next_set.get(player, 0) + 1
                number = (numbers or {}).get(name, next_set[player])
                sets[name] = (player, number, options)
                body = " %s { %s }" % (
                    quoted(name), " ".join(quoted(a) for a in options))
            else:
                body = ""
                if sets[name][0] != player or sets[name][2] != options:
                    raise ValueError("%s is not one set" % name)
            number = sets[name][1]
            if labels.setdefault((player, number), name) != name:
                raise ValueError("%s and %s share a number" % (
                    name, labels[player, number]))
            lines.append('p "" %d %d%s %s' % (
                player + 1, number, body, outcome(node)))
            stack.extend(child for _, child in reversed(node["a"]))
        else:
            lines.append('t "" %s' % outcome(node))
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------ reading

TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([{},])|([^\s"{},]+))', re.S)


class Node:
    __slots__ = ("kind", "player", "set", "chance", "children", "pay",
                 "outcome", "parent")

    def __init__(self, kind, parent):
        self.kind, self.parent = kind, parent
        self.player = self.set = self.chance = self.pay = None
        self.outcome = None
        self.children = []


class Game:
    """nodes in the order of the file; sets: {(player, number): (label,
    [option], [node])}, by player, then in order of appearance."""

    def __init__(self):
        self.title, self.players, self.comment = "", [], None
        self.nodes, self.sets = [], {}


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def peek(self):
        m = TOKEN.match(self.text, self.at)
        if not m:
            if self.text[self.at:].strip():
                raise Malformed(self.text[self.at:self.at + 20])
            return None, None, self.at
        for kind, value in zip(("text", "sign", "word"), m.groups()):
            if value is not None:
                return kind, value, m.end()

    def take(self, kind=None, value=None):
        got, what, self.at = self.peek()
        if got is None or (kind and got != kind) or (value and what != value):
            raise Malformed("wanted %s, got %s" % (value or kind, what))
        return what.replace('\\"', '"') if got == "text" else what

    def more(self, kind, value=None):
        got, what, _ = self.peek()
        return got == kind and (value is None or what == value)

    def pays(self):
        found = []
        self.take("sign", "{")
        while not self.more("sign", "}"):
            if self.more("sign", ","):
                self.take()
            else:
                found.append(Fraction(self.take("word")))
        self.take()
        return found


def read(text):
    r, game = Reader(text), Game()
    r.take("word", "EFG")
    r.take("word", "2")
    r.take("word")
    game.title = r.take("text")
    r.take("sign", "{")
    while not r.more("sign", "}"):
        game.players.append(r.take("text"))
    r.take()
    if r.more("text"):
        game.comment = r.take()
    outcomes, chances, sets = {}, {}, {}
    open_children = []      # [node, children still to come]
    while True:
        while open_children and not open_children[-1][1]:
            open_children.pop()
        if game.nodes and not open_children:
            break
        kind = r.take("word")
        parent = open_children[-1][0] if open_children else None
        node = Node(kind, parent)
        index = len(game.nodes)
        game.nodes.append(node)
        if parent is not None:
            game.nodes[parent].children.append(index)
            open_children[-1][1] -= 1
        r.take("text")
        width = 0
        if kind == "c":
            number = int(r.take("word"))
            if r.more("text"):
                r.take()
                r.take("sign", "{")
                chances[number] = []
                while not r.more("sign", "}"):
                    r.take("text")
                    chances[number].append(Fraction(r.take("word")))
                r.take()
            node.chance = chances[number]
            width = len(node.chance)
        elif kind == "p":
            node.player = int(r.take("word"))
            key = node.player, int(r.take("word"))
            if r.more("text"):
                label = r.take()
                actions = []
                r.take("sign", "{")
                while not r.more("sign", "}"):
                    actions.append(r.take("text"))
                r.take()
                sets.setdefault(key, (label, actions, []))
            node.set = key
            sets[key][2].append(index)
            width = len(sets[key][1])
        elif kind != "t":
            raise Malformed(kind)
        number = r.take("word")
        if r.more("text"):
            label = r.take()
            outcomes[number] = label, r.pays()
        if int(number) != 0:
            node.outcome, node.pay = outcomes[number]
        open_children.append([index, width])
    if r.peek()[0] is not None:
        raise Malformed("text after the tree")
    game.sets = {k: sets[k] for k in sorted(
        sets, key=lambda k: (k[0], sets[k][2][0]))}
    return game


# ------------------------------------------------------------------ judging

class Judged:
    """value [player], odds {outcome: p}, reach and belief of nodes, q
    {set: [payoff of each option], or None}, regret {set: most that another
    option adds there, given that it is reached}; a set that no path reaches
    has beliefs only if it is one node."""


class Judge:
    def __init__(self, game):
        self.game = game
        self.n_players = len(game.players)
        self.pay = [[float(x) for x in n.pay] if n.pay else
                    [0.0] * self.n_players for n in game.nodes]
        self.owner = [n.player - 1 if n.kind == "p" else None
                      for n in game.nodes]

    def weights(self, profile):
        """{node: probabilities of its children}, as lists."""
        found = []
        for n in self.game.nodes:
            if n.kind == "c":
                found.append([float(x) for x in n.chance])
            elif n.kind == "p":
                found.append(profile[n.set])
            else:
                found.append([])
        return found

    def run(self, profile):
        nodes, out = self.game.nodes, Judged()
        weight = self.weights(profile)
        log_reach = [0.0] * len(nodes)
        for i, n in enumerate(nodes):
            for w, c in zip(weight[i], n.children):
                log_reach[c] = log_reach[i] + (
                    math.log(w) if w > 0.0 else -math.inf)
        below = [None] * len(nodes)     # payoffs from here on
        for i in range(len(nodes) - 1, -1, -1):
            below[i] = list(self.pay[i])
            for w, c in zip(weight[i], nodes[i].children):
                for k in range(self.n_players):
                    below[i][k] += w * below[c][k]
        out.value = below[0]
        out.reach = [math.exp(x) for x in log_reach]
        out.odds = {}
        for i, n in enumerate(nodes):
            if n.kind == "t":
                out.odds[n.outcome] = out.odds.get(
                    n.outcome, 0.0) + out.reach[i]
        out.q, out.regret, out.set_reach = {}, {}, {}
        for key, (_, options, members) in self.game.sets.items():
            top = max(log_reach[i] for i in members)
            out.set_reach[key] = sum(out.reach[i] for i in members)
            if top > -math.inf:
                belief = [math.exp(log_reach[i] - top) for i in members]
            elif len(members) == 1:
                belief = [1.0]
            else:
                out.q[key] = out.regret[key] = None
                continue
            total, k = math.fsum(belief), key[0] - 1
            q = [math.fsum(b * below[nodes[i].children[a]][k]
                           for b, i in zip(belief, members)) / total
                 for a in range(len(options))]
            out.q[key] = q
            out.regret[key] = max(q) - math.fsum(
                p * x for p, x in zip(profile[key], q))
        return out

    def residual(self, profile, lam, judged=None):
        """Largest |log odds - lam (Q - Q')| over options of a set."""
        judged, worst = judged or self.run(profile), 0.0
        for key, p in profile.items():
            q = judged.q[key]
            if q is None or min(p) <= 0.0:
                continue
            z = [math.log(x) - lam * v for x, v in zip(p, q)]
            worst = max(worst, max(z) - min(z))
        return worst

    def gain(self, profile, player):
        """What the best reply of a player (from 1) adds to its payoff; the
        player must have perfect recall."""
        nodes, weight = self.game.nodes, self.weights(profile)
        others = [1.0] * len(nodes)     # chance of the others' moves to here
        for i, n in enumerate(nodes):
            for w, c in zip(weight[i], n.children):
                others[c] = others[i] * (1.0 if n.player == player else w)
        best, value = {}, {}
        # Perfect recall: what a set's options are worth depends only on
        # the player's later sets.  An explicit stack settles these first.
        stack = [0]
        while stack:
            i = stack[-1]
            n = nodes[i]
            if i in value:
                stack.pop()
                continue
            if n.player == player and n.kind == "p" and n.set not in best:
                members = self.game.sets[n.set][2]
                missing = [c for m in members for c in nodes[m].children
                           if c not in value]
                if missing:
                    stack.extend(missing)
                    continue
                q = [math.fsum(others[m] * value[nodes[m].children[a]]
                               for m in members)
                     for a in range(len(n.children))]
                best[n.set] = q.index(max(q))
            missing = [c for c in n.children if c not in value]
            if missing:
                stack.extend(missing)
                continue
            v = self.pay[i][player - 1]
            if n.kind == "p" and n.player == player:
                v += value[n.children[best[n.set]]]
            else:
                v += math.fsum(w * value[c]
                               for w, c in zip(weight[i], n.children))
            value[i] = v
            stack.pop()
        return value[0] - self.run(profile).value[player - 1]

    def recall(self, player):
        """ABSENT, IMPERFECT or PERFECT."""
        nodes, kind = self.game.nodes, PERFECT
        memory = [None] * len(nodes)
        memory[0] = ()
        for i, n in enumerate(nodes):
            for a, c in enumerate(n.children):
                memory[c] = memory[i] + ((n.set, a),) \
                    if n.player == player and n.kind == "p" else memory[i]
        for key, (_, _, members) in self.game.sets.items():
            if key[0] != player:
                continue
            if any(key in (s for s, _ in memory[i]) for i in members):
                return ABSENT
            if len({memory[i] for i in members}) > 1:
                kind = IMPERFECT
        return kind

    def span(self):
        """Largest less smallest payoff over endings and players."""
        total, seen = [None] * len(self.game.nodes), []
        for i, n in enumerate(self.game.nodes):
            above = total[n.parent] if n.parent is not None else [
                0.0] * self.n_players
            total[i] = [a + b for a, b in zip(above, self.pay[i])]
            if n.kind == "t":
                seen.extend(total[i])
        return max(seen) - min(seen) if seen else 0.0
