"""Notes and letters as PDF: the data each template reads."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tautband.clinic.charts import drawn
from tautband.clinic.charts.figure import figure_svg, ink_signed, views_of
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.episodes.course import course_of
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.letters import content
from tautband.clinic.letters.care import ITEMS
from tautband.clinic.letters.drafting import URGENCIES, Body
from tautband.clinic.letters.models import Letter, Report, SignedLetter, SignedReport
from tautband.clinic.paper import pdf
from tautband.clinic.treatments.content import cosigned, document, seal_of
from tautband.clinic.treatments.models import SignedNote
from tautband.clinic.treatments.page import SOURCES, TITLES, open_note, shown_section
from tautband.clinic.treatments.templatetags.treatments import layer_legend

NOTE, LETTER, REPORT = "letters/typst/note.typ", "letters/typst/letter.typ", "letters/typst/report.typ"
SIDES = {"right", "left"}


def _house() -> dict[str, Any]:
    """What every page needs: its language, and the words the template itself says."""
    language = (get_language() or "en").split("-")[0]
    return {"lang": language, "words": {"page": _("Page"), "nothing": _("Nothing.")}}


def day(value: date | datetime | None) -> str:
    """A date in words, where the clinic is; empty for none."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(local, "j F Y")


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), "j F Y, H:i")


def _figures(
    marks: Sequence[Mapping[str, Any]], caption: str, *, ink: bytes = b"", cropped: bool = False
) -> list[dict[str, str]]:
    drawing = marks_of(list(marks))
    if not drawing:
        return []
    layers = {drawn.LAYER_NAMES[mark.layer] for mark in drawing}
    words = drawn.in_words(drawing, most=40)
    return [
        {
            "svg": figure_svg(drawing, view, f"p{n}", cropped=cropped, ink=ink),
            "alt": _("Pain drawing, %(view)s: %(words)s") % {"view": view.replace("_", " "), "words": words},
            "caption": f"{caption} {layer_legend(layers)}" if n == 0 else "",
        }
        for n, view in enumerate(views_of(drawing))
    ]


# --- Notes --------------------------------------------------------------------------------------------------------


def note_pdf(visit: Visit) -> bytes:
    """The note of a visit: the signed document with its corrections, or the draft, which says that it is one."""
    signed = SignedNote.objects.filter(visit=visit).first()
    return signed_note_pdf(signed) if signed else draft_note_pdf(visit)


def signed_note_pdf(note: SignedNote) -> bytes:
    """The signed note, from what was signed and nothing else."""
    told = document(note)
    seal = seal_of(note)
    opened = parse_datetime(told["visit"]["opened_at"])
    born = told["client"]["born"]
    seal_words = (
        _("Seal %(short)s, entry %(entry)s of this chart.") % {"short": seal.short, "entry": seal.entry}
        if seal.intact
        else _("The seal is broken: this is not what was signed.")
    )
    sections = [
        {
            "title": str(TITLES[key][0]),
            "said": told["said"] if key == "subjective" else "",
            "lines": [_line(row["text"], row["side"], row["source"], row["at"]) for row in told["sections"][key]],
        }
        for key in TITLES
    ]
    corrections = [
        {"title": _("Correction of %(when)s") % {"when": _moment(row.at)}, "text": row.text, "by": row.by_name}
        for row in note.addenda.all()
    ]
    return _note(
        told["client"]["name"],
        born and day(date.fromisoformat(born)),
        told["visit"]["number"],
        opened or note.at,
        practice=told["practice"],
        address=content.letterhead(note.visit.client.practice),
        author=note.by_name,
        figures=_figures(
            told["drawing"]["marks"], _("Drawing of this visit."), ink=ink_signed(note.visit, told["drawing"])
        ),
        sections=sections,
        corrections=corrections,
        signed=" ".join(
            [_("Signed on %(when)s. %(seal)s") % {"when": _moment(note.at), "seal": seal_words}, *_seconds(note)]
        ),
        foot=f"{told['client']['name']}. SHA-256 {note.hash}",
        draft=_("Withdrawn: written in the wrong chart") if note.visit.withdrawn_at else "",
        at=note.at,
    )


def _seconds(note: SignedNote) -> list[str]:
    """The second signatures, as sentences."""
    told = []
    for row in cosigned(note):
        words = _("Co-signed by %(name)s on %(when)s.") % {"name": row["name"], "when": _moment(row["at"])}
        told.append(words if row["intact"] else _("A second signature does not fit the chart's chain."))
    return told


def draft_note_pdf(visit: Visit) -> bytes:
    """The draft as it stands, marked as a draft."""
    shown = open_note(visit, answer_for(visit))
    drawing = visit.drawings.first()
    sections = []
    for key in TITLES:
        section = shown_section(key, shown.texts[key], shown.draft)
        lines = [{"text": line.text, "side": _side(line.side), "source": line.source} for line in section.lines]
        sections.append({"title": section.title, "said": shown.said if key == "subjective" else "", "lines": lines})
    client = visit.client
    return _note(
        client.name,
        day(client.birth_date),
        visit.number,
        visit.opened_at,
        practice=client.practice.name,
        address=content.letterhead(client.practice),
        author=visit.by.display_name,
        figures=_figures(drawing.marks, _("Drawing of this visit."), ink=bytes(drawing.ink)) if drawing else [],
        sections=sections,
        corrections=[],
        draft=_("Draft, not signed"),
        signed="",
        foot=client.name,
        at=timezone.now(),
    )


def _note(name: str, born: str, number: int, opened: datetime, *, at: datetime, draft: str = "", **more: Any) -> bytes:
    facts = [
        [_("Client"), name],
        [_("Born"), born],
        [_("Visit"), str(number)],
        [_("Date"), _moment(opened)],
    ]
    title = _("Visit note, %(name)s, %(day)s") % {"name": name, "day": day(opened)}
    data = {**_house(), "title": title, "heading": _("Visit note"), "facts": facts, "draft": draft, **more}
    return pdf(NOTE, data, at)


def _line(text: str, side: str, source: str, at: str) -> dict[str, str]:
    words = str(SOURCES[source][1]) if source != "own" else _("Own words")
    when = parse_datetime(at) if at else None
    clock = f" {timezone.localtime(when):%H:%M}" if when else ""
    return {"text": text, "side": _side(side), "source": f"{words}{clock}"}


def _side(side: str) -> str:
    return side if side in SIDES else ""


# --- Letters ------------------------------------------------------------------------------------------------------


def letter_pdf(letter: Letter) -> bytes:
    """The signed letter, or the draft as it stands, marked as a draft."""
    signed = SignedLetter.objects.filter(letter=letter).first()
    if signed is not None:
        told, seal = content.document(signed), content.seal_of(signed)
        words = _("Signed %(when)s. Seal %(short)s. Anyone can check it against the sealed record.")
        foot = words % {"when": _moment(signed.at), "short": seal.short}
        if not seal.intact:
            foot = _("The seal is broken: this is not what was signed.")
        return _letter(told, Body.read(told["letter"]), signed.at, foot, letter.visit, draft="")
    version = letter.versions.first()
    body = Body.read(version.body) if version else Body()
    now = timezone.now()
    told = json.loads(content.content_of(letter.visit, body, letter.by, now))
    return _letter(told, body, now, _("Draft"), letter.visit, draft=_("Draft, not signed"))


def _letter(told: Mapping[str, Any], body: Body, at: datetime, foot: str, visit: Visit, *, draft: str) -> bytes:
    born = told["client"]["born"]
    opened = parse_datetime(told["visit"]["opened_at"])
    caption = _("Drawing of %(day)s.") % {"day": day(opened)}
    about = _("Letter about %(name)s") % {"name": told["client"]["name"]}
    data = {
        **_house(),
        "title": about,
        "heading": body.title or about,
        "author": told["signed"]["name"],
        "practice": told["practice"]["name"],
        "address": told["practice"]["address"],
        "to": [body.to_name, *(line.strip() for line in body.to_address.splitlines())],
        "facts": [
            [_("Date"), day(at)],
            [_("Client"), told["client"]["name"]],
            [_("Born"), day(date.fromisoformat(born)) if born else ""],
            [_("Visit"), f"{told['visit']['number']}, {day(opened)}"],
        ],
        "urgency": str(URGENCIES.get(body.urgency, "")) if body.urgency else "",
        "draft": draft,
        "letter": body.as_json(),
        "figures": _figures(told["drawing"]["marks"], caption, ink=ink_signed(visit, told["drawing"]), cropped=True)[
            :1
        ],
        "heads": {
            "found": _("What we found"),
            "columns": [_("Sign"), _("Side"), _("Result"), _("How and when")],
            "feels": _("What the client feels"),
            "thought": _("What we think, and do not know"),
            "meanwhile": _("What we do meanwhile"),
        },
        "standing": _("What we say is consistent with what was found; it is no diagnosis."),
        "agreed": _("Sent with the client’s agreement."),
        "foot": foot,
    }
    return pdf(LETTER, data, at)


# --- Case reports -------------------------------------------------------------------------------------------------


def report_pdf(report: Report) -> bytes:
    """The signed case report, or the draft as it stands, marked as a draft. No name of the client is printed."""
    signed = SignedReport.objects.filter(report=report).first()
    if signed is not None:
        told, seal = json.loads(signed.content), content.report_seal(signed)
        words = _("Signed %(when)s. Seal %(short)s.") % {"when": _moment(signed.at), "short": seal.short}
        foot = words if seal.intact else _("The seal is broken: this is not what was signed.")
        publishing = signed.publishing
        author, at, draft, sections = signed.by_name, signed.at, "", told["sections"]
    else:
        version = report.versions.first()
        sections = version.sections if version else dict.fromkeys(ITEMS, "")
        author, at, foot, publishing = report.by.display_name, timezone.now(), _("Draft"), False
        draft = _("Draft, not signed")
    data = {
        **_house(),
        "title": sections["title"] or _("Case report"),
        "author": author,
        "practice": report.episode.client.practice.name,
        "address": content.letterhead(report.episode.client.practice),
        "draft": draft if draft or publishing else _("Not for publication: the client has not agreed"),
        "heading": sections["title"] or _("Case report"),
        "sections": [
            {"title": str(name), "lines": [line.strip() for line in sections[key].splitlines() if line.strip()]}
            for key, (name, _help) in ITEMS.items()
            if key != "title"
        ],
        "foot": foot,
    }
    return pdf(REPORT, data, at)


# --- Summary of an episode ----------------------------------------------------------------------------------------


def summary_pdf(episode: Episode) -> bytes:
    """What an episode came to, for the client or whoever goes on: what was wanted, done, changed, and what is next."""
    told, client = course_of(episode), episode.client
    goals = {state: [goal.text for goal in told.goals if goal.state == state] for state in Goal.State.values}
    span = _("%(visits)d visits, from %(begin)s to %(end)s") % {
        "visits": told.visits,
        "begin": day(episode.opened_at),
        "end": day(episode.closed_at) if episode.closed_at else _("today"),
    }
    rows = {
        _("About"): [f"{client.name}, {day(client.birth_date)}" if client.birth_date else client.name, f"{span}."],
        _("Since when"): [episode.began] if episode.began else [],
        _("Reached"): goals[Goal.State.MET],
        _("Not reached yet"): goals[Goal.State.OPEN],
        _("What was done"): [row.words for row in told.dosed] or [f"{name} ({n}×)" for name, n in told.tried],
        _("What changed"): [f"{line.title}: {line.sentence}" for line in told.lines],
        _("Present at its beginning (an association)"): list(told.preceded),
        _("Summary"): [line for line in episode.summary.splitlines() if line.strip()],
        _("Next"): list(told.coming),
    }
    state = str(episode.get_closing_display()) if episode.closed_at else _("Not closed yet")
    now = timezone.now()
    data = {
        **_house(),
        "title": _("Summary, %(what)s") % {"what": episode.title},
        "author": episode.by.display_name,
        "practice": client.practice.name,
        "address": content.letterhead(client.practice),
        "draft": "",
        "heading": episode.title,
        "sections": [{"title": title, "lines": lines} for title, lines in rows.items() if lines],
        "foot": f"{state}. {_('Improvement after treatment is not proof that treatment caused it.')}",
    }
    return pdf(REPORT, data, now)
