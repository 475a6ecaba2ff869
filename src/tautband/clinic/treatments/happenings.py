"""What plans and notes have to tell for the timeline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.episodes.happenings import Happening
from tautband.clinic.people.models import Client
from tautband.clinic.treatments.content import document
from tautband.clinic.treatments.models import Consent, SignedNote, VisitMove
from tautband.clinic.treatments.plans import Body, current_plan
from tautband.clinic.treatments.remembering import done_at
from tautband.knowledge import atlas


def plans(client: Client) -> Iterator[Happening]:
    """Plans the client agreed to, with the techniques they hold."""
    known = atlas()
    for consent in Consent.objects.filter(plan__visit__client=client, plan__visit__withdrawn_at=None).select_related(
        "plan__visit"
    ):
        treated = [choice for choice in Body.read(consent.plan.body).choices if choice.stage == "treat"]
        names = tuple(
            f"{known.name(choice.technique)}, {known.name(choice.target)}"
            for choice in treated
            if choice.technique in known and choice.target in known
        )
        url = reverse("treatments:plan", args=[consent.plan.visit_id])
        planned = () if done_at(consent.plan.visit) else names  # what was done tells for itself
        yield Happening(consent.at, "plan", "list", _("Plan agreed"), "; ".join(names), url, tried=planned)


def notes(client: Client) -> Iterator[Happening]:
    """Signed notes, whole, so that a search finds what stands in them."""
    for note in SignedNote.objects.filter(visit__client=client, visit__withdrawn_at=None).select_related("visit"):
        lines = [line["text"] for rows in document(note)["sections"].values() for line in rows]
        url = reverse("treatments:note", args=[note.visit_id])
        title = _("Note signed by %(name)s") % {"name": note.by_name}
        yield Happening(note.at, "note", "notebook-pen", title, " ".join(lines), url)


def moves(client: Client) -> Iterator[Happening]:
    """Visits that were written in the wrong chart: the trace in this one."""
    for move in client.visit_moves.select_related("by"):
        words = {"number": move.number, "name": move.by.display_name}
        if move.way == VisitMove.Way.OUT:
            title = _("Visit %(number)d moved to another chart by %(name)s") % words
        else:
            title = _("Visit %(number)d moved here from another chart by %(name)s") % words
        yield Happening(move.at, "moved", "history", title, move.reason)
        if move.undone_at is not None:
            yield Happening(move.undone_at, "moved", "undo-2", _("The move was taken back"), "")


def series(client: Client) -> Iterator[str]:
    """What the series of the last agreed plan says: which visit comes, when everything is measured again."""
    visit = client.visits.filter(plans__consents__isnull=False).order_by("-opened_at").first()
    if visit is None:
        return
    proposed = current_plan(visit).series
    coming = client.visits.filter(opened_at__lte=visit.opened_at).count() + 1
    if coming > proposed.visits:
        yield _("The %(n)d proposed visits are over: measure again and decide together.") % {"n": proposed.visits}
        return
    yield _("It will be visit %(coming)d of %(all)d proposed.") % {"coming": coming, "all": proposed.visits}
    again = next((n for n in proposed.look_again if n >= coming), None)
    if again is not None:
        yield _("Everything is measured again at visit %(n)d.") % {"n": again}
