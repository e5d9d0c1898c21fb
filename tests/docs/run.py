#!/usr/bin/env python3
"""Run what the manual shows.

    run.py [--bless] [FILE.md ...]     default: README.md and docs/**/*.md

In each file, in its order:

  ```standoff              `demarche check -` accepts the block; the warnings
  ```standoff NAME         it names are none.  NAME saves it for the consoles
                           further down in the same file.
                           A line `# expect error[E021]` or `# expect
                           warning[W006]` in the block asks for that message.
  ```evidence NAME         saved likewise; consoles read it.
  ```console               each `$ demarche ...` line is run and its output
                           (standard error behind standard output) compared
                           with the lines up to the next `$`.  A line `...`
                           stands for any number of lines, also none.
                           Not compared: seconds, residuals, and counts of
                           situations and the like, which are tested where
                           they are made.

Commands run in a folder of their own, in which `examples` is the repository's.
Besides: every relative link leads to a file (and a heading) that exists, and
docs/language.md mentions every word of docs/grammar.ebnf.

--bless puts the present output into console blocks; of an output with `...`
the parts before, behind and between are put anew, each as long as it was.

The program is $DEMARCHE (default build/demarche), the root $DM_SOURCE.
Ends in `N passed, N failed`.
"""

import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("DM_SOURCE") or os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("DEMARCHE") or os.path.join(ROOT, "build", "demarche")
FENCE = re.compile(r"^(```+)\s*(.*?)\s*$")
EXPECT = re.compile(r"^\s*#\s*expect (error|warning)\[([EW]\d{3})\]")
CODE = re.compile(r"^([EW]\d{3})  ")
SECONDS = re.compile(r"\b[0-9]+(?:\.[0-9]+)?(?= s(?:econds)?\b)")
RESIDUAL = re.compile(r"\b[0-9]\.[0-9]e-[0-9]+")
COUNT = re.compile(
    r"\b[0-9][0-9,]*(?= (?:starts|situations|information sets|edges)\b)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TIMEOUT = 300


class Block:
    def __init__(self, line, words):
        self.line = line          # of the opening fence, from 1
        self.kind = words[0] if words else ""
        self.name = words[1] if len(words) > 1 else ""
        self.body = []


def blocks(lines):
    """The fenced blocks of a file."""
    found, open_block, fence = [], None, ""
    for number, line in enumerate(lines, 1):
        m = FENCE.match(line)
        if open_block is None and m:
            fence = m.group(1)
            open_block = Block(number, m.group(2).split())
        elif open_block is not None and m and m.group(1) == fence \
                and not m.group(2):
            found.append(open_block)
            open_block = None
        elif open_block is not None:
            open_block.body.append(line)
    if open_block is not None:
        raise SystemExit("line %d: the fence is never closed" %
                         open_block.line)
    return found


def run(words, folder, given=""):
    env = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    env.pop("COLUMNS", None)
    done = subprocess.run(
        [PROGRAM] + words, input=given, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd=folder, env=env, encoding="utf-8",
        timeout=TIMEOUT, check=False)
    return done.returncode, done.stdout, done.stderr


def save(block, folder):
    """The block's text, in a file if it has a name."""
    text = "\n".join(block.body) + "\n"
    if block.name:
        with open(os.path.join(folder, block.name), "w",
                  encoding="utf-8") as f:
            f.write(text)
    return text


def check_scenario(block, folder):
    """None, or what is wrong."""
    text = save(block, folder)
    wanted = {m.group(2) for m in map(EXPECT.match, block.body) if m}
    status, out, err = run(["check", "-"], folder, text)
    told = (out + err).splitlines()
    codes = {m.group(1) for m in map(CODE.match, told) if m}
    should_fail = any(code[0] == "E" for code in wanted)
    if (status != 0) != should_fail or status not in (0, 2):
        return "exit %d\n%s%s" % (status, out, err)
    if codes != wanted:
        return "messages %s, expected %s\n%s%s" % (
            sorted(codes), sorted(wanted), out, err)
    return None


def plain(line):
    line = line.replace("\u00a0", " ").rstrip()
    return COUNT.sub("K", RESIDUAL.sub("R", SECONDS.sub("N", line)))


def find(part, lines, at):
    """The first place from `at` on where the lines of `part` stand."""
    for k in range(at, len(lines) - len(part) + 1):
        if lines[k:k + len(part)] == part:
            return k
    return -1


def parts_of(expected):
    parts = [[]]
    for line in expected:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def matches(expected, got):
    parts = [[plain(s) for s in part] for part in parts_of(expected)]
    got = [plain(s) for s in got]
    if len(parts) == 1:
        return parts[0] == got
    first, last = parts[0], parts[-1]
    if len(first) + len(last) > len(got) or got[:len(first)] != first:
        return False
    end = len(got) - len(last)
    if got[end:] != last:
        return False
    at = len(first)
    for part in parts[1:-1]:
        k = find(part, got[:end], at)
        if k < 0:
            return False
        at = k + len(part)
    return True


def renew(expected, got):
    """`expected` with its parts taken from `got`."""
    parts = parts_of(expected)
    got = [s.replace("\u00a0", " ").rstrip() for s in got]
    if len(parts) == 1:
        return got
    out = got[:len(parts[0])]
    at = len(out)
    for part in parts[1:-1]:
        starts = [k for k in range(at, len(got))
                  if part and plain(got[k]) == plain(part[0])]
        if not starts:
            raise SystemExit("cannot bless: no line `%s` any more" %
                             (part[0] if part else ""))
        out += ["..."] + got[starts[0]:starts[0] + len(part)]
        at = starts[0] + len(part)
    tail = len(parts[-1])
    return out + ["..."] + (got[-tail:] if tail else [])


def trim(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def commands(block):
    """-> [(offset in the body, command, [expected lines])]"""
    found = []
    for offset, line in enumerate(block.body):
        if line.startswith("$ "):
            found.append((offset, line[2:], []))
        elif found:
            found[-1][2].append(line)
        else:
            raise SystemExit("line %d: a console begins with `$ demarche`" %
                             (block.line + 1 + offset))
    return found


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def note(self, where, wrong):
        if wrong is None:
            self.passed += 1
            return
        self.failed += 1
        print("FAILED %s: %s" % (where, wrong.rstrip()))


def output_of(command, folder):
    words = shlex.split(command)
    if not words or words[0] != "demarche":
        return None
    _, out, err = run(words[1:], folder)
    return trim((out + err).splitlines())


def check_console(path, block, folder, tally, bless):
    """-> the new body of the block."""
    body = []
    for offset, command, expected in commands(block):
        where = "%s:%d: $ %s" % (path, block.line + 1 + offset, command)
        got = output_of(command, folder)
        if got is None:
            tally.note(where, "only demarche is run here")
            continue
        wanted = trim(expected)
        blank = expected[len(wanted):]
        if bless and not matches(wanted, got):
            wanted = renew(wanted, got)
        wrong = None
        if not matches(wanted, got):
            wrong = "it prints\n" + "\n".join("    " + s for s in got)
        tally.note(where, wrong)
        body += [block.body[offset]] + wanted + blank
    return body


def anchors(path):
    with open(path, encoding="utf-8") as f:
        heads = re.findall(r"^#+ +(.*)$", f.read(), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
            for h in heads}


def check_links(path, text, tally):
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        full = os.path.normpath(os.path.join(os.path.dirname(path), name)) \
            if name else path
        wrong = None
        if not os.path.exists(full):
            wrong = "leads nowhere"
        elif anchor and full.endswith(".md") and anchor not in anchors(full):
            wrong = "no such heading"
        tally.note("%s: link %s" % (os.path.relpath(path, ROOT), target),
                   wrong)


def check_words(tally):
    """The reference speaks of every word of the language."""
    with open(os.path.join(ROOT, "docs", "grammar.ebnf"),
              encoding="utf-8") as f:
        grammar = f.read()
    with open(os.path.join(ROOT, "docs", "language.md"),
              encoding="utf-8") as f:
        spoken = set(re.findall(r"[a-z]+", f.read()))
    lists = re.search(r"==== RESERVED =+\n(.*?)==== CONTEXTUAL =+\n(.*?)====",
                      grammar, re.S)
    words = (lists.group(1) + lists.group(2)).split()
    missing = sorted(set(words) - spoken)
    tally.note("docs/language.md",
               "never mentions " + ", ".join(missing) if missing else None)


def one_file(path, tally, bless):
    short = os.path.relpath(path, ROOT)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    lines = text.splitlines()
    new = list(lines)
    shift = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, "examples"),
                   os.path.join(folder, "examples"))
        for block in blocks(lines):
            if block.kind == "standoff":
                tally.note("%s:%d" % (short, block.line),
                           check_scenario(block, folder))
            elif block.kind == "evidence":
                save(block, folder)
            elif block.kind == "console":
                body = check_console(short, block, folder, tally, bless)
                if bless:
                    at = block.line + shift
                    new[at:at + len(block.body)] = body
                    shift += len(body) - len(block.body)
    check_links(path, text, tally)
    if bless and new != lines:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(new) + "\n")
        print("blessed %s" % short)


def main(words):
    bless = "--bless" in words
    files = [os.path.abspath(w) for w in words if not w.startswith("-")]
    tally = Tally()
    if not files:
        files = [os.path.join(ROOT, "README.md")] + sorted(
            glob.glob(os.path.join(ROOT, "docs", "**", "*.md"),
                      recursive=True))
        check_words(tally)
    for path in files:
        one_file(path, tally, bless)
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
