"""Reading people: only what this member may see. Every page and every room goes through these gates."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from tautband.clinic.people.models import CareTeam, Client, Member, Practice


class NotYours(PermissionDenied):
    """The chart belongs to somebody else. Says no more than that person's name."""

    def __init__(self, keeper: str) -> None:
        super().__init__(f"This chart is {keeper}'s. Ask to share it.")
        self.keeper = keeper


def the_practice() -> Practice | None:
    """The practice of this installation, None before the first visit."""
    return Practice.objects.first()


def clients_for(member: Member, *, archived: bool = False) -> QuerySet[Client]:
    """The clients this member may find: a therapist's own, for the owner all of the practice."""
    clients = Client.objects.filter(practice=member.practice_id, archived_at__isnull=not archived)
    return clients if member.is_owner else clients.filter(team__member=member)


def search_clients(member: Member, words: str, *, archived: bool = False) -> QuerySet[Client]:
    """Those of `clients_for` whose name, phone or e-mail holds every word."""
    found = clients_for(member, archived=archived)
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(phone__icontains=word) | Q(email__icontains=word))
    return found


def client_for(member: Member, client_id: UUID | str) -> Client:
    """One client's page: own clients for a therapist, any client of the practice for the owner.

    Raises Http404 when there is none in this practice, NotYours when the member may not see it.
    """
    client = Client.objects.filter(practice=member.practice_id, pk=client_id).first()
    if client is None:
        raise Http404("No such client.")
    if not member.is_owner and not may_open_chart(member, client):
        raise NotYours(keeper_name(client))
    return client


def chart_for(member: Member, client_id: UUID | str) -> Client:
    """One client whose clinical record this member may read and write: only the care team, the owner not excepted.

    Raises Http404 when there is none in this practice, NotYours when the member is not on the care team.
    """
    client = Client.objects.filter(practice=member.practice_id, pk=client_id).first()
    if client is None:
        raise Http404("No such client.")
    if not may_open_chart(member, client):
        raise NotYours(keeper_name(client))
    return client


def charts_for(member: Member) -> QuerySet[Client]:
    """All clients, archived too, whose clinical record this member may open."""
    return Client.objects.filter(practice=member.practice_id, team__member=member)


def may_open_chart(member: Member, client: Client) -> bool:
    """True for the care team."""
    return CareTeam.objects.filter(client=client, member=member).exists()


def keeper_name(client: Client) -> str:
    """Whom to ask for this chart."""
    first = CareTeam.objects.filter(client=client).select_related("member").first()
    return first.member.display_name if first else client.practice.name


def care_team(client: Client) -> QuerySet[CareTeam]:
    """Who treats this client, the keeper first."""
    return CareTeam.objects.filter(client=client).select_related("member")


def members_of(practice: Practice) -> QuerySet[Member]:
    """Everybody who works here."""
    return Member.objects.filter(practice=practice).select_related("user")
