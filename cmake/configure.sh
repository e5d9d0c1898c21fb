#!/bin/sh
# cmake/configure.sh PRESET -- what a preset says, quietly.
#
# Takes Ninja if it is here and make otherwise, but stays with what a build
# directory began with: CMake cannot change horses there.
set -eu

preset=$1
case $preset in
release) dir=build ;;
*) dir=build/$preset ;;
esac

if ! command -v cmake >/dev/null 2>&1; then
  echo "cmake is missing: run make setup" >&2
  exit 1
fi

generator=
if [ -f "$dir/CMakeCache.txt" ]; then
  generator=$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$dir/CMakeCache.txt")
fi
if [ -z "$generator" ]; then
  if command -v ninja >/dev/null 2>&1; then
    generator=Ninja
  else
    generator='Unix Makefiles'
  fi
fi

exec cmake -G "$generator" --log-level=WARNING \
  -DDM_WERROR="${WERROR:-OFF}" --preset "$preset" >/dev/null
