"""The signed letter as a document: whole in itself, and the same bytes for the same content."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tautband.clinic.audit.chain import canonical
from tautband.clinic.charts.figure import ink_digest
from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.models import Episode
from tautband.clinic.letters.care import ITEMS
from tautband.clinic.letters.drafting import Body
from tautband.clinic.letters.models import SignedLetter, SignedReport
from tautband.clinic.people.models import Location, Member, Practice
from tautband.clinic.treatments.content import Seal, hash_of, short_hash, signing_of

FORM = "tautband letter 1"
REPORT_FORM = "tautband case report 1"


def content_of(visit: Visit, body: Body, by: Member, at: datetime) -> str:
    """The letter as canonical JSON."""
    client, drawing = visit.client, visit.drawings.first()
    return canonical(
        {
            "form": FORM,
            "practice": {"name": client.practice.name, "address": letterhead(client.practice)},
            "client": {
                "name": client.name,
                "born": client.birth_date.isoformat() if client.birth_date else "",
                "key": client.chart_key,
            },
            "visit": {"number": visit.number, "opened_at": visit.opened_at.astimezone(UTC).isoformat()},
            "signed": {"by": by.audit_key, "name": by.display_name, "at": at.astimezone(UTC).isoformat()},
            "letter": body.as_json(),
            "drawing": {"marks": drawing.marks if drawing else [], "ink": ink_digest(drawing)},
        }
    )


def letterhead(practice: Practice) -> list[str]:
    """Where the practice is and how it is reached: its first place of work."""
    place = Location.objects.filter(practice=practice, active=True).order_by("id").first()
    if place is None:
        return []
    return [
        *(line.strip() for line in place.address.splitlines() if line.strip()),
        *([place.phone] if place.phone else []),
    ]


def document(letter: SignedLetter | SignedReport) -> dict[str, Any]:
    """The signed content as plain values."""
    read: dict[str, Any] = json.loads(letter.content)
    return read


def seal_of(letter: SignedLetter) -> Seal:
    """Compare a letter with its hash, and both with the audit chain."""
    event = signing_of("letter.signed", letter.letter.visit.client.chart_key, letter.hash)
    intact = event is not None and hash_of(letter.content) == letter.hash
    return Seal(short_hash(letter.hash), letter.hash, event.number if event else None, intact)


def report_content(episode: Episode, sections: Mapping[str, str], publishing: bool, by: Member, at: datetime) -> str:
    """A case report as canonical JSON. It names no client; the chart's key says whose it is to who holds the record."""
    return canonical(
        {
            "form": REPORT_FORM,
            "practice": episode.client.practice.name,
            "chart": episode.client.chart_key,
            "signed": {"by": by.audit_key, "name": by.display_name, "at": at.astimezone(UTC).isoformat()},
            "publishing": publishing,
            "sections": {key: sections[key] for key in ITEMS},
        }
    )


def report_seal(report: SignedReport) -> Seal:
    """Compare a signed report with its hash, and both with the audit chain."""
    event = signing_of("report.signed", report.report.episode.client.chart_key, report.hash)
    intact = event is not None and hash_of(report.content) == report.hash
    return Seal(short_hash(report.hash), report.hash, event.number if event else None, intact)
