"""A believable fortnight of the demo practice: hours, rooms, services, visits, a course, a waiting list."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tautband.clinic.diary import actions
from tautband.clinic.diary.engine import instant
from tautband.clinic.diary.models import (
    Appointment,
    Block,
    BookingRules,
    CalendarLink,
    Claim,
    Mail,
    Package,
    Room,
    Service,
    Shift,
    Waiting,
)
from tautband.clinic.diary.zones import zone_named
from tautband.clinic.people.models import Client, Location, Member, Practice, Role

WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
SERVICES = (
    ("First visit", "We listen, look, and try what helps.", 75, 15, 9800, "public"),
    ("Treatment", "An hour of hands-on work and what to do at home.", 60, 15, 7800, "public"),
    ("Short follow-up", "For clients in treatment.", 30, 0, 4500, "contact"),
    ("Home visit", "", 90, 30, 14000, "hidden"),
)
# days from Monday of this week, wall clock, client, service, therapist 0 or 1
VISITS = (
    (-7, "08:30", "tomasz", 1, 0),
    (-7, "10:30", "ingrid", 1, 0),
    (-6, "13:30", "luis", 0, 0),
    (-5, "09:00", "hanne", 1, 0),
    (-4, "15:00", "joe", 1, 0),
    (0, "08:30", "tomasz", 1, 0),
    (0, "10:30", "Maud Quist", 1, 0),
    (0, "13:30", "luis", 1, 0),
    (1, "09:00", "ingrid", 1, 0),
    (1, "11:45", "priya", 0, 0),
    (1, "14:15", "joe", 1, 0),
    (1, "10:00", "Dev Patel", 1, 1),
    (1, "13:00", "Ana Reis", 0, 1),
    (2, "09:00", "Sol Adeyemi", 1, 0),
    (2, "15:30", "luis", 1, 0),
    (2, "09:00", "Noor Aziz", 1, 1),
    (3, "08:30", "Greta Holm", 0, 0),
    (3, "10:15", "tomasz", 1, 0),
    (3, "15:30", "hanne", 1, 0),
    (3, "11:00", "Dev Patel", 1, 1),
    (4, "08:30", "Ben Sato", 0, 0),
    (4, "13:00", "hanne", 1, 0),
    (7, "10:30", "ingrid", 1, 0),
    (7, "14:15", "joe", 1, 0),
    (8, "08:30", "tomasz", 1, 0),
    (9, "09:00", "priya", 1, 0),
    (9, "11:30", "Sol Adeyemi", 1, 0),
    (8, "10:00", "Dev Patel", 1, 1),
    (10, "15:30", "hanne", 1, 0),
    (11, "10:00", "luis", 1, 0),
)


def make_fortnight(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Write last week, this week and the next."""
    zone = zone_named(practice.time_zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    colleague = Member.objects.filter(practice=practice, role=Role.THERAPIST).first()
    therapists = [by, colleague or by]
    place = Location.objects.filter(practice=practice).order_by("pk").first()
    if place is None:
        return
    rooms = [actions.keep_room(by=by, location=place, name=name) for name in ("Room 1", "Room 2")]
    services = [
        actions.keep_service(
            by=by,
            members=list(dict.fromkeys(therapists)),
            name=name,
            about=about,
            minutes=minutes,
            after_min=after,
            price_minor=price,
            who=who,
            order=order,
        )
        for order, (name, about, minutes, after, price, who) in enumerate(SERVICES)
    ]
    for person, start, end in zip(dict.fromkeys(therapists), ("08:30", "09:00"), ("18:45", "16:00"), strict=False):
        actions.keep_shift(
            by=by,
            member=person,
            location=place,
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            rule=WORKDAYS,
            first=monday - timedelta(days=28),
            breaks=[["12:45", "13:00"]] if person == by else [["12:15", "12:45"]],
        )
    actions.keep_rules(by=by, online=True, welcome="Tap a time. You can change it later.")
    for day, clock, who, service, person in VISITS:
        at = instant(monday + timedelta(days=day), time.fromisoformat(clock), zone)
        _visit(services[service], therapists[person], at, place, rooms[person], clients.get(who), who, by, now)
    away = monday + timedelta(days=2)
    actions.block(by=by, member=by, start=_at(away, "13:00", zone), end=_at(away, "15:00", zone), label="Course")
    actions.sell_package(by=by, client=clients["tomasz"], name="Six treatments", visits=6, price_minor=42000)
    actions.wait(by=by, practice=practice, name="Ella Brandt", email="ella@example.org", service=services[1])
    actions.wait(by=by, practice=practice, client=clients["hanne"], service=services[1], member=by)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return instant(day, time.fromisoformat(clock), zone)


def _visit(
    service: Service,
    member: Member,
    at: datetime,
    place: Location,
    room: Room,
    client: Client | None,
    who: str,
    by: Member,
    now: datetime,
) -> None:
    """One visit; those that are over came, and most are paid. What is over cannot be booked, so it is written as is."""
    guest = "" if client else who
    if at > max(now, datetime.now(UTC)):
        actions.book(
            by=by,
            service=service,
            member=member,
            start=at,
            location=place,
            room=room,
            client=client,
            name=guest,
            tell=False,
        )
        return
    actions.note_past(by=by, service=service, member=member, start=at, location=place, client=client, name=guest)


def forget_diary(practice: Practice) -> None:
    """Delete all of the demo's diary, before the people it speaks of go."""
    Mail.objects.filter(appointment__practice=practice).delete()
    Claim.objects.filter(member__practice=practice).delete()
    Claim.objects.filter(room__location__practice=practice).delete()
    Appointment.objects.filter(practice=practice).delete()
    Package.objects.filter(client__practice=practice).delete()
    Waiting.objects.filter(practice=practice).delete()
    CalendarLink.objects.filter(member__practice=practice).delete()
    Block.objects.filter(member__practice=practice).delete()
    Shift.objects.filter(member__practice=practice).delete()
    Service.objects.filter(practice=practice).delete()
    Room.objects.filter(location__practice=practice).delete()
    BookingRules.objects.filter(practice=practice).delete()
