#!/usr/bin/env python3
"""Game files through the program: what is read is what is written, broken
files are refused with place, reason and repair, and games in which a player
forgets are solved in agent form and said to be.

    run.py [PART ...]       parts: round, broken, forgetful, scenarios,
                            bits, crossings
"""

import json
import math
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "invariance"),
                os.path.join(os.path.dirname(HERE), "models")]
import efg                                                  # noqa: E402
import own                                                  # noqa: E402
import solving                                              # noqa: E402
import trees                                                # noqa: E402

T = solving.Tally()


class Folder:
    """Files for the program to read."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def put(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return path


# ------------------------------------------------------------ reading, writing

# What the format allows: numbers of every form, braces without space, commas
# or none, payoffs on the way, outcome 0, sets described once or again and
# again, players without moves, labels of several lines or used twice.
TEXTS = {
    "every kind of number": '''EFG 2 R "numbers" { "one" "two" }
c "" 1 "" { "a" 1/3 "b" .25 "c" 5/12 "never" 0 } 0
t "" 1 "x" { 1, 2 }
t "" 2 "y" { -3.50 1e2 }
p "" 1 1 "" { "l" "r" } 0
t "" 3 "z" { .333 -1/7 }
t "" 4 "w" { 1. 12345678901234567890/3 }
t "" 1
''',
    "outcomes on the way": '''EFG 2 R "way" { "one" "two" }
p "" 1 1 "s" { "l" "r" } 1 "toll" { -1 1 }
p "" 2 1 "t" { "l" "r" } 0
t "" 2 "a" { 3 0 }
t "" 0
p "" 2 1 "t" { "l" "r" } 1 "toll" { -1 1 }
t "" 2
t "" 3 "b" { 0 2 }
''',
    "close together": '''EFG 2 R "close"{"one""two"}
p ""1 1 "s"{"l""r"}0
t ""1 "a"{1,2}
t ""2 "b"{3,4}
''',
    "carriage returns": "EFG 2 R \"cr\" { \"one\" }\r\n"
                        "p \"\" 1 1 \"\" { \"l\" \"r\" } 0\r\n"
                        "t \"\" 1 \"a\" { 1 }\r\nt \"\" 2 \"b\" { 2 }\r\n",
    "quotes and lines": '''EFG 2 R "a \\"quoted\\" title
of two lines" { "Ann \\"A\\" Lee" "B\u00e9la" }
"a comment, with { p 1 } in it"
p "" 1 1 "\u00fcber" { "l, r" "{r}" } 0
t "" 1 "a b" { 1 2 }
t "" -2 "c\\"d" { 3 4 }
''',
    "nothing but an end": 'EFG 2 R "end" { "one" } t "" 1 "a" { 5 }\n',
    "odd numbers of sets": '''EFG 2 R "ids" { "one" "two" "idle" }
p "" 2 -5 "s" { "l" "r" } 0
p "" 2 1000000 "" { "only" } 0
t "" 9 "a" { 1 2 3 }
p "" 1 0 "u" { "l" "m" "r" } 0
t "" 9
t "" 0
t "" 8 "b" { 0 0 1/9 }
''',
    "names used twice": '''EFG 2 R "twice" { "one" "one" }
p "n" 1 1 "s" { "l" "l" } 0
p "n" 2 1 "s" { "l" "" } 0
t "n" 1 "x" { 1 2 }
t "" 2 "x" { 2 1 }
p "" 1 2 "s" { "" "" } 0
t "" 3 "" { 0 0 }
t "" 4 "" { 1 0 }
''',
}

NFG = {
    "counts": '''NFG 1 R "pd" { "one" "two" } { 2 2 }
3 3 5 0
0 5 1 1
''',
    "named, with outcomes": '''NFG 1 D "named" { "one" "two" }
{ { "a" "b" } { "c" "d" "e" } }
"a comment"
{ { "x" 1, 2 } { "" 1/2 .5 } }
1 2 0 1 2 2
''',
    "three players": '''NFG 1 R "three" { "a" "b" "c" } { 2 1 2 }
1 2 3 4 5 6 7 8 9 1/3 -1 1e1
''',
}


def export(path, form):
    code, out, err = solving.run(["export", path, "--format", form])
    if code:
        raise solving.Disagreement("export --format %s: exit %d: %s" % (
            form, code, err.strip()[:300]))
    return out


def same_game(what, one, other):
    """Two texts, by the reader that the program does not share."""
    a, b = efg.read(one), efg.read(other)
    T.check(a.title == b.title, "%s: another title" % what)
    T.check(a.comment == b.comment, "%s: another comment" % what)
    T.check(len(a.players) == len(b.players), "%s: other players" % what)
    T.check(list(a.sets) == list(b.sets), "%s: other sets" % what)
    T.check([(n.kind, n.set, n.chance, n.children) for n in a.nodes]
            == [(n.kind, n.set, n.chance, n.children) for n in b.nodes],
            "%s: another tree" % what)
    zero = [0] * len(a.players)
    T.check([n.pay or zero for n in a.nodes] == [n.pay or zero
                                                 for n in b.nodes],
            "%s: other payoffs" % what)


def texts():
    for name, text in TEXTS.items():
        yield name, text
    for name, make in own.GAMES.items():
        yield name, efg.write(make(), title=name)
    for name in ("kuhn_poker", "chain_store", "rubinstein_two_rounds",
                 "avenhaus_errors"):
        yield name, efg.write(trees.BUILDERS[name](), title=name)


def round_trips(folder):
    for name, text in texts():
        def there_and_back():
            once = export(folder.put("game.efg", text), "efg")
            same_game(name, text, once)
            twice = export(folder.put("again.efg", once), "efg")
            T.check(once == twice, "%s: not a fixed point" % name)
        T.guard(name, there_and_back)
        for form in ("json", "dot"):
            out = T.guard(name, export, folder.put("game.efg", text), form)
            T.check(bool(out), "%s: nothing as %s" % (name, form))
    for name, text in NFG.items():
        def nfg_there_and_back():
            once = export(folder.put("game.nfg", text), "nfg")
            twice = export(folder.put("again.nfg", once), "nfg")
            T.check(once == twice, "%s: not a fixed point" % name)
            tree = export(folder.put("game.nfg", text), "efg")
            again = export(folder.put("tree.efg", tree), "efg")
            T.check(tree == again, "%s: its tree is no fixed point" % name)
            by_table = solving.run([
                "solve", folder.put("game.nfg", text), "--json",
                "--sharpness", "0.5"])
            by_tree = solving.solve(tree, "--sharpness", "0.5")
            T.check(table_profile(by_table) == table_profile(
                (0, by_tree.out, "")), "%s: the tree plays otherwise" % name)
        T.guard(name, nfg_there_and_back)
    # Column 1 of the table is the second player's first strategy.
    code, out, _ = solving.run(["solve", folder.put(
        "pd.nfg", NFG["counts"]), "--json", "--limit"])
    T.check(code == 0 and table_profile((code, out, "")) == [[0, 1], [0, 1]],
            "both players of the dilemma defect")


def table_profile(ran):
    return [[round(o["p"], 9) for o in s["options"]]
            for s in json.loads(ran[1])["profile"]]


# -------------------------------------------------------------------- refusals

GOOD = '''EFG 2 R "good" { "one" "two" }
p "" 1 1 "s" { "l" "r" } 0
c "" 1 "c" { "a" 1/2 "b" 1/2 } 0
t "" 1 "x" { 1 2 }
t "" 2 "y" { 3 4 }
p "" 2 1 "u" { "l" "r" } 0
t "" 1
t "" 0
'''


def broken(old, new, count=1):
    if old not in GOOD:
        raise ValueError(old)
    return GOOD.replace(old, new, count)


# What is wrong: text, the line that must be pointed at, a word of the message.
BROKEN = {
    "an empty file": ("", 1, "EFG"),
    "another kind of file": ("hello\n", 1, "EFG"),
    "another version": (broken("EFG 2", "EFG 3"), 1, "2"),
    "neither R nor D": (broken("EFG 2 R", "EFG 2 X"), 1, "R"),
    "no title": (broken(' "good"', ""), 1, "title"),
    "a quote that stays open": (broken('"u" {', '"u {'), 6, "choices"),
    "players without a brace": (broken('"two" }', '"two"'), 2, "}"),
    "a quote that never closes": ('EFG 2 R "open {\n }\n', 1, "quote"),
    "an unknown node": (broken('t "" 1 "x"', 'q "" 1 "x"'), 4, "q"),
    "no node label": (broken('c "" 1', "c 1"), 3, "label"),
    "player 0": (broken('p "" 1 1', 'p "" 0 1'), 2, "0"),
    "player 3 of 2": (broken('p "" 2 1', 'p "" 3 1'), 6, "3"),
    "half a player": (broken('p "" 2 1', 'p "" 1.5 1'), 6, "1.5"),
    "a set never described": (broken('p "" 2 1 "u" { "l" "r" } 0',
                                     'p "" 2 1 0'), 6, "1"),
    "a set described otherwise": (
        broken('p "" 2 1 "u" { "l" "r" } 0', 'p "" 1 1 "s" { "l" "z" } 0'),
        6, "s"),
    "a set of no options": (broken('"u" { "l" "r" }', '"u" { }'), 6, ""),
    "chances of 3/4": (broken("1/2 \"b\" 1/2", "1/2 \"b\" 1/4"), 3, "3/4"),
    "chances that only nearly make 1": (
        broken('1/2 "b" 1/2', '.3333 "b" .6666'), 3, "9999/10000"),
    "a negative chance": (broken('1/2 "b" 1/2', '-1/2 "b" 3/2'), 3, "-1/2"),
    "a chance that is no number": (broken('"a" 1/2', '"a" half'), 3, "half"),
    "a payoff that is no number": (broken("{ 3 4 }", "{ 3 x }"), 5, "x"),
    "a plus sign": (broken("{ 3 4 }", "{ 3 +4 }"), 5, "+4"),
    "infinity": (broken("{ 3 4 }", "{ 3 inf }"), 5, "inf"),
    "not a number": (broken("{ 3 4 }", "{ nan 4 }"), 5, "nan"),
    "hexadecimal": (broken("{ 3 4 }", "{ 0x10 4 }"), 5, "0x10"),
    "a negative divisor": (broken("{ 3 4 }", "{ 3/-4 4 }"), 5, "3/-4"),
    "division by zero": (broken("{ 3 4 }", "{ 3/0 4 }"), 5, "3/0"),
    "a bare sign": (broken("{ 3 4 }", "{ - 4 }"), 5, "-"),
    "a bare point": (broken("{ 3 4 }", "{ . 4 }"), 5, "."),
    "a payoff beyond all numbers": (
        broken("{ 3 4 }", "{ 1e400 4 }"), 5, "1e400"),
    "one payoff for two": (broken("{ 3 4 }", "{ 3 }"), 5, ""),
    "three payoffs for two": (broken("{ 3 4 }", "{ 3 4 5 }"), 5, ""),
    "an outcome never described": (
        broken('t "" 1\n', 't "" 5\n'), 7, "5"),
    "an outcome with other payoffs": (
        broken('t "" 1\n', 't "" 1 "x" { 1 2.5 }\n'), 7, "1"),
    "outcome 0 with payoffs": (
        broken('t "" 0', 't "" 0 "n" { 1 2 }'), 8, "0"),
    "a branch missing": (broken('t "" 0\n', ""), 7, ""),
    "text after the tree": (GOOD + 't "" 0\n', 9, ""),
    "a comment in the style of others": (
        broken('t "" 2', '# two\nt "" 2'), 5, "#"),
    "bytes that are no text": (GOOD.encode().replace(b'"y"', b'"\xff\xfe"'),
                               5, ""),
    "a byte 0": (GOOD.encode().replace(b'"y"', b'"y\0"'), 5, ""),
    "very deep braces": ("EFG 2 R \"x\" " + "{" * 5000, 1, ""),
}

BROKEN_NFG = {
    "too few payoffs": ('NFG 1 R "x" { "a" "b" } { 2 2 }\n1 2 3 4 5 6 7\n',
                        2, ""),
    "too many payoffs": (
        'NFG 1 R "x" { "a" "b" } { 2 2 }\n1 2 3 4 5 6 7 8 9\n', 2, "9"),
    "a comma between payoffs": (
        'NFG 1 R "x" { "a" "b" } { 2 2 }\n1, 2 3 4 5 6 7 8\n', 2, ","),
    "an outcome that is none": (
        'NFG 1 R "x" { "a" "b" }\n{ { "u" "d" } { "l" } }\n'
        '{ { "o" 1 2 } }\n1 7\n', 4, "7"),
    "a player without strategies": (
        'NFG 1 R "x" { "a" "b" } { 2 0 }\n', 1, "0"),
    "strategies of three for two": (
        'NFG 1 R "x" { "a" "b" } { 2 2 2 }\n1 2\n', 1, ""),
    "more cells than can be": (
        'NFG 1 R "x" { "a" "b" "c" } { 4000000000 4000000000 4000000000 }\n'
        '1\n', 1, ""),
}


def refusals(folder):
    for kind, table in (("efg", BROKEN), ("nfg", BROKEN_NFG)):
        for name, (text, line, word) in table.items():
            path = folder.put("broken." + kind, text)
            for command in (["solve", path, "--sharpness", "1"],
                            ["export", path, "--format", "efg"]):
                T.guard(name, refused, name, command, line, word)
            T.guard(name, refused_json, name, path, line)


def refused(name, command, line, word):
    code, out, err = solving.run(command)
    what = "%s: %s" % (name, command[0])
    T.check(code == 2, "%s: exit %d" % (what, code))
    T.check(out == "", "%s: something on stdout: %r" % (what, out[:80]))
    head = re.search(r"^(E1\d\d)  .*broken\.[en]fg:(\d+):(\d+)$", err, re.M)
    if not T.check(head, "%s: no code and place in %r" % (what, err[:300])):
        return
    T.check(int(head.group(2)) == line, "%s: line %s, expected %d" % (
        what, head.group(2), line))
    T.check(word in err, "%s: nothing about `%s` in %r" % (
        what, word, err[:400]))
    # Reason and repair: at least two sentences below the quoted line.
    said = " ".join(x.strip() for x in err[head.end():].splitlines()
                    if not re.match(r"\s*\d* \|", x))
    T.check(len(re.findall(r"[.;:] |[.]$", said.strip())) >= 2,
            "%s: no reason or no repair: %r" % (what, said))


def refused_json(name, path, line):
    """Who asks for JSON gets the message as JSON, and no numbers."""
    code, out, _ = solving.run(["solve", path, "--sharpness", "1", "--json"])
    told = json.loads(out)
    T.check(code == 2 and told["kind"] == "messages" and
            [m["line"] for m in told["messages"]] == [line],
            "%s: as JSON: exit %d, %r" % (name, code, told))


# ------------------------------------------------------------ who forgets

def driver(first=0, second=4, last=1):
    """Piccione and Rubinstein, Games and Economic Behavior 20 (1997)."""
    return ('EFG 2 R "driver" { "driver" }\n'
            'p "" 1 1 "crossing" { "exit" "go on" } 0\n'
            't "" 1 "first" { %d }\n'
            'p "" 1 1 0\n'
            't "" 2 "second" { %d }\nt "" 3 "beyond" { %d }\n' % (
                first, second, last))


def forgetful_pair():
    """One hides a coin, forgets where, and looks for it before the other."""
    def look(where):
        return own.pick(0, "look", left=own.pick(
            1, "guess", left=own.end("found", 2 if where == "l" else 0, 1),
            right=own.end("found too", 1, 0 if where == "l" else 2)),
            right=own.end("alone", 0 if where == "l" else 3, 0))
    return own.pick(0, "hide", left=look("l"), right=look("r"))


def forgetful(folder):
    for lam in (0.5, 2.0):
        s = solving.solve(driver(), "--sharpness", repr(lam))
        go = s.answer.sets["crossing"]["go on"]
        # Beliefs 1 : go at the two crossings.
        leave = 4 * go / (1 + go)
        stay = (4 * (1 - go) + go + go) / (1 + go)
        T.near("driver at %g" % lam, math.log(go / (1 - go)),
               lam * (stay - leave), 1e-8)
    s = solving.solve(driver(), "--limit")
    T.near("driver, limit", s.answer.sets["crossing"]["go on"], 2 / 3, 1e-7)
    told = s.data["certificate"]["players"][0]
    T.check(told["recall"] == "absent-minded", "recall: %r" % told["recall"])
    T.check(told["gain"] is None, "a gain without recall")
    s = solving.solve(forgetful_pair(), "--limit")
    T.check(s.answer.regret_reached <= 2e-8 * s.span,
            "forgetful pair: regret %g" % s.answer.regret_reached)
    told = s.data["certificate"]["players"]
    T.check(told[0]["recall"] == "imperfect", "recall: %r" %
            told[0]["recall"])
    T.check(told[1]["recall"] == "perfect", "recall: %r" % told[1]["recall"])
    T.check(told[0]["gain"] is None and told[1]["gain"] is not None,
            "gains are told of those who recall")
    for name, text in (("driver", driver()),
                       ("pair", efg.write(forgetful_pair()))):
        path = folder.put("forgets.efg", text)
        code, out, _ = solving.run(["solve", path, "--sharpness", "1"])
        T.check(code == 0 and re.search(
            r"agent form|each information set (decides )?(for|by) itself",
            out), "%s: agent form is not said: %r" % (name, out[:600]))
        for method in ("lp", "cfr", "enumerate"):
            code, out, err = solving.run(["solve", path, "--method", method])
            T.check(code not in (0, 1), "%s: %s: exit %d" % (
                name, method, code))
            T.check(re.search("recall|forget|remember|zero|two players",
                              err + out),
                    "%s: %s: no reason in %r" % (name, method, err[:300]))


# ------------------------------------------------------------------- scenarios

def scenarios(folder):
    """A scenario and its exported tree have the same answer."""
    cases = []
    for place, wanted in (
            (("examples", "models"), ("beer_quiche", "schultz_audience_cost",
                                      "stripped_poker", "chain_store",
                                      "selten_horse", "dresher_inspection")),
            (("tests", "conformance"), ("001-", "047-", "065-", "076-",
                                        "110-", "111-", "153-"))):
        folder_of = os.path.join(solving.ROOT, *place)
        for name in sorted(os.listdir(folder_of)):
            if name.endswith(".standoff") and name.startswith(wanted):
                cases.append(os.path.join(folder_of, name))
    for path in cases:
        name = os.path.basename(path)
        code, out, err = solving.run(["solve", path, "--json", "--quiet"])
        if not T.check(code == 0, "%s: solve: exit %d: %s" % (
                name, code, err[:300])):
            continue
        direct = json.loads(out)
        code, text, err = solving.run(["export", path, "--format", "efg"])
        if not T.check(code == 0, "%s: export: exit %d: %s" % (
                name, code, err[:300])):
            continue
        # The comment says at which lambda the answers are the same.
        said = re.search(r"An answer at lambda ([-+.e0-9]+) is",
                         efg.read(text).comment or "")
        s = T.guard(name, solving.solve, text, "--sharpness",
                    said.group(1) if said else "1")
        if s is None:
            continue
        # An outcome of the scenario is several of the file: `war 2025-01`,
        # `war 2025-01_1`, ...
        odds = {}
        for label, p in s.answer.odds.items():
            label = label.split(" ")[0]
            odds[label] = odds.get(label, 0.0) + p
        for outcome in direct["outcomes"]:
            T.near("%s: odds of %s" % (name, outcome["name"]),
                   odds.pop(outcome["name"], 0.0), outcome["by"][-1], 1e-8)
        T.check(not odds, "%s: odds of %s" % (name, ", ".join(odds)))
    # A discount makes one player differently sharp from set to set.
    code, out, err = solving.run(["export", os.path.join(
        solving.ROOT, "tests", "conformance", "117-discount.standoff")])
    T.check(code == 2 and not out and "sharpness" in err,
            "discount: exit %d, %r" % (code, err[:200]))


def same_bits(folder):
    """Threads share the work and decide nothing; a seed decides all."""
    for name in ("border", "drawn 3", "drawn by three 23"):
        path = folder.put("bits.efg", efg.write(own.GAMES[name]()))
        for words in (["--limit", "--search", "24"],
                      ["--sharpness", "3", "--search", "24"],
                      ["--limit", "--branches", "--path"]):
            seen = set()
            for threads in "123":
                code, out, err = solving.run([
                    "solve", path, "--json", "--quiet", "--seed", "7",
                    "--threads", threads, *words])
                T.check(code == 0, "%s: %s: exit %d: %s" % (
                    name, " ".join(words), code, err[:200]))
                seen.add("\n".join(x for x in out.splitlines()
                                   if '"seconds"' not in x))
            T.check(len(seen) == 1, "%s: %s: bits differ by threads" % (
                name, " ".join(words)))


def crossings(folder):
    """A crossing of branches is told of once.  Alike players who may meet at
    either of two places, the first of whom may also stay at home."""
    def meet(where):
        return own.pick(0, "goes", left=own.end(
            "left", 0, 0) if where else own.end("both left", 2, 4),
            right=own.end("both right", 4, 2) if where
            else own.end("apart", 0, 0))
    tree = own.pick(0, "first", go=own.pick(
        1, "second", left=meet(0), right=meet(1)), stay=own.end("home", 0, 0))
    path = folder.put("meet.efg", efg.write(tree))
    code, out, err = solving.run(["solve", path, "--json", "--sharpness", "4",
                                  "--branches", "--path"])
    if not T.check(code == 0, "crossings: exit %d: %s" % (code, err[:200])):
        return
    told = json.loads(out)
    places = [p["lambda"] for p in told["path"] if p["kind"] == "bifurcation"]
    T.check(len(places) == 1, "crossings at %r" % places)
    T.check(len(told["equilibria"]) == 3, "crossings: %d equilibria" %
            len(told["equilibria"]))


PARTS = {"round": round_trips, "broken": refusals, "forgetful": forgetful,
         "scenarios": scenarios, "bits": same_bits,
         "crossings": crossings}


def main():
    for name, part in PARTS.items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            with Folder() as folder:
                T.guard(name, part, folder)
    return T.end()


if __name__ == "__main__":
    sys.exit(main())
