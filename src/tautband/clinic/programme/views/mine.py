"""The client's own pages: today's few things, one thing, what was too much, how the day was."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.models import Client
from tautband.clinic.programme import actions, checkin
from tautband.clinic.programme import mine as own
from tautband.clinic.programme.forms import WordsForm
from tautband.clinic.programme.models import DiaryWord
from tautband.clinic.programme.queries import programme_of

UNPROCESSABLE = 422


def _client(request: HttpRequest) -> Client:
    client: Client = request.client_person  # type: ignore[attr-defined]
    return client


@client_only
def mine(request: HttpRequest) -> HttpResponse:
    """Today: how it is, and the few things to do."""
    client = _client(request)
    context = {"page": own.page_of(client), **_foot(client), "shown_day": timezone.localdate()}
    return render(request, "programme/mine.html", context)


def _foot(client: Client) -> dict[str, Any]:
    """When to ring, and whom."""
    place = client.practice.locations.filter(active=True).exclude(phone="").first()
    return {"client": client, "ring": place.phone if place else "", "emergency": client.practice.emergency_number}


def _thing(client: Client, key: str) -> tuple[own.Page, own.Thing]:
    page = own.page_of(client)
    for thing in page.things:
        if thing.key == key:
            return page, thing
    raise Http404("This is not in your programme.")


@client_only
def thing(request: HttpRequest, key: str) -> HttpResponse:
    """One thing: the picture, how much, how, when to stop."""
    client = _client(request)
    page, found = _thing(client, key)
    context = {"thing": found, "page": page, **_foot(client)}
    if found.paused or (found.is_out and not found.took_softer):
        return render(request, "programme/taken_out.html", context)
    context |= {"card": own.card_of(found), "number": page.number_of(found), "of": len(page.open_things)}
    return render(request, "programme/thing.html", context)


@client_only
def done(request: HttpRequest, key: str) -> HttpResponse:
    """It is done; how was it, if they like to say."""
    client = _client(request)
    page, found = _thing(client, key)
    context = {"thing": found, "next": page.next_after(found), "page": page, **_foot(client)}
    return render(request, "programme/done.html", context)


@client_only
def too_much(request: HttpRequest, key: str) -> HttpResponse:
    """What was too much: one tap is enough."""
    client = _client(request)
    page, found = _thing(client, key)
    context = {"thing": found, "page": page, "form": WordsForm(), **_foot(client)}
    return render(request, "programme/too_much.html", context)


@client_only
def hurts(request: HttpRequest) -> HttpResponse:
    """Which one hurts."""
    client = _client(request)
    return render(request, "programme/hurts.html", {"page": own.page_of(client), **_foot(client)})


@client_only
@require_POST
def say(request: HttpRequest, key: str) -> HttpResponseBase:
    """Keep a word about one thing. From a script it answers in JSON, so that a phone can send it later."""
    client = _client(request)
    version = programme_of(client)
    if version is None:
        raise Http404("There is no programme.")
    by_script = request.headers.get("X-Requested-With") == "fetch"
    kind, how = request.POST.get("kind", ""), request.POST.get("how", "")
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else request.POST.get("words", "")
    told = {"thing": key, "kind": kind, "how": how, "words": words, "day": _day(request)}
    try:
        _once(actions.say, request, by=client, version=version, **told)
    except ValueError:
        if by_script:
            return JsonResponse({"ok": False, "wrong": _("Not kept. Load the page again.")}, status=UNPROCESSABLE)
        return redirect("programme:mine")
    if by_script:
        return JsonResponse({"ok": True})
    if kind == DiaryWord.Kind.DONE and not how and "list" not in request.POST:
        return redirect("programme:done", key)
    if kind in (DiaryWord.Kind.HURTS, DiaryWord.Kind.TOO_MUCH, DiaryWord.Kind.SOFTER):
        return redirect("programme:thing", key)
    return redirect("programme:mine")


def _once(write: Callable[..., Any], request: HttpRequest, **given: Any) -> None:
    """Keep a word once; the same form sent again with another word in it is a new word, and the newest counts."""
    try:
        write(key=request.POST.get("key") or None, **given)
    except KeyReused:
        write(key=None, **given)


def _day(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.POST.get("day", ""))
    except ValueError:
        return None


@client_only
@require_POST
def day(request: HttpRequest) -> HttpResponseBase:
    """How the day was: a number, soreness, what was there. Everything may be left out."""
    client = _client(request)
    typed = request.POST.get("pain", "")
    pain = int(typed) if typed.isdecimal() and int(typed) <= 10 else None
    sore = {"yes": True, "no": False}.get(request.POST.get("sore", ""))
    signs = [sign for sign in request.POST.getlist("signs") if sign in checkin.SIGNS]
    factors = [id for id in request.POST.getlist("factors") if id in own.factors_of(client)]
    told = {"pain": pain, "sore": sore, "signs": signs, "factors": factors, "returned": "returned" in request.POST}
    _once(actions.note_day, request, by=client, day=_day(request), **told)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"ok": True})
    return redirect("programme:mine")
