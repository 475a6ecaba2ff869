"""The log in the database: append-only, chained, and one event for one wish."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tautband.clinic.audit import log
from tautband.clinic.audit.actions import KeyReused, action, digest_of
from tautband.clinic.audit.log import System, record, verify, verify_all
from tautband.clinic.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SYSTEM = System()
CHART = "client/1"
GUARDS = {"sqlite": ["audit_no_update", "audit_no_delete"], "postgresql": ["audit_no_change ON audit_auditevent"]}


def write(verb: str = "note.signed", **options: Any) -> AuditEvent:
    with transaction.atomic():
        return record(verb=verb, target="note/1", chart=CHART, by=SYSTEM, **options)


@pytest.mark.django_db(transaction=False)
def test_each_chart_has_its_own_chain() -> None:
    first, second = write(), write()
    with transaction.atomic():
        other = record(verb="note.signed", target="note/2", chart="client/2", by=SYSTEM)
    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert second.previous_hash == first.hash
    assert all(verdict.intact for verdict in verify_all())


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_auditevent SET by_name = 'Somebody else'",
        "DELETE FROM audit_auditevent",
        "past the row triggers",
        "UPDATE audit_auditevent SET details = '{}' WHERE number = 1",
    ],
)
def test_the_database_refuses(attack: str) -> None:
    write()
    if attack == "past the row triggers":
        attack = {
            "sqlite": "INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent",
            "postgresql": "TRUNCATE audit_auditevent",
        }[connection.vendor]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)
    assert verify(CHART).intact


@pytest.mark.parametrize(
    ("forgery", "broken_at"),
    [
        ("UPDATE audit_auditevent SET by_name = 'Somebody else' WHERE number = 2", 2),
        ("UPDATE audit_auditevent SET at = '2020-01-01 00:00:00' WHERE number = 1", 1),
        ("DELETE FROM audit_auditevent WHERE number = 2", 3),
    ],
)
def test_tampering_past_the_triggers_is_found(forgery: str, broken_at: int) -> None:
    for _ in range(3):
        write()
    with connection.cursor() as cursor:
        for guard in GUARDS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER {guard}")
        cursor.execute(forgery)
    verdict = verify(CHART)
    assert not verdict.intact
    assert verdict.broken_at == broken_at


def test_the_seal_does_not_depend_on_how_the_database_gives_the_time_back() -> None:
    event = write()
    assert AuditEvent.objects.get(pk=event.pk).entry() == event.entry()


@action(again=lambda event: event.target)
def leave_a_mark(*, where: str, by: System = SYSTEM) -> str:
    record(verb="mark.left", target=where, chart=CHART, by=by)
    record(verb="mark.noted", target=where, chart=CHART, by=by)
    return where


def test_the_same_wish_is_written_once() -> None:
    assert leave_a_mark(where="here", key="k1") == "here"
    assert leave_a_mark(where="here", key="k1") == "here"
    assert AuditEvent.objects.count() == 2
    assert leave_a_mark(where="here", key="k2") == "here"
    assert AuditEvent.objects.count() == 4


def test_the_same_key_for_another_wish_is_refused() -> None:
    leave_a_mark(where="here", key="k1")
    with pytest.raises(KeyReused):
        leave_a_mark(where="there", key="k1")
    assert AuditEvent.objects.count() == 2


def test_a_failed_write_leaves_nothing_and_frees_its_key() -> None:
    @action(again=lambda event: None)
    def fail(*, by: System = SYSTEM) -> None:
        record(verb="mark.left", target="x", chart=CHART, by=by)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail(key="k1")
    assert AuditEvent.objects.count() == 0
    leave_a_mark(where="here", key="k1")


def test_an_action_that_forgets_its_trace_is_undone() -> None:
    @action(again=lambda event: None)
    def silent() -> None:
        return None

    with pytest.raises(RuntimeError, match="without recording"):
        silent(key="k1")


def test_a_password_never_reaches_the_digest() -> None:
    assert digest_of("open", {"login": "a", "password": "x"}) == digest_of("open", {"login": "a", "password": "y"})
    assert digest_of("open", {"login": "a"}) != digest_of("open", {"login": "b"})


def test_a_trace_without_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="transaction"):
        record(verb="note.signed", target="note/1", by=SYSTEM)
    assert not AuditEvent.objects.exists()


def test_a_clock_that_was_set_back_shows() -> None:
    write()
    assert log.newest_entry_ahead() is None
    later = datetime.now(UTC) + timedelta(days=2)
    write(at=later)
    assert log.newest_entry_ahead() == later
