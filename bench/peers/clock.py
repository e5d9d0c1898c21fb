"""clock.py REPEATS OUT COMMAND...: processor seconds of one run of COMMAND.

Runs it REPEATS times, its output into OUT, and prints the mean.  A command that
fails ends the measuring with its exit code.
"""
import resource
import subprocess
import sys


def main() -> int:
    repeats, out, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    for _ in range(repeats):
        with open(out, "w", encoding="utf-8") as sink:
            code = subprocess.run(command, stdout=sink, check=False).returncode
        if code:
            return code
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print((used.ru_utime + used.ru_stime) / repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
