"""Messages about visits: one for each change, a reminder, a free time. Queued by errands, never sent twice.

A message is noted as *being sent* before it leaves, in a transaction of its own. One that was being sent when the
computer stopped is not sent again: it stays, and the diary says that nobody knows whether it went.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from email.headerregistry import Address
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.diary import icalendars
from tautband.clinic.diary.models import Appointment, Mail, MailState, NoMore, State, Waiting
from tautband.clinic.diary.zones import zone_named
from tautband.clinic.errands.actions import errand, send
from tautband.clinic.people.actions import may_keep_charts
from tautband.clinic.people.models import Practice
from tautband.clinic.people.post import leaves_this_computer, public_address

SALT = "diary.appointment"
FIRST_SALT = "diary.first"
SMS_MOST = 160
NEXT_AFTER = timedelta(hours=2)
"""So long a free time waits for the one who was told of it before the next in line is told, too."""
HERE = "http://127.0.0.1:8000"  # while nobody said under which address clients reach the practice

TextHook = Callable[[str, str], None]
_text_hooks: list[TextHook] = []


def on_text(hook: TextHook) -> None:
    """Register what sends a text message: `hook(phone, words)`. None is registered; nothing goes out by itself."""
    _text_hooks.append(hook)


def token_of(appointment: Appointment) -> str:
    """The signed link of one visit, which whoever holds it may move or cancel."""
    return signing.dumps(str(appointment.pk), salt=SALT)


def appointment_of(token: str) -> Appointment | None:
    """The visit of a signed link; None for a forged one, or when there is none any more."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return (
        Appointment.objects.select_related("practice", "service", "member", "location", "client", "room")
        .filter(pk=key)
        .first()
    )


def first_token_of(one: Appointment) -> str:
    """The link that goes to the address of a booking and nowhere else: who has it reads that post."""
    return signing.dumps([str(one.pk), digest_of(one.email)], salt=FIRST_SALT)


def appointment_of_first(token: str) -> Appointment | None:
    """The visit of such a link; None for a forged one, or after the address was changed."""
    try:
        key, digest = signing.loads(token, salt=FIRST_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Appointment.objects.select_related("practice", "member", "client")
    one = rows.filter(pk=key).first()
    return one if one is not None and digest_of(one.email) == digest else None


def may_introduce(one: Appointment) -> bool:
    """Whether a guest can become a client by the mail of this booking."""
    ahead = one.state == State.BOOKED and one.start > datetime.now(UTC)
    return ahead and one.client is None and bool(one.guest_email) and may_keep_charts(one.member)


def digest_of(address: str) -> str:
    """SHA-256 of an address, however it is spelt."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def zone_of(appointment: Appointment) -> ZoneInfo:
    """The clock on the wall of the place."""
    return zone_named(appointment.zone)


def in_words(at: datetime, zone: ZoneInfo) -> str:
    """A day and a time as a person says it."""
    return date_format(timezone.localtime(at, zone), "l j F, H:i")


# --- When ------------------------------------------------------------------------------------------------------------


def out_of_quiet(at: datetime, quiet_from: time, quiet_to: time, zone: ZoneInfo) -> datetime:
    """The same moment, or the last one before the quiet hours it falls into."""
    local = at.astimezone(zone)
    clock = local.time()
    over_midnight = quiet_from > quiet_to
    quiet = clock >= quiet_from or clock < quiet_to if over_midnight else quiet_from <= clock < quiet_to
    if not quiet:
        return at
    day = local.date() - timedelta(days=1) if over_midnight and clock < quiet_to else local.date()
    return datetime.combine(day, quiet_from, zone).astimezone(UTC) - timedelta(minutes=5)


def plan_reminder(appointment: Appointment) -> None:
    """Queue the reminder for the time the visit has now. One for a time it no longer has stays away by itself."""
    from tautband.clinic.diary.actions import rules_of

    rules = rules_of(appointment.practice)
    at = appointment.start - timedelta(hours=rules.remind_h)
    at = out_of_quiet(at, as_time(rules.quiet_from), as_time(rules.quiet_to), zone_of(appointment))
    if not (rules.remind_h and at > datetime.now(UTC) and appointment.reminders):
        return
    start, pk = _stamp(appointment.start), str(appointment.pk)
    if appointment.email:
        send("diary.mail", key=f"diary/remind/{pk}/{start}", at=at, appointment=pk, kind="reminder", version=start)
    if appointment.phone and _text_hooks:
        send("diary.text", key=f"diary/text/{pk}/{start}", at=at, appointment=pk, version=start)


def as_time(value: time | str) -> time:
    """A time of day, also from its text, as a fresh default is."""
    return value if isinstance(value, time) else time.fromisoformat(value)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%d%H%M}"


def on_change(appointment: Appointment, kind: str) -> None:
    """Queue the one message about a change: booked, moved, cancelled."""
    if appointment.email:
        key = f"diary/{kind}/{appointment.pk}/{appointment.version}"
        send("diary.mail", key=key, appointment=str(appointment.pk), kind=kind, version=str(appointment.version))


def tell_of_gap(waiting: Waiting, appointment: Appointment, start: datetime) -> None:
    """Queue the message that a time came free, and the look whether it still is."""
    about = {"start": start.isoformat(), "appointment": str(appointment.pk)}
    stamp = f"{waiting.pk}/{_stamp(start)}"
    send("diary.gap", key=f"diary/gap/{stamp}", waiting=str(waiting.pk), **about)
    send("diary.next_in_line", key=f"diary/next/{stamp}", at=datetime.now(UTC) + NEXT_AFTER, **about)


# --- Sending ---------------------------------------------------------------------------------------------------------


@errand("diary.mail", tries=6, alone=True)
def send_mail(*, appointment: str, kind: str, version: str) -> None:
    """Send one message about a visit, unless it is out of date, unwanted, or went already."""
    one = (
        Appointment.objects.select_related("practice", "service", "member", "location", "client", "room")
        .filter(pk=appointment)
        .first()
    )
    if one is None or not one.email:
        return
    holds = _stamp(one.start) if kind == "reminder" else str(one.version)
    if holds != version or (kind == "reminder" and not _reminder_wanted(one)):
        return
    _once(f"{kind}/{one.pk}/{version}", kind, lambda: _message(one, kind).send(fail_silently=False), appointment=one)


def _reminder_wanted(one: Appointment) -> bool:
    unwanted = bool(one.email) and NoMore.objects.filter(digest=digest_of(one.email)).exists()
    return one.state == State.BOOKED and one.reminders and one.start > datetime.now(UTC) and not unwanted


@errand("diary.gap", tries=6, alone=True)
def send_gap(*, waiting: str, start: str, appointment: str = "") -> None:
    """Tell somebody who waits that a time came free, by the clock of the place where it did."""
    gap = Appointment.objects.select_related("practice", "location").filter(pk=appointment or None).first()
    one = Waiting.objects.select_related("practice", "client", "service").filter(pk=waiting, done_at=None).first()
    address = one and (one.email or (one.client.email if one.client else ""))
    if one is None or not address or datetime.fromisoformat(start) <= datetime.now(UTC):
        return

    def message() -> EmailMessage:
        zone = zone_of(gap) if gap else zone_named(one.practice.time_zone)
        words = in_words(datetime.fromisoformat(start), zone)
        link = absolute(reverse("diary:public"), one.practice)
        told = {"one": one, "when": words, "practice": one.practice, "link": link}
        text = render_to_string("diary/mail/gap.txt", told)
        return _letter(one.practice, address, _("%(when)s came free") % {"when": words}, text, f"gap-{one.pk}")

    _once(f"gap/{one.pk}/{start}", "gap", lambda: message().send(fail_silently=False))


@errand("diary.next_in_line", tries=3)
def ask_next(*, start: str, appointment: str) -> None:
    """A time of which somebody was told is still free: tell the next in line."""
    from tautband.clinic.diary.actions import fill_gap
    from tautband.clinic.diary.queries import free_times

    gap = Appointment.objects.select_related("practice", "service", "member", "location").filter(pk=appointment).first()
    at = datetime.fromisoformat(start)
    if gap is None or gap.service is None or at <= datetime.now(UTC):
        return
    around = timedelta(hours=12)
    free = free_times(gap.service, at - around, at + around, member=gap.member)
    if any(one.start == at for one in free):
        fill_gap(gap, at)


@errand("diary.text", tries=4, alone=True)
def send_text(*, appointment: str, version: str) -> None:
    """Send the reminder as a text message, by whatever a practice registered; once, like a mail."""
    one = Appointment.objects.select_related("practice", "location", "client").filter(pk=appointment).first()
    if one is None or _stamp(one.start) != version or not one.phone or not _reminder_wanted(one):
        return
    words = f"{one.practice.sender_name}: {in_words(one.start, zone_of(one))}."[:SMS_MOST]

    def text() -> None:
        for hook in _text_hooks:
            hook(one.phone, words)

    _once(f"text/{one.pk}/{version}", "text", text, appointment=one)


def _once(key: str, kind: str, go: Callable[[], object], appointment: Appointment | None = None) -> None:
    """Let a message go, unless it went already or nobody knows whether it did."""
    with transaction.atomic():
        values = {"kind": kind, "appointment": appointment, "at": datetime.now(UTC)}
        noted, _fresh = Mail.objects.select_for_update().get_or_create(key=key, defaults=values)
        if noted.state not in (MailState.WAITING, MailState.FAILED):
            return
        noted.state, noted.at = MailState.SENDING, datetime.now(UTC)
        noted.save(update_fields=["state", "at"])
    if not leaves_this_computer():
        settings.EMAIL_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)  # a mail holds a link
    try:
        go()
    except Exception:
        Mail.objects.filter(pk=noted.pk).update(state=MailState.FAILED)
        raise  # the errand tries again later
    Mail.objects.filter(pk=noted.pk).update(state=MailState.SENT, at=datetime.now(UTC))


def subject_of(kind: str, when: str) -> str:
    """The line on top."""
    known = {
        "booked": _("Booked: %(when)s"),
        "moved": _("Moved: now %(when)s"),
        "cancelled": _("Cancelled: %(when)s"),
        "reminder": _("Your visit on %(when)s"),
    }
    return known[kind] % {"when": when}


def absolute(path: str, practice: Practice) -> str:
    """The address of a page as a mail needs it."""
    return f"{public_address(practice) or HERE}{path}"


def _own_page(one: Appointment) -> str:
    """Where the questions before a visit are answered; empty for who could not get in."""
    if may_introduce(one):
        return absolute(reverse("portal:first", args=[first_token_of(one)]), one.practice)
    may_enter = one.client is not None and one.client.email and one.client.birth_date
    return absolute(reverse("portal:home"), one.practice) if may_enter else ""


def _message(one: Appointment, kind: str) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        from tautband.clinic.diary.actions import rules_of

        when = in_words(one.start, zone_of(one))
        free_until = one.start - timedelta(hours=rules_of(one.practice).free_until_h)
        text = render_to_string(
            f"diary/mail/{kind}.txt",
            {
                "one": one,
                "when": when,
                "until": in_words(free_until, zone_of(one)),
                "late": one.state == State.LATE,
                "link": absolute(reverse("diary:yours", args=[token_of(one)]), one.practice),
                "no_more": absolute(reverse("diary:no_more", args=[token_of(one)]), one.practice),
                "own": _own_page(one),
                "practice": one.practice,
            },
        )
        letter = _letter(one.practice, one.email, subject_of(kind, when), text, f"{kind}-{one.pk}-{one.version}")
    if kind != "reminder":
        method = "CANCEL" if kind == "cancelled" else "PUBLISH"
        letter.attach("visit.ics", icalendars.one_visit(one, method=method), f"text/calendar; method={method}")
    return letter


def _letter(practice: Practice, to: str, subject: str, text: str, ident: str) -> EmailMessage:
    user, _at, host = settings.DEFAULT_FROM_EMAIL.rpartition("@")
    sender = str(Address(display_name=" ".join(practice.sender_name.split()), username=user, domain=host))
    headers = {"Message-ID": f"<{ident}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), text, sender, [to], headers=headers)
