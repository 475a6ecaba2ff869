"""Writing readings: the only writer of this room; each write is one transaction and audited."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import Visit
from tautband.clinic.measures.models import Reading
from tautband.clinic.people.models import Client, Member
from tautband.knowledge import atlas


class AlreadyTakenBack(Exception):
    """The reading was taken back before."""


def _reading_of(event: AuditEvent) -> Reading:
    return Reading.objects.get(pk=event.target.removeprefix("reading/"))


@action(again=_reading_of)
def keep_reading(
    *,
    by: Member | Client,
    client: Client,
    instrument: str,
    value: float,
    of: str = "",
    answers: Sequence[Sequence[Any]] = (),
    unusual: bool = False,
    visit: Visit | None = None,
    at: datetime | None = None,
) -> Reading:
    """Keep a reading. `by` is a member, or the client on their own page. Raises ValueError: unknown instrument."""
    known = atlas()
    if known.current(instrument) not in {each.id for each in known.instruments}:
        raise ValueError(f"The atlas has no instrument {instrument!r}.")
    at = at or datetime.now(UTC)
    reading = Reading.objects.create(
        client=client,
        visit=visit,
        instrument=known.current(instrument),
        of=of.strip(),
        value=value,
        answers=[list(answer) for answer in answers],
        unusual=unusual,
        by=by if isinstance(by, Member) else None,
        at=at,
    )
    record(verb="reading.kept", target=f"reading/{reading.pk}", chart=client.chart_key, by=by)
    return reading


@action(again=_reading_of)
def take_back(*, by: Member, reading: Reading, why: str) -> Reading:
    """Say that a reading does not count, and why; the row stays. Raises AlreadyTakenBack, ValueError (no reason)."""
    if not why.strip():
        raise ValueError("Say why it is taken back.")
    if reading.taken_back_at is not None:
        raise AlreadyTakenBack
    reading.taken_back_at, reading.taken_back_why = datetime.now(UTC), why.strip()
    reading.save(update_fields=["taken_back_at", "taken_back_why"])
    record(verb="reading.taken_back", target=f"reading/{reading.pk}", chart=reading.client.chart_key, by=by)
    return reading


def carry_readings(*, visit: Visit, to: Visit) -> None:
    """Give what was measured at a visit to the chart it belongs to. Part of an action that records it."""
    Reading.objects.filter(visit=visit).update(visit=to, client=to.client)
