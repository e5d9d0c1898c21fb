"""The pages of the message codes, docs/messages/CODE.md.

For every code of src/lang/codes.h: there is a page, and none besides; its first
line is the code and the title; `demarche explain CODE` prints it; it shows at
least two `standoff` blocks, one that begins with `# expect error[CODE]` or
`# expect warning[CODE]` and one that begins with `# expect nothing`.  Every
block is given to `demarche check - --json` and must bring exactly the codes
that it asks for, with exit code 2 for errors and 0 otherwise; with `--strict`
1 for a warning.  (E067 belongs to a command line: its page shows that instead,
and the command is run here.)  Every code is also filed somewhere in the
sources, and every code that is filed has a row in codes.h.

Codes that only an evidence file can have are shown by such a file: their pages
have a block `standoff NAME`, a scenario that `check` says nothing about, and
behind it blocks `evidence error`, `evidence warning` or `evidence nothing`.
Each is given to `demarche update` with that scenario and must bring exactly this
code or none, as JSON and as text, with exit code 2 for errors and 0 otherwise.

Codes of game files are listed in src/interop/codes.h.  The blocks of their
pages, `efg` or `nfg` with `error` or `nothing` behind, are read by
tests/unit/interop/test_messages.c, those of event data, `mapping` or `rows`, by
tests/unit/interop/test_events.c; here they only have to be there.

The program is $DEMARCHE (default build/demarche), the root $DM_SOURCE.
Ends in `N passed, N failed`.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("DM_SOURCE") or os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("DEMARCHE") or os.path.join(ROOT, "build", "demarche")
PAGES = os.path.join(ROOT, "docs", "messages")
ROW = re.compile(r'X\(([EW]\d{3}), DM_(ERROR|WARNING), "([^"]+)"\)')
BLOCK = re.compile(r"^```standoff[^\n]*\n(.*?)^```$", re.M | re.S)
GAME_BLOCK = re.compile(r"^```(?:efg|nfg|mapping|rows) (error|nothing)$", re.M)
EXPECT = re.compile(r"^# expect (?:(error|warning)\[([EW]\d{3})\]|nothing)\n")
NEWS = re.compile(
    r"^```(?:standoff (\S+)|evidence (error|warning|nothing))\n(.*?)^```$",
    re.M | re.S)
SAID = re.compile(r"^([EW]\d{3})  ", re.M)
FILED = re.compile(r'"([EW]\d{3})"')
COMMAND_ONLY = {"E067": ["--set", "us.sharpness=sharp"]}


def run(words, given=""):
    env = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    env.pop("COLUMNS", None)
    done = subprocess.run(
        [PROGRAM] + words, input=given, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8", timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def severities(out):
    """{code: severity} of what a check printed as JSON."""
    found = {}
    todo = [json.loads(out)]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if "code" in item and "severity" in item:
                found[item["code"]] = item["severity"]
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return found


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("FAILED " + what)


def check_block(tally, where, text):
    m = EXPECT.match(text)
    tally.check(m, where + ": begins with no `# expect ...`")
    if not m:
        return None
    wanted = {m.group(2): m.group(1)} if m.group(2) else {}
    status, out, err = run(["check", "-", "--json"], text)
    try:
        got = severities(out)
    except ValueError as wrong:
        tally.check(False, "%s: %s: %s%s" % (where, wrong, out, err))
        return m.group(2)
    tally.check(got == wanted,
                "%s: %s, expected %s" % (where, got, wanted))
    fails = m.group(1) == "error"
    tally.check(status == (2 if fails else 0),
                "%s: exit code %d" % (where, status))
    strict, _, _ = run(["check", "-", "--strict"], text)
    code = 2 if fails else 1 if wanted else 0
    tally.check(strict == code,
                "%s: exit code %d with --strict" % (where, strict))
    return m.group(2)


def update(scenario, evidence, *words):
    """exit code, standard output and standard error of an update"""
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name)
                 for name in ("draft.standoff", "draft.evidence")]
        for path, text in zip(files, (scenario, evidence)):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return run(["update"] + files + list(words))


def check_news(tally, where, code, kind, scenario, evidence):
    fails = kind == "error"
    wanted = {} if kind == "nothing" else {code: kind}
    status, out, err = update(scenario, evidence, "--json")
    tally.check(status == (2 if fails else 0),
                "%s: exit code %d, %s" % (where, status, err))
    try:
        answer = json.loads(out)
    except ValueError as wrong:
        tally.check(False, "%s: %s: %s%s" % (where, wrong, out, err))
        return
    tally.check(answer.get("kind") == ("messages" if fails else "update"),
                "%s: an answer of kind %s" % (where, answer.get("kind")))
    # Beside an answer warnings are text; errors are the answer.
    got = severities(out)
    got.update((c, "error" if c[0] == "E" else "warning")
               for c in SAID.findall(err))
    tally.check(got == wanted, "%s: %s, expected %s" % (where, got, wanted))
    status, out, err = update(scenario, evidence)
    tally.check(status == (2 if fails else 0),
                "%s: exit code %d as text, %s" % (where, status, err))
    said = SAID.findall(out + err)
    tally.check(said == list(wanted), "%s: %s as text, expected %s" %
                (where, said, list(wanted)))


def check_news_page(tally, code, page):
    scenario, kinds = None, []
    for name, kind, text in NEWS.findall(page):
        where = "%s, evidence %d" % (code, len(kinds) + 1)
        if name:
            scenario = text
            status, out, _ = run(["check", "-", "--json", "--strict"], text)
            tally.check(status == 0 and severities(out) == {},
                        "%s: its scenario is not clean: %s" % (code, out))
            continue
        kinds.append(kind)
        tally.check(scenario, where + ": no scenario above")
        if scenario:
            check_news(tally, where, code, kind, scenario, text)
    shows = "error" if code[0] == "E" else "warning"
    tally.check(kinds.count(shows) >= 1, code + ": no block shows it")
    tally.check(kinds.count("nothing") >= 1, code + ": no block repairs it")
    tally.check(set(kinds) <= {shows, "nothing"},
                "%s: blocks of kind %s" % (code, sorted(set(kinds))))
    fences = len(re.findall(r"^```\S", page, re.M))
    tally.check(fences == len(NEWS.findall(page)),
                code + ": a block that is not run")


def flat(text):
    """Letters and digits only: what is left of a text however it is set."""
    return re.sub(r"[^A-Za-z0-9]+", "", text)


def check_explain(tally, code, page):
    for name in (code, code.lower()):
        status, out, err = run(["explain", name])
        tally.check(status == 0, "explain %s: exit code %d %s" %
                    (name, status, err))
        body = re.sub(r"^```.*$", "", page, flags=re.M)
        tally.check(flat(out) == flat(body) or flat(page) == flat(out),
                    "explain %s prints another text" % name)


def check_command(tally, code, page):
    words = COMMAND_ONLY[code]
    block = BLOCK.search(page).group(1)
    with tempfile.NamedTemporaryFile(
            "w", suffix=".standoff", encoding="utf-8") as f:
        f.write(block)
        f.flush()
        status, out, err = run(["check", f.name] + words)
    tally.check(status == 2 and code in out + err,
                "%s: exit code %d, %s%s" % (code, status, out, err))
    tally.check(" ".join(words) in page, code + ": does not show " +
                " ".join(words))


def check_page(tally, code, severity, title, of_game):
    path = os.path.join(PAGES, code + ".md")
    tally.check(os.path.exists(path), code + ": no page")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as f:
        page = f.read()
    tally.check(page.split("\n")[0] == "# %s %s" % (code, title),
                code + ": the first line is not its title")
    tally.check((code[0] == "E") == (severity == "ERROR"),
                code + ": its letter and its severity disagree")
    if of_game:
        shown = GAME_BLOCK.findall(page)
        tally.check("error" in shown, code + ": no block shows it")
        tally.check("nothing" in shown, code + ": no block repairs it")
        check_explain(tally, code, page)
        return
    if re.search(r"^```evidence\b", page, re.M):
        check_news_page(tally, code, page)
        check_explain(tally, code, page)
        return
    bodies = BLOCK.findall(page)
    shown = [check_block(tally, "%s, block %d" % (code, k), body)
             for k, body in enumerate(bodies, 1)]
    if code in COMMAND_ONLY:
        check_command(tally, code, page)
    else:
        tally.check(code in shown, code + ": no block shows it")
        tally.check(None in shown, code + ": no block repairs it")
    tally.check(set(shown) <= {code, None}, code + ": shows other codes")
    check_explain(tally, code, page)


def filed():
    found = set()
    for path in glob.glob(os.path.join(ROOT, "src", "**", "*.c"),
                          recursive=True):
        with open(path, encoding="utf-8") as f:
            found |= set(FILED.findall(f.read()))
    return found


def rows_of(module):
    with open(os.path.join(ROOT, "src", module, "codes.h"),
              encoding="utf-8") as f:
        return ROW.findall(f.read())


def main():
    tally = Tally()
    rows, games = rows_of("lang"), rows_of("interop")
    tally.check(len(rows) > 20 and len(games) > 10,
                "codes.h could not be read")
    for part in (rows, games):
        names = [row[0] for row in part]
        tally.check(names == sorted(set(names)), "codes out of order or twice")
    codes = [row[0] for row in rows + games]
    tally.check(len(codes) == len(set(codes)), "a code in both lists")
    in_sources = filed()
    for code in codes:
        tally.check(code in in_sources, code + ": nothing files it")
    for code in sorted(in_sources - set(codes)):
        tally.check(False, code + ": filed, and not in codes.h")
    pages = {os.path.basename(p)[:-3]
             for p in glob.glob(os.path.join(PAGES, "*.md"))}
    for name in sorted(pages - set(codes)):
        tally.check(False, name + ".md: a page of no code")
    for row in rows:
        check_page(tally, *row, of_game=False)
    for row in games:
        check_page(tally, *row, of_game=True)
    status, _, err = run(["explain", "E999"])
    tally.check(status == 2 and "E999" in err,
                "explain E999: exit code %d, %s" % (status, err))
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
