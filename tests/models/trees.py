#!/usr/bin/env python3
"""The canonical models as explicit trees, written from their definitions.

    trees.py MODEL [NAME=VALUE ...]      prints the tree for tree_qre.py

Endings carry the outcome names of examples/models/MODEL.standoff, so that the
odds of both can be compared; ASKED says which strategy answers a question of
the file's `ask` block.  Each builder states who knows what by the names of its
information sets; the scenario files leave that to be derived.
"""

import json
import math
import sys


def end(outcome, *payoffs):
    return {"o": outcome, "u": list(payoffs)}


def move(player, information_set, **actions):
    return {"p": player, "i": information_set,
            "a": [[a, n] for a, n in actions.items()]}


def choose(player, information_set, actions):
    return {"p": player, "i": information_set, "a": actions}


def chance(*branches):
    return {"c": [list(b) for b in branches]}


def fearon_two_types(high=0.5):
    def after(kind, cost, name, share):
        return move(1, "b %s %s" % (kind, name),
                    accept=end("deal_" + name, share, 1 - share),
                    fight=end("war", 0.4, 0.5 - cost))

    def demands(kind, cost):
        return choose(0, "a", [["0", after(kind, cost, "54", 0.54)],
                               ["1", after(kind, cost, "79", 0.79)]])
    return chance(["high", high, demands("high", 0.30)],
                  ["low", 1 - high, demands("low", 0.05)])


def fearon_uniform_cost(types=4):
    def limit(k):
        return 0.4 * (k + 0.5) / types

    def reply(k, d):
        return move(1, "b %d %d" % (k, d),
                    accept=end("settled", 0.5 + limit(d), 0.5 - limit(d)),
                    fight=end("war", 0.4, 0.5 - limit(k)))
    return chance(*[[k, 1 / types, choose(0, "a", [
        [str(d), reply(k, d)] for d in range(types)])] for k in range(types)])


def schultz_audience_cost(resolute=0.3, cost=0.5):
    def crisis(kind, war):
        return move(0, "a " + kind, accept_sq=end("status_quo", 0, 1),
                    challenge=move(
                        1, "b", concede=end("concession", 1, 0),
                        resist=move(0, "a then " + kind,
                                    back_down=end("backdown", -cost, 1),
                                    fight=end("war", war, -1))))
    return chance(["resolute", resolute, crisis("resolute", 0.2)],
                  ["irresolute", 1 - resolute, crisis("irresolute", -1.0)])


def schelling_chance(risk=0.14, cost_defender=-6.0, cost_intruder=-8.0):
    return move(1, "b", refrain=end("deterred", 0, 0), transgress=move(
        0, "a", tolerate=end("tolerated", -1, 1), run_risk=chance(
            ["disaster", risk, end("disaster", cost_defender, cost_intruder)],
            ["none", 1 - risk, end("reversed", 0, 1)])))


def powell_shifting_power(p_now=0.7, p_later=0.2, cost=0.1, later=0.9):
    def second(first, share):
        return move(0, "a later %g %g" % (first, share),
                    accept=end("peace", first + later * share,
                               1 - first + later * (1 - share)),
                    war=end("late_war", first + later * (p_later - cost),
                            1 - first + later * (1 - p_later - cost)))

    def first(share):
        return move(0, "a now %g" % share, accept=choose(
            1, "b later %g" % share,
            [[str(s), second(share, s)] for s in (0, 0.1, 0.5)]),
            war=end("preventive_war", p_now * (1 + later) - cost,
                    (1 - p_now) * (1 + later) - cost))
    return choose(1, "b now", [[str(s), first(s)] for s in (0, 0.5, 0.96, 1)])


def dresher_inspection():
    def period(t, left, seen):
        if t == 4:
            return end("legal", 0, 0)

        def conduct(visited, seen_next):
            caught = visited or (t == 3 and left)
            return move(1, "inspectee %d %s" % (t, seen),
                        comply=period(t + 1, left - visited, seen_next),
                        violate=end("detected", 1, -1) if caught
                        else end("undetected", -1, 1))
        if left == 0 or t == 3:
            return conduct(0, seen + "-")
        return move(0, "inspector %d %s" % (t, seen),
                    keep=conduct(0, seen + "-"), inspect=conduct(1, seen + "i"))
    return period(1, 1, "")


def avenhaus_errors():
    def phi(z):
        return (1 + math.erf(z / math.sqrt(2))) / 2

    def at(z, name):
        false, miss = 1 - phi(z), phi(z - 2)
        return move(1, "inspectee",
                    comply=end("legal_at_" + name, -0.3 * false, -0.5 * false),
                    violate=end("violation_at_" + name,
                                -0.5 * (1 - miss) - miss, 2 * miss - 1))
    names = {0.5: "0_5", 1: "1", 1.5: "1_5", 2: "2", 2.5: "2_5", 3: "3"}
    return choose(0, "inspector",
                  [["at_" + n, at(z, n)] for z, n in names.items()])


def spence_education():
    def wages(theta, degree):
        label = "educ" if degree else "none"
        cost = 1.25 * degree / theta
        return choose(1, "firm " + label, [
            [name, end("%s_%s" % (label, name), w - cost, -(w - theta) ** 2)]
            for name, w in (("w1", 1), ("w1_2", 1.2), ("w2", 2))])

    def worker(theta):
        return move(0, "worker %d" % theta, none=wages(theta, 0),
                    educate=wages(theta, 1))
    return chance(["high", 0.2, worker(2)], ["low", 0.8, worker(1)])


def beer_quiche():
    def replies(meal, weak):
        liked = (meal == "beer") != bool(weak)
        return move(1, "receiver " + meal,
                    retreat=end(meal + "_no_duel", 2 + liked, 1 - weak),
                    duel=end(meal + "_duel", 0 + liked, weak))

    def sender(weak):
        return move(0, "sender %d" % weak, beer=replies("beer", weak),
                    quiche=replies("quiche", weak))
    return chance(["strong", 0.9, sender(0)], ["weak", 0.1, sender(1)])


def stripped_poker():
    def hand(card, called, amount):
        return move(0, "professor " + card, fold=end("lose", -1, 1),
                    bet=move(1, "student", passes=end("win", 1, -1),
                             call=end(called, amount, -amount)))
    return chance(["king", "1/2", hand("king", "win_big", 2)],
                  ["queen", "1/2", hand("queen", "lose_big", -2)])


def kuhn_poker():
    def deal(one, two):
        sign = 1 if "JQK".index(one) > "JQK".index(two) else -1

        def show(stake):
            return end("showdown_%d" % stake, sign * stake, -sign * stake)
        return move(
            0, "one " + one,
            check=move(1, "two %s check" % two, passes=show(1), put_in=move(
                0, "one then " + one, fold=end("one_folds", -1, 1),
                call=show(2))),
            bet=move(1, "two %s bet" % two, passes=end("two_folds", 1, -1),
                     put_in=show(2)))
    return chance(*[[a + b, "1/6", deal(a, b)] for a in "JQK" for b in "JQK"
                    if a != b])


def centipede(moves):
    pots = [(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2), (6.4, 1.6),
            (3.2, 12.8), (25.6, 6.4)]

    def at(k):
        if k == moves:
            return end("pass_all", *pots[k])
        return choose(k % 2, "move %d" % (k + 1),
                      [["pass", at(k + 1)],
                       ["take", end("take_%d" % (k + 1), *pots[k])]])
    return at(0)


def centipede_four():
    return centipede(4)


def centipede_six():
    return centipede(6)


def matching_pennies():
    def col(name, left, right):
        return move(1, "col", l=end(name + "l", *left),
                    r=end(name + "r", *right))
    return move(0, "row", u=col("u", (1.1141, 0), (0, 1.1141)),
                d=col("d", (0, 1.1141), (0.2785, 0)))


def chicken():
    return move(0, "a", **{
        "yield": move(1, "b", **{"yield": end("both_yield", 0, 0),
                                 "stand": end("east_yields", -1, 1)}),
        "stand": move(1, "b", **{"yield": end("west_yields", 1, -1),
                                 "stand": end("crash", -10, -10)})})


def chain_store():
    """Every history is an ending of its own: o out, f fought, a acquiesced."""
    result = {"o": 0, "f": -0.5, "a": 0.5}

    def market(history, strong):
        if len(history) == 3:
            owner = 2 * history.count("o") - history.count(
                "a" if strong else "f")
            return end(history, *[result[h] for h in history], owner)
        turn = len(history)
        return move(turn, "entrant %d %s" % (turn + 1, history),
                    stay_out=market(history + "o", strong),
                    enter=move(3, "store %d %s" % (strong, history),
                               acquiesce=market(history + "a", strong),
                               fight=market(history + "f", strong)))
    return chance(["strong", 0.1, market("", 1)], ["weak", 0.9, market("", 0)])


def rubinstein_two_rounds(patience=0.9):
    def second(first):
        def reply(give):
            return move(0, "one %d %d" % (first, give),
                        take_it=end("deal_round2", patience * give / 10,
                                    patience * (1 - give / 10)),
                        refuse=end("no_deal", 0, 0))
        return choose(1, "two offers %d" % first,
                      [[str(g), reply(g)] for g in range(11)])

    def reply(give):
        return move(1, "two %d" % give,
                    take_it=end("deal_round1", 1 - give / 10, give / 10),
                    refuse=second(give))
    return choose(0, "one offers", [[str(g), reply(g)] for g in range(11)])


def selten_horse():
    def three(from_two):
        if from_two:
            return move(2, "three", r=end("rlr", 4, 4, 0),
                        l=end("rll", 0, 0, 1))
        return move(2, "three", r=end("lr", 3, 2, 2), l=end("ll", 0, 0, 0))
    return move(0, "one", r=move(1, "two", r=end("rr", 1, 1, 1),
                                 l=three(True)), l=three(False))


PLAYERS = {"selten_horse": 3, "chain_store": 4}

# question -> [information set, action], or a function of the answer
ASKED = {
    "fearon_two_types": {
        "chance of proposer.demand.1": ["a", "1"],
        "chance of deal_79 given proposer.demand.1":
            lambda x: x["odds"]["deal_79"] / x["profile"]["a"]["1"]},
    "fearon_uniform_cost": {
        "chance of proposer.demand.1": ["a", "1"],
        "chance of war given proposer.demand.3": lambda x: sum(
            x["profile"]["b %d 3" % k]["fight"] for k in range(4)) / 4},
    "schultz_audience_cost": {
        "chance of challenger.challenge given challenger is irresolute":
            ["a irresolute", "challenge"],
        "chance of target.concede given challenger.challenge": ["b", "concede"]},
    "schelling_chance": {
        "chance of intruder.transgress": ["b", "transgress"],
        "chance of defender.run_risk given intruder.transgress": ["a", "run_risk"]},
    "powell_shifting_power": {
        "chance of preventive_war given rising.give_100": ["a now 1", "war"],
        "chance of preventive_war given rising.give_96": ["a now 0.96", "war"]},
    "dresher_inspection": {
        "chance of inspector.inspect in 1": ["inspector 1 ", "inspect"],
        "chance of inspectee.violate in 1": ["inspectee 1 ", "violate"]},
    "avenhaus_errors": {
        "chance of inspectee.violate": ["inspectee", "violate"],
        "chance of inspector.at_2": ["inspector", "at_2"],
        "chance of inspector.at_1_5": ["inspector", "at_1_5"]},
    "spence_education": {
        "chance of worker.educate given productivity = 2":
            ["worker 2", "educate"],
        "chance of worker.educate given productivity = 1":
            ["worker 1", "educate"]},
    "beer_quiche": {
        "chance of sender.beer given weak = 0": ["sender 0", "beer"],
        "chance of sender.beer given weak = 1": ["sender 1", "beer"],
        "chance of receiver.duel given sender.beer":
            ["receiver beer", "duel"],
        "chance of receiver.duel given sender.quiche":
            ["receiver quiche", "duel"]},
    "stripped_poker": {
        "chance of professor.bet given card = queen":
            ["professor queen", "bet"],
        "chance of professor.bet given card = king":
            ["professor king", "bet"],
        "chance of student.call given professor.bet": ["student", "call"]},
    "kuhn_poker": {
        "chance of one.bet given one is jack": ["one J", "bet"],
        "chance of one.bet given one is king": ["one K", "bet"],
        "chance of two.put_in given two is jack and one.check":
            ["two J check", "put_in"],
        "chance of two.put_in given two is queen and one.bet":
            ["two Q bet", "put_in"]},
    "centipede_four": {
        "chance of take_%d given %s.move_%d.pass"
        % (k, "red" if k % 2 == 0 else "blue", k - 1): ["move %d" % k, "take"]
        for k in range(2, 5)},
    "centipede_six": {
        "chance of take_%d given %s.move_%d.pass"
        % (k, "red" if k % 2 == 0 else "blue", k - 1): ["move %d" % k, "take"]
        for k in range(2, 7)},
    "matching_pennies": {"chance of row.u": ["row", "u"],
                         "chance of col.l": ["col", "l"]},
    "chicken": {"chance of east.stand": ["a", "stand"]},
    "chain_store": {
        "chance of entrant_1.enter": ["entrant 1 ", "enter"],
        "chance of store.reply_1.fight given store is weak and entrant_1.enter":
            ["store 0 ", "fight"],
        "chance of entrant_2.stay_out given market_1 = -1":
            ["entrant 2 f", "stay_out"],
        "chance of store.reply_2.fight given store is weak"
        " and market_1 = -1 and entrant_2.enter": ["store 0 f", "fight"],
        "chance of entrant_3.stay_out given market_1 = -1 and market_2 = -1":
            ["entrant 3 ff", "stay_out"]},
    "selten_horse": {"chance of one.r": ["one", "r"],
                     "chance of rr given one.r": ["two", "r"]},
}

BUILDERS = {f.__name__: f for f in (
    fearon_two_types, fearon_uniform_cost, schultz_audience_cost,
    schelling_chance, powell_shifting_power, dresher_inspection,
    avenhaus_errors, spence_education, beer_quiche, stripped_poker,
    kuhn_poker, centipede_four, centipede_six, matching_pennies, chicken,
    chain_store, rubinstein_two_rounds, selten_horse)}


def build(name, **settings):
    return {"players": list(range(PLAYERS.get(name, 2))),
            "tree": BUILDERS[name](**settings)}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in BUILDERS:
        sys.exit("trees.py MODEL [NAME=VALUE ...]; MODEL is one of "
                 + ", ".join(BUILDERS))
    settings = dict(s.split("=") for s in sys.argv[2:])
    print(json.dumps(build(sys.argv[1],
                           **{k: float(v) for k, v in settings.items()})))


if __name__ == "__main__":
    main()
