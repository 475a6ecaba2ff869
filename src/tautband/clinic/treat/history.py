"""The treat-retest history: doses of every session as the planner, the note, the chart and the timeline read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.happenings import Happening
from tautband.clinic.people.models import Client
from tautband.clinic.treat.models import Session, SessionEvent
from tautband.clinic.treat.queries import run_of_session, time_of
from tautband.clinic.treat.run import Dose
from tautband.clinic.treat.shown import ShownDose, judged_retest, shown_dose
from tautband.clinic.treat.steps import instrument_of
from tautband.clinic.treatments import remembering
from tautband.clinic.treatments.drafting import sided
from tautband.clinic.treatments.models import PlanVersion
from tautband.clinic.treatments.remembering import Done
from tautband.findings import Response
from tautband.knowledge import atlas
from tautband.outcomes import Verdict, Way, judge
from tautband.planning import Change, PastDose
from tautband.planning.steps import PRESSED_AGAIN
from tautband.terms.sides import Side

NEAR_DAYS = 90
"""Sessions longer ago than this before a visit say nothing of its complaint."""

OF_THE_POINT = (PRESSED_AGAIN, "exam.palpation.pressure_threshold")
"""Retests that press the treated point again: they are of the point, not of the complaint."""


@dataclass(frozen=True)
class Given:
    """One dose that was given: in which session, of which step, when."""

    session: Session
    step: dict[str, object]
    dose: Dose
    at: datetime

    @property
    def shown(self) -> ShownDose:
        """It in words."""
        return shown_dose(self.step, self.dose)


def given_in(session: Session) -> Iterator[Given]:
    """Every step of a session that somebody ended, in order; what was only skipped among them."""
    steps = {step["key"]: step for step in session.steps}
    for dose in run_of_session(session).doses:
        if dose.ended and dose.step in steps:
            at = time_of(session, dose.ended_ms or dose.began_ms or 0)
            yield Given(session, steps[dose.step], dose, at)


def given_to(client: Client) -> list[Given]:
    """Everything that was done to a client in sessions, the oldest first."""
    sessions = (
        Session.objects.filter(visit__client=client, visit__withdrawn_at=None)
        .select_related("visit", "by")
        .prefetch_related("events")
    )
    return [given for session in sessions.order_by("started_at") for given in given_in(session)]


def past_doses(client: Client) -> Iterator[PastDose]:
    """What the planner learns from: hands-on doses with what the retest after them showed."""
    sore = remembering.sore_visits(client)
    for given in given_to(client):
        step, dose = given.step, given.dose
        if not dose.was_given or step["stage"] != "treat":
            continue
        change, what = change_after(step, dose)
        yield PastDose(
            target=str(step["target"]),
            side=Side(dose.side),
            technique=str(step["technique"]),
            at=given.at,
            tolerance_of_10=dose.highest,
            seconds=dose.seconds,
            change=change,
            what=what,
            sore_after_48_h=given.session.visit_id in sore,
        )


def change_after(step: dict[str, object], dose: Dose) -> tuple[Change, str]:
    """What the retest showed, with the error of the measure. Where no error is on file nothing is claimed."""
    measured, retest = step.get("retest"), dose.retest
    if not isinstance(measured, dict) or retest.get("value") is None:
        return Change.NOT_RETESTED, ""
    before = retest.get("before", measured["before"])
    if before is None:
        return Change.NOT_RETESTED, ""
    verdict, way, note = judged_retest(str(measured["exam"]), float(before), float(retest["value"]))
    what = f"{measured['name']} {float(before):g} to {float(retest['value']):g} {measured['unit']}, {note}"
    if verdict is Verdict.NO_VERDICT:
        return Change.NOT_RETESTED, what
    if verdict is Verdict.CHANGED and way in (Way.BETTER, Way.WORSE):
        return (Change.BETTER if way is Way.BETTER else Change.WORSE), what
    return Change.WITHIN_ERROR, what


def responses(visit: Visit) -> Iterator[Response]:
    """What retests after the treatments of earlier visits showed, for the ranking of this one.

    Of visits near enough to be about the same complaint; a visit never learns from its own.
    """
    since = visit.opened_at - timedelta(days=NEAR_DAYS)
    sessions = (
        Session.objects.filter(visit__client=visit.client_id, visit__withdrawn_at=None)
        .filter(started_at__gte=since, started_at__lt=visit.opened_at)
        .exclude(visit=visit)
        .annotate(count=Count("events"))
    )
    for session in sessions.order_by("started_at").values_list("pk", "started_at", "count"):
        yield from _responses_in(*session)


@lru_cache(maxsize=256)
def _responses_in(session_pk: int, _started_at: datetime, _events: int) -> tuple[Response, ...]:
    """The retests of one session. Its log is only ever added to, so this stays true while it has as many events.

    Each is held against the last reading of that test, so that only the step it followed is judged by it; and once a
    test was better, no change in it says anything of what was treated later.
    """
    found: list[Response] = []
    read: dict[tuple[str, str], float] = {}
    eased: set[tuple[str, str]] = set()
    for given in given_in(Session.objects.prefetch_related("events").get(pk=session_pk)):
        step, dose = given.step, given.dose
        measured = step.get("retest")
        if not isinstance(measured, dict) or dose.retest.get("value") is None:
            continue
        exam, now = str(measured["exam"]), float(dose.retest["value"])
        same_point = exam in OF_THE_POINT
        here = (exam, dose.side if getattr(atlas().record(exam), "sided", True) else "")
        own = dose.retest.get("before", measured["before"])
        before = own if same_point else read.get(here, own)
        read[here] = now
        if before is None or not dose.was_given or step["stage"] != "treat":
            continue
        change, what = _answer_of(exam, float(before), now)
        if change == "eased" and not same_point:
            eased.add(here)
        if change and not (change == "unchanged" and here in eased):
            on, how = timezone.localdate(given.at), str(step["technique_name"]).lower()
            found.append(Response(str(step["target"]), Side(dose.side), change, on, how, what, same_point))
    return tuple(found)


def _answer_of(
    exam: str, before: float, now: float
) -> tuple[Literal["eased", "worse", "unchanged", "unclear", ""], str]:
    """What a change says of the treated source, and the numbers with their error; empty without an error on file.

    Empty too where ease beyond the error had no room: a number of 3 cannot fall by more than 4.
    """
    instrument = instrument_of(exam)
    found = judge(instrument, before, now) if instrument else None
    if found is None or found.detectable is None or instrument is None:
        return "", ""
    told = {"before": before, "now": now, "unit": instrument.unit, "size": found.detectable.size}
    name = atlas().name(exam) if instrument.exam != exam else instrument.name.en
    what = f"{name} {_('%(before)g to %(now)g %(unit)s, error %(size).3g') % told}"
    if found.verdict is Verdict.CHANGED and found.way in (Way.BETTER, Way.WORSE):
        return ("eased" if found.way is Way.BETTER else "worse"), what
    end = instrument.low if instrument.better == "lower" else instrument.high
    if abs(before - end) <= found.detectable.size:
        return "", ""
    return ("unchanged" if abs(found.delta) <= found.detectable.size / 2 else "unclear"), what


def done_at(visit: Visit) -> Iterator[Done]:
    """Sentences for the note: what was really done, and what was left out with its reason."""
    for session in visit.sessions.select_related("by").prefetch_related("events").order_by("number"):
        for given in given_in(session):
            step, shown = given.step, given.shown
            if step["stage"] == "assess" or not shown.text:
                continue
            what = sided(str(step["target_name"]), given.dose.side)
            technique = str(step["technique_name"]).lower()
            lead = _("Done") if given.dose.was_given or given.dose.ended == "done" else _("Not done")
            parts = [part for part in (technique, shown.text) if part]
            text = f"{lead}: {what}: {'; '.join(parts)}{f' ({shown.verdict_words})' if shown.verdict_words else ''}."
            yield Done(text, given.dose.side, str(step["target"]), given.at, session.by.display_name)


def happenings(client: Client) -> Iterator[Happening]:
    """Each session on the timeline."""
    for session in (
        Session.objects.filter(visit__client=client, visit__withdrawn_at=None)
        .select_related("by")
        .prefetch_related("events")
    ):
        given = [one for one in given_in(session) if one.dose.was_given]
        if given:
            named = [f"{sided(str(g.step['target_name']), g.dose.side)}: {g.shown.text}" for g in given]
            tried = tuple(dict.fromkeys(str(g.step["technique_name"]).lower() for g in given))
            url = reverse("treat:treat", args=[session.visit_id])
            doses = tuple(
                (str(g.step["technique_name"]).lower(), g.dose.hands_ms / 1000, g.dose.highest) for g in given
            )
            told = "; ".join(named)
            yield Happening(session.started_at, "session", "hand", _("Treated"), told, url, tried=tried, doses=doses)


def carry(visit: Visit, here: Visit, plans: Mapping[int, PlanVersion]) -> None:
    """Copy the sessions of a visit that was written in the wrong chart; their log stays where it was, too."""
    for session in visit.sessions.order_by("number").prefetch_related("events"):
        events = list(session.events.all())
        session.pk, session.visit, session.plan = None, here, plans[session.plan_id]
        session.save(force_insert=True)
        for event in events:
            event.pk, event.session = None, session
        SessionEvent.objects.bulk_create(events)
