"""Words and clauses of a .standoff file: the oracle's lowest layer."""

import datetime
import re


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
    """A date as a running number on its clock, the date's own or a coarser."""
    day = re.match(r"(\d{4})-(\d{2})-(\d{2})$", text)
    week = re.match(r"(\d{4})-W(\d{2})$", text)
    if week and kind != "weeks":
        thursday = datetime.date.fromisocalendar(
            int(week.group(1)), int(week.group(2)), 4)
        return clock_number(kind, thursday.isoformat())
    if day and kind == "weeks":
        y, w, _ = datetime.date.fromisoformat(text).isocalendar()
        return clock_number(kind, "%d-W%02d" % (y, w))
    if day:
        text = text[:7]
    month = re.match(r"(\d{4})-(\d{2})$", text)
    if month and kind == "quarters":
        text = "%s-Q%d" % (month.group(1), (int(month.group(2)) + 2) // 3)
    if kind == "years" and re.match(r"\d{4}-", text):
        text = text[:4]
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
