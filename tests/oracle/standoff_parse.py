"""Reader of .standoff files for the oracle.

Written from the language page and docs/rulings.md alone.  It is lenient: it
refuses what it cannot understand, and leaves most of the checking to the
program under test.  The result is a `Model` of plain Python values; every
expression and condition is a nested tuple, evaluated in standoff_play.py.
"""

import datetime
import re
from fractions import Fraction


class StandoffError(Exception):
    pass


TOKEN = re.compile(
    r"""(?P<str>"(?:[^"\\]|\\.)*")
      | (?P<date>\d{4}-(?:W\d{2}|Q[1-4]|\d{2}(?:-\d{2})?)(?![0-9A-Za-z]))
      | (?P<pct>\d+(?:\.\d+)?%)
      | (?P<num>\d+(?:\.\d+)?(?!\.\d))
      | (?P<int>\d+)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<op>->|\.\.|<=|>=|!=|[-+*/=<>()\[\],;:.~])
    """,
    re.X,
)


class Tok:
    __slots__ = ("kind", "text", "space", "line")

    def __init__(self, kind, text, space, line):
        self.kind, self.text, self.space, self.line = kind, text, space, line

    def __repr__(self):
        return self.text


def strip_comment(line):
    out, quoted = [], False
    for i, c in enumerate(line):
        if c == '"' and (i == 0 or line[i - 1] != "\\"):
            quoted = not quoted
        if c == "#" and not quoted:
            break
        out.append(c)
    return "".join(out).rstrip()


def tokens_of(text, line):
    out, pos = [], 0
    while pos < len(text):
        if text[pos] == " ":
            pos += 1
            continue
        space = pos == 0 or text[pos - 1] == " "
        # after a dot that is glued to a name stand digits, not a decimal
        if out and out[-1].text == "." and not space and text[pos].isdigit():
            m = re.compile(r"\d+").match(text, pos)
            out.append(Tok("num", m.group(), space, line))
            pos = m.end()
            continue
        m = TOKEN.match(text, pos)
        if not m:
            raise StandoffError("line %d: cannot read %r" % (line, text[pos:]))
        kind = m.lastgroup
        out.append(Tok("num" if kind == "int" else kind, m.group(), space,
                       line))
        pos = m.end()
    return out


def without_remarks(toks):
    """Drop notes, sources, display names and ranges: none moves the odds."""
    out, i = [], 0
    while i < len(toks):
        t = toks[i]
        nxt = toks[i + 1] if i + 1 < len(toks) else None
        if t.text == "note" and nxt and nxt.kind == "str":
            i += 2
        elif t.text == "source" and nxt and nxt.kind == "str":
            i += 2
            if i + 1 < len(toks) and toks[i].text == "known" \
                    and toks[i + 1].text == "on":
                i += 3
        elif t.kind == "str":
            i += 1
        elif t.text == "[":
            while toks[i].text != "]":
                i += 1
            i += 1
        else:
            out.append(t)
            i += 1
    return out


def read_blocks(text):
    """-> list of (head tokens, list of clause token lists)."""
    blocks, base = [], None
    for no, raw in enumerate(text.split("\n"), 1):
        if "\t" in raw:
            raise StandoffError("E002 tab on line %d" % no)
        line = strip_comment(raw.rstrip("\r"))
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" "))
        toks = tokens_of(line.strip(), no)
        toks[0].space = True
        if indent == 0:
            blocks.append((toks, []))
            base = None
        elif not blocks:
            raise StandoffError("line %d: a clause before any block" % no)
        else:
            if base is None:
                base = indent
            if indent > base and blocks[-1][1]:
                blocks[-1][1][-1].extend(toks)
            else:
                blocks[-1][1].append(toks)
    return blocks


class Stream:
    def __init__(self, toks):
        self.toks, self.i = toks, 0

    def peek(self, ahead=0):
        j = self.i + ahead
        return self.toks[j] if j < len(self.toks) else Tok("end", "", True, 0)

    def at(self, *words):
        return all(self.peek(k).text == w for k, w in enumerate(words))

    def take(self, *words):
        if self.at(*words):
            self.i += len(words)
            return True
        return False

    def next(self):
        t = self.peek()
        if t.kind == "end":
            self.fail("something more")
        self.i += 1
        return t

    def need(self, word):
        if not self.take(word):
            self.fail(repr(word))

    def name(self):
        if self.peek().kind != "name":
            self.fail("a name")
        return self.next().text

    def done(self):
        return self.peek().kind == "end"

    def fail(self, wanted):
        t = self.peek()
        line = t.line or (self.toks[-1].line if self.toks else 0)
        raise StandoffError("line %d: wanted %s, found %r in: %s" % (
            line, wanted, t.text, " ".join(map(str, self.toks))))

    def finish(self):
        if not self.done():
            self.fail("the end of the clause")


TIME_WORDS = {w + s for w in ("month", "week", "quarter", "year", "turn")
              for s in ("", "s")}
LETTER_WORDS = ("unsent", "sent", "arrived", "overdue", "answered")
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?$")


class Thing:
    """A named record; the fields differ by what it stands for."""

    def __init__(self, **fields):
        self.__dict__.update(fields)


class Model:
    def __init__(self):
        self.clock = None
        self.rounds = 1
        self.order = None
        self.otherwise = None
        self.actors, self.states, self.letters = [], [], []
        self.reports, self.deals, self.choices = [], [], []
        self.schedules, self.benchmarks, self.rules = [], [], []
        self.outcomes, self.endings, self.pays = [], [], []
        self.assume, self.columns, self.rankings = {}, [], []
        self.cells, self.then_pays = {}, []
        self.joint, self.asks = None, []
        self.index = {}


# ---------------------------------------------------------------- the clock

def clock_number(kind, text):
    """A date as a running number on its own clock."""
    if kind == "months":
        m = re.match(r"(\d{4})-(\d{2})$", text)
        if m and 1 <= int(m.group(2)) <= 12:
            return int(m.group(1)) * 12 + int(m.group(2)) - 1
    elif kind == "weeks":
        m = re.match(r"(\d{4})-W(\d{2})$", text)
        if m:
            day = datetime.date.fromisocalendar(
                int(m.group(1)), int(m.group(2)), 1)
            return day.toordinal() // 7
    elif kind == "quarters":
        m = re.match(r"(\d{4})-Q([1-4])$", text)
        if m:
            return int(m.group(1)) * 4 + int(m.group(2)) - 1
    elif re.match(r"\d+$", text):
        return int(text)
    raise StandoffError("%r is no date of a clock in %s" % (text, kind))


def clock_label(kind, number):
    if kind == "months":
        return "%d-%02d" % (number // 12, number % 12 + 1)
    if kind == "weeks":
        y, w, _ = datetime.date.fromordinal(number * 7 + 1).isocalendar()
        return "%d-W%02d" % (y, w)
    if kind == "quarters":
        return "%d-Q%d" % (number // 4, number % 4 + 1)
    return str(number)


# ------------------------------------------------------------- the reader

class Reader:
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
                    m.assume[name] = self.value(q)
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

    # ---- numbers and chances

    def value(self, s):
        """A signed literal: number, percentage or assumption."""
        if s.take("-"):
            return -self.value(s)
        s.take("+")
        t = s.next()
        if t.kind == "pct":
            return Fraction(t.text[:-1]) / 100
        if t.kind == "num":
            v = Fraction(t.text)
            if s.at("/") and s.peek(1).kind == "num":
                s.next()
                v /= Fraction(s.next().text)
            return v
        if t.kind == "name" and t.text in self.m.assume:
            return self.m.assume[t.text]
        raise StandoffError("line %d: wanted a number, found %r" % (
            t.line, t.text))

    def chance(self, s):
        if s.take("rest"):
            return None
        return self.value(s)

    @staticmethod
    def whole_chance(pairs, where):
        """Put in the `rest`, and see that the parts make exactly 1."""
        known = sum((p for _, p in pairs if p is not None), Fraction(0))
        rests = [k for k, (_, p) in enumerate(pairs) if p is None]
        out = [(v, p) for v, p in pairs]
        if len(rests) == 1:
            out[rests[0]] = (out[rests[0]][0], 1 - known)
            known = Fraction(1)
        if known != 1 or len(rests) > 1 or any(p < 0 for _, p in out):
            raise StandoffError("E011 %s: chances add up to %s" % (
                where, known))
        return out

    def viewers(self, s):
        if s.take("public"):
            return {a.i for a in self.m.actors}
        if s.take("hidden"):
            return set()
        s.need("seen")
        s.need("by")
        return self.names(s)

    def names(self, s):
        if s.take("everyone"):
            return {a.i for a in self.m.actors}
        out = {self.actor(s.name())}
        while s.take(","):
            out.add(self.actor(s.name()))
        return out

    # ---- actors and types

    def actor_types(self, a, clauses):
        for c in clauses:
            s = Stream(c)
            if s.take("type"):
                pairs = []
                while True:
                    name = s.name()
                    pairs.append((name, self.chance(s)))
                    if not s.take(","):
                        break
                s.finish()
                a.types = self.whole_chance(pairs, a.name)

    def actor_block(self, a, clauses):
        for c in clauses:
            s = Stream(c)
            if s.take("type"):
                continue
            if s.take("sharpness"):
                a.sharpness = self.value(s)
            elif s.take("discount"):
                a.discount = self.value(s)
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
            m.actors[a].types = [(n, Fraction(0)) for n in seen]
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

    # ---- effects

    def effects(self, s):
        """-> list of items; see standoff_play.draws for their meaning."""
        out = []
        while True:
            if out and s.take("else"):
                s.need(":")
                self.set_else(out, self.effect_list(s), s)
            else:
                p = self.try_chance(s)
                if p is not None and out and out[-1][0] == "chance" \
                        and out[-1][2] is None and out[-1][3]:
                    last = out.pop()
                    out.append(("chance",
                                last[1] + ((p, self.effect_list(s)),), None,
                                True))
                elif p is not None:
                    out.append(("chance", ((p, self.effect_list(s)),), None,
                                True))
                else:
                    out.extend(self.effect_list(s))
            if not s.take(";"):
                return out

    def set_else(self, out, alt, s):
        last = out.pop() if out else ("",)
        if last[0] == "chance" and last[2] is None:
            out.append(("chance", last[1], alt, True))
        elif last[0] == "if" and last[3] is None:
            out.append(("if", last[1], last[2], alt))
        else:
            s.fail("something for the else to belong to")

    def try_chance(self, s):
        t = s.peek()
        if (t.kind == "pct" or t.kind == "name" and t.text in self.m.assume) \
                and s.peek(1).text == ":":
            p = self.value(s)
            s.need(":")
            return p
        return None

    def effect_list(self, s):
        out = []
        while True:
            p = self.try_chance(s)
            if p is not None:
                out.append(("chance", ((p, self.effect_list(s)),), None,
                            False))
                return out
            if s.take("if"):
                cond = self.condition(s)
                s.need(":")
                out.append(("if", cond, self.effect_list(s), None))
                return out
            out.append(self.effect(s))
            # a comma goes on with effects only if an effect can follow
            if s.at(","):
                s.next()
            else:
                return out

    def effect(self, s):
        m = self.m
        if s.take("send"):
            i = self.find(s, "letter")
            names = [f for f, _ in m.letters[i].fields]
            says = [None] * len(names)
            while s.peek().text in names or (
                    s.at(",") and s.peek(1).text in names):
                s.take(",")
                k = names.index(s.name())
                s.need("=")
                word = s.name()
                if word not in m.letters[i].fields[k][1]:
                    raise StandoffError("E062 %s never says %s" % (
                        m.letters[i].name, word))
                says[k] = word
            return ("send", i, tuple(says))
        if s.take("answer"):
            return ("answer", self.find(s, "letter"))
        if s.take("propose"):
            i = self.find(s, "deal")
            names = [t[0] for t in m.deals[i].terms]
            terms = [None] * len(names)
            while s.peek().text in names or (
                    s.at(",") and s.peek(1).text in names):
                s.take(",")
                k = names.index(s.name())
                s.need("=")
                terms[k] = int(self.value(s))
            return ("propose", i, tuple(terms))
        if s.take("accept"):
            return ("accept", self.find(s, "deal"))
        if s.take("leave"):
            return ("leave", self.find(s, "deal"))
        if s.take("end"):
            name = s.name()
            if name not in m.outcomes:
                raise StandoffError("E051 %s has no payoff row" % name)
            return ("end", name)
        i = self.find(s, "state")
        if s.take("="):
            words = m.states[i].words
            if words:
                return ("set", i, ("num", Fraction(words.index(s.name())),
                                   None))
            return ("set", i, with_step(self.expression(s),
                                        m.states[i].step))
        sign = s.next().text
        if sign not in "+-":
            s.fail("= or + or -")
        e = with_step(self.product(s), m.states[i].step)
        return ("add", i, e if sign == "+" else ("neg", e))

    # ---- conditions and expressions

    def condition(self, s):
        left = self.conjunction(s)
        while s.take("or"):
            left = ("or", left, self.conjunction(s))
        return left

    def conjunction(self, s):
        left = self.negation(s)
        while s.take("and"):
            left = ("and", left, self.negation(s))
        return left

    def negation(self, s):
        if s.take("not"):
            return ("not", self.negation(s))
        if s.at("("):
            mark = s.i
            try:
                s.next()
                c = self.condition(s)
                s.need(")")
                if s.peek().text not in ("=", "<", ">", "<=", ">=", "!=",
                                         "+", "-", "*", "/"):
                    return c
            except StandoffError:
                pass
            s.i = mark
        return self.test(s)

    def test(self, s):
        m = self.m
        if s.peek().text in ("from", "until", "in") and (
                s.peek(1).kind in ("date", "num")):
            word = s.name()
            return ("date", word, self.date(s))
        if s.take("no"):
            return ("nodeal", self.find(s, "deal"))
        if s.peek().kind == "name":
            name = s.peek().text
            kind, i = m.index.get(name, (None, None))
            after = s.peek(1).text
            if kind == "letter" and after in LETTER_WORDS:
                s.next()
                return ("letter", i, s.name())
            if kind == "letter" and after == "." and not m.letters[i].chooses \
                    or kind == "letter" and after == "." and s.peek(
                        2).text in [f for f, _ in m.letters[i].fields]:
                s.next()
                s.next()
                k = [f for f, _ in m.letters[i].fields].index(s.name())
                op = s.next().text
                value = s.name()
                t = ("says", i, k, value)
                return t if op == "=" else ("saysnot", i, k, value)
            if kind == "deal" and after in ("proposed", "in", "broken",
                                            "left"):
                s.next()
                word = s.name()
                if word == "in":
                    s.need("force")
                    word = "in force"
                return ("deal", i, word)
            if kind == "benchmark":
                s.next()
                return ("benchmark", i, s.name())
            if kind == "report" and after == "silent":
                s.next()
                s.next()
                return ("silent", i)
            if kind == "state" and m.states[i].words:
                s.next()
                op = s.next().text
                word = s.name()
                return ("cmp", op, ("state", i),
                        ("num", Fraction(m.states[i].words.index(word)),
                         None))
            if kind == "actor" and after == "is":
                s.next()
                s.next()
                word = s.name()
                names = [n for n, _ in m.actors[i].types]
                return ("type", i, names.index(word))
            if kind == "outcome":
                s.next()
                return ("outcome", name)
            if kind == "actor" and after == "." or self.is_choice(s):
                return self.option_test(s)
        left = self.expression(s)
        if s.peek().text not in ("=", "<", ">", "<=", ">=", "!="):
            s.fail("a comparison")
        op = s.next().text
        right = self.expression(s)
        step = self.step_of(left) or self.step_of(right)
        return ("cmp", op, with_step(left, step), with_step(right, step))

    def is_choice(self, s):
        name = s.peek().text
        return s.peek(1).text in ("=", "!=") and any(
            c.name == name for c in self.m.choices)

    def choice_name(self, s):
        """[actor.]choice -> index of the choice."""
        m = self.m
        name, owner = s.name(), None
        if m.index.get(name, ("",))[0] == "actor" and s.at("."):
            owner = self.actor(name)
            s.next()
            name = s.name()
        found = [c for c in m.choices if c.name == name
                 and owner in (None, c.owner)]
        if owner is None and len(found) > 1:
            found = [c for c in found if c.owner == self.owner]
        if len(found) != 1:
            raise StandoffError("E062 no single choice is called %s" % name)
        return found[0].i

    def option_rest(self, s):
        base = s.next().text
        parts = [base]
        while s.at(".") and s.peek(1).kind == "num":
            s.next()
            parts.append(s.next().text)
        return ".".join(parts)

    def option_test(self, s):
        """[actor.]choice = option, or actor.option, actor.choice.option."""
        mark = s.i
        if self.m.index.get(s.peek().text, ("",))[0] != "actor" or (
                s.peek(3).text in ("=", "!=") and any(
                    c.name == s.peek(2).text for c in self.m.choices)):
            c = self.choice_name(s)
            op = s.next().text
            name = self.option_rest(s)
            if name not in self.all_names(c):
                raise StandoffError("E062 no option %s" % name)
            return ("picked", c, name) if op == "=" else ("other", c, name)
        s.i = mark
        return ("picked",) + self.option_path(s)

    def all_names(self, c):
        names = set()
        for o in self.m.choices[c].options:
            names |= {o.name, o.base}
        return names | self.term_names(c)

    def term_names(self, c):
        """`propose.0` may be tested before the options are expanded."""
        out = set()
        for o in self.m.choices[c].options:
            for d in self.m.deals:
                tails = [""]
                for _, lo, hi in d.terms:
                    tails = [t + "." + str(v) for t in tails
                             for v in range(lo, hi + 1)] + tails
                out |= {o.base + t for t in tails}
        return out

    def option_path(self, s):
        """actor.option or actor.choice.option -> (choice, option name)."""
        m = self.m
        owner = self.actor(s.name())
        s.need(".")
        second = s.peek().text
        if s.peek(1).text == "." and s.peek(2).kind == "name" and any(
                c.owner == owner and c.name == second for c in m.choices):
            s.next()
            s.next()
            name = self.option_rest(s)
            found = [c for c in m.choices
                     if c.owner == owner and c.name == second]
        else:
            name = self.option_rest(s)
            found = [c for c in m.choices if c.owner == owner
                     and name in self.all_names(c.i)]
        if len(found) != 1:
            raise StandoffError("E062 %s.%s is no single option" % (
                m.actors[owner].name, name))
        return (found[0].i, name)

    def step_of(self, e):
        if e[0] == "state":
            return self.m.states[e[1]].step
        if e[0] == "reading":
            return self.m.states[self.m.reports[e[1]].state].step
        for part in e[1:]:
            if isinstance(part, tuple):
                step = self.step_of(part)
                if step:
                    return step
        return None

    def expression(self, s, cell=False):
        left = self.product(s, cell)
        while s.peek().text in ("+", "-"):
            if cell and s.peek().space and not s.peek(1).space:
                break
            op = s.next().text
            left = ("bin", op, left, self.product(s, cell))
        return left

    def product(self, s, cell=False):
        left = self.unary(s)
        while s.peek().text in ("*", "/"):
            op = s.next().text
            left = ("bin", op, left, self.unary(s))
        return left

    def unary(self, s):
        if s.take("-"):
            return ("neg", self.unary(s))
        if s.take("+"):
            return self.unary(s)
        if s.take("("):
            e = self.expression(s)
            s.need(")")
            return e
        t = s.next()
        if t.kind == "num":
            unit = None
            units = {x.unit for x in self.m.states if x.unit}
            if s.peek().kind == "name" and s.peek().text in units:
                unit = s.next().text
            return ("num", Fraction(t.text), unit)
        if t.kind == "pct":
            return ("num", Fraction(t.text[:-1]) / 100, None)
        if t.text in ("min", "max") and s.at("("):
            s.next()
            args = [self.expression(s)]
            while s.take(","):
                args.append(self.expression(s))
            s.need(")")
            return (t.text,) + tuple(args)
        kind, i = self.m.index.get(t.text, (None, None))
        if kind == "state":
            return ("state", i)
        if kind == "assume":
            return ("num", self.m.assume[i], None)
        if kind == "report":
            return ("reading", i)
        if kind == "deal" and s.at("."):
            s.next()
            k = [x[0] for x in self.m.deals[i].terms].index(s.name())
            return ("term", i, k)
        s.i -= 1
        s.fail("a number, a state, an assumption or a reading")

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
                p = self.value(s) if s.take(",") else Fraction(1)
                s.finish()
                rule = ("moves", i, with_step(n, m.states[i].step),
                        with_step(e, m.states[i].step))
                m.rules.append([("chance", ((p, [rule]),), None, True)])
                continue
            m.rules.append(self.guarded(s))
            s.finish()

    def guarded(self, s):
        """[if/unless COND | P% | COND, P%] -> EFFECTS, or plain effects."""
        cond, p = None, None
        if s.take("if"):
            cond = self.condition(s)
        elif s.take("unless"):
            cond = ("not", self.condition(s))
        elif s.peek(1).text == "->":
            p = self.value(s)
        if cond is not None and s.take(","):
            p = self.value(s)
        s.take("->")
        e = self.effects(s)
        if p is not None:
            e = [("chance", ((p, e),), None, True)]
        if cond is not None:
            e = [("if", cond, e, None)]
        return e

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
            who = None
            if q.peek().kind == "name" and \
                    self.m.index.get(q.peek().text, ("",))[0] == "actor":
                who = self.column(q)
            amount = self.expression(q)
            q.need("a")
            self.time_word(q)
            for w in ("to", "the", "end"):
                q.need(w)
            if q.take("for"):
                who = self.column(q)
            self.m.then_pays.append((name, who, amount))
            q.take(",")
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
                s.need("in")
                q.move_date = self.date(s)
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


def set_term(e, deal, k, v):
    if isinstance(e, tuple) and e and e[0] == "propose" and e[1] == deal:
        terms = list(e[2])
        if terms[k] is None:
            terms[k] = v
        return ("propose", deal, tuple(terms))
    if isinstance(e, tuple):
        return tuple(set_term(x, deal, k, v) for x in e)
    if isinstance(e, list):
        return [set_term(x, deal, k, v) for x in e]
    return e


def with_step(e, step):
    """Divide numbers that carry a unit by the step they are held against."""
    if e[0] == "num" and e[2] is not None:
        if step is None:
            raise StandoffError("a number with a unit stands against nothing "
                                "that has one")
        return ("num", e[1] / step, None)
    return tuple(with_step(x, step) if isinstance(x, tuple) else x for x in e)


def read_model(text):
    return Reader(text).m


def read_question(model_text, question):
    """The question, read in the names of a file."""
    m = read_model(model_text + "\nask " + question + "\n")
    return m, m.asks[-1]
