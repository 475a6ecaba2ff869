"""Reading photos and documents: always through the gate of the chart."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from tautband.clinic.attachments.models import Attachment
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import chart_for


def attachment_for(member: Member, attachment_id: UUID) -> Attachment:
    """One attachment of a chart this member may open. Raises Http404, NotYours."""
    found = (
        Attachment.objects.select_related("client")
        .filter(pk=attachment_id, client__practice=member.practice_id)
        .first()
    )
    if found is None:
        raise Http404("No such photo or document.")
    found.client = chart_for(member, found.client_id)
    return found


def attachments_of(client: Client, *, away: bool = False) -> QuerySet[Attachment]:
    """The client's photos and documents, the newest first. The caller has passed the chart's gate."""
    return client.attachments.filter(removed_at__isnull=not away).select_related("visit")
