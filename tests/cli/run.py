#!/usr/bin/env python3
"""Run the program as people and scripts do.

    run.py [WORD ...]      only the cases whose name holds one of the words

Each case is a function `case_*` below that runs the program and compares exit
code, output and messages with what is right; its docstring is its name.  The
program is $DEMARCHE (default build/demarche), the root $DM_SOURCE.
Ends in `N passed, N failed`.
"""

import concurrent.futures
import glob
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from program import (
    CHECKED, FAILING, KINDS, LARGE, LIMIT, PROGRAM, ROOT, SLOW, TINY, Run,
    calm, probabilities, read, template, without_seconds)


# ---- help, version, words ------------------------------------------------------

def case_help():
    "help names every command and the exit codes"
    run = Run("help").exits(0)
    for name in ("forecast", "check", "size", "solve", "test", "walk", "fmt",
                 "explain", "new"):
        run.says("\n  %s " % name)
        Run("help", name).exits(0).says("demarche " + name)
        assert Run(name, "--help").exits(0).out == Run("help", name).out
    run.says("130 interrupted")


def case_version():
    "version is that of CMakeLists.txt"
    number = re.search(r"project\(demarche VERSION (\S+)",
                       read(os.path.join(ROOT, "CMakeLists.txt"))).group(1)
    assert Run("version").exits(0).out == "demarche %s\n" % number
    assert Run("--version").exits(0).out == "demarche %s\n" % number


def case_no_command():
    "no command exits 2 and points to the help"
    Run().exits(2).says("demarche help")


def case_unknown_command():
    "an unknown command exits 2 and names the nearest"
    Run("forcast", "x").exits(2).says("forcast", "`forecast`")
    Run("zzzzzz").exits(2).says("demarche help")


def case_unknown_option():
    "an unknown option exits 2 and names the nearest"
    Run("forecast", "-", "--sede", "3", text=TINY).exits(2).says("--seed")
    Run("check", "-", "--qqqqqqq", text=TINY).exits(2).says("help check")
    Run("check", "-", "-Z", text=TINY).exits(2).says("-Z")


def case_option_of_another_command():
    "an option of another command is refused"
    Run("fmt", "-", "--draws", "3", text=TINY).exits(2).says("--draws", "fmt")


def case_values():
    "options that need a value, or a number, say so"
    Run("forecast", "-", "--seed", text=TINY).exits(2).says("--seed needs N")
    Run("forecast", "-", "--seed", "x", text=TINY).exits(2).says("no number")
    Run("forecast", "-", "--seed", "-1", text=TINY).exits(2)
    Run("forecast", "-", "--json=1", text=TINY).exits(2).says("no value")
    Run("size", "-", "--max-memory", "3Q", text=TINY).exits(2).says("512M")


def case_operands():
    "too few and too many words exit 2 with the usage"
    Run("forecast").exits(2).says("forecast FILE")
    Run("check", "a", "b").exits(2).says("too many words")


def case_missing_file():
    "a missing file exits 2 and is named"
    for name in ("forecast", "check", "size", "solve", "test", "fmt"):
        Run(name, "no-such-file.standoff").exits(2).says(
            "no-such-file.standoff: No such file")


def case_directory():
    "a directory is no file"
    Run("check", ROOT).exits(2).says("directory")


# ---- every command on a small file -----------------------------------------------

def case_check():
    "check counts numbers, sizes and warnings"
    Run("check", "-", text=TINY).exits(0).says(
        "0 errors, 0 warnings", "3 numbers: 0 sourced, 3 judged")


def case_check_json():
    "check --json has messages, counts and sizes"
    value = Run("check", "-", "--json", text=TINY).exits(0).json()
    assert value["kind"] == "check" and value["errors"] == 0
    assert value["messages"] == [] and value["numbers"]["judged"] == 3
    assert value["situations"] > 0 and len(value["periods"]) == 2


def case_check_error_json():
    "check --json of a wrong file is JSON too, exit 2"
    value = Run("check", "-", "--json",
                text=TINY.replace("end peace", "end pace")).exits(2).json()
    assert value["kind"] == "messages" and value["errors"] >= 1
    first = value["messages"][0]
    assert first["severity"] == "error" and first["line"] == 8
    assert re.fullmatch(r"E\d{3}", first["code"]) and first["repair"]


def case_check_strict():
    "check --strict makes warnings findings"
    text = TINY.replace("  stop -> end peace", "  stop -> accept pact") + (
        "deal pact between north, south\n  after 1 turns -> end peace\n"
        "actor south\n")
    text = text.replace("payoff   north\n  peace  10\n  quiet  0",
                        "payoff   north south\n  peace  10 0\n  quiet  0 0")
    value = Run("check", "-", "--json", text=text).exits(0).json()
    assert value["warnings"] >= 1, value
    Run("check", "-", text=text).exits(0)
    Run("check", "-", "--strict", text=text).exits(1)
    Run("check", "-", "--strict", text=TINY).exits(0)


def case_memory():
    "--memory says what each remembered item costs"
    run = Run("size", template("inspection"), "--memory", "--json").exits(0)
    items = run.json()["memory"]
    assert [(m["actor"], m["item"]) for m in items] == [
        ("guard", "last survey")]
    assert items[0]["starts_without"] <= run.json()["starts"]
    Run("check", template("inspection"), "--memory").exits(0).says(
        "last survey")
    assert Run("size", template("inspection"), "--json").json()["memory"] == []


def case_size():
    "size counts by period, and the periods add up"
    value = Run("size", template("deal"), "--json").exits(0).json()
    for key in ("starts", "situations", "information_sets", "edges"):
        assert value[key] == sum(p[key] for p in value["periods"]), key
    assert value["bound"] >= max(p["starts"] for p in value["periods"])
    assert value["stopped"] is False
    run = Run("size", template("deal")).exits(0)
    assert "0 bytes" not in run.out
    run.says("At most", "situations")


def case_solve():
    "solve gives behaviour strategies that add up to 1"
    value = Run("solve", "-", "--json", text=TINY).exits(0).json()
    assert [s["period"] for s in value["strategies"]] == ["1", "2"]
    for s in value["strategies"]:
        assert s["actor"] == "north" and s["choice"] == "act"
        assert [o["name"] for o in s["options"]] == ["wait", "stop"]
        assert abs(sum(o["p"] for o in s["options"]) - 1) < 1e-12
        assert all(o["p"] == 0.5 for o in s["options"])
    assert value["strategies"][0]["reach"] == 1
    assert value["strategies"][1]["reach"] == 0.5
    assert value["strategies"][1]["options"][1]["value"] == 10
    assert value["strategies"][0]["options"][0]["value"] == 5


def case_forecast():
    "forecast has the fields others call"
    value = Run("forecast", "-", "--json", text=TINY).exits(0).json()
    assert value["kind"] == "scenario" and value["scenario"] == "tiny"
    assert value["periods"] == ["1", "2"]
    odds = {o["name"]: o["by"] for o in value["outcomes"]}
    assert odds == {"peace": [0.5, 0.75], "quiet": [0, 0.25]}, odds
    c = value["certificate"]
    assert c["converged"] is True and c["residual"] <= 1e-9
    assert set(c["regret"]) == {"north"}
    assert set(c["noise_floor"]) == {"peace", "quiet"}
    for key in ("situations", "information_sets"):
        assert isinstance(c[key], int) and c[key] > 0
    assert c["seconds"] >= 0 and c["information_sets"] == 2


def case_forecast_solve_agree():
    "forecast and solve print the same odds and certificate"
    a = without_seconds(Run("forecast", template("deal"), "--json").json())
    b = without_seconds(Run("solve", template("deal"), "--json").json())
    assert [o["by"] for o in a["outcomes"]] == [
        o["by"] for o in b["outcomes"]]
    for key in ("residual", "situations", "regret", "noise_floor"):
        assert a["certificate"][key] == b["certificate"][key], key


def case_brief():
    "--brief is the first screen: 80 columns and 40 lines"
    for kind in KINDS:
        run = Run("forecast", template(kind), "--brief").exits(0)
        lines = run.out.rstrip("\n").split("\n")
        assert len(lines) <= 40, (kind, len(lines))
        assert max(map(len, lines)) <= 80, kind
        run.says("Certificate: residual", "Left out: ")
        assert Run("forecast", template(kind)).out.startswith(run.out), kind


def case_test():
    "test exits 0 when every check holds"
    Run("test", "-", text=CHECKED).exits(0)
    value = Run("test", "-", "--json", text=CHECKED).exits(0).json()
    assert (value["passed"], value["failed"]) == (1, 0)


def case_test_fails():
    "test exits 1 on a check that does not hold, and names it"
    Run("test", "-", text=FAILING).exits(1).says("chance of peace by 1")
    value = Run("test", "-", "--json", text=FAILING).exits(1).json()
    assert (value["passed"], value["failed"]) == (1, 1)


def case_explain_files():
    "explain --core, --phases and --who-sees describe a file"
    Run("explain", "--core", template("deal")).exits(0).says("var arms")
    Run("explain", "--phases", template("deal")).exits(0).says("decide")
    Run("explain", "--who-sees", template("inspection")).exits(0).says(
        "stock", "last survey")
    for option in ("core", "phases", "who-sees"):
        value = Run("explain", "--" + option, "-", "--json",
                    text=TINY).exits(0).json()
        assert value["text"]
    Run("explain", "--core", "a", "--phases", "b").exits(2).says("one thing")


def case_explain_code():
    "explain prints the page of every code that has one"
    pages = sorted(glob.glob(os.path.join(ROOT, "docs/messages/*.md")))
    for page in pages[::5]:
        code = os.path.basename(page)[:-3]
        Run("explain", code).exits(0).says(code)
        Run("explain", code.lower()).exits(0).says(code)
        assert Run("explain", code, "--json").exits(0).json()["name"] == code


def case_explain_unknown():
    "an unknown code exits 2"
    Run("explain", "E999").exits(2).says("no code `E999`")
    Run("explain", "hello").exits(2).says("no code `hello`")


def case_new():
    "each kind is 12 to 25 commented lines without warnings, and is solved"
    for kind in KINDS:
        run = Run("new", "--kind", kind).exits(0)
        assert run.out == read(template(kind))
        assert 12 <= run.out.count("\n") <= 25, kind
        assert "#" in run.out
        check = Run("check", "-", "--json", text=run.out).exits(0).json()
        assert check["warnings"] == 0, kind
        value = Run("forecast", "-", "--json", text=run.out).exits(0).json()
        assert value["certificate"]["residual"] < 1e-9
        total = sum(o["by"][-1] for o in value["outcomes"])
        assert abs(total - 1) < 1e-9, (kind, total)
    assert Run("new").out == read(template("blank"))


def case_new_unknown():
    "new with an unknown kind lists the kinds, exit 2"
    Run("new", "--kind", "leter").exits(2).says(
        "did you mean letter?", *KINDS)
    assert Run("new", "--kind", "leter").out == ""


def case_new_output():
    "new -o writes a file once and never over another"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mine.standoff")
        Run("new", "--kind", "deal", "-o", path).exits(0)
        assert read(path) == read(template("deal"))
        Run("new", "--kind", "letter", "-o", path).exits(2).says(path)
        assert read(path) == read(template("deal"))
        Run("new", "-o", os.path.join(folder, "no", "x")).exits(4)


# ---- input ---------------------------------------------------------------------------

def case_standard_input():
    "- is standard input for every command"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tiny.standoff")
        with open(path, "w", encoding="utf-8") as file:
            file.write(CHECKED)
        for name in ("forecast", "solve", "size", "check", "test", "fmt"):
            extra = [] if name == "fmt" else ["--json"]
            a = Run(name, path, *extra).exits(0)
            b = Run(name, "-", *extra, text=CHECKED).exits(0)
            if extra:
                assert without_seconds(a.json()) == without_seconds(b.json())
            else:
                assert a.out == b.out


def case_markdown():
    "a .md file and --markdown read the fenced blocks in order"
    head, tail = TINY.split("payoff", 1)
    text = "# Title\n\nProse.\n\n```standoff\n%s```\n\nMore: `x`.\n\n" \
        "```standoff\npayoff%s```\n" % (head, tail)
    plain = without_seconds(Run("forecast", "-", "--json", text=TINY).json())
    value = without_seconds(
        Run("forecast", "-", "--markdown", "--json", text=text).exits(0).json())
    assert value["outcomes"] == plain["outcomes"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        assert without_seconds(Run("forecast", path, "--json").json())[
            "outcomes"] == plain["outcomes"]
        Run("fmt", path).exits(2).says("Markdown")


def case_markdown_line():
    "a message about a Markdown file counts its lines"
    text = "a\n\n```standoff\n%s```\n" % TINY.replace("end peace", "end pace")
    value = Run("check", "-", "--markdown", "--json", text=text).exits(2).json()
    assert value["messages"][0]["line"] == 11, value["messages"][0]


def case_set():
    "--set changes a number and says so"
    value = Run("forecast", "-", "--json", "--set", "north.sharpness=0.1",
                text=TINY).exits(0).json()
    last = [s for s in Run(
        "solve", "-", "--json", "--set", "north.sharpness=0.1",
        text=TINY).json()["strategies"] if s["period"] == "2"][0]
    # ten points more at 0.1: e times as likely
    p = {o["name"]: o["p"] for o in last["options"]}
    assert abs(p["stop"] / p["wait"] - 2.718281828459045) < 1e-9
    assert value["outcomes"][0]["by"][-1] > 0.75
    assert len(value["set"]) == 1 and "north.sharpness" in value["set"][0]


def case_set_unknown():
    "--set of an unknown name exits 2 and names the nearest"
    Run("forecast", "-", "--set", "north.sharpnes=1", text=TINY).exits(2).says(
        "north.sharpness")
    Run("forecast", "-", "--set", "nonsense", text=TINY).exits(2)
    Run("forecast", "-", "--set", "=", text=TINY).exits(2)


def case_set_range():
    "--set beyond what a number can be exits 2"
    Run("forecast", "-", "--set", "north.sharpness=-1",
        text=TINY).exits(2).says("0 or more")
    text = template("escalation")
    Run("forecast", text, "--set", "slip=120%").exits(2).says("slip")
    Run("forecast", text, "--set", "slip=-0.1").exits(2).says("slip")
    Run("forecast", text, "--set", "slip=soon").exits(2).says("soon")


def case_ask():
    "--ask adds a question"
    value = Run("forecast", "-", "--json", "--ask", "chance of peace by 1",
                text=TINY).exits(0).json()
    assert [q["answer"] for q in value["questions"]] == [0.5]
    Run("forecast", "-", "--ask", "chance of pace", text=TINY).exits(2).says(
        "pace")


def case_draws():
    "--draws prints the spread beside the base case, by the seed"
    words = ("forecast", template("blank"), "--json", "--draws", "8")
    a, b, c = (Run(*words, *more).exits(0).json() for more in (
        [], ["--seed", "1"], ["--seed", "2"]))
    assert a["draws"] == {"asked": 8, "failed": 0}
    assert without_seconds(a) == without_seconds(b)
    for o, other in zip(a["outcomes"], c["outcomes"]):
        assert o["by"] == other["by"]
        for low, mid, high in zip(o["p05"], o["p50"], o["p95"]):
            assert 0 <= low <= mid <= high <= 1
    assert [o["mean"] for o in a["outcomes"]] != [
        o["mean"] for o in c["outcomes"]]


def case_json_probabilities():
    "all odds lie in [0,1] and grow with time"
    for kind in KINDS:
        value = Run("forecast", template(kind), "--json").json()
        for o in value["outcomes"]:
            probabilities(o["by"])
            assert all(x <= y + 1e-12 for x, y in zip(o["by"], o["by"][1:]))
        probabilities(value["still_open"])
        probabilities(value["certificate"]["noise_floor"].values())


# ---- the same bytes -------------------------------------------------------------------

def case_same_bytes():
    "two runs give the same bytes except fields named seconds"
    mask = re.compile(r'"seconds": [^,}\n]*')
    for command in ("forecast", "solve", "size", "check"):
        a, b = (mask.sub("", Run(command, template("inspection"),
                                 "--json").out) for _ in range(2))
        assert a == b and len(a) > 200, command


def case_threads():
    "one thread and two give the same bytes"
    mask = re.compile(r'"seconds": [^,}\n]*')
    words = ("forecast", template("deal"), "--json", "--draws", "6")
    a = mask.sub("", Run(*words, "--threads", "1").exits(0).out)
    b = mask.sub("", Run(*words, "--threads", "2").exits(0).out)
    assert a == b and '"p95"' in a


# ---- terminals ----------------------------------------------------------------------------

def on_terminal(words, env):
    """What the program writes when standard output is a terminal."""
    master, slave = pty.openpty()
    surroundings = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm",
                        COLUMNS="80")
    surroundings.pop("NO_COLOR", None)
    surroundings.update(env)
    child = subprocess.Popen(
        [PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=slave,
        stderr=subprocess.DEVNULL, env=surroundings)
    os.close(slave)
    data = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    os.close(master)
    assert child.wait(LIMIT) == 0
    return data


def case_color():
    "colour on a terminal only, and never with NO_COLOR"
    words = ["forecast", template("blank"), "--brief"]
    assert b"\033[1m" in on_terminal(words, {})
    assert b"\033" not in on_terminal(words, {"NO_COLOR": "1"})
    assert b"\033" not in on_terminal(words, {"TERM": "dumb"})
    assert b"\033" not in Run(*words).raw


def case_narrow():
    "COLUMNS=40 and --columns keep lines short"
    words = ("forecast", template("blank"), "--brief")
    a = Run(*words, env={"COLUMNS": "40"}).exits(0)
    widest = max(len(x) for x in a.out.split("\n"))
    assert widest <= 48, widest  # a name is not cut below its place
    prose = [x for x in a.out.split("\n") if " " in x.strip()]
    assert max(map(len, prose)) <= 48
    assert Run(*words, "--columns", "40").out == a.out
    wide = Run(*words, "--columns", "120").out
    assert max(len(x) for x in wide.split("\n")) > 80
    for silly in ("0", "-3", "x", "99999999"):
        Run(*words, env={"COLUMNS": silly}).exits(0)


def case_ascii():
    "LC_ALL=C gives only ASCII"
    text = template("sanctions")
    marked = read(text).replace("Pressure and", "Pr\u00e9ssion \u2014 \u03bb")
    for command in ("forecast", "solve", "check", "size"):
        run = Run(command, "-", text=marked, env={"LC_ALL": "C"}).exits(0)
        assert run.raw and all(b < 128 for b in run.raw), command
    run = Run("forecast", "-", text=marked, env={"LC_ALL": "C"})
    run.says("Pression - ?", "+-")
    full = Run("forecast", "-", text=marked).exits(0)
    full.says("Pr\u00e9ssion \u2014 \u03bb", "\u00b1")


def case_escape():
    "control characters of a file never reach the terminal"
    text = TINY.replace("A tiny file", "A \x1b[31mred\x07 file")
    for command in ("forecast", "check", "size", "solve"):
        run = calm(Run(command, "-", text=text))
        assert "\x1b" not in run.out + run.err, command
        assert "\x07" not in run.out + run.err, command


def case_quiet():
    "--quiet keeps standard error empty"
    run = Run("forecast", template("deal"), "--quiet").exits(0)
    assert run.err == ""


def case_closed_output():
    "a closed standard output exits 4 with a message"
    quoted = "'%s' forecast '%s'" % (PROGRAM, template("blank"))
    run = Run(quoted + " >&-", shell=True).exits(4)
    run.says("standard output: Bad file descriptor")


def case_full_device():
    "a full device exits 4 with a message"
    if not os.path.exists("/dev/full"):
        return
    for words in (["forecast", template("blank")], ["version"], ["new"]):
        with open("/dev/full", "wb") as full:
            Run(*words, out=full).exits(4).says("No space left")


def case_broken_pipe():
    "a reader that leaves early does not make noise"
    run = Run("'%s' forecast '%s' 2>&1 >/dev/null | head -c 0" % (
        PROGRAM, template("blank")), shell=True)
    assert run.out == ""


def case_interrupt():
    "SIGINT during a long run exits 130"
    child = subprocess.Popen(
        [PROGRAM, "forecast", "-", "--max-situations", "500000000",
         "--max-memory", "3G"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(LARGE.encode())
    child.stdin.close()
    child.stdin = None
    time.sleep(0.5)
    assert child.poll() is None, "it was done before it could be stopped"
    begun = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=LIMIT)
    assert child.returncode == 130, (child.returncode, err[-500:])
    assert time.monotonic() - begun < 5
    assert b"interrupted" in err, err


# ---- limits ------------------------------------------------------------------------------

def case_limit_situations():
    "--max-situations exits 4 and tells what to round"
    run = Run("forecast", "-", "--max-situations", "2000", text=LARGE).exits(4)
    run.says("Stopped at a limit", "2,000 situations")
    value = Run("size", "-", "--json", "--memory", "--max-situations", "2000",
                text=LARGE).exits(4).json()
    assert value["stopped"] is True and len(value["periods"]) < 12
    assert value["memory"], "no memory item is named"


def case_limit_memory():
    "--max-memory exits 4"
    Run("forecast", "-", "--max-memory", "1M", text=LARGE).exits(4).says(
        "Stopped at a limit")


# ---- hostile and extreme files --------------------------------------------------------------

def case_empty():
    "empty and blank files exit 2 with E004"
    for text in ("", "\n", "# only a remark\n", "   \n\n"):
        Run("check", "-", text=text).exits(2).says("E004")


def case_truncated():
    "a file cut at any place never crashes"
    text = read(template("deal")) + read(template("letter"))
    whole = read(template("inspection"))
    step = 97 if SLOW else 23
    for at in range(0, len(whole), step):
        calm(Run("check", "-", text=whole[:at]))
    for at in range(0, len(text), step * 3):
        calm(Run("check", "-", text=text[:at]))


def case_binary():
    "binary files exit 2"
    junk = bytes((i * 7919 + i // 251) % 256 for i in range(20000))
    for data in (junk, b"\0" * 1000, b"\xff\xfe" * 500, TINY.encode()
                 + b"\0\xff", b"scenario \x80\x80\n"):
        for command in ("check", "forecast", "fmt"):
            run = calm(Run(command, "-", text=data))
            assert run.code == 2, (run.code, data[:10])


def case_nesting():
    "huge nesting is a message"
    for depth in (100, 100000):
        cell = "(" * depth + "1" + ")" * depth
        calm(Run("check", "-", text=TINY.replace("  peace  10",
                                                "  peace  " + cell)))
    deep = TINY.replace("  stop -> end peace", "  stop if %s north is x -> "
                        "end peace" % ("not " * 50000))
    assert calm(Run("check", "-", text=deep)).code == 2
    ifs = TINY.replace("-> end peace", "-> " + "if 1 = 1: " * 20000
                       + "end peace")
    calm(Run("check", "-", text=ifs))


def case_long_file():
    "10,000 lines of states are read, or refused with a message"
    text = TINY + "".join(
        "state s%d 0..1 = 0 public\n" % i for i in range(10000))
    run = calm(Run("check", "-", text=text))
    text = TINY + "".join("# line %d\n" % i for i in range(10000))
    Run("check", "-", text=text).exits(0)
    rows = TINY + "".join("  end_%d  %d\n" % (i, i) for i in range(9990))
    Run("check", "-", "--quiet", text=rows).exits(0)
    rows = TINY + "".join("  end_%d  %d\n" % (i, i) for i in range(500))
    value = Run("forecast", "-", "--json", text=rows).exits(0).json()
    assert len(value["outcomes"]) == 502
    assert value["outcomes"][0]["by"][-1] == 0.75


def case_long_line():
    "a line of a megabyte is not printed whole"
    run = calm(Run("check", "-", text=TINY + "state " + "x" * 1000000))
    assert run.code == 2 and len(run.err) < 5000, len(run.err)


def case_chances():
    "probabilities of 0 and 1 are right"
    for chance, by in (("0%", [0, 0]), ("100%", [0.5, 0.75])):
        text = TINY.replace("-> end peace", "-> %s: end peace" % chance)
        value = Run("forecast", "-", "--json", text=text).exits(0).json()
        assert value["outcomes"][0]["by"] == by, (chance, by)
    text = TINY.replace("-> end peace", "-> 101%: end peace")
    Run("check", "-", text=text).exits(2)
    text = TINY.replace("-> end peace", "-> -1%: end peace")
    Run("check", "-", text=text).exits(2)


def case_one_period():
    "a one-period scenario is right"
    text = TINY.replace("turns 1 to 2", "turns 1 to 1")
    value = Run("forecast", "-", "--json", text=text).exits(0).json()
    assert value["periods"] == ["1"]
    assert [o["by"] for o in value["outcomes"]] == [[0.5], [0.5]]
    Run("check", "-", text=TINY.replace("1 to 2", "2 to 1")).exits(2)


def case_no_choices():
    "actors without choices: chance alone decides"
    text = ("scenario still\n  turns 1 to 2\n  otherwise quiet\nactor a\n"
            "every turn\n  25%: end war\npayoff  a\n  war  1\n  quiet  2\n")
    value = Run("forecast", "-", "--json", text=text).exits(0).json()
    assert value["outcomes"][0]["by"] == [0.25, 0.4375]
    assert value["certificate"]["information_sets"] == 0
    Run("forecast", "-", text=text).exits(0)


def case_huge_payoffs():
    "payoffs of 1e308 give a right answer or a message, never nan"
    for number in ("1e308", "-1e308", "1e-308", "1e400"):
        text = TINY.replace("  peace  10", "  peace  " + number)
        run = calm(Run("forecast", "-", "--json", text=text))
        if run.code == 0:  # sharpness 0 does not look at payoffs
            assert run.json()["outcomes"][0]["by"][-1] == 0.75
        run = calm(Run("forecast", "-", "--json", "--set",
                       "north.sharpness=1", text=text))
        if run.code == 0:
            p = run.json()["outcomes"][0]["by"][-1]
            right = {"1e308": 1, "-1e308": 0, "1e-308": 0.75}[number]
            assert abs(p - right) < 1e-9, (number, p)


def case_duplicates():
    "duplicate names exit 2 and show both lines"
    text = TINY + "state heat 0..1 = 0\nstate heat 0..2 = 0\n"
    Run("check", "-", text=text).exits(2).says("heat", "12 |", "13 |")
    Run("check", "-", text=TINY + "actor north\n").exits(2).says("north")
    Run("check", "-", text=TINY.replace(
        "  stop ->", "  wait ->")).exits(2).says("wait")


def case_five_errors():
    "errors stop at five, and the rest is counted"
    text = TINY + "".join("state s 0..1 = 0\n" for _ in range(12))
    run = Run("check", "-", text=text).exits(2)
    assert len(re.findall(r"^E\d\d\d ", run.err, re.M)) == 5
    run.says("more error")


def case_sentences():
    "messages and repairs are sentences"
    wrong = [TINY.replace("end peace", "end pace"), "",
             TINY.replace("otherwise quiet", ""), TINY + "actor north\n",
             TINY.replace("  wait\n", "  wait if 1 = 1\n"),
             TINY.replace("peace  10", "peace")]
    for text in wrong:
        run = Run("check", "-", "--columns", "2000", text=text).exits(2)
        lines = [x[2:] for x in run.err.split("\n") if re.match("  [^ ]", x)]
        assert lines, run.err
        for line in lines:
            assert not line[0].islower(), line
            assert line[-1] in ".?!:", line


# ---- fmt ------------------------------------------------------------------------------------

def standoff_files():
    return sorted(
        glob.glob(os.path.join(ROOT, "examples/**/*.standoff"),
                  recursive=True) +
        glob.glob(os.path.join(ROOT, "tests/conformance/*.standoff")) +
        glob.glob(os.path.join(ROOT, "share/new/*.standoff")))


def case_fmt_fixed_point():
    "fmt is a fixed point on all examples and cases"
    files = standoff_files()
    assert len(files) > 30

    def one(path):
        once = Run("fmt", path).exits(0)
        assert Run("fmt", "-", text=once.raw).exits(0).raw == once.raw, path
        return once.raw

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert all(pool.map(one, files))


def case_fmt_meaning():
    "fmt changes the layout and not the answer"
    for kind in KINDS:
        once = Run("fmt", template(kind)).exits(0).out
        a = without_seconds(Run("forecast", template(kind), "--json").json())
        b = without_seconds(Run("forecast", "-", "--json", text=once).json())
        for value in (a, b):
            value["certificate"].pop("input_hash")
        assert a == b, kind


def case_fmt_check():
    "fmt --check exits 1 if the layout would change"
    canonical = Run("fmt", "-", text=TINY).out
    Run("fmt", "--check", "-", text=canonical).exits(0)
    Run("fmt", "--check", "-", text=canonical.replace(
        " quiet", "      quiet")).exits(1).says("layout")


def case_fmt_write():
    "fmt -w changes the file itself and keeps its mode"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.standoff")
        with open(path, "w", encoding="utf-8") as file:
            file.write(TINY)
        os.chmod(path, 0o640)
        run = Run("fmt", "-w", path).exits(0)
        assert run.out == "" and read(path) == Run("fmt", "-", text=TINY).out
        assert os.stat(path).st_mode & 0o777 == 0o640
        assert os.listdir(folder) == ["t.standoff"]
        Run("fmt", "--check", path).exits(0)
    Run("fmt", "-w", "-", text=TINY).exits(2)


def case_fmt_broken():
    "fmt of a file that cannot be read leaves it alone"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.standoff")
        with open(path, "w", encoding="utf-8") as file:
            file.write(TINY + "\tnonsense ((\n")
        before = read(path)
        Run("fmt", "-w", path).exits(2)
        assert read(path) == before


# ---- walk -------------------------------------------------------------------------------------

def case_walk():
    "walk takes picks by number and name, and its transcript replays"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "picks")
        picks = "1\nsteady\npropose.2\n" + "1\n" * 40
        for seed in ("1", "5"):
            a = Run("walk", template("deal"), "--as", "east", "--seed", seed,
                    text=picks).exits(0)
            assert a.out.startswith(
                "# walk first_deal as east seed %s\n" % seed)
            assert "> wait\n" in a.out and "> steady\n" in a.out
            with open(path, "w", encoding="utf-8") as file:
                file.write(a.out)
            b = Run("walk", template("deal"), "--as", "east", "--replay",
                    path).exits(0)
            assert a.out == b.out


def case_walk_hides():
    "walk shows an actor only what it knows"
    asked = 0
    for seed in range(1, 7):
        run = Run("walk", template("inspection"), "--as", "guard", "--seed",
                  str(seed), text="wait\n" * 20).exits(0)
        assert "stock" not in run.out, run.out
        asked += "survey" in run.out
    assert asked > 0
    run = Run("walk", template("inspection"), "--as", "owner",
              text="steady\n" * 20).exits(0)
    run.says("stock")


def case_walk_words():
    "walk refuses other actors, wrong transcripts and standard input"
    Run("walk", template("deal")).exits(2).says("--as ACTOR")
    Run("walk", template("deal"), "--as", "eest").exits(2).says("east")
    Run("walk", "-", "--as", "north", text=TINY).exits(2).says(
        "standard input")
    Run("walk", template("deal"), "--as", "east", "--replay",
        template("deal")).exits(2).says("no transcript")
    Run("walk", template("deal"), "--as", "east", text="").exits(0).says(
        "left before the end")


def case_json_documented():
    "every field that --json prints stands in docs/json.md"
    page = read(os.path.join(ROOT, "docs", "json.md"))
    known = set(re.findall(r"`([a-z_0-9]+)`", page))
    free = {"regret", "regret_weighted", "sharpness", "memory",
            "perfect_recall", "noise_floor", "at_lo", "at_hi", "knows",
            "when", "p", "each"}

    def fields(value, found):
        if isinstance(value, dict):
            for k, v in value.items():
                found.add(k)
                # these objects have names of the file for keys
                if not (k in free and isinstance(v, dict)):
                    fields(v, found)
        elif isinstance(value, list):
            for v in value:
                fields(v, found)
        return found

    asks = ("ask  chance of accord given west.settle; chance of accord if "
            "east.press in 1 surprises; chance of each outcome by turn\n")
    blank = read(template("blank")) + asks
    for words, text in (
            (["forecast", "-", "--draws", "2"], blank),
            (["solve", "-"], blank), (["size", "-", "--memory"], LARGE),
            (["check", "-"], blank), (["check", "-"], "x"),
            (["test", "-"], FAILING), (["explain", "--core", "-"], blank)):
        more = ["--max-situations", "3000"] if text is LARGE else []
        value = Run(*words, "--json", *more, text=text).json()
        missing = fields(value, set()) - known
        assert not missing, (words, sorted(missing))


def main():
    words = sys.argv[1:]
    cases = [(n, f) for n, f in sorted(globals().items())
             if n.startswith("case_") and callable(f)
             and (not words or any(w in n for w in words))]
    failed = []

    def run(item):
        name, function = item
        begun = time.monotonic()
        try:
            function()
            return name, None, time.monotonic() - begun
        except Exception:  # a case fails by any of them
            return name, traceback.format_exc(limit=-2), 0

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, why, seconds in pool.map(run, cases):
            if why:
                failed.append(name)
                doc = globals()[name].__doc__
                print("FAILED %s: %s\n%s" % (name, doc, why))
            elif os.environ.get("DM_VERBOSE"):
                print("%6.2f s  %s" % (seconds, name))
    print("%d passed, %d failed" % (len(cases) - len(failed), len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
