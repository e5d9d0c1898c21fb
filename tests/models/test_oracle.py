#!/usr/bin/env python3
"""The published numbers, from the scenario files as the oracle reads them."""

import sys

import run

if __name__ == "__main__":
    sys.exit(run.main(["--oracle"]))
