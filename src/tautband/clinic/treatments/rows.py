"""What the plan page shows, as plain rows: steps with their verdict, the bar of the minutes."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from tautband.clinic.charts.rows import name_of
from tautband.clinic.treatments.plans import HOME_MINUTES, NOTE_MINUTES, Current
from tautband.clinic.treatments.positions import has_pictures
from tautband.knowledge import atlas
from tautband.knowledge.records import Technique
from tautband.planning import Alternative, Plan, PlanStep, Why, techniques_for

MOST_OFFERED = 4


@dataclass(frozen=True)
class StepRow:
    """One step. `place` counts from 0 in the plan, `number` counts open steps from 1; a closed one has none."""

    place: int
    number: int | None
    step: PlanStep
    first: bool
    last: bool

    @property
    def minutes(self) -> str:
        """How long it takes, in whole or half minutes."""
        return minute_words(self.step.minutes_taken)

    @property
    def has_pictures(self) -> bool:
        """A position of ease or a stretch can be shown."""
        return has_pictures(self.step.target, self.step.technique)

    @property
    def others(self) -> list[Technique]:
        """Techniques it could be done with instead."""
        found = techniques_for(self.step.target, atlas()) if self.step.technique else ()
        return [technique for technique in found if technique.id != self.step.technique]

    @property
    def likely_others(self) -> list[Alternative]:
        """The first alternatives that are open here."""
        return [a for a in self.step.alternatives if a.level != "stop"][:MOST_OFFERED]

    @property
    def shut_others(self) -> list[Alternative]:
        """Alternatives that are closed here, with what closes them."""
        return [a for a in self.step.alternatives if a.level == "stop"]

    @property
    def more_others(self) -> list[Technique]:
        """Techniques that are not among the first ones and not closed."""
        shown = {a.technique for a in (*self.likely_others, *self.shut_others)}
        return [technique for technique in self.others if technique.id not in shown]

    @property
    def closing(self) -> list[Why]:
        """What closes it."""
        return [why for why in self.step.verdict.why if why.level == "stop"]

    @property
    def changes(self) -> list[Why]:
        """What must be done otherwise, and what must be asked first."""
        return [why for why in self.step.verdict.why if why.level != "stop"]


def step_rows(plan: Plan) -> list[StepRow]:
    """The steps of a plan, in order."""
    rows, number = [], 0
    for place, step in enumerate(plan.steps):
        number += 0 if step.verdict.is_closed else 1
        shown = None if step.verdict.is_closed else number
        rows.append(StepRow(place, shown, step, place == 0, place == len(plan.steps) - 1))
    return rows


def asked(why: Why) -> str:
    """What would settle a guard, by name."""
    return ", ".join(name_of(atlas(), finding, "") for finding in why.ask[:4])


def minute_words(minutes: float) -> str:
    """Minutes as people say them: "3 min", "2.5 min"."""
    return _("%(n)g min") % {"n": ceil(minutes * 2) / 2}


@dataclass(frozen=True)
class Share:
    """One piece of the bar, in minutes."""

    key: str
    label: str
    start: float
    minutes: float

    @property
    def shown(self) -> str:
        """Its minutes as a number."""
        return f"{ceil(self.minutes * 2) / 2:g}"


@dataclass(frozen=True)
class Bar:
    """The minutes of the plan: treat, home, note, spare. `over` is what does not fit."""

    total: float
    shares: tuple[Share, ...]
    over: float

    @property
    def over_words(self) -> str:
        """What does not fit, in minutes."""
        return minute_words(self.over)


def bar_of(now: Current) -> Bar:
    """One bar for the minutes of a plan."""
    home = sum(step.minutes_taken for step in now.plan.steps if step.stage == "home")
    treat = now.plan.minutes_planned - home
    parts = [
        ("treat", _("Treat"), treat),
        ("home", _("Home"), max(home, HOME_MINUTES)),
        ("note", _("Note"), NOTE_MINUTES),
    ]
    used = sum(minutes for _key, _label, minutes in parts)
    if used < now.body.minutes:
        parts.append(("spare", _("Spare"), now.body.minutes - used))
    shares, start = [], 0.0
    for key, label, minutes in parts:
        if minutes:
            shares.append(Share(key, label, start, minutes))
        start += minutes
    return Bar(max(used, now.body.minutes), tuple(shares), max(used - now.body.minutes, 0))
