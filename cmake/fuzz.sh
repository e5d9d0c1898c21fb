#!/bin/bash
# cmake/fuzz.sh DIR SECONDS -- runs each fuzz target of DIR that long, from
# tests/fuzz/corpus/NAME and what earlier runs learnt (DIR/learnt/NAME).
#
# Ends with `N passed, N failed`; inputs that fail are left in DIR/found/.
set -u
export LC_ALL=C

dir=$1
seconds=$2
passed=0
failed=0
mkdir -p "$dir/found"

for source in tests/fuzz/fuzz_*.c; do
  [ -e "$source" ] || continue
  target=$(basename "$source" .c)
  name=${target#fuzz_}
  work=$dir/learnt/$name
  mkdir -p "$work"
  corpora=("$work")
  [ -d "tests/fuzz/corpus/$name" ] && corpora+=("tests/fuzz/corpus/$name")
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048
    -max_len=16384 -print_final_stats=1 -verbosity=0
    -artifact_prefix="$dir/found/$name-")
  [ -f "tests/fuzz/$name.dict" ] && options+=(-dict="tests/fuzz/$name.dict")

  echo "fuzz $name: ${seconds} s"
  if "$dir/$target" "${options[@]}" "${corpora[@]}" \
    >"$dir/$name.log" 2>&1 </dev/null; then
    grep -E 'stat::(number_of_executed_units|peak_rss_mb)' "$dir/$name.log"
    passed=$((passed + 1))
  else
    tail -n 60 "$dir/$name.log"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
