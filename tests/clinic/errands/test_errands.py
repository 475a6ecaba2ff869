"""An errand runs once, comes back when it fails, and is not lost when a worker dies."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tautband.clinic.errands import actions
from tautband.clinic.errands.actions import (
    call_off,
    catch_up,
    errand,
    every,
    run_due,
    run_one,
    send,
    slot_of,
    wait_after,
)
from tautband.clinic.errands.models import Errand, State
from tautband.clinic.errands.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Only the errands of this test exist; what ran is listed."""
    monkeypatch.setattr(actions, "_kinds", {})
    did: list[Any] = []

    @errand("test.note")
    def note(*, what: str) -> None:
        did.append(what)

    return did


def test_the_same_key_is_the_same_errand(ran: list[Any]) -> None:
    first = send("test.note", key="a", what="one")
    assert send("test.note", key="a", what="two").pk == first.pk
    assert run_due() == 1
    assert run_due() == 0
    assert run_one.func(str(first.pk)) == State.DONE  # asked again, nothing happens
    assert ran == ["one"]


def test_nothing_runs_early_or_after_it_was_called_off(ran: list[Any]) -> None:
    later = timezone.now() + timedelta(hours=1)
    early = send("test.note", key="a", at=later, what="early")
    send("test.note", key="b", what="off")
    assert call_off("b")
    assert not call_off("b")
    assert run_one.func(str(early.pk)) == State.WAITING
    assert run_due() == 0
    assert ran == []


def test_a_failing_errand_leaves_nothing_comes_back_and_is_given_up(ran: list[Any]) -> None:
    @errand("test.fails", tries=3)
    def fails() -> None:
        send("test.note", key="half", what="half")  # undone together with the failure
        raise ValueError("Ingrid Solheim")

    one = send("test.fails", key="f")
    for tried in (1, 2, 3):
        Errand.objects.filter(pk=one.pk).update(due_at=timezone.now())
        run_one.func(str(one.pk))
        one.refresh_from_db()
        assert one.tries == tried
    assert one.state == State.GIVEN_UP
    assert one.trouble == "ValueError"  # never the words of the error, which may name somebody
    assert not Errand.objects.filter(key="half").exists()


def test_waiting_doubles_and_ends() -> None:
    waits = [wait_after(tries).total_seconds() for tries in range(1, 20)]
    assert waits[:4] == [30, 60, 120, 240]
    assert max(waits) == waits[-1] == 6 * 3600


def test_an_errand_whose_task_was_lost_is_found_again(ran: list[Any]) -> None:
    one = send("test.note", key="a", what="lost")
    DBTaskResult.objects.all().delete()
    catch_up()
    assert not DBTaskResult.objects.exists()  # not yet: somebody may be at it
    Errand.objects.filter(pk=one.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    assert catch_up() == 1
    assert catch_up() == 0
    Worker().run_waiting()
    assert ran == ["lost"]


def test_what_runs_alone_runs_outside_a_transaction_and_again_after_its_lease(ran: list[Any]) -> None:
    inside = connection.in_atomic_block, len(connection.savepoint_ids)

    @errand("test.alone", alone=True)
    def alone() -> None:
        ran.append((connection.in_atomic_block, len(connection.savepoint_ids)) == inside)

    one = send("test.alone", key="a")
    Errand.objects.filter(pk=one.pk).update(state=State.RUNNING, lease_until=timezone.now() + timedelta(hours=1))
    assert run_one.func(str(one.pk)) == State.RUNNING
    Errand.objects.filter(pk=one.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run_one.func(str(one.pk)) == State.DONE
    assert ran == [True]


def test_a_periodic_errand_runs_once_a_period_whoever_asks(ran: list[Any]) -> None:
    @every("test.daily", hours=24)
    def daily(*, slot: str) -> None:
        ran.append(slot)

    for _ in range(3):
        run_due()
    assert len(ran) == 1
    kind = actions._kinds["test.daily"]
    assert slot_of(kind, datetime(2026, 11, 28, 23, 59, tzinfo=UTC)) == datetime(2026, 11, 28, tzinfo=UTC)
    assert slot_of(kind, datetime(2026, 11, 29, tzinfo=UTC)) == datetime(2026, 11, 29, tzinfo=UTC)


def test_an_errand_sent_in_a_transaction_that_fails_was_never_sent() -> None:
    def changes_its_mind() -> None:
        with transaction.atomic():
            send("test.note", key="a", what="x")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        changes_its_mind()
    assert not Errand.objects.exists()
    assert not DBTaskResult.objects.exists()
    with pytest.raises(KeyError, match="No errand"):
        send("test.unknown", key="b")
