"""Writing programmes, the diary and how a client was: the only writer of this room, each write audited."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member
from tautband.clinic.programme.models import DayNote, DiaryWord, Looked, ProgrammeVersion, ReminderWish

MOST_WORDS = 500
LATE_DAYS = 7
"""How many days later a diary may still be filled: a phone that was offline for a week."""


class ChangedMeanwhile(Exception):
    """A newer version was saved since this page was read."""


class NothingOpen(Exception):
    """There is nothing in the programme that a client may do."""


def _row_of(model: Any) -> Any:
    def find(event: AuditEvent) -> Any:
        return model.objects.get(pk=event.target.rpartition("/")[2])

    return find


@action(again=_row_of(ProgrammeVersion))
def save_programme(
    *,
    by: Member,
    visit: Visit,
    body: Mapping[str, Any],
    seen: int,
    given: bool = False,
    at: datetime | None = None,
) -> ProgrammeVersion:
    """Keep a version of the programme; `given` hands it to the client.

    body   as `offer.Body.as_json` gives it
    seen   number of the version it was made from; 0 for none
    Raises VisitClosed, ChangedMeanwhile, NothingOpen for a programme given with nothing in it.
    """
    if Visit.everything.filter(pk=visit.pk).exclude(closed_at=None).exists():
        raise VisitClosed
    return _keep(by, visit, body, seen, given, at or datetime.now(UTC))


def write_past_programme(*, by: Member, visit: Visit, body: Mapping[str, Any], at: datetime) -> ProgrammeVersion:
    """A programme given at a visit of the past, for the demo's history."""
    newest = visit.client.programmes.first()
    return _keep(by, visit, body, newest.number if newest else 0, True, at)


def _keep(by: Member, visit: Visit, body: Mapping[str, Any], seen: int, given: bool, at: datetime) -> ProgrammeVersion:
    client = visit.client
    newest = ProgrammeVersion.objects.filter(client=client).first()
    if (newest.number if newest else 0) != seen:
        raise ChangedMeanwhile
    if given and not body["choices"]:
        raise NothingOpen
    version = ProgrammeVersion.objects.create(
        client=client, visit=visit, number=seen + 1, body=dict(body), given=given, by=by, at=at
    )
    details = {"number": version.number, "things": len(body["choices"])}
    verb = "programme.given" if given else "programme.saved"
    record(verb=verb, target=f"programme/{version.pk}", chart=client.chart_key, by=by, at=at, details=details)
    return version


@action(again=_row_of(DiaryWord))
def say(
    *,
    by: Client,
    version: ProgrammeVersion,
    thing: str,
    kind: str,
    how: str = "",
    words: str = "",
    day: date | None = None,
    at: datetime | None = None,
) -> DiaryWord:
    """A client says how it went with one thing.

    day   the day it is about, today by default; a phone that was offline sends it later, up to a week
    Raises ValueError for what is not in the programme, a day outside that week, or a word nobody knows.
    """
    if version.client_id != by.pk or thing not in {row["key"] for row in version.body["choices"]}:
        raise ValueError("This is not in the programme.")
    today = timezone.localdate()
    day = day or today
    if at is None and not 0 <= (today - day).days <= LATE_DAYS:
        raise ValueError("That day is too long ago, or still to come.")
    if kind not in DiaryWord.Kind.values or (how and how not in DiaryWord.How.values):
        raise ValueError("Nobody knows this word.")
    row = DiaryWord.objects.create(
        client=by,
        version=version,
        thing=thing,
        day=day,
        kind=kind,
        how=how,
        words=words.strip()[:MOST_WORDS],
        at=at or datetime.now(UTC),
    )
    record(verb="diary.said", target=f"diary/{row.pk}", chart=by.chart_key, by=by, at=row.at, details={"kind": kind})
    return row


@action(again=_row_of(DayNote))
def note_day(
    *,
    by: Client,
    pain: int | None = None,
    sore: bool | None = None,
    signs: Sequence[str] = (),
    factors: Sequence[str] = (),
    returned: bool = False,
    day: date | None = None,
    at: datetime | None = None,
) -> DayNote:
    """A client says how the day was; whatever they leave out is not known. Raises ValueError for no 0 to 10."""
    if pain is not None and not 0 <= pain <= 10:
        raise ValueError("Pain is a number from 0 to 10.")
    row = DayNote.objects.create(
        client=by,
        day=day or timezone.localdate(),
        pain=pain,
        sore=sore,
        signs=list(signs),
        factors=list(factors),
        returned=returned,
        at=at or datetime.now(UTC),
    )
    record(verb="day.noted", target=f"day/{row.pk}", chart=by.chart_key, by=by, at=row.at, details={})
    return row


@action(again=_row_of(Looked))
def look(*, by: Member, client: Client, note: str = "", at: datetime | None = None) -> Looked:
    """A therapist has looked at what waits from home; it waits no more."""
    row = Looked.objects.create(client=client, by=by, note=note.strip()[:400], at=at or datetime.now(UTC))
    record(verb="home.looked_at", target=f"home_look/{row.pk}", chart=client.chart_key, by=by, at=row.at, details={})
    return row


@action(again=_row_of(ReminderWish))
def wish_reminder(
    *, by: Client, wanted: bool, minute: int = 20 * 60, by_mail: bool | None = None, at: datetime | None = None
) -> ReminderWish:
    """A client asks to be reminded, or asks no longer. Raises ValueError for no minute of a day."""
    if not 0 <= minute < 1440:
        raise ValueError("Choose a time of day.")
    now = at or datetime.now(UTC)
    row = ReminderWish.objects.create(client=by, wanted=wanted, minute=minute, by_mail=by_mail, at=now)
    details = {"wanted": wanted}
    record(verb="reminder.wished", target=f"reminder/{row.pk}", chart=by.chart_key, by=by, at=row.at, details=details)
    return row
