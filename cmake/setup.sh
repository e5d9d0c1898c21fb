#!/bin/sh
# cmake/setup.sh -- installs what packages.txt lists and this machine lacks.
#
# usage: setup.sh [--missing] TIER...
#
#   TIER       build, test or ci
#   --missing  installs nothing: one line names what is missing, if anything
#
# Ends with 0 if nothing is missing (any more).
set -eu
LC_ALL=C
export LC_ALL

list=$(dirname "$0")/../packages.txt
only_name=no
if [ "${1:-}" = --missing ]; then
  only_name=yes
  shift
fi
if [ $# -eq 0 ]; then
  echo "usage: setup.sh [--missing] TIER..." >&2
  exit 2
fi

# is_there PACKAGE PROBE
is_there() {
  case $2 in
  -) ;;
  /*)
    for path in $2; do # unquoted: a pattern
      [ -e "$path" ] && return 0
    done
    ;;
  *) command -v "$2" >/dev/null 2>&1 && return 0 ;;
  esac
  # shellcheck disable=SC2016 # a dpkg-query format, not a shell variable
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing TIER...: the packages to install, on one line
missing() {
  while read -r tier package probe; do
    case " $* " in
    *" $tier "*) is_there "$package" "$probe" || printf '%s ' "$package" ;;
    esac
  done <<EOF
$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$list")
EOF
}

wanted=$(missing "$@")
wanted=${wanted% }
[ -n "$wanted" ] || exit 0

if [ $only_name = yes ]; then
  echo "missing: $wanted (make setup installs them)"
  exit 1
fi

if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup: no apt-get here; install by hand what Debian calls: $wanted" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "setup: needs root or sudo for: apt-get install $wanted" >&2
  exit 1
fi

echo "setup: installing $wanted"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# apt's own words matter only when something goes wrong.  Stale or partly
# unreachable package lists are no reason to stop: what counts is what is
# there in the end.
# shellcheck disable=SC2086 # one word per package
{
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $wanted
} </dev/null >"$log" 2>&1 || tail -n 40 "$log" >&2

left=$(missing "$@")
if [ -n "$left" ]; then
  echo "setup: still missing: $left" >&2
  exit 1
fi
echo "setup: done"
