#!/bin/sh
# bench/peers/run.sh -- this program and others on the same games, in one run.
#
#   run.sh BUILD [ROUNDS [LAMBDA]]
#
# BUILD is a build folder with `demarche` and bench/crisis_efg in it (target
# bench_programs).  The game is the repeated crisis of bench/support/crisis.h;
# 6 rounds, the default, are 943 nodes and 156 information sets.  A peer that is
# not installed is named and left out:
#   gambit-logit   from PATH, or the file that GAMBIT_LOGIT names
#   OpenSpiel      if `python3 -c "import pyspiel"` works: iterations of CFR+
# Prints one table; seconds are processor time.  Each of our solves is so short
# that 20 runs of the whole command are timed.
set -eu
LC_ALL=C
export LC_ALL

if [ $# -lt 1 ]; then
  echo "usage: run.sh BUILD [ROUNDS [LAMBDA]]" >&2
  exit 2
fi
build=$1
rounds=${2:-6}
lambda=${3:-1}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

"$build/bench/crisis_efg" "$rounds" >"$work/game.efg"

# Processor seconds of a command run $1 times, its output in $work/out.
seconds() {
  repeats=$1
  shift
  python3 "$here/clock.py" "$repeats" "$work/out" "$@"
}

# Name, seconds, note: against the whole command and against the solver alone.
row() {
  awk -v name="$1" -v took="$2" -v whole="$whole" -v alone="$alone" \
    -v note="$3" 'BEGIN { printf "| %s | %.4g | %.4g | %.4g | %s |\n",
      name, took, took / whole, took / alone, note }'
}

echo "Repeated crisis, $rounds rounds, lambda $lambda:"
echo "| program | seconds | / whole command | / solver alone | note |"
echo "| --- | ---: | ---: | ---: | --- |"
whole=$(seconds 20 "$build/demarche" solve "$work/game.efg" \
  --sharpness "$lambda" --json)
# The solver's own clock: the least of 20 runs, in its last column.
alone=$(for _ in $(seq 20); do
  "$build/bench/solve" "$rounds" 0 "$lambda" | tail -1
done | sed 's/.*| \([0-9.]*\) |$/\1/' | sort -g | head -1)
row "demarche, whole command" "$whole" "reading and writing included"
row "demarche, solver alone" "$alone" "from C, the least of 20"

gambit=${GAMBIT_LOGIT:-$(command -v gambit-logit || true)}
if [ -n "$gambit" ]; then
  took=$(seconds 1 "$gambit" -q -e -d 8 -l "$lambda" "$work/game.efg")
  row "gambit-logit" "$took" "lambda reached: $(tail -1 "$work/out" | cut -d, -f1)"
else
  echo "gambit-logit is not installed: left out" >&2
fi

if python3 -c 'import pyspiel' 2>/dev/null; then
  took=$(python3 "$here/openspiel.py" "$work/game.efg" 20)
  row "OpenSpiel CFR+, one iteration" "$took" "another method: for its scale"
else
  echo "OpenSpiel is not installed: left out" >&2
fi
