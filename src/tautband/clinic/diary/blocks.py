"""What the diary adds to Today and to a client's page."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from tautband.clinic.diary import engine, queries
from tautband.clinic.people.models import Client


def today(request: HttpRequest) -> dict[str, Any] | None:
    """Today's visits of whoever is signed in; of everybody for reception. None before anything was ever booked."""
    member, practice = request.member, request.practice  # type: ignore[attr-defined]
    zone = queries.zone_of(practice)
    day = timezone.localdate(timezone=zone)
    start, end = engine.instant(day, time.min, zone), engine.instant(day + timedelta(days=1), time.min, zone)
    mine = [member] if member.is_clinical else None
    visits = [one for one in queries.appointments_between(practice, start, end, mine) if one.state != "held"]
    if not visits:
        return None
    now = datetime.now(UTC)
    rows = [(one, queries.sees_name(member, one), one.start <= now < one.end, one.end <= now) for one in visits]
    return {"rows": rows, "zone": zone, "of_all": mine is None}


def client_visits(request: HttpRequest, client: Client) -> dict[str, Any]:
    """A client's next visits, and the way to book one."""
    return {
        "coming": list(queries.upcoming_of(client)[:3]),
        "client": client,
        "packages": client.packages.annotate(used=Count("appointments")),
        "zone": queries.zone_of(request.practice),  # type: ignore[attr-defined]
    }
