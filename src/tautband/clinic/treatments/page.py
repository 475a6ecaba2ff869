"""What the note page shows: sections as lines with their source, checks, differences, the signed document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts import drawn
from tautband.clinic.charts.figure import ink_signed
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.checks import checks, may_sign
from tautband.clinic.treatments.compare import Difference, differences, text_lines
from tautband.clinic.treatments.content import cosigned, document, lines_of, seal_of
from tautband.clinic.treatments.drafting import SECTIONS, Draft, draft_note
from tautband.clinic.treatments.models import NoteVersion, SignedNote
from tautband.clinic.treatments.phrases import by_code, filled, known_of, phrases_of
from tautband.clinic.treatments.queries import may_write_note
from tautband.reasoning import Answer

TITLES = {
    "subjective": (gettext_lazy("Said"), gettext_lazy("Subjective")),
    "objective": (gettext_lazy("Found"), gettext_lazy("Objective")),
    "assessment": (gettext_lazy("Thought"), gettext_lazy("Assessment")),
    "plan": (gettext_lazy("Plan"), gettext_lazy("Plan, home, next")),
}
SOURCES = {
    "story": ("message-circle", gettext_lazy("Their words")),
    "drawing": ("paintbrush", gettext_lazy("Drawing")),
    "answered": ("message-circle", gettext_lazy("Answered")),
    "tapped": ("hand", gettext_lazy("Tapped")),
    "suspects": ("activity", gettext_lazy("Suspects")),
    "alert": ("shield", gettext_lazy("Alert")),
    "plan": ("list", gettext_lazy("Plan")),
    "consent": ("check", gettext_lazy("Consent")),
    "done": ("hand", gettext_lazy("At the table")),
    "aftercare": ("house", gettext_lazy("Convention")),
    "home": ("house", gettext_lazy("Given for home")),
    "own": ("notebook-pen", gettext_lazy("Your words")),
}


@dataclass(frozen=True)
class ShownLine:
    """One line of a section with its side, its sign and where it comes from."""

    text: str
    side: str
    icon: str
    source: str
    at: datetime | None


@dataclass(frozen=True)
class ShownSection:
    """One section as it is read and edited."""

    key: str
    title: str
    soap: str
    lines: tuple[ShownLine, ...]
    text: str
    difference: Difference | None = None


def _shown(row: Mapping[str, str], signed: bool) -> ShownLine:
    icon, words = SOURCES[row["source"]]
    own = _("Own words") if signed else words
    label = str(own if row["source"] == "own" else words)
    side = row["side"] if row["side"] in ("left", "right", "bilateral") else ""
    return ShownLine(row["text"], side, icon, label, parse_datetime(row["at"]) if row["at"] else None)


def shown_section(key: str, text: str, draft: Draft, difference: Difference | None = None) -> ShownSection:
    """A section of a draft."""
    title, soap = TITLES[key]
    lines = tuple(_shown(row, signed=False) for row in lines_of(text, draft, key))
    return ShownSection(key, str(title), str(soap), lines, text, difference)


@dataclass(frozen=True)
class OpenNote:
    """A note that is not signed: what stands in it, and what the data say now.

    number  of the version on the screen; 0 while nothing was kept yet
    """

    visit: Visit
    number: int
    said: str
    texts: Mapping[str, str]
    drafted: Mapping[str, Sequence[str]]
    draft: Draft
    answer: Answer
    newest: NoteVersion | None

    @property
    def differences(self) -> list[Difference]:
        """The note beside the data."""
        return differences(self.texts, self.drafted, self.draft)

    @property
    def sections(self) -> list[ShownSection]:
        """All four, to be read and edited."""
        by_key = {difference.section: difference for difference in self.differences}
        return [shown_section(key, self.texts[key], self.draft, by_key[key]) for key in SECTIONS]

    @property
    def is_stale(self) -> bool:
        """The record moved on since this was drafted."""
        return any(d.is_stale for d in self.differences) or self.said_moved

    @property
    def said_moved(self) -> bool:
        """The client's words were changed since they were quoted."""
        return self.said != self.draft.said

    @property
    def has_own_plan(self) -> bool:
        """Something under Plan is in the therapist's words."""
        return any(d.own for d in self.differences if d.section == "plan")


def open_note(visit: Visit, answer: Answer, texts: Mapping[str, str] | None = None) -> OpenNote:
    """The newest version of a note, or the draft where nothing was kept; `texts` replaces what stands in it."""
    draft = draft_note(visit, answer)
    newest = visit.notes.select_related("by").first()
    if newest is None:
        return OpenNote(visit, 0, draft.said, texts or draft.texts(), draft.lines(), draft, answer, None)
    shown = texts or newest.sections
    return OpenNote(visit, newest.number, newest.said, shown, newest.drafted, draft, answer, newest)


def open_context(note: OpenNote, member: Member) -> dict[str, Any]:
    """The context of the note page while it is a draft."""
    found = checks(note.visit, note.answer, note.said, note.texts, note.has_own_plan)
    return {
        "note": note,
        "sections": note.sections,
        "checks": found,
        "ready": may_sign(found),
        "is_author": may_write_note(member, note.visit),
        "author": note.visit.by.display_name,
        "versions": note.visit.notes.select_related("by")[:8],
        "answer": note.answer,
        **phrase_context(note.visit, member),
    }


def phrase_context(visit: Visit, member: Member) -> dict[str, Any]:
    """The phrases that can be put into this note, each filled with what is known of the visit."""
    known = known_of(visit, member)
    rows = [
        {"code": code, "text": filled(phrase.text, known), "section": phrase.section, "own": bool(phrase.member_id)}
        for code, phrase in by_code(phrases_of(member)).items()
    ]
    return {"phrases": rows, "phrase_texts": {row["code"]: row["text"] for row in rows}}


def signed_context(note: SignedNote) -> dict[str, Any]:
    """The context of the document."""
    content = document(note)
    marks = marks_of(content["drawing"]["marks"])
    born = content["client"]["born"]
    sections = [
        {
            "title": TITLES[key][0],
            "soap": TITLES[key][1],
            "key": key,
            "lines": [_shown(row, signed=True) for row in content["sections"][key]],
        }
        for key in SECTIONS
    ]
    return {
        "signed": note,
        "content": content,
        "born": date.fromisoformat(born) if born else None,
        "opened_at": parse_datetime(content["visit"]["opened_at"]),
        "ended_at": parse_datetime(content["visit"]["closed_at"]),
        "sections": sections,
        "overlay": drawn.overlay_of(marks) if marks else None,
        "ink": ink_signed(note.visit, content["drawing"]),
        "drawing_words": drawn.in_words(marks),
        "layers": sorted({drawn.LAYER_NAMES[mark.layer] for mark in marks}),
        "seal": seal_of(note),
        "addenda": note.addenda.all(),
        "cosigned": cosigned(note),
    }


def side_by_side(mine: Mapping[str, str], newest: NoteVersion) -> list[dict[str, Any]]:
    """Both texts of the sections that differ."""
    return [
        {"title": TITLES[key][0], "theirs": newest.sections[key], "mine": mine[key]}
        for key in SECTIONS
        if text_lines(mine[key]) != text_lines(newest.sections[key])
    ]
