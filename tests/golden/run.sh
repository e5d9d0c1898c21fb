#!/bin/sh
# What the program prints, whole, beside what it printed when somebody last
# looked at it.
#
#   run.sh [--bless]      --bless records the present output
#
# NAME.cmd holds the words behind `demarche`, run in tests/golden; NAME.out what
# is expected: standard output, then standard error, then the exit code.  Not
# compared: seconds, residuals, hashes, bytes and the solver's work.
# The program is $DEMARCHE (default build/demarche).

set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
program=${DEMARCHE:-$here/../../build/demarche}
bless=no
[ "${1-}" = --bless ] && bless=yes
LC_ALL=C.UTF-8
NO_COLOR=1
export LC_ALL NO_COLOR
unset COLUMNS
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

settle() {
  sed -E \
    -e 's/[0-9.]+ seconds/N seconds/' \
    -e 's/"(seconds|residual|bytes)": [-+.0-9e]+/"\1": N/g' \
    -e 's/"(steps|newton|sweeps|tangents)": [0-9]+/"\1": N/' \
    -e 's/"input_hash": "[0-9a-f]+"/"input_hash": "N"/' \
    -e 's/"(regret|regret_weighted)": \{[^}]*\}/"\1": {}/' \
    -e 's/residual [-+.0-9e]+/residual N/' \
    -e 's/^[0-9.]+e-[0-9]+, recomputed/N, recomputed/' \
    -e 's/[0-9]+ steps along/N steps along/' \
    -e 's/input [0-9a-f]{16}/input N/' \
    -e 's/\([0-9.]+ (bytes|KiB|MiB)\)/(N)/' \
    -e 's/"(reached|gain)": [-+.0-9e]+/"\1": N/g' \
    -e 's/"regret": [0-9.]+e-[0-9]+/"regret": N/g' \
    -e 's/^(found|found +[0-9 ]*)$/found/' \
    -e 's/equations is [0-9.]+e-[0-9]+/equations is N/' |
    awk '{
      # Long numbers to six digits, so that the last bits do not show.
      out = ""
      while (match($0, /[0-9]+\.[0-9]+(e[-+]?[0-9]+)?/)) {
        word = substr($0, RSTART, RLENGTH)
        if (length(word) > 8) word = sprintf("%.6g", word)
        out = out substr($0, 1, RSTART - 1) word
        $0 = substr($0, RSTART + RLENGTH)
      }
      print out $0
    }'
}

cd "$here" || exit 2
for case in *.cmd; do
  name=${case%.cmd}
  # The words of a case are separate words on purpose.
  # shellcheck disable=SC2046
  "$program" $(cat "$case") >"$scratch/out" 2>"$scratch/err" </dev/null
  code=$?
  {
    cat "$scratch/out"
    [ -s "$scratch/err" ] && sed 's/^/err: /' "$scratch/err"
    echo "exit $code"
  } | settle >"$scratch/all"
  if [ "$bless" = yes ]; then
    cp "$scratch/all" "$name.out"
  fi
  if diff -u "$name.out" "$scratch/all"; then
    passed=$((passed + 1))
  else
    echo "FAILED $name"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
