"""Reading sessions. The caller has passed the chart's gate, `charts.queries.visit_for`."""

from datetime import datetime, timedelta

from django.utils import timezone

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.mounting import Document, document_of
from tautband.clinic.treat.models import Session
from tautband.clinic.treat.run import Dose, Event, Run, run_of


def session_of(visit: Visit) -> Session | None:
    """The newest session of a visit; None before the first."""
    return visit.sessions.select_related("by", "visit__client").first()


def events_of(session: Session) -> list[Event]:
    """Every event of a session, by its clock."""
    return [Event(e.key, e.device, e.seq, e.t_ms, e.kind, e.data) for e in session.events.all()]


def run_of_session(session: Session) -> Run:
    """Where a session stands, and its doses."""
    return run_of(session.steps, events_of(session))


def drawing_of(dose: Dose) -> Document | None:
    """Where pressing was felt, as it was drawn; None where nothing was."""
    drawn = dose.details.get("drawn")
    found = document_of(drawn) if drawn else None
    return found if found and found.marks else None


def clock_ms(session: Session, at: datetime | None = None) -> int:
    """Milliseconds of the session at a moment; now where none is given."""
    return max(0, round(((at or timezone.now()) - session.started_at).total_seconds() * 1000))


def time_of(session: Session, t_ms: int) -> datetime:
    """The moment that a time of the session was."""
    return session.started_at + timedelta(milliseconds=t_ms)


def sessions_of(visit: Visit) -> list[Session]:
    """All sessions of a visit, the oldest first."""
    return list(visit.sessions.order_by("number"))
