"""A series of sessions: how many, how far apart, when to look again, when to stop, when it is done.

Few trials say anything of number and spacing. Where one does for this complaint it is named; the rest is convention and
says so. A series ends early when it does nothing: no change beyond the error of the measure is a reason to stop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tautband.planning.history import Change, PastDose

Basis = Literal["trial", "cohort", "convention"]
HALFWAY = 0.5
SORE_TWICE = 2
"""Sessions followed by more than two days of soreness from which it is a reason to stop."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence with what it rests on; `source` names a publication of the atlas, empty for convention."""

    text: str
    basis: Basis = "convention"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of sessions, proposed. The therapist and the client decide.

    visits      how many are proposed before it is decided anew; `done` how many there were
    every_days  days from one to the next
    look_again  visits at which all measures are taken again
    stop        any of these ends the series
    discharge   all of these together: it is done
    """

    visits: int
    every_days: int
    done: int
    look_again: tuple[int, ...]
    why: tuple[Rule, ...]
    stop: tuple[Rule, ...]
    discharge: tuple[Rule, ...]

    @property
    def weeks(self) -> int:
        """Weeks from the first session to the last."""
        return -(-(self.visits - 1) * self.every_days // 7)

    @property
    def look_now(self) -> bool:
        """This visit is one at which everything is measured again."""
        return self.done + 1 in self.look_again

    @property
    def is_over(self) -> bool:
        """As many visits as were proposed have been."""
        return self.done >= self.visits


@dataclass(frozen=True, slots=True)
class Course:
    """How a series runs for a kind of complaint."""

    visits: int
    every_days: int
    why: tuple[Rule, ...]


NECK = Course(
    8,
    4,
    (
        Rule(
            "For long-standing neck pain, hours of 60 minutes two or three times a week for four weeks did better than "
            "waiting; hours of 30 minutes did not. Therapist and client knew, and nobody had a sham.",
            "trial",
            "sherman2014",
        ),
    ),
)
HEADACHE = Course(
    6,
    4,
    (
        Rule(
            "For tension-type headache twelve sessions in six weeks lowered the number of headaches as much as a "
            "sham did. Six are proposed, then the diary decides.",
            "trial",
            "moraska2015",
        ),
    ),
)
ACUTE = Course(3, 4, (Rule("A fresh complaint often settles by itself: few sessions, close together."),))
USUAL = Course(6, 7, (Rule("Six sessions a week apart is a custom of the trade, not a finding."),))

STOP = (
    Rule("A new alert, or numbness, weakness or bladder trouble that was not there before: stop and refer."),
    Rule("Worse by 2 points of 10 or more at two visits in a row."),
    Rule(
        "No change beyond the error of the measure at the halfway visit: change the plan, or refer; do not go on alike."
    ),
    Rule("Soreness after a session that lasts more than 48 hours, twice.", "cohort", "cambron2007"),
)
DISCHARGE = (
    Rule("Pain lower by 2 points or by 30 %, and it held over two visits.", "convention", "farrar2001"),
    Rule("What the client wanted to do is easier by 2.3 points of 10, a medium change.", "cohort", "abbott2014"),
    Rule("The client can do alone what keeps it: home programme done on most days."),
)


def series_for(region: str, *, done: int = 0, weeks: float | None = None, goals: Sequence[str] = ()) -> Series:
    """Propose a series for what is suspected in a region.

    done   visits before this one
    weeks  how long the complaint has been there; None where it was not asked
    goals  what the client wants to be able to do, in their own words
    Raises ValueError for a negative number of visits.
    """
    if done < 0:
        raise ValueError(f"There cannot have been {done} visits.")
    course = _course(region, weeks)
    look = (max(2, round(course.visits * HALFWAY)), course.visits)
    wishes = tuple(Rule(f"Reached: {goal}") for goal in goals)
    return Series(course.visits, course.every_days, done, look, course.why, STOP, (*wishes, *DISCHARGE))


def _course(region: str, weeks: float | None) -> Course:
    if weeks is not None and weeks < 6:
        return ACUTE
    return {"neck": NECK, "head_jaw": HEADACHE}.get(region, USUAL)


def advice(series: Series, doses: Sequence[PastDose]) -> str:
    """What the retests so far say of going on; empty while they say nothing."""
    told = [d.change for d in sorted(doses, key=lambda d: d.at) if d.change is not Change.NOT_RETESTED]
    if len(told) >= 2 and told[-2:] == [Change.WORSE, Change.WORSE]:
        return "Worse at the last two retests. Stop this, and look again at what is behind it."
    if len({dose.at.date() for dose in doses if dose.sore_after_48_h}) >= SORE_TWICE:
        return "Sore for more than two days after two sessions. Work lighter, or stop; ask what else it may be."
    halfway = series.look_again[0]
    if series.done >= halfway and told and Change.BETTER not in told:
        return (
            "No retest has shown a change beyond its error. Change the plan or refer; more of the same is not advised."
        )
    if series.is_over:
        return "The proposed sessions are over. Measure everything again and decide with the client."
    return ""
