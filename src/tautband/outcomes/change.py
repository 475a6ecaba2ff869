"""Whether a change is more than the error of measuring, and whether it is enough to matter.

Four verdicts. *Changed*: larger than the detectable change. *Not proven*: enough to matter by some study, yet within
the error. *Noise*: neither. *No verdict*: no error is on file, so nothing can be said. Improvement after a treatment is
no proof that the treatment caused it, and no verdict says so.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from tautband.knowledge.records import Instrument
from tautband.knowledge.records.measures import Change

DETECTABLE_FROM_ERROR = 1.96 * sqrt(2)
"""A change between two readings exceeds the error in 19 of 20 when it is this many standard errors."""


class Verdict(StrEnum):
    """What may be said of a change."""

    CHANGED = "changed"
    NOT_PROVEN = "not_proven"
    NOISE = "noise"
    NO_VERDICT = "no_verdict"


class Way(StrEnum):
    """Which way a change goes for the client."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Border:
    """How large a change must be, in the instrument's unit, and the study it is from.

    derived   from a standard error: 1.96 x sqrt(2) x SEM
    """

    size: float
    by: Change
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One change from the first to the last reading.

    delta        last minus first, in the instrument's unit
    detectable   the border of error, None when none is on file
    matters      the least change that clients call better, None when none is on file
    """

    delta: float
    verdict: Verdict
    way: Way
    detectable: Border | None
    matters: Border | None

    @property
    def is_enough_to_matter(self) -> bool:
        """At least the least important change."""
        return self.matters is not None and abs(self.delta) >= self.matters.size


def judge(instrument: Instrument, first: float, last: float) -> Judged:
    """Judge the change from a first to a last reading of one instrument."""
    delta = last - first
    detectable = detectable_change(instrument, first)
    matters = important_change(instrument, first)
    return Judged(delta, _verdict(abs(delta), detectable, matters), _way(instrument, delta), detectable, matters)


def _verdict(size: float, detectable: Border | None, matters: Border | None) -> Verdict:
    if detectable is None:
        return Verdict.NO_VERDICT
    if size > detectable.size:
        return Verdict.CHANGED
    if matters is not None and size >= matters.size:
        return Verdict.NOT_PROVEN
    return Verdict.NOISE


def _way(instrument: Instrument, delta: float) -> Way:
    if delta == 0:
        return Way.SAME
    if instrument.better == "none":
        return Way.NEITHER
    return Way.BETTER if (delta < 0) == (instrument.better == "lower") else Way.WORSE


def detectable_change(instrument: Instrument, first: float) -> Border | None:
    """The border of error: the chosen study, else the most careful one on file, else from a standard error."""
    found = _chosen(instrument, "detectable", first)
    if found is not None:
        return found
    error = standard_error(instrument, first)
    return Border(error.size * DETECTABLE_FROM_ERROR, error.by, derived=True) if error else None


def important_change(instrument: Instrument, first: float) -> Border | None:
    """The least change that clients call better: the chosen study, else the most careful one on file."""
    return _chosen(instrument, "important", first)


def standard_error(instrument: Instrument, first: float) -> Border | None:
    """The error of one reading (SEM), None when none is on file."""
    return _chosen(instrument, "error", first)


def _chosen(instrument: Instrument, quantity: str, first: float) -> Border | None:
    known = [change for change in instrument.changes if change.quantity == quantity]
    pool = [change for change in known if change.use] or known
    borders = [Border(_size(change, first), change) for change in pool]
    return max(borders, key=lambda border: border.size, default=None)


def _size(change: Change, first: float) -> float:
    """In the instrument's unit. Of a span the upper end counts: the careful reading."""
    value = change.value if change.value is not None else change.high
    if value is None:  # the record's own form forbids it
        raise ValueError("A change has neither a value nor a span.")
    return value / 100 * abs(first) if change.unit == "percent_of_baseline" else value
