"""The grid of a region as it is charted at one visit: what was found today, what last time, what to ask about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.grids import GridPanel, grid_of
from tautband.knowledge.records import Exam, Muscle
from tautband.knowledge.records.clinical import MeasuringError, Norm

USUAL = "as usual"
STRENGTH = "/5"
SURE_95 = 2.77
"""Times the standard error: a difference between two measurements that chance makes in one of twenty pairs."""
FAR = 1.5
"""A value this many times the highest norm is asked about before it is kept."""

REGIONS = {
    "head_jaw": gettext_lazy("Head, jaw"),
    "neck": gettext_lazy("Neck"),
    "shoulder": gettext_lazy("Shoulder"),
    "arm_elbow": gettext_lazy("Arm, elbow"),
    "forearm_hand": gettext_lazy("Forearm, hand"),
    "thorax": gettext_lazy("Chest"),
    "upper_back": gettext_lazy("Upper back"),
    "low_back": gettext_lazy("Low back"),
    "abdomen": gettext_lazy("Belly"),
    "pelvis": gettext_lazy("Pelvis"),
    "hip_buttock": gettext_lazy("Hip, buttock"),
    "thigh": gettext_lazy("Thigh"),
    "knee": gettext_lazy("Knee"),
    "leg": gettext_lazy("Lower leg"),
    "ankle_foot": gettext_lazy("Ankle, foot"),
}
PANELS = {
    "posture": gettext_lazy("Posture"),
    "gait": gettext_lazy("Gait"),
    "movement": gettext_lazy("Movement"),
    "tone": gettext_lazy("Tone"),
    "rom": gettext_lazy("Range"),
    "strength": gettext_lazy("Strength"),
    "length": gettext_lazy("Length"),
    "balance": gettext_lazy("Balance"),
    "neural": gettext_lazy("Neural"),
    "special": gettext_lazy("Special tests"),
    "palpation": gettext_lazy("Palpation"),
}
Key = tuple[str, str]
"""Examination and side."""


@dataclass(frozen=True)
class Option:
    """One button: what it records, what it says, whether it holds now."""

    value: str
    text: str
    words: str
    pressed: bool


@dataclass(frozen=True)
class Mark:
    """One examination on one side.

    typed   what stands in the field and is not kept yet; wrong says why it cannot be
    """

    exam: Exam
    side: str
    options: tuple[Option, ...]
    row: RecordedFinding | None
    last: RecordedFinding | None
    by_other: str = ""
    typed: str | None = None
    wrong: str = ""

    @property
    def numbers(self) -> bool:
        """True where the grades are numbers, which stand in one line."""
        return is_strength(self.exam)

    @property
    def value(self) -> str:
        """What was measured, as it stands in the field; what was typed and not kept yet goes before it."""
        if self.typed is not None:
            return self.typed
        held = self.row.value if self.row and self.exam.unit else None
        return "" if held is None else f"{held:g}"

    @property
    def last_words(self) -> str:
        """What it was at the last visit."""
        return said(self.exam, self.last) if self.last else ""

    @property
    def verdict(self) -> str:
        """The measured value against what was measured in others, and against last time."""
        if self.row is None or self.row.value is None or not self.exam.unit:
            return ""
        return " ".join(filter(None, (against_norm(self.exam, self.row.value), since_last(self))))


@dataclass(frozen=True)
class Line:
    """One row of a panel."""

    name: str
    cells: tuple[tuple[str, tuple[Mark, ...]], ...]


@dataclass(frozen=True)
class Moved:
    """The same sign, last time on one side, now on the other: both, or has it moved?"""

    exam: Exam
    was: str
    now: str

    @property
    def both(self) -> str:
        """What to record when both sides have it."""
        return tap(self.exam.id, self.was, "present")

    @property
    def moved(self) -> str:
        """What to record when the other side is free now."""
        return tap(self.exam.id, self.was, "absent")


@dataclass(frozen=True)
class Sheet:
    """One panel of one region at one visit."""

    region: str
    panel: str
    lines: tuple[Line, ...]
    copies: tuple[dict[str, Any], ...]
    moved: tuple[Moved, ...]
    before: Visit | None
    muscles: tuple[Muscle, ...] = ()
    done: Mapping[str, int] = field(default_factory=dict)


def tap(exam: str, side: str, state: str, grade: str = "") -> str:
    """A result as a button sends it."""
    return "|".join((exam, side, state, grade))


def sheet(visit: Visit, region: str, panel: str) -> Sheet:
    """The panel with what was found; an unknown region or panel gives the first there is."""
    known = atlas()
    panels = grid_of(known, region)
    chosen = next((p for p in panels if p.name == panel), panels[0] if panels else None)
    now = {(f.finding, f.side): f for f in visit.findings.filter(ended_at=None, of="").select_related("by")}
    before = visit.client.visits.filter(number__lt=visit.number).first()
    last = {(f.finding, f.side): f for f in before.findings.filter(ended_at=None, of="")} if before else {}
    lines = _lines(visit, chosen, now, last) if chosen else ()
    keys = {(mark.exam.id, mark.side): mark for line in lines for _c, marks in line.cells for mark in marks}
    name = chosen.name if chosen else ""
    return Sheet(
        region,
        name,
        lines,
        tuple(
            _copy(before, last[key]) for key in keys if before and key in last and key not in now and _copies(last[key])
        ),
        tuple(_moved(keys, now, last)),
        before,
        muscles_of(known, region) if name == "palpation" else (),
        {p.name: sum(1 for f in now if f[0] in ids) for p in panels if (ids := ids_of(p))},
    )


def with_typed(page: Sheet, typed: Mapping[Key, str], wrong: Mapping[Key, str]) -> Sheet:
    """The sheet with what was typed and could not be kept, so that nobody types it twice."""

    def mark_of(mark: Mark) -> Mark:
        key = (mark.exam.id, mark.side)
        return replace(mark, typed=typed[key], wrong=wrong.get(key, "")) if key in typed else mark

    lines = tuple(
        Line(line.name, tuple((column, tuple(map(mark_of, marks))) for column, marks in line.cells))
        for line in page.lines
    )
    return replace(page, lines=lines)


def ids_of(panel: GridPanel) -> frozenset[str]:
    """Every examination of a panel."""
    return frozenset(exam.id for row in panel.rows for _column, exam in row.cells)


def muscles_of(known: Atlas, region: str) -> tuple[Muscle, ...]:
    """The muscles of a region, by name, for the palpation map."""
    found = [thing for thing in known.records.values() if isinstance(thing, Muscle) and thing.region == region]
    return tuple(sorted(found, key=lambda muscle: muscle.name.en))


def _lines(
    visit: Visit, panel: GridPanel, now: Mapping[Key, RecordedFinding], last: Mapping[Key, RecordedFinding]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            row.name,
            tuple(
                (column, tuple(_mark(visit, exam, side, now, last) for side in sides(exam)))
                for column, exam in row.cells
            ),
        )
        for row in panel.rows
    )


def sides(exam: Exam) -> tuple[str, ...]:
    """Right and left where it has sides."""
    return ("right", "left") if exam.sided else ("midline",)


def _mark(
    visit: Visit,
    exam: Exam,
    side: str,
    now: Mapping[Key, RecordedFinding],
    last: Mapping[Key, RecordedFinding],
) -> Mark:
    row = now.get((exam.id, side))
    other = row.by.display_name if row and row.by_id != visit.by_id else ""
    return Mark(exam, side, tuple(_options(exam, side, row)), row, last.get((exam.id, side)), other)


def _options(exam: Exam, side: str, row: RecordedFinding | None) -> list[Option]:
    state = row.state if row else ""
    if not exam.scale:
        three = (
            ("absent", "−", _("negative")),
            ("present", "+", _("positive")),
            ("unknown", "?", _("could not be told")),
        )
        return [Option(tap(exam.id, side, s), text, words, state == s) for s, text, words in three]
    held = grade_of(exam, row)
    return [
        Option(tap(exam.id, side, state_of(exam, grade), grade), short(exam, grade), grade, grade == held)
        for grade in exam.scale
    ]


def short(exam: Exam, grade: str) -> str:
    """A grade on a button: the number of a strength test, else the word."""
    return grade.split(" ", 1)[0] if is_strength(exam) else grade


def is_strength(exam: Exam) -> bool:
    """True for muscle strength 0 to 5."""
    return bool(exam.scale) and all(grade[:1].isdigit() for grade in exam.scale)


def state_of(exam: Exam, grade: str) -> str:
    """A grade as a finding: the usual one is absent, every other is present."""
    usual = USUAL if USUAL in exam.scale else exam.scale[0]
    return "absent" if grade == usual else "present"


def grade_of(exam: Exam, row: RecordedFinding | None) -> str:
    """The grade that was recorded; empty where none was."""
    if row is None:
        return ""
    if is_strength(exam) and row.value is not None:
        return next((g for g in exam.scale if g[:1] == f"{row.value:g}"), "")
    return next((g for g in exam.scale if g == row.note or row.note.startswith(f"{g}. ")), "")


def said(exam: Exam, row: RecordedFinding) -> str:
    """A recorded result in few words."""
    words = {"present": _("positive"), "absent": _("negative"), "unknown": _("could not be told")}
    parts = [grade_of(exam, row) or (words[row.state] if row.state != "unknown" or row.value is None else "")]
    if row.value is not None and exam.unit:
        parts.append(f"{row.value:g} {unit_word(exam.unit)}")
    return ", ".join(filter(None, parts))


def unit_word(unit: str) -> str:
    """A unit as it is written: a degree sign for deg."""
    return "°" if unit == "deg" else unit


def highest_norm(norms: Sequence[Norm]) -> float | None:
    """The highest value any norm speaks of."""
    tops = [n.high if n.high is not None else (n.value or 0.0) + 2 * (n.sd or 0.0) for n in norms]
    return max(tops) if tops else None


def is_far(exam: Exam, value: float) -> bool:
    """True for a value so far outside what was ever measured that a slip of the finger is likelier."""
    top = highest_norm(exam.norms)
    return (top is not None and value > FAR * top) or (exam.unit == "deg" and value > 200)


def against_norm(exam: Exam, value: float) -> str:
    """Where a value lies beside the first norm; a norm is of the people it was measured in, no border of disease."""
    if not exam.norms:
        return ""
    norm = exam.norms[0]
    low, high = norm.low, norm.high
    if norm.value is not None and norm.sd:
        low = norm.value - 2 * norm.sd if low is None else low
        high = norm.value + 2 * norm.sd if high is None else high
    if low is None or high is None:
        return _("Beside %(value)g in %(who)s.") % {"value": norm.value, "who": norm.population}
    about = {"low": f"{low:g}", "high": f"{high:g}", "who": norm.population}
    if value < low:
        return _("Below %(low)s to %(high)s (%(who)s).") % about
    if value > high:
        return _("Above %(low)s to %(high)s (%(who)s).") % about
    return _("Within %(low)s to %(high)s (%(who)s).") % about


def since_last(mark: Mark) -> str:
    """Whether it differs from last time by more than measuring itself does."""
    if mark.last is None or mark.last.value is None or mark.row is None or mark.row.value is None:
        return ""
    gone = mark.row.value - mark.last.value
    limit = least_change(mark.exam.error)
    if limit is None:
        return _("%(gone)+g since last time; how far measuring differs is not known.") % {"gone": gone}
    words = {"gone": gone, "limit": limit}
    if abs(gone) > limit:
        return _("%(gone)+g since last time, more than measuring differs (%(limit).0f).") % words
    return _("%(gone)+g since last time, within what measuring differs (%(limit).0f).") % words


def least_change(errors: Sequence[MeasuringError]) -> float | None:
    """The difference that is more than measuring error, in the unit of the examination."""
    for error in errors:
        worst = error.high if error.high is not None else error.value
        if worst is not None:
            return worst * SURE_95 if error.quantity == "sem" else worst
    return None


def _copies(row: RecordedFinding) -> bool:
    """A result is carried forward when somebody confirms it; what was measured is measured again."""
    return row.unit in ("", STRENGTH)


def _copy(before: Visit, row: RecordedFinding) -> dict[str, Any]:
    day = date_format(timezone.localdate(before.opened_at), "j M")
    whence = _("As at visit %(number)d, %(day)s") % {"number": before.number, "day": day}
    grade = row.note.partition(". ")[0] if row.note and not row.value else ""
    known = atlas().records.get(atlas().current(row.finding))
    is_grade = isinstance(known, Exam) and grade in known.scale
    return {
        "finding": row.finding,
        "side": row.side,
        "state": row.state,
        "value": row.value,
        "unit": row.unit,
        "note": f"{grade}. {whence}" if is_grade else whence,
    }


def _moved(
    keys: Mapping[Key, Mark], now: Mapping[Key, RecordedFinding], last: Mapping[Key, RecordedFinding]
) -> list[Moved]:
    """Signs that were on one side only, and now are on the other only."""
    found = []
    for (exam, side), mark in keys.items():
        if side == "midline" or not mark.row or mark.row.state != "present":
            continue
        other = "left" if side == "right" else "right"
        was, here = last.get((exam, other)), last.get((exam, side))
        if was and was.state == "present" and not (here and here.state == "present") and (exam, other) not in now:
            found.append(Moved(mark.exam, other, side))
    return found
