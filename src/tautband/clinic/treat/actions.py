"""Writing sessions and their log: the only writer of this room; each write is one transaction and audited."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from tautband.clinic.audit.actions import KeyReused, action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import placeable, the_reasoner
from tautband.clinic.charts.views.elicited import places_in
from tautband.clinic.people.models import Member
from tautband.clinic.treat.models import Session, SessionEvent
from tautband.clinic.treat.queries import drawing_of, run_of_session
from tautband.clinic.treat.run import Event
from tautband.clinic.treat.steps import session_steps
from tautband.clinic.treatments.plans import current_plan
from tautband.findings import Felt
from tautband.terms.sides import Side


class SessionBlocked(Exception):
    """An emergency or same-day alert closes the session."""


class NoConsent(Exception):
    """The client has not agreed to what the plan touches."""


class NothingOpen(Exception):
    """No step of the plan may be done."""


class AlreadyRunning(Exception):
    """A session of this visit runs already. `session` is that one."""

    def __init__(self, session: Session) -> None:
        super().__init__("A session of this visit runs already.")
        self.session = session


def _session_of(event: AuditEvent) -> Session:
    return Session.objects.get(pk=event.target.removeprefix("session/"))


@action(again=_session_of)
def begin_session(*, by: Member, visit: Visit, device: str, at: datetime | None = None) -> Session:
    """Begin the guided session of a visit with the plan the client agreed to.

    Raises VisitClosed, SessionBlocked, NoConsent, NothingOpen, AlreadyRunning.
    """
    if Visit.everything.filter(pk=visit.pk).exclude(closed_at=None).exists():
        raise VisitClosed
    running = visit.sessions.first()
    if running is not None and not run_of_session(running).is_finished:
        raise AlreadyRunning(running)
    now = current_plan(visit, therapist=by)
    if now.closing:
        raise SessionBlocked
    if now.consent is None or not now.is_agreed:
        raise NoConsent
    steps = session_steps(now, by)
    if all(step["closed"] for step in steps):
        raise NothingOpen
    return _begin(by, visit, now.consent.plan, steps, device, at or datetime.now(UTC))


def _begin(by: Member, visit: Visit, plan: Any, steps: list[dict[str, Any]], device: str, at: datetime) -> Session:
    number = (visit.sessions.aggregate(last=Max("number"))["last"] or 0) + 1
    session = Session.objects.create(
        visit=visit, plan=plan, number=number, steps=steps, device=device, by=by, started_at=at
    )
    target, chart = f"session/{session.pk}", visit.client.chart_key
    record(verb="session.begun", target=target, chart=chart, by=by, at=at, details={"steps": len(steps)})
    return session


@action(again=_session_of)
def write_past_session(
    *, by: Member, visit: Visit, events: Sequence[Event], steps: Sequence[Any], at: datetime
) -> Session:
    """Write a finished session of a visit that is over, as history of the demo. Raises ValueError for real people."""
    if not visit.client.demo:
        raise ValueError("Only the demo has a history written after the fact.")
    plan = visit.plans.first()
    session = _begin(by, visit, plan, list(steps), events[0].device, at)
    _add(by, session, [(event, None) for event in events], at)
    return session


@action(again=_session_of)
def log_events(
    *, by: Member, session: Session, events: Sequence[tuple[Event, datetime | None]], at: datetime | None = None
) -> Session:
    """Add events to the log of a session; those that are there already are left alone. Nothing is written twice.

    A log of what was done is taken even when the visit was closed meanwhile: it comes late, and says so by its time.
    """
    there = set(
        SessionEvent.objects.filter(session=session, key__in=[e.key for e, _ in events]).values_list("key", flat=True)
    )
    fresh = {event.key: (event, wall) for event, wall in events if event.key not in there}
    if fresh:
        now = at or datetime.now(UTC)
        _add(by, session, list(fresh.values()), now)
        target, chart = f"session/{session.pk}", session.visit.client.chart_key
        record(verb="session.logged", target=target, chart=chart, by=by, at=now, details={"events": len(fresh)})
    return session


def _add(by: Member, session: Session, events: Sequence[tuple[Event, datetime | None]], at: datetime) -> None:
    rows = [
        SessionEvent(
            session=session,
            key=event.key,
            device=event.device,
            seq=event.seq,
            t_ms=event.t_ms,
            wall=wall,
            kind=event.kind,
            data=dict(event.data),
            by=by,
            received_at=at,
        )
        for event, wall in events
    ]
    SessionEvent.objects.bulk_create(rows, ignore_conflicts=True)


def keep_elicited(*, by: Member, session: Session) -> None:
    """Carry what pressing brought elsewhere into the chart, where it shapes this client's fields; each dose once.

    What was drawn counts before what was written. Words that name no place of the body stay in the log alone. A visit
    that was closed meanwhile takes nothing more.
    """
    steps = {step["key"]: step for step in session.steps}
    for dose in run_of_session(session).doses:
        drawn, target = drawing_of(dose), steps[dose.step]["target"]
        words = drawn.words if drawn else str(dose.details.get("words", ""))
        if not words or dose.details.get("referral") == "none" or dose.side not in ("left", "right"):
            continue
        felt = drawn.zones if drawn else places_in(words, dose.side)
        if not felt or not placeable(the_reasoner(), Felt(target, Side(dose.side), felt)):
            continue
        given = {"point": target, "side": dose.side, "felt": sorted(felt), "words": words[:200]}
        try:
            charts.record_elicited(by=by, visit=session.visit, key=f"felt.{session.pk}.{dose.key}"[:64], **given)
        except (VisitClosed, KeyReused):
            return
