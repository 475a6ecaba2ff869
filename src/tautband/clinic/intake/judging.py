"""Does an answer have to be acted on tonight? The rules of the atlas say so, on what was answered until now.

For this one purpose "not sure" counts as "yes": it is better to look once too often. In the chart it stays "not sure".
No network is asked, so the answer is there at once and needs no warm program.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.utils import timezone

from tautband.clinic.intake.questions import QUESTIONS, SAID, Question
from tautband.clinic.people.models import Client
from tautband.findings import Drawing, Finding, Mark, Person, Picture, State
from tautband.knowledge import atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Flag
from tautband.reasoning import POLICY, Alert
from tautband.reasoning.alerts import alerts_of, findings_in, judge_rules
from tautband.terms.sides import Side

AT_ONCE = ("emergency", "same_day")
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Urgent:
    """What cannot wait, and the answers that speak for it."""

    alert: Alert
    private: bool
    because: tuple[Question, ...]


def urgent(client: Client, answers: Answers, marks: tuple[Mark, ...] = ()) -> tuple[Urgent, ...]:
    """Every emergency or same-day alert of these answers, the most urgent first; `marks` is what the client drew."""
    known = atlas()
    told = {q.of: q for q in QUESTIONS if q.of and q.kind == "yesno" and answers.get(q.key, {}).get("is") in SAID}
    findings = tuple(Finding(of, Side.MIDLINE, State.PRESENT) for of in told)
    denied = tuple(
        Finding(q.of, Side.MIDLINE, State.ABSENT)
        for q in QUESTIONS
        if q.of and q.kind == "yesno" and answers.get(q.key, {}).get("is") == "no"
    )
    sex = client.recorded_sex if client.recorded_sex in ("female", "male") else None
    person = Person(client.age_years(timezone.localdate()), cast(Literal["female", "male"] | None, sex))
    picture = Picture(person, Drawing(marks, complete=False), findings + denied)
    judged = judge_rules(picture, known, lambda place, area: within(place, area, known))
    found = [alert for alert in alerts_of(judged, {}, POLICY, known) if alert.urgency in AT_ONCE]
    return tuple(_urgent(alert, told.values()) for alert in found)


def _urgent(alert: Alert, told: Iterable[Question]) -> Urgent:
    flag = atlas().records[alert.flag]
    assert isinstance(flag, Flag)
    named = frozenset[str]().union(*(findings_in(rule.when) for rule in flag.rules))
    return Urgent(alert, flag.sort == "safeguarding", tuple(q for q in told if q.of in named))
