"""Writing what a client tells. Clients write for themselves, members note that they have read. All is audited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.intake import queries
from tautband.clinic.intake.judging import urgent
from tautband.clinic.intake.models import Filler, Given, Round, Warned
from tautband.clinic.intake.questions import BY_KEY, Question
from tautband.clinic.people.models import Client, Member


def _now() -> datetime:
    return datetime.now(UTC)


def _row_of(model: Any) -> Any:
    return lambda event: model.objects.get(pk=event.target.rpartition("/")[2])


@action(again=_row_of(Round))
def open_round(*, by: Client | Member, client: Client, at: datetime | None = None) -> Round:
    """Begin to ask, or to ask again."""
    last = client.intake_rounds.aggregate(last=Max("number"))["last"] or 0
    opened = Round.objects.create(client=client, number=last + 1, opened_at=at or _now())
    record(verb="intake.opened", target=f"intake/{opened.pk}", chart=client.chart_key, by=by, at=at)
    return opened


@action(again=_row_of(Given))
def give(
    *, by: Client | Member, round: Round, question: str, value: Mapping[str, Any], at: datetime | None = None
) -> Given:
    """Keep an answer, and raise in the same breath what it makes urgent. Raises KeyError for an unknown question."""
    asked, now, client = BY_KEY[question], at or _now(), round.client
    if asked.kind == "who" and value.get("is") in Filler.values:
        round.filled_by = value["is"]
        round.save(update_fields=["filled_by"])
    version = (round.given.filter(question=question).aggregate(last=Max("version"))["last"] or 0) + 1
    given = Given.objects.create(
        round=round, question=question, version=version, value=dict(value), filled_by=round.filled_by, at=now
    )
    # Which safeguarding question was answered is no business of the log, which cannot be erased.
    details = {"question": "private" if asked.private else question, "by": round.filled_by or "not stated"}
    record(verb="intake.answered", target=f"answer/{given.pk}", chart=client.chart_key, by=by, at=at, details=details)
    _warn(by, round, asked, at, now)
    return given


def _warn(by: Client | Member, round: Round, asked: Question, at: datetime | None, now: datetime) -> None:
    if asked.kind != "yesno":
        return
    standing = {w.flag: w for w in round.warnings.filter(corrected_at=None)}
    answers = queries.standing_health(round) | queries.answers_of(round)
    found = {u.alert.flag: u for u in urgent(round.client, answers)}
    chart = round.client.chart_key
    for flag, one in found.items():
        before = standing.get(flag)
        if before is not None and (before.urgency == "emergency" or one.alert.urgency == before.urgency):
            continue
        if before is not None:
            before.corrected_at = now  # the same danger, now more urgent: the new row stands for it
            before.save(update_fields=["corrected_at"])
        row = Warned.objects.create(
            round=round, flag=flag, urgency=one.alert.urgency, question=asked.key, private=one.private, at=now
        )
        details = {"urgency": one.alert.urgency}
        record(verb="intake.warned", target=f"warning/{row.pk}", chart=chart, by=by, at=at, details=details)
    for flag, row in standing.items():
        if flag not in found:
            row.corrected_at = now
            row.save(update_fields=["corrected_at"])
            record(verb="intake.corrected", target=f"warning/{row.pk}", chart=chart, by=by, at=at)


@action(again=_row_of(Warned))
def add_words(*, by: Client, warning: Warned, words: str) -> Warned:
    """Keep when it was, beside the warning; the warning stays."""
    warning.words = words
    warning.save(update_fields=["words"])
    chart = warning.round.client.chart_key
    record(verb="intake.words_added", target=f"warning/{warning.pk}", chart=chart, by=by)
    return warning


@action(again=_row_of(Round))
def finish(*, by: Client | Member, round: Round, at: datetime | None = None) -> Round:
    """The client says that this is all."""
    round.finished_at = at or _now()
    round.save(update_fields=["finished_at"])
    record(verb="intake.finished", target=f"intake/{round.pk}", chart=round.client.chart_key, by=by, at=at)
    return round


@action(again=_row_of(Warned))
def note_warning(*, by: Member, warning: Warned) -> Warned:
    """Somebody of the care team has read it; it leaves Today and stays in the chart."""
    if warning.seen_at is None:
        warning.seen_at, warning.seen_by = _now(), by
        warning.save(update_fields=["seen_at", "seen_by"])
    chart = warning.round.client.chart_key
    record(verb="intake.warning_read", target=f"warning/{warning.pk}", chart=chart, by=by)
    return warning


def _taken(event: AuditEvent) -> list[RecordedFinding]:
    return list(RecordedFinding.objects.filter(visit_id=event.target.removeprefix("visit/"), at=event.at))


@action(again=_taken)
def take_over(*, by: Member, visit: Visit, at: datetime | None = None) -> list[RecordedFinding]:
    """Record in this visit what the client answered, each finding saying whence it is. Raises charts' VisitClosed.

    What is recorded at this visit already is left as it is: the hour knows better than the sofa.
    """
    now = at or _now()
    chart = visit.client.chart_key
    record(verb="intake.taken_over", target=f"visit/{visit.pk}", chart=chart, by=by, at=now)
    return [
        charts.record_finding(
            by=by, visit=visit, finding=one.finding, side="midline", state=one.state, note=one.note, at=now
        )
        for one in queries.to_take_over(visit)
    ]


def leave_behind(*, visit: Visit, at: datetime) -> None:
    """Let go of what a visit took over from the intake: it was told by another client. Part of an action.

    Called before the visit leaves its chart, whose log says when something was taken over.
    """
    taken = AuditEvent.objects.filter(
        verb="intake.taken_over", target=f"visit/{visit.pk}", chart=visit.client.chart_key
    )
    charts.let_go(visit=visit, recorded_at=list(taken.values_list("at", flat=True)), at=at)
