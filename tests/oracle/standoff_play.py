"""The game that a Model stands for, enumerated state by state.

A situation is one Python dict; the phases of a period are functions from a
situation to a list of (chance, situation).  Nothing is abstracted: situations
are merged only when they are equal in every field.  What an actor knows is
computed from the situation by `knowledge`, item by item as section 4 of the
language page lists it, and its tuple is the name of the information set.
"""

from fractions import Fraction
from itertools import product

from standoff_acts import Acts
from standoff_text import StandoffError
from standoff_view import View, atoms, freeze, mentions, put, \
    without_record

ONE = Fraction(1)


class Node:
    __slots__ = ("kind", "kids", "state", "done", "period", "info", "options",
                 "value", "choice", "at")

    def __init__(self, kind, state, done, period):
        self.kind = kind          # "chance", "decide", "end"
        self.kids = []            # [(chance or None, node, pay or None)]
        self.state = state
        self.done = done          # label of the phase that has just ended
        self.period = period      # the period of that phase
        self.info = self.options = self.value = self.choice = None
        self.at = None            # period of a decision


class Game(View, Acts):
    def __init__(self, model):
        self.m = model
        self.last = len(model.periods)
        self.memo = {}
        self.order = []
        self.infosets = {}        # knowledge -> (actor, period, options)
        self.sequence = self.decide_sequence()
        self.deal_open = [self.deal_announced(d.i) for d in model.deals]
        self.prepare()
        self.root = self.start()
        self.order.reverse()      # parents before children

    # ---------------------------------------------------- small questions

    def decide_sequence(self):
        m = self.m
        return [c.i for g in sorted(set(m.group.values()))
                for c in m.choices if m.group[c.owner] == g]

    def deal_announced(self, d):
        """D10: everybody knows the status if all its picks are announced."""
        seen = [o.announced for c in self.m.choices for o in c.options
                if mentions(o.effects, d)]
        return bool(seen) and all(seen)

    def prepare(self):
        m = self.m
        for a in m.actors:
            a.deals = [d.i for d in m.deals
                       if a.i in d.parties or self.deal_open[d.i]]
            a.sees = [x.i for x in m.states if a.i in x.viewers]
            a.reports = [r.i for r in m.reports if a.i in r.viewers]
            a.own = [c.i for c in m.choices if c.owner == a.i]
            a.letters = [x.i for x in m.letters
                         if a.i in (x.sender, x.addressee, x.courier)]
        for a in m.actors:
            a.marks = [b.i for b in m.benchmarks if self.sees_mark(a, b)]
        for d in m.deals:
            ks = [k for k, _ in d.after]
            ks += [w[1] for _, _, w in d.musts if w[0] == "within"]
            d.pending = max(ks or [0])

    def sees_mark(self, a, b):
        if b.report is not None:
            return b.report in a.reports
        return all(self.can_see(a, atom) for atom in atoms(b.condition))

    def can_see(self, a, atom):
        m, word = self.m, atom[0]
        if word == "state":
            return atom[1] in a.sees
        if word in ("reading", "silent"):
            return atom[1] in a.reports
        if word in ("picked", "other"):
            c = m.choices[atom[1]]
            return c.owner == a.i or all(o.announced for o in c.options)
        if word in ("deal", "nodeal", "term"):
            return atom[1] in a.deals
        if word == "type":
            return atom[1] == a.i
        if word == "benchmark":
            return self.sees_mark(a, m.benchmarks[atom[1]])
        if word in ("letter", "says"):
            x = m.letters[atom[1]]
            return a.i == x.addressee or (a.i == x.sender
                                          and x.learns == "arrival")
        return True

    def is_open(self, c, t):
        ch = self.m.choices[c]
        return ch.opens <= t and (ch.closes is None or t <= ch.closes)

    # ------------------------------------------------------- between phases

    def after_phase(self, old, s):
        """Bits that every phase's end keeps: events, and what changed."""
        m = self.m
        s2 = dict(s)
        events = []
        for k, (was, first) in enumerate(s["ev"]):
            sched = m.schedules[k]
            if sched.after is None:
                events.append((was, first))
                continue
            now = self.holds(sched.after[1], s)
            if now and not was and first is None:
                first = s["t"]
            events.append((now, first))
        s2["ev"] = tuple(events)
        dirty = list(s["dirty"])
        for c, ch in enumerate(m.choices):
            if ch.standing and not dirty[c]:
                a = ch.owner
                if self.visible(a, old) != self.visible(a, s):
                    dirty[c] = True
                for i in m.actors[a].reports:
                    if isinstance(s["R"][i][1], int) and \
                            s["R"][i][1:] != old["R"][i][1:]:
                        dirty[c] = True
        s2["dirty"] = tuple(dirty)
        return s2

    # -------------------------------------------------------- building nodes

    def start(self):
        m = self.m
        draws = []
        if m.joint:
            joint_actors, rows = m.joint
            for names, p in rows:
                ty = {a: [n for n, _ in m.actors[a].types].index(n)
                      for a, n in zip(joint_actors, names)}
                draws.append((p, ty))
        else:
            draws.append((ONE, {}))
        for a in m.actors:
            if m.joint and a.i in m.joint[0]:
                continue
            draws = [(p * q, dict(ty, **{}) | {a.i: k}) for p, ty in draws
                     for k, (_, q) in enumerate(a.types)]
        root = Node("chance", None, None, 0)
        for p, ty in draws:
            for values in product(*[x.start for x in m.states]):
                q = p
                for _, w in values:
                    q *= w
                if q == 0:
                    continue
                s = self.first_situation(
                    tuple(ty[a.i] for a in m.actors),
                    tuple(int(v) for v, _ in values))
                root.kids.append((q, self.node(("1", 1), s, None, 0), None))
        self.order.append(root)
        return root

    def first_situation(self, types, values):
        m = self.m
        none = (None,) * len(m.choices)
        s = {
            "t": 1, "r": 0, "ty": types, "v": values, "end": None,
            "L": tuple(("unsent", None, None, "unsent", None, None)
                       for _ in m.letters),
            "R": tuple((None, None) for _ in m.reports),
            "D": tuple(("none", (), None, 0, ()) for _ in m.deals),
            "ops": tuple(((), (), ()) for _ in m.deals),
            "B": tuple("open" for _ in m.benchmarks),
            "now": none, "old": none, "prev": none, "pub": none, "st": none,
            "dirty": (True,) * len(m.choices), "rounds": (), "rec": (),
            "mem": tuple(tuple(self.empty(a, it) for it in a.items)
                         for a in m.actors),
        }
        s["ev"] = tuple(
            (x.after is not None and self.holds(x.after[1], s), None)
            for x in m.schedules)
        return s

    def empty(self, a, it):
        m = self.m
        if it[0] in ("last k", "everything", "own last options"):
            return ()
        if it[0] == "own letters":
            return tuple(None for x in m.letters if x.sender == a.i)
        if it[0] == "letters received":
            return tuple(None for x in m.letters if x.addressee == a.i)
        return 0 if it[0] == "count" else None

    def node(self, point, s, done, period):
        """The node at which the phase `point` begins in situation s."""
        if s["end"] is not None:
            key = ("end", done, period, freeze(s))
        else:
            key = (point, done, period, freeze(s))
        n = self.memo.get(key)
        if n is None:
            if s["end"] is not None:
                n = Node("end", s, done, period)
                n.value = self.final(s, done, period)
            elif point[0] == "3":
                n = self.decide(point, s, done, period)
            else:
                n = Node("chance", s, done, period)
                n.kids = getattr(self, "phase" + point[0])(point, s)
            self.memo[key] = n
            self.order.append(n)
        return n

    def step(self, draws, old, nxt, label, t):
        """Chance edges to the next phase's nodes."""
        return [(p, self.node(nxt, self.after_phase(old, s), label, t), None)
                for p, s in draws]

    def phase1(self, point, s):
        m, t = self.m, point[1]
        none = (None,) * len(m.choices)
        s = dict(s, t=t, r=0, now=none, old=none, rounds=(),
                 ops=tuple(((), (), ()) for _ in m.deals),
                 R=tuple((last, None) for last, _ in s["R"]))
        groups = []
        for x in m.schedules:
            first = s["ev"][x.i][1]
            due = (t in x.dates if x.dates is not None
                   else first is not None and first + x.after[0] == t)
            if due:
                groups += [self.draws(e, s) for e in x.rules]
        return self.step(self.merge(s, groups), s, ("2", t), "1", t)

    def phase2(self, point, s):
        m, t = self.m, point[1]
        outs = [(ONE, s)]
        for r in m.reports:
            if t not in r.due:
                continue
            if any(self.holds(c, s) for c in r.silent):
                outs = [(p, dict(s2, R=put(s2["R"], r.i, (
                    s2["R"][r.i][0], "silent")))) for p, s2 in outs]
                continue
            x = m.states[r.state]
            pairs = next(e for c, e in r.errors
                         if c is None or self.holds(c, s))
            chances = {}
            for e, p in pairs:
                v = max(x.lo, min(x.hi, s["v"][r.state] + e))
                chances[v] = chances.get(v, 0) + p
            outs = [(p * q, self.published(s2, r, v)) for p, s2 in outs
                    for v, q in chances.items() if q > 0]
        outs = [(p, self.judge(s2, True)) for p, s2 in outs]
        return self.step(outs, s, ("3", t, 1, 0), "2", t)

    def published(self, s, r, v):
        s2 = dict(s, R=put(s["R"], r.i, (v, v)))
        for a in self.m.actors:
            if r.i not in a.reports:
                continue
            for k, it in enumerate(a.items):
                if it[0] not in ("last k", "first", "highest") \
                        or it[1] != r.i:
                    continue
                had = s2["mem"][a.i][k]
                if it[0] == "last k":
                    had = (had + (v,))[-it[2]:]
                elif it[0] == "first":
                    had = v if had is None else had
                else:
                    had = v if had is None else max(had, v)
                s2 = self.remember(s2, a.i, k, had)
        return s2

    def judge(self, s, by_report):
        """Benchmarks: by a reading in phase 2, the others in phase 6."""
        marks = list(s["B"])
        for b in self.m.benchmarks:
            if (b.report is not None) != by_report or marks[b.i] != "open":
                continue
            if by_report:
                cur = s["R"][b.report][1]
                met = isinstance(cur, int) and self.holds(
                    b.condition, self.as_read(s, b.report, cur))
            else:
                met = self.holds(b.condition, s)
            if met and s["t"] <= b.date:
                marks[b.i] = "met"
            elif s["t"] >= b.date:
                marks[b.i] = "missed"
        return dict(s, B=tuple(marks))

    def as_read(self, s, report, reading):
        """The situation as if the reading were the state."""
        return dict(s, v=put(s["v"], self.m.reports[report].state, reading))

    # ---- phase 3

    def decide(self, point, s, done, period):
        """One decision, or the way past a choice that is not taken."""
        m = self.m
        _, t, r, k = point
        if k == 0:
            s = self.enter_round(s, t, r)
        while k < len(self.sequence):
            s, options = self.asked(s, self.sequence[k])
            if options:
                break
            k += 1
        if k == len(self.sequence):
            n = Node("chance", s, done, period)
            s2 = self.after_decide(s)
            n.kids = [(ONE, self.node(("4", t, r), self.after_phase(s, s2),
                                      "3", t), None)]
            return n
        c = self.sequence[k]
        owner = m.choices[c].owner
        n = Node("decide", s, done, period)
        n.options, n.choice, n.at = tuple(options), c, t
        n.info = self.knowledge(owner, s, c)
        had = self.infosets.setdefault(n.info, (owner, t, n.options, c))
        if had[2] != n.options:
            raise StandoffError("one information set, two lists of options")
        for o in options:
            s2 = dict(s, now=put(s["now"], c, o))
            if m.choices[c].standing:
                s2["st"] = put(s["st"], c, o)
            n.kids.append((o, self.node(("3", t, r, k + 1), s2, None, t),
                           None))
        return n

    def enter_round(self, s, t, r):
        m = self.m
        old = tuple(b if b is not None else a
                    for a, b in zip(s["old"], s["now"]))
        s = dict(s, r=r, old=old, now=(None,) * len(m.choices))
        st, pub = list(s["st"]), list(s["pub"])
        for c in range(len(st)):
            if not self.is_open(c, t):
                st[c] = pub[c] = None
        s["st"], s["pub"] = tuple(st), tuple(pub)
        s["rec"] = tuple(
            self.base_knowledge(a.i, dict(s, mem=without_record(s, a)))
            if ("everything",) in a.items else None for a in m.actors)
        return s

    def asked(self, s, c):
        """-> (situation, options); no options if the choice is not taken."""
        ch, t, r = self.m.choices[c], s["t"], s["r"]
        if not self.is_open(c, t) or (r > 1 and not ch.every_round):
            return s, None
        if ch.letter is not None and s["L"][ch.letter.i][0] != "held":
            return s, None
        ok = [k for k, o in enumerate(ch.options)
              if o.guard is None or self.holds(o.guard, s, ch.owner)]
        if ch.standing:
            if s["st"][c] is not None and s["st"][c] not in ok:
                s = dict(s, st=put(s["st"], c, 0))
            ask = (s["st"][c] is None or s["dirty"][c]
                   or (r == 1 and self.dates_change(ch, s)))
            s = dict(s, dirty=put(s["dirty"], c, False))
            if not ask:
                return s, None
        return s, ok

    def dates_change(self, ch, s):
        dates = [d for o in ch.options if o.guard is not None
                 for d in atoms(o.guard) if d[0] == "date"]
        before = dict(s, t=s["t"] - 1)
        return any(self.holds(d, s) != self.holds(d, before) for d in dates)

    def after_decide(self, s):
        m = self.m
        prev = tuple(o if self.announced(c, o) else None
                     for c, o in enumerate(s["now"]))
        s2 = dict(s, prev=prev, pub=s["st"], rec=())
        s2["rounds"] = s["rounds"] + (tuple(
            self.pick(s, c) for c in range(len(m.choices))),)
        for a in m.actors:
            for k, it in enumerate(a.items):
                had = s2["mem"][a.i][k]
                if it == ("everything",):
                    had += ((s["rec"][a.i],
                             tuple(s["now"][c] for c in a.own)),)
                elif it[0] in ("last choice", "count"):
                    o = s["now"][it[1]]
                    if o is None or (m.choices[it[1]].owner != a.i
                                     and not self.announced(it[1], o)):
                        continue
                    if it[0] == "last choice":
                        had = o
                    elif self.named(it[1], o, it[2]):
                        had += 1
                s2 = self.remember(s2, a.i, k, had)
        return s2

    # ---- phases 4 and 5

    def phase4(self, point, s):
        m, (_, t, r) = self.m, point
        groups, pay = [], [Fraction(0)] * len(m.actors)
        for c, o in enumerate(s["now"]):
            if o is None:
                continue
            x, owner = m.choices[c].options[o], m.choices[c].owner
            for cost, cond in x.costs:
                if cond is None or self.holds(cond, s):
                    pay[owner] -= self.number(cost, s) * self.weight(owner, t)
            groups.append(self.draws(x.effects, s, owner))
        edges = self.step(self.merge(s, groups), s, ("5", t, r), "4", t)
        return [(p, n, tuple(pay)) for p, n, _ in edges]

    def weight(self, a, t):
        return self.m.actors[a].discount ** (t - 1)

    def phase5(self, point, s):
        m, (_, t, r) = self.m, point
        s2 = dict(s)
        for x in m.letters:
            status, when, says, sview, ssays, aview = s2["L"][x.i]
            if status == "way" and when <= t:
                status, when, aview = "arrived", t, "arrived"
                if x.learns == "arrival":
                    sview = "arrived"
                s2 = self.note_arrival(s2, x, says, t)
            if status == "arrived" and x.deadline is not None \
                    and r == m.rounds and t >= when + x.deadline:
                status, aview = "overdue", "overdue"
                if x.learns == "arrival":
                    sview = "overdue"
            s2 = self.with_letter(s2, x.i, (status, when, says, sview, ssays,
                                            aview))
        nxt = ("3", t, r + 1, 0) if r < m.rounds else ("6", t)
        return self.step([(ONE, s2)], s, nxt, "5", t)

    def note_arrival(self, s, x, says, t):
        a = x.addressee
        for k, it in enumerate(self.m.actors[a].items):
            if it[0] == "letters received":
                mine = [y.i for y in self.m.letters if y.addressee == a]
                s = self.remember(s, a, k, put(
                    s["mem"][a][k], mine.index(x.i), t))
            elif it[:2] == ("says", x.i):
                s = self.remember(s, a, k, says)
        return s

    # ---- phases 7 to 9

    def phase7(self, point, s):
        groups = [self.draws(e, s) for e in self.m.rules]
        return self.step(self.merge(s, groups), s, ("8", point[1]), "7",
                         point[1])

    def phase8(self, point, s):
        m, t = self.m, point[1]
        pay = [Fraction(0)] * len(m.actors)
        for (a, kind), e, cond in m.pays:
            if kind is not None and s["ty"][a] != kind:
                continue
            if cond is None or self.holds(cond, s):
                x = self.number(e, s)
                pay[a] += (x or 0) * self.weight(a, t)
        edges = self.step([(ONE, s)], s, ("9", t), "8", t)
        return [(p, n, tuple(pay)) for p, n, _ in edges]

    def phase9(self, point, s):
        m, t = self.m, point[1]
        s2 = dict(s)
        for name, cond in m.endings:
            if self.holds(cond, s):
                s2["end"] = name
                break
        else:
            if t == self.last:
                s2["end"] = m.otherwise
                if m.otherwise is None:
                    raise StandoffError("the scenario has no `otherwise`")
        for a in m.actors:
            for k, it in enumerate(a.items):
                if it[0] == "own last options":
                    s2 = self.remember(s2, a.i, k, tuple(
                        s["now"][c] if s["now"][c] is not None
                        else s["old"][c] for c in a.own))
        return self.step([(ONE, s2)], s, ("1", t + 1), "9", t)

    def final(self, s, done, t):
        """Payoffs of the ending, as seen from the start."""
        m, out = self.m, []
        for a in m.actors:
            x = Fraction(0)
            for k, (who, kind) in enumerate(m.columns):
                if who == a.i and kind in (None, s["ty"][a.i]):
                    if s["end"] not in m.cells:
                        raise StandoffError("E051 no row for " + s["end"])
                    x = self.number(m.cells[s["end"]][k], s)
            for (who, kind), values in m.rankings:
                if who == a.i and kind in (None, s["ty"][a.i]):
                    x = values[s["end"]]
            x *= self.weight(a.i, t)
            first = t if int(done) < 8 else t + 1
            for name, who, amount in m.then_pays:
                if name == s["end"] and who[0] == a.i \
                        and who[1] in (None, s["ty"][a.i]):
                    x += sum(self.number(amount, s) * self.weight(a.i, u)
                             for u in range(first, self.last + 1))
            out.append(x)
        return tuple(out)
