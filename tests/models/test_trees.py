#!/usr/bin/env python3
"""The published numbers, from the explicit trees: no program involved."""

import sys

import run

if __name__ == "__main__":
    sys.exit(run.main(["--trees"]))
