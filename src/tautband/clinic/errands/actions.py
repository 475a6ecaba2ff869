"""Sending errands and running them, each once.

    @errand("diary.remind", tries=5)
    def remind(*, appointment: str) -> None: ...

    send("diary.remind", key=f"remind/{pk}/{start:%Y%m%d%H%M}", at=start - timedelta(days=1), appointment=str(pk))
    call_off("remind/...")                                    # when the appointment is moved

    @every("check-ins.daily", hours=24)
    def ask_everybody(*, slot: str) -> None: ...

An errand runs inside one transaction together with the note that it is done: a worker that is killed half-way leaves
nothing, and the next one starts afresh; two workers never both finish it. What reaches outside the database (a file, a
mail) can happen twice after a kill, so it must bear that. `alone=True` runs without a transaction, for work that takes
long or makes its own; it may then run again after its lease.

The queue underneath is django-tasks in the same database: each errand is one task `run_one`, and a lost or forgotten
task is found by `catch_up`, which every worker calls.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tautband.clinic.errands.models import Errand, State

log = logging.getLogger("tautband.errands")
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 6 * 3600
LEASE_S = 3600
FORGOTTEN_S = 120  # an errand this long due without being run has lost its task
KEEP_DAYS = 90


@dataclass(frozen=True)
class Kind:
    """What an errand does. `tries` is how often before it is given up; `period_s` is set for periodic ones."""

    name: str
    run: Callable[..., Any]
    tries: int = 5
    alone: bool = False
    period_s: float | None = None


_kinds: dict[str, Kind] = {}


def errand(name: str, *, tries: int = 5, alone: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function an errand. It takes keyword arguments of plain JSON."""

    def take(run: Callable[..., Any]) -> Callable[..., Any]:
        _kinds[name] = Kind(name, run, tries, alone)
        return run

    return take


def every(
    name: str, *, hours: float, tries: int = 3, alone: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function run once in each period, by whichever worker comes first; it is given `slot`, the period's start.

    A period nobody was awake for is not made up later, except the present one.
    """

    def take(run: Callable[..., Any]) -> Callable[..., Any]:
        _kinds[name] = Kind(name, run, tries, alone, hours * 3600)
        return run

    return take


def send(name: str, *, key: str, at: datetime | None = None, **arguments: Any) -> Errand:
    """Have an errand run at `at` (now by default), once: a key that is known already changes nothing.

    Raises KeyError for a name nobody registered. Inside a transaction it is sent when that is kept.
    """
    if name not in _kinds:
        raise KeyError(f"No errand is called {name!r}. Known: {', '.join(sorted(_kinds)) or 'none'}.")
    now = timezone.now()
    values = {"name": name, "arguments": arguments, "due_at": at or now, "made_at": now}
    with transaction.atomic():
        made, fresh = Errand.objects.get_or_create(key=key, defaults=values)
        if fresh:
            _queue(made)
    return made


def call_off(key: str) -> bool:
    """Let an errand that waits not run; True when it still waited."""
    return bool(Errand.objects.filter(key=key, state=State.WAITING).update(state=State.CALLED_OFF))


def _queue(one: Errand) -> None:
    run_one.using(run_after=one.due_at).enqueue(str(one.pk))


@task()
def run_one(errand_id: str) -> str:
    """Run one errand; its new state. Safe to call at any time, by anybody, any number of times."""
    found = Errand.objects.filter(pk=errand_id).first()
    kind = _kinds.get(found.name) if found else None
    if found is None or kind is None or not _is_due(found):
        return found.state if found else "gone"
    try:
        return _run_alone(found, kind) if kind.alone else _run_whole(found, kind)
    except Exception as error:
        return _again(found, kind, error)


def _is_due(one: Errand) -> bool:
    now = timezone.now()
    died = one.state == State.RUNNING and one.lease_until is not None and one.lease_until < now
    return (one.state == State.WAITING and one.due_at <= now) or died


def _locked(one: Errand) -> Errand | None:
    """The errand with its row locked, None when somebody else has it or finished it."""
    found = Errand.objects.select_for_update(skip_locked=True).filter(pk=one.pk).first()
    return found if found and _is_due(found) else None


def _run_whole(one: Errand, kind: Kind) -> str:
    with transaction.atomic():
        mine = _locked(one)
        if mine is None:
            return "elsewhere"
        kind.run(**mine.arguments)
        _finish(mine)
    return State.DONE


def _run_alone(one: Errand, kind: Kind) -> str:
    with transaction.atomic():
        mine = _locked(one)
        if mine is None:
            return "elsewhere"
        mine.state, mine.lease_until = State.RUNNING, timezone.now() + timedelta(seconds=LEASE_S)
        mine.save(update_fields=["state", "lease_until"])
    kind.run(**mine.arguments)
    _finish(mine)
    return State.DONE


def _finish(one: Errand) -> None:
    one.state, one.done_at, one.trouble, one.lease_until = State.DONE, timezone.now(), "", None
    one.tries += 1
    one.save(update_fields=["state", "done_at", "trouble", "tries", "lease_until"])


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failed tries: half a minute, doubled each time, at most six hours."""
    return timedelta(seconds=min(FIRST_WAIT_S * 2 ** max(tries - 1, 0), LONGEST_WAIT_S))


def _again(one: Errand, kind: Kind, error: Exception) -> str:
    """Note the failure, and come back later or give up. The log names the errand, not whom it is about."""
    log.warning("Errand %s failed: %s", one.name, type(error).__name__, exc_info=error)
    with transaction.atomic():
        mine = Errand.objects.select_for_update().get(pk=one.pk)
        if mine.state not in (State.WAITING, State.RUNNING):
            return mine.state
        mine.tries += 1
        mine.trouble = type(error).__name__[:300]
        mine.lease_until = None
        given_up = mine.tries >= kind.tries
        mine.state = State.GIVEN_UP if given_up else State.WAITING
        mine.due_at = timezone.now() + wait_after(mine.tries)
        mine.save(update_fields=["tries", "trouble", "lease_until", "state", "due_at"])
        if not given_up:
            _queue(mine)
    return mine.state


def slot_of(kind: Kind, now: datetime) -> datetime:
    """The start of the period that `now` lies in, counted from midnight UTC of 2001-01-01."""
    first = datetime(2001, 1, 1, tzinfo=UTC)
    period = kind.period_s or 1
    return first + timedelta(seconds=math.floor((now - first).total_seconds() / period) * period)


def catch_up() -> int:
    """Send what is periodic and due, queue again what lost its task, sweep what is long done; how many were queued.

    Every worker calls this now and then; that several do is harmless.
    """
    now = timezone.now()
    queued = 0
    for kind in tuple(_kinds.values()):
        if kind.period_s:
            slot = slot_of(kind, now).isoformat()
            if not Errand.objects.filter(key=f"{kind.name}/{slot}").exists():
                send(kind.name, key=f"{kind.name}/{slot}", slot=slot)
                queued += 1
    late = now - timedelta(seconds=FORGOTTEN_S)
    forgotten = Errand.objects.filter(state=State.WAITING, due_at__lt=late)
    died = Errand.objects.filter(state=State.RUNNING, lease_until__lt=now)
    waiting = set(
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).values_list("args_kwargs__args__0", flat=True)
    )
    for one in (*forgotten[:100], *died[:100]):
        if str(one.pk) not in waiting:
            run_one.using(run_after=None).enqueue(str(one.pk))
            queued += 1
    old = now - timedelta(days=KEEP_DAYS)
    Errand.objects.filter(state__in=(State.DONE, State.CALLED_OFF), made_at__lt=old).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=1)).delete()
    DBTaskResult.objects.running().filter(started_at__lt=now - timedelta(days=1)).delete()
    return queued


def run_due() -> int:
    """Run everything that is due now, here; how many. For tests and for `worker --once`."""
    count = 0
    catch_up()
    for one in Errand.objects.filter(state=State.WAITING, due_at__lte=timezone.now()):
        count += run_one.func(str(one.pk)) == State.DONE
    return count
