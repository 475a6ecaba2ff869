"""Reading the diary: free times, a day, a week. Whose names are shown is decided here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Aggregate, F, Func, IntegerField, Q, QuerySet, TextField
from django.http import Http404

from tautband.clinic.diary import engine
from tautband.clinic.diary.models import (
    TAKES_TIME,
    Appointment,
    Block,
    BookingRules,
    Mail,
    MailState,
    Room,
    Service,
    Shift,
    State,
    Waiting,
    Who,
)
from tautband.clinic.diary.zones import zone_named
from tautband.clinic.people import reads
from tautband.clinic.people.models import CLINICAL_ROLES, Client, Location, Member, Practice
from tautband.clinic.people.queries import NotYours, keeper_name, may_open_chart


def rules_of(practice: Practice) -> BookingRules:
    """How the practice lets itself be booked; not stored while nobody changed it."""
    return BookingRules.objects.filter(practice=practice).first() or BookingRules(practice=practice)


def zone_of(practice: Practice, location: Location | None = None) -> ZoneInfo:
    """The clock on the wall."""
    return zone_named(location.zone if location else practice.time_zone)


def therapists(practice: Practice) -> QuerySet[Member]:
    """Who can be booked."""
    return Member.objects.filter(practice=practice, active=True, role__in=CLINICAL_ROLES).order_by("display_name")


def services_for(practice: Practice, who: Iterable[str] | None = None) -> QuerySet[Service]:
    """What can be booked, by whom."""
    found = Service.objects.filter(practice=practice, active=True).prefetch_related("members")
    return found if who is None else found.filter(who__in=list(who))


class InSeconds(Func):
    """A moment as whole seconds since 1970, counted by the database: a year of visits is read without a `datetime`."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite keeps moments as text in UTC, and counts them rounded to the thousandth of a second."""
        quick = connection.Database.sqlite_version_info >= (3, 38)
        template = "unixepoch(%(expressions)s)" if quick else "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL keeps moments as moments."""
        template = "CAST(floor(EXTRACT(EPOCH FROM %(expressions)s)) AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **more)


class Listed(Aggregate):
    """The whole numbers of a group as one text with commas: a thousand visits of somebody are one row to fetch.

    Several of them over the same groups list the rows in the same order.
    """

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite's name for it."""
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL's name for it."""
        return self.as_sql(compiler, connection, template="string_agg(CAST(%(expressions)s AS text), ',')", **more)


AROUND = timedelta(hours=4)
"""No visit keeps more than this free before or after it."""


def taken_spans(members: Iterable[int], start: datetime, end: datetime) -> dict[int, engine.Spans]:
    """What is taken of each therapist: visits with what is kept free around them, and times away."""
    keys = list(members)
    away = Block.objects.filter(member__in=keys, start__lt=end, end__gt=start)
    visits = _by_key(_visits("member_id", keys, start, end), "member_id", before=F("before_min"), after=F("after_min"))
    for key, spans in _by_key(away, "member_id").items():
        visits[key] = np.concatenate([visits[key], spans])
    return visits


def room_spans(rooms: Iterable[int], start: datetime, end: datetime) -> dict[int, engine.Spans]:
    """What is taken of each room."""
    visits = _visits("room_id", list(rooms), start, end)
    return _by_key(visits, "room_id", before=F("before_min"), after=F("after_min"))


def _visits(of: str, keys: list[int], start: datetime, end: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        **{f"{of}__in": keys}, start__lt=end + AROUND, end__gt=start - AROUND, state__in=TAKES_TIME
    ).exclude(state=State.HELD, held_until__lte=datetime.now(UTC))


def _by_key(found: QuerySet[Any], of: str, *, before: Any = None, after: Any = None) -> dict[int, engine.Spans]:
    """The spans of each, with the minutes before and after them; of one that has none, none."""
    low = InSeconds("start") if before is None else InSeconds("start") - before * 60
    high = InSeconds("end") if after is None else InSeconds("end") + after * 60
    rows = found.order_by().values_list(of).annotate(lows=Listed(low), highs=Listed(high))
    spans = {key: np.column_stack([_numbers(lows), _numbers(highs)]) for key, lows, highs in rows}
    return defaultdict(lambda: engine.as_spans([]), spans)


def _numbers(listed: str) -> np.ndarray:
    return np.fromstring(listed, dtype=np.int64, sep=",")


def as_shift(row: Shift, zone: str) -> engine.Shift:
    """A shift as the engine knows it."""
    return engine.Shift(
        zone=zone,
        start=row.start,
        end=row.end,
        rule=row.rule,
        first=row.first,
        last=row.last,
        breaks=tuple((time.fromisoformat(low), time.fromisoformat(high)) for low, high in row.breaks),
        off=frozenset(date.fromisoformat(day) for day in row.off),
    )


@dataclass(frozen=True)
class Free:
    """A time that can be booked, with whom and where."""

    start: datetime
    end: datetime
    member: Member
    location: Location | None
    room: Room | None


@dataclass(frozen=True)
class Desk:
    """One therapist at one place: the cells in which they work and nothing is taken."""

    member: Member
    location: Location | None
    cells: np.ndarray


@dataclass(frozen=True)
class Board:
    """All that free times are read from, of some therapists in a stretch of time: read once, asked for any service."""

    window: engine.Window
    desks: list[Desk]
    rooms: dict[int, list[tuple[Room, np.ndarray]]]

    def fits(self, need: engine.Need) -> dict[int, engine.RoomFit | None]:
        """Where a visit fits into a room, by place."""
        return {place: engine.room_fit([cells for _room, cells in here], need) for place, here in self.rooms.items()}


def board_of(
    practice: Practice,
    members: Sequence[Member],
    window: engine.Window,
    *,
    location: Location | None = None,
    online: bool = True,
    with_rooms: bool = True,
) -> Board:
    """Read the hours, visits, times away and rooms of these therapists."""
    shifts = Shift.objects.filter(member__in=members).select_related("location__practice", "member__practice")
    if online:
        shifts = shifts.filter(online=True)
    if location is not None:
        shifts = shifts.filter(location=location)
    taken = taken_spans([one.pk for one in members], window.start, window.end)
    groups: dict[tuple[Member, Location | None], list[Shift]] = defaultdict(list)
    for shift in shifts:
        groups[shift.member, shift.location].append(shift)
    desks = []
    for (who, where), theirs in groups.items():
        zone = str(zone_of(practice, where))
        cells = engine.open_cells([as_shift(one, zone) for one in theirs], taken[who.pk], window)
        desks.append(Desk(who, where, cells))
    places = {desk.location.pk for desk in desks if desk.location}
    return Board(window, desks, _rooms_at(places, window) if with_rooms else {})


def free_times(
    service: Service,
    start: datetime,
    end: datetime,
    *,
    member: Member | None = None,
    location: Location | None = None,
    online: bool = True,
    not_before: datetime | None = None,
) -> list[Free]:
    """The times at which a service can be booked, in order. `online` leaves out hours that are not for online booking.

    Two therapists free at the same time are two entries.
    """
    members = [one for one in doers_of(service) if member is None or one.pk == member.pk]
    board = board_of(
        service.practice,
        members,
        engine.Window(start, end),
        location=location,
        online=online,
        with_rooms=service.needs_room,
    )
    need = engine.Need(service.minutes, service.before_min, service.after_min)
    fits, found = board.fits(need), []
    for desk in board.desks:
        place = desk.location.pk if desk.location else None
        here = board.rooms.get(place) if place else None
        free = engine.slots(
            desk.cells,
            need,
            board.window,
            not_before=not_before or datetime.now(UTC),
            rooms=fits.get(place) if place else None,
        )
        found += [
            Free(
                one.start,
                one.end,
                desk.member,
                desk.location,
                here[one.room][0] if here and one.room is not None else None,
            )
            for one in free
        ]
    return sorted(found, key=lambda one: (one.start, one.member.display_name))


def doers_of(service: Service) -> list[Member]:
    """Who does it: those it names, or every therapist."""
    return [one for one in service.members.all() if one.active] or list(therapists(service.practice))


def _rooms_at(places: set[int], window: engine.Window) -> dict[int, list[tuple[Room, np.ndarray]]]:
    rooms = list(Room.objects.filter(location__in=places, active=True).order_by("name"))
    taken = room_spans([room.pk for room in rooms], window.start, window.end)
    at: dict[int, list[tuple[Room, np.ndarray]]] = defaultdict(list)
    for room in rooms:
        at[room.location_id].append((room, engine.free_cells(taken[room.pk], window)))
    return at


def public_times(service: Service, *, days: int | None = None, member: Member | None = None) -> list[Free]:
    """What a client sees: not sooner than the rules say, not farther ahead, each time once."""
    rules = rules_of(service.practice)
    now = datetime.now(UTC)
    soonest = now + timedelta(hours=rules.notice_h)
    until = now + timedelta(days=min(days or rules.horizon_days, rules.horizon_days))
    every = free_times(service, now, until, member=member, not_before=soonest)
    once: dict[datetime, Free] = {}
    for free in every:
        once.setdefault(free.start, free)
    return list(once.values())


@dataclass(frozen=True)
class FirstFree:
    """The next time of somebody that can be booked online, and what is booked then."""

    start: datetime
    service: Service


def next_free_of(practice: Practice, members: Sequence[Member], *, days: int = 28) -> dict[int, FirstFree]:
    """The next time of each that can be booked online, by the key of the member; who has none soon is left out.

    Reads the diary once, however many they are.
    """
    rules = rules_of(practice)
    if not rules.online or not members:
        return {}
    now = datetime.now(UTC)
    soonest = now + timedelta(hours=rules.notice_h)
    board = board_of(practice, members, engine.Window(now, now + timedelta(days=min(days, rules.horizon_days))))
    found: dict[int, FirstFree] = {}
    for service in services_for(practice, [Who.PUBLIC]):
        need = engine.Need(service.minutes, service.before_min, service.after_min)
        fits = board.fits(need) if service.needs_room else {}
        named = {one.pk for one in service.members.all() if one.active}
        for desk in board.desks:
            if named and desk.member.pk not in named:
                continue
            rooms = fits.get(desk.location.pk) if desk.location else None
            begins = engine.starts(desk.cells, need, board.window, not_before=soonest, rooms=rooms)
            if len(begins):
                start = board.window.instant(begins[0]) + timedelta(minutes=service.before_min)
                known = found.get(desk.member.pk)
                if known is None or start < known.start:
                    found[desk.member.pk] = FirstFree(start, service)
    return found


# --- The diary ----------------------------------------------------------------------------------------------------


def sees_name(member: Member, one: Appointment) -> bool:
    """Whether a member reads who comes: their own visits, the owner and reception all, others with the chart."""
    if member.sees_contacts or one.member_id == member.pk:
        return True
    return one.client is not None and may_open_chart(member, one.client)


def appointments_between(
    practice: Practice, start: datetime, end: datetime, members: Sequence[Member] | None = None
) -> QuerySet[Appointment]:
    """The visits in a stretch of time, without those cancelled and without kept times that are over."""
    found = (
        Appointment.objects.filter(practice=practice, start__lt=end, end__gt=start)
        .exclude(state__in=[State.CANCELLED, State.LATE])
        .exclude(state=State.HELD, held_until__lte=datetime.now(UTC))
        .select_related("client", "member", "room", "location__practice", "service", "practice")
    )
    return found if members is None else found.filter(member__in=list(members))


def appointment_for(member: Member, appointment_id: UUID) -> Appointment:
    """One visit that this member may see. Raises Http404, NotYours."""
    found = (
        Appointment.objects.select_related("client", "member", "room", "location__practice", "service", "practice")
        .filter(practice=member.practice_id, pk=appointment_id)
        .exclude(state=State.HELD)
        .first()
    )
    if found is None:
        raise Http404("No such visit.")
    if not sees_name(member, found):
        raise NotYours(keeper_name(found.client) if found.client else found.member.display_name)
    if found.client and member.sees_contacts:
        reads.saw_details(found.client)
    return found


def bookable_clients(member: Member) -> QuerySet[Client]:
    """Whom this member may put into the diary."""
    from tautband.clinic.people.queries import clients_for

    return clients_for(member)


@dataclass(frozen=True)
class Clash:
    """Something in the diary that cannot both be true, with the way out if there is one."""

    one: Appointment
    away: Block | None
    room_free: Room | None
    next_free: Free | None


def clashes(practice: Practice, visits: Sequence[Appointment], blocks: Sequence[Block]) -> list[Clash]:
    """Visits that fall into time away: the database allows it, somebody must decide."""
    found = []
    for one in visits:
        if one.state != State.BOOKED or one.start <= datetime.now(UTC):
            continue
        away = next(
            (b for b in blocks if b.member_id == one.member_id and b.start < one.end and b.end > one.start), None
        )
        if away is not None:
            found.append(Clash(one, away, None, _way_out(one)))
    return found


def _way_out(one: Appointment) -> Free | None:
    if one.service is None:
        return None
    near = free_times(
        one.service, one.start - timedelta(hours=12), one.start + timedelta(days=7), member=one.member, online=False
    )
    return next(iter(near), None)


def waiting_list(practice: Practice) -> QuerySet[Waiting]:
    """Who waits, the longest first."""
    return Waiting.objects.filter(practice=practice, done_at=None).select_related("client", "service", "member")


def unsure_mails(practice: Practice) -> QuerySet[Mail]:
    """Messages of which nobody knows whether they went, or that did not go."""
    old = datetime.now(UTC) - timedelta(minutes=15)
    stuck = Q(state=MailState.SENDING, at__lt=old) | Q(state=MailState.FAILED)
    return Mail.objects.filter(stuck, appointment__practice=practice).select_related("appointment__client")


def calendar_of(*, member: Member | None = None, client: Client | None = None) -> list[Appointment]:
    """What a subscribed calendar holds: from a month ago on."""
    since = datetime.now(UTC) - timedelta(days=31)
    found = Appointment.objects.filter(start__gt=since).exclude(state=State.HELD)
    found = found.filter(member=member) if member else found.filter(client=client)
    return list(found.select_related("client", "member", "room", "location", "practice")[:5000])


def upcoming_of(client: Client) -> QuerySet[Appointment]:
    """A client's next visits."""
    return Appointment.objects.filter(client=client, state=State.BOOKED, end__gt=datetime.now(UTC)).select_related(
        "member", "location__practice", "room", "service", "practice"
    )
