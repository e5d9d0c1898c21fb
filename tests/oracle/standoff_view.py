"""What holds in a situation, and what each actor knows of it."""

from fractions import Fraction

from standoff_text import StandoffError


class View:
    """The part of the Game that reads situations and never changes them."""

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
            return self.term(e, s, view)
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

    def term(self, e, s, view):
        status, _, terms, _, _ = s["D"][e[1]]
        if view is not None:
            if e[1] not in self.m.actors[view].deals:
                raise StandoffError("E021 guard leak: a deal's terms")
            if status not in ("proposed", "in force"):
                terms = self.kept(view, ("terms", e[1]), s)
                if terms is None:
                    return None
        return Fraction(terms[e[2]] if terms
                        else self.m.deals[e[1]].terms[e[2]][1])

    def kept(self, a, item, s):
        """What actor a remembers under an item without bins, or None."""
        for it, value in zip(self.m.actors[a].items, s["mem"][a]):
            if it == item:
                return value
        return None

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
            if said is None and view is not None:
                said = self.kept(view, ("says", c[1]), s)
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
