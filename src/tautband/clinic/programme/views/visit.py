"""The step Home of a visit: what the diary says, what is proposed, keep, swap, drop, how much, give."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import chart_for
from tautband.clinic.programme import actions, offer, rows
from tautband.clinic.programme import days as at_home
from tautband.clinic.programme.diary import what_was_said
from tautband.clinic.programme.forms import AmountForm, MinutesForm
from tautband.clinic.programme.models import DiaryWord
from tautband.clinic.programme.offer import Body, Now
from tautband.clinic.programme.queries import programme_of
from tautband.knowledge import atlas
from tautband.knowledge.search import search
from tautband.planning.home import MOST_ITEMS, HomeChoice
from tautband.terms.sides import Side

CONFLICT, UNPROCESSABLE = 409, 422
MOST_FOUND, MOST_WORDS = 12, 40
KINDS = ("selfcare", "muscle", "factor", "joint", "tissue", "entrapment")
MOVED_ON = _("The programme was changed meanwhile. This is how it is now; nothing of yours was applied.")


@member_only
def home(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What the client takes home."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    return _page(request, visit, offer.current(visit))


def _page(request: HttpRequest, visit: Visit, now: Now, status: int = 200, **more: Any) -> HttpResponse:
    shown = rows.rows_of(now, changing=request.GET.get("change", ""))
    context = {
        "now": now,
        "rows": shown,
        "answer": now.answer,
        "minutes_form": MinutesForm(initial={"minutes": now.body.minutes}),
        "can_change": visit.closed_at is None and not now.closing,
        "is_new": now.number == 0,
        "told": any(row.told for row in shown),
        "full": len(now.programme.items) >= MOST_ITEMS,
        **more,
    }
    return render(request, "programme/home.html", visit_page(request, visit, "home", **context), status=status)


@member_only
@require_POST
def change(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """One change to the programme; a new version is kept."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    if _used(request.POST.get("key", ""), visit):
        return redirect("programme:home", visit.pk)
    given_minutes = request.POST.get("for_minutes", "")
    now = offer.current(visit, int(given_minutes) if given_minutes.isdecimal() else None)
    operation = request.POST.get("do", "")
    if request.POST.get("seen") != now.seen:
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    if operation == "minutes":
        form = MinutesForm(request.POST)
        if not form.is_valid():
            return _page(request, visit, now, UNPROCESSABLE, minutes_form=form)
        minutes = form.cleaned_data["minutes"]
        if now.number == 0:
            return _kept(request, visit, now, offer.anew(now, minutes))
        return _kept(request, visit, now, replace(now.body, minutes=minutes, choices=now.programme.choices))
    if operation == "anew":
        return _kept(request, visit, now, offer.anew(now, now.body.minutes))
    if operation == "give":
        return _give(request, visit, now)
    if operation == "amount":
        return _amount(request, visit, now)
    if operation not in _CHANGES:
        return _page(request, visit, now, UNPROCESSABLE, trouble=_("This page is too old. Load it again."))
    try:
        choices = _CHANGES[operation](now, request)
    except (LookupError, ValueError):
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    return _kept(request, visit, now, replace(now.body, choices=choices))


def _used(key: str, visit: Visit) -> bool:
    return bool(key) and AuditEvent.objects.filter(idempotency_key=key, chart=visit.client.chart_key).exists()


Choices = tuple[HomeChoice, ...]


def _drop(now: Now, request: HttpRequest) -> Choices:
    gone = now.item(request.POST.get("thing", "")).choice
    return tuple(c for c in now.programme.choices if c is not gone)


def _swap(now: Now, request: HttpRequest) -> Choices:
    old = now.item(request.POST.get("thing", ""))
    made = offer.fresh_item(now, request.POST.get("item", ""), old.choice.side)
    if made.is_closed:
        raise ValueError("That one is closed.")
    new = replace(made.choice, why=made.choice.why or old.choice.why)
    return tuple(new if c.key == old.choice.key else c for c in now.programme.choices)


def _take_move(now: Now, request: HttpRequest) -> Choices:
    old = now.item(request.POST.get("thing", "")).choice
    new = offer.moved(old, request.POST.get("move", ""))
    return tuple(new if c.key == old.key else c for c in now.programme.choices)


def _add(now: Now, request: HttpRequest) -> Choices:
    side = request.POST.get("side", "")
    made = offer.fresh_item(now, request.POST.get("item", ""), Side(side) if side else None)
    if len(now.programme.choices) >= MOST_ITEMS or made.choice.item in {c.item for c in now.programme.choices}:
        raise ValueError("It is there already, or there is no room.")
    return (*now.programme.choices, made.choice)


_CHANGES: dict[str, Callable[[Now, HttpRequest], Choices]] = {
    "drop": _drop,
    "swap": _swap,
    "move": _take_move,
    "add": _add,
}


def _amount(request: HttpRequest, visit: Visit, now: Now) -> HttpResponseBase:
    try:
        item = now.item(request.POST.get("thing", ""))
    except LookupError:
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    form = AmountForm(item.record, item.choice, request.POST)
    if not form.is_valid():
        return _page(request, visit, now, UNPROCESSABLE, wrong_form=form, wrong_key=item.choice.key)
    new = form.changed_choice()
    choices = tuple(new if c.key == new.key else c for c in now.programme.choices)
    return _kept(request, visit, now, replace(now.body, choices=choices))


def _give(request: HttpRequest, visit: Visit, now: Now) -> HttpResponseBase:
    """Hand the open things to the client; closed ones stay here, with their reason, and are not handed out."""
    choices = tuple(item.choice for item in now.programme.open_items)
    answer = _kept(request, visit, now, replace(now.body, choices=choices), given=True)
    if answer.status_code == 302:
        messages.success(request, _("Given. It is on the client’s page from now on."))
        return redirect("programme:phone", visit.pk)
    return answer


def _kept(request: HttpRequest, visit: Visit, now: Now, body: Body, *, given: bool = False) -> HttpResponseBase:
    member, key = request.member, request.POST.get("key") or None  # type: ignore[attr-defined]
    try:
        actions.save_programme(by=member, visit=visit, body=body.as_json(), seen=now.number, given=given, key=key)
    except VisitClosed:
        return _page(request, visit, now, CONFLICT, trouble=_("This visit is closed; its programme no longer changes."))
    except actions.NothingOpen:
        return _page(
            request, visit, now, UNPROCESSABLE, trouble=_("Nothing in it is open, so there is nothing to give.")
        )
    except (actions.ChangedMeanwhile, KeyReused):
        return _page(request, visit, offer.current(visit), CONFLICT, trouble=MOVED_ON)
    return redirect("programme:home", visit.pk)


@member_only
def add(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Find something to do at home by its name, a muscle or a habit."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    now = offer.current(visit)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = [offer.fresh_item(now, id) for id in _found(typed)] if typed else list(now.programme.left_out)
    context = {"now": now, "words": typed, "found": found, "answer": now.answer}
    context["taken"] = {choice.item for choice in now.programme.choices}
    context["can_change"] = visit.closed_at is None and not now.closing
    return render(request, "programme/add.html", visit_page(request, visit, "home", **context))


def _found(typed: str) -> list[str]:
    """Self-care whose name fits, then self-care for the muscles and habits that fit."""
    known = atlas()
    hits = [hit.id for hit in search(known, typed, 20, KINDS)]
    direct = [id for id in hits if id.startswith("selfcare.")]
    served = [
        record.id for id in hits if not id.startswith("selfcare.") for record in known.selfcare if id in record.serves
    ]
    return list(dict.fromkeys([*direct, *served]))[:MOST_FOUND]


@member_only
def phone(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """How it reaches the client: on the phone by a code, or on paper."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    context = visit_page(request, visit, "home", version=programme_of(visit.client))
    return render(request, "programme/phone.html", context)


@member_only
@require_POST
def looked(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """A therapist has looked at what came from home."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    key = request.POST.get("key") or None
    actions.look(by=request.member, client=client, note=request.POST.get("note", ""), key=key)  # type: ignore[attr-defined]
    messages.success(request, _("Looked at. It no longer waits."))
    return redirect("people:client", client.pk)


@member_only
def days(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The days a client noted at home: pain, what was there, what came before a return, what they said."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    known, counted = atlas(), at_home.counted(client)
    names = {row["key"]: row["item"] for version in client.programmes.all() for row in version.body["choices"]}
    told = client.diary_words.exclude(kind__in=(DiaryWord.Kind.DONE, DiaryWord.Kind.NOTHING))[:MOST_WORDS]
    context = {
        "client": client,
        "chart": at_home.chart(client),
        "counted": counted,
        "factors": [(known.plain_name(r.factor) if r.factor in known else r.factor, r) for r in counted.rows],
        "words": [
            (known.plain_name(names.get(w.thing, "")) if names.get(w.thing) in known else w.thing, w, what_was_said(w))
            for w in told
        ],
    }
    return render(request, "programme/days.html", context)
