"""The client's home page: what to do today, the next visit, and the rest quietly below."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tautband.clinic.people.clientdoor import client_only

NOON_H, EVENING_H = 12, 18


@client_only
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """One page, phone first."""
    hour = timezone.localtime().hour
    part = "morning" if hour < NOON_H else "day" if hour < EVENING_H else "evening"
    name = request.client_person.name.split()[0]
    return render(request, "portal/home.html", {"client": request.client_person, "part": part, "first_name": name})
