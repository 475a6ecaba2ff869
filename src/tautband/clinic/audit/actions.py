"""How a write is made: one transaction, one audit event, and never twice.

@action(again=lambda event: Client.objects.get(pk=event.target.removeprefix("client/")))
def create_client(*, by: Member, name: str) -> Client:
    client = Client.objects.create(name=name)
    record(verb="client.created", target=f"client/{client.pk}", chart=client.chart_key, by=by)
    return client

create_client(by=member, name="Ingrid Solheim", key=form_key)   # saved
create_client(by=member, name="Ingrid Solheim", key=form_key)   # the same client again, nothing written
"""

import functools
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from tautband.clinic.audit.chain import canonical
from tautband.clinic.audit.log import request_key
from tautband.clinic.audit.models import AuditEvent

R = TypeVar("R")


class KeyReused(Exception):
    """The same idempotency key came with different content. `event` is what the key was used for."""

    def __init__(self, event: AuditEvent) -> None:
        super().__init__(f"This form was already saved at {event.at:%H:%M} UTC, with other content.")
        self.event = event


def action(*, again: Callable[[AuditEvent], Any]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Make a function a write: atomic, and idempotent when called with `key=`.

    again  finds the earlier result from the event the key left behind

    The function takes keyword arguments only. The decorated one also takes `key` (up to 64 characters, or None for a
    write that nobody can repeat by accident). The same key and content give the same result and write nothing; the
    same key with other content, or from another person, raises KeyReused.
    """

    def decorate(write: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(write)
        def run(*, key: str | None = None, **arguments: Any) -> R:
            if not key:
                with transaction.atomic():
                    return write(**arguments)
            return _run_once(write, again, key, digest_of(write.__qualname__, arguments), arguments)

        return run

    return decorate


def _run_once(
    write: Callable[..., R], again: Callable[[AuditEvent], R], key: str, digest: str, arguments: dict[str, Any]
) -> R:
    try:
        with transaction.atomic():
            earlier = _earlier(key, digest)
            if earlier is not None:
                return again(earlier)
            with request_key(key, digest):
                result = write(**arguments)
            if not AuditEvent.objects.filter(idempotency_key=key).exists():
                raise RuntimeError(f"{write.__qualname__} wrote without recording an audit event.")
            return result
    except IntegrityError:
        # Somebody else used the key between our look and our write (possible outside SQLite's single writer).
        earlier = _earlier(key, digest)
        if earlier is None:
            raise
        return again(earlier)


def _earlier(key: str, digest: str) -> AuditEvent | None:
    event = AuditEvent.objects.filter(idempotency_key=key).first()
    if event is not None and event.request_digest != digest:
        raise KeyReused(event)
    return event


def digest_of(name: str, arguments: dict[str, Any]) -> str:
    """SHA-256 (hex) of what an action was asked to do. Records count by identity, everything else by its text.

    A password never enters, not even hashed.
    """
    plain = {field: _plain(value) for field, value in arguments.items() if field != "password"}
    return hashlib.sha256(canonical({"action": name, "arguments": plain}).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return f"{value._meta.label}/{value.pk}"
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(_plain(inner)) for inner in value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)
