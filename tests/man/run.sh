#!/bin/sh
# The manual pages are clean mdoc, and they and the completions know every
# option and every command of the program.

set -u
root=${DM_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
program=${DEMARCHE:-$root/build/demarche}
passed=0
failed=0

check() {
  # check WORDS COMMAND...: one check
  words=$1
  shift
  if "$@" >/dev/null 2>&1; then
    passed=$((passed + 1))
  else
    echo "FAILED $words"
    failed=$((failed + 1))
  fi
}

if command -v mandoc >/dev/null; then
  for page in "$root"/docs/man/*.[1-8]; do
    check "mandoc -T lint $page" mandoc -T lint -W warning "$page"
  done
fi

options=$(sed -n 's/^ *X(OPT_[A-Z_]*, "\([a-z-]*\)".*/\1/p' "$root/cli/cli.h")
commands=$("$program" help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')
if [ -z "$options" ] || [ -z "$commands" ]; then
  echo "FAILED options or commands cannot be listed"
  exit 1
fi
for option in $options; do
  for file in docs/man/demarche.1 completions/demarche.bash \
    completions/_demarche completions/demarche.fish; do
    case $file:$option in
    docs/man/*:help | docs/man/*:version | *.bash:version | */_*:version)
      continue ;;
    docs/man/*:*) form="-$option" ;;
    *.fish:*) form="-l $option" ;;
    *) form="--$option" ;;
    esac
    check "$file knows --$option" grep -q -e "$form" "$root/$file"
  done
done
for word in $commands; do
  for file in docs/man/demarche.1 completions/demarche.bash \
    completions/_demarche completions/demarche.fish; do
    check "$file knows $word" grep -q -e "$word" "$root/$file"
  done
  check "help $word" "$program" help "$word"
done
check "bash reads its completion" bash -n "$root/completions/demarche.bash"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
