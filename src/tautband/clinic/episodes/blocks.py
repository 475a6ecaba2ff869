"""What this room adds to the page of a client."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.episodes.models import Episode
from tautband.clinic.people.models import Client


def client_course(request: HttpRequest, client: Client) -> dict[str, Any]:
    """What the client comes for, with goals."""
    return {"open_episodes": list(Episode.objects.filter(client=client, closed_at=None).prefetch_related("goals"))}
