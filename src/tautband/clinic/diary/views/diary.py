"""The diary: a day or a week, one visit, booking by the practice."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.diary import actions, engine, queries
from tautband.clinic.diary.forms import AwayForm, BookForm, MoveForm
from tautband.clinic.diary.mails import in_words, token_of
from tautband.clinic.diary.models import Appointment, Block, Room, Service, Shift, State, Waiting
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Location, Member
from tautband.clinic.people.queries import chart_for, may_open_chart

UNDO = "diary.undo"
CELLS_AN_HOUR = 12
USUAL_HOURS = (8, 18)
DAYS_OF_WORK = 5


@dataclass
class Entry:
    """One thing in a column: where it begins and how long it is, in cells of five minutes."""

    kind: str
    row: int
    rows: int
    start: datetime
    end: datetime
    title: str
    words: str = ""
    url: str = ""
    one: Appointment | None = None
    away: Block | None = None
    movable: bool = False
    now: bool = False


@dataclass
class Column:
    """A day of somebody."""

    day: date
    member: Member
    entries: list[Entry] = field(default_factory=list)
    today: bool = False
    now_row: int | None = None


def _zone(request: HttpRequest) -> ZoneInfo:
    return queries.zone_of(request.practice)  # type: ignore[attr-defined]


def _shown(
    request: HttpRequest, zone: ZoneInfo, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    with timezone.override(zone):
        return render(request, template, {"zone": zone, **context}, status=status)


def _day_of(request: HttpRequest, zone: ZoneInfo) -> date:
    try:
        return engine.day_of(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate(timezone=zone)


def _who(request: HttpRequest, members: list[Member]) -> Member | None:
    """Whose diary: the one asked for, else one's own, else the first."""
    asked = request.GET.get("who", "")
    mine: Member = request.member  # type: ignore[attr-defined]
    return (
        next((one for one in members if str(one.pk) == asked), None)
        or next((one for one in members if one.pk == mine.pk), None)
        or next(iter(members), None)
    )


@member_only
def diary(request: HttpRequest) -> HttpResponse:
    """A day with everybody side by side, or a week of one therapist."""
    zone = _zone(request)
    practice, member = request.practice, request.member  # type: ignore[attr-defined]
    members = list(queries.therapists(practice))
    who = _who(request, members)
    day = _day_of(request, zone)
    wide = "day" if request.GET.get("range") == "day" else "week"
    if wide == "week":
        monday = day - timedelta(days=day.weekday())
        days, columns_of = [monday + timedelta(days=n) for n in range(7)], [who] if who else []
    else:
        days, columns_of = [day], members
    start, end = (
        engine.instant(days[0], time.min, zone),
        engine.instant(days[-1] + timedelta(days=1), time.min, zone),
    )
    visits = list(queries.appointments_between(practice, start, end, columns_of))
    blocks = list(Block.objects.filter(member__in=columns_of, start__lt=end, end__gt=start))
    free = _free(practice, start, end, columns_of)
    if wide == "week":
        busy = {x.start.astimezone(zone).date() for x in [*visits, *blocks, *free]}
        days = [one for one in days if one.weekday() < DAYS_OF_WORK or one in busy]
    first_h, last_h = _hours(days, zone, visits, free)
    columns = [
        _column(request, one, person, zone, visits, blocks, free, first_h, last_h)
        for one in days
        for person in columns_of
    ]
    listed = [column for column in columns if column.day == day] or columns[:1]
    step = timedelta(days=7 if wide == "week" else 1)
    context = {
        "section": "diary",
        "day": day,
        "today": timezone.localdate(timezone=zone),
        "range": wide,
        "columns": columns,
        "listed": listed,
        "days": days,
        "members": members,
        "who": who,
        "hours": [(hour, (hour - first_h) * CELLS_AN_HOUR) for hour in range(first_h, last_h)],
        "rows": (last_h - first_h) * CELLS_AN_HOUR,
        "first_h": first_h,
        "before": day - step,
        "after": day + step,
        "heading": _heading(days, wide),
        "clashes": queries.clashes(practice, [v for v in visits if queries.sees_name(member, v)], blocks),
        "undo": _undo_of(request),
        "waiting": queries.waiting_list(practice).count() if member.sees_contacts or member.is_clinical else 0,
        "unsure": list(queries.unsure_mails(practice)[:3]),
        "doors": [
            (reverse("diary:money"), _("Money"), "list"),
            (reverse("diary:calendars"), _("Calendars"), "calendar"),
            (reverse("diary:setup"), _("Set up"), "settings"),
        ],
        "setup_url": reverse("diary:setup"),
        "ready": Service.objects.filter(practice=practice).exists() and _anybody_works(members),
    }
    return _shown(request, zone, "diary/diary.html", context)


def _anybody_works(members: list[Member]) -> bool:
    return Shift.objects.filter(member__in=members).exists()


def _free(practice: Any, start: datetime, end: datetime, members: list[Member]) -> list[queries.Free]:
    """Free times for the first public service, of each therapist one after another."""
    service = queries.services_for(practice, ["public"]).first() or queries.services_for(practice).first()
    if service is None or end <= datetime.now(UTC):
        return []
    kept: list[queries.Free] = []
    last: dict[int, datetime] = {}
    for one in queries.free_times(service, start, end):
        if one.member in members and one.start >= last.get(one.member.pk, start):
            kept.append(one)
            last[one.member.pk] = one.end
    return kept


def _hours(days: list[date], zone: ZoneInfo, visits: list[Appointment], free: list[queries.Free]) -> tuple[int, int]:
    first, last = USUAL_HOURS
    for one in [*visits, *free]:
        start, end = one.start.astimezone(zone), one.end.astimezone(zone)
        first = min(first, start.hour)
        last = max(last, end.hour + (end.minute > 0) if end.date() == start.date() else 24)
    return first, last


def _heading(days: list[date], wide: str) -> str:
    if wide == "day" or len(days) == 1:
        return date_format(days[0], "l j F")
    first, last = days[0], days[-1]
    same = first.month == last.month
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "j" if same else "j F"),
        "last": date_format(last, "j F"),
    }


def _column(
    request: HttpRequest,
    day: date,
    person: Member,
    zone: ZoneInfo,
    visits: list[Appointment],
    blocks: list[Block],
    free: list[queries.Free],
    first_h: int,
    last_h: int,
) -> Column:
    member: Member = request.member  # type: ignore[attr-defined]
    low = engine.instant(day, time(first_h), zone)
    high = engine.instant(day + timedelta(days=last_h == 24), time(last_h % 24), zone)
    now = datetime.now(UTC)

    def place(start: datetime, end: datetime) -> tuple[int, int]:
        wall = (start.astimezone(zone).replace(tzinfo=None) - datetime.combine(day, time(first_h))).total_seconds()
        row = max(int(wall // 300), 0)
        most = (last_h - first_h) * CELLS_AN_HOUR
        return row, max(1, min(int((end - start).total_seconds() // 300) + min(int(wall // 300), 0), most - row))

    column = Column(day, person, today=day == timezone.localdate(timezone=zone))
    if low <= now < high:
        column.now_row = place(now, now)[0]
    for away in blocks:
        if away.member_id == person.pk and away.start < high and away.end > low:
            start, end = max(away.start, low), min(away.end, high)
            words = away.label or (_("busy in another calendar") if away.source else "")
            column.entries.append(Entry("away", *place(start, end), start, end, _("Away"), words, away=away))
    for one in visits:
        if one.member_id == person.pk and one.start.astimezone(zone).date() == day:
            column.entries.append(_visit_entry(member, one, place(one.start, one.end), now))
    for gap in free:
        if gap.member.pk == person.pk and gap.start.astimezone(zone).date() == day:
            local = gap.start.astimezone(zone)
            url = f"{reverse('diary:book')}?who={person.pk}&day={day.isoformat()}&at={local:%H:%M}"
            words = _("Tap to book")
            column.entries.append(Entry("free", *place(gap.start, gap.end), gap.start, gap.end, _("Free"), words, url))
    column.entries.sort(key=lambda entry: (entry.start, entry.kind))
    return column


def _visit_entry(member: Member, one: Appointment, at: tuple[int, int], now: datetime) -> Entry:
    if one.state == State.HELD:
        until = one.held_until.astimezone(timezone.get_current_timezone()) if one.held_until else None
        words = _("until %(time)s") % {"time": date_format(until, "H:i")} if until else ""
        return Entry("held", *at, one.start, one.end, _("Kept"), words, one=one)
    if not queries.sees_name(member, one):
        return Entry("other", *at, one.start, one.end, _("Taken"), "", one=one)
    return Entry(
        "vis",
        *at,
        one.start,
        one.end,
        one.who,
        one.service_name,
        reverse("diary:appointment", args=[one.pk]),
        one=one,
        movable=one.state == State.BOOKED and one.start > now,
        now=one.start <= now < one.end,
    )


# --- One visit -------------------------------------------------------------------------------------------------


def _undo_of(request: HttpRequest) -> dict[str, Any] | None:
    try:
        return signing.loads(request.GET["undo"], salt=UNDO, max_age=3600) if "undo" in request.GET else None  # type: ignore[no-any-return]
    except signing.BadSignature:
        return None


@member_only
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One visit: who, when, where, what can be done with it."""
    return _appointment_page(request, queries.appointment_for(request.member, appointment_id))  # type: ignore[attr-defined]


def _appointment_page(
    request: HttpRequest, one: Appointment, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    zone = queries.zone_of(one.practice, one.location)
    now = datetime.now(UTC)
    near = []
    if one.service and one.state == State.BOOKED and one.end > now:
        start = max(now, one.start - timedelta(days=2))
        near = queries.free_times(one.service, start, start + timedelta(days=10), member=one.member, online=False)[:12]
    rules = queries.rules_of(one.practice)
    clients = [] if one.client else list(queries.bookable_clients(member)[:200])
    same = [client for client in clients if one.guest_email and client.email.lower() == one.guest_email.lower()]
    context = {
        "section": "diary",
        "one": one,
        "likely": same[0] if len(same) == 1 else None,
        "form": form or MoveForm(one=one, zone=zone),
        "near": near,
        "ahead": one.end > now,
        "may_treat": bool(member.is_clinical and one.client and may_open_chart(member, one.client)),
        "late": now > one.start - timedelta(hours=rules.free_until_h),
        "rules": rules,
        "mails": one.mails.all(),
        "link": request.build_absolute_uri(reverse("diary:yours", args=[token_of(one)])),
        "clients": clients,
        "packages": []
        if one.client is None
        else [p for p in one.client.packages.prefetch_related("appointments") if p.appointments.count() < p.visits],
        "series": Appointment.objects.filter(series=one.series, practice=one.practice).exclude(pk=one.pk)
        if one.series
        else [],
        "undo": _undo_of(request),
    }
    return _shown(request, zone, "diary/appointment.html", context, status)


@member_only
@require_POST
def move(request: HttpRequest, appointment_id: UUID) -> HttpResponseBase:
    """Move a visit: from the form, from a tap on a free time, or from the diary by drag and keyboard (JSON)."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = queries.appointment_for(member, appointment_id)
    zone = queries.zone_of(one.practice, one.location)
    was = {
        "pk": str(one.pk),
        "start": one.start.isoformat(),
        "minutes": one.minutes,
        "member": one.member_id,
        "room": one.room_id,
    }
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    form = None
    if "start" in request.POST:
        try:
            changed = _exact(request, one, _zone(request))
        except (ValueError, OverflowError, KeyError, Member.DoesNotExist, Room.DoesNotExist):
            return _refused(request, one, wants_json, _("This time cannot be read."), None)
    else:
        form = MoveForm(request.POST, one=one, zone=zone)
        if not form.is_valid():
            return _appointment_page(request, one, form, 422)
        given = form.cleaned_data
        changed = {
            "start": form.start(),
            "minutes": given["minutes"],
            "member": given["member"],
            "room": given["room"],
            "keep_room": False,
        }
    try:
        actions.move(by=member, appointment=one, key=request.POST.get("key") or None, **changed)
    except actions.SlotTaken:
        return _refused(request, one, wants_json, _taken_words(one, changed), form)
    except actions.InThePast:
        return _refused(request, one, wants_json, _("This time is over. Choose another."), form)
    except (NotAllowed, KeyReused):
        return _refused(request, one, wants_json, _("This visit cannot be moved any more."), form)
    words = _("Moved to %(when)s.") % {"when": in_words(changed["start"], zone)}
    undo = signing.dumps(was, salt=UNDO)
    if wants_json:
        return JsonResponse({"said": words, "undo": undo})
    messages.success(request, words)
    there = changed["start"].astimezone(zone).date().isoformat()
    return redirect(f"{reverse('diary:diary')}?day={there}&who={(changed.get('member') or one.member).pk}&undo={undo}")


def _exact(request: HttpRequest, one: Appointment, zone: ZoneInfo) -> dict[str, Any]:
    """What was sent. `days` and `later` (minutes) move `start` by the clock on the wall, also where that changes."""
    start = datetime.fromisoformat(request.POST["start"])
    if start.tzinfo is None:
        raise ValueError("An instant.")
    days, later = (int(request.POST.get(name) or 0) for name in ("days", "later"))
    if not (abs(days) <= 31 and abs(later) < 24 * 60):
        raise ValueError("Within a month, and by less than a day.")
    if days or later:
        wall = start.astimezone(zone).replace(tzinfo=None, fold=0) + timedelta(days=days, minutes=later)
        start = engine.instant(wall.date(), wall.time(), zone)
    if int(start.timestamp()) % 300:
        raise ValueError("On a step of five minutes.")
    changed: dict[str, Any] = {"start": start}
    if request.POST.get("minutes"):
        changed["minutes"] = int(request.POST["minutes"])
        if not 5 <= changed["minutes"] <= 480 or changed["minutes"] % 5:
            raise ValueError("Five minutes to eight hours.")
    if request.POST.get("member"):
        changed["member"] = queries.therapists(one.practice).get(pk=int(request.POST["member"]))
    if request.POST.get("room"):
        changed["room"] = Room.objects.get(pk=int(request.POST["room"]), location__practice=one.practice)
    return changed


def _taken_words(one: Appointment, changed: dict[str, Any]) -> str:
    """Why a time is not free, and the way out if there is one."""
    start = changed["start"]
    long = timedelta(minutes=changed.get("minutes") or one.minutes)
    who = changed.get("member") or one.member
    low, high = start - timedelta(minutes=one.before_min), start + long + timedelta(minutes=one.after_min)
    others = queries.appointments_between(one.practice, low - timedelta(hours=2), high + timedelta(hours=2)).exclude(
        pk=one.pk
    )
    mine = [o for o in others if o.taken[0] < high and o.taken[1] > low]
    room = changed.get("room") or (one.room if changed.get("keep_room", True) else None)
    if any(o.member_id == who.pk for o in mine):
        return _("%(name)s has another visit then.") % {"name": who.display_name}
    if room is not None:
        used = {o.room_id for o in mine}
        free = Room.objects.filter(location=room.location, active=True).exclude(pk__in=[x for x in used if x]).first()
        if free is not None:
            return _("%(room)s is taken then. %(free)s is free.") % {"room": room.name, "free": free.name}
        return _("%(room)s is taken then, and no other room is free.") % {"room": room.name}
    return _("Somebody has this time.")


def _refused(
    request: HttpRequest, one: Appointment, wants_json: bool, words: str, form: MoveForm | None
) -> HttpResponse:
    if wants_json:
        return JsonResponse({"said": words}, status=409)
    if form is not None:
        form.add_error(None, words)
        form.fresh()
        return _appointment_page(request, one, form, 409)
    messages.error(request, words)
    return redirect("diary:appointment", one.pk)


@member_only
@require_POST
def undo_move(request: HttpRequest) -> HttpResponse:
    """Put a visit back to where it was."""
    member: Member = request.member  # type: ignore[attr-defined]
    try:
        was = signing.loads(request.POST.get("undo", ""), salt=UNDO, max_age=3600)
    except signing.BadSignature as refusal:
        raise PermissionDenied(_("This can no longer be undone.")) from refusal
    one = queries.appointment_for(member, UUID(was["pk"]))
    start = datetime.fromisoformat(was["start"])
    try:
        actions.move(
            by=member,
            appointment=one,
            start=start,
            minutes=was["minutes"],
            member=Member.objects.get(pk=was["member"]),
            room=Room.objects.filter(pk=was["room"]).first(),
            keep_room=False,
        )
        messages.success(request, _("Back where it was."))
    except (actions.SlotTaken, actions.InThePast, NotAllowed):
        messages.error(request, _("The old time is taken meanwhile. The visit stays where it is."))
    return redirect(f"{reverse('diary:diary')}?day={start.astimezone(_zone(request)).date().isoformat()}")


@member_only
@require_POST
def act(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Cancel, came, did not come, name the client, open the visit."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = queries.appointment_for(member, appointment_id)
    what = request.POST.get("do", "")
    try:
        if what in ("cancel", "cancel_free"):
            actions.cancel(by=member, appointment=one, waive=what == "cancel_free")
            messages.success(request, _("Cancelled. A message is on its way.") if one.email else _("Cancelled."))
        elif what in ("came", "missed"):
            actions.set_came(by=member, appointment=one, came=what == "came")
        elif what == "client":
            if not request.POST.get("client"):
                raise NotAllowed(_("Choose the client first."))
            client = get_object_or_404(queries.bookable_clients(member), pk=request.POST["client"])
            actions.assign_client(by=member, appointment=one, client=client)
        elif what == "new_client":
            actions.make_client(by=member, appointment=one)
            messages.success(request, _("%(name)s is a client now.") % {"name": one.who})
        elif what == "open":
            if one.client is not None:
                chart_for(member, one.client.pk)
            visit = actions.open_visit(by=member, appointment=one)
            return redirect("charts:story", visit.pk)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("diary:appointment", one.pk)


# --- Booking and being away ----------------------------------------------------------------------------------------


@member_only
def book(request: HttpRequest) -> HttpResponse:
    """Book a visit, or several in a row."""
    member: Member = request.member  # type: ignore[attr-defined]
    zone = _zone(request)
    services = queries.services_for(member.practice)
    if not services.exists():
        return _shown(request, zone, "diary/nothing_yet.html", {"section": "diary"})
    asked = request.GET
    initial = {
        "day": asked.get("day") or timezone.localdate(timezone=zone),
        "at": asked.get("at", ""),
        "member": asked.get("who") or member.pk,
        "client": asked.get("client", ""),
        "service": asked.get("service") or services[0].pk,
    }
    form = BookForm(request.POST or None, by=member, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _booked(request, member, form)
        if made:
            said = _("Booked: %(when)s.") % {"when": in_words(made[0].start, zone)}
            if len(made) > 1:
                said = _("Booked %(count)d visits, the first on %(when)s.") % {
                    "count": len(made),
                    "when": in_words(made[0].start, zone),
                }
            messages.success(request, said)
            there = made[0].start.astimezone(zone).date().isoformat()
            return redirect(f"{reverse('diary:diary')}?day={there}&who={made[0].member_id}")
    status = 200 if request.method == "GET" else 422 if form.errors else 409
    return _shown(request, zone, "diary/book.html", {"form": form, "section": "diary"}, status)


def _booked(request: HttpRequest, member: Member, form: BookForm) -> list[Appointment]:
    given = form.cleaned_data
    service, who = given["service"], given["member"]
    place = (given["room"].location if given["room"] else None) or given["location"] or _usual_place(who)
    zone = queries.zone_of(member.practice, place)
    starts = [
        engine.instant(given["day"] + timedelta(weeks=n * (given["every"] or 1)), given["at"], zone)
        for n in range(given["repeat"] or 1)
    ]
    location, room = given["location"], given["room"]
    if room is not None:
        location = room.location
    elif service.needs_room:
        location, room = _first_room(service, who, starts, location)
    try:
        return actions.book_series(
            by=member,
            starts=starts,
            key=given["key"] or None,
            service=service,
            member=who,
            location=location,
            room=room,
            client=given["client"],
            name="" if given["client"] else given["name"],
            email=given["email"],
            phone=given["phone"],
        )
    except actions.SlotTaken as refusal:
        when = in_words(getattr(refusal, "start", starts[0]), zone)
        near = queries.free_times(service, starts[0], starts[0] + timedelta(days=7), member=who, online=False)[:1]
        words = _("%(when)s is taken. Nothing was booked.") % {"when": when}
        if near:
            words += " " + _("Next free: %(when)s.") % {"when": in_words(near[0].start, zone)}
        form.add_error(None, words)
    except actions.InThePast as refusal:
        form.add_error("day", str(refusal))
    except KeyReused:
        form.add_error(None, _("This form was saved already. Send it again to book once more."))
    form.fresh()
    return []


def _usual_place(who: Member) -> Location | None:
    """Where somebody works, if anywhere is said."""
    shift = Shift.objects.filter(member=who, location__isnull=False).select_related("location__practice").first()
    return shift.location if shift else None


def _first_room(service: Service, who: Member, starts: list[datetime], location: Any) -> tuple[Any, Room | None]:
    """The place where somebody works at that time, and a room free for all visits of the series."""
    location = location or _usual_place(who)
    if location is None:
        return None, None
    before, after = timedelta(minutes=service.before_min), timedelta(minutes=service.minutes + service.after_min)
    wanted = engine.in_seconds([(start - before, start + after) for start in starts]).tolist()
    for room in Room.objects.filter(location=location, active=True):
        taken = queries.room_spans([room.pk], starts[0] - timedelta(days=1), starts[-1] + timedelta(days=1))[room.pk]
        if not any(low < end and high > start for start, end in wanted for low, high in taken.tolist()):
            return location, room
    return location, None


@member_only
def away(request: HttpRequest) -> HttpResponse:
    """Say when somebody is away."""
    member: Member = request.member  # type: ignore[attr-defined]
    zone = _zone(request)
    day = _day_of(request, zone)
    initial = {"member": member.pk, "day": day, "at": time(8), "last_day": day, "to": time(18)}
    form = AwayForm(request.POST or None, by=member, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.block(
            by=member,
            member=given["member"],
            start=given["start"],
            end=given["end"],
            label=given["label"],
            key=given["key"] or None,
        )
        return redirect(f"{reverse('diary:diary')}?day={given['day'].isoformat()}&who={given['member'].pk}")
    return _shown(request, zone, "diary/away.html", {"form": form, "section": "diary"}, 422 if form.errors else 200)


@member_only
@require_POST
def be_back(request: HttpRequest, block_id: int) -> HttpResponse:
    """Be there after all."""
    member: Member = request.member  # type: ignore[attr-defined]
    found = get_object_or_404(Block, pk=block_id, member__practice=member.practice_id)
    if found.member_id != member.pk and not member.sees_contacts:
        raise PermissionDenied(_("You can change your own times only."))
    actions.unblock(by=member, away=found)
    return redirect(f"{reverse('diary:diary')}?day={found.start.astimezone(_zone(request)).date().isoformat()}")


@member_only
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits for a time."""
    member: Member = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            key = UUID(request.POST.get("waiting", ""))
        except ValueError:
            raise Http404("Nobody of this number waits.") from None
        one = get_object_or_404(Waiting, pk=key, practice=member.practice_id)
        actions.end_waiting(by=member, waiting=one)
        return redirect("diary:waiting")
    found = list(queries.waiting_list(member.practice))
    if not member.sees_contacts:
        found = [w for w in found if w.member_id in (None, member.pk)]
    return _shown(request, _zone(request), "diary/waiting.html", {"waiting": found, "section": "diary"})
