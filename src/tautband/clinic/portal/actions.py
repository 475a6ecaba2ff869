"""Writing for the client's own pages: links and entering, messages, releases, wishes."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from fido2.webauthn import AttestedCredentialData

from tautband.clinic.attachments.models import Attachment
from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import Actor, System, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.letters.models import Letter
from tautband.clinic.people.models import Client, Member
from tautband.clinic.portal import passkeys
from tautband.clinic.portal.models import Message, Passkey, Release, SignInLink, Wish
from tautband.clinic.portal.queries import wrong_lately

LINK_MIN = 15  # minutes a link works
MOST_WRONG = 5  # wrong answers until a link has ended
MOST_KEYS = 8  # passkeys of one client
MOST_WRONG_A_DAY = 10  # of one client, over all links


class Entry(Enum):
    """What became of a try to enter."""

    IN = "in"
    WRONG = "wrong"
    ENDED = "ended"
    CLOSED = "closed"  # too many wrong answers today


class NoBirthday(Exception):
    """No date of birth is on file, so there is no second question and no link is made."""


class TooManyKeys(Exception):
    """This client has as many passkeys as are kept."""


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


# --- Passkeys -----------------------------------------------------------------------------------------------------


def add_passkey(*, by: Client, public: AttestedCredentialData, name: str) -> Passkey:
    """Keep the public half of a key that the client's device made. Raises TooManyKeys."""
    with transaction.atomic():
        if Passkey.objects.filter(client=by).count() >= MOST_KEYS:
            raise TooManyKeys
        made = Passkey.objects.create(
            client=by,
            digest=passkeys.digest_of(public.credential_id),
            public=passkeys.public_half(public),
            name=name.strip()[:60],
            made_at=timezone.now(),
        )
        record(verb="door.passkey_added", target=f"passkey/{made.pk}", chart=by.chart_key, by=by)
    return made


def remove_passkey(*, by: Member | Client, passkey: Passkey) -> None:
    """It opens nothing any more; the page itself stays open where it is."""
    with transaction.atomic():
        record(verb="door.passkey_removed", target=f"passkey/{passkey.pk}", chart=passkey.client.chart_key, by=by)
        passkey.delete()


def enter_by_passkey(*, passkey: Passkey) -> None:
    """The client came in by this key."""
    with transaction.atomic():
        Passkey.objects.filter(pk=passkey.pk).update(used_at=timezone.now())
        chart = passkey.client.chart_key
        record(verb="door.entered", target=f"passkey/{passkey.pk}", chart=chart, by=passkey.client)


# --- Messages -----------------------------------------------------------------------------------------------------


def _message_of(event: AuditEvent) -> Message:
    return Message.objects.get(pk=event.target.removeprefix("message/"))


@action(again=_message_of)
def write_message(*, by: Member | Client, client: Client, text: str, at: datetime | None = None) -> Message:
    """Add to the conversation; from the client when `by` is the client. Raises ValueError for an empty text."""
    if not text.strip():
        raise ValueError("A message says something.")
    message = Message.objects.create(
        client=client, by=by if isinstance(by, Member) else None, text=text.strip(), at=at or timezone.now()
    )
    record(verb="message.written", target=f"message/{message.pk}", chart=client.chart_key, by=by, at=at)
    return message


def saw_messages(*, by: Member | Client, client: Client) -> int:
    """The messages of the other side were on the screen; how many of them for the first time."""
    with transaction.atomic():
        theirs = Message.objects.filter(client=client, seen_at=None, by__isnull=isinstance(by, Member))
        count = theirs.update(seen_at=timezone.now())
        if count:
            details = {"messages": count}
            record(verb="message.seen", target=client.chart_key, chart=client.chart_key, by=by, details=details)
    return count


# --- Documents ----------------------------------------------------------------------------------------------------


def _release_of(event: AuditEvent) -> Release:
    return Release.objects.get(pk=event.target.removeprefix("release/"))


@action(again=_release_of)
def release(
    *, by: Member, client: Client, letter: Letter | None = None, attachment: Attachment | None = None
) -> Release:
    """Let the client read this on their own page. Raises ValueError for what is another client's, or not signed."""
    thing: Letter | Attachment | None = letter or attachment
    owner = letter.visit.client_id if letter else attachment.client_id if attachment else None
    if thing is None or owner != client.pk:
        raise ValueError("This does not belong to the client.")
    if letter is not None and not hasattr(letter, "signed"):
        raise ValueError("Only a signed letter can be released.")
    made, fresh = Release.objects.get_or_create(
        client=client,
        letter=letter,
        attachment=attachment,
        withdrawn_at=None,
        defaults={"by": by, "at": timezone.now()},
    )
    verb = "document.released" if fresh else "document.released_before"
    record(verb=verb, target=f"release/{made.pk}", chart=client.chart_key, by=by)
    return made


@action(again=_release_of)
def take_back(*, by: Member, release: Release) -> Release:
    """The client no longer sees it; that it was released stays in the record."""
    if release.withdrawn_at is None:
        release.withdrawn_at = timezone.now()
        release.save(update_fields=["withdrawn_at"])
    record(verb="document.taken_back", target=f"release/{release.pk}", chart=release.client.chart_key, by=by)
    return release


# --- Wishes about what we hold ------------------------------------------------------------------------------------


def _wish_of(event: AuditEvent) -> Wish:
    return Wish.objects.get(pk=event.target.removeprefix("wish/"))


@action(again=_wish_of)
def ask(*, by: Client, kind: str, text: str) -> Wish:
    """The client asks for a correction or an erasure."""
    wish = Wish.objects.create(client=by, kind=kind, text=text.strip(), at=timezone.now())
    record(verb="wish.asked", target=f"wish/{wish.pk}", chart=by.chart_key, by=by, details={"kind": kind})
    return wish


@action(again=_wish_of)
def answer(*, by: Member, wish: Wish, text: str) -> Wish:
    """Say what was done, or what must be kept, until when and why. Raises ValueError without words."""
    if not text.strip():
        raise ValueError("Say what was done, or why not.")
    wish.answer, wish.answered_by, wish.answered_at = text.strip(), by, timezone.now()
    wish.save(update_fields=["answer", "answered_by", "answered_at"])
    record(verb="wish.answered", target=f"wish/{wish.pk}", chart=wish.client.chart_key, by=by)
    return wish
