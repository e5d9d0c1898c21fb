"""The game that a Model stands for, enumerated state by state.

A situation is one Python dict; the phases of a period are functions from a
situation to a list of (chance, situation).  Nothing is abstracted: situations
are merged only when they are equal in every field.  What an actor knows is
computed from the situation by `knowledge`, item by item as section 4 of the
language page lists it, and its tuple is the name of the information set.
"""

from fractions import Fraction
from itertools import product

from standoff_parse import StandoffError

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


class Game:
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

    # -------------------------------------------------- reading a situation

    def pick(self, s, c):
        """The pick that a test of choice c reads, objectively."""
        if self.m.choices[c].standing:
            return s["st"][c] if self.is_open(c, s["t"]) else None
        return s["now"][c] if s["now"][c] is not None else s["old"][c]

    def announced(self, c, o):
        return o is not None and self.m.choices[c].options[o].announced

    def known_pick(self, s, c, a):
        """The pick that actor a knows of, for its guards."""
        ch = self.m.choices[c]
        if ch.owner == a:
            return self.pick(s, c)
        if not any(o.announced for o in ch.options):
            raise StandoffError("E021 guard leak: %s" % ch.name)
        sooner = self.m.group[ch.owner] < self.m.group[a]
        if ch.standing:
            o = s["st"][c] if sooner else s["pub"][c]
            return o if self.announced(c, o) and self.is_open(
                c, s["t"]) else None
        if sooner and self.announced(c, s["now"][c]):
            return s["now"][c]
        return s["prev"][c] if s["r"] > 1 else None

    def named(self, c, o, name):
        if o is None:
            return False
        x = self.m.choices[c].options[o]
        return name in (x.name, x.base) or x.name.startswith(name + ".")

    def number(self, e, s, view=None):
        word = e[0]
        if word == "num":
            return e[1]
        if word == "state":
            if view is not None and e[1] not in self.m.actors[view].sees:
                raise StandoffError("E021 guard leak: %s" %
                                    self.m.states[e[1]].name)
            return Fraction(s["v"][e[1]])
        if word == "reading":
            return self.reading(e[1], s, view)
        if word == "term":
            d = self.m.deals[e[1]]
            terms = s["D"][e[1]][2]
            return Fraction(terms[e[2]] if terms else d.terms[e[2]][1])
        if word == "neg":
            x = self.number(e[1], s, view)
            return None if x is None else -x
        if word in ("min", "max"):
            xs = [self.number(x, s, view) for x in e[1:]]
            if None in xs:
                return None
            return min(xs) if word == "min" else max(xs)
        a, b = self.number(e[2], s, view), self.number(e[3], s, view)
        if a is None or b is None:
            return None
        if e[1] == "/":
            return a / b
        return {"+": a + b, "-": a - b, "*": a * b}[e[1]]

    def reading(self, i, s, view):
        last, cur = s["R"][i]
        if view is None:
            return last
        if i not in self.m.actors[view].reports:
            raise StandoffError("E021 guard leak: %s" % self.m.reports[i].name)
        if isinstance(cur, int):
            return cur
        for it in self.m.actors[view].items:
            if it[0] == "last k" and it[1] == i and not is_binned(it):
                return last
        return None

    def holds(self, c, s, view=None):
        word = c[0]
        if word == "and":
            return self.holds(c[1], s, view) and self.holds(c[2], s, view)
        if word == "or":
            return self.holds(c[1], s, view) or self.holds(c[2], s, view)
        if word == "not":
            return not self.holds(c[1], s, view)
        if word == "cmp":
            a, b = self.number(c[2], s, view), self.number(c[3], s, view)
            if a is None or b is None:
                return False
            return {"=": a == b, "!=": a != b, "<": a < b, ">": a > b,
                    "<=": a <= b, ">=": a >= b}[c[1]]
        if word in ("picked", "other"):
            o = (self.pick(s, c[1]) if view is None
                 else self.known_pick(s, c[1], view))
            if o is None:
                return False
            return self.named(c[1], o, c[2]) == (word == "picked")
        if word == "date":
            t = s["t"]
            return {"from": t >= c[2], "until": t <= c[2],
                    "in": t == c[2]}[c[1]]
        if word == "type":
            if view is not None and c[1] != view:
                raise StandoffError("E021 guard leak: another's type")
            return s["ty"][c[1]] == c[2]
        if word == "letter":
            return self.letter_holds(c, s, view)
        if word in ("says", "saysnot"):
            said = self.said(c[1], s, view)
            word_said = said[c[2]] if said else None
            if word_said is None:
                return False
            return (word_said == c[3]) == (word == "says")
        if word in ("deal", "nodeal"):
            if view is not None and c[1] not in self.m.actors[view].deals:
                raise StandoffError("E021 guard leak: a deal")
            status = s["D"][c[1]][0]
            if word == "nodeal":
                return status not in ("proposed", "in force")
            return status == c[2]
        if word == "benchmark":
            if view is not None and c[1] not in self.m.actors[view].marks:
                raise StandoffError("E021 guard leak: a benchmark")
            return s["B"][c[1]] == c[2]
        if word == "silent":
            return s["R"][c[1]][1] == "silent"
        if word == "outcome":
            return s["end"] == c[1]
        raise StandoffError("cannot test %r" % (c,))

    def letter_view(self, i, s, a):
        """What actor a knows of letter i: a word, or None."""
        x = self.m.letters[i]
        status, _, _, sview, _, aview = s["L"][i]
        if a == x.sender:
            return sview
        if a == x.addressee:
            return aview
        if a == x.courier and x.knows:
            return aview
        if a == x.courier and x.chooses:
            return "held" if status == "held" else None
        return None

    def letter_holds(self, c, s, view):
        status = s["L"][c[1]][0]
        if status in ("held", "way", "lost"):
            status = "sent"
        if view is not None:
            x = self.m.letters[c[1]]
            if view not in (x.sender, x.addressee) and not (
                    view == x.courier and x.knows):
                raise StandoffError("E021 guard leak: a letter")
            status = self.letter_view(c[1], s, view)
        if c[2] == "arrived":
            return status in ("arrived", "overdue")
        return status == c[2]

    def said(self, i, s, view):
        x = self.m.letters[i]
        status, _, says, sview, ssays, aview = s["L"][i]
        if view is None:
            return says
        if view == x.sender:
            return ssays if sview != "answered" else None
        if view == x.addressee:
            return says if aview in ("arrived", "overdue") else None
        if view == x.courier and x.chooses and x.reads:
            return says if status == "held" else None
        return None

    # ------------------------------------------------------------ knowledge

    def deal_view(self, i, s, months):
        status, props, terms, n, _ = s["D"][i]
        if status not in ("proposed", "in force"):
            return (status,)
        if not months:
            return (status, props, terms)
        return (status, props, terms, min(n, self.m.deals[i].pending))

    def visible(self, a, s, months=False):
        """Values, statuses and judgements that actor a sees just now."""
        x = self.m.actors[a]
        return (tuple(s["v"][i] for i in x.sees),
                tuple(self.letter_view(i, s, a) for i in x.letters),
                tuple(self.deal_view(i, s, months) for i in x.deals),
                tuple(s["B"][i] for i in x.marks))

    def base_knowledge(self, a, s):
        x, m = self.m.actors[a], self.m
        says = tuple(self.said(i, s, a) for i in x.letters)
        news = tuple(s["R"][i][1] for i in x.reports)
        own_standing = tuple(s["st"][c] for c in x.own
                             if m.choices[c].standing)
        public = tuple(o if self.announced(c, o) else None
                       for c, o in enumerate(s["pub"]))
        return (s["t"], s["r"], s["ty"][a], self.visible(a, s, True), says,
                news, tuple(s["old"][c] for c in x.own), own_standing,
                s["prev"], public,
                tuple(self.remembered(a, k, s)
                      for k in range(len(x.items))))

    def remembered(self, a, k, s):
        it, value = self.m.actors[a].items[k], s["mem"][a][k]
        if not is_binned(it):
            return value
        width = it[-1][1]
        if isinstance(value, tuple):
            return tuple(x // width for x in value)
        return None if value is None else value // width

    def knowledge(self, a, s, c):
        m = self.m
        now = tuple(s["now"][k] for k in m.actors[a].own)
        sooner = tuple(
            (s["st"][k] if self.announced(k, s["st"][k]) else None,
             s["now"][k] if self.announced(k, s["now"][k]) else None)
            for k, ch in enumerate(m.choices)
            if m.group[ch.owner] < m.group[a])
        return (a, c, now, sooner) + self.base_knowledge(a, s)

    # ------------------------------------------------------ drawing effects

    def draws(self, effects, s, actor=None):
        """Effects -> [(chance, tuple of writes)], all read from s."""
        out = [(ONE, ())]
        for e in effects:
            if e[0] == "chance":
                parts, left = [], ONE
                for p, sub in e[1]:
                    left -= p
                    parts += [(p * q, w)
                              for q, w in self.draws(sub, s, actor)]
                if left < 0:
                    raise StandoffError("E011 chances add up to more than 1")
                alt = self.draws(e[2], s, actor) if e[2] else [(ONE, ())]
                parts += [(left * q, w) for q, w in alt]
            elif e[0] == "if":
                sub = e[2] if self.holds(e[1], s) else (e[3] or [])
                parts = self.draws(sub, s, actor)
            else:
                parts = [(ONE, (self.write(e, s, actor),))]
            out = [(p * q, w + v) for p, w in out for q, v in parts
                   if p * q > 0]
        return out

    def write(self, e, s, actor):
        word = e[0]
        if word in ("set", "add"):
            value = self.number(e[2], s)
            if value != int(value):
                raise StandoffError("E065 no whole number of steps")
            return (word, e[1], int(value))
        if word == "moves":
            n, goal = self.number(e[1 + 1], s), self.number(e[3], s)
            gap = goal - s["v"][e[1]]
            step = min(n, abs(gap)) * (1 if gap > 0 else -1)
            if step != int(step):
                raise StandoffError("E065 no whole number of steps")
            return ("add", e[1], int(step))
        return e + (actor,)

    def merge(self, s, groups):
        """Independent groups of draws -> [(chance, situation)]."""
        out = {}
        for combo in product(*groups):
            p = ONE
            for q, _ in combo:
                p *= q
            for q, s2 in self.written(s, [w for _, ws in combo for w in ws]):
                out.setdefault(freeze(s2), [Fraction(0), s2])[0] += p * q
        return [(p, s2) for p, s2 in out.values()]

    def written(self, s, writes):
        m, t = self.m, s["t"]
        s2 = dict(s)
        values = list(s["v"])
        for i, x in enumerate(m.states):
            sets = [w[2] for w in writes if w[0] == "set" and w[1] == i]
            adds = [w[2] for w in writes if w[0] == "add" and w[1] == i]
            v = values[i]
            if sets:
                if len(set(sets)) > 1 and not x.ordered:
                    raise StandoffError("E031 conflicting writes to %s in %s"
                                        % (x.name, m.periods[t - 1]))
                v = max(sets)
            values[i] = max(x.lo, min(x.hi, v + sum(adds)))
        s2["v"] = tuple(values)
        ends = [w[1] for w in writes if w[0] == "end"]
        if ends:
            s2["end"] = min(ends, key=m.outcomes.index)
        ops = [list(map(list, d)) for d in s["ops"]]
        for w in writes:
            if w[0] == "propose":
                ops[w[1]][0] = [x for x in ops[w[1]][0] if x[0] != w[3]]
                ops[w[1]][0].append((w[3], w[2]))
            elif w[0] == "accept":
                ops[w[1]][1].append(w[2])
            elif w[0] == "leave":
                ops[w[1]][2].append(w[2])
        s2["ops"] = tuple(tuple(tuple(sorted(set(x))) for x in d)
                          for d in ops)
        out = [(ONE, s2)]
        for w in writes:
            if w[0] in ("send", "answer", "pass"):
                out = [(p * q, s4) for p, s3 in out
                       for q, s4 in self.letter_write(w, s, s3)]
        return out

    def letter_write(self, w, first, s):
        """One act on a letter; `first` is what the phase read."""
        x, t = self.m.letters[w[1]], s["t"]
        status, when, says, sview, ssays, aview = s["L"][w[1]]
        seen = first["L"][w[1]][0]
        if w[0] == "answer":
            if seen not in ("arrived", "overdue"):
                return [(ONE, s)]
            if x.learns in ("answer", "arrival"):
                sview = "answered"
            return [(ONE, self.with_letter(s, w[1], (
                "answered", None, says, sview, ssays, "answered")))]
        if w[0] == "pass":
            if seen != "held":
                return [(ONE, s)]
            return self.posted(x, s, (None, None, says, sview, ssays, aview))
        fresh = seen == "unsent" or (x.repeatable
                                     and seen in ("lost", "answered"))
        again = x.repeatable and seen == "way" and not x.chooses
        if not fresh and not again:
            return [(ONE, s)]
        s = self.note_sent(s, x, w[2])
        if fresh:
            rec = (None, None, w[2], "sent", w[2], aview)
            if x.chooses:
                return [(ONE, self.with_letter(
                    s, x.i, ("held",) + rec[1:]))]
            return self.posted(x, s, rec)
        out = []
        for d, p in x.delays:
            if p == 0:
                continue
            due, text = when, says
            if d is not None and t + d <= when:
                due, text = t + d, w[2]
            out.append((p, self.with_letter(s, x.i, (
                "way", due, text, "sent", w[2], aview))))
        return out

    def posted(self, x, s, rec):
        out = []
        for d, p in x.delays:
            if p > 0:
                head = ("lost", None) if d is None else ("way", s["t"] + d)
                out.append((p, self.with_letter(s, x.i, head + rec[2:])))
        return out

    @staticmethod
    def with_letter(s, i, rec):
        s2 = dict(s)
        s2["L"] = put(s["L"], i, rec)
        return s2

    def note_sent(self, s, x, says):
        s2 = dict(s)
        for k, it in enumerate(self.m.actors[x.sender].items):
            if it[0] == "own letters":
                mine = [y.i for y in self.m.letters if y.sender == x.sender]
                s2 = self.remember(s2, x.sender, k, put(
                    s2["mem"][x.sender][k], mine.index(x.i), s["t"]))
            elif it[:2] == ("says", x.i):
                s2 = self.remember(s2, x.sender, k, says)
        return s2

    @staticmethod
    def remember(s, a, k, value):
        s2 = dict(s)
        s2["mem"] = put(s["mem"], a, put(s["mem"][a], k, value))
        return s2

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

    # ---- phase 6

    def phase6(self, point, s):
        m, t = self.m, point[1]
        groups, deals = [], []
        for d in m.deals:
            rec, effects = self.deal_step(d, s)
            deals.append(rec)
            groups += [self.draws(e, s) for e in effects]
        outs = []
        for p, s2 in self.merge(s, groups):
            s2 = dict(s2, D=tuple(deals), B=self.judge(s, False)["B"])
            for a in m.actors:
                for k, it in enumerate(a.items):
                    if it[0] == "terms" and it[1] in a.deals and \
                            deals[it[1]][0] in ("proposed", "in force"):
                        s2 = self.remember(s2, a.i, k, deals[it[1]][2])
            outs.append((p, s2))
        return self.step(outs, s, ("7", t), "6", t)

    def deal_step(self, d, s):
        """D1 and what follows it -> (new record, effects that happen)."""
        status, props, terms, months, kept = s["D"][d.i]
        proposals, accepts, leaves = s["ops"][d.i]
        for who in [x[0] for x in proposals] + list(accepts) + list(leaves):
            if who not in d.parties:
                raise StandoffError("E064 not a party of %s" % d.name)
        if status == "in force":
            months += 1
            kept, breach = self.obligations(d, s, months, kept)
            if breach:
                return ("broken", (), terms, 0, ()), d.broken
            effects = d.gives + [e for k, e in d.after if k == months]
            if leaves:
                return ("left", (), terms, 0, ()), effects
            return ("in force", props, terms, months, kept), effects
        if status == "proposed":
            agreed = set(props) | set(accepts) | {
                a for a, v in proposals if v == terms}
            if set(d.parties) <= agreed:
                return self.begun(d, props, terms), []
            proposals = [x for x in proposals if x[0] not in props]
            status, terms = "none", None
        if not proposals:
            return (status, (), terms, 0, ()), []
        if len({v for _, v in proposals}) > 1:
            if status in ("broken", "left"):
                return (status, (), terms, 0, ()), []
            return ("none", (), None, 0, ()), []
        who = tuple(sorted(a for a, _ in proposals))
        if set(d.parties) <= set(who):
            return self.begun(d, who, proposals[0][1]), []
        return ("proposed", who, proposals[0][1], 0, ()), []

    @staticmethod
    def begun(d, props, terms):
        return ("in force", props, terms, 0, (False,) * len(d.musts))

    def obligations(self, d, s, months, kept):
        kept, breach = list(kept), False
        cur = s["R"][d.report][1] if d.report is not None else None
        if d.silence and cur == "silent":
            breach = True
        for k, (_, cond, (when, n)) in enumerate(d.musts):
            if d.report is None:
                rounds = [dict(s, now=picks, old=picks,
                               st=picks) for picks in s["rounds"]]
                truths = [self.holds(cond, x) for x in rounds]
                always, once = all(truths), any(truths)
            elif isinstance(cur, int):
                always = once = any(
                    self.holds(cond, self.as_read(s, d.report, v))
                    for v in range(cur - d.tolerance, cur + d.tolerance + 1))
            else:
                continue
            if when == "every":
                breach = breach or not always
                continue
            kept[k] = kept[k] or once
            due = s["t"] == n if when == "by" else months == n
            if due and not kept[k]:
                breach = True
        return tuple(kept), breach

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


def freeze(s):
    return tuple(s[k] for k in sorted(s))


def put(t, i, value):
    return t[:i] + (value,) + t[i + 1:]


def is_binned(it):
    return isinstance(it[-1], tuple) and it[-1][:1] == ("bins",)


def without_record(s, a):
    """The record of a decide phase does not hold the record itself."""
    mem = tuple(() if it == ("everything",) else v
                for it, v in zip(a.items, s["mem"][a.i]))
    return put(s["mem"], a.i, mem)


def mentions(e, deal):
    if isinstance(e, tuple) and e and e[0] in ("propose", "accept", "leave"):
        return e[1] == deal
    if isinstance(e, (tuple, list)):
        return any(mentions(x, deal) for x in e)
    return False


ATOMS = ("state", "reading", "silent", "picked", "other", "deal", "nodeal",
         "term", "type", "benchmark", "letter", "says", "saysnot", "date",
         "outcome")


def atoms(c):
    """The leaves of a condition that say what it reads."""
    if not isinstance(c, tuple):
        return []
    if c and c[0] in ATOMS:
        return [c]
    return [x for part in c for x in atoms(part)]
