"""Today, and the help page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tautband import __version__
from tautband.clinic.people import queries
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client

RECENT = 6


@member_only
def today(request: HttpRequest) -> HttpResponse:
    """Who comes next, what waits, and whom one saw last."""
    mine = queries.charts_for(request.member).filter(archived_at__isnull=True)
    lately = Client.objects.filter(queries.open_to(request.member, "pk"), archived_at__isnull=True)
    recent = list(lately.order_by("-changed_at")[:RECENT])
    return render(
        request,
        "people/today.html",
        {"day": timezone.localdate(), "recent": recent, "client_count": mine.count(), "section": "today"},
    )


@member_only
def help_page(request: HttpRequest) -> HttpResponse:
    """What this is, what it does not do, and whose work it stands on."""
    return render(request, "people/help.html", {"version": __version__, "home": settings.HOME})
