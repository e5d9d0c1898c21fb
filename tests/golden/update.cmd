update crisis.standoff crisis.evidence --no-cache
