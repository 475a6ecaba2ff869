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
from tautband.clinic.people.models import Practice
from tautband.clinic.people.post import leaves_this_computer, public_address

SALT = "diary.appointment"
SMS_MOST = 160
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
    if rules.remind_h and at > datetime.now(UTC) and appointment.reminders and appointment.email:
        start = _stamp(appointment.start)
        key = f"diary/remind/{appointment.pk}/{start}"
        send("diary.mail", key=key, at=at, appointment=str(appointment.pk), kind="reminder", version=start)


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
    """Queue the message that a time came free."""
    key = f"diary/gap/{waiting.pk}/{start.astimezone(UTC):%Y%m%d%H%M}"
    send("diary.gap", key=key, waiting=str(waiting.pk), start=start.isoformat())


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
    _once(f"{kind}/{one.pk}/{version}", kind, lambda: _message(one, kind), appointment=one)


def _reminder_wanted(one: Appointment) -> bool:
    unwanted = NoMore.objects.filter(digest=digest_of(one.email)).exists()
    return one.state == State.BOOKED and one.reminders and one.start > datetime.now(UTC) and not unwanted


@errand("diary.gap", tries=6, alone=True)
def send_gap(*, waiting: str, start: str) -> None:
    """Tell somebody who waits that a time came free."""
    one = Waiting.objects.select_related("practice", "client", "service").filter(pk=waiting, done_at=None).first()
    address = one and (one.email or (one.client.email if one.client else ""))
    if one is None or not address or datetime.fromisoformat(start) <= datetime.now(UTC):
        return

    def message() -> EmailMessage:
        zone = zone_named(one.practice.time_zone)
        words = in_words(datetime.fromisoformat(start), zone)
        link = absolute(reverse("diary:public"), one.practice)
        told = {"one": one, "when": words, "practice": one.practice, "link": link}
        text = render_to_string("diary/mail/gap.txt", told)
        return _letter(one.practice, address, _("%(when)s came free") % {"when": words}, text, f"gap-{one.pk}")

    _once(f"gap/{one.pk}/{start}", "gap", message)


def _once(key: str, kind: str, message: Callable[[], EmailMessage], appointment: Appointment | None = None) -> None:
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
        message().send(fail_silently=False)
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
                "practice": one.practice,
            },
        )
        letter = _letter(one.practice, one.email, subject_of(kind, when), text, f"{kind}-{one.pk}-{one.version}")
    if kind != "reminder":
        method = "CANCEL" if kind == "cancelled" else "PUBLISH"
        letter.attach("visit.ics", icalendars.one_visit(one, method=method), f"text/calendar; method={method}")
    if kind == "reminder" and (one.guest_phone or (one.client and one.client.phone)):
        for hook in _text_hooks:
            hook(one.guest_phone or one.client.phone, f"{one.practice.sender_name}: {when}."[:SMS_MOST])  # type: ignore[union-attr]
    return letter


def _letter(practice: Practice, to: str, subject: str, text: str, ident: str) -> EmailMessage:
    user, _at, host = settings.DEFAULT_FROM_EMAIL.rpartition("@")
    sender = str(Address(display_name=" ".join(practice.sender_name.split()), username=user, domain=host))
    headers = {"Message-ID": f"<{ident}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), text, sender, [to], headers=headers)
