"""Every file in git: where it may run, how long it is, what it may hold.

Faults: paths of one machine, trailing blanks and tabs where they matter,
CRLF, no newline at the end, code files over 1,000 lines, big binaries.
Warnings, listed and not counted: C lines over 80 columns.
"""

import re

from common import Findings, name, tracked

CODE = {".c", ".h", ".py", ".sh", ".cmake"}
NO_TABS = CODE | {".standoff", ".json", ".txt", ".yml", ".yaml"}
TEXT = NO_TABS | {
    ".md", ".efg", ".nfg", ".in", ".1", ".3", ".5", ".7", ".fish", ".bash",
    ".evidence", ".csv", ".tsv", "",
}
# Inputs that are odd on purpose.
ODD = re.compile(
    r"tests/(fuzz/corpus|bad|golden|hostile|conformance/bad|cli/bad)/")

# Written in pieces, so that this file does not hold what it looks for.
ROOTS = "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers",
                  "t" + "mp", "builds", "workspace", "mnt"])
MACHINE = re.compile(r"(?<![\w.~$}*\]\-])/(?:" + ROOTS + r")/[\w.\-]")

MAX_LINES = 1000
MAX_BYTES = 2_000_000
COLUMNS = 80


def check_text(found, path, data):
    """Faults and long lines of one text file."""
    where = name(path)
    code = path.suffix in CODE
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        found.check(False, f"{where}: not UTF-8")
        return []
    found.check("\r" not in text, f"{where}: carriage returns")
    found.check(
        not text or text.endswith("\n"), f"{where}: no newline at the end")
    if path.suffix in NO_TABS:
        found.check("\t" not in text, f"{where}: tabs")
    lines = text.split("\n")
    if code:
        found.check(
            len(lines) <= MAX_LINES + 1,
            f"{where}: {len(lines)} lines, {MAX_LINES} allowed")
    long_lines = []
    for number, line in enumerate(lines, 1):
        match = MACHINE.search(line)
        if match:
            found.check(
                False, f"{where}:{number}: a path of one machine: {match[0]}")
        if path.suffix in CODE | {".standoff"} and line != line.rstrip():
            found.check(False, f"{where}:{number}: blanks at the end")
        if path.suffix in (".c", ".h") and len(line) > COLUMNS:
            long_lines.append(f"{where}:{number}: {len(line)} columns")
    found.check(True, "")
    return long_lines


def main():
    found = Findings()
    long_lines = []
    for path in tracked():
        data = path.read_bytes()
        found.check(
            len(data) <= MAX_BYTES, f"{name(path)}: {len(data)} bytes")
        if ODD.match(name(path)) or path.suffix not in TEXT or b"\0" in data:
            continue
        long_lines += check_text(found, path, data)
    for line in long_lines:
        print(f"warning: {line}")
    found.end()


main()
