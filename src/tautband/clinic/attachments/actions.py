"""Adding, naming, putting away photos and documents. All is audited; titles are not in the log."""

import uuid
from datetime import UTC, datetime

from tautband.clinic.attachments import store
from tautband.clinic.attachments.models import Attachment
from tautband.clinic.attachments.taking import Taken
from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import Actor, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client

LONGEST_TITLE = 120


def _found(event: AuditEvent) -> Attachment:
    return Attachment.objects.get(pk=event.target.removeprefix("attachment/"))


@action(again=_found)
def attach(
    *, by: Actor, client: Client, taken: Taken, title: str, visit: Visit | None = None, at: datetime | None = None
) -> Attachment:
    """Keep a file that was taken in (see `taking.take`). Raises ValueError for a visit of somebody else."""
    if visit is not None and visit.client_id != client.pk:
        raise ValueError("This visit is another client's.")
    key = uuid.uuid4()
    store.write(key, taken.data)
    if taken.small:
        store.write(key, taken.small, "small")
    kept = Attachment.objects.create(
        id=key,
        client=client,
        visit=visit,
        kind=taken.kind,
        title=title.strip()[:LONGEST_TITLE],
        media_type=taken.media_type,
        size_bytes=len(taken.data),
        width_px=taken.width_px,
        height_px=taken.height_px,
        sha256=taken.sha256,
        by=by.audit_key,
        by_name=by.audit_name,
        at=at or datetime.now(UTC),
    )
    details = {"kind": taken.kind, "bytes": len(taken.data), "sha256": taken.sha256}
    _record("attachment.added", kept, by, details, at)
    return kept


@action(again=_found)
def name(*, by: Actor, attachment: Attachment, title: str) -> Attachment:
    """Say what it shows."""
    attachment.title = title.strip()[:LONGEST_TITLE]
    attachment.save(update_fields=["title"])
    _record("attachment.named", attachment, by, {})
    return attachment


@action(again=_found)
def put_away(*, by: Actor, attachment: Attachment, away: bool) -> Attachment:
    """Take it off the chart, or bring it back. It stays in the record until the chart's time is over."""
    attachment.removed_at = datetime.now(UTC) if away else None
    attachment.save(update_fields=["removed_at"])
    _record("attachment.removed" if away else "attachment.restored", attachment, by, {})
    return attachment


def carry_attachments(*, visit: Visit, to: Visit) -> None:
    """Give photos and documents of a visit to the chart they belong to. Part of an action that records it."""
    Attachment.objects.filter(visit=visit).update(visit=to, client=to.client)


def _record(
    verb: str, attachment: Attachment, by: Actor, details: dict[str, object], at: datetime | None = None
) -> None:
    chart = attachment.client.chart_key
    record(verb=verb, target=f"attachment/{attachment.pk}", chart=chart, by=by, details=details, at=at)
