"""What this room adds to pages of others."""

from tautband.clinic.charts.models import Visit
from tautband.clinic.treat.models import SessionEvent


def was_treated(visit: Visit) -> bool:
    """True once a session of this visit was finished."""
    return SessionEvent.objects.filter(session__visit=visit, kind="finished").exists()
