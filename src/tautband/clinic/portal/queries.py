"""Reading for the client's own pages."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.http import Http404

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.people.queries import open_to
from tautband.clinic.portal.models import Message, Release, SignInLink, Wish


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


def messages_of(client: Client) -> QuerySet[Message]:
    """The conversation. The caller has passed the chart's gate or is the client."""
    return Message.objects.filter(client=client).select_related("by")


def unread_by_client(client: Client) -> int:
    """How many messages of the care team this client has not seen."""
    return Message.objects.filter(client=client, by__isnull=False, seen_at=None).count()


def waiting_for(member: Member) -> list[tuple[Client, int]]:
    """Clients of this member who wrote and were not read yet, with how many messages, the longest waiting first."""
    unseen = Message.objects.filter(open_to(member, "client"), by=None, seen_at=None)
    found: dict[Client, int] = {}
    for message in unseen.select_related("client").defer("text").order_by("at"):
        found[message.client] = found.get(message.client, 0) + 1
    return list(found.items())


def wishes_for(member: Member) -> list[Wish]:
    """Wishes of this member's clients that nobody answered."""
    open_ones = Wish.objects.filter(open_to(member, "client"), answered_at=None)
    return list(open_ones.select_related("client").order_by("at"))


def releases_of(client: Client) -> QuerySet[Release]:
    """What the client may read now. What was put away or taken back is not among it."""
    found = Release.objects.filter(client=client, withdrawn_at=None, attachment__removed_at=None)
    return found.select_related("letter__visit__client", "letter__signed", "attachment", "by")


def release_for(client: Client, number: int) -> Release:
    """One of them. Raises Http404 for anything else, whoever's it is."""
    found = releases_of(client).filter(pk=number).first()
    if found is None:
        raise Http404("No such document.")
    return found


def events_of(client: Client) -> QuerySet[AuditEvent]:
    """Who changed or looked at anything of this client, the newest first."""
    return AuditEvent.objects.filter(chart=client.chart_key).order_by("-number")


def wish_of(client: Client, wish_id: UUID) -> Wish:
    """One wish of this client. Raises Http404."""
    found = Wish.objects.filter(client=client, pk=wish_id).first()
    if found is None:
        raise Http404("No such wish.")
    return found
