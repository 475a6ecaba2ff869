"""Before you sign: what is missing, and where to put it right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import answers_of, unanswered
from tautband.clinic.charts.rows import name_of
from tautband.clinic.treatments.drafting import SECTIONS
from tautband.clinic.treatments.phrases import blanks_in
from tautband.knowledge import atlas
from tautband.knowledge.records import Exam
from tautband.planning.guard import BLOCKING
from tautband.reasoning import Answer

State = Literal["fine", "look", "stop"]


@dataclass(frozen=True)
class Check:
    """One line. `stop` keeps the note from being signed; `look` does not. `url` jumps to the place."""

    state: State
    title: str
    text: str = ""
    url: str = ""
    go: str = ""


def checks(visit: Visit, answer: Answer, said: str, sections: Mapping[str, str], own_plan: bool) -> list[Check]:
    """All checks of a note, in the order of the note.

    What can no longer be put right because the visit is closed is shown and does not stop; the text can say it.
    """
    found = [_sides(visit), _alerts(visit, answer), _sections(said, sections), _done(own_plan)]
    return [*found, *_blanks(sections)]


def may_sign(found: list[Check]) -> bool:
    """True when nothing stops."""
    return all(check.state != "stop" for check in found)


def sideless(visit: Visit) -> list[str]:
    """Names of findings of sided examinations that were recorded without a side."""
    known = atlas()
    rows = visit.findings.filter(ended_at=None, side="midline")
    return [name_of(known, row.finding, row.of) for row in rows if _is_sided(row.finding)]


def _is_sided(finding: str) -> bool:
    thing = atlas().records.get(atlas().current(finding))
    return isinstance(thing, Exam) and thing.sided and thing.method != "history"


def _sides(visit: Visit) -> Check:
    names = sideless(visit)
    if not names:
        count = visit.findings.filter(ended_at=None).count()
        text = ngettext("One finding.", "%(count)d findings.", count) % {"count": count} if count else ""
        return Check("fine", _("All sides named"), text)
    told = _("Without left or right: %(names)s.") % {"names": ", ".join(names[:4])}
    if visit.closed_at is not None:
        return Check(
            "look", _("A side is missing"), told + " " + _("Say it in the text."), "#edit-objective", _("Text")
        )
    return Check("stop", _("A side is missing"), told, reverse("charts:encounter", args=[visit.pk]), _("Examine"))


def _alerts(visit: Visit, answer: Answer) -> Check:
    waiting = unanswered(visit, answer.alerts)
    if not waiting:
        text = _("Each answer is in the note.") if answer.alerts or answers_of(visit) else _("None was raised.")
        return Check("fine", _("Alerts answered"), text)
    first = waiting[0]
    title = _("Alert not answered: %(name)s") % {"name": first.name}
    if visit.closed_at is not None:
        text = _("The visit is closed. Say in the text what was decided.")
        return Check("look", title, text, "#edit-assessment", _("Text"))
    url = reverse("charts:alert", args=[visit.pk, first.flag])
    stops = any(alert.urgency in BLOCKING for alert in waiting)
    text = _("It must be answered first.") if stops else _("You can sign first; the note then says it is open.")
    return Check("stop" if stops else "look", title, text, url, _("Answer"))


def _sections(said: str, sections: Mapping[str, str]) -> Check:
    names = {
        "subjective": _("Said"),
        "objective": _("Found"),
        "assessment": _("Thought"),
        "plan": _("Plan"),
    }
    empty = [key for key in SECTIONS if not sections[key].strip() and not (key == "subjective" and said.strip())]
    if not empty:
        return Check("fine", _("No empty section"))
    text = _("Empty: %(names)s.") % {"names": ", ".join(names[key] for key in empty)}
    return Check("stop", _("A section is empty"), text, f"#edit-{empty[0]}", _("Write"))


def _done(own_plan: bool) -> Check:
    if own_plan:
        return Check("fine", _("What was done is in your words"))
    text = _("The draft knows the plan, not the treatment. Add what you did and how it was answered.")
    return Check("look", _("What was done?"), text, "#edit-plan", _("Write"))


def _blanks(sections: Mapping[str, str]) -> Iterator[Check]:
    """A blank of a phrase that nobody filled would be signed as if it said something."""
    for key in SECTIONS:
        open_ones = blanks_in(sections[key])
        if open_ones:
            text = _("Fill or delete: %(blanks)s.") % {"blanks": ", ".join(open_ones[:3])}
            yield Check("stop", _("A blank is not filled"), text, f"#edit-{key}", _("Fill"))
