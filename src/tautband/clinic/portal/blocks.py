"""What this room adds to the pages of others, and to the client's home page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.charts.queries import home_drawings
from tautband.clinic.diary.mails import token_of
from tautband.clinic.diary.models import Appointment, State
from tautband.clinic.diary.queries import rules_of, zone_of
from tautband.clinic.measures import words
from tautband.clinic.measures.models import Reading
from tautband.clinic.measures.queries import series_of
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import may_open_chart
from tautband.clinic.portal import drawn, queries
from tautband.clinic.portal.forms import PainForm
from tautband.clinic.portal.models import SignInLink

MOST_LINES = 3
MOST_DRAWINGS = 4


def own_page(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The card on the client's page of the practice: hand out a link, and when it was last used."""
    if client.archived:
        return None
    used = SignInLink.objects.filter(client=client, used_at__isnull=False).order_by("-used_at").first()
    may_open = may_open_chart(request.member, client)  # type: ignore[attr-defined]
    ready = bool(client.email and client.birth_date)
    return {"may_open": may_open, "last_entered": used.used_at if used else None, "ready": ready}


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Under "Needs you": messages and wishes of one's clients."""
    letters, wishes = queries.waiting_for(request.member), queries.wishes_for(request.member)  # type: ignore[attr-defined]
    return {"unread": letters, "wishes": wishes} if letters or wishes else None


def pain_now(request: HttpRequest, client: Client) -> dict[str, Any]:
    """How strong is it now? Asked once a day; what was answered stays on the page."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Reading.objects.filter(client=client, instrument="instrument.nprs", of="now", taken_back_at=None)
    last = rows.filter(at__gte=start).order_by("-at").first()
    return {"pain_form": PainForm(), "said": int(last.value) if last else None, "numbers": range(11)}


def next_visit(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The next visit by the clock of the place, with the ways to keep it in a calendar and to change it; without one,
    the way to book."""
    coming = Appointment.objects.filter(client=client, state=State.BOOKED, end__gt=timezone.now())
    one = coming.select_related("member", "location", "practice").order_by("start").first()
    if one is None:
        return {"appointment": None} if rules_of(client.practice).online else None
    return {"appointment": one, "token": token_of(one), "zone": zone_of(one.practice, one.location)}


def draw(request: HttpRequest, client: Client) -> dict[str, Any]:
    """The way to one's own drawing, and when one last drew."""
    return {"newest": drawn.newest_of(client), "today": timezone.localdate()}


def drawn_urgent(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """On top of the client's own page while what they drew cannot wait."""
    alerts = drawn.urgent_tonight(client)
    return {"alert": alerts[0]} if alerts else None


def drawn_waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Under "Needs you": who drew at home since their last visit, the urgent first."""
    member = request.member  # type: ignore[attr-defined]
    rows = drawn.waiting_for(member) if member.is_clinical else []
    return {"rows": [(one, one.alerts[0] if one.alerts else None) for one in rows]} if rows else None


def drawn_at_home(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The client's own drawings on their page in the practice, each with its day."""
    rows = home_drawings(client)[:MOST_DRAWINGS]
    if not rows or not may_open_chart(request.member, client):  # type: ignore[attr-defined]
        return None
    return {"rows": drawn.pictures_of(rows), "needs_defs": not client.visits.exists()}


def drawn_alert(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """On top of the client's page in the practice until a visit begins: what they drew cannot wait."""
    found = drawn.waiting_for(request.member, client=client)  # type: ignore[attr-defined]
    if not found or not found[0].alerts:
        return None
    told = found[0]
    when = date_format(timezone.localtime(told.drawing.at), "j F, H:i")
    lead = (
        _("Drawn at home on %(when)s, and changed since. The page told them what to do; ring them.")
        if told.changed
        else _("Drawn at home on %(when)s. The page told them what to do; ring them.")
    )
    alert = told.alerts[0]
    return {"alert": alert, "words": "; ".join(alert.because), "lead": lead % {"when": when}}


def progress(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """How it goes, in sentences; no verdict that the numbers do not carry."""
    lines = [words.line_of(series) for series in series_of(client) if len(series.points) > 1][:MOST_LINES]
    return {"lines": lines} if lines else None


def links(request: HttpRequest, client: Client) -> dict[str, Any]:
    """Messages, documents, what we hold."""
    return {
        "unread": queries.unread_by_client(client),
        "documents": queries.releases_of(client).count(),
        "keys": client.passkeys.count(),
    }
