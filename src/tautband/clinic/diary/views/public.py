"""Booking by anybody: three taps, without an account. And one's own visit, by a signed link.

Spam is kept out without anybody else's help: a field people do not see, a form nobody fills in within two seconds,
limits for each address that asks and each address written to.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.diary import actions, engine, icalendars, queries
from tautband.clinic.diary.forms import GuestForm, WaitForm
from tautband.clinic.diary.mails import appointment_of, in_words, may_introduce, token_of
from tautband.clinic.diary.models import Appointment, Service, State, Who
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.models import Member, Practice
from tautband.clinic.people.queries import the_practice

SLOT = "diary.slot"
CONTACT = "diary.contact"
FASTEST_S = 2
HOLDS_AN_HOUR = 30
BOOKINGS_AN_HOUR = 12
DAYS_SHOWN = 5
TOO_OFTEN, GONE = 429, 410


@dataclass(frozen=True)
class Day:
    """One day of the strip."""

    day: date
    free: int
    chosen: bool


def open_page(practice: Practice | None) -> Practice:
    """The practice, if it takes bookings online. Raises Http404 when there is none at all."""
    if practice is None:
        raise Http404("No practice yet.")
    return practice


def _too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Whether this computer asked more often than a person would in an hour."""
    who = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]
    key = f"diary/{what}/{who}/{datetime.now(UTC):%Y%m%d%H}"
    cache.add(key, 0, 3700)
    return cache.incr(key) > most


def _page(
    request: HttpRequest, practice: Practice, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    zone = context.get("zone") or queries.zone_of(practice)
    with timezone.override(zone):
        return render(request, template, {"practice": practice, "zone": zone, **context}, status=status)


def contact_key() -> str:
    """What the link for clients carries."""
    return signing.dumps("contact", salt=CONTACT)


def _may(request: HttpRequest) -> list[str]:
    """Which services this browser may book: those for everybody; those for clients with the link, or on their page."""
    try:
        known = signing.loads(request.GET.get("k", ""), salt=CONTACT) == "contact"
    except signing.BadSignature:
        known = False
    known = known or getattr(request, "client_person", None) is not None
    return [Who.PUBLIC, Who.CONTACT] if known else [Who.PUBLIC]


def _pick(request: HttpRequest, *, framed: bool) -> HttpResponse:
    practice = open_page(the_practice())
    rules = queries.rules_of(practice)
    services = list(queries.services_for(practice, _may(request))) if rules.online else []
    if not services:
        return _page(request, practice, "diary/public/closed.html", {"framed": framed})
    chosen = next((one for one in services if str(one.pk) == request.GET.get("service")), services[0])
    members = list(chosen.members.filter(active=True)) or list(queries.therapists(practice))
    who = next((one for one in members if str(one.pk) == request.GET.get("who")), None)
    zone = queries.zone_of(practice)
    times = queries.public_times(chosen, member=who)
    days = _days(times, zone, request.GET.get("day", ""))
    day = next((one.day for one in days if one.chosen), None)
    shown = [(free, _slot(chosen, free)) for free in times if free.start.astimezone(zone).date() == day]
    context = {
        "zone": zone,
        "rules": rules,
        "services": services,
        "chosen": chosen,
        "members": members,
        "who": who,
        "days": days,
        "day": day,
        "parts": _parts_of_day(shown, zone),
        "later": _later(days, times, zone),
        "late": next((free for free in times if free.start.astimezone(zone).hour >= 17), None),
        "framed": framed,
        "k": request.GET.get("k", ""),
        "keep_query": _kept_query(request, chosen, who),
    }
    return _page(request, practice, "diary/public/pick.html", context)


def _kept_query(request: HttpRequest, chosen: Service, who: Member | None) -> str:
    """What a link to another day must not forget."""
    kept = {"service": chosen.pk, "who": who.pk if who else "", "k": request.GET.get("k", "")}
    return urlencode({name: value for name, value in kept.items() if value}) + "&"


def _days(times: list[queries.Free], zone: Any, asked: str) -> list[Day]:
    """Five days of the strip: from the day asked for when that lies ahead, else from the first with a free time."""
    counts: dict[date, int] = {}
    for free in times:
        there = free.start.astimezone(zone).date()
        counts[there] = counts.get(there, 0) + 1
    if not counts:
        return []
    try:
        wanted = engine.day_of(asked)
    except ValueError:
        wanted = min(counts)
    shown = sorted(counts)
    place = next((n for n, one in enumerate(shown) if one >= wanted), len(shown) - 1)
    first = place // DAYS_SHOWN * DAYS_SHOWN
    return [Day(one, counts[one], one == shown[place]) for one in shown[first : first + DAYS_SHOWN]]


def _later(days: list[Day], times: list[queries.Free], zone: Any) -> dict[str, date | None]:
    every = sorted({free.start.astimezone(zone).date() for free in times})
    if not days:
        return {}
    first, last = every.index(days[0].day), every.index(days[-1].day)
    return {
        "before": every[max(first - DAYS_SHOWN, 0)] if first else None,
        "after": every[last + 1] if last + 1 < len(every) else None,
    }


def _parts_of_day(shown: list[tuple[queries.Free, str]], zone: Any) -> list[tuple[str, list[Any]]]:
    parts: dict[str, list[Any]] = {}
    for free, token in shown:
        hour = free.start.astimezone(zone).hour
        name = _("Morning") if hour < 12 else _("Afternoon") if hour < 17 else _("Late")
        parts.setdefault(name, []).append((free, token))
    return list(parts.items())


def _slot(service: Service, free: queries.Free) -> str:
    return signing.dumps([service.pk, free.member.pk, int(free.start.timestamp())], salt=SLOT)


@login_not_required
def pick(request: HttpRequest) -> HttpResponse:
    """The free times."""
    return _pick(request, framed=False)


@login_not_required
@xframe_options_exempt
def framed(request: HttpRequest) -> HttpResponse:
    """The free times inside another website, if the owner switched that on. A tap opens the page itself."""
    practice = open_page(the_practice())
    rules = queries.rules_of(practice)
    if not rules.framed:
        return redirect("diary:public")
    response = _pick(request, framed=True)
    response._csp_replace = {"frame-ancestors": rules.frame_hosts.split() or ["*"]}  # type: ignore[attr-defined]
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@login_not_required
def prices(request: HttpRequest) -> HttpResponse:
    """The price list: what everybody may book, and what changing it late costs."""
    practice = open_page(the_practice())
    services = list(queries.services_for(practice, [Who.PUBLIC]))
    if not services:
        return _page(request, practice, "diary/public/closed.html", {"framed": False})
    context = {"services": services, "rules": queries.rules_of(practice)}
    return _page(request, practice, "diary/public/prices.html", context)


@login_not_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a time while somebody fills in the form; or say that it was just taken, and what is most like it."""
    practice = open_page(the_practice())
    if _too_often(request, "hold", HOLDS_AN_HOUR):
        return _page(request, practice, "diary/public/too_often.html", {}, TOO_OFTEN)
    try:
        service_id, member_id, at = signing.loads(request.POST.get("slot", ""), salt=SLOT, max_age=24 * 3600)
    except (signing.BadSignature, ValueError):
        return redirect("diary:public")
    service = Service.objects.filter(pk=service_id, practice=practice, active=True).first()
    member = Member.objects.filter(pk=member_id, practice=practice, active=True).first()
    start = datetime.fromtimestamp(at, UTC)
    if service is None or member is None or not queries.rules_of(practice).online:
        return redirect("diary:public")
    fits = [
        free
        for free in queries.free_times(service, start - timedelta(hours=3), start + timedelta(hours=9), member=member)
        if free.start == start
    ]
    moving = appointment_of(request.POST.get("moving", ""))
    if fits:
        try:
            chosen = fits[0]
            held = actions.hold(service=service, member=member, start=start, location=chosen.location, room=chosen.room)
            there = f"?moving={token_of(moving)}" if moving else ""
            return redirect(reverse("diary:kept", args=[token_of(held)]) + there)
        except (actions.SlotTaken, actions.InThePast):
            pass  # it went between the look and the claim; the page below says so
    return _taken(request, practice, service, start)


def _taken(request: HttpRequest, practice: Practice, service: Service, start: datetime) -> HttpResponse:
    zone = queries.zone_of(practice)
    times = queries.public_times(service, days=21)
    near = engine.nearest_like(start, [engine.Slot(free.start, free.end) for free in times], zone)
    by_start = {free.start: free for free in times}
    context = {
        "zone": zone,
        "when": in_words(start, zone),
        "near": [(by_start[one.start], _slot(service, by_start[one.start])) for one in near],
        "chosen": service,
        "wait": WaitForm(initial={"service": service.pk, "wanted": start.isoformat()}),
        "moving": request.POST.get("moving", ""),
    }
    return _page(request, practice, "diary/public/taken.html", context, 409)


@login_not_required
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """Is this right? Who comes."""
    practice = open_page(the_practice())
    one = appointment_of(token)
    if one is None or one.state != State.HELD or (one.held_until and one.held_until <= datetime.now(UTC)):
        if one is not None and one.state == State.BOOKED:
            return redirect("diary:yours", token)
        return _page(request, practice, "diary/public/ended.html", {"service": one.service if one else None}, GONE)
    moving = appointment_of(request.GET.get("moving", "") or request.POST.get("moving", ""))
    who = getattr(request, "client_person", None)
    known = {"name": who.name, "email": who.email, "phone": who.phone} if who else None
    form = GuestForm(request.POST or None, initial=known)
    if request.method == "POST":
        if moving is not None:
            return _moved(request, practice, one, moving)
        answer = _booked(request, practice, one, form)
        if answer is not None:
            return answer
    rules = queries.rules_of(practice)
    context = {
        "one": one,
        "zone": queries.zone_of(practice, one.location),
        "form": form,
        "rules": rules,
        "free_until": one.start - timedelta(hours=rules.free_until_h),
        "moving": moving,
        "moving_token": token_of(moving) if moving else "",
    }
    return _page(request, practice, "diary/public/kept.html", context, 422 if form.errors else 200)


def _booked(request: HttpRequest, practice: Practice, one: Appointment, form: GuestForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    if given["website"]:  # only a machine sees this field; it learns nothing
        return redirect("diary:public")
    if (datetime.now(UTC) - one.made_at).total_seconds() < FASTEST_S:
        form.add_error(None, _("That was quick. Please look it over and send it once more."))
        form.fresh()
        return None
    if _too_often(request, "book", BOOKINGS_AN_HOUR):
        return _page(request, practice, "diary/public/too_often.html", {}, TOO_OFTEN)
    try:
        actions.book_held(
            held=one,
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            client=getattr(request, "client_person", None),
            key=given["key"] or None,
        )
    except actions.HoldEnded:
        return _page(request, practice, "diary/public/ended.html", {"service": one.service}, GONE)
    except actions.TooMany as refusal:
        form.add_error("email", str(refusal))
        form.fresh()
        return None
    except KeyReused:
        form.fresh()
        return None
    return redirect(reverse("diary:yours", args=[token_of(one)]) + "?new=1")


def _moved(request: HttpRequest, practice: Practice, kept_one: Appointment, moving: Appointment) -> HttpResponse:
    """A client moves a visit to a time that is kept for it."""
    start, member, room, location = kept_one.start, kept_one.member, kept_one.room, kept_one.location
    rules = queries.rules_of(practice)
    if datetime.now(UTC) > moving.start - timedelta(hours=rules.free_until_h):
        return redirect("diary:yours", token_of(moving))
    try:
        actions.move_to_held(
            by=moving.client or actions.Guest(),
            appointment=moving,
            held=kept_one,
            start=start,
            member=member,
            room=room,
            location=location,
        )
    except (actions.SlotTaken, actions.InThePast, NotAllowed):
        return _page(request, practice, "diary/public/ended.html", {"service": moving.service}, GONE)
    return redirect(reverse("diary:yours", args=[token_of(moving)]) + "?moved=1")


@login_not_required
def yours(request: HttpRequest, token: str) -> HttpResponse:
    """One's own visit: when, where, change, cancel."""
    practice = open_page(the_practice())
    one = appointment_of(token)
    if one is None or one.state == State.HELD:
        return _page(request, practice, "diary/public/no_such.html", {}, GONE)
    rules = queries.rules_of(practice)
    free_until = one.start - timedelta(hours=rules.free_until_h)
    now = datetime.now(UTC)
    if request.method == "POST" and request.POST.get("do") == "cancel":
        with suppress(NotAllowed):  # it took place or was missed; the page shows how it stands
            actions.cancel(by=one.client or actions.Guest(), appointment=one)
        return redirect("diary:yours", token)
    context = {
        "one": one,
        "zone": queries.zone_of(practice, one.location),
        "token": token,
        "free_until": free_until,
        "free": now <= free_until,
        "ahead": one.state == State.BOOKED and one.start > now,
        "fee": one.price_minor * rules.late_percent // 100,
        "new": "new" in request.GET,
        "first": may_introduce(one),
        "moved": "moved" in request.GET,
        "rules": rules,
    }
    return _page(request, practice, "diary/public/yours.html", context)


@login_not_required
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another time for one's visit."""
    practice = open_page(the_practice())
    one = appointment_of(token)
    if one is None or one.state != State.BOOKED or one.service is None or one.start <= datetime.now(UTC):
        return redirect("diary:yours", token)
    zone = queries.zone_of(practice, one.location)
    times = queries.public_times(one.service, member=one.member)
    days = _days(times, zone, request.GET.get("day", ""))
    day = next((each.day for each in days if each.chosen), None)
    shown = [(free, _slot(one.service, free)) for free in times if free.start.astimezone(zone).date() == day]
    context = {
        "zone": zone,
        "one": one,
        "token": token,
        "days": days,
        "day": day,
        "parts": _parts_of_day(shown, zone),
        "later": _later(days, times, zone),
        "moving": token,
        "chosen": one.service,
    }
    return _page(request, practice, "diary/public/change.html", context)


@login_not_required
def visit_file(request: HttpRequest, token: str) -> HttpResponse:
    """The visit as a file for a calendar."""
    one = appointment_of(token)
    if one is None or one.state == State.HELD:
        return _page(request, open_page(the_practice()), "diary/public/no_such.html", {}, GONE)
    answer = HttpResponse(icalendars.one_visit(one), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer


@login_not_required
def no_more(request: HttpRequest, token: str) -> HttpResponse:
    """No reminders any more."""
    practice = open_page(the_practice())
    one = appointment_of(token)
    if one is None:
        return _page(request, practice, "diary/public/no_such.html", {}, GONE)
    done = request.method == "POST"
    if done:
        actions.no_more_reminders(one)
    return _page(request, practice, "diary/public/no_more.html", {"one": one, "done": done, "token": token})


@login_not_required
def wait(request: HttpRequest) -> HttpResponse:
    """Tell me if a time comes free."""
    practice = open_page(the_practice())
    form = WaitForm(request.POST or None, initial={"service": request.GET.get("service", "")})
    field: Any = form.fields["service"]
    field.queryset = queries.services_for(practice, [Who.PUBLIC, Who.CONTACT])
    done = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _too_often(request, "wait", BOOKINGS_AN_HOUR):
            return _page(request, practice, "diary/public/too_often.html", {}, TOO_OFTEN)
        if not given["website"]:
            actions.wait(
                by=getattr(request, "client_person", None) or actions.Guest(),
                client=getattr(request, "client_person", None),
                practice=practice,
                name=given["name"],
                email=given["email"],
                service=given["service"],
                wanted=given["wanted"],
                key=given["key"] or None,
            )
        done = True
    return _page(request, practice, "diary/public/wait.html", {"form": form, "done": done}, 422 if form.errors else 200)
