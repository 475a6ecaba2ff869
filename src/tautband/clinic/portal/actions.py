"""Writing for the client's own pages: links, and entering by them."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tautband.clinic.audit.log import Actor, System, record
from tautband.clinic.people.models import Client, Member
from tautband.clinic.portal.models import SignInLink
from tautband.clinic.portal.queries import wrong_lately

LINK_MIN = 15  # minutes a link works
MOST_WRONG = 5  # wrong answers until a link has ended
MOST_WRONG_A_DAY = 10  # of one client, over all links


class Entry(Enum):
    """What became of a try to enter."""

    IN = "in"
    WRONG = "wrong"
    ENDED = "ended"
    CLOSED = "closed"  # too many wrong answers today


class NoBirthday(Exception):
    """No date of birth is on file, so there is no second question and no link is made."""


def digest(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(*, client: Client, by: Actor, how: str, now: datetime | None = None) -> str:
    """Make a link for this client; return its secret part, which is kept nowhere.

    how  'mailed' or 'shown' (as a code, to the person in the room)

    Raises NoBirthday when the second question could not be asked.
    """
    if client.birth_date is None:
        raise NoBirthday
    now = now or timezone.now()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        link = SignInLink.objects.create(
            client=client,
            digest=digest(token),
            made_by=by if isinstance(by, Member) else None,
            made_at=now,
            ends_at=now + timedelta(minutes=LINK_MIN),
        )
        record(verb="door.link_made", target=f"link/{link.pk}", chart=client.chart_key, by=by, details={"how": how})
    return token


def enter(*, token: str, birth_date: date, now: datetime | None = None) -> tuple[Entry, Client | None]:
    """Try to enter with a link and the answer to its question. Used once, the link has ended."""
    now = now or timezone.now()
    with transaction.atomic():
        link = (
            SignInLink.objects.select_for_update(of=("self",))
            .select_related("client__practice")
            .filter(digest=digest(token), client__archived_at__isnull=True)
            .first()
        )
        if link is None or not link.works_at(now, MOST_WRONG):
            return Entry.ENDED, None
        client = link.client
        if wrong_lately(client, now) >= MOST_WRONG_A_DAY:
            return Entry.CLOSED, None
        if client.birth_date is None or client.birth_date != birth_date:
            SignInLink.objects.filter(pk=link.pk).update(wrong_answers=F("wrong_answers") + 1)
            record(verb="door.wrong_answer", target=f"link/{link.pk}", chart=client.chart_key, by=System())
            return (Entry.ENDED if link.wrong_answers + 1 >= MOST_WRONG else Entry.WRONG), None
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            return Entry.ENDED, None
        record(verb="door.entered", target=f"link/{link.pk}", chart=client.chart_key, by=client)
    return Entry.IN, client
