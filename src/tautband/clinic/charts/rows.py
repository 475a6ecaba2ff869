"""What the encounter shows, as plain rows: suspects with their main reason, tests with their state, the last result."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.charts.queries import findings_of
from tautband.knowledge import Atlas, UnknownId, atlas
from tautband.reasoning import Answer, NextTest, Reason, Suspect
from tautband.reasoning.contrast import Change
from tautband.surface import zone
from tautband.terms.probability import band

ROWS = 5
TESTS = 3
TOLD = ("exam", "palpation", "history", "factor")
KINDS = {
    "trp": _("muscle"),
    "muscle": _("muscle"),
    "entrapment": _("nerve"),
    "nerve": _("nerve"),
    "root": _("nerve root"),
    "joint": _("joint"),
    "tissue": _("tendon or other tissue"),
    "flag": _("not for this clinic"),
}
PRESSED_BY = {
    "soft_tissue": _("pressed by soft tissue"),
    "bone_or_disc": _("pressed by bone or disc"),
    "both": _("pressed by soft tissue, bone or disc"),
}


@dataclass(frozen=True)
class SuspectRow:
    """One suspect of the list. `number` is the key that chooses it, 1 to 9, or None."""

    suspect: Suspect
    number: int | None
    chosen: bool
    reason: str
    group: str = ""

    @property
    def kind(self) -> str:
        """What sort of source it is, in words."""
        return str(KINDS.get(self.suspect.kind, self.suspect.kind))

    @property
    def share(self) -> int | None:
        """Share of the drawing it explains, whole percent; None when it touches nothing of it."""
        return round(100 * self.suspect.explains) if self.suspect.zones else None

    @property
    def pressed_by(self) -> str:
        """For an entrapment, by what the nerve is pressed."""
        return pressed_by(self.suspect)


@dataclass(frozen=True)
class RowToTest:
    """One examination to do, with what is recorded of it."""

    test: NextTest
    state: str
    parts: str
    sources: str = ""
    changes: str = ""


@dataclass(frozen=True)
class Recorded:
    """One recorded finding in words."""

    row: RecordedFinding
    name: str
    result: str


def pressed_by(suspect: Suspect) -> str:
    """By what a nerve is pressed; empty for what is no entrapment or where the atlas does not say."""
    return str(PRESSED_BY["both"] if len(suspect.pressed_by) > 1 else PRESSED_BY.get("".join(suspect.pressed_by), ""))


def suspect_rows(answer: Answer, chosen: str, most: int = ROWS) -> list[SuspectRow]:
    """The first `most` suspects; the chosen one stays in the list however far it fell."""
    shown = list(answer.suspects[:most])
    if chosen and all(s.key != chosen for s in shown):
        shown += [s for s in answer.suspects if s.key == chosen]
    return [
        SuspectRow(s, n if n <= 9 else None, s.key == chosen, _row_reason(s, answer)) for n, s in enumerate(shown, 1)
    ]


def widened_rows(answer: Answer, chosen: str) -> list[SuspectRow]:
    """The usual rows, then what stands further down, apart: muscles, what is no muscle, and what is not for a clinic.

    Only what would explain a part of the drawing, or what a finding speaks for. `group` stands at the first of each.
    """
    rows = suspect_rows(answer, chosen)
    shown = {row.suspect.key for row in rows}
    rest = [s for s in answer.suspects if s.key not in shown and (s.zones or _told(s))]
    groups = (
        (_("Further down"), [s for s in rest if s.kind == "trp"][:6]),
        (_("Not from muscles"), [s for s in rest if s.kind not in ("trp", "flag")][:8]),
        (_("Not for this clinic"), [s for s in rest if s.kind == "flag"][:6]),
    )
    for words, found in groups:
        for place, s in enumerate(found):
            rows.append(SuspectRow(s, None, s.key == chosen, _row_reason(s, answer), "" if place else words))
    return rows


def _told(suspect: Suspect) -> list[Reason]:
    """Findings that speak for it enough to be named."""
    return [r for r in suspect.reasons if r.sort in TOLD and r.nats > 0.15]


def chosen_of(answer: Answer, wanted: str) -> str:
    """The key of the suspect that is chosen: the wanted one while it is suspected, else the first."""
    keys = [s.key for s in answer.suspects]
    return wanted if wanted in keys else keys[0] if keys else ""


def _row_reason(suspect: Suspect, answer: Answer) -> str:
    """The main reason; for an entrapment it is said first by what the nerve is pressed."""
    reason = main_reason(suspect, answer)
    pressed = pressed_by(suspect)
    return f"{pressed[:1].upper()}{pressed[1:]}; {reason[:1].lower()}{reason[1:]}" if pressed and reason else reason


def main_reason(suspect: Suspect, answer: Answer | None = None) -> str:
    """What speaks for it most: a finding if one does, else the place of the drawing that fewest others explain."""
    told = _told(suspect)
    if told:
        return max(told, key=lambda r: r.nats).text
    others = Counter(key for s in (answer.suspects if answer else ()) for key in s.zones)
    if suspect.zones:
        own = min(suspect.zones, key=lambda key: (others[key], -zone(key).area_cm2, key))
        return _("Felt in %(place)s") % {"place": short(own)}
    return next((r.text for r in suspect.reasons if r.sort not in ("prior", "interaction")), "")


def places_of(zones: Iterable[str], most: int = 3) -> str:
    """Zones in a few plain words, the largest first, without their side."""
    areas = sorted((zone(key) for key in zones), key=lambda z: -z.area_cm2)
    names = list(dict.fromkeys(short(str(z)) for z in areas))
    rest = _(" and %(n)d more places") % {"n": len(names) - most} if len(names) > most else ""
    return "; ".join(names[:most]) + rest


def short(key: str) -> str:
    """A zone in few words: "front of the upper arm", without "top third"."""
    return zone(key).plain.partition(",")[0]


def states_of(visit: Visit) -> dict[tuple[str, str, str], str]:
    """What is recorded now: (finding, of, side) -> state."""
    return {(f.finding, f.of, f.side): f.state for f in findings_of(visit)}


def rows_to_test(
    answer: Answer,
    states: Mapping[tuple[str, str, str], str],
    most: int = TESTS,
    tests: Sequence[NextTest] = (),
    changes: Mapping[str, str] = MappingProxyType({}),
) -> list[RowToTest]:
    """The best next tests. What they would part is said by name.

    tests    in another order than the answer's own, when somebody looked ahead
    changes  key of a test -> what its outcomes would change, in words
    """
    names = {s.key: s.name for s in answer.suspects}
    return [
        RowToTest(
            test,
            states.get((test.exam, test.of, test.side.value), ""),
            _parts(test, names),
            cited(test.citations),
            changes.get(test.key, ""),
        )
        for test in (tests or answer.next_tests)[:most]
    ]


def cited(keys: Sequence[str]) -> str:
    """Sources by author and year, at most two; says so where nobody has read one."""
    known = atlas().sources
    names = dict.fromkeys(_author_and_year(known[key].citation) for key in keys if key in known)
    return "; ".join(list(names)[:2]) or _("Convention, not read")


def _author_and_year(citation: str) -> str:
    """ "D'Arcy & McGee 2000" of "D'Arcy & McGee 2000 JAMA 283:3110-3117"; the beginning where no year stands early."""
    found = re.match(r".{1,48}?\b(?:19|20)\d\d\b", citation)
    return found.group(0) if found else citation.partition(".")[0][:48]


def change_in_words(change: Change, name: str) -> str:
    """What a test would do to the first suspect it speaks of."""
    words = {"name": name, "yes": band(change.if_present).value, "no": band(change.if_absent).value}
    return _("If positive, %(name)s becomes %(yes)s; if negative, %(no)s.") % words


def _parts(test: NextTest, names: Mapping[str, str]) -> str:
    known = list(dict.fromkeys(names[key] for key in test.parts if key in names))
    if not known:
        return ""
    if len(known) == 1:
        return _("Speaks on %(name)s.") % {"name": known[0]}
    return _("Parts %(first)s from %(others)s.") % {"first": known[0], "others": ", ".join(known[1:3])}


def name_of(known: Atlas, finding: str, of: str) -> str:
    """A finding by name, with what it was done on; an id the atlas lost is shown as it is."""
    try:
        name = known.name(finding)
        return f"{name}: {known.name(of)}" if of else name
    except UnknownId:
        return f"{finding} {of}".strip()


def recorded(visit: Visit) -> list[Recorded]:
    """What was asked and tested at this visit, the last one first."""
    known = atlas()
    return [
        Recorded(row, name_of(known, row.finding, row.of), result_word(row))
        for row in sorted(findings_of(visit), key=lambda row: (row.at, row.pk), reverse=True)
    ]


def result_word(row: RecordedFinding) -> str:
    """negative, positive, could not be done; with the value where one was measured."""
    told = {"present": _("positive"), "absent": _("negative"), "unknown": _("could not be told")}
    asked = {"present": _("yes"), "absent": _("no"), "unknown": _("not sure")}
    words = (asked if is_question(row.finding) else told)[row.state]
    return f"{words}, {row.value:g} {row.unit}" if row.value is not None else str(words)


def is_question(finding: str) -> bool:
    """True for what is asked and answered, not examined."""
    if finding.startswith("factor."):
        return True
    thing = atlas().records.get(atlas().current(finding))
    return getattr(thing, "method", "") == "history"


def ledger(suspect: Suspect) -> dict[str, list[Reason]]:
    """Reasons for, against, and the background, the weightiest first."""
    by_weight = sorted(suspect.reasons, key=lambda r: -abs(r.nats))
    return {
        "for": [r for r in by_weight if r.nats > 0 and r.sort not in ("prior", "interaction")],
        "against": [r for r in by_weight if r.nats < 0 and r.sort not in ("prior", "interaction")],
        "background": [r for r in by_weight if r.sort in ("prior", "interaction")],
    }


def rivals_of(suspect: Suspect, answer: Answer) -> list[tuple[Suspect, NextTest | None, bool]]:
    """Suspects that look alike: rivals the atlas names, and those that cover the same skin with an overlapping band.

    Each with the test that would part them, and whether the bands overlap so much that they are not told apart yet.
    """
    named = set(atlas().rivals_of(suspect.of))
    close = [
        s
        for s in answer.suspects[:12]
        if s.key != suspect.key and (s.of in named or (s.zones & suspect.zones and overlap(s, suspect) > 0.5))
    ]
    return [(s, _parting(suspect, s, answer.next_tests), overlap(s, suspect) > 0.5) for s in close[:4]]


def overlap(a: Suspect, b: Suspect) -> float:
    """Share of the narrower band that lies within the other one, 0..1."""
    shared = min(a.high, b.high) - max(a.low, b.low)
    return max(0.0, shared) / max(min(a.high - a.low, b.high - b.low), 1e-6)


def _parting(a: Suspect, b: Suspect, tests: Sequence[NextTest]) -> NextTest | None:
    keys = ({a.key}, {b.key})
    return next((t for t in tests if not t.closed_by and any(set(t.parts) & k for k in keys)), None)


__all__ = [
    "ROWS",
    "Recorded",
    "SuspectRow",
    "RowToTest",
    "chosen_of",
    "is_question",
    "ledger",
    "main_reason",
    "name_of",
    "overlap",
    "places_of",
    "pressed_by",
    "recorded",
    "result_word",
    "rivals_of",
    "states_of",
    "suspect_rows",
    "widened_rows",
    "rows_to_test",
]
