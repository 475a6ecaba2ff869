"""Outcome measures: scoring with missing items, measurement error, and the verdict changed, not proven or noise."""
