"""The course of one episode: what was tried, what changed, what came before it. Association, never cause."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.charts.rows import name_of
from tautband.clinic.episodes import happenings
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.measures import queries as measures
from tautband.clinic.measures import words
from tautband.knowledge import atlas
from tautband.outcomes import Series, judge

BEFORE = timedelta(days=60)
"""How long before an episode a habit or load counts as having preceded it."""


@dataclass(frozen=True)
class Dosed:
    """One thing that was done with hands in an episode: how often, how long together, the client's numbers of 10."""

    name: str
    times: int
    seconds: float
    lowest: float | None
    highest: float | None

    @property
    def words(self) -> str:
        """In one line."""
        minutes = self.seconds / 60
        parts = [_("%(n)d times") % {"n": self.times} if self.times > 1 else _("once")]
        if minutes >= 1:
            parts.append(_("%(minutes).0f min together") % {"minutes": minutes})
        elif self.seconds:
            parts.append(_("%(seconds).0f s together") % {"seconds": self.seconds})
        if self.highest is not None and self.lowest == self.highest:
            parts.append(_("number %(n)g of 10") % {"n": self.highest})
        elif self.highest is not None:
            parts.append(_("numbers %(low)g to %(high)g of 10") % {"low": self.lowest, "high": self.highest})
        return f"{self.name}: {', '.join(parts)}"


@dataclass(frozen=True)
class Wanted:
    """One goal with how near it is: the client's own numbers of 10 over time, and what their change is worth."""

    goal: Goal
    numbers: tuple[float, ...]
    verdict: str

    @property
    def words(self) -> str:
        """ "3, 5, 7 of 10"; empty before it was rated."""
        return _("%(numbers)s of 10") % {"numbers": ", ".join(f"{n:g}" for n in self.numbers)} if self.numbers else ""


ONE_ACTIVITY = 3.0
"""Least change of one activity beyond error, as the form of the scale prints it (its mean has a smaller one)."""


def wanted_of(goal: Goal) -> Wanted:
    """A goal with its ratings, judged by the border for one activity alone."""
    points = measures.ratings_of(goal.episode.client, goal.text)
    known = measures.instrument(measures.BY_ACTIVITY)
    verdict = ""
    if known is not None and len(points) > 1:
        single = [c.model_copy(update={"value": ONE_ACTIVITY}) for c in known.changes if c.quantity == "detectable"]
        judged = judge(known.model_copy(update={"changes": tuple(single)}), points[0].value, points[-1].value)
        verdict = judged.verdict.value
    return Wanted(goal, tuple(point.value for point in points), verdict)


@dataclass(frozen=True)
class Course:
    """One episode as a page shows it.

    tried     what was done, with how often
    lines     measures with at least one reading in this time
    dosed     how much of it was given with hands, the most used first
    coming    what is next, in sentences; empty once the episode is closed
    preceded  factors that were present at its beginning or shortly before, in words; an association
    """

    episode: Episode
    goals: tuple[Goal, ...]
    visits: int
    tried: tuple[tuple[str, int], ...]
    lines: tuple[words.Line, ...]
    preceded: tuple[str, ...]
    dosed: tuple[Dosed, ...] = ()
    coming: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[Wanted]:
        """The goals with how near they are."""
        return [wanted_of(goal) for goal in self.goals]

    @property
    def weeks(self) -> int:
        """How long it lasted, in whole weeks, until now if it is open."""
        end = self.episode.closed_at or datetime.now(self.episode.opened_at.tzinfo)
        return (end - self.episode.opened_at).days // 7


def course_of(episode: Episode) -> Course:
    """Put one episode together from what the rooms tell."""
    client, start, end = episode.client, episode.opened_at, episode.closed_at
    told = happenings.between(client, start, end)
    tried = Counter(each for happening in told for each in happening.tried)
    return Course(
        episode,
        tuple(episode.goals.all()),
        sum(1 for happening in told if happening.kind == "visit"),
        tuple(tried.most_common(8)),
        tuple(words.line_of(series) for series in _during(measures.series_of(client), start, end)),
        _preceded(episode),
        _dosed(told),
        tuple(happenings.coming(client)) if episode.is_open else (),
    )


def _dosed(told: list[happenings.Happening]) -> tuple[Dosed, ...]:
    given: dict[str, list[tuple[float, float | None]]] = {}
    for happening in told:
        for name, seconds, number in happening.doses:
            given.setdefault(name, []).append((seconds, number))
    rows = []
    for name, doses in given.items():
        numbers = [number for _seconds, number in doses if number is not None]
        seconds = sum(seconds for seconds, _number in doses)
        rows.append(Dosed(name, len(doses), seconds, min(numbers, default=None), max(numbers, default=None)))
    return tuple(sorted(rows, key=lambda row: (-row.times, row.name)))


def _during(lines: list[Series], start: datetime, end: datetime | None) -> list[Series]:
    kept = []
    for series in lines:
        points = [p for p in series.points if p.at >= start and (end is None or p.at <= end)]
        if points:
            kept.append(Series.made(series.instrument, series.of, points))
    return kept


def _preceded(episode: Episode) -> tuple[str, ...]:
    """Factors recorded as present at the first visit of an episode or in the weeks before it."""
    first = Visit.objects.filter(client_id=episode.client_id, opened_at__gte=episode.opened_at).order_by("opened_at")
    until = max(episode.opened_at, first[0].opened_at) if first else episode.opened_at
    since = episode.opened_at - BEFORE
    if episode.returned is not None and episode.returned.closed_at is not None:
        since = max(since, episode.returned.closed_at)  # what belonged to the earlier time is not counted twice
    rows = RecordedFinding.objects.filter(
        visit__client_id=episode.client_id,
        finding__startswith="factor.",
        state="present",
        ended_at=None,
        visit__opened_at__gte=since,
        visit__opened_at__lte=until,
    )
    known = atlas()
    return tuple(dict.fromkeys(name_of(known, row.finding, row.of) for row in rows))


def again_and_again(episode: Episode) -> tuple[str, ...]:
    """Factors that preceded this episode and the earlier one of the same problem."""
    if episode.returned is None:
        return ()
    before = set(_preceded(episode.returned))
    return tuple(each for each in _preceded(episode) if each in before)


def drafted_summary(course: Course) -> str:
    """What a closing summary could say, from the record; the therapist edits it."""
    parts = [
        _("%(visits)d visits in %(weeks)d weeks.") % {"visits": course.visits, "weeks": course.weeks},
    ]
    if course.tried:
        named = ", ".join(name for name, _times in course.tried[:5])
        parts.append(_("Tried: %(what)s.") % {"what": named})
    if course.dosed:
        parts.append(_("Given with hands: %(what)s.") % {"what": "; ".join(row.words for row in course.dosed[:6])})
    parts += [f"{line.title}: {line.sentence}" for line in course.lines if line.verdict]
    met = [goal.text for goal in course.goals if goal.state == Goal.State.MET]
    if met:
        parts.append(_("Reached: %(goals)s.") % {"goals": "; ".join(met)})
    left = [goal.text for goal in course.goals if goal.state == Goal.State.OPEN]
    if left:
        parts.append(_("Not reached yet: %(goals)s.") % {"goals": "; ".join(left)})
    if course.preceded:
        words = _("Present at its beginning: %(what)s. If it comes back, look there first; this is an association.")
        parts.append(words % {"what": ", ".join(course.preceded)})
    return "\n".join(parts)
