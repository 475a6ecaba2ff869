"""Reading letters: through the gate of the client's care team."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.episodes.models import Episode
from tautband.clinic.letters.models import Letter, Report
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import chart_for


def letter_for(member: Member, visit_id: UUID | str, number: int) -> Letter:
    """One letter of a visit whose chart this member may open. Raises Http404, NotYours."""
    visit = visit_for(member, visit_id)
    letter = visit.letters.select_related("visit__client", "by", "signed").filter(pk=number).first()
    if letter is None:
        raise Http404("No such letter.")
    return letter


def letters_of(client: Client) -> QuerySet[Letter]:
    """The client's letters, the newest first. The caller has passed the chart's gate."""
    return Letter.objects.filter(visit__client=client).select_related("visit", "signed").prefetch_related("versions")


def has_signed_letter(visit: Visit) -> bool:
    """True when a letter about this visit was signed; it names the client it was signed for."""
    return visit.letters.exclude(signed=None).exists()


def report_for(member: Member, client_id: UUID | str, number: int) -> Report:
    """One case report of a client whose chart this member may open. Raises Http404, NotYours."""
    client = chart_for(member, client_id)
    found = Report.objects.filter(episode__client=client, pk=number).select_related("episode__client", "by", "signed")
    report = found.first()
    if report is None:
        raise Http404("No such report.")
    return report


def reports_of(client: Client) -> QuerySet[Report]:
    """The case reports of a client, the newest first. The caller has passed the chart's gate."""
    return Report.objects.filter(episode__client=client).select_related("episode", "signed")


def episode_of(visit: Visit) -> Episode | None:
    """The problem a visit belongs to: the one taken on last before it, and not closed by then."""
    taken_on = Episode.objects.filter(client=visit.client_id, opened_at__lte=visit.opened_at)
    return taken_on.exclude(closed_at__lt=visit.opened_at).first()
