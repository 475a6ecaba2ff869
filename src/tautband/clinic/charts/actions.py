"""Writing the chart: the only place that changes visits, drawings, findings and alert answers. All is audited."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import (
    AlertAnswer,
    DrawingVersion,
    ElicitedReferral,
    HomeDrawing,
    PriorReview,
    RecordedFinding,
    SecondExamination,
    Story,
    Visit,
)
from tautband.clinic.charts.mounting import document_of
from tautband.clinic.charts.picture import finding_of, marks_of
from tautband.clinic.people.models import Client, Member
from tautband.findings import BadFinding, Mark
from tautband.findings.ink import Ink, as_row, decode, pack
from tautband.surface import SURFACE


class VisitClosed(Exception):
    """The visit was closed; a new one is opened for what comes now."""


class NotBlind(BadFinding):
    """A second examination by whoever made the first, or of a sign that is not there to be examined again."""


class Decided(Exception):
    """This version of the priors was decided on already, or is not in use and cannot be taken back."""


class NothingToUndo(Exception):
    """No finding of this visit is left to take back."""


def _visit_of(event: AuditEvent) -> Visit:
    return Visit.everything.get(pk=event.target.removeprefix("visit/"))


def _row_of(model: Any) -> Any:
    return lambda event: model.objects.get(pk=event.target.rpartition("/")[2])


def _now() -> datetime:
    return datetime.now(UTC)


def _open(visit: Visit) -> None:
    if visit.closed_at is not None:
        raise VisitClosed


@action(again=_visit_of)
def open_visit(*, by: Member, client: Client, minutes: int = 60, at: datetime | None = None) -> Visit:
    """Start the client's next visit."""
    last = Visit.everything.filter(client=client).aggregate(last=Max("number"))["last"] or 0
    visit = Visit.objects.create(client=client, number=last + 1, by=by, opened_at=at or _now(), minutes=minutes)
    record(verb="visit.opened", target=f"visit/{visit.pk}", chart=client.chart_key, by=by, at=at)
    return visit


@action(again=_visit_of)
def close_visit(*, by: Member, visit: Visit, at: datetime | None = None) -> Visit:
    """End the visit; what it holds stays readable and no longer changes."""
    _open(visit)
    visit.closed_at = at or _now()
    visit.save(update_fields=["closed_at"])
    record(verb="visit.closed", target=f"visit/{visit.pk}", chart=visit.client.chart_key, by=by, at=at)
    return visit


def carry_visit(*, visit: Visit, to: Client, number: int | None = None) -> Visit:
    """Put a visit with all it holds into another chart. Part of an action that records it: see `treatments.actions`.

    number   to have there, if it is free; else the next one
    """
    taken = Visit.everything.filter(client=to)
    if number is None or taken.filter(number=number).exists():
        number = (taken.aggregate(last=Max("number"))["last"] or 0) + 1
    visit.client, visit.number = to, number
    visit.save(update_fields=["client", "number"])
    return visit


def withdraw_visit(*, visit: Visit, to: Client, at: datetime) -> Visit:
    """Withdraw a visit from its chart and give what is not sealed to a new visit in another. Part of an action.

    Returns the new visit: the same therapist, the same hour, closed if the old one was.
    """
    number = (Visit.everything.filter(client=to).aggregate(last=Max("number"))["last"] or 0) + 1
    new = Visit.objects.create(
        client=to,
        number=number,
        by=visit.by,
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        minutes=visit.minutes,
    )
    for model in (Story, DrawingVersion, RecordedFinding, ElicitedReferral, AlertAnswer):
        model.objects.filter(visit=visit).update(visit=new)  # type: ignore[attr-defined]
    visit.withdrawn_at, visit.closed_at = at, visit.closed_at or at
    visit.save(update_fields=["withdrawn_at", "closed_at"])
    return new


def let_go(*, visit: Visit, recorded_at: Sequence[datetime], at: datetime) -> None:
    """End the findings of a visit that were recorded at these moments. Part of an action that records it."""
    _current(visit).filter(at__in=recorded_at).update(ended_at=at)


def take_up_again(*, visit: Visit, ended_at: datetime) -> None:
    """Let findings count again that were ended at this moment, unless something newer stands in their place."""
    for row in visit.findings.filter(ended_at=ended_at):
        if not _current(visit).filter(finding=row.finding, of=row.of, side=row.side).exists():
            row.ended_at = None
            row.save(update_fields=["ended_at"])


@action(again=_row_of(Story))
def save_story(*, by: Member, visit: Visit, text: str, at: datetime | None = None) -> Story:
    """Keep a version of what the client says. Raises VisitClosed."""
    _open(visit)
    story = Story.objects.create(visit=visit, text=text, by=by, at=at or _now())
    record(verb="story.saved", target=f"story/{story.pk}", chart=visit.client.chart_key, by=by, at=at)
    return story


@action(again=_row_of(DrawingVersion))
def save_drawing(
    *,
    by: Member,
    visit: Visit,
    marks: Sequence[Mapping[str, Any]] | str | None = None,
    ink: bytes | str | None = None,
    base: DrawingVersion | None = None,
    drawn_by: str = "client",
    complete: bool = True,
    at: datetime | None = None,
) -> DrawingVersion:
    """Keep a version of the drawing, from the brush or from the zones.

    ink    plain form of `findings.ink`, or its base64 text; the marks are read from it
    marks  without ink: zones as chart and list write them, or their JSON; ink of the version they started from follows
    base   the version the marks started from; the newest one when not given

    Raises VisitClosed, BadFinding for a mark that cannot be or ink that cannot be read.
    """
    _open(visit)
    started = base or visit.drawings.first()
    read, kept = _read(marks, ink, started.ink if started else b"")
    drawing = DrawingVersion.objects.create(
        visit=visit,
        marks=[as_row(mark) for mark in read],
        ink=kept,
        surface=SURFACE,
        complete=complete,
        drawn_by=drawn_by,
        by=by,
        at=at or _now(),
    )
    details = {"marks": len(read), "drawn_by": drawn_by}
    target, chart = f"drawing/{drawing.pk}", visit.client.chart_key
    record(verb="drawing.saved", target=target, chart=chart, by=by, at=at, details=details)
    return drawing


def _read(
    marks: Sequence[Mapping[str, Any]] | str | None, ink: bytes | str | None, base: bytes | memoryview
) -> tuple[tuple[Mark, ...], bytes]:
    """Marks and stored ink of what was sent. Ink of an earlier version follows zones that changed."""
    if isinstance(ink, bytes):
        painted = decode(ink)
        return painted.marks(), pack(painted)
    found = document_of({"ink": ink, "marks": marks}, bytes(base))
    return found.marks, found.ink


@action(again=_row_of(HomeDrawing))
def save_home_drawing(
    *,
    by: Client,
    client: Client,
    marks: Sequence[Mapping[str, Any]] | str | None = None,
    ink: bytes | str | None = None,
    base: HomeDrawing | None = None,
    at: datetime | None = None,
) -> HomeDrawing:
    """Keep a version of what the client draws for themselves; nobody else may draw in their name.

    marks, ink, base   as in `save_drawing`

    Raises BadFinding for a mark that cannot be or ink that cannot be read.
    """
    if by.pk != client.pk:
        raise BadFinding(_("A drawing from home is the client's own."))
    now = at or _now()
    read, kept = _read(marks, ink, base.ink if base else b"")
    drawing = HomeDrawing.objects.create(
        client=client,
        day=timezone.localdate(now),
        marks=[as_row(mark) for mark in read],
        ink=kept,
        surface=SURFACE,
        at=now,
    )
    target, details = f"home_drawing/{drawing.pk}", {"marks": len(read)}
    record(verb="home_drawing.saved", target=target, chart=client.chart_key, by=by, at=at, details=details)
    return drawing


@action(again=_row_of(DrawingVersion))
def take_home_drawing(*, by: Member, visit: Visit, home: HomeDrawing, at: datetime | None = None) -> DrawingVersion:
    """Begin the visit's drawing with one from home: a new version, the client's; what was there stays on file.

    Raises VisitClosed, BadFinding for a drawing of somebody else.
    """
    _open(visit)
    if home.client_id != visit.client_id:
        raise BadFinding(_("This drawing is of another client."))
    drawing = DrawingVersion.objects.create(
        visit=visit,
        marks=home.marks,
        ink=home.ink,
        surface=home.surface,
        drawn_by="client",
        home=home,
        by=by,
        at=at or _now(),
    )
    details = {"marks": len(home.marks), "drawn_by": "client", "home": home.pk}
    target, chart = f"drawing/{drawing.pk}", visit.client.chart_key
    record(verb="drawing.saved", target=target, chart=chart, by=by, at=at, details=details)
    return drawing


@action(again=_row_of(DrawingVersion))
def bring_drawing(
    *,
    by: Member,
    visit: Visit,
    marks: Sequence[Mapping[str, Any]],
    ink: Ink | None,
    drawn_by: str,
    at: datetime | None = None,
) -> DrawingVersion:
    """Keep a drawing from a file as a version of the visit's; what was there stays on file.

    Raises VisitClosed, BadFinding for marks that cannot be and for a drawing with nothing on it.
    """
    _open(visit)
    read = ink.marks() if ink else marks_of(marks)
    if not read:
        raise BadFinding(_("Nothing is drawn in this file. Nothing was changed."))
    drawing = DrawingVersion.objects.create(
        visit=visit,
        marks=[as_row(mark) for mark in read],
        ink=pack(ink) if ink else b"",
        surface=SURFACE,
        drawn_by=drawn_by,
        by=by,
        at=at or _now(),
    )
    details = {"marks": len(read), "drawn_by": drawn_by, "from_file": True}
    target, chart = f"drawing/{drawing.pk}", visit.client.chart_key
    record(verb="drawing.saved", target=target, chart=chart, by=by, at=at, details=details)
    return drawing


@action(again=_row_of(DrawingVersion))
def repeat_drawing(*, by: Member, visit: Visit, earlier: Visit) -> DrawingVersion:
    """Keep the drawing of an earlier visit as one of this visit: the client said that it is felt where it was.

    Raises VisitClosed, ValueError when the earlier visit is another client's or has none.
    """
    _open(visit)
    last = earlier.drawings.first()
    if last is None or earlier.client_id != visit.client_id:
        raise ValueError("There is no earlier drawing of this client to repeat.")
    drawing = DrawingVersion.objects.create(
        visit=visit,
        marks=last.marks,
        ink=last.ink,
        surface=last.surface,
        complete=last.complete,
        drawn_by="client",
        by=by,
        at=_now(),
    )
    details = {"marks": len(last.marks), "as_at_visit": earlier.number}
    target, chart = f"drawing/{drawing.pk}", visit.client.chart_key
    record(verb="drawing.saved", target=target, chart=chart, by=by, details=details)
    return drawing


@action(again=_row_of(RecordedFinding))
def record_finding(
    *,
    by: Member,
    visit: Visit,
    finding: str,
    side: str,
    state: str,
    of: str = "",
    value: float | None = None,
    unit: str = "",
    provoking: str = "",
    note: str = "",
    at: datetime | None = None,
) -> RecordedFinding:
    """Record an answer or a test result; an earlier one about the same thing, place and side stops counting.

    Raises VisitClosed, BadFinding when it cannot be (the message says what would be right).
    """
    _open(visit)
    now = at or _now()
    row = RecordedFinding(
        visit=visit,
        finding=finding,
        of=of,
        side=side,
        state=state,
        value=value,
        unit=unit,
        provoking=provoking,
        note=note,
        by=by,
        at=now,
    )
    finding_of(row)
    _current(visit).filter(finding=finding, of=of, side=side).update(ended_at=now)
    row.save()
    target, chart = f"finding/{row.pk}", visit.client.chart_key
    record(verb="finding.recorded", target=target, chart=chart, by=by, at=at, details={"finding": finding})
    return row


@action(again=_row_of(SecondExamination))
def record_second_look(
    *, by: Member, first: RecordedFinding, state: str, at: datetime | None = None
) -> SecondExamination:
    """Keep what a second examiner found, who did not see the first result. The first finding stays what counts.

    Raises VisitClosed, NotBlind when this member made the first examination or has looked already, BadFinding.
    """
    visit = first.visit
    _open(visit)
    if first.by_id == by.pk:
        raise NotBlind(_("You examined this yourself. A second examination is somebody else's."))
    if state not in ("present", "absent"):
        raise BadFinding(_("Say whether it was present or absent."))
    if first.ended_at is not None or first.second_looks.filter(by=by).exists():
        raise NotBlind(_("This was changed since the page was opened, or you have looked already. Load it again."))
    row = SecondExamination.objects.create(first=first, state=state, by=by, at=at or _now())
    details = {"finding": first.finding}
    target, chart = f"second_look/{row.pk}", visit.client.chart_key
    record(verb="second_look.recorded", target=target, chart=chart, by=by, at=at, details=details)
    return row


def record_second_looks(
    *, by: Member, looks: Sequence[tuple[RecordedFinding, str]], key: str | None = None
) -> list[SecondExamination]:
    """Record a whole second examination, or none of it. Raises what `record_second_look` raises."""
    with transaction.atomic():
        return [
            record_second_look(by=by, first=first, state=state, key=f"{key[:56]}.{n}" if key else None)
            for n, (first, state) in enumerate(looks)
        ]


def record_line(
    *, by: Member, visit: Visit, findings: Sequence[Mapping[str, Any]], key: str | None = None
) -> list[RecordedFinding]:
    """Record all findings of one typed line, or none of them. Raises VisitClosed, BadFinding.

    key   of the form; every finding gets its own key from it, so that a line sent twice is recorded once
    """
    with transaction.atomic():
        return [
            record_finding(by=by, visit=visit, key=f"{key[:56]}.{n}" if key else None, **finding)
            for n, finding in enumerate(findings)
        ]


def take_back_line(*, by: Member, visit: Visit, ids: Sequence[int]) -> list[RecordedFinding]:
    """Take back what one typed line recorded and still counts. Raises VisitClosed, NothingToUndo."""
    rows = list(_current(visit).filter(pk__in=ids))
    if not rows:
        raise NothingToUndo
    with transaction.atomic():
        return [take_back_finding(by=by, visit=visit, finding=row.finding, side=row.side, of=row.of) for row in rows]


@action(again=_row_of(RecordedFinding))
def take_back_finding(*, by: Member, visit: Visit, finding: str, side: str, of: str = "") -> RecordedFinding:
    """Make it "not asked" again. Raises VisitClosed, NothingToUndo."""
    _open(visit)
    row = _current(visit).filter(finding=finding, of=of, side=side).first()
    if row is None:
        raise NothingToUndo
    return _end(row, by)


@action(again=_row_of(RecordedFinding))
def undo_last_finding(*, by: Member, visit: Visit) -> RecordedFinding:
    """Take back the last recorded finding of the visit. Raises VisitClosed, NothingToUndo."""
    _open(visit)
    row = _current(visit).order_by("-at", "-id").first()
    if row is None:
        raise NothingToUndo
    return _end(row, by)


@action(again=_row_of(ElicitedReferral))
def record_elicited(
    *, by: Member, visit: Visit, point: str, side: str, felt: Sequence[str], words: str, at: datetime | None = None
) -> ElicitedReferral:
    """Keep where pressing a muscle was felt; from now on it shapes this client's fields. Raises VisitClosed."""
    _open(visit)
    row = ElicitedReferral.objects.create(
        visit=visit, point=point, side=side, felt=sorted(felt), words=words[:200], by=by, at=at or _now()
    )
    target, chart = f"elicited/{row.pk}", visit.client.chart_key
    record(verb="elicited.recorded", target=target, chart=chart, by=by, at=at, details={"point": point})
    return row


@action(again=_row_of(ElicitedReferral))
def take_back_elicited(*, by: Member, visit: Visit, pk: int) -> ElicitedReferral:
    """Take an observation back; what it did to the fields is gone. Raises VisitClosed, NothingToUndo."""
    _open(visit)
    row = ElicitedReferral.objects.filter(visit__client=visit.client, pk=pk, ended_at=None).first()
    if row is None:
        raise NothingToUndo
    row.ended_at = _now()
    row.save(update_fields=["ended_at"])
    target, chart = f"elicited/{row.pk}", visit.client.chart_key
    record(verb="elicited.taken_back", target=target, chart=chart, by=by, details={"point": row.point})
    return row


def _end(row: RecordedFinding, by: Member) -> RecordedFinding:
    row.ended_at = _now()
    row.save(update_fields=["ended_at"])
    target, chart = f"finding/{row.pk}", row.visit.client.chart_key
    record(verb="finding.taken_back", target=target, chart=chart, by=by, details={"finding": row.finding})
    return row


def _current(visit: Visit) -> Any:
    return visit.findings.filter(ended_at=None)


@action(again=_row_of(AlertAnswer))
def answer_alert(
    *, by: Member, visit: Visit, flag: str, urgency: str, decision: str, reason: str, at: datetime | None = None
) -> AlertAnswer:
    """Answer an alert with a reason. Raises VisitClosed, ValueError without a reason."""
    _open(visit)
    if not reason.strip():
        raise ValueError("Say why, in your words.")
    answer = AlertAnswer.objects.create(
        visit=visit, flag=flag, urgency=urgency, decision=decision, reason=reason.strip(), by=by, at=at or _now()
    )
    target, chart = f"alert_answer/{answer.pk}", visit.client.chart_key
    details = {"flag": flag, "urgency": urgency, "decision": decision}
    record(verb="alert.answered", target=target, chart=chart, by=by, at=at, details=details)
    return answer


# Priors of the practice


def _review_of(event: AuditEvent) -> PriorReview:
    return PriorReview.objects.get(number=event.target.removeprefix("priors/"))


@action(again=_review_of)
def propose_priors(*, by: Member, made_for: str, rows: Sequence[Mapping[str, Any]]) -> PriorReview:
    """Keep a version of proposed priors, to be read and decided on. It changes nothing by itself."""
    last = PriorReview.objects.aggregate(last=Max("number"))["last"] or 0
    review = PriorReview.objects.create(
        number=last + 1, made_for=made_for, rows=list(map(dict, rows)), by=by, at=_now()
    )
    record(verb="priors.proposed", target=f"priors/{review.number}", chart="practice", by=by)
    return review


@action(again=_review_of)
def decide_priors(*, by: Member, review: PriorReview, accepted: bool, reason: str) -> PriorReview:
    """An owner accepts or rejects a version, once, with the reason. Raises Decided."""
    review = PriorReview.objects.select_for_update().get(pk=review.pk)
    if review.decision:
        raise Decided
    kind = PriorReview.Decision.ACCEPTED if accepted else PriorReview.Decision.REJECTED
    review.decision, review.reason, review.decided_by, review.decided_at = kind, reason, by, _now()
    review.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    record(verb=f"priors.{kind.value}", target=f"priors/{review.number}", chart="practice", by=by)
    return review


@action(again=_review_of)
def take_back_priors(*, by: Member, review: PriorReview, reason: str) -> PriorReview:
    """Stop using an accepted version; the one before it is used again, or the atlas. Raises Decided."""
    review = PriorReview.objects.select_for_update().get(pk=review.pk)
    if review.decision != PriorReview.Decision.ACCEPTED or review.ended_at is not None:
        raise Decided
    review.ended_by, review.ended_at, review.ended_because = by, _now(), reason
    review.save(update_fields=["ended_by", "ended_at", "ended_because"])
    record(verb="priors.taken_back", target=f"priors/{review.number}", chart="practice", by=by)
    return review
