"""A case report drafted from the record, in the thirteen items of the CARE checklist (Gagnier 2013). Writes nothing.

One problem from its first visit on. Days are counted and no name is written, because such a report is read by others;
what a therapist adds is theirs to keep nameless, and `name_stands_in` looks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts.models import AlertAnswer, Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.episodes import happenings
from tautband.clinic.episodes.course import Course, course_of
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.intake.queries import told_by
from tautband.clinic.treatments.compare import text_lines
from tautband.clinic.treatments.drafting import Draft, draft_note
from tautband.clinic.treatments.remembering import done_at
from tautband.knowledge import atlas

ITEMS = {
    "title": (gettext_lazy("Title"), gettext_lazy("What it is about, with the words “case report”.")),
    "keywords": (gettext_lazy("Key words"), gettext_lazy("Two to five.")),
    "abstract": (
        gettext_lazy("Abstract"),
        gettext_lazy("What is new in it, the main findings, what was done, how it went, what to take away."),
    ),
    "introduction": (gettext_lazy("Introduction"), gettext_lazy("Why this case is worth telling, with what is known.")),
    "patient": (
        gettext_lazy("The person"),
        gettext_lazy("Without a name: age, main concern, history, what was tried."),
    ),
    "findings": (gettext_lazy("Clinical findings"), gettext_lazy("What was found on examination at first.")),
    "timeline": (gettext_lazy("Timeline"), gettext_lazy("Days counted from the first visit.")),
    "assessment": (
        gettext_lazy("Diagnostic assessment"),
        gettext_lazy("How it was examined, what else was considered, what could not be told."),
    ),
    "intervention": (gettext_lazy("Treatment"), gettext_lazy("What, how much, how often; what was changed and why.")),
    "outcomes": (
        gettext_lazy("Follow-up and outcomes"),
        gettext_lazy("Measures with their error, what was kept up at home, what went wrong."),
    ),
    "discussion": (
        gettext_lazy("Discussion"),
        gettext_lazy("Strengths, limits, what others found, what to take away."),
    ),
    "perspective": (gettext_lazy("The client’s view"), gettext_lazy("In their own words.")),
    "consent": (gettext_lazy("Consent"), gettext_lazy("Whether the client agreed that it is published.")),
}
MOST_DONE = 24
MOST_HAPPENINGS = 40
HISTORY = ("medicines", "allergies", "surgery", "other-health", "began", "makes-worse")
"""Questions of the intake that tell a history; private ones are never among them."""


@dataclass(frozen=True)
class Told:
    """What a report is drafted from: one problem, its visits, and its course."""

    episode: Episode
    visits: tuple[Visit, ...]
    course: Course

    @property
    def began(self) -> datetime:
        """Day 0."""
        return self.visits[0].opened_at if self.visits else self.episode.opened_at


def told_of(episode: Episode) -> Told:
    """Everything the record holds of a problem."""
    during = episode.client.visits.filter(opened_at__gte=episode.opened_at).order_by("opened_at")
    if episode.closed_at is not None:
        during = during.filter(opened_at__lte=episode.closed_at)
    return Told(episode, tuple(during.select_related("client", "by")), course_of(episode))


def draft_report(episode: Episode) -> dict[str, str]:
    """Item -> text, one line a fact; empty where only a person can write it."""
    told = told_of(episode)
    first = told.visits[0] if told.visits else None
    note = draft_note(first, answer_for(first)) if first else None
    lines: dict[str, Sequence[str]] = {
        "title": [_("%(what)s: a case report") % {"what": episode.title}],
        "keywords": ["; ".join(_keywords(told))],
        "abstract": list(_abstract(told, note)),
        "introduction": [],
        "patient": list(_person(told, note)),
        "findings": [line.text for line in note.sections["objective"]] if note else [],
        "timeline": list(_timeline(told)),
        "assessment": list(_assessment(note)),
        "intervention": list(_intervention(told)),
        "outcomes": list(_outcomes(told)),
        "discussion": [_limits()],
        "perspective": list(_view(told)),
        "consent": [_("No agreement to publish is recorded yet.")],
    }
    return {key: "\n".join(lines[key]) for key in ITEMS}


def drafted_anew(sections: Mapping[str, str], drafted: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The draft of now with your own words below it in each item."""
    anew = {}
    for key in ITEMS:
        own = [line for line in text_lines(sections[key]) if line not in text_lines(drafted.get(key, ""))]
        anew[key] = "\n".join([*text_lines(now[key]), *(line for line in own if line not in text_lines(now[key]))])
    return anew


def moved_on(drafted: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names of the items whose data changed since the report was drafted."""
    return [str(ITEMS[key][0]) for key in ITEMS if text_lines(drafted.get(key, "")) != text_lines(now[key])]


def empty_items(sections: Mapping[str, str]) -> list[str]:
    """Names of the items in which nothing stands."""
    return [str(name) for key, (name, _help) in ITEMS.items() if not sections.get(key, "").strip()]


def name_stands_in(name: str, sections: Mapping[str, str]) -> list[str]:
    """Parts of the client's name that stand somewhere in the report."""
    words = {word.casefold() for text in sections.values() for word in _words(text)}
    return [part for part in _words(name) if len(part) > 2 and part.casefold() in words]


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalpha() else " " for letter in text).split()


def _day(told: Told, at: datetime) -> int:
    return (timezone.localdate(at) - timezone.localdate(told.began)).days


def _keywords(told: Told) -> Iterator[str]:
    yield _("case report")
    yield from (name for name, _times in told.course.tried[:3])
    yield _("neuromuscular therapy")


def _abstract(told: Told, note: Draft | None) -> Iterator[str]:
    if note and note.sections["assessment"]:
        yield note.sections["assessment"][0].text
    if told.course.tried:
        yield _("Treated with: %(what)s.") % {"what": ", ".join(name for name, _times in told.course.tried[:4])}
    yield from (f"{line.title}: {line.sentence}" for line in told.course.lines[:2])


def _person(told: Told, note: Draft | None) -> Iterator[str]:
    client = told.episode.client
    age, sex = client.age_years(timezone.localdate(told.began)), client.recorded_sex
    words = [_("%(age)d years old") % {"age": age} if age is not None else ""]
    words += [
        client.get_recorded_sex_display().lower() if sex in ("female", "male", "other") else "",
        client.occupation,
    ]
    yield f"{', '.join(filter(None, words))}." if any(words) else _("Age not recorded.")
    began = f" ({told.episode.began})" if told.episode.began else ""
    yield _("Came for: %(what)s%(began)s.") % {"what": told.episode.title, "began": began}
    if note and note.said:
        yield f"“{' '.join(note.said.split())}”"
    if note:
        yield from (line.text for line in note.sections["subjective"] if line.source == "drawing")
    for chapter in told_by(client):
        for row in chapter[1]:
            if row.asked and not row.question.private and row.question.key in HISTORY and row.words:
                yield f"{row.question.title} {row.words}"
    if told.course.preceded:
        yield _("Present at the beginning (an association): %(what)s.") % {"what": ", ".join(told.course.preceded)}


def _timeline(told: Told) -> Iterator[str]:
    kinds = ("visit", "session", "measured", "goal", "episode", "letter")
    rows = happenings.between(told.episode.client, told.episode.opened_at, told.episode.closed_at)
    for row in islice((row for row in rows if row.kind in kinds), MOST_HAPPENINGS):
        if row.kind == "visit":  # its title names the therapist
            title = _("Visit %(n)d") % {"n": _number(told, row.at)}
        else:
            title = row.title if row.kind != "session" else f"{row.title}: {row.text}"
        yield _("Day %(day)d. %(what)s.") % {"day": _day(told, row.at), "what": title.rstrip(".")}


def _number(told: Told, at: datetime) -> int:
    return sum(1 for visit in told.visits if visit.opened_at <= at)


def _assessment(note: Draft | None) -> Iterator[str]:
    if note is None:
        return
    yield _("Examined by history, pain drawing, movement, provocation tests and palpation, as listed above.")
    yield from (line.text for line in note.sections["assessment"])
    yield _("There is no reference standard for a trigger point, and examiners agree moderately.")


def _intervention(told: Told) -> Iterator[str]:
    done = [(visit, each) for visit in told.visits for each in done_at(visit)]
    for visit, each in done[:MOST_DONE]:
        yield _("Day %(day)d. %(what)s") % {"day": _day(told, visit.opened_at), "what": each.text}
    if len(done) > MOST_DONE:
        yield _("And %(n)d more doses; the record holds them.") % {"n": len(done) - MOST_DONE}
    if not done:
        yield from (f"{name} ({times}×)." for name, times in told.course.tried)


def _outcomes(told: Told) -> Iterator[str]:
    yield from (f"{line.title}: {line.sentence}" for line in told.course.lines)
    states = {Goal.State.MET: _("Reached"), Goal.State.OPEN: _("Not reached yet"), Goal.State.DROPPED: _("Given up")}
    for goal in told.course.goals:
        yield f"{states[Goal.State(goal.state)]}: {goal.text}."
    answers = AlertAnswer.objects.filter(visit__in=told.visits)
    known = atlas()
    for answer in answers.order_by("at"):
        name = known.name(answer.flag) if answer.flag in known else answer.flag
        yield _("Alert: %(name)s. %(decision)s.") % {"name": name, "decision": answer.get_decision_display()}
    yield _("Unwanted effects: say what was asked and what was told.")


def _view(told: Told) -> Iterator[str]:
    for goal in told.course.goals:
        if goal.said:
            yield f"“{goal.said}”"
    last = told.visits[-1] if len(told.visits) > 1 else None
    story = last.stories.first() if last else None
    if story and story.text.strip():
        yield f"“{' '.join(story.text.split())}”"


def _limits() -> str:
    return _(
        "One person, no comparison: improvement after treatment is not proof that treatment caused it. Time, attention "
        "and what else was done could explain it too."
    )
