"""Plans and signed notes for the demo visits that the charts room wrote."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.checks import checks, may_sign
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.models import (
    Addendum,
    Consent,
    CoSignature,
    NoteVersion,
    Phrase,
    PlanVersion,
    SignedNote,
)
from tautband.clinic.treatments.plans import Body, judged

DONE = (
    "Treated in the planned order; discomfort stayed at 5 of 10 or below and eased within half a minute.",
    "Next visit in a week, with the same movement measured first.",
)
PHRASES = (
    ("sore", "plan", True, "Told that soreness for a day or two is common, and to ring if it spreads or tingles."),
    ("eased", "plan", False, "Pressed {where} at {number} of 10; eased to {number after} within {seconds} s."),
    ("same", "subjective", False, "As at the last visit, no new place, no new symptom."),
    ("next", "plan", True, "Next visit in {weeks} weeks, with the same movement measured first."),
)
"""Code, section, whether it is the practice's, text."""
CORRECTION = "Said on the telephone the next day: sore for one evening, gone by the morning. Nothing tingled."


def make_plans(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A plan and consent for every closed visit."""
    for visit in _past_visits(practice).filter(plans=None):
        _write_plan(visit, visit.by)


def make_notes(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A note for every closed visit; the newest closed one waits to be signed."""
    visits = list(_past_visits(practice))
    corrected = False
    for visit in visits:
        signed = _write_note(visit, visit.by, sign=visit.pk != visits[-1].pk)
        if signed is not None and not corrected and now - signed.at > timedelta(days=2):
            actions.add_correction(by=visit.by, note=signed, text=CORRECTION, at=signed.at + timedelta(days=1))
            corrected = True


def make_phrases(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A few phrases of the practice and of its owner."""
    for code, section, shared, text in PHRASES:
        actions.save_phrase(by=by, code=code, section=section, shared=shared, text=text)


def _past_visits(practice: Practice) -> QuerySet[Visit]:
    """Visits that are over and have no note yet, the oldest first."""
    visits = Visit.objects.filter(client__practice=practice, notes=None).exclude(closed_at=None)
    return visits.order_by("opened_at").select_related("client", "by")


def _write_plan(visit: Visit, by: Member) -> None:
    """The plan that was agreed at a visit of the past: kept as it would have been during the hour."""
    now = judged(visit, Body(40), 0)
    if now.closing or not now.plan.regions:
        return
    at = visit.opened_at + timedelta(minutes=18)
    actions.write_past_plan(by=by, visit=visit, body=now.kept.as_json(), at=at)


def _write_note(visit: Visit, by: Member, *, sign: bool) -> SignedNote | None:
    answer = answer_for(visit)
    draft = draft_note(visit, answer)
    sections = draft.texts()
    sections["plan"] = "\n".join([sections["plan"], *DONE])
    at = visit.closed_at or visit.opened_at + timedelta(minutes=visit.minutes)
    version = actions.save_note(
        by=by, visit=visit, said=draft.said, sections=sections, drafted=draft.lines(), seen=0, at=at
    )
    if not sign or not may_sign(checks(visit, answer, draft.said, sections, own_plan=True)):
        return None
    return actions.sign_note(by=by, visit=visit, seen=version.number, at=at)


def forget_notes(*, practice: Practice) -> None:
    """Delete plans, notes and phrases of the demo; the visits go next."""
    Phrase.objects.filter(practice=practice).delete()
    CoSignature.objects.filter(note__visit__client__practice=practice).delete()
    Addendum.objects.filter(note__visit__client__practice=practice).delete()
    SignedNote.objects.filter(visit__client__practice=practice).delete()
    NoteVersion.objects.filter(visit__client__practice=practice).delete()
    Consent.objects.filter(plan__visit__client__practice=practice).delete()
    PlanVersion.objects.filter(visit__client__practice=practice).delete()
