"""One line of notes as findings: "L SLR pos 40, worse sitting". What was not understood is handed back in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tautband.findings.casefile import roots_in
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.lexicon import Reading, lexicon
from tautband.knowledge.lexicon.moves import motion_in
from tautband.knowledge.records import Exam, Factor
from tautband.terms.sides import Side

LONGEST = 300
_PARTS = re.compile(r"[;\n]|,(?!\d)")
_ON_WHOLE = {
    "exam.muscle_strength": re.compile(r"\b(strength|power|weak\w*|myotome)\b", re.IGNORECASE),
    "exam.resisted_pain": re.compile(r"\bresist\w*\b", re.IGNORECASE),
    "exam.sensation_reduced": re.compile(r"\b(dermatome|sensation|numb\w*|light touch)\b", re.IGNORECASE),
}
_NORMAL = re.compile(r"\b(normal|full|intact|neg(ative)?|5/5|no)\b|(^|\s)-(\s|$)", re.IGNORECASE)
_SIDES = ((Side.LEFT, re.compile(r"\b(l|lt|left)\b", re.I)), (Side.RIGHT, re.compile(r"\b(r|rt|right)\b", re.I)))


@dataclass(frozen=True, slots=True)
class Typed:
    """One finding of a typed line, as `actions.record_finding` takes it."""

    finding: str
    of: str
    side: str
    state: str
    value: float | None
    unit: str


def read_line(text: str) -> tuple[tuple[Typed, ...], tuple[str, ...]]:
    """The findings of a line and the parts nothing was found for. A part is what stands between commas."""
    found: dict[tuple[str, str, str], Typed] = {}
    unknown: list[str] = []
    for part in filter(None, (part.strip() for part in _PARTS.split(text[:LONGEST]))):
        here = tuple(_typed(part, atlas()))
        found.update({(one.finding, one.of, one.side): one for one in here})
        if not here:
            unknown.append(part)
    return tuple(found.values()), tuple(unknown)


def _typed(part: str, known: Atlas) -> Iterator[Typed]:
    readings = [r for r in lexicon().read(part, "any").readings if r.id in known.records]
    on = next((r for r in readings if r.id.startswith("muscle.")), None)
    about = on.id if on else next(iter(_whole(part, known)), "")
    seen = [r for r in readings if isinstance(known.records[r.id], Exam | Factor)]
    if about and not on:
        yield from _of_whole(part, about)
        seen = [r for r in seen if r.id not in _ON_WHOLE]
    for reading in seen:
        thing = known.records[reading.id]
        general = isinstance(thing, Exam) and (thing.id.startswith("exam.palpation.") or thing.region == "general")
        if isinstance(thing, Exam) and thing.id.startswith("exam.palpation.") and not on:
            continue
        needs_muscle = general and isinstance(thing, Exam) and thing.method not in ("history", "vital", "imaging")
        yield _one(reading, thing, on.id if on and needs_muscle else "", on)


def _whole(part: str, known: Atlas) -> Iterator[str]:
    """A root named by its level, or a whole movement, where the words say that feeling or strength was tested there."""
    if any(form.search(part) for form in _ON_WHOLE.values()):
        yield from (root for root in roots_in(part) if root in known.records)
        if motion := motion_in(part):
            yield motion


def _of_whole(part: str, about: str) -> Iterator[Typed]:
    side = next((side for side, form in _SIDES if form.search(part)), Side.MIDLINE)
    state = "absent" if _NORMAL.search(part) else "present"
    for exam, form in _ON_WHOLE.items():
        fits = exam != "exam.sensation_reduced" or about.startswith("root.")
        if fits and form.search(part) and not (about.startswith("root.") and exam == "exam.resisted_pain"):
            yield Typed(exam, about, str(side), state, None, "")


def _one(reading: Reading, thing: Exam | Factor | object, of: str, on: Reading | None) -> Typed:
    sided = bool(of) or (isinstance(thing, Exam) and thing.sided)
    side = reading.side or (on.side if on else None) if sided else None
    unit = thing.unit if isinstance(thing, Exam) else ""
    value = reading.value if unit and reading.unit in ("", unit) else None
    return Typed(reading.id, of, str(side or Side.MIDLINE), reading.state, value, unit if value is not None else "")


__all__ = ["LONGEST", "Typed", "read_line"]
