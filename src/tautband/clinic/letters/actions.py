"""Writing letters: the only writer of this room; each write is one transaction and audited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import Visit
from tautband.clinic.letters.content import content_of
from tautband.clinic.letters.drafting import Body
from tautband.clinic.letters.models import Letter, LetterVersion, Sending, SignedLetter
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.content import hash_of


class ChangedMeanwhile(Exception):
    """A newer version was saved since this page was read."""


class AlreadySigned(Exception):
    """The letter is signed; what is to be added is a new letter."""


class NotReady(Exception):
    """Something is missing before the letter can be signed. `missing` says what, in words."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


class MayNotSign(Exception):
    """This role records; somebody else signs."""


def _letter_of(event: AuditEvent) -> Letter:
    return Letter.objects.get(pk=event.target.removeprefix("letter/"))


def _signed_of(event: AuditEvent) -> SignedLetter:
    return SignedLetter.objects.get(letter=event.target.removeprefix("letter/"))


def _sending_of(event: AuditEvent) -> Sending:
    return Sending.objects.get(pk=event.target.rpartition("/")[2])


def _now() -> datetime:
    return datetime.now(UTC)


@action(again=_letter_of)
def begin_letter(*, by: Member, visit: Visit, body: Mapping[str, Any], at: datetime | None = None) -> Letter:
    """Keep a first version of a letter about a visit."""
    at = at or _now()
    letter = Letter.objects.create(visit=visit, by=by, at=at)
    LetterVersion.objects.create(letter=letter, number=1, body=dict(body), by=by, at=at)
    record(verb="letter.begun", target=f"letter/{letter.pk}", chart=visit.client.chart_key, by=by, at=at)
    return letter


@action(again=_letter_of)
def save_letter(
    *, by: Member, letter: Letter, body: Mapping[str, Any], seen: int, at: datetime | None = None
) -> Letter:
    """Keep a new version. `seen` is the version it was made from. Raises AlreadySigned, ChangedMeanwhile."""
    if hasattr(letter, "signed"):
        raise AlreadySigned
    newest = letter.versions.select_for_update().first()
    if newest is None or newest.number != seen:
        raise ChangedMeanwhile
    at = at or _now()
    LetterVersion.objects.create(letter=letter, number=seen + 1, body=dict(body), by=by, at=at)
    record(verb="letter.saved", target=f"letter/{letter.pk}", chart=letter.visit.client.chart_key, by=by, at=at)
    return letter


@action(again=_signed_of)
def sign_letter(
    *, by: Member, letter: Letter, seen: int, client_agrees: bool, at: datetime | None = None
) -> SignedLetter:
    """Sign the newest version; from then on it never changes.

    client_agrees  the client knows what it says and agrees that it is sent
    Raises MayNotSign, AlreadySigned, ChangedMeanwhile, NotReady.
    """
    if not by.may_sign:
        raise MayNotSign
    if hasattr(letter, "signed"):
        raise AlreadySigned
    version = letter.versions.select_for_update().first()
    if version is None or version.number != seen:
        raise ChangedMeanwhile
    missing = missing_of(Body.read(version.body), client_agrees)
    if missing:
        raise NotReady(missing)
    at = at or _now()
    content = content_of(letter.visit, Body.read(version.body), by, at)
    signed = SignedLetter.objects.create(
        letter=letter, version=version, content=content, hash=hash_of(content), by=by, by_name=by.display_name, at=at
    )
    record(
        verb="letter.signed",
        target=f"letter/{letter.pk}",
        chart=letter.visit.client.chart_key,
        by=by,
        at=at,
        details={"hash": signed.hash, "number": version.number},
    )
    return signed


def missing_of(body: Body, client_agrees: bool) -> list[str]:
    """Keys of what stands in the way of signing."""
    needed = {"to_name": body.to_name.strip(), "question": body.question.strip(), "agreed": client_agrees}
    return [key for key, there in needed.items() if not there]


@action(again=_sending_of)
def note_sending(*, by: Member, letter: SignedLetter, how: str, at: datetime | None = None) -> Sending:
    """Write down that the letter left, and how. Raises ValueError for a way that is not known."""
    if how not in Sending.How.values:
        raise ValueError(f"A letter leaves by one of: {', '.join(Sending.How.values)}.")
    at = at or _now()
    sending = Sending.objects.create(letter=letter, how=how, by=by, at=at)
    target = f"letter/{letter.letter_id}/sending/{sending.pk}"
    record(verb="letter.sent", target=target, chart=letter.letter.visit.client.chart_key, by=by, at=at)
    return sending
