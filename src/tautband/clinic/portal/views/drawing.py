"""The client's own drawing: where it hurts, drawn at home before the visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tautband.clinic.charts.views import home_drawing
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.portal import drawn


@client_only
@never_cache
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Draw, or go on with today's drawing; kept by itself."""
    client = request.client_person
    return home_drawing(request, client, template="portal/draw.html", next_url=reverse("portal:drawn"))


@client_only
@never_cache
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """After drawing: what cannot wait for the visit is said at once; else that it is kept, and what was drawn."""
    client = request.client_person
    newest = drawn.newest_of(client)
    if newest is None:  # nothing was drawn
        return redirect("portal:home")
    alerts = drawn.urgent_in(newest)
    context = {"client": client, "drawing": newest, "picture": drawn.picture_of(newest)}
    if alerts:
        return render(request, "portal/urgent.html", context | {"alert": alerts[0]})
    return render(request, "portal/drawn.html", context)
