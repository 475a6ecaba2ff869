"""Reading a published case in plain words into a picture; what was not understood is listed, never dropped.

Only the fields a reasoning engine may read are ever looked at: they are copied first and the rest is left behind.
Marks without a stated side carry Side.MIDLINE, "no side named".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tautband.findings.finding import BadFinding, Finding, State
from tautband.findings.person import Drawing, Layer, Mark, Person, Picture
from tautband.knowledge.atlas import Atlas
from tautband.knowledge.lexicon import MAX_CHARS, Expecting, Lexicon, Reading
from tautband.knowledge.lexicon import lexicon as usual_lexicon
from tautband.knowledge.lexicon.moves import motion_in
from tautband.knowledge.loading import atlas as usual_atlas
from tautband.knowledge.records import Exam
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

READABLE = ("age", "sex", "presentation", "pain", "sensory", "history", "exam")
_SIDES = {side.value: side for side in Side}
_LAYERS = {"numbness": Layer.NUMB, "paraesthesia": Layer.TINGLING, "hyperaesthesia": Layer.TOUCH}
_STATES = {state.value: state for state in State}
# What a label of a history phrase says about the words after it.
_LABELS = {
    "aggravating": "worse with",
    "worse": "worse with",
    "relieving": "eased by",
    "onset": "onset",
    "sleep": "sleep",
    "medical": "",
    "negative": "no",
    "associated": "",
    "systemic": "",
    "autonomic": "",
    "occupation": "",
    "sport": "",
    "timing": "",
    "course": "",
    "mechanism": "onset",
    "lab": "",
    "medication": "",
}
# An examined property is abnormal when present: "biceps strength: present" is a weak biceps.
_ABNORMAL = (
    (re.compile(r"\b(strength|power|force)\b", re.I), ("weakness", "weak")),
    (re.compile(r"\b(range of motion|range|rom|mobility|movement)\b", re.I), ("limited range", "loss", "limited")),
    (re.compile(r"\b(muscle )?bulk\b", re.I), ("atrophy", "wasting")),
    (re.compile(r"\bsensation\b", re.I), ("reduced sensation",)),
    (re.compile(r"\bpulses?\b", re.I), ("reduced pulse", "absent pulse")),
    (re.compile(r"\b(reflex(es)?|jerks?)\b", re.I), ("reflex absent", "reflex reduced")),
    (
        re.compile(r"\b(\w*flexion|extension|\w* rotation|abduction|adduction)\b", re.I),
        (r"\g<0> loss", r"\g<0> limited"),
    ),
    (re.compile(r"\bgait\b", re.I), ("abnormal gait", "altered gait")),
)
_WEAK = re.compile(r"\b(weak\w*|strength|power|[0-4][+-]?/5|mrc|paresis)", re.IGNORECASE)
_RESISTED = re.compile(r"\b(resist\w*|isometric|against resistance|contraction)\b", re.IGNORECASE)
_HURTS = re.compile(r"\b(pain\w*|hurt\w*|sore)\b", re.IGNORECASE)
_OF_MOTIONS = frozenset({"exam.muscle_strength", "exam.resisted_pain"})
_FEELS = {"exam.sensation_reduced": Layer.NUMB, "exam.allodynia": Layer.TOUCH}
_AT_ROOT = (
    (
        re.compile(r"\b(dermatom\w*|sens\w*|numb\w*|hyp(o|er)?a?esthe\w*|paraesthe\w*|light touch|pin ?prick)\b", re.I),
        "exam.sensation_reduced",
    ),
    (re.compile(r"\b(myotom\w*|weak\w*|strength|power|motor|[0-4][+-]?/5)\b", re.I), "exam.muscle_strength"),
)
_LEVELS = re.compile(r"\b([CLST])(\d{1,2})(?:\s*(?:[-/&,]|and|to)\s*([CLST]?)(\d{1,2}))?\b")
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.4, "y": 365.25}
_NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_SOME = 3.0  # "weeks", "a few months"
_DURATION = re.compile(
    r"(?:\b(\d+(?:\.\d+)?)|\ba few|\bseveral|^(?:duration:)?)\s*-?\s*(hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)


# Which segments of the body surface a region of the atlas reaches over; neighbours are allowed.
_HOME: dict[str, frozenset[str]] = {
    "head_jaw": frozenset({"head", "neck"}),
    "neck": frozenset({"neck", "head", "shoulder", "scapula", "arm", "forearm", "hand"}),
    "shoulder": frozenset({"shoulder", "scapula", "arm", "neck", "chest"}),
    "arm_elbow": frozenset({"arm", "elbow", "forearm", "shoulder"}),
    "forearm_hand": frozenset({"forearm", "wrist", "hand", "elbow"}),
    "thorax": frozenset({"chest", "back", "scapula", "shoulder"}),
    "upper_back": frozenset({"back", "scapula", "neck", "chest"}),
    "low_back": frozenset({"back", "pelvis", "buttock", "hip", "thigh", "leg", "knee", "foot"}),
    "abdomen": frozenset({"belly", "chest", "pelvis", "back"}),
    "pelvis": frozenset({"pelvis", "hip", "buttock", "belly", "thigh", "back"}),
    "hip_buttock": frozenset({"hip", "buttock", "pelvis", "thigh", "back"}),
    "thigh": frozenset({"thigh", "hip", "knee", "buttock", "pelvis"}),
    "knee": frozenset({"knee", "thigh", "leg"}),
    "leg": frozenset({"leg", "knee", "ankle", "foot"}),
    "ankle_foot": frozenset({"ankle", "foot", "leg"}),
}


@dataclass(frozen=True, slots=True)
class CaseReading:
    """A case as reasoning sees it.

    id             the case's own id, for the answer line
    picture        person, marks (not complete: what is not mentioned is unknown) and findings
    unmapped       phrases, with the field they stood in, that nothing was found for
    phrases        how many phrases were read in all
    duration_days  how long the complaint has lasted, where stated; "weeks" and "a few weeks" count as three
    """

    id: str
    picture: Picture
    unmapped: tuple[str, ...]
    phrases: int
    duration_days: float | None = None


def read_case(
    case: Mapping[str, Any], with_palpation: bool, lexicon: Lexicon | None = None, atlas: Atlas | None = None
) -> CaseReading:
    """Read one case. Nothing but the readable fields (and `palpation` when asked for) has any influence.

    Raises BadFinding when a readable field has an impossible value or form.
    """
    fields = READABLE + (("palpation",) if with_palpation else ())
    allowed = {key: case[key] for key in fields if case.get(key) is not None}
    reader = _Reader(lexicon or usual_lexicon(), atlas or usual_atlas())
    reader.read(allowed)
    return CaseReading(
        id=str(case.get("id", "")),
        picture=Picture(
            person=_person(allowed),
            drawing=Drawing(marks=tuple(reader.marks.values()), complete=False),
            findings=tuple(reader.findings.values()),
            said=tuple(dict.fromkeys(reader.said)),
        ),
        unmapped=tuple(reader.unmapped),
        phrases=reader.phrases,
        duration_days=reader.duration_days,
    )


def _person(allowed: Mapping[str, Any]) -> Person:
    age, sex = allowed.get("age"), allowed.get("sex")
    if age is not None and not isinstance(age, int | float):
        raise BadFinding(f"The age {age!r} is no number of years.")
    known: Literal["female", "male"] | None = sex if sex in ("female", "male") else None
    return Person(age=age, sex=known)


class _Reader:
    """Collects marks and findings of one case."""

    def __init__(self, lexicon: Lexicon, atlas: Atlas) -> None:
        self.lexicon = lexicon
        self.atlas = atlas
        self.marks: dict[tuple[str, Side, Layer], Mark] = {}
        self.findings: dict[tuple[str, str, Side, State], Finding] = {}
        self.unmapped: list[str] = []
        self.said: list[str] = []
        self.phrases = 0
        self.duration_days: float | None = None

    def read(self, allowed: Mapping[str, Any]) -> None:
        """Structured fields first; the free text only adds what they leave open."""
        for row in _rows(allowed, "pain"):
            self._pain(row)
        for row in _rows(allowed, "sensory"):
            self._sensory(row)
        for phrase in _texts(allowed, "history"):
            self._history(phrase)
        for row in _rows(allowed, "exam"):
            self._exam(row)
        for row in _rows(allowed, "palpation"):
            self._palpation(row)
        self._presentation(_short("presentation", str(allowed.get("presentation", "")), MAX_CHARS))

    # Places

    def _pain(self, row: Mapping[str, Any]) -> None:
        region, side, quality = _text(row, "region"), _side(row), _text(row, "quality")
        qualities = tuple(r.id.partition(".")[2] for r in self.lexicon.read(quality, "quality").readings)
        intensity = row.get("intensity_nrs")
        number = float(intensity) if isinstance(intensity, int | float) else None
        placed = self._place(region, side, Layer.PAIN, number, tuple(dict.fromkeys(qualities)))
        asked = f"{_side_word(side)}{quality} pain in {region}"
        found = self._words(asked, "history", side)
        self._note(f"pain: {region}", placed or found)
        if quality:
            self._note(f"pain quality: {quality}", bool(qualities) or found)

    def _sensory(self, row: Mapping[str, Any]) -> None:
        region, side, sort = _text(row, "region"), _side(row), _text(row, "type")
        placed = self._place(region, side, _LAYERS.get(sort, Layer.NUMB))
        if not placed:
            placed = self._at_roots(f"{sort} {region} dermatome", "", side, State.PRESENT)
        found = self._words(f"{_side_word(side)}{sort} in {region}", "history", side)
        self._note(f"sensory: {sort} {region}", placed or found)

    def _place(
        self,
        region: str,
        side: Side | None,
        layer: Layer,
        intensity: float | None = None,
        quality: tuple[str, ...] = (),
    ) -> bool:
        readings = [r for r in self.lexicon.read(region, "region").readings if r.state == "present"]
        for reading in readings:
            mark = Mark(reading.id, self._mark_side(reading, side), layer, intensity, quality)
            self.marks.setdefault((mark.place, mark.side, layer), mark)
        return bool(readings)

    def _mark_side(self, reading: Reading, stated: Side | None) -> Side:
        area = self.atlas.areas.get(reading.id)
        if area is not None and area.side == "midline":
            return Side.MIDLINE
        return reading.side or stated or Side.MIDLINE

    # Words

    def _history(self, phrase: str) -> None:
        label, colon, rest = phrase.partition(":")
        label = label.strip().lower()
        if label != "negative":
            self.said.append(f"{_LABELS.get(label, '')} {rest}".strip() if colon else phrase)
        if label == "duration" or not colon:
            self._duration(phrase)
        if label in ("duration", "prior_treatment") or not colon or label not in _LABELS:
            words = rest if label == "duration" else phrase.replace("_", " ").replace(":", " ")
            found = self._words(words, "history", None)
            is_duration = duration_in(phrase) is not None and (label == "duration" or not colon)
            self._note(f"history: {phrase}", found or is_duration)
            return
        lead = _LABELS[label]
        if label == "negative":
            parts = [re.sub(r"^\s*(no|not|without|denies)\b", "", rest, flags=re.IGNORECASE)]
        else:
            parts = [part for part in re.split(r"[,;](?![^(]*\))", rest) if part.strip()]
        for part in parts:
            self._note(f"history: {label}: {part.strip()}", self._words(f"{lead} {part}".strip(), "history", None))

    def _presentation(self, text: str) -> None:
        known = {id for id, _, _, _ in self.findings}
        self.said += [part for part in re.split(r"[.;,:]\s+", text) if part.strip()]
        for sentence in re.split(r"(?<=[.;])\s+", text):
            for reading in self.lexicon.read(sentence, "history", spare=1).readings:
                if reading.id not in known and not self._elsewhere(reading.id, sentence):
                    self._finding(reading.id, reading.side, _STATES[reading.state], reading.value, reading.unit)
        if self.duration_days is None:
            self._duration(text)

    def _words(self, text: str, expecting: Expecting, side: Side | None) -> bool:
        readings = [r for r in self.lexicon.read(text, expecting).readings if not self._elsewhere(r.id, text)]
        for reading in readings:
            self._finding(reading.id, reading.side or side, _STATES[reading.state], reading.value, reading.unit)
        return bool(readings)

    # Examinations

    def _exam(self, row: Mapping[str, Any]) -> None:
        test, detail, side = _text(row, "test"), _text(row, "detail"), _side(row)
        state = _STATES.get(str(row.get("state")), State.UNKNOWN)
        found = False
        if state is State.PRESENT:
            self.said.append(f"{test} {detail}".strip())
        for words, expecting in _wordings(test, detail):
            readings = [r for r in self.lexicon.read(words, expecting).readings if not self._elsewhere(r.id, test)]
            for reading in readings:
                # A test named by its absence, "no Horner: present", says absent. Else the state of the row counts.
                turned = words == test and reading.state == "absent" and state is State.PRESENT
                said = State.ABSENT if turned else state
                self._finding(
                    reading.id, side or reading.side, said, *self._value(detail), of=self._of(reading.id, test)
                )
                if said is State.PRESENT:
                    self._felt_less(f"{test} {detail}", side or reading.side, reading.id)
            if readings:
                found = True
                break
        found = self._moved(test, detail, side, state) or self._at_roots(test, detail, side, state) or found
        if state is State.PRESENT and detail:
            found = self._words(detail, "exam", side) or self._said_in(detail, side) or found
        self._note(f"exam: {test}" + (f" ({detail})" if detail else ""), found)

    def _moved(self, test: str, detail: str, side: Side | None, state: State) -> bool:
        """A whole movement tested against resistance, where the atlas has no examination of its own for it."""
        motion, text = motion_in(test), f"{test} {detail}"
        if not motion or self._has_own(text, ("strength", "resisted")):
            return False
        weak, resisted = _WEAK.search(text), _RESISTED.search(text)
        signs = ["exam.muscle_strength"] if weak or (resisted and state is State.ABSENT) else []
        signs += ["exam.resisted_pain"] if resisted and (not weak or _HURTS.search(text)) else []
        for sign in signs:
            self._finding(sign, side, state, None, "", of=motion)
        return bool(signs)

    def _has_own(self, text: str, methods: tuple[str, ...]) -> bool:
        """Whether the text names an examination of these methods that is about one place, not about any muscle."""
        records = (self.atlas.records.get(r.id) for r in self.lexicon.read(text, "exam").readings)
        return any(isinstance(r, Exam) and r.method in methods and r.region != "general" for r in records)

    def _at_roots(self, test: str, detail: str, side: Side | None, state: State) -> bool:
        """Feeling lost in a dermatome, or a myotome weak, by its level: `sensation L5`, `C7 myotome 4/5`."""
        text = f"{test} {detail}"
        sign = next((id for form, id in _AT_ROOT if form.search(text)), None)
        roots = [id for id in roots_in(text) if id in self.atlas.records] if sign else []
        for root in roots:
            self._finding(sign or "", side, state, None, "", of=root)
        return bool(roots)

    def _felt_less(self, text: str, side: Side | None, exam: str) -> None:
        """Reduced feeling found at a named place is drawn there."""
        if exam in _FEELS:
            self._place(text, side, _FEELS[exam])

    def _said_in(self, detail: str, side: Side | None) -> bool:
        """Complaints named in the detail of a test, by two words at least: "foot drop", not "depressed"."""
        readings = [r for r in self.lexicon.read(detail, "history").readings if " " in r.text]
        for reading in readings:
            self._finding(reading.id, reading.side or side, _STATES[reading.state], None, "")
        return bool(readings)

    def _elsewhere(self, id: str, text: str) -> bool:
        """Whether the text names places and none lies where this examination belongs: no wrist test at the ankle."""
        home = _HOME.get(str(getattr(self.atlas.records.get(id), "region", "")))
        areas = [r.id for r in self.lexicon.read(text, "region").readings]
        if home is None or not areas:
            return False
        return not any(_segments(self.atlas.areas[area].zones) & home for area in areas if area in self.atlas.areas)

    def _of(self, exam: str, test: str) -> str:
        """What a general examination was done on: a muscle, else a named place."""
        record = self.atlas.records.get(exam)
        if not isinstance(record, Exam) or record.region != "general":
            return ""
        muscles = self.lexicon.read(test, "muscle").readings
        if muscles:
            return muscles[0].id
        if exam in _OF_MOTIONS and (motion := motion_in(test)):
            return motion
        places = self.lexicon.read(test, "region").readings
        return places[0].id if places else ""

    def _value(self, detail: str) -> tuple[float | None, str]:
        numbers = self.lexicon.numbers(detail)
        return (numbers[0].value, numbers[0].unit) if len(numbers) == 1 else (None, "")

    def _palpation(self, row: Mapping[str, Any]) -> None:
        muscle, finding, side = _text(row, "muscle"), _text(row, "finding"), _side(row)
        state = _STATES.get(str(row.get("state")), State.UNKNOWN)
        on = self.lexicon.read(muscle, "muscle").readings or self.lexicon.read(muscle, "region").readings
        signs = [id for id in self._signs(finding) if id] or self._signs("tender")
        for reading in on:
            for sign in signs:
                self._finding(sign, side or reading.side, state, None, "", of=reading.id)
        self._note(f"palpation: {muscle} {finding}", bool(on and signs))

    def _signs(self, finding: str) -> list[str]:
        readings = self.lexicon.read(finding, "exam").readings
        return [r.id for r in readings if getattr(self.atlas.records.get(r.id), "method", "") == "palpation"]

    # Keeping

    def _finding(self, id: str, side: Side | None, state: State, value: float | None, unit: str, of: str = "") -> None:
        if kind_of(id) not in {"exam", "factor", "condition"}:
            return
        record = self.atlas.records.get(id)
        if isinstance(record, Exam) and not record.sided:
            side = None
        if not isinstance(record, Exam) or not _fits(unit, record.unit):
            value, unit = None, ""
        found = Finding(id, side or Side.MIDLINE, state, of=of, value=value, unit=unit or "")
        self.findings.setdefault((id, of, found.side, state), found)

    def _duration(self, text: str) -> None:
        if self.duration_days is None:
            self.duration_days = duration_in(text)

    def _note(self, phrase: str, found: bool) -> None:
        self.phrases += 1
        if not found:
            self.unmapped.append(phrase)


def roots_in(text: str) -> tuple[str, ...]:
    """Roots named by level: `C6`, `L4-5`, `L5/S1`; only where the text speaks of nerves is this a root and no bone."""
    found: dict[str, None] = {}
    for letter, number, other, last in _LEVELS.findall(text):
        found[f"root.{letter.lower()}{number}"] = None
        if last:
            found[f"root.{(other or letter).lower()}{last}"] = None
    return tuple(found)


def duration_in(text: str) -> float | None:
    """The first span of time in a text, in days; "weeks" and "a few weeks" count as three, None where there is none."""
    digits = _NUMBER_WORD.sub(lambda m: str(_NUMBER_WORDS.index(m.group().lower())), text)
    match = _DURATION.search(digits)
    if match is None or not (match.group(1) or match.group(2).endswith("s")):
        return None
    return (float(match.group(1)) if match.group(1) else _SOME) * _DAYS[match.group(2)[0].lower()]


def _rows(allowed: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    rows = allowed.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadFinding(f"`{key}` of a case is a list of rows with names.")
    yield from rows


def _short(key: str, text: str, most: int = MAX_CHARS // 4) -> str:
    if len(text) > most:
        raise BadFinding(f"`{key}` of a case has {len(text)} characters in one text; at most {most} can be read.")
    return text


def _texts(allowed: Mapping[str, Any], key: str) -> Iterator[str]:
    phrases = allowed.get(key, [])
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise BadFinding(f"`{key}` of a case is a list of phrases.")
    yield from (_short(key, phrase) for phrase in phrases)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return _short(key, value) if isinstance(value, str) else ""


def _side(row: Mapping[str, Any]) -> Side | None:
    return _SIDES.get(str(row.get("side")))


def _side_word(side: Side | None) -> str:
    return f"{side} " if side and side is not Side.MIDLINE else ""


def _wordings(test: str, detail: str) -> Iterator[tuple[str, Expecting]]:
    """The test as named; then as the abnormal finding it would be; then with its detail; then as a complaint."""
    yield test, "exam"
    if any(char.isdigit() for char in detail):
        yield f"{test} {detail}", "exam"
    for pattern, abnormal in _ABNORMAL:
        if pattern.search(test):
            for word in abnormal:
                yield pattern.sub(word, test), "exam"
    if detail:
        yield f"{test} {detail}", "exam"
    yield test, "history"
    for pattern, abnormal in _ABNORMAL:
        if pattern.search(test):
            yield pattern.sub(abnormal[0], test), "history"


def _segments(zones: tuple[str, ...]) -> frozenset[str]:
    """The body segments of zone patterns: `zone.forearm.*_radial` -> forearm."""
    return frozenset(zone.split(".")[1] for zone in zones)


def _fits(unit: str, wanted: str) -> bool:
    """Whether a value with this unit can be the value of an examination measured in `wanted`."""
    return bool(wanted) and (not unit or _plain_unit(unit) == _plain_unit(wanted))


def _plain_unit(unit: str) -> str:
    plain = unit.lower().replace("\u00b0", "deg").replace(" ", "").replace("\u00b2", "2")
    return {"degree": "deg", "degrees": "deg", "degc": "c", "celsius": "c", "bpm": "/min", "beats/min": "/min"}.get(
        plain, plain
    )
