"""Each module includes only what it may.

The table is the design's one direction.  A module sees itself, the modules
listed, the public headers and the C library; the program and the web server
see the public headers alone, as any user of the library does.
"""

import re

from common import MODULES, Findings, files, name

MAY = {
    "base": (),
    "num": ("base",),
    "lang": ("base",),
    "game": ("base", "num"),
    "expand": ("base", "lang", "game"),
    "interop": ("base", "game"),
    "solve": ("base", "num", "game"),
    "infer": ("base", "num", "game", "solve", "lang", "expand"),
    "store": ("base",),
    "report": ("base",),
    "api": tuple(m for m in MODULES if m != "api"),
}

# report prints results: it sees their structs and not the code behind them.
MAY_FILE = {"report": ("infer/result.h", "infer/update_result.h",
                       "infer/compare_result.h")}

# A header from elsewhere may be seen by one module; its name goes here,
# with the decision record that took it.
SEAMS = {
    "base": (), "num": (), "lang": (), "game": (), "expand": (),
    "interop": ("gmp.h",), "solve": ("coin/Clp_C_Interface.h",),
    "infer": (), "store": ("sqlite3.h",), "report": (),
    "api": (), "cli": (), "web": (),
}

C11 = """assert complex ctype errno fenv float inttypes iso646 limits locale math
setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib
stdnoreturn string tgmath threads time uchar wchar wctype""".split()
POSIX = """dirent fcntl langinfo poll pthread strings termios unistd sys/ioctl
sys/mman sys/resource sys/stat sys/time sys/types sys/wait""".split()
SYSTEM = {h + ".h" for h in C11 + POSIX}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def verdict(part, own, quoted, header):
    """None if `part` may include `header`, else the reason it may not."""
    if header.startswith("demarche/"):
        return None if not quoted else "public headers go in <>"
    if not quoted:
        if header in SYSTEM or header in SEAMS[part]:
            return None
        return "neither the C library nor a seam of this module"
    if ".." in header:
        return "a path upwards"
    if part in ("cli", "web"):
        same = (own / header).is_file()
        return None if same else "only <demarche/...> is seen from here"
    if "/" not in header:
        same = (own / header).is_file()
        return None if same else "no such file in the module"
    module = header.split("/")[0]
    if module == part or module in MAY[part]:
        return None
    if header in MAY_FILE.get(part, ()):
        return None
    return f"{part} may include {', '.join(MAY[part]) or 'nothing'}"


def main():
    found = Findings()
    parts = [(m, f"src/{m}") for m in MODULES] + [("cli", "cli"), ("web", "web")]
    for part, folder in parts:
        for path in files(f"{folder}/**/*.c", f"{folder}/**/*.h"):
            for number, line in enumerate(path.open(encoding="utf-8"), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                quoted, header = match[1] == '"', match[2]
                wrong = verdict(part, path.parent, quoted, header)
                found.check(
                    wrong is None,
                    f"{name(path)}:{number}: {header}: {wrong}",
                )
    for path in files("include/**/*.h"):
        for number, line in enumerate(path.open(encoding="utf-8"), 1):
            match = INCLUDE.match(line)
            if match:
                good = match[1] == "<" and (
                    match[2].startswith("demarche/")
                    or match[2] in SYSTEM
                )
                found.check(
                    good,
                    f"{name(path)}:{number}: {match[2]}: a public header "
                    "sees public headers and the C library",
                )
    for path in files("src/*.c", "src/*.h"):
        found.check(False, f"{name(path)}: belongs to no module")
    for path in files("src/*/*.c", "src/*/*.h"):
        found.check(
            path.parent.name in MODULES,
            f"{name(path)}: {path.parent.name} is no module",
        )
    found.end()


main()
