"""What this room adds to pages of others: what was done where, and what changed after it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client
from tautband.clinic.treat.history import Given, given_to
from tautband.clinic.treat.models import SessionEvent

MOST_PLACES, MOST_DOSES = 6, 4


@dataclass(frozen=True)
class Place:
    """One point with one technique, and its doses, the newest first."""

    name: str
    side: str
    technique: str
    doses: tuple[Given, ...]


def was_treated(visit: Visit) -> bool:
    """True once a session of this visit was finished."""
    return SessionEvent.objects.filter(session__visit=visit, kind="finished").exists()


def places_of(client: Client) -> list[Place]:
    """Where a client was treated and how, the place treated last first."""
    found: dict[tuple[str, str, str], list[Given]] = defaultdict(list)
    for given in reversed(given_to(client)):
        step = given.step
        if given.dose.was_given and step["stage"] == "treat":
            found[str(step["target_name"]), given.dose.side, str(step["technique_name"])].append(given)
    return [Place(*key, tuple(doses)) for key, doses in found.items()]


def client_doses(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The dose history of a client; stays away before the first session."""
    places = places_of(client)
    if not places:
        return None
    shown = [(place, place.doses[:MOST_DOSES], len(place.doses) - MOST_DOSES) for place in places[:MOST_PLACES]]
    return {"dose_places": shown, "more_places": max(len(places) - MOST_PLACES, 0)}
