"""Effects, the acts on letters and deals, and how writes are merged."""

from fractions import Fraction
from itertools import product

from standoff_text import StandoffError
from standoff_view import freeze, put

ONE = Fraction(1)


class Acts:
    """The part of the Game that turns one situation into others."""

    # ------------------------------------------------------ drawing effects

    def draws(self, effects, s, actor=None):
        """Effects -> [(chance, tuple of writes)], all read from s."""
        out = [(ONE, ())]
        for e in effects:
            if e[0] == "chance":
                parts, left = [], ONE
                for odds, sub in e[1]:
                    p = self.number(odds, s)
                    left -= p
                    parts += [(p * q, w)
                              for q, w in self.draws(sub, s, actor)]
                if left < 0 or any(p < 0 for p, _ in parts):
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
