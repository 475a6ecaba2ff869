"""Writing to the audit log, and proving that nobody else did.

Every action of every room calls `record` inside its transaction, so the change and its trace are kept or lost together.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from tautband.clinic.audit import chain, heads
from tautband.clinic.audit.models import AuditEvent

PRACTICE = "practice"


class Actor(Protocol):
    """Whoever acts: anything that can say its audit key and its name."""

    @property
    def audit_key(self) -> str:
        """Stable key, e.g. 'user/3'."""

    @property
    def audit_name(self) -> str:
        """Name to print beside the event."""


@dataclass(frozen=True)
class System:
    """The program itself, when no person acts: migrations, demo data, commands."""

    audit_key: str = "system"
    audit_name: str = "Tautband"


@dataclass(frozen=True)
class Request:
    """The idempotency key and digest that the running action was called with."""

    key: str
    digest: str


_running: ContextVar[Request | None] = ContextVar("running_request", default=None)


@contextmanager
def request_key(key: str, digest: str) -> Iterator[None]:
    """Within this block the first recorded event carries the key, so a repeat of the request can be recognised."""
    token = _running.set(Request(key, digest))
    try:
        yield
    finally:
        _running.reset(token)


def record(
    *,
    verb: str,
    target: str,
    by: Actor,
    chart: str = PRACTICE,
    at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event to the chain of `chart`.

    verb     what was done, `thing.done`
    target   to what, `thing/<key>`
    chart    whose chain; a client's is `client.chart_key`
    at       aware time, now by default
    details  small JSON: names of changed fields, counts. No clinical text, since this log cannot be erased.

    Raises RuntimeError outside `transaction.atomic`, because the change and its trace must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"record({verb!r}) must run inside transaction.atomic, together with the change it records.")
    last = AuditEvent.objects.select_for_update().filter(chart=chart).order_by("-number").first()
    request = _running.get()
    _running.set(None)  # one key, one event: later events of the same action go without
    event = AuditEvent(
        chart=chart,
        number=last.number + 1 if last else 1,
        verb=verb,
        target=target,
        by=by.audit_key,
        by_name=by.audit_name,
        at=(at or datetime.now(UTC)).astimezone(UTC),
        details=chain.canonical(details or {}),
        idempotency_key=request.key if request else None,
        request_digest=request.digest if request else "",
        previous_hash=last.hash if last else chain.GENESIS,
    )
    event.hash = chain.seal(replace(event.entry(), seal=""))
    event.save(force_insert=True)
    return event


def head_now(folder: Path | None = None) -> heads.Head:
    """The end of every chain at this moment; the first head of a day is kept in `folder`, if one is given."""
    last = AuditEvent.objects.filter(chart=OuterRef("chart")).order_by("-number").values("number")[:1]
    ends = AuditEvent.objects.order_by().filter(number=Subquery(last)).values_list("chart", "number", "hash")
    head = heads.Head(
        datetime.now(UTC).isoformat(timespec="seconds"), {chart: (number, seal) for chart, number, seal in ends}
    )
    if folder:
        heads.keep_daily(folder, head)
    return head


def newest_entry_ahead() -> datetime | None:
    """When the newest entry was made, if this clock says that this is still to come: then it was set back."""
    newest: datetime | None = AuditEvent.objects.order_by("-id").values_list("at", flat=True).first()
    return newest if newest and newest > datetime.now(UTC) + heads.CLOCKS_DIFFER else None


def verify(chart: str) -> chain.Verdict:
    """Check one chart's chain from its first entry to its last."""
    events = AuditEvent.objects.filter(chart=chart).order_by("number", "id")
    return chain.check(chart, (event.entry() for event in events.iterator()))


def verify_all() -> list[chain.Verdict]:
    """Check every chain; one transaction, so nothing is written meanwhile."""
    with transaction.atomic():
        charts = AuditEvent.objects.order_by().values_list("chart", flat=True).distinct()
        return [verify(chart) for chart in sorted(charts)]
