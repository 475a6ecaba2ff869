"""Outcome measures: scoring with missing items, measurement error, and the verdict changed, not proven or noise."""

from tautband.outcomes.change import (
    Border,
    Judged,
    Verdict,
    Way,
    detectable_change,
    important_change,
    judge,
    standard_error,
)
from tautband.outcomes.scoring import CannotScore, Score, TooFewAnswers, band_of, checked, item_range, score
from tautband.outcomes.series import Point, Series

__all__ = [
    "Border",
    "CannotScore",
    "Judged",
    "Point",
    "Score",
    "Series",
    "TooFewAnswers",
    "Verdict",
    "Way",
    "band_of",
    "checked",
    "detectable_change",
    "important_change",
    "item_range",
    "judge",
    "score",
    "standard_error",
]
