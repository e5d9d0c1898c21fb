#!/usr/bin/env python3
"""Equilibria of the canonical models: values, odds and all that are listed,
found by `demarche solve` on their trees, and judged by tests/games/efg.py.

    test_equilibria.py [MODEL ...]

The sources of the numbers stand with each.  Where a textbook equilibrium lets
a player accept when indifferent, the tree sweetens the offer by a small E, and
what that costs is taken off the expectation: the equilibrium of the
sweetened game is strict, and its value is linear in E.
"""

import math
import os
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "games")]
import solving                                              # noqa: E402
import trees                                                # noqa: E402
from solving import solve                                   # noqa: E402

T = solving.Tally()
NASH = 1e-9     # what a Nash equilibrium's numbers may be off by
E = Fraction(1, 1000)


def build(name, **settings):
    return trees.BUILDERS[name](**settings)


def is_equilibrium(what, solution, point):
    """Nash by the judge's own best replies."""
    worst = max(point.gain.values())
    return T.check(worst <= 2e-8 * solution.span,
                   "%s: a best reply gains %g" % (what, worst))


def limit(what, tree, *words):
    s = solve(tree, "--limit", *words)
    is_equilibrium(what, s, s.answer)
    return s.answer


def listed(what, tree, *words):
    """Everything that a search lists; all of it must be equilibria."""
    s = solve(tree, *words)
    T.check(s.equilibria, "%s: nothing is listed" % what)
    for k, point in enumerate(s.equilibria):
        is_equilibrium("%s, number %d" % (what, k + 1), s, point)
    return s.equilibria


def matching(points, tolerance=NASH, **wanted):
    """Those in which each set (`_` stands for a space) plays as given."""
    def fits(point):
        for name, options in wanted.items():
            played = point.sets[name.replace("_", " ")]
            for option, p in options.items():
                lo, hi = p if isinstance(p, tuple) else (p, p)
                if not lo - tolerance <= played[option] <= hi + tolerance:
                    return False
        return True
    return [p for p in points if fits(p)]


# ---------------------------------------------------------------- bargaining

def fearon_two_types():
    """Fearon, International Organization 49 (1995): the risky demand."""
    a = limit("even odds", build("fearon_two_types"))
    T.near("value to the proposer", a.value[0], 0.595, NASH)
    T.near("war", a.odds.get("war", 0.0), 0.5, NASH)
    T.near("the large deal", a.odds["deal_79"], 0.5, NASH)
    b = limit("30 %", build("fearon_two_types", high=0.3))
    T.near("value of the safe demand", b.value[0], 0.54, NASH)
    T.near("war after it", b.odds.get("war", 0.0), 0.0, 1e-12)
    # The risky demand is worth what is linear in the prior, the safe one .54.
    c = limit("40 %", build("fearon_two_types", high=0.4))
    slope = (a.value[0] - c.value[0]) / 0.1
    T.near("prior of indifference", 0.4 - (c.value[0] - b.value[0]) / slope,
           14 / 39, NASH)
    # The second Nash equilibrium rests on a threat that nobody would carry out.
    found = listed("search", build("fearon_two_types"), "--search", 60,
                   "--limit")
    good = matching(found, a={"1": 1}, b_low_79={"fight": 1})
    T.check(any(p.credible for p in good), "the perfect one is not listed")
    for p in found:
        if p.sets["a"]["0"] > 0.5:
            T.check(p.credible is False, "a bluff is called credible")


def uniform_cost(types, sweet):
    """A menu at the types' limits, sweetened by `sweet` of the pie.  Written
    line by line: there are many."""
    bound = [Fraction(2 * k + 1, 5 * types) for k in range(types)]
    half, known = Fraction(1, 2), set()

    def end(number, label, a, b):
        if number in known:
            return 't "" %d' % number
        known.add(number)
        return 't "" %d "%s" { %s %s }' % (number, label, a, b)

    lines = ['EFG 2 R "uniform costs" { "A" "B" }', 'c "" 1 "" { %s } 0' % (
        " ".join('"%d" 1/%d' % (k, types) for k in range(types)))]
    menu = ' "a" { %s }' % " ".join('"%d"' % d for d in range(types))
    for k in range(types):
        lines.append('p "" 1 1%s 0' % ("" if k else menu))
        for d in range(types):
            lines.append('p "" 2 %d "b %d %d" { "accept" "fight" } 0' % (
                k * types + d + 1, k, d))
            lines.append(end(d + 1, "settled", half + bound[d] - sweet,
                             half - bound[d] + sweet))
            lines.append(end(types + k + 1, "war", Fraction(2, 5),
                             half - bound[k]))
    return "\n".join(lines) + "\n"


def fearon_uniform_cost():
    """Fearon (1995), costs uniform on [0, 0.4]; the closed forms by
    extrapolation over the number of types, in which they are linear."""
    values, demands = {}, {}
    wanted = {4: (0.5875, 0.25), 8: (0.571875, 0.375),
              16: (0.5640625, 0.375), 64: (0.558203125, 0.375),
              256: (0.55673828125, 0.375)}
    for n, (value, war) in wanted.items():
        if n > 16 and solving.SLOW:
            continue
        # Finer menus bear less sweetening before another demand is best.
        sweet = Fraction(1, 10 * n * n)
        what = "%d types" % n
        if n <= 64:
            a = T.guard(what, limit, what, uniform_cost(n, sweet))
        else:
            a = T.guard(what, solving.Told, uniform_cost(n, sweet),
                        ("--limit",))
        if a is None:
            continue
        T.check(max(a.gain.values()) <= 1e-8, what + ": no equilibrium")
        settled = a.odds["settled"]
        values[n] = a.value[0] + float(sweet) * settled
        demands[n] = 0.5 + 0.4 * (2 * int(max(
            a.sets["a"], key=a.sets["a"].get)) + 1) / (2 * n)
        T.near("%d types: value" % n, values[n], value, NASH)
        T.near("%d types: war" % n, a.odds.get("war", 0.0), war, NASH)
    T.near("value, costs uniform", 2 * values[16] - values[8], 0.55625, NASH)
    T.near("demand, costs uniform", 2 * demands[16] - demands[8], 0.65, NASH)
    found = listed("pure", uniform_cost(4, 0), "--method", "pure")
    T.check(any(abs(p.value[0] - 0.5875) < NASH and
                abs(p.odds.get("war", 0.0) - 0.25) < NASH for p in found),
            "4 types: accepting when indifferent is not among the pure ones")


def powell_shifting_power():
    """Powell, International Organization 60 (2006): war as a commitment
    problem."""
    a = limit("0.7", build("powell_shifting_power"))
    T.near("preventive war at 0.7", a.odds["preventive_war"], 1.0, NASH)
    T.near("value at 0.7", a.value[0], 1.23, NASH)
    b = limit("0.8", build("powell_shifting_power", p_now=0.8))
    slope = (b.value[0] - a.value[0]) / 0.1
    # All that the rising side can give in peace is 1 + 0.9 * 0.1.
    T.near("strength at which no offer will do",
           0.7 - (a.value[0] - 1.09) / slope, 119 / 190, NASH)
    for side, outcome in ((1, "preventive_war"), (-1, "peace")):
        near_it = build("powell_shifting_power", p_now=119 / 190 + side * 1e-3)
        sweeten(near_it)
        c = limit("beside it", near_it)
        T.near("%s beside it" % outcome, c.odds.get(outcome, 0.0), 1.0, NASH)
    c = build("powell_shifting_power", p_now=0.6)
    sweeten(c)
    c = limit("0.6, sweetened", c)
    T.near("peace at 0.6", c.odds["peace"], 1.0, NASH)
    T.near("value at 0.6", c.value[0] - 0.9 * 1e-3, 1.05, NASH)


def sweeten(node):
    """Later offers of 0.1 become 0.101."""
    for name, child in node.get("a", []):
        if node.get("i", "").startswith("b later") and name == "0.1":
            end = dict(child["a"])["accept"]
            end["u"] = [end["u"][0] + 0.9 * 1e-3, end["u"][1] - 0.9 * 1e-3]
        sweeten(child)


def alternating(rounds, first, second, sweet):
    """Rubinstein's offers (Econometrica 50, 1982), each proposer choosing
    between the responder's reservation value plus `sweet` and giving less or
    more.  Payoffs as seen from the start; discounts first and second."""
    patience = [Fraction(first), Fraction(second)]
    keeps = [Fraction(1)] * (rounds + 2)     # proposer's share, of that round
    gives = [Fraction(0)] * (rounds + 2)
    for t in range(rounds, 0, -1):
        responder = t % 2                    # round 1: player 0 proposes
        later = patience[responder] * keeps[t + 1] if t < rounds else 0
        gives[t] = later + sweet
        keeps[t] = 1 - gives[t]

    def at(t, history):
        if t > rounds:
            return trees.end("no deal", 0, 0)
        proposer, responder = (t - 1) % 2, t % 2

        def reply(k, share):
            pay = [0, 0]
            pay[proposer] = (1 - share) * patience[proposer] ** (t - 1)
            pay[responder] = share * patience[responder] ** (t - 1)
            return trees.move(responder, "reply %s%d" % (history, k),
                              take=trees.end("deal %d" % t, *pay),
                              refuse=at(t + 1, history + str(k)))
        return trees.choose(proposer, "offer " + history, [
            [str(k), reply(k, s)] for k, s in enumerate(
                (gives[t], gives[t] - 2 * sweet, (1 + gives[t]) / 2))])
    return at(1, "o"), float(keeps[1])


def rubinstein_two_rounds():
    """Rubinstein (1982); Stahl (1972) for the finite horizon."""
    shares = {}
    for rounds, wanted in ((1, 1.0), (2, 0.1), (3, 0.91), (4, 0.181),
                           (5, 0.8371)):
        tree, share = alternating(rounds, "0.9", "0.9", E)
        a = limit("%d rounds" % rounds, tree)
        T.near("%d rounds: the sweetened share" % rounds, a.value[0], share,
               NASH)
        T.near("%d rounds: a deal at once" % rounds, a.odds["deal 1"], 1.0,
               NASH)
        # Sweetening costs E (1 - d + d^2 - ...).
        cost = float(E) * sum((-0.9) ** k for k in range(rounds))
        shares[rounds] = a.value[0] + cost
        T.near("%d rounds: share" % rounds, shares[rounds], wanted, NASH)
    T.near("no horizon", (0.9 * shares[4] + shares[5]) / 1.9, 1 / 1.9, NASH)
    short = {}
    for rounds in (3, 5):
        tree, _ = alternating(rounds, "0.9", "0.8", E)
        a = limit("0.9 and 0.8, %d" % rounds, tree)
        cost, weight = 0.0, 1.0
        for k in range(rounds):
            cost += float(E) * weight
            weight *= -(0.8, 0.9)[k % 2]
        short[rounds] = a.value[0] + cost
    T.near("0.9 and 0.8, five rounds", short[5], 0.8624, NASH)
    T.near("0.9 and 0.8, no horizon",
           (short[5] - 0.72 * short[3]) / (1 - 0.72), 5 / 7, NASH)
    # Offers in tenths, each with a bit more for who is asked.
    tree = build("rubinstein_two_rounds")
    for offer, reply in tree["a"]:
        shift(dict(reply["a"])["take_it"], 1, 1e-3)
        for _, answer in dict(reply["a"])["refuse"]["a"]:
            shift(dict(answer["a"])["take_it"], 0, 0.9 * 1e-3)
    a = limit("tenths", tree)
    T.near("tenths: value", a.value[0] + 1e-3, 0.1, NASH)
    for lam, value, first, none in (
            (3, 0.394517816, 0.515666512, 0.1397331298),
            (10, 0.2650175284, 0.3949681705, 0.08898641093),
            (40, 0.1377568516, 0.4627308594, 0.01344019377)):
        a = solve(build("rubinstein_two_rounds"), "--sharpness", lam).answer
        T.near("sharpness %d: value" % lam, a.value[0], value, 1e-8)
        T.near("sharpness %d: first round" % lam, a.odds["deal_round1"],
               first, 1e-8)
        T.near("sharpness %d: no deal" % lam, a.odds["no_deal"], none, 1e-8)


def shift(end, to, amount):
    end["u"] = [u + (amount if k == to else -amount)
                for k, u in enumerate(end["u"])]


# ----------------------------------------------------- threats and inspection

def schultz_audience_cost():
    """After Schultz, International Organization 53 (1999)."""
    for what, a in (
            ("limit", limit("limit", build("schultz_audience_cost"))),
            ("enumerate", [p for p in listed(
                "enumerate", build("schultz_audience_cost"),
                "--method", "enumerate") if p.credible][0])):
        T.near(what + ": bluff", a.sets["a irresolute"]["challenge"], 3 / 7,
               NASH)
        T.near(what + ": concede", a.sets["b"]["concede"], 1 / 3, NASH)
        T.near(what + ": posterior", 0.3 * a.sets["a resolute"]["challenge"]
               / (0.3 * a.sets["a resolute"]["challenge"]
                  + 0.7 * a.sets["a irresolute"]["challenge"]), 0.5, NASH)
        for outcome, odds in (("war", 0.2), ("backdown", 0.2),
                              ("concession", 0.2), ("status_quo", 0.4)):
            T.near("%s: %s" % (what, outcome), a.odds[outcome], odds, NASH)
    found = listed("search", build("schultz_audience_cost"), "--limit",
                   "--search", 60)
    T.check(any(p.credible and abs(p.odds["war"] - 0.2) < NASH
                for p in found), "the bluffing one is not listed")


def schelling_chance():
    """Schelling (1960): the threat that leaves something to chance.  Payoffs
    are linear in the risk; the window's ends are where they cross."""
    def worth(**settings):
        a = limit("%r" % settings, build("schelling_chance", **settings))
        return a.odds["reversed"] + a.odds["disaster"], a.value
    ran_5, five = worth(risk=0.05)
    ran_9, nine = worth(risk=0.09)
    T.near("the risk is run", ran_5 * ran_9, 1.0, NASH)
    slope = [(y - x) / 0.04 for x, y in zip(five, nine)]
    T.near("who is deterred", 0.05 - five[1] / slope[1], 1 / 9, 1e-12)
    T.near("who runs it", 0.05 + (-1 - five[0]) / slope[0], 1 / 6, 1e-12)
    five, eight = (worth(risk=r, cost_defender=-10.0)[1][0]
                   for r in (0.05, 0.08))
    T.near("who runs it at 10", 0.05 + (-1 - five) / ((eight - five) / 0.03),
           1 / 10, 1e-12)
    for risk, outcome in ((1 / 9 + 1e-3, "deterred"),
                          (1 / 6 - 1e-3, "deterred"),
                          (1 / 6 + 1e-3, "tolerated")):
        a = limit("at %g" % risk, build(
            "schelling_chance", risk=round(risk, 6)))
        T.near("at %g: %s" % (risk, outcome), a.odds[outcome], 1.0, NASH)


def inspections(periods, left):
    """Dresher (RAND RM-2972, 1962): one violation, inspections are seen."""
    def period(t, left, seen):
        if t > periods:
            return trees.end("legal", 0, 0)

        def conduct(visited, after):
            caught = trees.end("detected", 1, -1)
            free = trees.end("undetected", -1, 1)
            return trees.move(1, "inspectee %s" % seen,
                              comply=period(t + 1, left - visited, after),
                              violate=caught if visited else free)
        if left == 0:
            return conduct(0, seen + "-")
        return trees.move(0, "inspector %s" % seen,
                          keep=conduct(0, seen + "-"),
                          inspect=conduct(1, seen + "i"))
    return period(1, left, "s")


def dresher_inspection():
    """von Stengel, Mathematics of Operations Research 41 (2016): the value is
    -C(n-1, m) / sum of C(n, i), i to m."""
    for n, m, value in ((2, 1, -1 / 3), (3, 1, -1 / 2), (3, 2, -1 / 7),
                        (4, 1, -3 / 5), (4, 2, -3 / 11), (5, 2, -3 / 8),
                        (6, 3, -5 / 21), (8, 3, -35 / 93),
                        (10, 4, -63 / 193), (12, 5, -231 / 793)):
        if n > 8 and solving.SLOW:
            continue
        tree = inspections(n, m)
        s = T.guard("%d, %d" % (n, m), solve, tree, "--method", "lp")
        if s is None:
            continue
        is_equilibrium("%d, %d" % (n, m), s, s.answer)
        T.near("value of %d, %d" % (n, m), s.answer.value[0], value, NASH)
    s = solve(inspections(3, 1), "--method", "lp").answer
    T.near("first inspection", s.sets["inspector s"]["inspect"], 0.25, NASH)
    T.near("first violation", s.sets["inspectee s"]["violate"], 0.25, NASH)
    s = solve(inspections(5, 2), "--method", "cfr", "--iterations", 3000)
    T.near("by regrets, 5 and 2", s.answer.value[0], -3 / 8, 1e-3)
    T.near("their exploitability", s.data["exploitability"],
           sum(s.answer.gain.values()) / 2, 1e-6)


def phi(z):
    return (1 + math.erf(z / math.sqrt(2))) / 2


def thresholds(zs):
    def at(z):
        false, miss = 1 - phi(z), phi(z - 2)
        return trees.move(
            1, "inspectee",
            comply=trees.end("legal", -0.3 * false, -0.5 * false),
            violate=trees.end("violation", -0.5 * (1 - miss) - miss,
                              2 * miss - 1))
    return trees.choose(0, "inspector", [["%.17g" % z, at(z)] for z in zs])


def avenhaus_errors():
    """Avenhaus, von Stengel and Zamir, Handbook of Game Theory 3 (2002)."""
    for what, a in (
            ("limit", limit("limit", build("avenhaus_errors"))),
            ("enumerate", listed("enumerate", build("avenhaus_errors"),
                                 "--method", "enumerate")[0])):
        T.near(what + ": threshold 1.5", a.sets["inspector"]["at_1_5"],
               0.03151892449, 1e-8)
        T.near(what + ": violate", a.sets["inspectee"]["violate"],
               0.1213154732, 1e-8)
        T.near(what + ": inspector", a.value[0], -0.09698366156, 1e-8)
        T.near(what + ": inspectee", a.value[1], -0.01206938172, 1e-8)
    # Any threshold: two near z*, their distance taken to 0.
    z = 1.98523598

    def at(d):
        a = limit("2 x %g" % d, thresholds([z - d, z + d]))
        weight = a.sets["inspector"]["%.17g" % (z - d)]
        false = weight * (1 - phi(z - d)) + (1 - weight) * (1 - phi(z + d))
        miss = weight * phi(z - d - 2) + (1 - weight) * phi(z + d - 2)
        return [false, miss, a.sets["inspectee"]["violate"], *a.value]
    wide, narrow = at(4e-3), at(2e-3)
    got = [n + (n - w) / 3 for w, n in zip(wide, narrow)]
    for what, x, wanted in zip(
            ("false alarms", "misses", "violation", "inspector",
             "inspectee"), got,
            (0.0235591115, 0.4941102221, 0.07717973359, -0.06417976212,
             -0.01177955575)):
        T.near("any threshold: " + what, x, wanted, 1e-8)
    T.near("leadership", -0.3 * got[0], -0.007067733451, 1e-8)
    T.near("alarm threshold", 1 - phi(z), got[0], 1e-8)


# ------------------------------------------------------------------ signalling

def spence(level):
    def wages(theta, degree):
        cost = Fraction(level) * degree / theta
        return trees.choose(1, "firm %s" % ("educ" if degree else "none"), [
            [name, trees.end("%d %s %d" % (theta, name, degree), w - cost,
                             -(w - theta) ** 2)]
            for name, w in (("w1", 1), ("w1_2", Fraction(6, 5)), ("w2", 2))])
    return trees.chance(*[[name, p, trees.move(
        0, "worker %d" % theta, none=wages(theta, 0),
        educate=wages(theta, 1))]
        for name, p, theta in (("high", Fraction(1, 5), 2),
                               ("low", Fraction(4, 5), 1))])


SEPARATING = {"worker_2": {"educate": 1}, "worker_1": {"educate": 0},
              "firm_educ": {"w2": 1}, "firm_none": {"w1": 1}}


def spence_education():
    """Spence, Quarterly Journal of Economics 87 (1973)."""
    found = listed("search", build("spence_education"), "--limit",
                   "--search", 100)
    apart = matching(found, **SEPARATING)
    together = matching(found, worker_2={"educate": 0},
                        worker_1={"educate": 0}, firm_none={"w1_2": 1})
    T.check(any(p.credible for p in apart), "separating is not listed")
    T.check(any(p.credible for p in together), "pooling is not listed")
    for p in apart:
        T.near("worker, separating", p.value[0], 1.075, NASH)
        T.near("firm, separating", p.value[1], 0.0, NASH)
    for p in together:
        T.near("worker, pooling", p.value[0], 1.2, NASH)
        T.near("firm, pooling", p.value[1], -0.16, NASH)
    a = solve(build("spence_education"), "--sharpness", 400).answer
    T.near("principal branch", a.sets["worker 2"]["educate"], 1.0, 0.005)
    # Signals that tell the types apart cost from 1 to 2.
    small = Fraction(1, 10 ** 6)
    for level, there in ((1, True), (1 - small, False), (2, True),
                         (2 + small, False)):
        found = listed("level %s" % level, spence(level), "--method", "pure")
        T.check(bool(matching(found, **SEPARATING)) == there,
                "level %s: separating is %slisted" % (
                    level, "not " if there else ""))


def held(node, name, duel):
    """The receiver's set as a move of nature."""
    if node.get("i") == name:
        after = dict(node["a"])
        return {"c": [["duel", duel, after["duel"]],
                      ["retreat", 1 - duel, after["retreat"]]]}
    for kind in ("a", "c"):
        for branch in node.get(kind, []):
            branch[-1] = held(branch[-1], name, duel)
    return node


def beer_quiche():
    """Cho and Kreps, Quarterly Journal of Economics 102 (1987)."""
    tree = build("beer_quiche")
    found = listed("search", tree, "--limit", "--search", 100)
    every = listed("enumerate", tree, "--method", "enumerate")
    for what, points in (("search", found), ("enumerate", every)):
        beer = matching(points, sender_0={"beer": 1}, sender_1={"beer": 1})
        quiche = matching(points, sender_0={"beer": 0}, sender_1={"beer": 0})
        T.check(any(p.credible for p in beer), what + ": beer is not listed")
        T.check(any(p.credible for p in quiche),
                what + ": quiche is not listed")
        T.check(len(beer) + len(quiche) == len(points),
                what + ": more than pooling is listed")
        for p in beer:
            T.near(what + ": sender, beer", p.value[0], 2.9, NASH)
            T.near(what + ": receiver, beer", p.value[1], 0.9, NASH)
        for p in quiche:
            T.near(what + ": sender, quiche", p.value[0], 2.1, NASH)
            T.near(what + ": receiver, quiche", p.value[1], 0.9, NASH)
    # What the receiver does after the other meal is held still: from 1/2 on
    # it keeps both types where they are.
    small = Fraction(1, 10 ** 6)
    for meal, other in (("beer", "quiche"), ("quiche", "beer")):
        for duel, there in ((Fraction(1, 2), True),
                            (Fraction(1, 2) - small, False), (1, True)):
            found = listed("%s at %s" % (meal, duel), held(
                build("beer_quiche"), "receiver " + other, duel),
                "--method", "pure")
            pool = matching(found, sender_0={meal: 1}, sender_1={meal: 1})
            T.check(bool(pool) == there, "%s: pooling with %s there is %s" % (
                meal, duel, "listed" if pool else "not listed"))
    a = solve(tree, "--sharpness", 300).answer
    T.near("principal branch: beer", a.sets["sender 1"]["beer"], 1.0, 1e-3)
    T.near("principal branch: duel", a.sets["receiver quiche"]["duel"], 1.0,
           1e-3)


def talk(states, actions, bias, messages="ab"):
    """Crawford and Sobel, Econometrica 50 (1982): words are free, and the
    sender would have the action higher by `bias`."""
    def after(state, message):
        return trees.choose(1, "hears " + message, [
            ["act %s" % a, trees.end("%s in %s" % (a, state),
                                     -(a - state - bias) ** 2,
                                     -(a - state) ** 2)] for a in actions])
    return trees.chance(*[["%s" % x, Fraction(1, len(states)), trees.choose(
        0, "knows %s" % x, [["say " + m, after(x, m)] for m in messages])]
        for x in states])


def cheap_talk():
    """What words can tell, and that they need not tell anything."""
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    two = [Fraction(0), Fraction(1)]
    near_one = [Fraction(0), half, Fraction(1)]
    more = [k * quarter for k in range(5)]
    for what, tree, wanted in (
            ("two states", talk(two, near_one, quarter),
             {"all is told": {"0 in 0": .5, "1 in 1": .5},
              "nothing is": {"1/2 in 0": .5, "1/2 in 1": .5}}),
            ("three messages", talk(two, near_one, quarter, "abc"),
             {"all is told": {"0 in 0": .5, "1 in 1": .5},
              "nothing is": {"1/2 in 0": .5, "1/2 in 1": .5}}),
            ("three states", talk(near_one, more, Fraction(3, 10)),
             {"the lowest is told apart": {
                 "0 in 0": 1 / 3, "3/4 in 1/2": 1 / 3, "3/4 in 1": 1 / 3},
              "nothing is": {"1/2 in %s" % x: 1 / 3 for x in near_one}})):
        found = listed(what, tree, "--limit", "--search", 60)
        for name, odds in wanted.items():
            T.check(any(p.credible and all(
                abs(p.odds.get(o, 0.0) - x) <= 1e-7 for o, x in odds.items())
                for p in found), "%s: that %s is not listed" % (what, name))
    found = listed("bias 3/5", talk(two, near_one, Fraction(3, 5)),
                   "--limit", "--search", 60)
    T.check(all(p.odds.get("0 in 0", 0.0) < 0.5 - 1e-6 for p in found),
            "bias 3/5: all is told")


# ------------------------------------------------------------------------ cards

def stripped_poker():
    """Reiley, Urbancic and Walker, Journal of Economic Education 39 (2008)."""
    tree = build("stripped_poker")
    answers = {"lp": solve(tree, "--method", "lp").answer,
               "limit": limit("limit", tree),
               "enumerate": listed("all", tree, "--method", "enumerate")[0]}
    for what, a in answers.items():
        T.near(what + ": value", a.value[0], 1 / 3, NASH)
        T.near(what + ": bluff", a.sets["professor queen"]["bet"], 1 / 3,
               NASH)
        T.near(what + ": call", a.sets["student"]["call"], 2 / 3, NASH)
    T.check(len(listed("all", tree, "--method", "enumerate")) == 1,
            "it is not unique")


def kuhn_poker():
    """Kuhn, Contributions to the Theory of Games 1 (1950): a family, by how
    often the first player bluffs with the jack."""
    tree = build("kuhn_poker")
    points = {"lp": solve(tree, "--method", "lp").answer,
              "limit": limit("limit", tree)}
    for k, p in enumerate(listed("search", tree, "--limit", "--search", 30)):
        points["search %d" % (k + 1)] = p
    for what, a in points.items():
        bluff = a.sets["one J"]["bet"]
        T.near(what + ": value", a.value[0], -1 / 18, NASH)
        T.near(what + ": second bluffs", a.sets["two J check"]["put_in"],
               1 / 3, NASH)
        T.near(what + ": second calls", a.sets["two Q bet"]["put_in"],
               1 / 3, NASH)
        T.near(what + ": first bets its king", a.sets["one K"]["bet"],
               3 * bluff, NASH)
        T.near(what + ": first calls", a.sets["one then Q"]["call"],
               bluff + 1 / 3, NASH)
    every = listed("enumerate", tree, "--method", "enumerate")
    for bluff in (0.0, 1 / 3):
        T.check(matching(every, one_J={"bet": bluff},
                         one_K={"bet": 3 * bluff},
                         one_then_Q={"call": bluff + 1 / 3}),
                "the end of the family at %g is not listed" % bluff)
    s = solve(tree, "--method", "cfr", "--iterations", 20000)
    T.near("by regrets: value", s.answer.value[0], -1 / 18, 1e-3)


# ---------------------------------------------------- who takes, who gives way

def along(tree, lambdas):
    """What `--at` finds on the principal branch, in the order asked."""
    found = solve(tree, "--sharpness", repr(lambdas[-1]), "--at",
                  ",".join(map(repr, lambdas))).at()
    return [found[lam] for lam in lambdas]


def best_lambda(likelihood, tree, low, high):
    """Where the likelihood of what --at finds is largest, and what it is
    there: a grid, a finer one, then the top of a parabola."""
    for _ in range(2):
        grid = [low + (high - low) * k / 16 for k in range(17)]
        value = [likelihood(*x) for x in along(tree, grid)]
        top = min(max(value.index(max(value)), 1), 15)
        low, high = grid[top - 1], grid[top + 1]
    mid, step = (low + high) / 2, (high - low) / 8
    for _ in range(3):
        down, here, up = (likelihood(*x) for x in along(
            tree, [mid - step, mid, mid + step]))
        mid += step * (down - up) / (2 * (down - 2 * here + up))
        step /= 3
    return mid, likelihood(*along(tree, [mid])[0])


def centipede():
    """McKelvey and Palfrey, Econometrica 60 (1992) and Experimental
    Economics 1 (1998); the counts as recalled there."""
    for moves, counts, lam, value in (
            (4, (20, 100, 104, 43, 14), 1.71245, -424.91486),
            (6, (2, 18, 56, 108, 71, 22, 4), 0.594483, -533.90913)):
        tree = trees.centipede(moves)
        a = limit("%d moves" % moves, tree)
        T.near("%d moves: taken at once" % moves, a.odds["take_1"], 1.0,
               1e-12)
        names = ["take_%d" % (k + 1) for k in range(moves)] + ["pass_all"]

        def likelihood(_, odds):
            return math.fsum(n * math.log(odds[o])
                             for o, n in zip(names, counts))
        got = best_lambda(likelihood, tree, 0.2, 4.0)
        T.near("%d moves: fitted sharpness" % moves, got[0], lam, 1e-4)
        T.near("%d moves: log likelihood" % moves, got[1], value, 1e-4)


def matching_pennies():
    """McKelvey and Palfrey, Games and Economic Behavior 10 (1995), data of
    Ochs (1995)."""
    tree = build("matching_pennies")
    for what, a in (("limit", limit("limit", tree)),
                    ("enumerate", listed("all", tree, "--method",
                                         "enumerate")[0])):
        T.near(what + ": up", a.sets["row"]["u"], 0.5, NASH)
        T.near(what + ": left", a.sets["col"]["l"], 0.19998563837426397,
               NASH)

    def likelihood(sets, _):
        return sum(128 * (x * math.log(p) + (1 - x) * math.log(1 - p))
                   for x, p in ((0.527, sets["row"]["u"]),
                                (0.366, sets["col"]["l"])))
    lam, value = best_lambda(likelihood, tree, 0.5, 4.0)
    T.near("fitted sharpness", lam, 1.84561, 1e-4)
    T.near("log likelihood", value, -174.764532, 1e-4)
    a = solve(tree, "--sharpness", repr(lam)).answer.sets
    T.near("up there", a["row"]["u"], 0.6156513, 1e-5)
    T.near("left there", a["col"]["l"], 0.3832909, 1e-5)


def chicken():
    """Brinkmanship (Schelling 1960): three equilibria, and a pitchfork where
    10 lambda s (1 - s) = 1, s = logistic(lambda (1 - 10 s))."""
    tree = build("chicken")
    for what, words in (("search", ("--limit", "--search", 40)),
                        ("enumerate", ("--method", "enumerate"))):
        found = listed(what, tree, *words)
        T.check(len(found) == 3, "%s: %d Nash equilibria" % (
            what, len(found)))
        for p, q in ((0, 1), (1, 0), (0.1, 0.1)):
            T.check(matching(found, a={"stand": p}, b={"stand": q}),
                    "%s: (%g, %g) is not listed" % (what, p, q))
        for mixed in matching(found, a={"stand": 0.1}):
            T.near(what + ": crash", mixed.odds["crash"], 0.01, NASH)
            T.near(what + ": value", mixed.value[0], -0.1, NASH)
            T.near(what + ": value", mixed.value[1], -0.1, NASH)
    T.check(len(listed("pure", tree, "--method", "pure")) == 2,
            "not two pure equilibria")
    s = solve(tree, "--sharpness", 2, "--search", 40)
    T.check(len(s.equilibria) == 3, "%d quantal response equilibria at 2" %
            len(s.equilibria))
    for p in s.equilibria:
        T.near("residual", s.judge.residual(p.profile, 2.0), 0.0, 1e-8)
    T.near("the symmetric one", s.answer.sets["a"]["stand"], 0.1768811337,
           1e-8)
    for p, q in ((1.65e-7, 0.8808), (0.8808, 1.65e-7)):
        T.check(matching(s.equilibria, 1e-4, a={"stand": p},
                         b={"stand": q}), "(%g, %g) at 2 is not listed" % (
                             p, q))
    s = solve(tree, "--sharpness", 2, "--branches", "--path")
    forks = [p for p in s.data["path"] if p["kind"] == "bifurcation"]
    T.check(len(forks) == 1, "%d bifurcations" % len(forks))
    T.near("the pitchfork", forks[0]["lambda"], 0.489181791, 1e-6)
    a = solve(tree, "--sharpness", 0.489181791).answer
    T.near("standing there", a.sets["a"]["stand"], 0.286512251, 1e-6)
    T.check(len(s.equilibria) == 3, "%d at the ends of the branches" %
            len(s.equilibria))


def chain_store():
    """Kreps and Wilson, Journal of Economic Theory 27 (1982)."""
    found = listed("search", build("chain_store"), "--limit", "--search", 30)
    wanted = {"aaa": 0.6, "faa": 0.1, "ffa": 0.025, "fff": 0.025,
              "ffo": 0.05, "foa": 0.15, "fof": 0.05}
    hits = [p for p in found if all(
        abs(p.odds.get(h, 0.0) - odds) <= NASH for h, odds in wanted.items())]
    T.check(hits, "the sequential equilibrium is not listed")
    for p in hits[:1]:
        T.check(p.credible, "it is not called credible")
        T.near("weak fights first", p.sets["store 0 "]["fight"], 1 / 3, NASH)
        T.near("second stays out", p.sets["entrant 2 f"]["stay_out"], 0.5,
               NASH)
        T.near("weak fights second", p.sets["store 0 f"]["fight"], 1 / 3,
               NASH)
        T.near("third stays out", p.sets["entrant 3 ff"]["stay_out"], 0.5,
               NASH)
        T.near("a fight in the first market",
               sum(v for h, v in p.odds.items() if h[0] == "f"), 0.4, NASH)
        T.near("second deterred",
               sum(v for h, v in p.odds.items() if h[1] == "o"), 0.2, NASH)
        T.near("value to the store", p.value[3], 0.15, NASH)


def selten_horse():
    """Selten, International Journal of Game Theory 4 (1975)."""
    tree = build("selten_horse")
    found = listed("search", tree, "--limit", "--search", 60)
    perfect = matching(found, one={"r": 1}, two={"r": 1}, three={"r": (0, .25)})
    other = matching(found, one={"r": 0}, two={"r": (1 / 3, 1)},
                     three={"r": 1})
    T.check(any(p.credible for p in perfect), "the perfect one is not listed")
    T.check(other, "the imperfect one is not listed")
    T.check(len(perfect) + len(other) == len(found), "others are listed")
    for p in perfect:
        T.near("value of the perfect one", p.value[0], 1, NASH)
    for p in other:
        T.near("value of the other", p.value[0], 3, NASH)
        T.check(p.credible is False, "the imperfect one is called credible")
    a = limit("limit", tree)
    T.near("principal branch", a.sets["one"]["r"], 1.0, 1e-3)
    a = solve(tree, "--sharpness", 200).answer
    T.near("at 200", a.sets["one"]["r"], 1.0, 1e-3)


# Quantal responses that the scenarios of examples/models do not ask about.
LOGIT = [
    ("fearon_two_types", 5, "b low 79", "accept", 0.2314752165),
    ("fearon_two_types", 5, "b high 79", "accept", 0.5124973965),
    ("fearon_two_types", 20, "b low 79", "accept", 0.008162571153),
    ("fearon_two_types", 20, "b high 79", "accept", 0.5498339973),
    ("schultz_audience_cost", 30, "a irresolute", "challenge", 0.4494537854),
    ("schultz_audience_cost", 30, "b", "concede", 0.3288250047),
    ("spence_education", 20, "worker 2", "educate", 0.9980858363),
    ("spence_education", 20, "worker 1", "educate", 0.001939388016),
    ("beer_quiche", 10, "sender 1", "beer", 0.9999542551),
    ("beer_quiche", 10, "receiver beer", "duel", 0.0003353225278),
    ("stripped_poker", 5, "professor king", "bet", 0.9999985674),
    ("matching_pennies", 3, "row", "u", 0.6168968501),
    ("matching_pennies", 3, "col", "l", 0.3140163618),
    ("selten_horse", 1, "three", "r", 0.6031551969),
    ("selten_horse", 3, "three", "r", 0.4143377557),
    ("selten_horse", 10, "one", "r", 0.9989032281),
    ("selten_horse", 10, "two", "r", 0.9969090692),
    ("selten_horse", 10, "three", "r", 0.1055953179),
]


def logit_numbers():
    """Computed twice independently; tests/models/tree_qre.py is a third."""
    for model, lam, name, option, value in LOGIT:
        a = solve(build(model), "--sharpness", lam).answer
        T.near("%s at %g: %s, %s" % (model, lam, name, option),
               a.sets[name][option], value, 1e-6)


MODELS = [fearon_two_types, fearon_uniform_cost, powell_shifting_power,
          rubinstein_two_rounds, schultz_audience_cost, schelling_chance,
          dresher_inspection, avenhaus_errors, spence_education, beer_quiche,
          cheap_talk, stripped_poker, kuhn_poker, centipede, matching_pennies,
          chicken, chain_store, selten_horse, logit_numbers]


def main():
    wanted = sys.argv[1:]
    for model in MODELS:
        if wanted and model.__name__ not in wanted:
            continue
        before = T.failed
        T.guard("stopped", model)
        if T.failed > before:
            print("  (in %s)" % model.__name__)
    return T.end()


if __name__ == "__main__":
    sys.exit(main())
