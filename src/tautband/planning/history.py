"""What was done before and what it changed: the treat-retest history that a plan learns from.

Whoever keeps session logs turns them into `PastDose` values; the planner asks for nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tautband.terms.sides import Side


class Change(StrEnum):
    """What a retest showed, with the error of the measure taken into account."""

    BETTER = "better"
    WITHIN_ERROR = "within_error"
    WORSE = "worse"
    NOT_RETESTED = "not_retested"


@dataclass(frozen=True, slots=True)
class PastDose:
    """One dose that was given, and what the retest after it showed.

    target           muscle, trigger point or another thing of the atlas; `side` the client's
    tolerance_of_10  highest discomfort the client named; None where none was asked for
    seconds          time under hands
    change           what the retest showed; `what` in words, with the error: "rotation 61 to 72 degrees, error 8"
    sore_after_48_h  the client was still sore two days later
    """

    target: str
    side: Side
    technique: str
    at: datetime
    tolerance_of_10: float | None = None
    seconds: float = 0.0
    change: Change = Change.NOT_RETESTED
    what: str = ""
    sore_after_48_h: bool = False


@dataclass(frozen=True)
class History:
    """Past doses of one client, asked by place and technique."""

    doses: Sequence[PastDose] = ()

    def of(self, target: str, side: Side, technique: str) -> tuple[PastDose, ...]:
        """Doses of this technique at this place, the newest first."""
        if not self.doses:
            return ()
        here = (d for d in self.doses if (d.target, d.side, d.technique) == (target, side, technique))
        return tuple(sorted(here, key=lambda dose: dose.at, reverse=True))

    def last(self, target: str, side: Side, technique: str) -> PastDose | None:
        """The newest of them."""
        return next(iter(self.of(target, side, technique)), None)

    def rank(self, target: str, side: Side, technique: str) -> int:
        """How it did here: -1 helped at its last retest, 0 not known or within error, 1 worse, 2 worse twice running.

        Within error counts as not known: a change smaller than the error of the measure says nothing.
        """
        told = [d.change for d in self.of(target, side, technique) if d.change in (Change.BETTER, Change.WORSE)]
        if not told:
            return 0
        if told[0] is Change.BETTER:
            return -1
        return 2 if told[:2] == [Change.WORSE, Change.WORSE] else 1

    def words(self, target: str, side: Side, technique: str) -> str:
        """What is remembered of it here, as a reason for or against; empty where nothing is."""
        last = next((d for d in self.of(target, side, technique) if d.change is not Change.NOT_RETESTED), None)
        if last is None:
            return ""
        said = {
            Change.BETTER: "better after it last time",
            Change.WORSE: "worse after it last time",
            Change.WITHIN_ERROR: "no change beyond error last time",
        }[last.change]
        return f"{said} ({last.at:%d %b}{f': {last.what}' if last.what else ''})"


NOTHING_YET = History()
