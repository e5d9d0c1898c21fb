"""Each public header stands alone, as C11 and as C++17, without a warning.

Also: each function it offers is explained.  Functions that follow each other
without a blank line share the comment above the first, and verbs with one
fixed meaning (_free, _defaults, _count) need none.
"""

import os
import re
import subprocess

from common import SOURCE, Findings, files, name

BOTH = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
        "-Wundef", "-Wcast-qual", "-Werror", "-fsyntax-only",
        "-I", str(SOURCE / "include")]
C = ["-std=c11", "-Wstrict-prototypes", "-Wmissing-prototypes",
     "-Wwrite-strings", "-x", "c", "-"]
CXX = ["-std=c++17", "-x", "c++", "-"]


def compiles(compiler, options, header):
    """The compiler's messages about a file that includes the header twice."""
    line = f"#include <demarche/{header}>\n"
    run = subprocess.run(
        [compiler] + BOTH + options, input=line + line,
        capture_output=True, text=True, check=False,
    )
    return "" if run.returncode == 0 else run.stderr or "failed"


def unexplained(text):
    """Line numbers of DM_API declarations that no comment speaks of."""
    lines = text.split("\n")
    wrong = []
    explained = False
    inside = False  # of a comment
    for number, line in enumerate(lines, 1):
        word = line.strip()
        if word.startswith("/*"):
            inside = True
            explained = True
        if not word and not inside:
            explained = False
        offered = re.match(r"DM_API\b[^(]*?(\w+)\(", word)
        plain = offered and re.search(r"_(free|defaults|count)$", offered[1])
        if offered and not plain and not inside and not explained:
            wrong.append(number)
        if "*/" in word:
            inside = False
    return wrong


def main():
    found = Findings()
    for path in files("include/demarche/**/*.h"):
        header = path.relative_to(SOURCE / "include/demarche").as_posix()
        text = path.read_text(encoding="utf-8")
        pairs = [("C11", os.environ.get("CC") or "cc", C)]
        if os.environ.get("CXX", "c++").endswith("-NOTFOUND"):
            found.check(False, "no C++ compiler: run make setup")
        else:
            pairs.append(("C++17", os.environ.get("CXX") or "c++", CXX))
        for language, compiler, options in pairs:
            messages = compiles(compiler, options, header)
            found.check(
                not messages,
                f"{name(path)} does not stand alone as {language}:\n{messages}",
            )
        for number in unexplained(text):
            found.check(False, f"{name(path)}:{number}: no comment above")
        found.check(
            "\t" not in text and text.startswith("/*"),
            f"{name(path)}: opens with no comment that says what it is",
        )
    found.end()


main()
