"""A referral letter drafted from what was recorded. Writes nothing.

What is asked stands first; then what was found with side, result, how and when; what was not tested, so that nobody
reads silence as negative; what the client feels and what we think, in the words of doubt the note uses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts.models import AlertAnswer, RecordedFinding, Visit
from tautband.clinic.charts.queries import answers_of
from tautband.clinic.charts.rows import is_question, name_of, result_word
from tautband.clinic.treatments.drafting import SIDE_WORDS, Draft, clock, draft_note, sided
from tautband.knowledge import atlas
from tautband.reasoning import Alert, Answer
from tautband.terms.sides import Side

URGENCIES = {
    "emergency": gettext_lazy("Please see this person now"),
    "same_day": gettext_lazy("Please see this person today"),
    "urgent_days": gettext_lazy("Please see this person within days"),
    "routine": gettext_lazy("At your next chance"),
    "": gettext_lazy("For your information"),
}
TEXTS = ("title", "greeting", "question", "feels", "thought", "meanwhile")
ORDER = ("emergency", "same_day", "urgent_days", "routine")


@dataclass(frozen=True)
class Sign:
    """One row of what was found. `how` says who told or tested, and when."""

    sign: str
    side: str
    result: str
    how: str


@dataclass(frozen=True)
class Body:
    """All a letter says. Everything is plain text.

    urgency   key of URGENCIES; question is what the reader is asked to do
    found     rows of what was found; untested what was not, in sentences
    """

    to_name: str = ""
    to_address: str = ""
    urgency: str = ""
    title: str = ""
    greeting: str = ""
    question: str = ""
    found: tuple[Sign, ...] = ()
    untested: str = ""
    feels: str = ""
    thought: str = ""
    meanwhile: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Body":
        """From what the database keeps; rows of an unknown form are refused by TypeError."""
        return cls(**{**given, "found": tuple(Sign(**row) for row in given.get("found", ()))})

    def with_texts(self, given: Mapping[str, str], kept: Sequence[int]) -> "Body":
        """With the texts a person edited, and only the rows they kept (by place)."""
        texts = {key: value for key, value in given.items() if key != "found" and hasattr(self, key)}
        return replace(self, **texts, found=tuple(row for n, row in enumerate(self.found) if n in kept))


def draft_letter(visit: Visit, answer: Answer) -> Body:
    """Draft the letter of a visit from its record."""
    told = draft_note(visit, answer)
    alert = leading_alert(visit, answer)
    return Body(
        urgency=alert.urgency.value if alert else "",
        title=_title(alert, answer),
        greeting=_("Dear colleague,"),
        question=_question(alert),
        found=tuple(_found(visit)),
        untested=_untested(answer),
        feels=_feels(told),
        thought=" ".join(line.text for line in told.sections["assessment"] if line.source != "alert"),
        meanwhile=_meanwhile(alert),
    )


def leading_alert(visit: Visit, answer: Answer) -> Alert | None:
    """The alert the letter is about: the most urgent that was referred or still waits, not one that was cleared."""
    given = answers_of(visit)
    open_ones = [
        alert
        for alert in answer.alerts
        if alert.flag not in given or given[alert.flag].decision != AlertAnswer.Decision.CLEARED
    ]
    return min(open_ones, key=lambda alert: ORDER.index(alert.urgency.value), default=None)


def _title(alert: Alert | None, answer: Answer) -> str:
    if alert:
        return "; ".join(alert.because[:2])[:1].upper() + "; ".join(alert.because[:2])[1:]
    first = answer.suspects[0] if answer.suspects else None
    return _("Consistent with %(what)s") % {"what": sided(first.name, first.side.value)} if first else ""


def _question(alert: Alert | None) -> str:
    if alert is None:
        return _("We write to tell you what we found and what we do.")
    return _("Please examine for: %(what)s. We would be glad to hear what you find.") % {"what": alert.name}


def _found(visit: Visit) -> Iterator[Sign]:
    known = atlas()
    for row in visit.findings.filter(ended_at=None).order_by("at", "id"):
        result = result_word(row)
        note = f"; {row.note.strip()}" if row.note.strip() else ""
        side = str(SIDE_WORDS.get(row.side, ""))
        yield Sign(name_of(known, row.finding, row.of), side, result[:1].upper() + result[1:], _how(row) + note)


def _how(row: RecordedFinding) -> str:
    told = _("told at %(at)s") if is_question(row.finding) else _("examined at %(at)s")
    return told % {"at": clock(row.at)}


def _untested(answer: Answer) -> str:
    closed = [test for test in answer.next_tests if test.closed_by][:4]
    names = ", ".join(sided(t.name, "" if t.side is Side.MIDLINE else t.side.value) for t in closed)
    return (
        _("Not tested, because it was not safe before you have seen this: %(names)s.") % {"names": names}
        if names
        else ""
    )


def _feels(told: Draft) -> str:
    drawn = " ".join(line.text for line in told.sections["subjective"] if line.source == "drawing")
    return "\n".join(part for part in (told.said, drawn) if part)


def _meanwhile(alert: Alert | None) -> str:
    if alert is None:
        return _("We go on with soft tissue treatment within comfort, and reassess at each visit.")
    return _("We do not treat what this could concern until we hear from you. The client knows when to call for help.")


def day_of(visit: Visit) -> str:
    """The day of a visit where the clinic is, for a caption."""
    return f"{timezone.localtime(visit.opened_at):%d %B %Y}".lstrip("0")
