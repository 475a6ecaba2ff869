"""After a visit: how the client is, and when somebody looks at it. Soreness is common; what rises is looked at.

A rise of three points or more over the pain of the visit, soreness past 48 hours, or a sign to ring about puts the
client on the therapist's Today. Three points is more than the change people usually notice on a 0 to 10 scale.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import all_visits, newest
from tautband.clinic.people.models import Client
from tautband.clinic.programme.models import DayNote, Looked

RISE = 3
SORE_UNTIL_H = 48
ASK_FOR_DAYS = 3
"""Days after a visit on which soreness is asked about."""

SIGNS = {
    "spreads": _("the pain spreads"),
    "numb": _("numbness or tingling that is new or spreads"),
    "weak": _("an arm or leg is weak or clumsy"),
}


@dataclass(frozen=True)
class After:
    """How it stands after the newest visit.

    pain_then  highest pain drawn at that visit; None where none was given
    worse      risen by three points or more since; sore_long past 48 hours; signs named
    """

    visit: Visit | None
    hours: float
    pain_then: float | None
    note: DayNote | None
    worse: bool
    sore_long: bool
    signs: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        """The visit was so short ago that soreness is asked about."""
        return self.visit is not None and self.hours < ASK_FOR_DAYS * 24

    @property
    def concerns(self) -> bool:
        """Somebody should look at it today."""
        return self.worse or self.sore_long or bool(self.signs)


def after(client: Client, now: datetime | None = None, note: DayNote | None = None) -> After:
    """How this client stands; `note` is the newest day note by default."""
    now = now or timezone.now()
    visit = next((visit for visit in all_visits(client) if visit.opened_at <= now), None)
    note = note or client.day_notes.first()
    if visit is None:
        return After(None, 0.0, None, note, worse=False, sore_long=False, signs=tuple(note.signs) if note else ())
    ended = visit.closed_at or visit.opened_at + timedelta(minutes=visit.minutes)
    hours = max(0.0, (now - ended).total_seconds() / 3600)
    then = pain_at(visit)
    since = note if note and note.at > visit.opened_at else None
    rise = since is not None and since.pain is not None and then is not None and since.pain - then >= RISE
    told_hours = (since.at - ended).total_seconds() / 3600 if since else 0.0
    long = bool(since and since.sore and told_hours >= SORE_UNTIL_H)
    return After(visit, hours, then, since, rise, long, tuple(since.signs) if since else ())


def sore_visits(client: Client) -> Iterator[UUID]:
    """Visits after which it was still sore two days later or more, as the client said before the next visit."""
    said = list(client.day_notes.filter(sore=True).values_list("at", flat=True))
    if not said:
        return
    visits = list(client.visits.order_by("opened_at"))
    for visit, following in zip(visits, [*visits[1:], None], strict=True):
        ended = visit.closed_at or visit.opened_at + timedelta(minutes=visit.minutes)
        until = following.opened_at if following else timezone.now()
        if any(ended + timedelta(hours=SORE_UNTIL_H) <= at <= until for at in said):
            yield visit.pk


def pain_at(visit: Visit) -> float | None:
    """The highest pain that was drawn at a visit; None where no number was given."""
    drawing = newest(visit, "drawings")
    given = (
        [m["intensity"] for m in drawing.marks if m.get("layer", "pain") == "pain" and m.get("intensity") is not None]
        if drawing
        else []
    )
    return float(max(given)) if given else None


def needs_look(client: Client) -> After | None:
    """What waits for a therapist of this client: a concern nobody has looked at since; None for nothing."""
    found = after(client)
    if not found.concerns or found.note is None:
        return None
    looked = Looked.objects.filter(client=client).first()
    return None if looked and looked.at >= found.note.at else found
