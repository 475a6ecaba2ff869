"""Reading people: only what this member may see. Every page and every room goes through these gates."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from tautband.clinic.people import reads
from tautband.clinic.people.models import (
    COSIGNING_ROLES,
    CareTeam,
    Client,
    Location,
    Member,
    Practice,
    Role,
)
from tautband.clinic.people.once import once


class NotYours(PermissionDenied):
    """The chart belongs to somebody else. Says no more than that person's name."""

    def __init__(self, keeper: str, opens: str = "") -> None:
        super().__init__(f"This chart is {keeper}'s. Ask to share it.")
        self.keeper = keeper
        self.opens = opens  # the key of the client, for somebody whom a reason lets in


def the_practice() -> Practice | None:
    """The practice of this installation, None before the first visit."""
    return Practice.objects.first()


def clients_for(member: Member, *, archived: bool = False) -> QuerySet[Client]:
    """The clients this member may find: a therapist's own, for owner and reception all of the practice."""
    reads.saw_list()
    clients = Client.objects.filter(practice=member.practice_id, archived_at__isnull=not archived)
    return clients if member.sees_contacts else clients.filter(pk__in=_open_charts(member))


def search_clients(member: Member, words: str, *, archived: bool = False) -> QuerySet[Client]:
    """Those of `clients_for` whose name, phone or e-mail holds every word."""
    found = clients_for(member, archived=archived)
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(phone__icontains=word) | Q(email__icontains=word))
    return found


def client_for(member: Member, client_id: UUID | str) -> Client:
    """One client's page: own clients for a therapist, any client of the practice for owner and reception.

    Raises Http404 when there is none in this practice, NotYours when the member may not see it.
    """
    client = Client.objects.filter(practice=member.practice_id, pk=client_id).first()
    if client is None:
        raise Http404("No such client.")
    if member.sees_contacts:
        reads.saw_details(client)
    elif not may_open_chart(member, client):
        raise _not_yours(member, client)
    return client


def chart_for(member: Member, client_id: UUID | str) -> Client:
    """One client whose clinical record this member may read and write: only the care team, the owner not excepted.

    Raises Http404 when there is none in this practice, NotYours when the member is not on the care team.
    """
    client = Client.objects.filter(practice=member.practice_id, pk=client_id).first()
    if client is None:
        raise Http404("No such client.")
    if not may_open_chart(member, client):
        raise _not_yours(member, client)
    return client


def _not_yours(member: Member, client: Client) -> NotYours:
    return NotYours(keeper_name(client), str(client.pk) if may_open_with_reason(member) else "")


def charts_for(member: Member) -> QuerySet[Client]:
    """All clients, archived too, whose clinical record this member may open."""
    reads.saw_list()
    return Client.objects.filter(practice=member.practice_id, pk__in=_open_charts(member))


def open_to(member: Member, path: str) -> Exists:
    """For lists of what waits: rows whose client, at `path`, is one whose chart this member may open.

    The same as `path__in=charts_for(member)`, asked row by row, so that a short list costs as little in a practice of
    ten thousand clients as in one of ten.
    """
    reads.saw_list()
    return Exists(_open_charts(member).filter(client=OuterRef(path), client__practice=member.practice_id))


def may_open_chart(member: Member, client: Client) -> bool:
    """True for the care team, and for the supervisor of somebody on it. Never for reception.

    A page that asks and hears yes counts as a look at the chart (see `reads`).
    """
    if not once(("may open", member.pk, client.pk), lambda: _open_charts(member).filter(client=client).exists()):
        return False
    reads.saw_chart(client)
    return True


def _seats() -> QuerySet[CareTeam]:
    """Places on care teams that hold now: a chart opened with a reason closes again."""
    return CareTeam.objects.filter(Q(until__isnull=True) | Q(until__gt=datetime.now(UTC)))


def _open_charts(member: Member) -> QuerySet[CareTeam, Any]:
    """Keys of the clients whose chart this member may open now."""
    if not (member.is_clinical and member.active):
        return CareTeam.objects.none().values("client")
    mine = Q(member=member)
    if member.role in COSIGNING_ROLES:
        mine |= Q(member__supervisor=member, until__isnull=True)
    return _seats().filter(mine).order_by().values("client")


def may_read_note_of(member: Member, client: Client, author: Member) -> bool:
    """Whether a member who may open the chart may also read what this author wrote in it.

    Always, unless the practice keeps notes apart: then one's own, those of people one supervises, and everything for
    the keeper and for whoever opened the chart with a reason.
    """
    if not member.practice.own_notes_only or author.pk == member.pk or author.supervisor_id == member.pk:
        return True
    return _seats().filter(Q(keeper=True) | Q(until__isnull=False), client=client, member=member).exists()


def may_cosign(member: Member, author: Member) -> bool:
    """Whether this member's second signature counts under a note of the author: their supervisor's, or the owner's."""
    if not member.active or member.pk == author.pk or member.practice_id != author.practice_id:
        return False
    return member.is_owner or (member.role == Role.SUPERVISOR and author.supervisor_id == member.pk)


def may_open_with_reason(member: Member) -> bool:
    """Whether this member may open a chart that nobody shared, giving a reason that stays in the record."""
    if member.role in COSIGNING_ROLES:
        return True
    return member.role == Role.THERAPIST and member.practice.reason_opens


def client_to_open(member: Member, client_id: UUID | str) -> Client:
    """A client whose chart this member may open with a reason. Says nothing of them: the reason comes first.

    Raises Http404 when there is none in this practice, NotYours when the member may not.
    """
    client = Client.objects.filter(practice=member.practice_id, pk=client_id).first()
    if client is None:
        raise Http404("No such client.")
    if not may_open_with_reason(member):
        raise NotYours(keeper_name(client))
    return client


def openings_of(client: Client) -> QuerySet[CareTeam]:
    """Openings with a reason that the keeper has not taken note of, the newest first; ended ones too."""
    seats = CareTeam.objects.filter(client=client, until__isnull=False, seen_at=None)
    return seats.select_related("member", "client").order_by("-since")


def openings_to_note(member: Member) -> QuerySet[CareTeam]:
    """The same, of all charts this member keeps."""
    kept = CareTeam.objects.filter(client=OuterRef("client"), member=member, keeper=True)
    seats = CareTeam.objects.filter(Exists(kept), until__isnull=False, seen_at=None)
    return seats.select_related("member", "client").order_by("-since")


def keeper_name(client: Client) -> str:
    """Whom to ask for this chart."""
    first = CareTeam.objects.filter(client=client).select_related("member").first()
    return first.member.display_name if first else client.practice.name


def care_team(client: Client) -> QuerySet[CareTeam]:
    """Who treats this client now, the keeper first."""
    return _seats().filter(client=client).select_related("member")


def locations_of(practice: Practice, *, closed: bool = False) -> QuerySet[Location]:
    """Where the practice works; with `closed` also where it no longer does."""
    places = Location.objects.filter(practice=practice).select_related("practice")
    return places if closed else places.filter(active=True)


def members_of(practice: Practice) -> QuerySet[Member]:
    """Everybody who works here."""
    return Member.objects.filter(practice=practice).select_related("user")
