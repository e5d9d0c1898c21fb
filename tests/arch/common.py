"""What the architecture tests share: places, file lists, the last line."""

import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(
    os.environ.get("DM_SOURCE") or pathlib.Path(__file__).parents[2]
).resolve()

MODULES = (
    "base", "num", "lang", "game", "expand", "interop",
    "solve", "infer", "store", "report", "api",
)

SKIPPED = 77  # what ctest takes for "not run"


def build():
    """The build directory under test; ends the test as skipped without one."""
    where = os.environ.get("DM_BUILD")
    if not where:
        print("skipped: DM_BUILD is not set")
        sys.exit(SKIPPED)
    return pathlib.Path(where)


def files(*patterns):
    """Files of the source tree that match, sorted, what is built left out."""
    found = set()
    for pattern in patterns:
        found.update(p for p in SOURCE.glob(pattern) if p.is_file())
    return sorted(found)


def tracked():
    """Every file in git; in a tree without git, every file but build/."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={SOURCE}", "-C", str(SOURCE),
         "ls-files", "-z"],
        capture_output=True, check=False,
    )
    if listing.returncode == 0 and listing.stdout:
        names = listing.stdout.decode().split("\0")
        paths = (SOURCE / name for name in names if name)
        return sorted(p for p in paths if p.is_file())
    top = ("build", ".git")
    return sorted(
        p for p in SOURCE.rglob("*")
        if p.is_file() and p.relative_to(SOURCE).parts[0] not in top
        and "__pycache__" not in p.parts
    )


def name(path):
    """A path as a reader of the repository knows it."""
    return path.relative_to(SOURCE).as_posix()


class Findings:
    """Counts checks and prints what is wrong as it is found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, good, words):
        """One check; `words` are printed if it is not good."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(words)

    def end(self):
        """Prints the count and ends the program."""
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(0 if self.failed == 0 else 1)
