# Short names for the common things; the build itself is CMake's (see
# CMakePresets.json).  `make` uses what is installed, `make setup` installs
# what packages.txt lists and this machine lacks.

PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
WERROR ?= OFF
FUZZ_SECONDS ?= 60
CASE = examples/letter_2025.standoff

SETUP = sh cmake/setup.sh
CONFIGURE = WERROR=$(WERROR) sh cmake/configure.sh
BUILD = cmake --build
C_FILES = git ls-files '*.c' '*.h'

.PHONY: all setup setup-build setup-test setup-ci release dev run test bench \
  install clean format tidy coverage fuzz help

all:
	@$(SETUP) --missing build test || true
	@$(MAKE) --no-print-directory release

help:
	@echo "make         build/demarche with what is installed"
	@echo "make setup   install the packages of packages.txt that are missing"
	@echo "make run     set up, build, forecast $(CASE)"
	@echo "make test    set up, build, run the whole test suite"
	@echo "make bench   build and print the speed table"
	@echo "make install DESTDIR= PREFIX=$(PREFIX)"
	@echo "make format, tidy, coverage, fuzz, clean"

setup:
	@$(SETUP) build test ci

setup-build:
	@$(SETUP) build

setup-test:
	@$(SETUP) build test

setup-ci:
	@$(SETUP) build test ci

release:
	@$(CONFIGURE) release
	@$(BUILD) build -j $(JOBS)

dev:
	@$(CONFIGURE) dev
	@$(BUILD) build/dev -j $(JOBS)

run: setup-build
	@$(MAKE) --no-print-directory release
	build/demarche forecast $(CASE)

test: setup-test
	@$(MAKE) --no-print-directory dev
	@ctest --preset dev -j $(JOBS)

bench: setup-test
	@$(MAKE) --no-print-directory release
	@$(BUILD) build --target bench_programs -j $(JOBS)
	@sh cmake/bench.sh build

install: all
	@DESTDIR='$(DESTDIR)' cmake --install build --prefix '$(PREFIX)'

clean:
	rm -rf build

format: setup-ci
	$(C_FILES) | xargs clang-format-14 -i

tidy: setup-ci
	@$(CONFIGURE) clang
	git ls-files 'src/*.c' 'cli/*.c' | \
	  xargs -r clang-tidy-14 --quiet -p build/clang

coverage: setup-ci
	@$(CONFIGURE) cov
	@$(BUILD) build/cov -j $(JOBS)
	@ctest --preset cov -j $(JOBS)
	gcovr --root . --filter src/ --filter cli/ --object-directory build/cov \
	  --print-summary --txt build/cov/coverage.txt

fuzz: setup-ci
	@$(CONFIGURE) fuzz
	@$(BUILD) build/fuzz -j $(JOBS)
	@bash cmake/fuzz.sh build/fuzz/fuzz $(FUZZ_SECONDS)
