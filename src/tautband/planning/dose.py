"""A dose in words, from the technique's range and the client's own limit."""

from collections.abc import Iterable

from tautband.knowledge.records.care import Dose


def dose_words(doses: Iterable[Dose], most_tolerance: float) -> str:
    """The first dose that says something, in words; never above the client's own limit of discomfort (of 10)."""
    return next(filter(None, (_words(dose, most_tolerance) for dose in doses)), "")


def _words(dose: Dose, most_tolerance: float) -> str:
    parts = []
    if dose.hold_s:
        parts.append(f"hold {dose.hold_s.usual:g} s ({dose.hold_s.low:g} to {dose.hold_s.high:g})")
    if dose.repetitions:
        parts.append(f"{dose.repetitions.usual:g} times" if dose.repetitions.usual != 1 else "once")
    if dose.sets:
        parts.append(f"{dose.sets.usual:g} sets")
    if dose.effort_percent:
        parts.append(f"effort {dose.effort_percent.usual:g} %")
    if dose.tolerance_of_10:
        parts.append(f"discomfort at most {min(dose.tolerance_of_10.usual, most_tolerance):g} of 10")
    if dose.words:
        parts.append(dose.words)
    return ", ".join(parts)
