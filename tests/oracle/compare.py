#!/usr/bin/env python3
"""Random small scenarios, answered by the oracle and by a program.

usage: compare.py PROGRAM [COUNT [SEED]]

Each scenario is made from a handful of constructs drawn at random, so that
rules meet which no hand-written case brings together.  A scenario on which
the two differ by more than 1e-9 is printed whole, with both answers.  The last
line is `N passed, N failed, N refused`; refused are those the program will not
take (a guard leak, say) or the oracle cannot finish.
"""

import os
import random
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "conformance"))

from run import answers                      # noqa: E402
from standoff import solve_text, declared    # noqa: E402
from standoff_text import StandoffError      # noqa: E402

class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        r = self.r
        self.months = r.choice((2, 2, 3, 3, 4))
        self.rounds = r.choice((1, 1, 1, 2)) if self.months < 3 else 1
        self.actors = ["us", "iran"] + (["oman"] if r.random() < 0.3 else [])
        self.questions = ["win", "loss", "quiet"]
        self.text = []

    def yes(self, p=0.5):
        return self.r.random() < p

    def date(self):
        return "2025-%02d" % self.r.randint(1, self.months)

    def add(self, *lines):
        self.text.extend(lines)

    def pct(self):
        return self.r.choice(("25%", "50%", "60%", "75%"))

    def make(self):
        r = self.r
        self.add("scenario random", "  months 2025-01 to 2025-%02d"
                 % self.months, "  otherwise quiet")
        if self.rounds > 1:
            self.add("  rounds 2")
        if self.yes(0.25):
            self.add("  order " + " then ".join(r.sample(self.actors,
                                                         len(self.actors))))
        self.plan()
        for a in self.actors:
            self.actor(a)
        self.world()
        for a in self.actors:
            self.choices(a)
        self.drift()
        self.payoffs()
        self.ask()
        return "\n".join(self.text) + "\n", self.questions

    def plan(self):
        """Which constructs there are; the rest of the file follows it."""
        r = self.r
        things = ["letter", "report", "deal", "schedule", "benchmark"]
        self.has = set(r.sample(things, r.choice((1, 1, 2))))
        self.levels = {"heat": "public"}
        if self.yes(0.6) or "report" in self.has:
            self.levels["stock"] = r.choice(("hidden", "seen by iran"))
        self.types = self.yes(0.3)
        self.announced = self.yes(0.4)
        self.courier = "oman" if "oman" in self.actors else "envoy"
        self.via = r.choice(("", "", " via %s" % self.courier,
                             " via %s (knows)" % self.courier)
                            + ((" via oman (chooses)",)
                               if "oman" in self.actors else ()))
        self.fields = self.yes(0.4)
        self.terms = self.yes(0.4)

    def actor(self, a):
        r = self.r
        self.add("actor " + a)
        if self.types and a == "us":
            self.add("  type hawk 40%, dove rest")
        self.add("  sharpness " + r.choice(("0", "0.1", "0.1", "0.2")))
        if self.yes(0.2):
            self.add("  discount 0.9")
        items = []
        if "report" in self.has and a in ("us", "iran"):
            items += ["last survey", "last 2 of survey", "highest survey",
                      "first survey", "last survey in bins of 2"]
        if "letter" in self.has and a == "us":
            items += ["own letters"]
            if self.fields:
                items += ["says of offer"]
        if "letter" in self.has and a == "iran":
            items += ["letters received"]
            if self.fields:
                items += ["says of offer"]
        if "deal" in self.has and self.terms and a != "oman":
            items += ["terms of pact"]
        items += ["own last options", "last %s.act" % a,
                  "count of %s.act.wait" % a, "everything"]
        if self.announced:
            items += ["last us.act", "count of us.act.push"]
        if self.yes(0.5):
            self.add("  remembers " + ", ".join(r.sample(items, 1)))

    def world(self):
        r = self.r
        self.add("state")
        for name, who in self.levels.items():
            start = r.choice(("0", "1", "0 40%, 2 rest"))
            if who == "public":
                start = r.choice("012")
            self.add("  %s 0..3 = %s %s" % (name, start, who))
        self.add("  talks none < open < broken = none public")
        if "letter" in self.has:
            self.add("letter offer from us to iran" + self.via)
            self.add("  arrives " + r.choice((
                "same month 100%", "same month 50%, next month 25%, never 25%",
                "next month 75%, never rest", "same month 40%, next month rest")
            ))
            if self.yes(0.4):
                self.add("  deadline %d months after arrival" % r.choice(
                    (0, 1)))
            self.add("  sender learns " + r.choice(
                ("never", "on answer", "on arrival")))
            if self.fields:
                self.add("  says tone soft/hard")
            if self.yes(0.3):
                self.add("  repeatable")
        if "report" in self.has:
            dates = sorted({self.date(), self.date()})
            self.add("report survey by agency in " + ", ".join(dates))
            self.add("  measures stock, error " + r.choice((
                "0 100%", "-1 25%, 0 75%", "-1 10%, 0 80%, +1 10%")))
            if self.yes(0.3):
                self.add("  error +1 50%, 0 50% if stock <= 1")
            if self.yes(0.3):
                self.add("  silent if " + r.choice((
                    "stock = 2", "talks = broken", "heat >= 2")))
            self.add("  seen by " + r.choice(("us, iran", "everyone")))
        if "deal" in self.has:
            self.deal()
        if "schedule" in self.has:
            events = ["us.act.push", "iran.act.push"]
            if "letter" in self.has:
                events += ["offer arrived", "offer overdue"]
            if "deal" in self.has:
                events += ["pact in force", "pact broken", "pact left"]
            when = r.choice(("in " + self.date(), "every 2 months from "
                             + self.date(), "1 month after "
                             + r.choice(events)))
            self.add("schedule drum " + when, "  " + r.choice((
                "if heat < 2 -> heat +1", "unless talks = open -> heat = 2",
                "if heat > 0 -> 50%: end loss",
                "if talks = none -> 40%: talks = open; else: heat +1")))
        if "benchmark" in self.has:
            self.add("benchmark goal", "  %s by %s" % (r.choice((
                "heat = 2", "talks = open", "heat <= 1 and talks = broken")),
                self.date()))
            if "report" in self.has and self.yes(0.4):
                self.text[-1] = "  stock <= 1 by %s judged by survey" % \
                    self.date()

    def deal(self):
        r = self.r
        self.add("deal pact between us, iran")
        if self.terms:
            self.add("  terms relief 0..1")
        by_report = "report" in self.has and self.yes(0.5)
        cond = r.choice(("stock <= 1", "stock = 0")) if by_report else \
            r.choice(("not iran.act = push", "heat <= 1",
                      "not talks = broken", "iran.act = wait"))
        self.add("  iran must %s %s" % (cond, r.choice((
            "every month", "every month", "by " + self.date(),
            "within %d months" % r.choice((1, 2))))))
        if not by_report and self.yes(0.3):
            self.add("  us must not us.act = push every month")
        if by_report:
            self.add("  checked by survey" + r.choice((
                "", ", tolerance 1", ", silence is a breach",
                ", tolerance 1, silence is a breach")))
        if self.yes(0.4):
            self.add("  gives heat -1 every month")
        if self.yes(0.5):
            self.add("  after %d months -> %s" % (r.choice((1, 2)), r.choice((
                "end win", "talks = open", "heat = 0"))))
        if self.yes(0.6):
            self.add("  if broken -> " + r.choice((
                "heat +1, talks = broken", "end loss", "heat = 3")))

    def guard(self, a):
        r, gs = self.r, ["heat < 3", "heat > 0", "talks = open",
                         "not talks = broken", "from " + self.date()]
        if "stock" in self.levels and self.levels["stock"] != "hidden" \
                and a == "iran":
            gs += ["stock > 0"]
        if "report" in self.has and a in ("us", "iran"):
            gs += ["survey >= 1", "survey silent"]
        if "benchmark" in self.has and not any(
                "judged" in x for x in self.text):
            gs += ["goal met", "not goal missed"]
        if self.types and a == "us":
            gs += ["us is hawk"]
        if self.announced and a != "us":
            gs += ["us.act = push"]
        return r.choice(gs)

    def effects(self):
        r = self.r
        return r.choice((
            "heat +1", "heat -1", "50%: heat +1", "talks = open",
            "talks = broken, heat +1", "30%: end loss; else: heat +1",
            "if heat > 1: end win; else: heat +1", "end loss", "60%: end win",
            "if talks = open: 50%: end win; else: talks = open",
            "25%: heat +2; 25%: heat -1; else: talks = open"))

    def option(self, name, effects=None, guard=None):
        r = self.r
        line = "  " + name
        if guard:
            line += " if " + guard
        if effects:
            line += " -> " + effects
        self.add(line)
        if self.yes(0.3):
            self.add("    costs %d" % r.choice((2, 5)) + r.choice((
                "", " while heat >= 2", " while talks = open")))

    def choices(self, a):
        r = self.r
        flags = ""
        if self.yes(0.2):
            flags += " from " + self.date()
        if self.rounds > 1 and self.yes(0.5):
            flags += " every round"
        if self.yes(0.35):
            flags += " standing"
        if self.announced and (a == "us" or self.yes(0.3)):
            flags += " announced"
        self.add("choice act of %s%s" % (a, flags))
        self.option("wait", self.effects() if self.yes(0.2) else None)
        self.option("push", self.effects() if self.yes(0.8) else None,
                    self.guard(a) if self.yes(0.5) else None)
        tail = " every round" if self.rounds > 1 and self.yes(0.5) else ""
        if "letter" in self.has and a == "us":
            says = " tone = " + r.choice(("soft", "hard")) \
                if self.fields and self.yes(0.8) else ""
            self.add("choice post of us" + tail)
            self.option("idle")
            self.option("write", "send offer" + says)
        if "letter" in self.has and a == "iran":
            self.add("choice reply of iran" + tail)
            self.option("idle")
            self.option("reply", r.choice(("", "heat -1, ")) + "answer offer",
                        "offer arrived" if self.yes(0.7) else None)
            if self.fields and self.yes(0.5):
                self.option("punish", "heat +1", "offer.tone = hard")
        if "deal" in self.has and a != "oman":
            self.add("choice talk of " + a + tail)
            self.option("idle")
            if a == "us" or self.yes(0.4):
                self.option("offer", "propose pact",
                            "no pact" if self.yes(0.6) else None)
            if a == "iran" or self.yes(0.4):
                self.option("agree", "accept pact", "pact proposed"
                            if self.yes(0.6) else None)
            if self.yes(0.3):
                self.option("quit", "leave pact", "pact in force")

    def drift(self):
        r = self.r
        if self.yes(0.6):
            self.add("every month")
            names = list(self.levels)
            self.add("  " + r.choice((
                "%s moves 1 toward 3 - heat, 60%%" % r.choice(names),
                "30% -> heat +1", "10%: end loss; 20%: heat +1",
                "if us.act = push -> 50%: heat +1",
                "if talks = broken -> 25%: talks = none")))
        if self.yes(0.3):
            self.add("outcome win when heat = 3 and talks = open")

    def payoffs(self):
        r = self.r
        columns, n = [], 0
        for a in self.actors:
            columns += ["us.hawk", "us.dove"] if self.types and a == "us" \
                else [a]
        if self.yes(0.5):
            self.add("each month pay", "  %s %s" % (
                r.choice(self.actors), r.choice((
                    "-2 * heat", "3 if talks = open", "-4 if heat >= 2"))))
        self.add("payoff " + " ".join(columns))
        n = len(columns)
        for name in ("win", "loss", "quiet"):
            cells = [r.choice(("0", "10", "-10", "5", "-20",
                               "(4 * heat)", "(10 - 3 * heat)"))
                     for _ in range(n)]
            if "deal" in self.has and self.terms and name == "win":
                cells[-1] = "(8 * pact.relief)"
            row = "  %s %s" % (name, " ".join(cells))
            if self.yes(0.15):
                row += " then pays -1 a month to the end for " + \
                    r.choice(self.actors)
            self.add(row)

    def ask(self):
        q = ["chance of %s by %s" % (o, self.date())
             for o in ("win", "loss")] + ["chance of quiet"]
        q += ["chance of us.act.push by " + self.date(),
              "chance of iran.act.push in " + self.date(),
              "chance of heat >= 2 by " + self.date(),
              "chance of heat = 1 in " + self.date(),
              "chance of talks = open in " + self.date(),
              "chance of win given us.act.push"]
        if "letter" in self.has:
            q += ["chance of offer arrived by " + self.date(),
                  "chance of offer answered", "chance of offer overdue",
                  "chance of offer sent in " + self.date()]
        if "deal" in self.has:
            q += ["chance of pact in force by " + self.date(),
                  "chance of pact broken", "chance of pact left",
                  "chance of pact proposed in " + self.date()]
        if "report" in self.has:
            q += ["chance of survey = 1 by " + self.date(),
                  "chance of survey silent"]
        if "benchmark" in self.has:
            q += ["chance of goal met", "chance of goal missed in "
                  + self.date()]
        if self.yes(0.3):
            q += ["chance of win if us.act.push in %s %s" % (
                self.date(), self.r.choice(("surprises", "known")))]
        self.questions = q


def compare(program, seed):
    """-> "passed", "failed" or "refused"."""
    text, questions = Maker(seed).make()
    wanted = [(q, None) for q in questions]
    got = answers(program, text, wanted)
    if isinstance(got, str):
        if "E0" not in got:
            print("---- seed %d: %s\n%s" % (seed, got, text))
            return "failed"
        if "-v" in sys.argv:
            print("seed %d: %s" % (seed, got))
        return "refused"
    try:
        _, right = solve_text(text, questions, declared)
    except (StandoffError, OverflowError) as e:
        print("seed %d: oracle: %s" % (seed, e))
        return "refused"
    bad = [(q, a, b) for (q, a), b in zip(right, got)
           if (a is None) != (b is None)
           or a is not None and abs(float(a) - b) > 1e-9]
    if not bad:
        return "passed"
    print("---- seed %d\n%s" % (seed, text))
    for q, a, b in bad:
        print("#   %s: oracle %s, program %s" % (
            questions[[x for x, _ in right].index(q)],
            a if a is None else float(a), b))
    sys.stdout.flush()
    return "failed"


def main():
    args = [a for a in sys.argv[1:] if a != "-v"]
    if not args:
        print(__doc__, file=sys.stderr)
        return 2
    count = int(args[1]) if len(args) > 1 else 100
    first = int(args[2]) if len(args) > 2 else 1
    tally = {"passed": 0, "failed": 0, "refused": 0}
    for seed in range(first, first + count):
        tally[compare(args[0], seed)] += 1
    print("%d passed, %d failed, %d refused" % (
        tally["passed"], tally["failed"], tally["refused"]))
    return 1 if tally["failed"] or not tally["passed"] else 0


if __name__ == "__main__":
    sys.setrecursionlimit(1000000)
    threading.stack_size(512 * 1024 * 1024)
    code = []
    worker = threading.Thread(target=lambda: code.append(main()))
    worker.start()
    worker.join()
    sys.exit(code[0] if code else 1)
