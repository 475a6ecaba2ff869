"""Reading for the client's own pages."""

from datetime import datetime, timedelta

from django.db.models import Sum

from tautband.clinic.people.models import Client, Practice
from tautband.clinic.portal.models import SignInLink


def wrong_lately(client: Client, now: datetime) -> int:
    """Wrong answers to this client's question within the last day."""
    lately = SignInLink.objects.filter(client=client, made_at__gt=now - timedelta(days=1))
    return lately.aggregate(wrong=Sum("wrong_answers"))["wrong"] or 0


def clients_at(practice: Practice, address: str) -> list[Client]:
    """Who of those who come now gave this e-mail address; a mailbox may be shared in a family."""
    address = address.strip()
    if not address:
        return []
    return list(Client.objects.filter(practice=practice, email__iexact=address, archived_at__isnull=True)[:6])


def client_of_old_link(digest: str) -> Client | None:
    """Whose link this was, so that a new one can be sent to the address on file."""
    link = SignInLink.objects.select_related("client").filter(digest=digest, client__archived_at__isnull=True).first()
    return link.client if link else None
