#!/bin/sh
# Backtests: forecasts of the four cases from the lines dated up to each cut-off
# only, on record in a ledger, scored on what came true.
#
#   examples/backtests/run.sh [LEDGER]     default: backtests.case, made anew
#
# A question is asked at each cut-off before the day on which it was settled.
# DEMARCHE names the program.  Scenarios and logs are taken as they stand.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
demarche=${DEMARCHE:-demarche}
ledger=${1:-backtests.case}
questions=$here/questions.tsv
tab=$(printf '\t')

if [ -e "$ledger" ]; then
  echo "$ledger is there already: name another file" >&2
  exit 2
fi
"$demarche" case init "$ledger"

# Questions of a case that are open at a cut-off.
open_at() {
  awk -F "$tab" -v name="$1" -v cut="$2" \
    '!/^#/ && $1 == name && $5 > cut { print $3 }' "$questions"
}

forecasts() {
  name=$1
  opens=$2
  shift 2
  for cut; do
    asks=$(open_at "$name" "$cut" | awk '{ printf "%s%s", s, $0; s = "; " }')
    [ -n "$asks" ] || continue
    echo "== $name, knowing nothing after $cut"
    "$demarche" case forecast "$ledger" "$here/../$name.standoff" \
      "$here/../$name.evidence" --until "$cut" --opens "$opens" \
      --ask "$asks" --quiet
  done
}

forecasts letter_2025 2025-03-07 \
  2025-03-07 2025-04-01 2025-05-01 2025-06-01 2025-06-13
forecasts jcpoa_2013 2013-09-27 \
  2013-09-27 2014-01-31 2014-07-31 2014-12-31 2015-04-30
forecasts pressure_2018 2018-05-08 \
  2018-05-08 2018-12-31 2019-04-30 2019-06-30 2019-12-31
forecasts letters_dprk_2018 2018-03-08 \
  2018-03-08 2018-06-30 2018-12-31 2019-03-31 2019-09-30

awk -F "$tab" '!/^#/ && $1 != "case" && NF >= 6 {
  print $3; print $4; print $5; print $6 }' "$questions" |
while IFS= read -r question; do
  IFS= read -r answer
  IFS= read -r settled
  IFS= read -r source
  "$demarche" case resolve "$ledger" "$question" "$answer" \
    --on "$settled" --source "$source" </dev/null
done
echo
"$demarche" score "$ledger"
