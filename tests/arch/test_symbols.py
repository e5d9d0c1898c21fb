"""What the library shows, and what it may not use.

- The shared library exports exactly the functions that the public headers
  mark DM_API.
- No object prints, exits, aborts, or leans on process-wide state.
- No object has writable data: there are no globals.

Instrumented builds add symbols of their own; the test is skipped there.
"""

import os
import re
import subprocess
import sys

from common import SKIPPED, Findings, build, files

# Standard streams, ways to end the process, hidden state, the environment.
REFUSED = {
    "printf": "prints", "vprintf": "prints", "puts": "prints",
    "putchar": "prints", "putc": "prints", "perror": "prints",
    "__printf_chk": "prints", "__vprintf_chk": "prints",
    "stdout": "prints", "stderr": "prints", "stdin": "reads the terminal",
    "exit": "ends the process", "_exit": "ends the process",
    "_Exit": "ends the process", "quick_exit": "ends the process",
    "abort": "ends the process", "raise": "ends the process",
    "rand": "has process-wide state", "srand": "has process-wide state",
    "random": "has process-wide state", "srandom": "has process-wide state",
    "drand48": "has process-wide state", "strtok": "has process-wide state",
    "setlocale": "has process-wide state", "signal": "has process-wide state",
    "sigaction": "has process-wide state", "atexit": "has process-wide state",
    "localtime": "has process-wide state", "gmtime": "has process-wide state",
    "asctime": "has process-wide state", "ctime": "has process-wide state",
    "chdir": "has process-wide state", "putenv": "has process-wide state",
    "setenv": "has process-wide state",
    "getenv": "depends on the environment",
    "system": "starts programs", "popen": "starts programs",
    "gets": "trusts its input", "strcat": "trusts its input",
    "sprintf": "trusts its input", "vsprintf": "trusts its input",
}
# An assert that holds is no fault; a release has none, which .ci/run checks
# by running this test on the release as well.
REFUSED_IN_RELEASE = {"__assert_fail": "ends the process"}


def lines(*command):
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.split("\n")


def declared():
    """Names that the public headers mark DM_API."""
    names = set()
    for path in files("include/demarche/**/*.h"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", " ", text, flags=re.M)
        for declaration in re.findall(r"\bDM_API\b([^;{]*)[;{]", text):
            # The first NAME( that is no attribute macro is the function.
            for called in re.findall(r"\b(\w+)\s*\(", declaration):
                if not called.isupper() and called != "__attribute__":
                    names.add(called)
                    break
            else:
                names.add(declaration.split()[-1].rstrip("[]"))
    return names


def exported(library):
    """Names that the shared library offers, versions stripped."""
    names = set()
    for line in lines("nm", "-D", "--defined-only", str(library)):
        parts = line.split()
        if len(parts) == 3:
            names.add(parts[2].split("@")[0])
    return names


def check_objects(found, archive, refused):
    """Undefined symbols and writable data, object by object."""
    member = "?"
    for line in lines("nm", "-u", str(archive)):
        if line.endswith(":"):
            member = line[:-1]
        parts = line.split()
        if len(parts) == 2 and parts[0] in ("U", "w"):
            symbol = parts[1].split("@")[0]
            found.check(
                symbol not in refused,
                f"{member}: {symbol} {refused.get(symbol)}",
            )
    for line in lines("objdump", "-t", str(archive)):
        match = re.match(r"([^ :]+\.o):\s+file format", line)
        if match:
            member = match[1]
        match = re.match(r"[0-9a-f]+ .{7} (\S+)\s+([0-9a-f]+) (.*)$", line)
        if not match or int(match[2], 16) == 0:
            continue
        section, symbol = match[1], match[3].strip()
        writable = re.match(
            r"(\.data|\.bss|\.tdata|\.tbss)(?!\.rel\.ro)|\*COM\*", section
        )
        found.check(
            writable is None, f"{member}: {symbol} is a global ({section})"
        )


def main():
    if os.environ.get("DM_INSTRUMENTED"):
        print("skipped: an instrumented build has symbols of its own")
        sys.exit(SKIPPED)
    shared = build() / "libdemarche.so"
    static = build() / "libdemarche.a"
    if not shared.exists() or not static.exists():
        print("skipped: no library is built")
        sys.exit(SKIPPED)

    found = Findings()
    offered, shown = declared(), exported(shared)
    for symbol in sorted(offered | shown):
        found.check(symbol.startswith("dm_"), f"{symbol}: lacks dm_")
        found.check(symbol in shown, f"{symbol}: declared, not in the library")
        found.check(symbol in offered, f"{symbol}: exported, never declared")
    refused = dict(REFUSED)
    if os.environ.get("DM_BUILD_TYPE") == "Release":
        refused.update(REFUSED_IN_RELEASE)
    check_objects(found, static, refused)
    found.end()


main()
