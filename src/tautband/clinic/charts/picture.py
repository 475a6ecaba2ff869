"""From rows to what reasoning reads: the client's picture at this visit."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, cast

from django.utils import timezone

from tautband.clinic.charts.agreement import reliances
from tautband.clinic.charts.models import DrawingVersion, ElicitedReferral, RecordedFinding, Visit
from tautband.clinic.charts.queries import findings_of, newest
from tautband.clinic.people.models import Client
from tautband.clinic.people.once import once
from tautband.findings import (
    BadFinding,
    Drawing,
    Felt,
    Finding,
    Layer,
    Mark,
    Person,
    Picture,
    Provoking,
    Response,
    State,
)
from tautband.knowledge import atlas
from tautband.surface import UnknownZone, zone
from tautband.terms.ids import BadId, Sided
from tautband.terms.sides import Side

MOST_MARKS = 2_000
MOST_SENTENCES = 60
ResponseSource = Callable[[Visit], Iterable[Response]]
_responses: list[ResponseSource] = []
_SENTENCES = re.compile(r"[.;!?\n]+\s*|,\s+")


def picture_of(visit: Visit) -> Picture:
    """All that was observed at this visit."""
    drawing = newest(visit, "drawings")
    findings = _as_relied_on(findings_of(visit))
    return Picture(
        person_of(visit.client, visit),
        drawing_of(drawing),
        findings,
        said_of(visit),
        elicited_of(visit.client),
        responses_of(visit),
    )


def add_responses(source: ResponseSource) -> None:
    """Let pictures hold what treatment showed: `source(visit)` gives the retests of days before this visit."""
    if source not in _responses:
        _responses.append(source)


def responses_of(visit: Visit) -> tuple[Response, ...]:
    """What retests after earlier treatments of this client showed; a visit never learns from its own."""
    return once(("responses", visit.pk), lambda: tuple(one for source in _responses for one in source(visit)))


def _as_relied_on(rows: Sequence[RecordedFinding]) -> tuple[Finding, ...]:
    """The findings, each with the record of whoever made it where that member was ever examined against another."""
    by = frozenset(row.by_id for row in rows)
    relied = once(("reliances", by), lambda: reliances(by))
    found = ((row, finding_of(row)) for row in rows)
    return tuple(
        replace(one, reliability=relied[row.by_id].get(one.id)) if row.by_id in relied else one for row, one in found
    )


def elicited_of(client: Client) -> tuple[Felt, ...]:
    """Where pressing this client's muscles was felt, at any visit; what was taken back does not count."""
    rows = ElicitedReferral.objects.filter(visit__client=client, ended_at=None)
    return tuple(Felt(row.point, Side(row.side), frozenset(row.felt)) for row in rows)


def said_of(visit: Visit) -> tuple[str, ...]:
    """The sentences of the story as it stands, for comparison with what is written of the sources."""
    story = newest(visit, "stories")
    parts = (part.strip() for part in _SENTENCES.split(story.text if story else ""))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_SENTENCES]


def person_of(client: Client, visit: Visit) -> Person:
    """Age on the day of the visit, and sex where the record states one that matters for anatomy."""
    age = client.age_years(timezone.localdate(visit.opened_at))
    sex = client.recorded_sex if client.recorded_sex in ("female", "male") else None
    return Person(age, cast(Literal["female", "male"] | None, sex))


def drawing_of(version: DrawingVersion | None) -> Drawing:
    """The drawing of a version; no version is an empty drawing that denies nothing."""
    if version is None:
        return Drawing((), complete=False)
    return Drawing(marks_of(version.marks), complete=version.complete and bool(version.marks), surface=version.surface)


def marks_of(rows: Sequence[Mapping[str, Any]] | Any) -> tuple[Mark, ...]:
    """Read marks as they come from a form or from the database. Raises BadFinding with what would be right."""
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes):
        raise BadFinding("A drawing is a list of marks.")
    if len(rows) > MOST_MARKS:
        raise BadFinding(f"A drawing holds at most {MOST_MARKS} marks, not {len(rows)}.")
    return tuple(_mark(row) for row in rows)


def _mark(row: Any) -> Mark:
    if not isinstance(row, Mapping):
        raise BadFinding("Each mark names its zone, side and layer.")
    try:
        place, side = str(row["zone"]), Side(str(row["side"]))
        layer = Layer(str(row.get("layer", "pain")))
        intensity = row.get("intensity")
        strength = None if intensity in (None, "") else float(cast(Any, intensity))
    except (KeyError, ValueError, TypeError) as error:
        raise BadFinding(f"This mark cannot be read: {error}.") from None
    try:
        for one in side.each:
            zone(Sided(place, one))
    except UnknownZone as unknown:
        raise BadFinding(str(unknown)) from None
    quality = tuple(str(q)[:40] for q in _listed(row.get("quality")))
    depth, moves = str(row.get("depth") or ""), bool(row.get("moves_here", False))
    return Mark(place, side, layer, strength, quality, bool(row.get("began_here", False)), depth, moves)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else ()


def finding_of(row: RecordedFinding) -> Finding:
    """Read a row as a finding. Raises BadFinding when the atlas does not know it or it cannot be."""
    known = atlas()
    try:
        for id in filter(None, (row.finding, row.of)):
            if id not in known and known.current(id) not in known:
                raise BadFinding(f"The atlas does not know {id!r}. Choose it from the list.")
        return Finding(
            known.current(row.finding),
            Side(row.side),
            State(row.state),
            known.current(row.of) if row.of else "",
            row.value,
            row.unit,
            row.at,
            Provoking(row.provoking) if row.provoking else None,
            f"member/{row.by_id}",
        )
    except BadId as bad:
        raise BadFinding(str(bad)) from None
    except ValueError as bad:
        raise BadFinding(f"This finding cannot be: {bad}.") from None
