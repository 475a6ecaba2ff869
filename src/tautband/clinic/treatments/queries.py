"""Reading plans and notes. The caller has passed the chart's gate, `charts.queries.visit_for`."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import CareTeam, Client, Member, Role
from tautband.clinic.people.queries import open_to
from tautband.clinic.treatments.models import CoSignature, NoteVersion, SignedNote


def signed_note_of(visit: Visit) -> SignedNote | None:
    """The signed note of a visit, None while it is a draft."""
    return SignedNote.objects.filter(visit=visit).select_related("by", "visit__client").first()


def notes_to_sign(member: Member) -> QuerySet[Visit]:
    """This member's visits that are over, or have a note begun, and are not signed; the oldest first.

    Nobody else can sign them, so they wait for this member alone.
    """
    cared_for = CareTeam.objects.filter(client=OuterRef("client"), member=member)
    begun = NoteVersion.objects.filter(visit=OuterRef("pk"))
    mine = Visit.objects.filter(Exists(cared_for), Q(closed_at__isnull=False) | Exists(begun), by=member)
    return mine.filter(signed_note=None).select_related("client").order_by("opened_at")


def notes_to_cosign(member: Member) -> QuerySet[SignedNote]:
    """Signed notes of people this member supervises that wait for a second signature; the oldest first."""
    given = CoSignature.objects.filter(note=OuterRef("pk"), by=member)
    notes = SignedNote.objects.filter(~Exists(given), by__supervisor=member, visit__withdrawn_at=None).defer("content")
    return notes.filter(open_to(member, "visit__client")).select_related("visit__client").order_by("at")


def visits_with_notes(client: Client) -> QuerySet[Visit]:
    """The client's visits, the newest first, with whether a note was begun or signed; not what it says."""
    begun = Prefetch("notes", NoteVersion.objects.only("id", "visit_id"))
    signed = client.visits.select_related("by", "signed_note").defer("signed_note__content")
    return signed.prefetch_related(begun, "signed_note__addenda")


def may_write_note(member: Member, visit: Visit) -> bool:
    """Whose note it is: the therapist's of the visit; of an assistant's visit, anybody's who opens the chart and signs.

    The caller has passed the chart's gate.
    """
    return visit.by_id == member.pk or (visit.by.role == Role.ASSISTANT and member.may_sign)


def may_change_shared(member: Member) -> bool:
    """Who changes the phrases of the whole practice."""
    return member.is_owner or member.role == Role.SUPERVISOR
