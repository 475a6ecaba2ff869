"""A dose: from the technique's range, the client's own limit, what guards hold down, and what was done before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tautband.knowledge.records.care import Caps, Dose, Span
from tautband.planning.history import PastDose

Pressure = Literal["none", "light", "moderate", "deep"]
_FIRMNESS: tuple[Pressure, ...] = ("none", "light", "moderate", "deep")
NUMBERS = ("hold_s", "repetitions", "effort_percent", "tolerance_of_10", "sets")


@dataclass(frozen=True, slots=True)
class Dosage:
    """How much of one step, for this client now. What a technique has no number for is None.

    pressure        how firm, in words
    tolerance_of_10 the client's own number that the pressure stays at or below; None where none is asked for
    by_number       false where feeling is reduced: the number is still asked for, but never steers the pressure
    hold_s          how long one hold, and from where to where it is usual
    effort_percent  of the client's own strength, for contractions
    words           what the technique says beside its numbers
    hold_cap_s      longest single hold a guard allows; None where none speaks of it
    held_down       why it is less than the technique's usual dose; empty when nothing holds it down
    """

    pressure: Pressure = "none"
    tolerance_of_10: float | None = None
    by_number: bool = True
    hold_s: float | None = None
    hold_range_s: tuple[float, float] | None = None
    repetitions: int | None = None
    sets: int | None = None
    effort_percent: float | None = None
    words: str = ""
    hold_cap_s: float | None = None
    held_down: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """In words, as a therapist reads it."""
        return ", ".join(filter(None, (*self._times(), *self._strength(), self.words)))

    def _times(self) -> Iterable[str]:
        if self.hold_s:
            low, high = self.hold_range_s or (self.hold_s, self.hold_s)
            yield f"hold {self.hold_s:g} s" + (f" ({low:g} to {high:g})" if low < high else "")
        if self.repetitions:
            yield "once" if self.repetitions == 1 else f"{self.repetitions} times"
        if self.sets:
            yield f"{self.sets} sets"

    def _strength(self) -> Iterable[str]:
        if self.effort_percent:
            yield f"effort {self.effort_percent:g} %"
        if not self.by_number:
            yield "light; the client’s number does not steer it"
        elif self.tolerance_of_10 is not None:
            yield f"discomfort at most {self.tolerance_of_10:g} of 10"


def dosage(
    doses: Iterable[Dose],
    pressure: Pressure,
    most_tolerance: float,
    caps: Caps | None = None,
    before: PastDose | None = None,
) -> Dosage:
    """The usual dose of a technique, never above the client's limit or a guard's cap, starting from what was borne.

    doses           as the technique gives them; the first that names a number counts
    most_tolerance  highest discomfort out of 10 that the client accepts
    before          what this client last bore of this technique at this place
    """
    doses = tuple(doses)
    first = next((dose for dose in doses if any(getattr(dose, name) for name in NUMBERS)), None)
    words = next((dose.words for dose in doses if dose.words), "")
    plain = _usual(first, pressure, words)
    return _held_down(_as_borne(_within_limit(plain, most_tolerance), before), caps)


def _usual(dose: Dose | None, pressure: Pressure, words: str) -> Dosage:
    if dose is None:
        return Dosage(pressure, words=words)
    return Dosage(
        pressure=pressure,
        tolerance_of_10=_value(dose.tolerance_of_10),
        hold_s=_value(dose.hold_s),
        hold_range_s=(dose.hold_s.low, dose.hold_s.high) if dose.hold_s else None,
        repetitions=_count(dose.repetitions),
        sets=_count(dose.sets),
        effort_percent=_value(dose.effort_percent),
        words=words,
    )


def _within_limit(dose: Dosage, most: float) -> Dosage:
    if dose.tolerance_of_10 is None or dose.tolerance_of_10 <= most:
        return dose
    return replace(dose, tolerance_of_10=most, held_down=(*dose.held_down, "the client’s own limit"))


def _as_borne(dose: Dosage, before: PastDose | None) -> Dosage:
    """Never more than was borne last time; one less where it stayed sore for more than two days."""
    if before is None or before.tolerance_of_10 is None or dose.tolerance_of_10 is None:
        return dose
    start = max(before.tolerance_of_10 - (1 if before.sore_after_48_h else 0), 1)
    if start >= dose.tolerance_of_10:
        return dose
    why = "sore for more than two days last time" if before.sore_after_48_h else "as borne last time"
    return replace(dose, tolerance_of_10=start, held_down=(*dose.held_down, why))


def _held_down(dose: Dosage, caps: Caps | None) -> Dosage:
    if caps is None:
        return dose
    pressure = _softer(dose.pressure, caps.pressure)
    softer = f"{pressure} pressure only" if pressure != dose.pressure else ""
    held = replace(
        dose,
        words="; ".join(filter(None, (softer, dose.words))),
        tolerance_of_10=_lower(dose.tolerance_of_10, caps.tolerance_of_10),
        hold_s=_lower(dose.hold_s, caps.hold_s),
        hold_range_s=_narrowed(dose.hold_range_s, caps.hold_s),
        hold_cap_s=caps.hold_s,
        effort_percent=_lower(dose.effort_percent, caps.effort_percent),
        pressure=pressure,
        by_number=dose.by_number and caps.by_number,
    )
    return held if held == dose else replace(held, held_down=(*dose.held_down, "a caution for this client"))


def _softer(pressure: Pressure, cap: Literal["light", "moderate"] | None) -> Pressure:
    return pressure if cap is None else min(pressure, cap, key=_FIRMNESS.index)


def _lower(value: float | None, cap: float | None) -> float | None:
    return value if value is None or cap is None else min(value, cap)


def _narrowed(span: tuple[float, float] | None, cap: float | None) -> tuple[float, float] | None:
    return span if span is None or cap is None else (min(span[0], cap), min(span[1], cap))


def _value(span: Span | None) -> float | None:
    return span.usual if span else None


def _count(span: Span | None) -> int | None:
    return round(span.usual) if span else None
