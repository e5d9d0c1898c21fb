update crisis.standoff crisis.evidence --json --no-cache --until 2025-02-20
