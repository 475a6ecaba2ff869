"""What this room adds to the pages of others."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import may_open_chart
from tautband.clinic.portal.models import SignInLink


def own_page(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The card on the client's page of the practice: hand out a link, and when it was last used."""
    if client.archived:
        return None
    used = SignInLink.objects.filter(client=client, used_at__isnull=False).order_by("-used_at").first()
    may_open = may_open_chart(request.member, client)  # type: ignore[attr-defined]
    return {
        "may_open": may_open,
        "last_entered": used.used_at if used else None,
        "ready": bool(client.email and client.birth_date),
    }
