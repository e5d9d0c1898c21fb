next crisis.standoff crisis.evidence --until 2025-01-31 --no-cache --most 5
