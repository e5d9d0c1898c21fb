#!/usr/bin/env python3
"""The oracle agrees with the numbers that stand in the conformance cases."""

import sys

from check_oracle import main

if __name__ == "__main__":
    sys.exit(main())
