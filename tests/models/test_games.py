#!/usr/bin/env python3
"""The published numbers, from the explicit trees as .efg files that the
program solves."""

import sys

import run

if __name__ == "__main__":
    sys.exit(run.main(["--games"]))
