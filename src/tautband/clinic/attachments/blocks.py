"""The block that the chart shows, and that other rooms may place on pages of their own.

{% include "attachments/_block.html" %}  with the context of `attachments(request, client=client)`
"""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.attachments.queries import attachments_of
from tautband.clinic.people.models import Client

SHOWN = 6


def attachments(request: HttpRequest, client: Client, **_more: object) -> dict[str, Any]:
    """The newest few, and how many there are."""
    found = attachments_of(client)
    shown = list(found[:SHOWN])
    return {"client": client, "attachments": shown, "more": found.count() - SHOWN if len(shown) == SHOWN else 0}
