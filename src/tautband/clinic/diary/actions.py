"""Writing the diary: booking, moving, cancelling, and what can be booked. All is audited.

A visit is booked in one transaction that claims its cells; the database refuses a cell that is claimed already, and
the refusal reaches the caller as `SlotTaken`.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import PRACTICE, Actor, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.diary import mails
from tautband.clinic.diary.engine import CELL_S, BadRule, Span, cell_of, days_of
from tautband.clinic.diary.models import (
    TAKES_TIME,
    Appointment,
    Block,
    BookingRules,
    CalendarLink,
    Claim,
    NoMore,
    Package,
    Room,
    Service,
    Shift,
    State,
    Waiting,
)
from tautband.clinic.people import actions as people
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.models import Client, Location, Member, Practice

EXPIRED_KEPT = timedelta(hours=1)
SERIES_MOST = 26
NEAR_WANTED = timedelta(hours=1)
"""Whoever waits for one time is told of times this near to it."""


class AlreadyKnown(Exception):
    """The address belongs to a client already."""


class SlotTaken(Exception):
    """Somebody else has this time, or the room."""


class InThePast(Exception):
    """The time is over already."""


class NotFree(Exception):
    """The therapist does not work then, or is away."""


class TooMany(Exception):
    """This address holds as many visits ahead as the practice allows."""


class HoldEnded(Exception):
    """The time was kept until a clock time that has passed, and is not kept any more."""


class Guest:
    """Somebody who books without being a client yet, or before we know. Satisfies `audit.log.Actor`."""

    audit_key = "guest"
    audit_name = "Online booking"


def _appointment_of(event: AuditEvent) -> Appointment:
    return Appointment.objects.get(pk=event.target.removeprefix("appointment/"))


def _row_of(model: Any) -> Any:
    return lambda event: model.objects.filter(pk=event.target.rpartition("/")[2]).first()


def _now() -> datetime:
    return datetime.now(UTC)


def _chart(appointment: Appointment) -> str:
    return appointment.client.chart_key if appointment.client else PRACTICE


def _trace(appointment: Appointment, verb: str, by: Actor, **details: Any) -> None:
    record(verb=verb, target=f"appointment/{appointment.pk}", chart=_chart(appointment), by=by, details=details or None)


# --- Claims --------------------------------------------------------------------------------------------------------


def _claim(appointment: Appointment) -> None:
    """Claim the cells of a visit, anew. Raises SlotTaken; then nothing of the transaction may be kept."""
    Claim.objects.filter(appointment=appointment.pk).delete()
    if appointment.state not in TAKES_TIME:
        return
    start, end = appointment.taken
    if start.timestamp() % CELL_S or end.timestamp() % CELL_S:
        raise ValidationError("Visits begin and end on steps of five minutes.")
    cells = range(cell_of(start), cell_of(end, up=True))
    made = [Claim(appointment=appointment.pk, member=appointment.member, cell=cell) for cell in cells]
    if appointment.room_id:
        made += [Claim(appointment=appointment.pk, room_id=appointment.room_id, cell=cell) for cell in cells]
    _let_go_of_ended(appointment, cells)
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(made)
    except IntegrityError as refusal:
        raise SlotTaken("Somebody has this time.") from refusal


def _let_go_of_ended(appointment: Appointment, cells: range) -> None:
    """Delete times that were kept for somebody until a moment that is over, where they stand in the way."""
    mine = Q(member=appointment.member_id) | Q(room=appointment.room_id, room__isnull=False)
    there = Claim.objects.filter(mine, cell__gte=cells[0], cell__lte=cells[-1]).values("appointment")
    for ended in Appointment.objects.filter(pk__in=there, state=State.HELD, held_until__lte=_now()):
        ended.delete()


def clear_ended_holds(now: datetime | None = None) -> int:
    """Delete every kept time whose moment is over; how many."""
    ended = list(Appointment.objects.filter(state=State.HELD, held_until__lte=(now or _now()) - EXPIRED_KEPT))
    for one in ended:
        one.delete()
    return len(ended)


# --- Keeping and booking ---------------------------------------------------------------------------------------------


def _made(
    service: Service,
    member: Member,
    start: datetime,
    location: Location | None,
    room: Room | None,
    minutes: int | None = None,
    **more: Any,
) -> Appointment:
    if start <= _now():
        raise InThePast("This time is over. Choose another.")
    now = _now()
    made = Appointment(
        practice=service.practice,
        service=service,
        service_name=service.name,
        member=member,
        location=location,
        room=room,
        start=start,
        end=start + timedelta(minutes=minutes or service.minutes),
        before_min=service.before_min,
        after_min=service.after_min,
        price_minor=service.price_minor,
        currency=rules_of(service.practice).currency,
        made_at=now,
        changed_at=now,
        **more,
    )
    made.save()
    _claim(made)
    return made


def rules_of(practice: Practice) -> BookingRules:
    """The rules of a practice, made when there are none."""
    return BookingRules.objects.get_or_create(practice=practice)[0]


@transaction.atomic
def hold(
    *, service: Service, member: Member, start: datetime, location: Location | None = None, room: Room | None = None
) -> Appointment:
    """Keep a time for somebody who fills in a form. Raises SlotTaken, InThePast. Nothing personal is stored yet."""
    until = _now() + timedelta(minutes=rules_of(service.practice).hold_min)
    until = until.replace(second=0, microsecond=0)
    return _made(service, member, start, location, room, state=State.HELD, held_until=until, online=True)


@action(again=_appointment_of)
def book_held(
    *, held: Appointment, name: str, email: str, phone: str = "", client: Client | None = None
) -> Appointment:
    """Book a kept time. Raises HoldEnded when it is gone, TooMany."""
    kept = Appointment.objects.select_for_update().filter(pk=held.pk, state=State.HELD).first()
    if kept is None:
        raise HoldEnded("This time is not kept any more.")
    rules = rules_of(kept.practice)
    ahead = Appointment.objects.filter(practice=kept.practice, state=State.BOOKED, start__gt=_now())
    if ahead.filter(Q(guest_email__iexact=email) | Q(client__email__iexact=email)).count() >= rules.per_address:
        raise TooMany("This address holds as many visits ahead as can be booked online. Please write to us.")
    kept.state, kept.held_until, kept.client = State.BOOKED, None, client
    kept.guest_name, kept.guest_email, kept.guest_phone = name, email, phone
    kept.changed_at = _now()
    kept.save()
    _trace(kept, "appointment.booked", client or Guest(), online=True)
    _waits_no_more(kept, client or Guest())
    mails.on_change(kept, "booked")
    mails.plan_reminder(kept)
    return kept


@action(again=_appointment_of)
def book(
    *,
    by: Actor,
    service: Service,
    member: Member,
    start: datetime,
    location: Location | None = None,
    room: Room | None = None,
    client: Client | None = None,
    name: str = "",
    email: str = "",
    phone: str = "",
    minutes: int | None = None,
    series: uuid.UUID | None = None,
    tell: bool = True,
) -> Appointment:
    """Book a visit from the diary. Raises SlotTaken, InThePast, ValueError when nobody is named."""
    if client is None and not name.strip():
        raise ValueError("Say who comes.")
    made = _made(
        service,
        member,
        start,
        location,
        room,
        minutes,
        client=client,
        guest_name=name.strip(),
        guest_email=email,
        guest_phone=phone,
        series=series,
    )
    _trace(made, "appointment.booked", by)
    if tell:
        mails.on_change(made, "booked")
    mails.plan_reminder(made)
    return made


@action(again=_appointment_of)
def note_past(
    *,
    by: Member,
    service: Service,
    member: Member,
    start: datetime,
    location: Location | None = None,
    client: Client | None = None,
    name: str = "",
) -> Appointment:
    """Note a visit that took place without having been booked here. It claims no time: that is over."""
    if start > _now():
        raise ValueError("This is still to come: book it.")
    made = Appointment.objects.create(
        practice=service.practice,
        service=service,
        service_name=service.name,
        member=member,
        location=location,
        start=start,
        end=start + timedelta(minutes=service.minutes),
        price_minor=service.price_minor,
        currency=rules_of(service.practice).currency,
        client=client,
        guest_name=name,
        state=State.CAME,
        made_at=_now(),
        changed_at=_now(),
    )
    _trace(made, "appointment.came", by)
    return made


def book_series(*, by: Actor, starts: Sequence[datetime], key: str | None = None, **what: Any) -> list[Appointment]:
    """Book the same visit at several times, all or none. Raises SlotTaken naming the first time that is not free."""
    if not 1 <= len(starts) <= SERIES_MOST:
        raise ValueError(f"A series has up to {SERIES_MOST} visits.")
    series = uuid.uuid4() if len(starts) > 1 else None
    made = []
    with transaction.atomic():
        for place, start in enumerate(starts):
            try:
                own_key = f"{key}-{place}" if key else None
                made.append(book(by=by, start=start, series=None, tell=place == 0, key=own_key, **what))
            except SlotTaken as refusal:
                refusal.start = start  # type: ignore[attr-defined]
                raise
        if series is not None:
            Appointment.objects.filter(pk__in=[one.pk for one in made], series=None).update(series=series)
    return made


@action(again=_appointment_of)
def move(
    *,
    by: Actor,
    appointment: Appointment,
    start: datetime,
    minutes: int | None = None,
    member: Member | None = None,
    room: Room | None = None,
    keep_room: bool = True,
    location: Location | None = None,
) -> Appointment:
    """Move a visit, make it longer or shorter, or give it to somebody else. Raises SlotTaken, InThePast, NotAllowed."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if one.state != State.BOOKED:
        raise NotAllowed("Only a booked visit moves.")
    if start <= _now():
        raise InThePast("This time is over. Choose another.")
    length = timedelta(minutes=minutes) if minutes else one.end - one.start
    was = one.start
    one.start, one.end = start, start + length
    if member is not None:
        one.member = member
    if location is not None:
        one.location = location
    if room is not None or not keep_room:
        one.room = room
    one.version += 1
    one.changed_at = _now()
    one.save()
    _claim(one)
    _trace(one, "appointment.moved", by)
    if was != one.start:
        mails.on_change(one, "moved")
        mails.plan_reminder(one)
        fill_gap(one, was)
    return one


@transaction.atomic
def move_to_held(
    *,
    by: Actor,
    appointment: Appointment,
    held: Appointment,
    start: datetime,
    member: Member,
    room: Room | None,
    location: Location | None,
) -> Appointment:
    """Move a visit to a time that was kept for it: the kept time is let go and taken in one transaction."""
    if not Appointment.objects.filter(pk=held.pk, state=State.HELD).exists():
        raise SlotTaken("This time is not kept any more.")
    held.delete()
    return move(
        by=by, appointment=appointment, start=start, member=member, room=room, keep_room=False, location=location
    )


@action(again=_appointment_of)
def cancel(*, by: Actor, appointment: Appointment, waive: bool = False) -> Appointment:
    """Cancel a visit; late ones keep the share of the price that the rules say, unless it is waived. Twice is once."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if one.state in (State.CANCELLED, State.LATE):
        return one
    if one.state != State.BOOKED:
        raise NotAllowed("Only a booked visit can be cancelled.")
    rules = rules_of(one.practice)
    late = _now() > one.start - timedelta(hours=rules.free_until_h) and not waive
    one.state = State.LATE if late else State.CANCELLED
    one.price_minor = one.price_minor * rules.late_percent // 100 if late else 0
    one.package = one.package if late else None
    one.version += 1
    one.changed_at = _now()
    one.save()
    _claim(one)
    _trace(one, "appointment.cancelled", by, late=late)
    mails.on_change(one, "cancelled")
    fill_gap(one, one.start)
    return one


@action(again=_appointment_of)
def set_came(*, by: Member, appointment: Appointment, came: bool) -> Appointment:
    """Say that somebody came, or that nobody did; the rules say what a missed visit costs."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if one.state not in (State.BOOKED, State.CAME, State.MISSED):
        raise NotAllowed("Only a booked visit can be missed.")
    full = one.service.price_minor if one.service and one.state == State.MISSED else one.price_minor
    one.state = State.CAME if came else State.MISSED
    one.price_minor = full if came else full * rules_of(one.practice).missed_percent // 100
    one.changed_at = _now()
    one.save()
    _trace(one, "appointment.came" if came else "appointment.missed", by)
    return one


@action(again=_appointment_of)
def assign_client(*, by: Member, appointment: Appointment, client: Client) -> Appointment:
    """Say which client a guest is."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    one.client, one.changed_at = client, _now()
    one.save()
    _trace(one, "appointment.client_named", by)
    return one


@action(again=_appointment_of)
def make_client(*, by: Member, appointment: Appointment) -> Appointment:
    """Add the guest of a booking as a client with what they gave; who treats them keeps the chart."""
    one = Appointment.objects.select_for_update(of=("self",)).select_related("member").get(pk=appointment.pk)
    if one.client is None:
        _become_client(one, by)
    return one


def introduce(*, appointment: Appointment, birth_date: date) -> Client:
    """A guest who has the mail of their booking tells their date of birth and so becomes a client.

    Raises AlreadyKnown when the visit, or the address it was booked with, belongs to a client: then the ordinary door
    asks for what only that client knows.
    """
    with transaction.atomic():
        one = Appointment.objects.select_for_update(of=("self",)).select_related("member").get(pk=appointment.pk)
        if one.client is not None or known_at(one):
            raise AlreadyKnown
        return _become_client(one, Guest(), birth_date=birth_date)


def known_at(one: Appointment) -> bool:
    """Whether some client of the practice has the address of this booking."""
    return Client.objects.filter(practice=one.practice_id, email__iexact=one.email).exists()


def _become_client(one: Appointment, by: Actor, **more: Any) -> Client:
    details = {"name": one.guest_name, "email": one.guest_email, "phone": one.guest_phone, **more}
    client = people.create_client_from_outside(by=by, keeper=one.member, **details)
    theirs = Appointment.objects.filter(practice=one.practice_id, client=None, guest_email__iexact=one.guest_email)
    for row in [one, *(theirs.exclude(pk=one.pk) if one.guest_email else ())]:
        row.client, row.changed_at = client, _now()
        row.save()
        _trace(row, "appointment.client_named", by)
    return client


@action(again=lambda event: Visit.objects.get(appointment=event.target.removeprefix("appointment/")))
def open_visit(*, by: Member, appointment: Appointment) -> Visit:
    """Open the chart's visit for an appointment, or go on with the one that is open."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if one.client is None:
        raise NotAllowed("Say first which client this is.")
    if one.visit is not None:
        return one.visit
    already = one.client.visits.filter(closed_at=None, appointment=None).first()
    one.visit = already or charts.open_visit(by=by, client=one.client, minutes=one.minutes)
    one.state, one.changed_at = State.CAME, _now()
    one.save()
    _trace(one, "appointment.came", by)
    return one.visit


def untie_visit(*, visit: Visit) -> None:
    """Let an appointment go of a visit that was written in the wrong chart. Part of an action that records it."""
    Appointment.objects.filter(visit=visit).update(visit=None)


# --- Waiting, gaps ---------------------------------------------------------------------------------------------------


@action(again=_row_of(Waiting))
def wait(
    *,
    by: Actor,
    practice: Practice,
    name: str = "",
    email: str = "",
    phone: str = "",
    client: Client | None = None,
    service: Service | None = None,
    member: Member | None = None,
    wanted: datetime | None = None,
) -> Waiting:
    """Put somebody on the waiting list."""
    made = Waiting.objects.create(
        practice=practice,
        client=client,
        name=name,
        email=email,
        phone=phone,
        service=service,
        member=member,
        wanted=wanted,
        made_at=_now(),
    )
    chart = client.chart_key if client else PRACTICE
    record(verb="waiting.added", target=f"waiting/{made.pk}", chart=chart, by=by)
    return made


@action(again=_row_of(Waiting))
def end_waiting(*, by: Actor, waiting: Waiting) -> Waiting:
    """Take somebody off the waiting list."""
    waiting.done_at = waiting.done_at or _now()
    waiting.save(update_fields=["done_at"])
    record(verb="waiting.ended", target=f"waiting/{waiting.pk}", by=by)
    return waiting


def _waits_no_more(booked: Appointment, by: Actor) -> None:
    """Whoever waited for this and has it now waits no more."""
    same = Q(email__iexact=booked.email) | (Q(client=booked.client_id) if booked.client_id else Q(pk=None))
    theirs = Waiting.objects.filter(same, practice=booked.practice, done_at=None)
    for one in theirs.filter(Q(service=None) | Q(service=booked.service_id)):
        one.done_at = _now()
        one.save(update_fields=["done_at"])
        record(verb="waiting.ended", target=f"waiting/{one.pk}", by=by)


def fill_gap(appointment: Appointment, start: datetime) -> Waiting | None:
    """Write to the one who waits longest for such a time, if it is still ahead. Nobody is told twice of one time; the
    next in line is told when it is still free after a while (`mails.ask_next`)."""
    rules = rules_of(appointment.practice)
    if start <= _now() + timedelta(hours=rules.notice_h):
        return None
    fitting = Waiting.objects.filter(
        Q(service=None) | Q(service=appointment.service_id),
        Q(member=None) | Q(member=appointment.member_id),
        Q(wanted=None) | Q(wanted__range=(start - NEAR_WANTED, start + NEAR_WANTED)),
        practice=appointment.practice,
        done_at=None,
    ).exclude(told_of=start)
    mine = Q(email__iexact=appointment.email) if appointment.email else Q(pk=None)
    for one in fitting.exclude(mine):
        if one.email or (one.client and one.client.email):
            one.told_of = start
            one.save(update_fields=["told_of"])
            mails.tell_of_gap(one, appointment, start)
            return one
    return None


# --- What can be booked ----------------------------------------------------------------------------------------------


def _keeper(by: Member) -> None:
    if not by.is_owner:
        raise NotAllowed("Only the owner of the practice can do this.")


@action(again=_row_of(Service))
def keep_service(
    *, by: Member, service: Service | None = None, members: Sequence[Member] = (), **fields: Any
) -> Service:
    """Add a service or change one. Owners only. Raises ValidationError."""
    _keeper(by)
    one = service or Service(practice=by.practice)
    for name, value in fields.items():
        setattr(one, name, value)
    one.full_clean()
    one.save()
    one.members.set(members)
    record(verb="service.kept", target=f"service/{one.pk}", by=by)
    return one


@action(again=_row_of(Room))
def keep_room(*, by: Member, location: Location, name: str, room: Room | None = None, active: bool = True) -> Room:
    """Add a room or change one. Owners only. Raises ValidationError."""
    _keeper(by)
    one = room or Room()
    one.location, one.name, one.active = location, name, active
    one.full_clean()
    one.save()
    record(verb="room.kept", target=f"room/{one.pk}", by=by)
    return one


@action(again=_row_of(Shift))
def keep_shift(*, by: Member, member: Member, shift: Shift | None = None, **fields: Any) -> Shift:
    """Say when somebody works. Owners, reception, and each for themselves. Raises ValidationError for a bad rule."""
    if by.pk != member.pk and not by.sees_contacts:
        raise NotAllowed("You can change your own hours only.")
    one = shift or Shift()
    one.member = member
    for name, value in fields.items():
        setattr(one, name, value)
    try:
        days_of(one.rule, one.first, one.first, one.first + timedelta(days=7))
    except BadRule as refusal:
        raise ValidationError({"rule": str(refusal)}) from refusal
    one.full_clean()
    one.save()
    record(verb="shift.kept", target=f"shift/{one.pk}", by=by)
    return one


@action(again=lambda event: None)
def remove_shift(*, by: Member, shift: Shift) -> None:
    """Take hours away. Visits that are booked stay."""
    if by.pk != shift.member_id and not by.sees_contacts:
        raise NotAllowed("You can change your own hours only.")
    record(verb="shift.removed", target=f"shift/{shift.pk}", by=by)
    shift.delete()


@action(again=_row_of(Block))
def block(*, by: Member, member: Member, start: datetime, end: datetime, label: str = "") -> Block:
    """Be away. Visits that are booked stay, and show as a clash. Raises ValueError when it ends before it starts."""
    if end <= start:
        raise ValueError("It ends before it starts.")
    made = Block.objects.create(member=member, start=start, end=end, label=label)
    record(verb="away.added", target=f"away/{made.pk}", by=by)
    return made


@action(again=lambda event: None)
def unblock(*, by: Member, away: Block) -> None:
    """Be there after all."""
    record(verb="away.removed", target=f"away/{away.pk}", by=by)
    away.delete()


@action(again=lambda event: None)
def import_busy(*, by: Member, member: Member, busy: Sequence[tuple[str, Span]]) -> None:
    """Take over the busy times of another calendar, instead of what came from one before."""
    Block.objects.filter(member=member).exclude(source="").delete()
    Block.objects.bulk_create(
        Block(member=member, start=start, end=end, source=uid[:200]) for uid, (start, end) in busy
    )
    record(verb="calendar.imported", target=f"member/{member.pk}", by=by, details={"times": len(busy)})


@action(again=lambda event: BookingRules.objects.get())
def keep_rules(*, by: Member, **fields: Any) -> BookingRules:
    """Change how the practice can be booked. Owners only. Raises ValidationError."""
    _keeper(by)
    rules = rules_of(by.practice)
    changed = sorted(name for name, value in fields.items() if getattr(rules, name) != value)
    for name in changed:
        setattr(rules, name, fields[name])
    rules.full_clean()
    rules.save()
    record(verb="booking.rules_changed", target="practice", by=by, details={"fields": changed})
    return rules


@action(again=_row_of(CalendarLink))
def new_calendar_link(*, by: Actor, member: Member | None = None, client: Client | None = None) -> CalendarLink:
    """Give a calendar a new secret address; the old one ends."""
    link = CalendarLink.objects.filter(member=member, client=client).first() or CalendarLink(
        member=member, client=client
    )
    link.token, link.made_at = secrets.token_urlsafe(32), _now()
    link.save()
    chart = client.chart_key if client else PRACTICE
    record(verb="calendar.link_made", target=f"calendar/{link.pk}", chart=chart, by=by)
    return link


# --- Money -----------------------------------------------------------------------------------------------------------


@action(again=_appointment_of)
def pay(*, by: Member, appointment: Appointment, how: str, package: Package | None = None) -> Appointment:
    """Note that a visit is paid, and give it the next receipt number. Paid twice is paid once."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if one.paid_at is not None:
        return one
    if package is not None and package.appointments.count() >= package.visits:
        raise NotAllowed("This package is used up.")
    last = Appointment.objects.filter(practice=one.practice).aggregate(last=Max("receipt"))["last"] or 0
    one.paid_at, one.paid_how, one.package, one.receipt = _now(), how, package, last + 1
    one.save()
    _trace(one, "appointment.paid", by, how=how)
    return one


@action(again=_appointment_of)
def unpay(*, by: Member, appointment: Appointment) -> Appointment:
    """Take a payment back that was noted by mistake. The number of the receipt stays used."""
    one = Appointment.objects.select_for_update().get(pk=appointment.pk)
    one.paid_at, one.paid_how, one.package = None, "", None
    one.save()
    _trace(one, "appointment.unpaid", by)
    return one


@action(again=_row_of(Package))
def sell_package(
    *, by: Member, client: Client, name: str, visits: int, price_minor: int, currency: str = "EUR"
) -> Package:
    """Note visits that are paid ahead."""
    made = Package(
        client=client, name=name, visits=visits, price_minor=price_minor, currency=currency, bought_at=_now()
    )
    made.full_clean()
    made.save()
    record(verb="package.sold", target=f"package/{made.pk}", chart=client.chart_key, by=by)
    return made


def no_more_reminders(appointment: Appointment) -> None:
    """Honour an address that wants no reminders, for this visit and every other."""
    with transaction.atomic():
        if appointment.email:
            NoMore.objects.get_or_create(digest=mails.digest_of(appointment.email), defaults={"at": _now()})
        Appointment.objects.filter(pk=appointment.pk).update(reminders=False)
        _trace(appointment, "appointment.reminders_off", Guest())
