"""Writing plans, consent and notes: the only writer of this room; each write is one transaction and audited."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from tautband.clinic.attachments import actions as attachments
from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.actions import VisitClosed, close_visit
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.diary import actions as diary
from tautband.clinic.intake import actions as intake
from tautband.clinic.intake.queries import is_minor
from tautband.clinic.measures import actions as measures
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import may_cosign
from tautband.clinic.treatments import moving
from tautband.clinic.treatments.checks import checks, may_sign
from tautband.clinic.treatments.compare import differences
from tautband.clinic.treatments.content import addendum_hash, content_of, cosign_hash, hash_of
from tautband.clinic.treatments.drafting import SECTIONS, draft_note
from tautband.clinic.treatments.inside import PLACES
from tautband.clinic.treatments.models import (
    Addendum,
    Consent,
    CoSignature,
    InsideConsent,
    Licence,
    NoteVersion,
    OwnWay,
    Phrase,
    PlanVersion,
    SignedNote,
    VisitMove,
)
from tautband.clinic.treatments.plans import Body, judged
from tautband.clinic.treatments.queries import may_change_shared, may_write_note
from tautband.planning import OwnStep

MOST_SIGNS = 20_000
"""The longest section, and the longest correction, in characters."""


class ChangedMeanwhile(Exception):
    """A newer version was saved since this page was read. `current` is the newest one, None where there is none."""

    def __init__(self, current: Any) -> None:
        super().__init__("This was changed in another window.")
        self.current = current


class PlanBlocked(Exception):
    """An emergency or same-day alert closes plan and session."""


class NothingToUse(Exception):
    """Every step of the plan is closed, or there is none."""


class AlreadySigned(Exception):
    """The note is signed; what comes now is a correction."""


class MayNotCosign(Exception):
    """Only the supervisor of the author, or the owner, signs a second time."""


class NotReady(Exception):
    """Something stands in the way of signing; the note page says what."""


class MayNotSign(Exception):
    """An assistant records; somebody who treats signs."""


class NotTheAuthor(Exception):
    """Only the therapist of the visit writes and signs its note. `author` is that person's name."""

    def __init__(self, author: str) -> None:
        super().__init__(f"Only {author}, whose visit this was, writes and signs this note.")
        self.author = author


class MayNotMove(Exception):
    """Whose note it is moves a visit, or the owner; taken back it is only while nothing was sealed."""


class MayNotChangePhrase(Exception):
    """The practice's phrases are changed by its owner or a supervisor, one's own by oneself."""


class CodeTaken(Exception):
    """Another standing phrase has this code. `code` is it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The code {code} is taken.")
        self.code = code


class TooLong(ValueError):
    """More text than a section holds."""


def _row_of(model: Any) -> Any:
    def find(event: AuditEvent) -> Any:
        return model.objects.get(pk=event.target.rpartition("/")[2])

    return find


def _now() -> datetime:
    return datetime.now(UTC)


# --- Plan ---------------------------------------------------------------------------------------------------------


@action(again=_row_of(PlanVersion))
def save_plan(*, by: Member, visit: Visit, body: Mapping[str, Any], seen: int, at: datetime | None = None) -> Any:
    """Keep a version of the plan.

    body   as `plans.Body.as_json` gives it
    seen   number of the version it was made from; 0 for none
    Raises VisitClosed, ChangedMeanwhile.
    """
    return _keep_plan(by, visit, body, seen, at or _now())


def _keep_plan(by: Member, visit: Visit, body: Mapping[str, Any], seen: int, at: datetime) -> PlanVersion:
    _open(visit)
    newest = visit.plans.first()
    if (newest.number if newest else 0) != seen:
        raise ChangedMeanwhile(newest)
    version = PlanVersion.objects.create(visit=visit, number=seen + 1, body=dict(body), by=by, at=at)
    details = {"number": version.number, "steps": len(body["choices"])}
    target, chart = f"plan/{version.pk}", visit.client.chart_key
    record(verb="plan.saved", target=target, chart=chart, by=by, at=at, details=details)
    return version


def _consent_of(event: AuditEvent) -> Consent:
    """The key stands on the first event: the plan's, where the plan had to be kept first."""
    if event.target.startswith("plan/"):
        return Consent.objects.get(plan=event.target.removeprefix("plan/"))
    return Consent.objects.get(pk=event.target.removeprefix("consent/"))


@action(again=_consent_of)
def use_plan(
    *,
    by: Member,
    visit: Visit,
    body: Mapping[str, Any],
    seen: int,
    told_areas: bool,
    told_touch: bool,
    told_stop: bool,
    agreed: bool,
    guardian: str = "",
    again: int | None = None,
    at: datetime | None = None,
) -> Consent:
    """Record that the client was told and agreed; the plan on the screen is kept first if it was only a draft.

    guardian  who agreed for a client under age, by name
    again     number of the earlier visit as at which it was told again
    Raises VisitClosed, ChangedMeanwhile, PlanBlocked, NothingToUse, ValueError when the consent is not whole.
    """
    if not (told_areas and told_touch and told_stop and agreed):
        raise ValueError("Consent is whole or not at all: areas, touch, right to stop, agreed.")
    at = at or _now()
    if is_minor(visit.client, at) and not guardian.strip():
        raise ValueError("For a client under age a parent or guardian agrees, by name.")
    plan = judged(visit, Body.read(body), max(seen, 1))
    if plan.closing:
        raise PlanBlocked
    if not any(not step.verdict.is_closed for step in plan.plan.steps):
        raise NothingToUse
    newest = visit.plans.first()
    keep = newest is None or newest.number != seen or Body.read(newest.body) != Body.read(body)
    version = _keep_plan(by, visit, body, seen, at) if keep else newest
    _open(visit)
    areas, excluded = list(plan.plan.regions), list(plan.body.excluded)
    consent = Consent.objects.create(
        plan=version,
        areas=areas,
        excluded=excluded,
        basis={**plan.basis, "guardian": guardian.strip(), "again": again},
        told_areas=told_areas,
        told_touch=told_touch,
        told_stop=told_stop,
        agreed=agreed,
        by=by,
        at=at,
    )
    details = {"plan": version.number, "areas": len(areas), "excluded": len(excluded)}
    target, chart = f"consent/{consent.pk}", visit.client.chart_key
    record(verb="consent.recorded", target=target, chart=chart, by=by, at=at, details=details)
    return consent


@action(again=_consent_of)
def write_past_plan(*, by: Member, visit: Visit, body: Mapping[str, Any], at: datetime) -> Consent:
    """Write the plan and consent of a visit that is over, as history of the demo. Raises ValueError for real people."""
    if not visit.client.demo:
        raise ValueError("Only the demo has a history written after the fact.")
    version = PlanVersion.objects.create(visit=visit, number=1, body=dict(body), by=by, at=at)
    now = judged(visit, Body.read(body), 1)
    areas = list(now.plan.regions)
    told = dict.fromkeys(("told_areas", "told_touch", "told_stop", "agreed"), True)
    consent = Consent.objects.create(plan=version, areas=areas, basis=now.basis, by=by, at=at, **told)
    target, chart = f"consent/{consent.pk}", visit.client.chart_key
    record(verb="consent.recorded", target=target, chart=chart, by=by, at=at, details={"plan": 1, "areas": len(areas)})
    return consent


@action(again=_row_of(Licence))
def state_licence(*, by: Member, issuer: str, number: str, places: Sequence[str], expires_on: date) -> Licence:
    """Keep a therapist's licence to work inside the body, as they state it; no places takes it back.

    Raises ValueError for a place that is not known, or for a licence without issuer or number.
    """
    if not set(places) <= set(PLACES):
        raise ValueError(f"Places are {', '.join(PLACES)}.")
    if places and not (issuer.strip() and number.strip()):
        raise ValueError("A licence names who gave it and its number.")
    given = {"issuer": issuer.strip(), "number": number.strip(), "places": sorted(places), "expires_on": expires_on}
    licence = Licence.objects.create(member=by, at=_now(), **given)
    details = {"places": sorted(places), "until": expires_on.isoformat()}
    record(verb="licence.stated", target=f"licence/{licence.pk}", chart="practice", by=by, details=details)
    return licence


@action(again=_row_of(InsideConsent))
def sign_inside(*, by: Member, visit: Visit, place: str, words: str, signed: str, chaperone: str) -> InsideConsent:
    """Keep what a client signed about work inside the body, for this visit.

    words      the text they read; chaperone  who was with them, empty where they were asked and wanted nobody
    Raises VisitClosed, ValueError for an unknown place, or without words or name.
    """
    if place not in PLACES or not words.strip() or not signed.strip():
        raise ValueError("A consent names the place, the words and who signed.")
    _open(visit)
    given = {"place": place, "words": words, "signed": signed.strip(), "chaperone": chaperone.strip()}
    consent = InsideConsent.objects.create(visit=visit, given=True, by=by, at=_now(), **given)
    details = {"place": place, "chaperone": bool(chaperone.strip())}
    target, chart = f"inside_consent/{consent.pk}", visit.client.chart_key
    record(verb="inside.signed", target=target, chart=chart, by=by, details=details)
    return consent


@action(again=_row_of(InsideConsent))
def take_back_inside(*, by: Member, visit: Visit, place: str) -> InsideConsent:
    """Keep that the client took it back; possible at any time, after the visit too."""
    consent = InsideConsent.objects.create(visit=visit, place=place, given=False, by=by, at=_now())
    target, chart = f"inside_consent/{consent.pk}", visit.client.chart_key
    record(verb="inside.taken_back", target=target, chart=chart, by=by, details={"place": place})
    return consent


@action(again=_row_of(OwnWay))
def save_way(*, by: Member, technique: str, steps: Sequence[OwnStep], seen: int) -> OwnWay:
    """Keep how this therapist does a technique; no steps at all goes back to how it is taught.

    seen   number of the version it was made from; 0 for none
    Raises ChangedMeanwhile.
    """
    newest = OwnWay.objects.filter(member=by, technique=technique).first()
    if (newest.number if newest else 0) != seen:
        raise ChangedMeanwhile(newest)
    rows = [asdict(step) for step in steps]
    way = OwnWay.objects.create(member=by, technique=technique, number=seen + 1, steps=rows, at=_now())
    record(verb="way.saved", target=f"way/{way.pk}", chart="practice", by=by, details={"steps": len(rows)})
    return way


def _open(visit: Visit) -> None:
    if Visit.everything.filter(pk=visit.pk).exclude(closed_at=None).exists():
        raise VisitClosed


# --- Note ---------------------------------------------------------------------------------------------------------


@action(again=_row_of(NoteVersion))
def save_note(
    *,
    by: Member,
    visit: Visit,
    said: str,
    sections: Mapping[str, str],
    drafted: Mapping[str, Sequence[str]],
    seen: int,
    how: str = "edited",
    at: datetime | None = None,
) -> NoteVersion:
    """Keep a version of the note.

    sections  section key -> text; all four
    drafted   section key -> lines it was drafted from
    seen      number of the version it was made from; 0 for none
    Raises NotTheAuthor, AlreadySigned, ChangedMeanwhile, TooLong.
    """
    return _keep_note(by, visit, said, sections, drafted, seen, how, at or _now())


def _keep_note(
    by: Member,
    visit: Visit,
    said: str,
    sections: Mapping[str, str],
    drafted: Mapping[str, Sequence[str]],
    seen: int,
    how: str,
    at: datetime,
) -> NoteVersion:
    _author(by, visit)
    _unsigned(visit)
    if set(sections) != set(SECTIONS):
        raise ValueError(f"A note has the sections {', '.join(SECTIONS)}.")
    for text in (said, *sections.values()):
        _short_enough(text)
    newest = visit.notes.first()
    if (newest.number if newest else 0) != seen:
        raise ChangedMeanwhile(newest)
    version = NoteVersion.objects.create(
        visit=visit,
        number=seen + 1,
        said=said,
        sections={key: sections[key] for key in SECTIONS},
        drafted={key: list(drafted.get(key, ())) for key in SECTIONS},
        how=how,
        by=by,
        at=at,
    )
    target, chart = f"note_version/{version.pk}", visit.client.chart_key
    record(verb="note.saved", target=target, chart=chart, by=by, at=at, details={"number": version.number, "how": how})
    return version


@action(again=_row_of(SignedNote))
def sign_note(*, by: Member, visit: Visit, seen: int, at: datetime | None = None) -> SignedNote:
    """Sign the newest version, for good. An open visit is closed with it, so the record is what was signed.

    Raises NotTheAuthor, MayNotSign, AlreadySigned, ChangedMeanwhile, NotReady.
    """
    _author(by, visit)
    if not by.may_sign:
        raise MayNotSign
    _unsigned(visit)
    visit = Visit.objects.select_related("client__practice").get(pk=visit.pk)
    at = at or _now()
    version = visit.notes.first()
    if version is None or version.number != seen:
        raise ChangedMeanwhile(version)
    answer = answer_for(visit)
    draft = draft_note(visit, answer)
    own_plan = any(d.own for d in differences(version.sections, version.drafted, draft) if d.section == "plan")
    if not may_sign(checks(visit, answer, version.said, version.sections, own_plan)):
        raise NotReady
    content = content_of(visit, draft, version.said, version.sections, by, at)
    note = SignedNote.objects.create(
        visit=visit, version=version, content=content, hash=hash_of(content), by=by, by_name=by.display_name, at=at
    )
    details = {"hash": note.hash, "version": version.number}
    target, chart = f"note/{note.pk}", visit.client.chart_key
    record(verb="note.signed", target=target, chart=chart, by=by, at=at, details=details)
    if visit.closed_at is None:
        close_visit(by=by, visit=visit, at=at)
    return note


@action(again=lambda event: Addendum.objects.get(note=event.target.split("/")[1], number=event.target.split("/")[2]))
def add_correction(*, by: Member, note: SignedNote, text: str, at: datetime | None = None) -> Addendum:
    """Add a dated correction below a signed note; the note itself stays as it is. Raises ValueError, TooLong."""
    text = text.strip()
    if not text:
        raise ValueError("Write what is to be corrected.")
    _short_enough(text)
    at = at or _now()
    earlier = [row.hash for row in note.addenda.all()]
    number = len(earlier) + 1
    row = Addendum.objects.create(
        note=note,
        number=number,
        text=text,
        hash=addendum_hash(note.hash, earlier, number, text, by.display_name, at),
        by=by,
        by_name=by.display_name,
        at=at,
    )
    chart = note.visit.client.chart_key
    target, details = f"note/{note.pk}/{number}", {"hash": row.hash}
    record(verb="note.corrected", target=target, chart=chart, by=by, at=at, details=details)
    return row


@action(again=_row_of(CoSignature))
def cosign_note(*, by: Member, note: SignedNote, at: datetime | None = None) -> CoSignature:
    """Put a second signature under a signed note; given twice, it stands once. Raises MayNotCosign."""
    if not may_cosign(by, note.by):
        raise MayNotCosign
    standing = CoSignature.objects.filter(note=note, by=by).first()
    if standing is not None:
        return standing
    at = at or _now()
    corrections = [row.hash for row in note.addenda.all()]
    row = CoSignature.objects.create(
        note=note,
        corrections=len(corrections),
        hash=cosign_hash(note.hash, corrections, by.display_name, at),
        by=by,
        by_name=by.display_name,
        at=at,
    )
    chart, details = note.visit.client.chart_key, {"hash": row.hash, "note": note.hash}
    record(verb="note.cosigned", target=f"cosignature/{row.pk}", chart=chart, by=by, at=at, details=details)
    return row


# --- A visit in the wrong chart -----------------------------------------------------------------------------------


def _moved_of(event: AuditEvent) -> VisitMove:
    return VisitMove.objects.get(pair=event.target.removeprefix("move/"), way=VisitMove.Way.IN)


@action(again=_moved_of)
def move_visit(*, by: Member, visit: Visit, to: Client, reason: str, at: datetime | None = None) -> VisitMove:
    """Move a visit that was written in the wrong chart. Both charts keep the trace; returns that of the right one.

    The caller has passed the gate of both charts. Raises MayNotMove, ValueError without a reason or to its own chart.
    """
    reason, at = reason.strip(), at or _now()
    if not reason:
        raise ValueError("Say why it is moved.")
    if visit.client_id == to.pk:
        raise ValueError("The visit is in this chart already.")
    if not moving.may_move(by, visit):
        raise MayNotMove
    left, number = visit.client, visit.number
    intake.leave_behind(visit=visit, at=at)
    diary.untie_visit(visit=visit)
    if moving.is_sealed(visit):
        here = charts.withdraw_visit(visit=visit, to=to, at=at)
        _copied(visit, here, by, at)
        stays: Visit | None = visit
    else:
        here, stays = charts.carry_visit(visit=visit, to=to), None
        VisitMove.objects.filter(visit=visit).update(visit=None)  # traces of an earlier move stand without it
    measures.carry_readings(visit=visit, to=here)
    attachments.carry_attachments(visit=visit, to=here)
    told = {"reason": reason, "by": by, "at": at, "pair": uuid4()}
    VisitMove.objects.create(client=left, way="out", visit=stays, number=number, other=to.chart_key, **told)
    moved = VisitMove.objects.create(client=to, way="in", visit=here, number=here.number, other=left.chart_key, **told)
    details, target = {"visit": str(here.pk), "sealed": stays is not None}, f"move/{moved.pair}"
    record(verb="visit.moved_in", target=target, chart=to.chart_key, by=by, at=at, details=details)
    record(verb="visit.moved_out", target=target, chart=left.chart_key, by=by, at=at, details=details)
    return moved


def _copied(visit: Visit, here: Visit, by: Member, at: datetime) -> None:
    """What can never change is copied: plans with consents, the newest note as a draft, and what rooms above hold."""
    plans: dict[int, PlanVersion] = {}
    for plan in visit.plans.order_by("number").prefetch_related("consents"):
        new = PlanVersion.objects.create(visit=here, number=plan.number, body=plan.body, by=plan.by, at=plan.at)
        plans[plan.pk] = new
        for consent in reversed(plan.consents.all()):
            consent.pk, consent.plan = None, new
            consent.save(force_insert=True)
    note = visit.notes.first()
    if note is not None:
        how, sections = NoteVersion.How.MOVED, {key: note.sections[key] for key in SECTIONS}
        NoteVersion.objects.create(
            visit=here, number=1, said=note.said, sections=sections, drafted=note.drafted, how=how, by=by, at=at
        )
    for carry in moving.carriers():
        carry(visit, here, plans)


@action(again=_moved_of)
def undo_move(*, by: Member, move: VisitMove) -> VisitMove:
    """Take a move back: the visit returns to the chart it came from, under its old number if that is free.

    Raises MayNotMove once something of it was sealed, or when this member may not open the chart it came from.
    """
    if not moving.can_undo(by, move):
        raise MayNotMove
    left = VisitMove.objects.select_related("client").get(pair=move.pair, way="out")
    visit, now = Visit.objects.select_related("client").get(pk=move.visit_id), _now()
    right = visit.client
    charts.carry_visit(visit=visit, to=left.client, number=left.number)
    charts.take_up_again(visit=visit, ended_at=move.at)
    measures.carry_readings(visit=visit, to=visit)
    attachments.carry_attachments(visit=visit, to=visit)
    VisitMove.objects.filter(pair=move.pair).update(undone_at=now, undone_by=by)
    VisitMove.objects.filter(pk=move.pk).update(visit=None)
    for client in (right, left.client):
        record(verb="visit.move_undone", target=f"move/{move.pair}", chart=client.chart_key, by=by, at=now)
    return VisitMove.objects.get(pk=move.pk)


# --- Phrases ------------------------------------------------------------------------------------------------------


@action(again=_row_of(Phrase))
def save_phrase(
    *, by: Member, code: str, text: str, section: str = "", shared: bool = False, instead_of: Phrase | None = None
) -> Phrase:
    """Keep a phrase, or a new version of one; the earlier version ends.

    shared      it is the practice's, for everybody; only who may change those says so
    instead_of  the version it replaces
    Raises MayNotChangePhrase, CodeTaken, ChangedMeanwhile.
    """
    if (shared or (instead_of and instead_of.member_id != by.pk)) and not may_change_shared(by):
        raise MayNotChangePhrase
    now = _now()
    if instead_of is not None and not _end_phrase(instead_of, now):
        raise ChangedMeanwhile(None)
    owner = None if shared else by
    if Phrase.objects.filter(practice=by.practice, member=owner, code=code, ended_at=None).exists():
        raise CodeTaken(code)
    phrase = Phrase.objects.create(
        practice=by.practice, member=owner, code=code, section=section, text=text.strip(), by=by, at=now
    )
    record(verb="phrase.saved", target=f"phrase/{phrase.pk}", by=by, at=now, details={"shared": shared})
    return phrase


@action(again=_row_of(Phrase))
def remove_phrase(*, by: Member, phrase: Phrase) -> Phrase:
    """Take a phrase out of the list; notes that used it stay as they are. Raises MayNotChangePhrase."""
    if phrase.member_id != by.pk and not (phrase.member_id is None and may_change_shared(by)):
        raise MayNotChangePhrase
    _end_phrase(phrase, _now())
    record(verb="phrase.removed", target=f"phrase/{phrase.pk}", by=by)
    return phrase


def _end_phrase(phrase: Phrase, now: datetime) -> bool:
    return bool(Phrase.objects.filter(pk=phrase.pk, ended_at=None).update(ended_at=now))


def _author(by: Member, visit: Visit) -> None:
    if not may_write_note(by, visit):
        raise NotTheAuthor(visit.by.display_name)


def _unsigned(visit: Visit) -> None:
    if SignedNote.objects.filter(visit=visit).exists():
        raise AlreadySigned


def _short_enough(text: str) -> None:
    if len(text) > MOST_SIGNS:
        raise TooLong(
            f"This is {len(text):,} signs long; {MOST_SIGNS:,} fit here. Nothing was cut: shorten it and save again."
        )
