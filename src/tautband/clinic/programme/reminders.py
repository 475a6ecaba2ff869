"""Reminders by mail, for clients who asked for them and where mails leave this computer. At most one a day.

The mail says that something waits and nothing of what. Who has written in the diary today is left in peace.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tautband.clinic.errands.actions import errand, every, send
from tautband.clinic.people.models import Client
from tautband.clinic.people.post import leaves_this_computer, post, public_address
from tautband.clinic.programme.models import ReminderWish
from tautband.clinic.programme.queries import programme_of


def may_mail(client: Client) -> bool:
    """A mail can reach this client: there is an address, a way out, and a page to point to."""
    return bool(client.email and leaves_this_computer() and public_address(client.practice))


def wishes() -> Iterator[ReminderWish]:
    """The newest wish of each client who wants a mail."""
    seen: set[object] = set()
    for wish in ReminderWish.objects.select_related("client__practice").filter(client__archived_at=None):
        if wish.client_id not in seen:
            seen.add(wish.client_id)
            if wish.wanted and wish.by_mail:
                yield wish


def due_at(wish: ReminderWish, now: datetime) -> datetime:
    """The moment of today, where the practice is, at which this client is reminded."""
    zone = ZoneInfo(wish.client.practice.time_zone or "UTC")
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(hour=wish.minute // 60, minute=wish.minute % 60)


@every("home.remind", hours=1)
def remind(*, slot: str) -> None:
    """Line up the mails of the coming hour, each client's once a day."""
    begins = datetime.fromisoformat(slot).astimezone(UTC)
    for wish in wishes():
        at = due_at(wish, begins)
        if begins <= at < begins + timedelta(hours=1) and may_mail(wish.client):
            send(
                "home.reminder", key=f"home-reminder/{wish.client_id}/{at:%Y-%m-%d}", at=at, client=str(wish.client_id)
            )


@errand("home.reminder", tries=3)
def mail_reminder(*, client: str) -> None:
    """One mail, unless the wish has ended or something was written today meanwhile."""
    found = Client.objects.select_related("practice").filter(pk=client, archived_at=None).first()
    wish = found.reminder_wishes.first() if found else None
    if found is None or wish is None or not (wish.wanted and wish.by_mail) or not may_mail(found):
        return
    today = timezone.now().astimezone(ZoneInfo(found.practice.time_zone or "UTC")).date()
    if programme_of(found) is None or found.diary_words.filter(day=today).exists():
        return
    base = public_address(found.practice)
    page, end = f"{base}{reverse('programme:mine')}", f"{base}{reverse('programme:reminder')}"
    body = _("A few minutes for yourself, if today allows it: %(page)s\n\nYou asked for this. To end it: %(end)s\n") % {
        "page": page,
        "end": end,
    }
    post(practice=found.practice, to=found.email, subject=_("A few minutes for yourself"), body=body)
