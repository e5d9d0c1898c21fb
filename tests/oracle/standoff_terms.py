"""Numbers, chances, effects, conditions and expressions, as nested tuples."""

from fractions import Fraction

from standoff_text import LETTER_WORDS, StandoffError


class Terms:
    """The part of the Reader that reads inside a clause."""

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
        return self.constant(s)

    def constant(self, s):
        return self.known(self.expression(s, cell=True), s)

    def known(self, e, s):
        """The value of an expression that reads nothing of the game."""
        if e[0] == "num":
            return e[1]
        if e[0] == "neg":
            return -self.known(e[1], s)
        if e[0] in ("min", "max"):
            xs = [self.known(x, s) for x in e[1:]]
            return min(xs) if e[0] == "min" else max(xs)
        if e[0] != "bin":
            s.fail("a number that is fixed from the start")
        a, b = self.known(e[2], s), self.known(e[3], s)
        if e[1] == "/":
            return a / b
        return {"+": a + b, "-": a - b, "*": a * b}[e[1]]

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

    # ---- effects

    def effects(self, s):
        """-> list of items; Acts.draws says what they mean."""
        out = self.sequence(s)
        while s.take(";"):
            out += self.sequence(s)
        return out

    def sequence(self, s):
        out = [self.one_effect(s)]
        while s.take(","):
            out.append(self.one_effect(s))
        return out

    def one_effect(self, s):
        """What follows a `;` goes to the innermost list that can take it."""
        p = self.odds(s)
        if p is not None:
            parts, alt = [(p, self.sequence(s))], None
            while s.at(";"):
                mark = s.i
                s.next()
                p = self.odds(s)
                if p is not None:
                    parts.append((p, self.sequence(s)))
                elif s.take("else", ":"):
                    alt = self.sequence(s)
                    break
                else:
                    s.i = mark
                    break
            return ("chance", tuple(parts), alt)
        if s.take("if"):
            cond = self.condition(s)
            s.need(":")
            then, alt = self.sequence(s), None
            if s.take(";", "else", ":"):
                alt = self.sequence(s)
            return ("if", cond, then, alt)
        return self.effect(s)

    def odds(self, s):
        """An expression before a colon, or nothing."""
        t, after = s.peek(), s.peek(1).text
        if t.kind == "name" and t.text not in ("min", "max") \
                and after not in (":", "->", "*", "/", "."):
            return None
        mark = s.i
        try:
            e = self.expression(s)
            if s.take(":"):
                return e
        except StandoffError:
            pass
        s.i = mark
        return None

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
