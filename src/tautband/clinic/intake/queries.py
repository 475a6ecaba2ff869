"""Reading what a client told. Callers on the staff's side have passed the chart's gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.intake.judging import urgent
from tautband.clinic.intake.models import Filler, Given, Round, Warned
from tautband.clinic.intake.questions import BY_KEY, CHAPTERS, QUESTIONS, SAID, Question, again_days, is_warning
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.once import once
from tautband.clinic.people.queries import open_to
from tautband.knowledge import atlas

SAFE_DAYS = 2
"""For so long an answer to a safety question stands for the day of the visit."""
MAJORITY_YEARS = 18
"""Below this age a parent or guardian answers and agrees; where the law lets the young decide sooner, they do too."""
TONIGHT_H = 12
"""For so long after an urgent answer no other question is asked."""
STATES: Mapping[str, str] = {"yes": "present", "no": "absent", "unsure": "unknown"}
GRADES: Mapping[str, str] = {"0": "present", "1": "present", "2": "unknown", "3": "absent", "4": "absent"}
"""A place on the line as a finding: the two that load most are present, the middle is not told."""


@dataclass(frozen=True)
class Told:
    """One question with what was answered."""

    question: Question
    value: Mapping[str, Any]
    at: datetime | None
    filled_by: str

    @property
    def words(self) -> str:
        """The answer as it reads."""
        return in_words(self.question, self.value)

    @property
    def asked(self) -> bool:
        """False for what was never asked or was skipped: that is no "no"."""
        return self.value.get("is") not in (None, "skip", "withdrawn") or bool(self.value.get("many"))

    @property
    def look_first(self) -> bool:
        """True for what must not be overlooked: a danger that was not surely denied, or what loads most."""
        return bool(self.tone) or (self.question.chapter == "safety" and is_warning(self.value))

    @property
    def tone(self) -> str:
        """`yes` for what a therapist should look at first."""
        of = self.question.of
        loads = of and GRADES.get(str(self.value.get("is"))) == "present" and self.question.kind == "line"
        return "yes" if loads or (of and is_warning(self.value)) else ""


@dataclass(frozen=True)
class ToTake:
    """A finding that an answer would become."""

    finding: str
    state: str
    note: str
    words: str


def current_round(client: Client) -> Round | None:
    """The newest round."""
    return once(("intake round", client.pk), client.intake_rounds.first)


def newest(round: Round) -> dict[str, Given]:
    """The answer that counts for each question of a round."""
    return {given.question: given for given in round.given.order_by("version")}


def answers_of(round: Round) -> dict[str, Mapping[str, Any]]:
    """What was answered: question -> value."""
    return {key: given.value for key, given in newest(round).items()}


def fits(question: Question, client: Client, filled_by: str, answers: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether this question is asked of this person, with what was answered before."""
    if question.private and filled_by != Filler.SELF:
        return False
    if question.key == "pregnancy" and client.recorded_sex == "male":
        return False
    return not question.after or any(is_warning(answers.get(key)) for key in question.after)


def sequence(round: Round, answers: Mapping[str, Mapping[str, Any]]) -> list[Question]:
    """The questions of this round, in order.

    For somebody under age nothing is asked before a parent or guardian has said that they answer. A later round asks
    only what has aged; where nothing has, the client asked to go through everything again.
    """
    if is_minor(round.client, round.opened_at) and round.filled_by != Filler.GUARDIAN:
        return [BY_KEY["who"]]
    order = [q for q in QUESTIONS if fits(q, round.client, round.filled_by, answers)]
    due = {q.key for q in due_questions(round.client, round.opened_at, before=round)} if round.number > 1 else set()
    if not due:
        return order
    return [q for q in order if q.key in due or q.key in answers or q.key == "who" or set(q.after) & set(answers)]


def is_minor(client: Client, at: datetime | None = None) -> bool:
    """True for a client who is known to be under age; an unknown birthday says nothing."""
    age = client.age_years(timezone.localdate(at))
    return age is not None and age < MAJORITY_YEARS


def due_questions(client: Client, now: datetime, before: Round | None = None) -> list[Question]:
    """Questions whose newest answer is older than their interval, or that were skipped or never asked.

    before  count only rounds before this one
    """
    rows = Given.objects.filter(round__client=client).order_by("round__number", "version")
    if before is not None:
        rows = rows.filter(round__number__lt=before.number)
    held: dict[str, Given] = {given.question: given for given in rows}
    answers = {key: given.value for key, given in held.items()}
    last = client.intake_rounds.filter(number__lt=before.number).first() if before else current_round(client)
    asked = [q for q in QUESTIONS if q.key != "who" and last and fits(q, client, last.filled_by, answers)]
    return [q for q in asked if _has_aged(q, held.get(q.key), now)]


def _has_aged(question: Question, given: Given | None, now: datetime) -> bool:
    if given is None or given.value.get("is") == "withdrawn":
        return True
    return now - given.at > timedelta(days=again_days(question))


def standing_health(round: Round) -> dict[str, Mapping[str, Any]]:
    """What was told of illnesses in earlier rounds; a danger of today is judged with it."""
    rows = Given.objects.filter(round__client=round.client, round__number__lt=round.number)
    held = {given.question: given.value for given in rows.order_by("round__number", "version")}
    return {key: value for key, value in held.items() if key in BY_KEY and BY_KEY[key].chapter == "health"}


def next_open(round: Round, answers: Mapping[str, Mapping[str, Any]], after: str = "") -> Question | None:
    """The next question without an answer, after a given one first; None when all are answered or skipped."""
    order = sequence(round, answers)
    keys = [q.key for q in order]
    start = keys.index(after) + 1 if after in keys else 0
    return next((q for q in (*order[start:], *order[:start]) if q.key not in answers or _gone(answers[q.key])), None)


def _gone(value: Mapping[str, Any]) -> bool:
    return value.get("is") == "withdrawn"


def standing(round: Round) -> list[Warned]:
    """Warnings that were not corrected, the most urgent first."""
    rows = round.warnings.filter(corrected_at=None)
    return sorted(rows, key=lambda row: (row.urgency != "emergency", -row.at.timestamp()))


def warning_tonight(round: Round, now: datetime | None = None) -> Warned | None:
    """The warning that closes the other questions now."""
    since = (now or datetime.now(UTC)) - timedelta(hours=TONIGHT_H)
    return next((row for row in standing(round) if row.at > since and may_show(round, row)), None)


def may_show(round: Round, row: Warned) -> bool:
    """A safeguarding answer is shown to nobody who answers for another."""
    return not row.private or round.filled_by == Filler.SELF


def waiting_for(member: Member) -> QuerySet[Warned]:
    """Warnings of this member's clients that nobody has read."""
    rows = Warned.objects.filter(open_to(member, "round__client"), seen_at=None, corrected_at=None)
    return rows.select_related("round__client")


def unread_of(client: Client) -> QuerySet[Warned]:
    """The same of one client. The caller has passed the chart's gate."""
    rows = Warned.objects.filter(round__client=client, seen_at=None, corrected_at=None)
    return rows.select_related("round")


def due_again(client: Client, now: datetime | None = None) -> bool:
    """True when the newest answer to some question is older than its interval."""
    last = current_round(client)
    if last is None:
        return True
    return bool(last.finished_at) and bool(aged(client, now or datetime.now(UTC)))


def aged(client: Client, now: datetime | None = None) -> list[Question]:
    """Questions that were answered once and whose answer is too old; what was skipped is not pressed for."""
    told = {row.question.key: row for _chapter, rows in told_by(client) for row in rows if row.at}
    due = due_questions(client, now or datetime.now(UTC))
    return [q for q in due if q.key in told]


def to_answer(client: Client) -> bool:
    """True while a round is open, none was ever begun, or the last one has aged."""
    last = current_round(client)
    return last is None or last.finished_at is None or due_again(client)


def told_by(client: Client) -> list[tuple[str, list[Told]]]:
    """By chapter: the newest answer of any round to each question; what was never asked stands there as such."""
    found: dict[str, Given] = {}
    rows = Given.objects.filter(round__client=client).order_by("round__number", "version")
    for given in rows:
        if given.value.get("is") == "withdrawn":
            found.pop(given.question, None)
        else:
            found[given.question] = given
    chapters: list[tuple[str, list[Told]]] = []
    for key, name in CHAPTERS.items():
        mine = [q for q in QUESTIONS if q.chapter == key and (not q.after or q.key in found)]
        chapters.append((str(name), [_told(q, found.get(q.key)) for q in mine]))
    return chapters


@dataclass(frozen=True)
class Chapter:
    """One chapter as the practice reads it: what to look at first, other answers, what is denied, what is unknown."""

    name: str
    first: list[Told]
    answered: list[Told]
    denied: list[Told]
    unasked: list[Told]


def read_by(client: Client) -> list[Chapter]:
    """The answers by chapter, alarming ones first. Only questions of safety are gathered as denied."""
    chapters = []
    for name, rows in told_by(client):
        unasked = [row for row in rows if row.at is None]
        first = [row for row in rows if row.at and row.look_first]
        denied = [row for row in rows if row.question.chapter == "safety" and row.value.get("is") == "no"]
        apart = {id(row) for group in (unasked, first, denied) for row in group}
        chapters.append(Chapter(name, first, [row for row in rows if id(row) not in apart], denied, unasked))
    return chapters


def _told(question: Question, given: Given | None) -> Told:
    if given is None:
        return Told(question, {}, None, "")
    return Told(question, given.value, given.at, given.filled_by)


def to_take_over(visit: Visit) -> list[ToTake]:
    """What the answers would add to this visit's findings; what is recorded there already is left out."""
    known = atlas()
    held = set(visit.findings.filter(ended_at=None).values_list("finding", flat=True))
    found = []
    for _chapter, rows in told_by(visit.client):
        for told in rows:
            state = (GRADES if told.question.kind == "line" else STATES).get(str(told.value.get("is")), "")
            of = told.question.of
            if (
                of
                and state
                and told.at
                and is_fresh(told, visit)
                and of not in held
                and known.current(of) in known.records
            ):
                day = date_format(timezone.localtime(told.at), "j M Y")
                note = _("Intake, %(day)s: %(words)s") % {"day": day, "words": told.words}
                found.append(ToTake(of, state, note[:500], told.words))
    return found


def is_fresh(told: Told, visit: Visit) -> bool:
    """Whether an answer may still stand for today. A danger is denied for two days at most; a private answer never is
    taken over: the story page lies open on the table."""
    if told.question.private or told.at is None:
        return False
    days = SAFE_DAYS if told.question.chapter == "safety" else again_days(told.question)
    return visit.opened_at - told.at <= timedelta(days=days)


def declined_areas(client: Client) -> tuple[str, ...]:
    """Regions that the client does not want touched, as last said."""
    value = next((t.value for _c, rows in told_by(client) for t in rows if t.question.key == "areas"), {})
    return tuple(str(area) for area in value.get("many", ()))


def declined_techniques(client: Client) -> tuple[str, ...]:
    """What the client does not want done with hands, as last said: keys of the question's options."""
    value = next((t.value for _c, rows in told_by(client) for t in rows if t.question.key == "techniques"), {})
    return tuple(str(wish) for wish in value.get("many", ()))


def in_words(question: Question, value: Mapping[str, Any]) -> str:
    """An answer as it reads; nothing for what was not asked."""
    plain = {"yes": _("yes"), "no": _("no"), "unsure": _("not sure"), "skip": _("skipped")}
    names = {key: str(word) for key, word, _small in question.options}
    parts = [names.get(str(key), str(key)) for key in value.get("many", ())]
    state = str(value.get("is", ""))
    if state in names:
        parts.append(names[state])
    elif state in plain and state != "told":
        parts.append(plain[state])
    if value.get("text"):
        parts.append(f"“{value['text']}”")
    return ", ".join(parts)


def reasons(warning: Warned) -> Sequence[Question]:
    """The answers that speak for a warning, in the order they are asked."""
    answers = answers_of(warning.round)
    for one in urgent(warning.round.client, answers):
        if one.alert.flag == warning.flag:
            return one.because
    asked = BY_KEY.get(warning.question)
    return (asked,) if asked and answers.get(asked.key, {}).get("is") in SAID else ()
