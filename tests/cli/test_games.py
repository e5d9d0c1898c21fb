#!/usr/bin/env python3
"""Games of other programs, as people and scripts use them: solve and export.

    test_games.py [WORD ...]      only the cases whose name holds one of the words

Cases as in run.py.  The games are small enough to be solved by hand.
Ends in `N passed, N failed`.
"""

import concurrent.futures
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from program import (
    LIMIT, PROGRAM, ROOT, TINY, Run, calm, probabilities, read, template,
    without_seconds)

# One decision, worth 1 or 0; the set is number 7 in the file.
ONE = '''EFG 2 R "One decision" { "north" }
p "" 1 7 "alone" { "good" "bad" } 0
t "" 1 "right" { 1 }
t "" 2 "wrong" { 0 }
'''
# Zero-sum: the row player gains 3 on a match of heads, else 1; value 1/3 by
# the equalising mixture 1/3, 2/3.
PENNIES = '''EFG 2 R "Pennies" { "match" "mix" }
p "" 1 1 "" { "heads" "tails" } 0
p "" 2 1 "" { "heads" "tails" } 0
t "" 1 "two heads" { 3, -3 }
t "" 2 "apart" { -1, 1 }
p "" 2 1 0
t "" 2
t "" 3 "two tails" { 1, -1 }
'''
CHICKEN = '''NFG 1 R "Chicken" { "north" "south" } { { "hold" "swerve" }
{ "hold" "swerve" } }
-10 -10 -1 2 2 -1 0 0
'''
THREE = '''NFG 1 R "Three" { "a" "b" "c" } { 2 2 2 }
1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1
'''
# One set met twice on one path: the absent-minded driver.
DRIVER = '''EFG 2 R "The absent-minded driver" { "driver" }
p "" 1 1 "a crossing" { "exit" "go on" } 0
t "" 1 "the first exit" { 0 }
p "" 1 1 0
t "" 2 "home" { 4 }
t "" 3 "the end" { 1 }
'''
# North forgets what it did at first: imperfect recall without absence.
FORGETS = '''EFG 2 R "Forgets" { "north" "south" }
p "" 1 1 "" { "a" "b" } 0
p "" 1 2 "" { "c" "d" } 0
t "" 1 "ac" { 2, 0 }
t "" 2 "ad" { 0, 0 }
p "" 1 2 0
t "" 3 "bc" { 0, 0 }
t "" 4 "bd" { 1, 0 }
'''


def solve(text, *words):
    return Run("solve", "-", "--json", *words, text=text).exits(0).json()


def mixture(value, i=0):
    return {o["name"]: o["p"] for o in value["profile"][i]["options"]}


def close(x, y, tolerance=1e-9):
    assert abs(x - y) <= tolerance, (x, y)


def example(name):
    return os.path.join(ROOT, "examples", "games", name)


# ---- logit and the limit ---------------------------------------------------------

def case_sharpness():
    "solve --sharpness: the logit rule, numbered as in the file"
    value = solve(ONE, "--sharpness", "2")
    assert value["kind"] == "game" and value["game"] == "One decision"
    assert value["lambda"] == 2 and value["residual"] <= 1e-9
    entry = value["profile"][0]
    assert (entry["player"], entry["information_set"]) == (1, 7)
    assert entry["label"] == "alone" and entry["reach"] == 1
    close(mixture(value)["good"], 1 / (1 + math.exp(-2)))
    close(value["outcomes"]["right"], 1 / (1 + math.exp(-2)))
    c = value["certificate"]
    assert c["converged"] and c["players"][0]["name"] == "north"
    close(c["players"][0]["value"], 1 / (1 + math.exp(-2)))
    close(c["regret"], 1 - 1 / (1 + math.exp(-2)))
    close(c["gain"], c["regret"])
    assert "equilibria" not in value and "path" not in value


def case_limit():
    "without --sharpness a game goes to the limit, and says so"
    value = solve(PENNIES)
    assert value["lambda"] is None and value["limit"] is True
    assert value["residual"] is None
    close(mixture(value)["heads"], 1 / 3)
    close(mixture(value, 1)["heads"], 1 / 3)
    c = value["certificate"]
    assert c["regret"] <= c["tolerance"] and c["gain"] <= c["tolerance"]
    assert c["credible"] is True
    assert value == solve(PENNIES, "--limit") or without_seconds(
        value) == without_seconds(solve(PENNIES, "--limit"))
    Run("solve", "-", text=PENNIES).exits(0).says(
        "A Nash equilibrium", "33.3 %", "never for the assumptions",
        "Others were not looked for: --search N")


def case_pure_limit():
    "what is never picked in a Nash equilibrium is exactly 0"
    value = solve(ONE)
    assert mixture(value) == {"good": 1, "bad": 0}, mixture(value)
    assert value["outcomes"] == {"right": 1, "wrong": 0}


def case_at():
    "--at prints the path where asked, and ends there"
    value = solve(ONE, "--at", "1,0.5,2,1")
    points = [x for x in value["path"] if x["kind"] == "at"]
    found = {x["lambda"]: x["profile"][0]["options"][0]["p"]
             for x in value["path"] if "profile" in x}
    assert set(found) == {0.5, 1, 2}, found
    assert len(points) >= 2 and value["lambda"] == 2
    for k, p in found.items():
        close(p, 1 / (1 + math.exp(-k)))
    Run("solve", "-", "--at", "0.5,1", text=ONE).exits(0).says("The path")
    Run("solve", "-", "--at", "3", "--sharpness", "2", text=ONE).exits(
        2).says("beyond")
    for wrong in ("x", "1,,2", "-1", "0", "1,", "inf", "1e999", "nan", "0x2"):
        Run("solve", "-", "--at", wrong, text=ONE).exits(2).says("--at")


def case_path():
    "--path prints points whose lambda rises where there is no turn"
    value = solve(ONE, "--sharpness", "5", "--path")
    ks = [x["lambda"] for x in value["path"]]
    assert ks == sorted(ks) and ks[-1] == 5 and len(ks) >= 2, ks
    for x in value["path"]:
        close(x["profile"][0]["options"][0]["p"],
              1 / (1 + math.exp(-x["lambda"])), 1e-3)


def case_text():
    "the text has sentences, strategies and what the certificate means"
    Run("solve", "-", "--sharpness", "2", text=ONE).exits(0).says(
        "One decision\n============", "88.1 % right", "Expected payoffs: north",
        "good 88.1 %, bad 11.9 %", "What this is worth",
        "McKelvey and Palfrey 1998", "worth 0.5 more is 2.7")
    brief = Run("solve", "-", "--brief", text=ONE).exits(0)
    brief.says("Certificate: regret 0 (north)")
    assert "Strategies" not in brief.out
    for columns in ("40", "200"):
        run = Run("solve", example("crisis_signal.efg"), "--columns",
                  columns).exits(0)
        assert max(map(len, run.out.split("\n"))) <= int(columns) + 8


def case_agent_form():
    "without perfect recall the answer is of the agent form, and says so"
    for text, word, words in (
            (DRIVER, "absent-minded", "twice on one path"),
            (FORGETS, "imperfect", "forgets what it knew or did")):
        for options in (["--sharpness", "1"], []):
            value = solve(text, *options)
            player = value["certificate"]["players"][0]
            assert player["recall"] == word and player["gain"] is None
            Run("solve", "-", *options, text=text).exits(0).says(
                "agent form", words, "not computed")
    second = solve(FORGETS, "--sharpness", "1")["certificate"]["players"][1]
    assert second["recall"] == "perfect" and second["gain"] is not None


# ---- other methods -------------------------------------------------------------------

def case_lp():
    "lp gives the value of a zero-sum game"
    value = solve(PENNIES, "--method", "lp")
    assert value["method"] == "lp" and value["lambda"] is None
    close(value["certificate"]["players"][0]["value"], 1 / 3)
    close(value["certificate"]["players"][1]["value"], -1 / 3)
    close(mixture(value)["heads"], 1 / 3)


def case_cfr():
    "cfr has exploitability, iterations and seconds"
    few = solve(PENNIES, "--method", "cfr", "--iterations", "10")
    many = solve(PENNIES, "--method", "cfr", "--iterations", "3000")
    assert (few["iterations"], many["iterations"]) == (10, 3000)
    assert 0 <= many["exploitability"] < 1e-3
    assert many["exploitability"] <= few["exploitability"]
    assert many["seconds"] >= 0
    players = many["certificate"]["players"]
    close(sum(p["gain"] for p in players) / 2, many["exploitability"], 1e-9)
    close(players[0]["value"], 1 / 3, 1e-2)
    Run("solve", "-", "--method", "cfr", text=CHICKEN).exits(0).says(
        "not zero-sum")


def case_pure():
    "pure lists all pure equilibria, none is an answer too"
    value = solve(CHICKEN, "--method", "pure")
    assert value["searched"]["complete"] is True
    found = sorted(tuple(x["values"]) for x in value["equilibria"])
    assert found == [(-1, 2), (2, -1)], found
    for x in value["equilibria"]:
        assert x["lambda"] is None and x["credible"] is True
        close(sum(x["outcomes"].values()), 1)
    none = solve(PENNIES, "--method", "pure")
    assert none["equilibria"] == [] and none["profile"] == []
    assert none["searched"]["complete"] is True
    Run("solve", "-", "--method", "pure", text=PENNIES).exits(0).says("None.")


def case_enumerate():
    "enumerate lists all extreme equilibria of two players"
    value = solve(CHICKEN, "--method", "enumerate")
    found = sorted(tuple(x["values"]) for x in value["equilibria"])
    assert len(found) == 3 and value["searched"]["complete"] is True
    # the mixed one holds with 2/11
    mixed = [x for x in value["equilibria"]
             if 0 < x["profile"][0]["options"][0]["p"] < 1][0]
    for player in (0, 1):
        close(mixed["profile"][player]["options"][0]["p"], 2 / 11)
    Run("solve", "-", "--method", "enumerate", text=CHICKEN).exits(0).says(
        "Equilibria found", "These are all the extreme")


def case_misuse():
    "a method that does not fit exits 2 with the reason and what to do"
    for words, text in (
            (["--method", "lp"], CHICKEN), (["--method", "lp"], THREE),
            (["--method", "cfr"], THREE), (["--method", "enumerate"], THREE),
            (["--method", "cfr"], DRIVER), (["--method", "lp"], FORGETS)):
        run = Run("solve", "-", *words, text=text).exits(2)
        run.says("does not fit", "--method logit")
        assert run.out == "", words
        value = Run("solve", "-", "--json", *words, text=text).exits(2).json()
        assert value["certificate"]["converged"] is False and value["why"]
        assert value["profile"] == []


def case_words():
    "options that do not go together exit 2 with the reason"
    Run("solve", "-", "--method", "lpp", text=ONE).exits(2).says(
        "no method `lpp`", "did you mean lp", "enumerate")
    for words in (["--method", "lp", "--sharpness", "1"],
                  ["--method", "cfr", "--at", "1"],
                  ["--method", "pure", "--path"],
                  ["--method", "pure", "--branches"],
                  ["--method", "lp", "--search", "3"]):
        Run("solve", "-", *words, text=PENNIES).exits(2).says(
            "belongs to --method logit")
    Run("solve", "-", "--iterations", "5", text=ONE).exits(2).says(
        "belongs to --method cfr")
    Run("solve", "-", "--limit", "--sharpness", "1", text=ONE).exits(2)
    Run("solve", "-", "--tolerance", "1", text=ONE).exits(2).says("below 1")
    Run("solve", "-", "--sharpness", "0", text=ONE).exits(2)
    Run("solve", "-", "--sharpness", "-1", text=ONE).exits(2)
    Run("solve", "-", "--set", "a=1", text=ONE).exits(2).says("--set")
    Run("solve", "-", "--ask", "chance of right", text=ONE).exits(2).says(
        "--ask")
    Run("forecast", template("blank"), "--search", "3").exits(2).says(
        "--equilibria all")
    Run("forecast", template("blank"), "--equilibria", "one").exits(2).says(
        "`all`")


# ---- several equilibria ----------------------------------------------------------------

def case_search():
    "--search lists what it finds, with what was searched"
    value = solve(CHICKEN, "--search", "30")
    found = sorted(tuple(round(v, 6) for v in x["values"])
                   for x in value["equilibria"])
    assert found == [(-1, 2), (-0.181818, -0.181818), (2, -1)], found
    for x in value["equilibria"]:
        assert x["lambda"] is None and x["credible"] is True
        assert x["found"] >= 1 and x["origin"]
        assert max(x["regret"]) <= value["certificate"]["tolerance"]
        assert len(x["profile"]) == 2
    assert "principal" in value["equilibria"][0]["origin"]
    s = value["searched"]
    assert s["complete"] is False and s["starts"] >= 30
    assert "absence is no proof" in s["said"]
    Run("solve", "-", "--search", "30", text=CHICKEN).exits(0).says(
        "Equilibria found", "absence is no", "credible")


def case_search_same():
    "a search gives the same bytes on one thread and on two, by its seed"
    mask = re.compile(r'"seconds": [^,}\n]*')
    words = ("solve", example("cheap_talk.efg"), "--json", "--search", "20")
    a, b, c = (mask.sub("", Run(*words, *more).exits(0).out) for more in (
        ["--threads", "1"], ["--threads", "2"], ["--seed", "9"]))
    assert a == b and a != c


def case_cheap_talk():
    "a cheap-talk game shows its informative equilibria"
    value = Run("solve", example("cheap_talk.efg"), "--json", "--search",
                "40").exits(0).json()
    # told the truth the receiver strikes the armed site only
    best = max(x["values"][0] for x in value["equilibria"])
    close(best, 1, 1e-6)
    assert value["equilibria"][0]["values"][0] < 0.5  # babbling comes first


def split_of_chicken():
    """Where the symmetric path p = 1 / (1 + e^(-k (2 - 11 p))) loses its
    stability against a difference between the players: 11 k p (1 - p) = 1."""
    def slack(k):
        low, high = 0.0, 1.0
        for _ in range(200):
            p = (low + high) / 2
            if p < 1 / (1 + math.exp(-k * (2 - 11 * p))):
                low = p
            else:
                high = p
        return 11 * k * p * (1 - p) - 1

    low, high = 0.01, 2.0
    for _ in range(200):
        k = (low + high) / 2
        low, high = (k, high) if slack(k) < 0 else (low, k)
    return k


def case_branches():
    "chicken splits where it should, and --branches follows"
    plain = solve(CHICKEN, "--sharpness", "2")
    events = [x for x in plain.get("path", []) if x["kind"] == "bifurcation"]
    assert len(events) == 1, plain.get("path")
    close(events[0]["lambda"], split_of_chicken(), 1e-4)
    value = solve(CHICKEN, "--sharpness", "2", "--branches")
    assert len(value["equilibria"]) == 3
    assert all(x["lambda"] == 2 for x in value["equilibria"])
    Run("solve", "-", "--sharpness", "2", text=CHICKEN).exits(0).says(
        "The branch splits at lambda 0.408224", "--branches")


def case_forecast_equilibria():
    "forecast --equilibria all carries the range over those found"
    value = Run("forecast", template("deal"), "--json", "--equilibria", "all",
                "--search", "8", "--levers", "0").exits(0).json()
    assert value["searched"]["starts"] >= 8
    assert sum(x["principal"] for x in value["equilibria"]) == 1
    for o in value["outcomes"]:
        for low, by, high in zip(o["lowest"], o["by"], o["highest"]):
            assert low <= by <= high
        for x in value["equilibria"]:
            probabilities(x["by"][o["name"]])
    plain = Run("forecast", template("deal"), "--json", "--levers",
                "0").exits(0).json()
    assert "equilibria" not in plain
    assert [o["by"] for o in plain["outcomes"]] == [
        o["by"] for o in value["outcomes"]]
    Run("forecast", template("deal"), "--equilibria", "all", "--search", "8",
        "--levers", "0").exits(0).says("equilibri", "absence is no proof")


# ---- scenarios as games ------------------------------------------------------------------

def case_scenario_sharpness():
    "--sharpness multiplies what a scenario declares"
    text = TINY.replace("sharpness 0", "sharpness 0.1")
    value = solve(text, "--sharpness", "2")
    twice = Run("solve", "-", "--json", "--set", "north.sharpness=0.2",
                text=text).exits(0).json()
    assert value["source"] == "scenario" and value["lambda"] == 2
    for o in twice["outcomes"]:
        close(value["outcomes"][o["name"]], o["by"][-1])
    assert [x["label"] for x in value["profile"]] == ["1 act", "2 act"]
    once = solve(text, "--sharpness", "1")
    own = Run("solve", "-", "--json", text=text).exits(0).json()
    for o in own["outcomes"]:
        close(once["outcomes"][o["name"]], o["by"][-1])
    assert own["kind"] == "scenario"  # without the options it is as it was


def case_scenario_limit():
    "a scenario can be taken to the limit"
    value = solve(TINY.replace("sharpness 0", "sharpness 0.1"), "--limit")
    close(value["outcomes"]["peace"], 1, 1e-6)
    assert value["certificate"]["credible"] is True
    run = Run("solve", "-", "--limit", text=TINY).exits(3)
    run.says("sharpness 0")
    assert "%" not in run.out
    Run("solve", template("deal"), "--sharpness", "1", "--max-situations",
        "10").exits(4).says("--max-situations")
    Run("solve", "-", "--sharpness", "1",
        text=TINY.replace("end peace", "end pace")).exits(2).says("pace")


# ---- files ----------------------------------------------------------------------------------

def case_kinds():
    "a game is known by its name or its first word"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.efg", ONE), ("b.nfg", CHICKEN), ("c", ONE),
                           ("d.txt", CHICKEN), ("e", "\n  " + ONE)):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            Run("solve", path).exits(0)
        path = os.path.join(folder, "a.efg")
        for command in ("forecast", "check", "size", "test", "walk"):
            more = ["--as", "x"] if command == "walk" else []
            Run(command, path, *more).exits(2).says(
                "a game and no scenario", "demarche solve")


def case_malformed():
    "a malformed game exits 2 with place, reason and repair"
    for text in (ONE.replace('{ 1 }', '{ 1 2 }'), ONE[:-20],
                 ONE.replace('{ 0 }', '{ 1e400 }'), "EFG 2 R",
                 "EFG 9 R x", CHICKEN.replace("-10 -10", "-10"),
                 ONE + "t \"\" 1"):
        run = Run("solve", "-", text=text).exits(2)
        assert re.search(r"^E\d{3} ", run.err, re.M), run.err
        value = Run("solve", "-", "--json", text=text).exits(2).json()
        assert value["kind"] == "messages" and value["errors"] >= 1
        first = value["messages"][0]
        assert first["line"] >= 1 and first["repair"], first
        Run("export", "-", text=text).exits(2)


def case_hostile():
    "no game file crashes or hangs the program"
    for text in (ONE, CHICKEN, read(example("crisis_signal.efg"))):
        for at in range(0, len(text), 7):
            calm(Run("solve", "-", "--sharpness", "1", text=text[:at]))
    for text in ('EFG 2 R "x" { "a" }\n' + 'p "" 1 1 "" { "u" } 0\n' * 30000,
                 'EFG 2 R "x" {' + ' "p"' * 20000 + ' }\nt "" 0\n',
                 'NFG 1 R "x" { "a" "b" } { 100000 100000 }\n1 1',
                 "EFG 2 R " + '"' * 1001, "NFG" + " {" * 100000,
                 b"EFG 2 R \xff\xfe\0\0"):
        calm(Run("solve", "-", text=text))
    same = solve(ONE.replace("{ 1 }", "{ 1e100 }"), "--sharpness", "1e-100")
    close(mixture(same)["good"], 1 / (1 + math.exp(-1)))
    calm(Run("solve", "-", "--sharpness", "1e300", text=ONE))
    zero = solve('EFG 2 R "x" { }\nt "" 0\n')
    assert zero["profile"] == []


def case_interrupt():
    "SIGINT during a long solution exits 130"
    child = subprocess.Popen(
        [PROGRAM, "solve", "-", "--method", "cfr", "--iterations",
         "1000000000000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    child.stdin.write(PENNIES.encode())
    child.stdin.close()
    child.stdin = None
    time.sleep(0.5)
    assert child.poll() is None, "it was done before it could be stopped"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=LIMIT)
    assert child.returncode == 130 and out == b"", (child.returncode, err)


# ---- export ------------------------------------------------------------------------------------

def case_export_again():
    "a game written again is a fixed point and has the same answers"
    for text, kind in ((ONE, "efg"), (PENNIES, "efg"), (CHICKEN, "nfg")):
        once = Run("export", "-", text=text).exits(0).out
        assert once.startswith(kind.upper())
        assert Run("export", "-", text=once).exits(0).out == once
        a = without_seconds(solve(text, "--sharpness", "1.5"))
        b = without_seconds(solve(once, "--sharpness", "1.5"))
        assert a == b
    tree = Run("export", "-", "--format", "efg", text=CHICKEN).exits(0).out
    a, b = (solve(x, "--sharpness", "0.4") for x in (CHICKEN, tree))
    for i in (0, 1):
        for name, p in mixture(a, i).items():
            close(mixture(b, i)[name], p)


def case_export_scenario():
    "an exported scenario has the scenario's odds at the lambda it names"
    text = TINY.replace("sharpness 0", "sharpness 0.1")
    tree = Run("export", "-", text=text).exits(0).out
    k = re.search(r"at lambda ([-+.0-9e]+) is", tree)
    assert k, tree
    own = Run("solve", "-", "--json", text=text).exits(0).json()
    value = solve(tree, "--sharpness", k.group(1))
    for o in own["outcomes"]:
        odds = sum(p for name, p in value["outcomes"].items()
                   if name.split(" ")[0] == o["name"])
        close(odds, o["by"][-1])
    assert '"1 act"' in tree and '"wait" "stop"' in tree, tree


def case_export_files():
    "export -o takes the format from the name, and never writes over a file"
    with tempfile.TemporaryDirectory() as folder:
        for end, first in (("efg", "EFG 2 R"), ("json", "{"),
                           ("dot", "digraph")):
            path = os.path.join(folder, "a." + end)
            run = Run("export", template("blank"), "-o", path).exits(0)
            assert run.out == "" and read(path).startswith(first), end
            Run("export", template("blank"), "-o", path).exits(2)
        path = os.path.join(folder, "b.txt")
        Run("export", template("blank"), "--format", "dot", "-o",
            path).exits(0)
        assert read(path).startswith("digraph")
    value = Run("export", "-", "--format", "json", text=ONE).exits(0).json()
    assert value["title"] == "One decision"


def case_export_refused():
    "what cannot be written exits with the reason"
    Run("export", "-", "--format", "nfg", text=ONE).exits(2).says(".nfg")
    Run("export", "-", "--format", "pdf", text=ONE).exits(2).says(
        "no format `pdf`", "dot")
    run = Run("export", template("letter"), "--max-nodes", "20").exits(4)
    run.says("more nodes")
    assert run.out == ""
    Run("export", "-", "--set", "a=1", text=ONE).exits(2).says("--set")
    Run("export", "-", text=TINY.replace("end peace", "end pace")).exits(
        2).says("pace")
    text = ("scenario s\n  turns 1 to 1\n  otherwise quiet\nactor a\n"
            "  sharpness 0\nactor b\n  sharpness 1\nchoice x of a\n  u\n  d\n"
            "choice y of b\n  u\n  d\npayoff  a b\n  quiet 1 1\n")
    run = calm(Run("export", "-", text=text))
    if run.code == 0:
        assert run.out.startswith("EFG")


# ---- JSON -----------------------------------------------------------------------------------------

def case_errors_are_json():
    "with --json an error of the input is an object, whatever the command"
    text = TINY.replace("end peace", "end pace")
    for command in ("forecast", "solve", "size", "test", "check"):
        run = Run(command, "-", "--json", text=text).exits(2)
        value = run.json()
        assert value["kind"] == "messages" and value["errors"] >= 1, command
        assert value["messages"][0]["line"] == 8
    clash = TINY.replace("-> end peace", "-> heat = 1, heat = 0").replace(
        "actor north", "state heat 0..1 = 0 public\nactor north")
    for command in ("forecast", "solve"):
        run = Run(command, "-", "--json", text=clash)
        if run.code == 2:
            assert run.json()["kind"] == "messages"


def case_documented():
    "every field of a solution stands in docs/json.md"
    page = read(os.path.join(ROOT, "docs", "json.md"))
    known = set(re.findall(r"`([a-z_0-9]+)`", page))
    maps = {"outcomes", "by"}

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

    for words in (["--sharpness", "1", "--at", "0.5"], ["--search", "4"],
                  ["--method", "cfr"], ["--method", "pure"],
                  ["--branches", "--path", "--sharpness", "1"]):
        text = PENNIES if "cfr" in words else CHICKEN
        missing = fields(solve(text, *words), set()) - known
        assert not missing, (words, sorted(missing))
    value = Run("solve", "-", "--json", "--method", "lp",
                text=CHICKEN).exits(2).json()
    assert not fields(value, set()) - known
    value = Run("forecast", template("blank"), "--json", "--equilibria", "all",
                "--search", "4").exits(0).json()
    for key in ("equilibria", "searched"):
        assert not fields(value[key], set()) - known


def main():
    words = sys.argv[1:]
    cases = [(n, f) for n, f in sorted(globals().items())
             if n.startswith("case_") and callable(f)
             and (not words or any(w in n for w in words))]
    failed = []

    def run(item):
        name, function = item
        try:
            function()
            return name, None
        except Exception:  # a case fails by any of them
            return name, traceback.format_exc(limit=-2)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, why in pool.map(run, cases):
            if why:
                failed.append(name)
                doc = globals()[name].__doc__
                print("FAILED %s: %s\n%s" % (name, doc, why))
    print("%d passed, %d failed" % (len(cases) - len(failed), len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
