"""One finding: an examination, question or factor, with its side and one of three states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

OBSERVABLE = frozenset({"exam", "factor", "flag", "condition"})
ABOUT = frozenset({"muscle", "trp", "nerve", "root", "joint", "tissue", "area", "zone", "motion"})


class State(StrEnum):
    """Present and absent were looked for; unknown was looked for without a result (equivocal, could not be done)."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Provoking(StrEnum):
    """In which state of the body the finding was met."""

    REST = "rest"
    MOVEMENT = "movement"
    LOAD = "load"
    PRESSURE = "pressure"
    STRETCH = "stretch"


class BadFinding(ValueError):
    """A finding that cannot be: the message names it and says what would be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was observed of one person at one time.

    id           exam or factor id, as in the atlas (`exam.spurling`, `exam.palpation.familiar_pain`)
    side         the client's side; midline for findings without side
    state        present, absent or unknown
    of           what it was observed on, where the examination leaves it open (`muscle.infraspinatus`, `area.thumb`,
                 `motion.hip.flexion`)
    value, unit  the measured value where graded (`52.0`, `deg`)
    at           aware time of observation
    provoking    in which state of the body
    by           who observed: `client`, or the member's key
    reliability  the observer's own repeatability for this finding, 0..1, where known
    """

    id: str
    side: Side = Side.MIDLINE
    state: State = State.PRESENT
    of: str = ""
    value: float | None = None
    unit: str = ""
    at: datetime | None = None
    provoking: Provoking | None = None
    by: str = ""
    reliability: float | None = None

    def __post_init__(self) -> None:
        if kind_of(self.id) not in OBSERVABLE:
            raise BadFinding(f"{self.id!r} cannot be observed; a finding is one of {sorted(OBSERVABLE)}.")
        if self.of and kind_of(self.of) not in ABOUT:
            raise BadFinding(f"{self.id!r} cannot be observed on {self.of!r}; use one of {sorted(ABOUT)}.")
        if self.at is not None and self.at.tzinfo is None:
            raise BadFinding(f"The time of {self.id!r} has no time zone; give an aware time.")
        if self.reliability is not None and not 0 <= self.reliability <= 1:
            raise BadFinding(f"The reliability of {self.id!r} lies between 0 and 1, not {self.reliability}.")

    @property
    def key(self) -> tuple[str, str, Side]:
        """What was observed, without its result: two findings with one key are about the same thing."""
        return (self.id, self.of, self.side)
