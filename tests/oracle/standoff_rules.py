"""Rules, schedules, benchmarks, payoffs and questions."""

from fractions import Fraction

from standoff_terms import with_step
from standoff_text import StandoffError, Stream, Thing, Tok


class Rules:
    """The part of the Reader for everything that is nobody's act."""

    # ---- rules, schedules, benchmarks, endings

    def every_block(self, _, clauses):
        m = self.m
        for c in clauses:
            s = Stream(c)
            if s.peek(1).text == "moves":
                i = self.find(s, "state")
                s.next()
                n = self.expression(s)
                s.need("toward")
                e = self.expression(s)
                p = (self.expression(s) if s.take(",")
                     else ("num", Fraction(1), None))
                s.finish()
                rule = ("moves", i, with_step(n, m.states[i].step),
                        with_step(e, m.states[i].step))
                m.rules.append([("chance", ((p, [rule]),), None)])
                continue
            m.rules.append(self.guarded(s))
            s.finish()

    def guarded(self, s):
        """[if/unless COND | ODDS] -> EFFECTS, or plain effects."""
        if s.take("if"):
            cond = self.condition(s)
            if not s.at(":"):
                s.need("->")
                return [("if", cond, self.effects(s), None)]
            s.i = 0
        if s.take("unless"):
            cond = ("not", self.condition(s))
            s.need("->")
            return [("if", cond, self.effects(s), None)]
        mark = s.i
        try:
            odds = self.expression(s)
            if s.take("->"):
                return [("chance", ((odds, self.effects(s)),), None)]
        except StandoffError:
            pass
        s.i = mark
        s.take("->")
        return self.effects(s)

    def schedule_block(self, s, clauses):
        m = self.m
        x = Thing(name=s.name(), dates=None, after=None, rules=[],
                  i=len(m.schedules))
        if s.peek().kind == "num":
            k = self.whole(s)
            self.time_word(s)
            s.need("after")
            x.after = (k, self.condition(s))
        else:
            x.dates = self.dates(s)
        self.on_line(s, clauses)
        for c in clauses:
            q = Stream(c)
            x.rules.append(self.guarded(q))
            q.finish()
        m.schedules.append(x)

    def benchmark_block(self, b, rest):
        s, clauses = rest
        clauses = list(clauses)
        if not s.done():
            self.on_line(s, clauses)
        s = Stream([t for c in clauses for t in c])
        b.condition = self.condition(s)
        s.need("by")
        b.date = self.date(s)
        b.report = None
        if s.take("judged"):
            s.need("by")
            b.report = self.find(s, "report")
        s.finish()

    def outcome_block(self, s, clauses):
        toks = s.toks[s.i:] + [t for c in clauses for t in c]
        s = Stream(toks)
        name = s.name()
        s.need("when")
        self.m.endings.append((name, self.condition(s)))
        s.finish()
        if name not in self.m.outcomes:
            raise StandoffError("E051 %s has no payoff row" % name)

    # ---- payoffs

    def column(self, s):
        a, kind = self.actor(s.name()), None
        if s.take("."):
            kind = [n for n, _ in self.m.actors[a].types].index(s.name())
        return (a, kind)

    def payoff_head(self, s, clauses):
        m = self.m
        while not s.done():
            m.columns.append(self.column(s))
            s.take(",")
        for c in clauses:
            q = Stream(c)
            if len(c) > 1 and c[1].text in (":", "."):
                self.ranking(q)
                continue
            self.later_cells(q)
        for a, _ in m.columns:
            m.actors[a].unranked = True
        for (a, _), _ in m.rankings:
            m.actors[a].ranked = True

    def later_cells(self, q):
        # cells read deal terms and states, all known by the time this runs
        name = q.name()
        row = []
        for _ in self.m.columns:
            row.append(self.expression(q, cell=True))
            q.take(",")
        self.m.cells[name] = row
        while q.take("then"):
            q.need("pays")
            amount = self.expression(q)
            q.need("a")
            self.time_word(q)
            for w in ("to", "the", "end"):
                q.need(w)
            who = [(a.i, None) for a in self.m.actors]
            if q.take("for"):
                who = [self.column(q)]
                while q.take(","):
                    who.append(self.column(q))
            self.m.then_pays += [(name, w, amount) for w in who]
        q.finish()

    def ranking(self, q):
        who = self.column(q)
        q.need(":")
        levels = [[q.name()]]
        while not q.done():
            op = q.next().text
            if op == ">":
                levels.append([q.name()])
            elif op in ("=", "~"):
                levels[-1].append(q.name())
            else:
                q.fail("> or = or ~")
        values, n = {}, len(levels)
        for k, names in enumerate(levels):
            for name in names:
                values[name] = Fraction(100 * (n - 1 - k), max(n - 1, 1))
        self.m.rankings.append((who, values))

    def pay_block(self, _, clauses):
        for c in clauses:
            s = Stream(c)
            who = self.column(s)
            e = self.expression(s)
            cond = self.condition(s) if s.take("if") else None
            s.finish()
            self.m.pays.append((who, e, cond))

    # ---- questions

    def ask_clause(self, toks, _):
        part = []
        for t in toks + [Tok("op", ";", True, 0)]:
            if t.text == ";":
                if part:
                    self.m.asks.append(self.question(part))
                part = []
            else:
                part.append(t)

    def question(self, toks):
        s = Stream(toks)
        text = " ".join(str(t) for t in toks)
        s.need("chance")
        s.need("of")
        if s.take("each", "outcome"):
            if s.take("by"):
                s.next()
            s.finish()
            return Thing(text=text, each=True)
        q = Thing(text=text, each=False, given=None, move=None, how=None)
        q.event = self.event(s)
        while not s.done():
            if s.take("given"):
                q.given = self.event(s)
            elif s.take("if"):
                q.move = self.option_path(s)
                q.move_date = self.date(s) if s.take("in") else None
                q.how = s.name()
                if q.how not in ("surprises", "known"):
                    s.fail("surprises or known")
            else:
                s.fail("given, or if ... surprises or known")
        return q

    def event(self, s):
        # `in DATE` after a status must not be eaten as a test of a date
        cond = self.condition(s)
        if s.take("by"):
            return (cond, "by", self.date(s))
        if s.take("in"):
            return (cond, "in", self.date(s))
        return (cond, "by", len(self.m.periods))
