"""A visit's plan as it stands: the newest version, judged against what the chart holds now."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from tautband.clinic.audit.chain import canonical
from tautband.clinic.charts.gridding import REGIONS as AREAS
from tautband.clinic.charts.hour import minutes_gone
from tautband.clinic.charts.models import AlertAnswer, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.queries import answers_of, unanswered
from tautband.clinic.charts.thinking import consider
from tautband.clinic.intake.queries import declined_areas, declined_techniques, is_minor
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import inside
from tautband.clinic.treatments.models import Consent, PlanVersion
from tautband.clinic.treatments.remembering import history_of
from tautband.findings import Picture
from tautband.knowledge import atlas
from tautband.knowledge.records import Protocol
from tautband.planning import (
    Choice,
    History,
    Limits,
    NoProtocol,
    Override,
    Plan,
    Series,
    advice,
    assessment_plan,
    draft_plan,
    lay_out,
    series_for,
)
from tautband.planning.declined import WISHES
from tautband.planning.guard import BLOCKING
from tautband.planning.history import NOTHING_YET
from tautband.planning.staged import StageRules, rules_of, split, stage_on_day
from tautband.reasoning import Alert, Answer
from tautband.terms.sides import Side

NOTE_MINUTES = 5
HOME_MINUTES = 5
STORY_MINUTES = 20
"""Kept back of the hour: for the note, for home advice where the plan has no step for it, and for story and tests."""

LEAST_HANDS, LEAST_TOTAL, MOST_TOTAL = 5, 15, 180
USUAL_TOLERANCE = 6
BY_HAND = "none"
"""Protocol name of a plan that is filled by hand."""


@dataclass(frozen=True)
class Body:
    """What is kept of a plan.

    minutes    left for plan, home and note together
    tolerance  most discomfort out of 10
    excluded   regions the client does not want touched today
    declined   what the client does not want done anywhere, keys of `planning.declined.WISHES`
    protocol   id, empty for the one that fits best, `none` for a plan filled by hand
    edited     a hand has changed the steps, so new limits judge them anew and do not replace them
    goals      what the client wants to be able to do, in their own words
    since      day it began, or of the injury or operation, as ISO 8601; empty where nobody asked
    restored   version this one is the same as, where it was brought back by undo; 0 the draft, None where it was not
    """

    minutes: int
    tolerance: int = USUAL_TOLERANCE
    excluded: tuple[str, ...] = ()
    protocol: str = ""
    edited: bool = False
    choices: tuple[Choice, ...] = ()
    goals: tuple[str, ...] = ()
    since: str = ""
    restored: int | None = None
    declined: tuple[str, ...] = ()

    @property
    def hands_minutes(self) -> int:
        """Minutes for the steps."""
        return max(LEAST_HANDS, self.minutes - NOTE_MINUTES - HOME_MINUTES)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {**asdict(self), "choices": [asdict(choice) for choice in self.choices]}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Body":
        """From what was stored. Things the atlas has since renamed are followed, things it lost are left out."""
        known = atlas()
        rows = [{**row, "side": Side(row["side"]), "override": _override(row)} for row in stored["choices"]]
        choices = [
            replace(Choice(**row), target=known.current(row["target"]), technique=known.current(row["technique"]))
            for row in rows
        ]
        kept = tuple(c for c in choices if c.target in known and (not c.technique or c.technique in known))
        listed = {name: tuple(stored.get(name, ())) for name in ("excluded", "goals", "declined")}
        return cls(**{**stored, **listed, "choices": kept})


def _override(row: Mapping[str, Any]) -> Override | None:
    given = row.get("override")
    if not given or isinstance(given, Override):
        return given or None
    return Override(**{**given, "guards": tuple(given["guards"])})


@dataclass(frozen=True)
class Current:
    """The plan of a visit now.

    number       of the newest version; 0 while it is only a draft on the screen
    no_protocol  why nothing could be drafted; empty otherwise
    closing      alerts that close plan and session as a whole
    consent      the newest consent of this visit, for whichever version
    history      what was given at earlier visits
    """

    visit: Visit
    number: int
    body: Body
    plan: Plan
    answer: Answer
    picture: Picture
    no_protocol: str
    closing: tuple[Alert, ...]
    consent: Consent | None
    history: History = NOTHING_YET

    @property
    def since_days(self) -> int | None:
        """Days from its beginning to this visit; None where nobody asked."""
        if not self.body.since:
            return None
        return max((self.visit.opened_at.date() - date.fromisoformat(self.body.since)).days, 0)

    @property
    def usual_stage(self) -> StageRules | None:
        """The stage that is usual on this day, where the plan is in another one; a guide, never a criterion."""
        name, _key = split(self.body.protocol)
        found = atlas().get(name) if name in atlas() else None
        if not isinstance(found, Protocol) or self.since_days is None or self.plan.stage is None:
            return None
        usual = stage_on_day(found, self.since_days)
        rules = rules_of(found, usual.key) if usual else None
        return rules if rules and rules.name != self.plan.stage.name else None

    @property
    def advice(self) -> str:
        """What the retests and the soreness so far say of going on; empty while they say nothing."""
        return advice(self.series, self.history.doses)

    @property
    def seen(self) -> str:
        """Names what is on the screen, so that a change made to something else is noticed."""
        choices = [canonical(_plain(choice)) for choice in self.plan.choices]
        return hashlib.sha256("\n".join([str(self.number), *choices]).encode()).hexdigest()[:16]

    @property
    def can_undo(self) -> bool:
        """There is an earlier version, or the draft before the first one."""
        return self.undo_to >= 0

    @property
    def undo_to(self) -> int:
        """The version that undo brings back: 0 for the draft, -1 where there is nothing to undo."""
        return (self.number if self.body.restored is None else self.body.restored) - 1

    @property
    def series(self) -> Series:
        """How many sessions are proposed, when everything is measured again, what ends them."""
        done = self.visit.client.visits.filter(opened_at__lt=self.visit.opened_at).count()
        seconds: dict[str, int] = {"general": 0}
        for step in self.plan.steps:
            if step.stage == "treat" and step.choice.origin != "chain":
                seconds[step.region] = seconds.get(step.region, 0) + step.seconds
        weeks = None if self.since_days is None else self.since_days / 7
        region = max(seconds, key=lambda each: seconds[each])
        return series_for(region, done=done, weeks=weeks, goals=self.body.goals)

    @property
    def is_agreed(self) -> bool:
        """The client agreed to what this plan does: where, by which techniques, and why."""
        return self.consent is not None and not self.asks_again

    @property
    def techniques(self) -> tuple[str, ...]:
        """Techniques of the open steps that hands do, each once, in order."""
        done = (step for step in self.plan.steps if step.stage == "treat" and not step.verdict.is_closed)
        return tuple(dict.fromkeys(step.technique for step in done if step.technique))

    @property
    def basis(self) -> dict[str, Any]:
        """What a consent given now rests on: techniques, why these (the protocol, the alerts), what was declined."""
        return {
            "techniques": list(self.techniques),
            "protocol": self.body.protocol or self.plan.protocol,
            "flags": sorted({alert.flag for alert in self.answer.alerts}),
            "declined": list(self.body.declined),
        }

    @property
    def asks_again(self) -> tuple[str, ...]:
        """Why the client must be asked again before hands: where, by what, and why it is done has changed. In words.

        Less than was agreed to needs no new question. A consent from before these were kept speaks of areas alone.
        """
        if self.consent is None:
            return ()
        known, agreed = atlas(), self.consent.basis
        told = [str(AREAS.get(area, area)) for area in self.plan.regions if area not in self.consent.areas]
        found = [_("Another area: %(what)s.") % {"what": ", ".join(told)}] if told else []
        if agreed is None:
            return tuple(found)
        new = [id for id in self.techniques if id not in agreed["techniques"]]
        if new:
            found.append(_("Another technique: %(what)s.") % {"what": ", ".join(known.name(id) for id in new)})
        if self.basis["protocol"] != agreed["protocol"]:
            found.append(_("Another reason: the plan now follows another protocol."))
        raised = [alert.name for alert in self.answer.alerts if alert.flag not in agreed["flags"]]
        if raised:
            found.append(_("Another reason: an alert has come up since (%(what)s).") % {"what": ", ".join(raised)})
        return tuple(found)

    @cached_property
    def told_before(self) -> Consent | None:
        """The consent of the last visit that covers all of this plan: then one sentence tells it again.

        None where the plan does more, an alert is new, the client is under age, or nothing was agreed last time.
        """
        if is_minor(self.visit.client):
            return None
        earlier = self.visit.client.visits.filter(number__lt=self.visit.number).order_by("-number").first()
        given = Consent.objects.filter(plan__visit=earlier).select_related("plan__visit").first() if earlier else None
        if given is None or given.basis is None or not set(self.plan.regions) <= set(given.areas):
            return None
        new = set(self.techniques) - set(given.basis["techniques"])
        raised = {alert.flag for alert in self.answer.alerts} - set(given.basis["flags"])
        return None if new or raised else given

    @property
    def kept(self) -> Body:
        """The body with the steps that are on the screen."""
        return replace(self.body, choices=self.plan.choices)


def _plain(choice: Choice) -> dict[str, Any]:
    return {**asdict(choice), "side": choice.side.value}


def current_plan(visit: Visit, minutes: int | None = None, *, therapist: Member | None = None) -> Current:
    """The newest version of a visit's plan, or a draft of `minutes` where nothing was kept yet.

    therapist   whose hands it is judged for; whose visit it is where nobody is named
    """
    version = visit.plans.first()
    body = Body.read(version.body) if version else _first_body(visit, minutes or minutes_left(visit))
    return judged(visit, body, version.number if version else 0, therapist=therapist)


def _first_body(visit: Visit, minutes: int) -> Body:
    """A plan begins with what the client declined in the intake, and the day it began as told at the last visit."""
    client = visit.client
    wishes = tuple(wish for wish in declined_techniques(client) if wish in WISHES)
    before = PlanVersion.objects.filter(visit__client=client, visit__opened_at__lt=visit.opened_at)
    last = before.order_by("-visit__opened_at", "-number").first()
    since = str(last.body.get("since", "")) if last else ""
    return Body(minutes, excluded=declined_areas(client), declined=wishes, since=since)


def judged(visit: Visit, body: Body, number: int, *, anew: bool = False, therapist: Member | None = None) -> Current:
    """A body as a plan for what the chart holds now. A body that was never edited is drafted when it is new."""
    picture = picture_of(visit)
    answer = consider(picture)
    closing = closing_alerts(visit, answer)
    open_flags = {alert.flag for alert in closing}
    inner, inner_off = inside.allowed(inside.standings(visit, therapist or visit.by))
    limits = Limits(
        frozenset(body.excluded),
        float(body.tolerance),
        internal=inner,
        internal_off=inner_off,
        answered=frozenset(a.flag for a in answer.alerts if a.flag not in open_flags),
        declined=frozenset(body.declined),
    )
    history = history_of(visit)
    reason = ""
    if (anew or number == 0) and body.protocol != BY_HAND:
        minutes = body.hands_minutes
        try:
            plan = draft_plan(
                answer, picture, atlas(), minutes=minutes, limits=limits, protocol=body.protocol, history=history
            )
        except NoProtocol as none:
            reason, plan = str(none), assessment_plan(answer, picture, atlas(), minutes=minutes, limits=limits)
    else:
        plan = _laid_out(body.choices, answer, picture, body, limits, history)
    consent = Consent.objects.filter(plan__visit=visit).select_related("plan", "by").first()
    return Current(visit, number, body, plan, answer, picture, reason, closing, consent, history)


def restored(now: Current) -> Body:
    """What undo brings back: the version before, or the draft as it would be made now. Raises LookupError for none."""
    if not now.can_undo:
        raise LookupError("There is nothing to undo.")
    if now.undo_to == 0:
        first = replace(_first_body(now.visit, now.body.minutes), goals=now.body.goals, since=now.body.since)
        drafted = judged(now.visit, first, 0).plan.choices
        return replace(first, choices=drafted, restored=0)
    earlier = now.visit.plans.get(number=now.undo_to)
    return replace(Body.read(earlier.body), restored=now.undo_to)


def _laid_out(
    choices: tuple[Choice, ...], answer: Answer, picture: Picture, body: Body, limits: Limits, history: History
) -> Plan:
    protocol = body.protocol if split(body.protocol)[0] in atlas() else ""
    minutes = body.hands_minutes
    return lay_out(
        choices, answer, picture, atlas(), minutes=minutes, limits=limits, protocol=protocol, history=history
    )


def minutes_left(visit: Visit) -> int:
    """Minutes left of the hour, in steps of five; of a fresh one what usually remains after story and tests."""
    gone = minutes_gone(visit)
    least = visit.minutes - STORY_MINUTES if gone is None or gone < STORY_MINUTES else visit.minutes - gone
    return min(max(least - least % 5, LEAST_TOTAL), MOST_TOTAL)


def closing_alerts(visit: Visit, answer: Answer) -> tuple[Alert, ...]:
    """Alerts that close plan and session: emergency and same day until they are answered.

    An emergency that was referred stays closed for this visit: who is on the way to hospital is not treated.
    """
    waiting = [a for a in unanswered(visit, answer.alerts) if a.urgency in BLOCKING]
    answers = answers_of(visit)
    sent = [
        a
        for a in answer.alerts
        if a.urgency == "emergency"
        and a.flag in answers
        and answers[a.flag].decision == AlertAnswer.Decision.REFERRED
        and a not in waiting
    ]
    return (*waiting, *sent)


def used_plan(visit: Visit) -> tuple[PlanVersion, Consent] | None:
    """The version the client agreed to last, with the consent; None before that."""
    consent = Consent.objects.filter(plan__visit=visit).select_related("plan", "by").first()
    return (consent.plan, consent) if consent else None
