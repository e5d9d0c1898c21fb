#!/bin/sh
# cmake/bench.sh BUILD -- bench/run.py or bench/run.sh if there is one, else
# every program of BUILD/bench in turn.
set -eu

build=$1
DEMARCHE=$(pwd)/$build/demarche
DM_BENCH=$(pwd)/$build/bench
export DEMARCHE DM_BENCH

if [ -f bench/run.py ]; then
  exec python3 bench/run.py
elif [ -f bench/run.sh ]; then
  exec sh bench/run.sh
fi
for program in "$build"/bench/*; do
  if [ -x "$program" ]; then
    "$program"
  fi
done
