"""Writing letters: the only writer of this room; each write is one transaction and audited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.models import Episode
from tautband.clinic.letters.care import ITEMS, empty_items
from tautband.clinic.letters.content import content_of, report_content
from tautband.clinic.letters.drafting import Body
from tautband.clinic.letters.models import (
    Letter,
    LetterVersion,
    Report,
    ReportVersion,
    Sending,
    SignedLetter,
    SignedReport,
)
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


# --- Case reports -------------------------------------------------------------------------------------------------


def _report_of(event: AuditEvent) -> Report:
    return Report.objects.get(pk=event.target.removeprefix("report/"))


@action(again=_report_of)
def begin_report(*, by: Member, episode: Episode, sections: Mapping[str, str], at: datetime | None = None) -> Report:
    """Keep a first version of a case report of a problem; it is what the record gave."""
    at = at or _now()
    report = Report.objects.create(episode=episode, by=by, at=at)
    kept = {key: sections[key] for key in ITEMS}
    ReportVersion.objects.create(report=report, number=1, sections=kept, drafted=kept, by=by, at=at)
    record(verb="report.begun", target=f"report/{report.pk}", chart=episode.client.chart_key, by=by, at=at)
    return report


@action(again=_report_of)
def save_report(
    *,
    by: Member,
    report: Report,
    sections: Mapping[str, str],
    drafted: Mapping[str, str],
    seen: int,
    at: datetime | None = None,
) -> Report:
    """Keep a new version. `seen` is the version it was made from. Raises AlreadySigned, ChangedMeanwhile."""
    if hasattr(report, "signed"):
        raise AlreadySigned
    newest = report.versions.select_for_update().first()
    if newest is None or newest.number != seen:
        raise ChangedMeanwhile
    at = at or _now()
    told = {"sections": {key: sections[key] for key in ITEMS}, "drafted": {key: drafted.get(key, "") for key in ITEMS}}
    ReportVersion.objects.create(report=report, number=seen + 1, by=by, at=at, **told)
    chart = report.episode.client.chart_key
    record(verb="report.saved", target=f"report/{report.pk}", chart=chart, by=by, at=at)
    return report


@action(again=lambda event: SignedReport.objects.get(report=event.target.removeprefix("report/")))
def sign_report(*, by: Member, report: Report, seen: int, publishing: bool, at: datetime | None = None) -> SignedReport:
    """Sign the newest version; from then on it never changes.

    publishing  the client agreed that it is published
    Raises MayNotSign, AlreadySigned, ChangedMeanwhile, NotReady with the names of the empty items.
    """
    if not by.may_sign:
        raise MayNotSign
    if hasattr(report, "signed"):
        raise AlreadySigned
    version = report.versions.select_for_update().first()
    if version is None or version.number != seen:
        raise ChangedMeanwhile
    missing = empty_items(version.sections)
    if missing:
        raise NotReady(missing)
    at = at or _now()
    content = report_content(report.episode, version.sections, publishing, by, at)
    signed = SignedReport.objects.create(
        report=report,
        version=version,
        content=content,
        hash=hash_of(content),
        publishing=publishing,
        by=by,
        by_name=by.display_name,
        at=at,
    )
    details = {"hash": signed.hash, "number": version.number, "publishing": publishing}
    chart = report.episode.client.chart_key
    record(verb="report.signed", target=f"report/{report.pk}", chart=chart, by=by, at=at, details=details)
    return signed
