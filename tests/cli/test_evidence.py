#!/usr/bin/env python3
"""Evidence and the case ledger, as people and scripts use them: update, next,
compare, case, score, import.

    test_evidence.py [WORD ...]   only the cases whose name holds one of the words

Cases as in run.py.  The scenarios are small enough to be conditioned by hand.
Ends in `N passed, N failed`.
"""

import concurrent.futures
import json
import math
import os
import random
import re
import shutil
import sys
import tempfile
import traceback

from program import (
    ROOT, TINY, Run, calm, probabilities, read, without_seconds)

# At sharpness 0 peace comes in turn 1 with 1/2 and in turn 2 with 1/4.  The
# source reports a stop in turn 1: it is worth .9 on the first half, .2 else.
HEARD = """\
evidence for tiny
source wire hit 90%, false 20%
1  north.stop  from wire
"""
CHANCE = 0.5 * 0.9 + 0.5 * 0.2
PEACE = (0.5 * 0.9 + 0.25 * 0.2) / CHANCE
# For the same story, but somebody who likes peace.
KEEN = TINY.replace("sharpness 0", "sharpness 0.1").replace("tiny", "keen")
# Types that nobody sees, and a state that only its owner does.
HIDDEN = """\
scenario depot "What is hidden"
  turns 1 to 3
  otherwise quiet
actor north
  type soft 40%, hard rest
  sharpness 0.1
state store 0..2 = 0 hidden
choice act of north
  wait
  build -> store +1
outcome full "a full store" when store = 2
payoff  north.soft  north.hard
  full      0          20
  quiet     10         0
"""
BUILT = """\
evidence for depot
source wire hit 90%, false 20%
source copy echo of wire
1  north.build      from wire
1  north.build      from copy
2  store = 1        from wire
3  store = 2        B2          note "said by nobody in particular"
"""
SLANTED = ("enemy", "regime", "aggressor", "rogue", "terror", "hostile",
           "ally of", "good guys", "bad guys")


class Place:
    """A folder with files, and runs that keep their solutions in it."""

    def __init__(self, **files):
        self.folder = tempfile.mkdtemp(prefix="demarche-case-")
        for name, text in files.items():
            self.write(name.replace("__", "."), text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        mode = "wb" if isinstance(text, bytes) else "w"
        with open(self.path(name), mode) as file:
            file.write(text)

    def run(self, *words, env=None, **kwargs):
        mine = {"XDG_CACHE_HOME": self.path("cache"), "HOME": self.folder}
        mine.update(env or {})
        return Run(*words, env=mine, cwd=self.folder, **kwargs)


def tiny(**more):
    return Place(t__standoff=TINY, h__evidence=HEARD, **more)


def update(place, *words):
    return place.run("update", *words, "--json", "-q").exits(0).json()


def close(x, y, tolerance=1e-9):
    assert abs(x - y) <= tolerance, (x, y)


# ---- update -----------------------------------------------------------------

def case_update_by_hand():
    with tiny() as place:
        u = update(place, "t.standoff", "h.evidence")
        line = u["lines"][0]
        close(u["prior"]["peace"], 0.75)
        close(line["odds"]["peace"], PEACE)
        close(line["before"]["peace"], 0.75)
        close(line["without"]["peace"], 0.75)
        close(line["chance"], CHANCE)
        close(line["likelihood_ratio"]["peace"], (0.5 / 0.75) / 0.2)
        close(line["likelihood_ratio"]["quiet"], 0.2 / (0.5 / 0.75))
        close(u["log_likelihood"], math.log(CHANCE))
        close(u["outcomes"][0]["by"][0], 0.45 / CHANCE)
        close(u["outcomes"][0]["by"][1], PEACE)


def case_update_fields():
    with Place(s__standoff=HIDDEN, e__evidence=BUILT) as place:
        u = update(place, "s.standoff", "e.evidence")
        assert u["kind"] == "update" and u["scenario"] == "depot"
        assert u["periods"] == ["1", "2", "3"] and u["until"] is None
        assert re.fullmatch("[0-9a-f]{16}", u["evidence_hash"])
        assert u["cached"] is False and u["certificate"]["converged"] is True
        assert u["strategies"] and u["last_period"] == "3"
        assert [x["counts"] for x in u["lines"]] == [True, False, True, True]
        assert u["lines"][1]["why_not"] == "echo"
        assert u["lines"][3]["source"] is None
        assert u["lines"][3]["grade"] == "B2"
        for line in u["lines"]:
            assert line["date"] in "123" and line["text"]
            for key in ("before", "odds", "without"):
                close(sum(line[key].values()), 1)
        assert set(u["posteriors"]) == {"north.type", "store"}
        close(sum(u["posteriors"]["north.type"].values()), 1)
        for h in u["hidden"]:
            assert len(h["by"]) == len(h["filtered"]) == 3
            for row in h["by"] + h["filtered"]:
                if None not in row:
                    probabilities(row)
                    close(sum(row), 1)
        for o in u["outcomes"]:
            probabilities(o["by"] + o["prior"])
            assert o["range"] == [None, None]


def case_update_text():
    with Place(s__standoff=HIDDEN, e__evidence=BUILT) as place:
        place.run("update", "s.standoff", "e.evidence").exits(0).says(
            "What each line says", "The odds after each line",
            "if that line were removed", "Lines that count nothing",
            "it repeats an earlier line", "north.type", "Odds by date",
            "Strategies are those of the equilibrium",
            "never for the assumptions", "before the news")
        brief = place.run("update", "s.standoff", "e.evidence", "--brief")
        assert "Odds by date" not in brief.exits(0).out


def case_layout():
    loose = HEARD.replace("  from", "      from").replace("wire hit",
                                                          "wire     hit")
    with tiny(loose__evidence=loose) as place:
        neat = place.run("fmt", "loose.evidence").exits(0).out
        assert "1  north.stop  from wire\n" in neat, neat
        place.run("fmt", "--check", "loose.evidence").exits(1)
        assert place.run("fmt", "-", text=neat).exits(0).out == neat
        place.run("fmt", "-w", "loose.evidence").exits(0)
        place.run("fmt", "--check", "loose.evidence").exits(0)


def case_update_words_are_neutral():
    with Place(s__standoff=HIDDEN, e__evidence=BUILT) as place:
        for words in (("update", "s.standoff", "e.evidence"),
                      ("next", "s.standoff", "e.evidence"), ("help", "update"),
                      ("help", "case"), ("help", "compare")):
            out = place.run(*words).exits(0).out.lower()
            assert not [w for w in SLANTED if w in out], words


def case_update_until():
    with Place(s__standoff=HIDDEN, e__evidence=BUILT) as place:
        u = update(place, "s.standoff", "e.evidence", "--until", "1")
        assert [x["counts"] for x in u["lines"]] == [True, False, False, False]
        assert u["lines"][3]["why_not"] == "after the cut-off"
        assert u["until"] == "1"
        place.write("f.evidence", BUILT.split("2  store")[0])
        v = update(place, "s.standoff", "f.evidence")
        assert u["outcomes"] == v["outcomes"]
        for word in ("soon", "2025-13", "2025-03-32", "20250307", "-1"):
            place.run("update", "s.standoff", "e.evidence", "--until", word
                      ).exits(2).says("--until", "no date")


def case_update_order_does_not_matter():
    head, lines = BUILT.split("1  north.build      from wire\n")
    lines = ["1  north.build      from wire\n"] + lines.splitlines(True)[1:]
    with Place(s__standoff=HIDDEN) as place:
        seen = []
        for k in range(3):
            random.Random(k).shuffle(lines)
            place.write("e.evidence", head + "".join(lines))
            seen.append(update(place, "s.standoff", "e.evidence")["outcomes"])
        for other in seen[1:]:
            for a, b in zip(seen[0], other):
                for x, y in zip(a["by"], b["by"]):
                    close(x, y, 1e-12)


def case_update_questions():
    with tiny() as place:
        u = update(place, "t.standoff", "h.evidence", "--ask",
                   "chance of peace by 1; chance of north.stop by 2",
                   "--ask", "chance of peace given north.stop in 1")
        one, two, three = u["questions"]
        close(one["answer"], 0.45 / CHANCE)
        close(one["before"], 0.5)
        close(two["answer"], PEACE)
        assert three["answer"] is None and three["why"]
        place.run("update", "t.standoff", "h.evidence", "--ask",
                  "chance of peace by 1").exits(0).says("Questions", "81.8")


def case_questions_without_lines_are_those_of_a_forecast():
    asks = ("chance of store = 1 by 2; chance of store = 1 in 2; "
            "chance of north.build by 3; chance of full by 3")
    with Place(s__standoff=HIDDEN, e__evidence="evidence for depot\n") as p:
        u = update(p, "s.standoff", "e.evidence", "--ask", asks)
        f = p.run("forecast", "s.standoff", "--ask", asks, "--json", "-q"
                  ).exits(0).json()
        theirs = {q["text"]: q["answer"] for q in f["questions"]}
        assert len(u["questions"]) == 4
        for q in u["questions"]:
            close(q["answer"], theirs[q["text"]])
            close(q["before"], q["answer"])
        for mine, other in zip(u["outcomes"], f["outcomes"]):
            for x, y in zip(mine["by"], other["by"]):
                close(x, y)


def case_update_equilibria():
    with tiny() as place:
        u = update(place, "t.standoff", "h.evidence", "--equilibria", "all",
                   "--search", "3")
        assert u["equilibria"]["found"] >= 1 and u["equilibria"]["said"]
        lo, hi = u["outcomes"][0]["range"]
        close(lo, PEACE, 1e-6)
        close(hi, PEACE, 1e-6)
        place.run("update", "t.standoff", "h.evidence", "--equilibria", "some"
                  ).exits(2)
        place.run("update", "t.standoff", "h.evidence", "--search", "3"
                  ).exits(2)


def case_update_impossible():
    sure = HEARD.replace("hit 90%, false 20%", "hit 100%, false 0%")
    sure += "2  not north.stop  from wire\n2  north.stop  from wire\n"
    with tiny(i__evidence=sure) as place:
        place.run("update", "t.standoff", "i.evidence").exits(2).says(
            "E071", "i.evidence:5", "north.stop")
        said = place.run("update", "t.standoff", "i.evidence", "--json")
        value = said.exits(2).json()
        assert value["messages"][0]["code"] == "E071"
        assert value["messages"][0]["line"] == 5


def case_update_wrong_words():
    with tiny() as place:
        place.run("update", "t.standoff").exits(2).says("usage")
        place.run("update", "t.standoff", "none.evidence").exits(2)
        place.run("update", "none.standoff", "h.evidence").exits(2)
        place.run("update", "-", "-").exits(2).says("standard input")
        place.run("update", "t.standoff", "h.evidence", "x").exits(2)
        place.run("update", "t.standoff", "-", text=HEARD).exits(0)
        place.run("update", "-", "h.evidence", text=TINY).exits(0)
        place.run("update", "t.standoff", "t.standoff").exits(2)
        place.run("update", "h.evidence", "h.evidence").exits(2)
        place.run("update", "t.standoff", "h.evidence", "--max-situations",
                  "1").exits(4)
        place.run("update", "t.standoff", "h.evidence", "--set",
                  "north.sharpness=x").exits(2)


def case_update_messages_have_places():
    bad = HEARD + "1  north.stpo  from wire\n1  north.stop  from wier\n"
    with tiny(b__evidence=bad) as place:
        run = place.run("update", "t.standoff", "b.evidence").exits(2)
        run.says("E062", "b.evidence:4", "b.evidence:5", "wire")
        assert run.out == ""


def case_update_hostile():
    files = [b"", b"\0" * 100, b"\xff\xfe" * 50, b"evidence", b"evidence for",
             b"evidence for tiny\n" + b"(" * 5000 + b"\n",
             b"evidence for tiny\n1 " + b"not " * 5000 + b"north.stop A1\n",
             b"evidence for tiny\n1 north.stop from " + b"x" * 100000 + b"\n",
             b"evidence for tiny\nsource a echo of b\nsource b echo of a\n"
             b"1 north.stop from a\n",
             b"evidence for tiny\n99999999999999999999 north.stop A1\n",
             b"evidence for tiny\nsource w hit 1e9%, false -5%\n",
             b"evidence for tiny\n" + b"1 north.stop A1\n" * 300]
    with tiny() as place:
        for text in files:
            place.write("x.evidence", text)
            calm(place.run("update", "t.standoff", "x.evidence"))
            calm(place.run("update", "t.standoff", "x.evidence", "--json"))


# ---- kept solutions ----------------------------------------------------------------

def case_cache():
    with tiny() as place:
        first = update(place, "t.standoff", "h.evidence")
        again = update(place, "t.standoff", "h.evidence")
        assert first["cached"] is False and again["cached"] is True
        place.write("t.standoff", "# a word\n" + TINY)
        changed = update(place, "t.standoff", "h.evidence")
        assert changed["cached"] is True
        none = update(place, "t.standoff", "h.evidence", "--no-cache")
        assert none["cached"] is False
        other = update(place, "t.standoff", "h.evidence", "--set",
                       "north.sharpness=0.1")
        assert other["cached"] is False
        for value in (first, again, changed, none):
            del value["cached"]
            del value["certificate"]["input_hash"]
        plain = without_seconds(first)
        assert plain == without_seconds(again) == without_seconds(none)
        assert plain == without_seconds(changed)


def case_cache_that_is_no_use():
    with tiny() as place:
        update(place, "t.standoff", "h.evidence")
        kept = [os.path.join(d, f) for d, _, fs in os.walk(place.path("cache"))
                for f in fs]
        assert kept
        for path in kept:
            with open(path, "r+b") as file:
                file.seek(-8, 2)
                file.write(b"\x7f" * 8)
        damaged = update(place, "t.standoff", "h.evidence")
        assert damaged["cached"] is False
        close(damaged["outcomes"][0]["by"][1], PEACE)
        place.write("blocked", "a file")
        for folder in (place.path("blocked"), "/proc/nowhere", "relative", ""):
            u = place.run("update", "t.standoff", "h.evidence", "--json", "-q",
                          env={"XDG_CACHE_HOME": folder}).exits(0).json()
            close(u["outcomes"][0]["by"][1], PEACE)


# ---- next -----------------------------------------------------------------------------

def case_next():
    with tiny() as place:
        n = place.run("next", "t.standoff", "--json", "-q").exits(0).json()
        assert n["kind"] == "next" and n["certificate"]["converged"] is True
        close(n["odds"]["peace"], 0.75)
        moves = [x["move"] for x in n["next"]]
        assert moves and moves == sorted(moves, reverse=True)
        stop = [x for x in n["next"] if x["period"] == "1" and
                "stop" in x["text"]][0]
        close(stop["chance"], 0.5)
        close(stop["if_so"]["peace"], 1)
        close(stop["if_not"]["peace"], 0.5)
        # Half of |1 - .75| + |0 - .25|, and of |.5 - .75| + |.5 - .25|.
        close(stop["move"], 0.25)
        assert all(x["sees"] for x in n["next"])
        place.run("next", "t.standoff", "h.evidence", "--most", "1").exits(0
                  ).says("who would have to see it", "as things stand")
        place.run("next", "t.standoff", "none.evidence").exits(2)
        place.run("next").exits(2)


# ---- compare ----------------------------------------------------------------------------

def case_compare():
    with tiny(k__standoff=KEEN) as place:
        words = ("compare", "t.standoff", "k.standoff", "--evidence",
                 "h.evidence")
        c = place.run(*words, "--json", "-q").exits(0).json()
        a = update(place, "t.standoff", "h.evidence")
        b = update(place, "k.standoff", "h.evidence")
        la, lb = (math.exp(x["log_likelihood"]) for x in (a, b))
        close(c["models"][0]["weight"], la / (la + lb))
        close(c["models"][1]["weight"], lb / (la + lb))
        peace = c["outcomes"][0]
        p = [x["outcomes"][0]["by"][1] for x in (a, b)]
        close(peace["averaged"], (la * p[0] + lb * p[1]) / (la + lb))
        close(peace["lowest"], min(p))
        close(peace["highest"], max(p))
        assert c["same_lines"] is True and c["widest"] in ("peace", "quiet")
        assert [m["name"] for m in c["models"]] == ["tiny", "keen"]
        close(c["lines"][0]["chance"]["tiny"], CHANCE)
        w = place.run(*words, "--weights", "3,1", "--json", "-q").json()
        close(w["models"][0]["prior"], 0.75)
        close(w["models"][0]["weight"], 3 * la / (3 * la + lb))
        place.run(*words).exits(0).says(
            "disagree most", "Lines that tell them apart", "before the lines",
            "not that")


def case_compare_of_one_twice():
    with tiny() as place:
        c = place.run("compare", "t.standoff", "t.standoff", "--evidence",
                      "h.evidence", "--json", "-q").exits(0).json()
        assert [m["name"] for m in c["models"]] == ["tiny", "tiny (2)"]
        close(c["models"][0]["weight"], 0.5)


def case_compare_unknown_names():
    other = KEEN.replace("  stop ", "  halt ")
    both = HEARD + "2  peace  A1\n"
    with tiny(k__standoff=other, b__evidence=both) as place:
        words = ("compare", "t.standoff", "k.standoff", "--evidence",
                 "b.evidence")
        place.run(*words).exits(2).says(
            "E062", "b.evidence:3", "k.standoff", "--skip-unknown")
        c = place.run(*words, "--skip-unknown", "--json", "-q").exits(0).json()
        assert c["left_out"] == ["1  north.stop  from wire"]
        assert len(c["lines"]) == 1 and c["lines"][0]["text"] == "peace"
        # The line is out for both: without it they are on the same news.
        place.write("p.evidence", both.replace("1  north.stop  from wire\n", ""))
        p = place.run("compare", "t.standoff", "k.standoff", "--evidence",
                      "p.evidence", "--json", "-q").exits(0).json()
        close(c["models"][0]["weight"], p["models"][0]["weight"])


def case_compare_impossible():
    sure = ("evidence for tiny\nsource eye hit 100%, false 0%\n"
            "1  north.stop  from eye\n")
    never = TINY.replace("  stop -> end peace", "  stop if from 2 -> end peace")
    never = never.replace("tiny", "late")
    with Place(t__standoff=TINY, n__standoff=never, s__evidence=sure) as place:
        c = place.run("compare", "t.standoff", "n.standoff", "--evidence",
                      "s.evidence", "--json", "-q").exits(0).json()
        assert c["models"][1]["possible"] is False
        assert [m["weight"] for m in c["models"]] == [1, 0]
        place.run("compare", "n.standoff", "n.standoff", "--evidence",
                  "s.evidence").exits(2).says("E071")


def case_compare_wrong_words():
    with tiny() as place:
        two = ("compare", "t.standoff", "t.standoff")
        place.run(*two).exits(2).says("--evidence")
        place.run("compare", "t.standoff", "--evidence", "h.evidence").exits(2)
        for weights in ("1", "1,1,1", "-1,1", "0,0", "a,b", "", "1,"):
            place.run(*two, "--evidence", "h.evidence", "--weights", weights
                      ).exits(2)


# ---- the ledger ------------------------------------------------------------------------------

DATED = TINY.replace("turns 1 to 2", "months 2025-03 to 2025-04")
DATED_LOG = HEARD.replace("1  north", "2025-03-07  north")
ASK = "chance of north.stop by 2025-03"


def dated():
    return Place(d__standoff=DATED, d__evidence=DATED_LOG)


def case_case():
    with dated() as place:
        place.run("case", "init", "a.case").exits(0)
        place.run("case", "init", "a.case").exits(4).says("already")
        place.run("case", "log", "a.case", "d.evidence", "d.standoff").exits(0
                  ).says("scenario", "evidence")
        place.run("case", "log", "a.case", "--note", "a remark").exits(0)
        made = place.run(
            "case", "forecast", "a.case", "d.standoff", "d.evidence",
            "--until", "2025-03-07", "--ask", ASK, "-q").exits(0)
        made.says("outcome by 2025-04: peace %.1f %%" % (100 * PEACE), ASK)
        place.run("case", "resolve", "a.case", ASK, "yes", "--on",
                  "2025-03-20", "--source", "the record").exits(0)
        place.run("case", "history", "a.case").exits(0).says(
            ASK, "Settled on 2025-03-20: yes", "a remark", "d.standoff")
        h = place.run("case", "history", "a.case", "--json").exits(0)
        assert json.loads(h.out)["schema"] == 1
        s = place.run("score", "a.case", "--json").exits(0).json()
        assert s["questions"] == 1
        p = 0.45 / CHANCE
        close(s["mean"]["brier"], 2 * (1 - p) ** 2)
        place.run("case", "score", "a.case").exits(0).says("n = 1", "Hindsight")
        e = place.run("case", "export", "a.case").exits(0)
        assert DATED in json.dumps(json.loads(e.out)).encode().decode(
            "unicode_escape")
        csv = place.run("case", "export", "a.case", "--format", "csv").exits(0)
        assert csv.out.startswith("forecast,") and '"yes"' in csv.out
        place.run("case", "export", "a.case", "-o", "out.json").exits(0)
        assert os.path.getsize(place.path("out.json")) > 100


def case_case_forecasts_stay():
    with dated() as place:
        words = ("case", "forecast", "a.case", "d.standoff", "d.evidence",
                 "--until", "2025-03-07", "-q")
        place.run(*words).exits(0)
        before = place.run("case", "export", "a.case").out
        place.run(*words).exits(0)
        after = place.run("case", "export", "a.case").out
        old, new = (json.loads(x)["questions"][0]["forecasts"]
                    for x in (before, after))
        assert new[:len(old)] == old and len(new) == 2 * len(old)


def case_case_by_period():
    with dated() as place:
        made = place.run("case", "forecast", "a.case", "d.standoff", "--by",
                         "2025-03", "--until", "2025-03-01").exits(0)
        made.says("outcome by 2025-03: peace 50.0 %", "still open 50.0 %")
        place.run("case", "forecast", "a.case", "d.standoff", "--by", "2026-01"
                  ).exits(2).says("no period")


def case_case_wrong_words():
    with dated() as place:
        place.run("case").exits(2)
        place.run("case", "inti", "a.case").exits(2).says("init")
        place.run("case", "init").exits(2)
        place.run("case", "history", "none.case").exits(4).says("no such")
        place.run("score", "none.case").exits(4)
        place.run("case", "score", "d.standoff").exits(2).says("not a ledger")
        with open(place.path("d.standoff"), encoding="utf-8") as file:
            assert file.read() == DATED
        place.run("case", "init", "a.case").exits(0)
        place.run("case", "log", "a.case").exits(2)
        place.run("case", "log", "a.case", "none.evidence").exits(2)
        place.run("case", "forecast", "a.case").exits(2)
        place.run("case", "forecast", "a.case", "d.standoff", "--set",
                  "north.sharpness=1").exits(2).says("as it stands")
        place.run("case", "resolve", "a.case", "q", "yes").exits(2).says("--on")
        place.run("case", "resolve", "a.case", "q", "yes", "--on",
                  "2025-01-01").exits(2)
        place.run("case", "score", "a.case", "--bins", "0").exits(2)
        place.run("case", "score", "a.case", "--base", "yes").exits(2)
        place.run("case", "export", "a.case", "--format", "efg").exits(2)
        place.run("case", "history", "a.case", "x").exits(2)


def case_case_that_is_damaged():
    with dated() as place:
        place.run("case", "forecast", "a.case", "d.standoff", "--until",
                  "2025-03-01").exits(0)
        with open(place.path("a.case"), "rb") as file:
            whole = file.read()
        for cut in (0, 1, 50, len(whole) // 2):
            place.write("b.case", whole[:cut])
            run = place.run("case", "history", "b.case")
            calm(run)
            with open(place.path("b.case"), "rb") as file:
                assert file.read() == whole[:cut], cut


# ---- what is documented ------------------------------------------------------

def case_documented():
    "every field of update, next and compare stands in docs/json.md"
    page = read(os.path.join(ROOT, "docs", "json.md"))
    known = set(re.findall(r"`([a-z_0-9]+)`", page))
    maps = {"prior", "likelihood_ratio", "before", "odds", "without", "if_so",
            "if_not", "posteriors", "chance", "regret", "regret_weighted",
            "sharpness", "memory", "perfect_recall", "noise_floor"}

    def fields(value, found):
        if isinstance(value, dict):
            for k, v in value.items():
                found.add(k)
                if not (k in maps and isinstance(v, dict)):
                    fields(v, found)
        elif isinstance(value, list):
            for v in value:
                fields(v, found)
        return found

    with Place(s__standoff=HIDDEN, e__evidence=BUILT) as place:
        for words in (("update", "s.standoff", "e.evidence", "--ask",
                       "chance of full by 3"),
                      ("next", "s.standoff", "e.evidence"),
                      ("compare", "s.standoff", "s.standoff", "--evidence",
                       "e.evidence")):
            value = place.run(*words, "--json", "-q").exits(0).json()
            missing = fields(value, set()) - known
            assert not missing, (words[0], sorted(missing))


# ---- import --------------------------------------------------------------------------------------

def case_import():
    for kind, rows in (("cameo", "cameo.csv"), ("plover", "plover.tsv")):
        folder = os.path.join(ROOT, "tests", "import")
        with Place() as place:
            words = ("import", os.path.join(folder, kind + ".map"),
                     os.path.join(folder, rows))
            run = place.run(*words).exits(0).says("rows", "mapped")
            expected = read(os.path.join(folder, kind + ".evidence"))
            assert run.out == expected
            place.run(*words, "-o", "out.evidence").exits(0)
            assert read(place.path("out.evidence")) == expected
            place.write("bad.map", "nonsense\n")
            place.run("import", "bad.map", words[2]).exits(2).says(
                "E121", "bad.map:1")
            place.write("bad.csv", "no date, a, b, c\n2025-13-99,a,b,010\n")
            place.run("import", words[1], "bad.csv").exits(2).says(
                "E122", "bad.csv:")


def case_import_wrong_words():
    with dated() as place:
        place.run("import").exits(2)
        place.run("import", "a", "b").exits(2)
        place.run("import", "-", "-").exits(2).says("standard input")
        for text in (b"", b"\0\xff" * 100, b"," * 10000, b"a,b\n" * 1000):
            place.write("map", text)
            place.write("rows", text)
            calm(place.run("import", "map", "rows"))


# ---- running ----------------------------------------------------------------------------------------

def one(item):
    name, function = item
    try:
        function()
        return name, None
    except Exception:  # pylint: disable=broad-except
        return name, traceback.format_exc()


def main(words):
    cases = [(name, value) for name, value in sorted(globals().items())
             if name.startswith("case_") and
             (not words or any(word in name for word in words))]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, wrong in pool.map(one, cases):
            if wrong:
                failed += 1
                print("FAILED", name)
                print(wrong)
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
