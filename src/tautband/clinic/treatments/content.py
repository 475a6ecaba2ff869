"""The signed note as a document: whole in itself, the same bytes for the same content, and its seal."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from tautband.clinic.audit.chain import canonical
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.figure import ink_digest
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.drafting import SECTIONS, Draft
from tautband.clinic.treatments.models import SignedNote

FORM = "tautband note 1"


def content_of(visit: Visit, draft: Draft, said: str, sections: Mapping[str, str], by: Member, at: datetime) -> str:
    """The note as canonical JSON. Lines that stand as they were drafted keep their source, others are own words."""
    drawing = visit.drawings.first()
    client = visit.client
    return canonical(
        {
            "form": FORM,
            "practice": client.practice.name,
            "client": {
                "name": client.name,
                "born": client.birth_date.isoformat() if client.birth_date else "",
                "key": client.chart_key,
            },
            "visit": {
                "number": visit.number,
                "opened_at": _time(visit.opened_at),
                "closed_at": _time(visit.closed_at or at),
            },
            "signed": {"by": by.audit_key, "name": by.display_name, "at": _time(at)},
            "said": said,
            "sections": {key: lines_of(sections[key], draft, key) for key in SECTIONS},
            "drawing": {
                "marks": drawing.marks if drawing else [],
                "ink": ink_digest(drawing),
                "surface": drawing.surface if drawing else "",
                "complete": drawing.complete if drawing else False,
            },
        }
    )


def lines_of(text: str, draft: Draft, section: str) -> list[dict[str, str]]:
    """The lines of a section's text with where each comes from; `own` is what somebody wrote."""
    known = {line.text: line for line in draft.sections[section]}
    rows = []
    for text_line in filter(None, (line.strip() for line in text.splitlines())):
        line = known.get(text_line)
        rows.append(
            {
                "text": text_line,
                "source": line.source if line else "own",
                "side": line.side if line else "",
                "at": _time(line.at) if line and line.at else "",
            }
        )
    return rows


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def hash_of(content: str) -> str:
    """SHA-256 (hex) of a document."""
    return hashlib.sha256(content.encode()).hexdigest()


def addendum_hash(note_hash: str, earlier: Sequence[str], number: int, text: str, name: str, at: datetime) -> str:
    """SHA-256 (hex) of a correction and of what it follows, so that none can be taken out unseen."""
    given = {"note": note_hash, "earlier": list(earlier), "number": number, "text": text, "by": name, "at": _time(at)}
    return hash_of(canonical(given))


@dataclass(frozen=True)
class Seal:
    """Whether a signed note is as it was. `entry` is its place in the chain of the chart."""

    short: str
    hash: str
    entry: int | None
    intact: bool


def seal_of(note: SignedNote) -> Seal:
    """Compare a note with its hash, and both with the audit chain."""
    event = signing_of("note.signed", note.visit.client.chart_key, note.hash)
    intact = event is not None and hash_of(note.content) == note.hash and _corrections_intact(note, event.target)
    return Seal(short_hash(note.hash), note.hash, event.number if event else None, intact)


def signing_of(verb: str, chart: str, digest: str) -> AuditEvent | None:
    """The entry of a chart's chain that holds this digest. Found by the digest: an imported chart has new numbers."""
    found = AuditEvent.objects.filter(verb=verb, chart=chart, details__contains=f'"{digest}"')
    return next((event for event in found if json.loads(event.details).get("hash") == digest), None)


def _corrections_intact(note: SignedNote, target: str) -> bool:
    earlier: list[str] = []
    for row in note.addenda.all():
        if row.hash != addendum_hash(note.hash, earlier, row.number, row.text, row.by_name, row.at):
            return False
        earlier.append(row.hash)
    return _chained_corrections(note, target) == earlier


def _chained_corrections(note: SignedNote, target: str) -> list[str]:
    chart = note.visit.client.chart_key
    here = Q(target__startswith=f"{target}/") | Q(target__startswith=f"note/{note.pk}/")  # before and after an import
    events = AuditEvent.objects.filter(here, verb="note.corrected", chart=chart).order_by("number")
    return [json.loads(event.details).get("hash", "") for event in events]


def cosign_hash(note_hash: str, corrections: Sequence[str], name: str, at: datetime) -> str:
    """SHA-256 (hex) of a second signature and of what it was given under."""
    told = {"form": "tautband cosignature 1", "note": note_hash, "corrections": list(corrections), "name": name}
    return hash_of(canonical({**told, "at": _time(at)}))


def cosigned(note: SignedNote) -> list[dict[str, Any]]:
    """The second signatures under a note: who, when, how many corrections stood there, and whether the chain agrees."""
    corrections = [row.hash for row in note.addenda.all()]
    found = []
    for row in note.cosignatures.all():
        event = signing_of("note.cosigned", note.visit.client.chart_key, row.hash)
        fits = row.hash == cosign_hash(note.hash, corrections[: row.corrections], row.by_name, row.at)
        later = len(corrections) - row.corrections
        found.append({"name": row.by_name, "at": row.at, "later": later, "intact": fits and event is not None})
    return found


def short_hash(value: str) -> str:
    """The first twelve signs in groups of four, as people compare them."""
    first = value[:12].upper()
    return " ".join(first[n : n + 4] for n in range(0, 12, 4))


def document(note: SignedNote) -> dict[str, Any]:
    """The signed content as plain values."""
    read: dict[str, Any] = json.loads(note.content)
    return read


__all__ = [
    "Seal",
    "addendum_hash",
    "content_of",
    "cosign_hash",
    "cosigned",
    "document",
    "hash_of",
    "lines_of",
    "seal_of",
    "short_hash",
]
