"""Reader of .standoff files for the oracle.

Written from the language page and docs/rulings.md alone.  It is lenient: it
refuses what it cannot understand, and leaves most of the checking to the
program under test.  The result is a `Model` of plain Python values; every
expression and condition is a nested tuple, evaluated in standoff_play.py.
"""

from fractions import Fraction

from standoff_rules import Rules
from standoff_terms import Terms, set_term
from standoff_text import (Model, StandoffError, Stream, Thing, clock_label,
                           clock_number, read_blocks, without_remarks,
                           TIME_WORDS)


# ------------------------------------------------------------- the reader

class Reader(Terms, Rules):
    def __init__(self, text):
        self.m = Model()
        self.blocks = []
        for head, clauses in read_blocks(text):
            if head[0].text == "scenario":
                self.read_clock(head, clauses)
            self.blocks.append((without_remarks(head),
                                [without_remarks(c) for c in clauses]))
        self.owner = None          # the actor whose choice is being read
        self.declare()
        self.fill()

    # ---- dates

    def read_clock(self, head, clauses):
        all_clauses = list(clauses)
        for k, t in enumerate(head):
            if k >= 2 and t.text in ("months", "weeks", "quarters", "years",
                                     "turns"):
                all_clauses.append(head[k:])
        for c in all_clauses:
            if c[0].text in ("months", "weeks", "quarters", "years", "turns"):
                kind = c[0].text
                first = clock_number(kind, c[1].text)
                last = clock_number(kind, c[3].text)
                self.m.clock = (kind, first, last)
                self.m.periods = [clock_label(kind, n)
                                  for n in range(first, last + 1)]
        if not self.m.clock:
            raise StandoffError("the scenario has no clock")

    def date(self, s):
        kind, first, _ = self.m.clock
        t = s.next()
        n = clock_number(kind, t.text)
        if n < first:
            raise StandoffError("E061 line %d: %s is before the clock" % (
                t.line, t.text))
        return n - first + 1

    def time_word(self, s):
        if s.peek().text not in TIME_WORDS:
            s.fail("a word for the clock's period")
        s.next()

    def whole(self, s):
        t = s.next()
        if t.kind != "num" or not t.text.isdigit():
            raise StandoffError("line %d: wanted a whole number" % t.line)
        return int(t.text)

    # ---- first pass: what exists

    def put(self, name, kind, i):
        if name in self.m.index and kind != "outcome":
            raise StandoffError("E062 %s is declared twice" % name)
        self.m.index.setdefault(name, (kind, i))

    def declare(self):
        m = self.m
        self.later = []
        for head, clauses in self.blocks:
            s = Stream(head)
            word = s.name()
            if word == "scenario":
                s.name()
                self.on_line(s, clauses)
                for c in clauses:
                    self.scenario_clause(Stream(c))
            elif word == "actor":
                a = Thing(name=s.name(), types=[("", Fraction(1))],
                          sharpness=None, discount=Fraction(1), items=[],
                          i=len(m.actors))
                self.put(a.name, "actor", a.i)
                m.actors.append(a)
                self.on_line(s, clauses)
                self.later.append((self.actor_block, a, clauses))
            elif word == "types":
                self.later.append((self.types_block, s, clauses))
            elif word == "assume":
                self.on_line(s, clauses)
                for c in clauses:
                    q = Stream(c)
                    name = q.name()
                    m.assume[name] = self.constant(q)
                    q.finish()
                    self.put(name, "assume", name)
            elif word == "state":
                self.on_line(s, clauses)
                for c in clauses:
                    self.later.append((self.state_clause, Stream(c), None))
            elif word == "letter":
                self.declare_letter(s, clauses)
            elif word == "report":
                r = Thing(name=s.name(), i=len(m.reports), due=None,
                          errors=[], viewers=set(), silent=[], state=None)
                self.put(r.name, "report", r.i)
                m.reports.append(r)
                self.later.append((self.report_head, r, (s, clauses)))
            elif word == "deal":
                d = Thing(name=s.name(), i=len(m.deals), parties=[],
                          terms=[], musts=[], gives=[], after=[], broken=[],
                          tolerance=0, report=None, silence=False)
                self.put(d.name, "deal", d.i)
                m.deals.append(d)
                self.later.append((self.deal_head, d, (s, clauses)))
            elif word == "benchmark":
                b = Thing(name=s.name(), i=len(m.benchmarks))
                self.put(b.name, "benchmark", b.i)
                m.benchmarks.append(b)
                self.later.append((self.benchmark_block, b, (s, clauses)))
            elif word == "choice":
                self.declare_choice(s, clauses)
            elif word == "payoff":
                self.later.append((self.payoff_head, s, clauses))
                for c in clauses:
                    if len(c) == 1 or c[1].text not in (":", "."):
                        self.put_outcome(c[0].text)
                for c in clauses:
                    if len(c) > 1 and c[1].text in (":", "."):
                        for t in c[[x.text for x in c].index(":"):]:
                            if t.kind == "name":
                                self.put_outcome(t.text)
            elif word == "every":
                s.next()
                self.on_line(s, clauses)
                self.later.append((self.every_block, None, clauses))
            elif word == "schedule":
                self.later.append((self.schedule_block, s, clauses))
            elif word == "outcome":
                self.later.append((self.outcome_block, s, clauses))
            elif word == "each":
                s.next()
                s.need("pay")
                self.on_line(s, clauses)
                self.later.append((self.pay_block, None, clauses))
            elif word == "ask":
                self.on_line(s, clauses)
                for c in clauses:
                    self.later.append((self.ask_clause, c, None))
            elif word == "check":
                pass
            else:
                raise StandoffError("line %d: no block is called %r" % (
                    head[0].line, word))

    @staticmethod
    def on_line(s, clauses):
        """A block with one clause may stand on its head's line."""
        if not s.done():
            clauses.insert(0, s.toks[s.i:])
            s.i = len(s.toks)

    def put_outcome(self, name):
        if name not in self.m.outcomes:
            self.m.outcomes.append(name)
            self.put(name, "outcome", name)

    def scenario_clause(self, s):
        word = s.name()
        if word == "rounds":
            self.m.rounds = self.whole(s)
        elif word == "otherwise":
            self.m.otherwise = s.name()
        elif word == "order":
            groups = [[s.name()]]
            while not s.done():
                if s.take("then"):
                    groups.append([s.name()])
                else:
                    s.need(",")
                    groups[-1].append(s.name())
            self.m.order = groups
        elif word not in ("months", "weeks", "quarters", "years", "turns",
                          "omits"):
            s.i = 0
            s.fail("a clause of a scenario")

    def declare_letter(self, s, clauses):
        m = self.m
        x = Thing(name=s.name(), i=len(m.letters), line=s.toks[0].line,
                  delays=[(0, Fraction(1))], deadline=None, learns="never",
                  fields=[], repeatable=False, via=None, knows=False,
                  chooses=False, reads=False, choice=None)
        s.need("from")
        x.sender = s.name()
        s.need("to")
        x.addressee = s.name()
        self.put(x.name, "letter", x.i)
        m.letters.append(x)
        everything = list(clauses)
        if not s.done():
            self.on_line(s, everything)
        for c in everything:
            q = Stream(c)
            if q.at("via"):
                self.via(x, q)
        if x.chooses:
            ch = Thing(name=x.name, owner=x.via, line=x.line, letter=x,
                       opens=1, closes=None, every_round=True,
                       standing=False, announced=False, options=[],
                       clauses=[])
            x.choice = ch
            m.choices.append(ch)
        self.later.append((self.letter_block, x, everything))

    def via(self, x, s):
        s.need("via")
        x.via = s.name()
        if s.take("("):
            while not s.take(")"):
                word = s.name()
                if word not in ("knows", "chooses", "reads"):
                    s.fail("knows, chooses or reads")
                setattr(x, word, True)
                s.take(",")

    def declare_choice(self, s, clauses):
        ch = Thing(name=s.name(), line=s.toks[0].line, letter=None, opens=1,
                   closes=None, every_round=False, standing=False,
                   announced=False, options=[], clauses=clauses)
        s.need("of")
        ch.owner = s.name()
        while not s.done():
            if s.take("from"):
                ch.opens = self.date(s)
            elif s.take("until"):
                ch.closes = self.date(s)
            elif s.take("every", "round"):
                ch.every_round = True
            elif s.take("standing"):
                ch.standing = True
            elif s.take("announced"):
                ch.announced = True
            else:
                break
        self.on_line(s, clauses)
        self.m.choices.append(ch)

    # ---- second pass: fill in, in an order in which names are known

    def fill(self):
        m = self.m
        m.choices.sort(key=lambda c: c.line)
        for i, ch in enumerate(m.choices):
            ch.i = i
            ch.owner = self.actor(ch.owner)
        for x in m.letters:
            x.sender, x.addressee = (self.actor(x.sender),
                                     self.actor(x.addressee))
            kind, i = m.index.get(x.via, (None, None))
            x.courier = i if kind == "actor" else None
        self.run(self.actor_types, of=self.actor_block)
        for f in (self.types_block, self.state_clause, self.report_head,
                  self.deal_head, self.letter_block):
            self.run(f)
        for d in m.deals:
            self.deal_terms(d)
        for ch in m.choices:
            self.option_names(ch)
        for a in m.actors:
            a.ranked, a.unranked = False, False
        self.run(self.payoff_head)
        for ch in m.choices:
            self.choice_options(ch)
        for f in (self.every_block, self.schedule_block, self.benchmark_block,
                  self.outcome_block, self.pay_block):
            self.run(f)
        for r in m.reports:
            self.report_clauses(r)
        for d in m.deals:
            self.deal_clauses(d)
        self.run(self.actor_block)
        self.run(self.ask_clause)
        for a in m.actors:
            if a.sharpness is None and a.ranked and not a.unranked:
                a.sharpness = Fraction(1, 10)
        m.group = {}
        for g, names in enumerate(m.order or []):
            for n in names:
                m.group[self.actor(n)] = g
        for a in m.actors:
            m.group.setdefault(a.i, 0)

    def run(self, step, of=None):
        for f, a, b in self.later:
            if f == (of or step):
                step(a, b)

    def actor(self, name):
        kind, i = self.m.index.get(name, (None, None))
        if kind != "actor":
            raise StandoffError("E062 no actor is called %s" % name)
        return i

    def find(self, s, wanted):
        name = s.name()
        kind, i = self.m.index.get(name, (None, None))
        if kind != wanted:
            raise StandoffError("E062 no %s is called %s" % (wanted, name))
        return i

    # ---- actors and types

    def actor_types(self, a, clauses):
        for c in clauses:
            s = Stream(c)
            if s.take("type"):
                pairs = []
                while True:
                    name = s.name()
                    given = not s.done() and not s.at(",")
                    pairs.append((name, self.chance(s) if given else None))
                    if not s.take(","):
                        break
                s.finish()
                # a table of joint chances stands in for missing ones
                if sum(p is None for _, p in pairs) > 1:
                    a.types = [(n, Fraction(0)) for n, _ in pairs]
                else:
                    a.types = self.whole_chance(pairs, a.name)

    def actor_block(self, a, clauses):
        for c in clauses:
            s = Stream(c)
            if s.take("type"):
                continue
            if s.take("sharpness"):
                a.sharpness = self.constant(s)
            elif s.take("discount"):
                a.discount = self.constant(s)
            elif s.take("remembers"):
                while True:
                    a.items.append(self.item(a, s))
                    if not s.take(","):
                        break
            else:
                s.fail("a clause of an actor")
            s.finish()

    def item(self, a, s):
        m, width = self.m, None
        if s.take("everything"):
            it = ("everything",)
        elif s.take("own", "letters"):
            it = ("own letters",)
        elif s.take("own", "last", "options"):
            it = ("own last options",)
        elif s.take("letters", "received"):
            it = ("letters received",)
        elif s.take("terms", "of"):
            it = ("terms", self.find(s, "deal"))
        elif s.take("says", "of"):
            it = ("says", self.find(s, "letter"))
        elif s.take("count", "of"):
            self.owner = a.i
            it = ("count",) + self.option_path(s)
        elif s.take("first"):
            it = ("first", self.find(s, "report"))
        elif s.take("highest"):
            it = ("highest", self.find(s, "report"))
        elif s.take("last"):
            if s.peek().kind == "num":
                k = self.whole(s)
                s.need("of")
                it = ("last k", self.find(s, "report"), k)
            elif m.index.get(s.peek().text, ("",))[0] == "report" \
                    and s.peek(1).text != ".":
                it = ("last k", self.find(s, "report"), 1)
            else:
                self.owner = a.i
                it = ("last choice", self.choice_name(s))
        else:
            s.fail("something to remember")
        if s.take("in", "bins", "of"):
            width = self.value(s)
            if s.peek().kind == "name":
                s.next()
                step = m.states[m.reports[it[1]].state].step
                width /= step
        return it + (("bins", width),) if width is not None else it

    def types_block(self, s, clauses):
        m = self.m
        actors = [self.actor(s.name())]
        while s.take(","):
            actors.append(self.actor(s.name()))
        rows = []
        head = self.labels(s)
        for c in clauses:
            q = Stream(c)
            names = self.labels(q)
            ps = []
            while not q.done():
                ps.append(self.chance(q))
                q.take(",")
            if not ps:
                head = names
            elif len(names) == len(actors) and len(ps) == 1:
                rows.append((tuple(names), ps[0]))
            else:
                for h, p in zip(head, ps):
                    rows.append(((names[0], h), p))
        rows = self.whole_chance(rows, "types")
        for k, a in enumerate(actors):
            seen = []
            for names, _ in rows:
                if names[k] not in seen:
                    seen.append(names[k])
            declared = [n for n, _ in m.actors[a].types if n]
            m.actors[a].types = [(n, Fraction(0)) for n in declared or seen]
        m.joint = (actors, rows)

    def labels(self, s):
        out = []
        while s.peek().kind == "name" and s.peek().text != "rest":
            name = s.name()
            while s.take("."):
                name = s.name()
            out.append(name)
            s.take(",")
        return out

    # ---- states

    def state_clause(self, s, _):
        m = self.m
        x = Thing(name=s.name(), i=len(m.states), words=None, step=None,
                  unit=None, ordered=False, viewers=set())
        if s.peek().kind == "name":
            x.words = [s.name()]
            while s.peek().text in ("<", ","):
                x.ordered = s.next().text == "<"
                x.words.append(s.name())
            x.lo, x.hi = 0, len(x.words) - 1
        else:
            x.lo = int(self.value(s))
            s.need("..")
            x.hi = int(self.value(s))
        s.need("=")
        pairs = []
        while True:
            v = x.words.index(s.name()) if x.words else self.value(s)
            if s.peek().kind == "name" and s.peek().text == "rest":
                s.next()
                pairs.append((v, None))
            elif s.peek().kind == "pct" or s.peek().text in m.assume:
                pairs.append((v, self.chance(s)))
            else:
                pairs.append((v, Fraction(1)))
            if not s.take(","):
                break
        x.start = self.whole_chance(pairs, x.name)
        if s.take("("):
            s.need("x")
            x.step = self.value(s)
            x.unit = s.name()
            s.need(")")
        x.viewers = self.viewers(s)
        s.finish()
        for v, _ in x.start:
            if not x.lo <= v <= x.hi or v != int(v):
                raise StandoffError("E063 %s starts off its scale" % x.name)
        self.put(x.name, "state", x.i)
        m.states.append(x)

    # ---- letters

    def letter_block(self, x, clauses):
        for c in clauses:
            s = Stream(c)
            if s.at("via"):
                self.via(x, s)
            elif s.take("arrives"):
                pairs = []
                while True:
                    pairs.append((self.delay(s), self.chance(s)))
                    if not s.take(","):
                        break
                x.delays = self.whole_chance(pairs, x.name)
            elif s.take("deadline"):
                x.deadline = self.whole(s)
                self.time_word(s)
                s.need("after")
                s.need("arrival")
            elif s.take("sender", "learns"):
                if s.take("on"):
                    x.learns = s.name()
                else:
                    s.need("never")
            elif s.take("says"):
                while True:
                    field = s.name()
                    values = [s.name()]
                    while s.take("/"):
                        values.append(s.name())
                    x.fields.append((field, values))
                    if not s.take(","):
                        break
            elif s.take("repeatable"):
                x.repeatable = True
            else:
                s.fail("a clause of a letter")
            while s.take("repeatable"):
                x.repeatable = True
            s.finish()
        if x.choice:
            x.choice.options = [
                Thing(name=n, base=n, guard=None, costs=[], announced=False,
                      effects=e)
                for n, e in (("hold", []), ("pass", [("pass", x.i)]))]

    def delay(self, s):
        if s.take("never"):
            return None
        if s.take("same"):
            self.time_word(s)
            return 0
        if s.take("next"):
            self.time_word(s)
            return 1
        s.take("after") or s.take("in")
        k = self.whole(s)
        self.time_word(s)
        s.take("later")
        return k

    # ---- reports

    def report_head(self, r, rest):
        s, clauses = rest
        if s.take("by"):
            s.name()
        r.due = self.dates(s)
        r.clauses = list(clauses)
        if not s.done():
            self.on_line(s, r.clauses)
        for c in r.clauses:
            q = Stream(c)
            if q.take("measures"):
                r.state = self.find(q, "state")

    def dates(self, s):
        """Dates of a report or schedule, as a set of periods."""
        last = len(self.m.periods)
        if s.take("in"):
            out = {self.date(s)}
            while s.take(","):
                out.add(self.date(s))
            return out
        s.need("every")
        k = 1
        if s.peek().kind == "num":
            k = self.whole(s)
        self.time_word(s)
        first = self.date(s) if s.take("from") else 1
        return set(range(first, last + 1, k))

    def report_clauses(self, r):
        m = self.m
        for c in r.clauses:
            s = Stream(c)
            if s.take("measures"):
                s.name()
                if s.take(","):
                    r.errors.append((None, self.error_list(s, r)))
            elif s.at("error"):
                pairs = self.error_list(s, r)
                s.need("if")
                r.errors.append((self.condition(s), pairs))
            elif s.take("silent"):
                s.need("if")
                r.silent.append(self.condition(s))
            elif s.at("seen"):
                r.viewers |= self.viewers(s)
            elif s.take("public"):
                r.viewers |= {a.i for a in m.actors}
            else:
                s.fail("a clause of a report")
            s.finish()
        # R1: conditional lists in file order, the measures line's last
        r.errors.sort(key=lambda e: e[0] is None)
        if not any(e[0] is None for e in r.errors):
            r.errors.append((None, [(0, Fraction(1))]))

    def error_list(self, s, r):
        s.need("error")
        x, pairs = self.m.states[r.state], []
        while True:
            v = self.value(s)
            if s.peek().kind == "name" and s.peek().text == x.unit:
                s.next()
                v /= x.step
            if v != int(v):
                raise StandoffError("E065 an error of %s is no whole number "
                                    "of steps" % r.name)
            pairs.append((int(v), self.chance(s)))
            if not s.take(","):
                break
        return self.whole_chance(pairs, r.name)

    # ---- deals

    def deal_head(self, d, rest):
        s, clauses = rest
        s.need("between")
        d.parties = [self.actor(s.name())]
        while s.take(","):
            d.parties.append(self.actor(s.name()))
        d.clauses = list(clauses)
        if not s.done():
            self.on_line(s, d.clauses)

    def deal_terms(self, d):
        for c in d.clauses:
            s = Stream(c)
            if s.take("terms"):
                while True:
                    name, lo = s.name(), self.value(s)
                    s.need("..")
                    d.terms.append((name, int(lo), int(self.value(s))))
                    if not s.take(","):
                        break
                s.finish()

    def deal_clauses(self, d):
        for c in d.clauses:
            s = Stream(c)
            if s.at("terms"):
                continue
            if s.take("checked"):
                if s.take("at"):
                    s.need("once")
                    continue
                s.need("by")
                d.report = self.find(s, "report")
                while s.take(","):
                    if s.take("tolerance"):
                        d.tolerance = int(self.value(s))
                        if s.peek().kind == "name":
                            s.next()
                            d.tolerance = int(Fraction(d.tolerance) / self.m
                                              .states[self.m.reports[d.report]
                                                      .state].step)
                    else:
                        for w in ("silence", "is", "a", "breach"):
                            s.need(w)
                        d.silence = True
            elif s.take("gives"):
                e = self.effects(s)
                s.need("every")
                self.time_word(s)
                d.gives.append(e)
            elif s.take("after"):
                k = self.whole(s)
                self.time_word(s)
                s.need("->")
                d.after.append((k, self.effects(s)))
            elif s.take("if"):
                s.need("broken")
                s.need("->")
                d.broken.append(self.effects(s))
            else:
                who = self.actor(s.name())
                s.need("must")
                self.owner = who
                cond = self.condition(s)
                self.owner = None
                if s.take("every"):
                    self.time_word(s)
                    when = ("every", 0)
                elif s.take("by"):
                    when = ("by", self.date(s))
                else:
                    s.need("within")
                    when = ("within", self.whole(s))
                    self.time_word(s)
                d.musts.append((who, cond, when))
            s.finish()

    # ---- choices

    def option_names(self, ch):
        """Names only, so that tests can be read before effects are."""
        if ch.letter:
            return
        for c in ch.clauses:
            s = Stream(c)
            base = s.next().text
            ch.options.append(Thing(name=base, base=base, toks=c))

    def choice_options(self, ch):
        if ch.letter:
            return
        raw, ch.options = ch.options, []
        out = []
        ch.options = raw
        self.owner = ch.owner
        for o in raw:
            s = Stream(o.toks)
            s.next()
            x = Thing(name=o.base, base=o.base, guard=None, effects=[],
                      costs=[], announced=ch.announced)
            if s.take("if"):
                x.guard = self.condition(s)
            if s.take("->"):
                x.effects = self.effects(s)
            while not s.done():
                if s.take("announced"):
                    x.announced = True
                elif s.take("costs"):
                    cost = self.expression(s)
                    while_ = self.condition(s) if s.take("while") else None
                    x.costs.append((cost, while_))
                elif s.take("as"):
                    s.next()
                elif s.take("->"):
                    x.effects = self.effects(s)
                else:
                    s.fail("a clause of an option")
            out.extend(self.open_terms(x))
        self.owner = None
        ch.options = out

    def open_terms(self, x):
        """D9: an option that leaves terms open, one option per value."""
        found = []

        def walk(e):
            if isinstance(e, (tuple, list)):
                if isinstance(e, tuple) and e and e[0] == "propose":
                    found.append(e)
                for part in e:
                    walk(part)

        walk(x.effects)
        open_ = [(e[1], k) for e in found
                 for k, given in enumerate(e[2]) if given is None]
        if not open_:
            return [x]
        out = [((), x.effects)]
        for deal, k in open_:
            _, lo, hi = self.m.deals[deal].terms[k]
            out = [(vs + (v,), set_term(e, deal, k, v))
                   for vs, e in out for v in range(lo, hi + 1)]
        return [Thing(name=".".join([x.base] + [str(v) for v in vs]),
                      base=x.base, guard=x.guard, effects=e, costs=x.costs,
                      announced=x.announced) for vs, e in out]


def read_model(text):
    return Reader(text).m


def read_question(model_text, question):
    """The question, read in the names of a file."""
    m = read_model(model_text + "\nask " + question + "\n")
    return m, m.asks[-1]
