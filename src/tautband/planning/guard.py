"""The guard: what is forbidden, what must change, what must be asked first, for this client, here, with this technique.

Judged from the guards of the atlas, the open alerts, and the client's own limits. A guard whose condition is not known
never closes a step; it asks, when something of it has been seen. The strictest verdict wins and all reasons are kept.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tautband.findings import Picture, State, Truth, judge
from tautband.knowledge import Atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Guard, Record, Technique, Urgency
from tautband.reasoning import Alert
from tautband.reasoning.alerts import findings_in

Level = Literal["open", "ask", "modify", "stop"]
_STRICTNESS: tuple[Level, ...] = ("open", "ask", "modify", "stop")
BLOCKING = (Urgency.EMERGENCY, Urgency.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the client allows and what the therapist may do today.

    excluded        regions the client's consent excludes
    most_tolerance  highest discomfort out of 10 that the client accepts
    internal        licence for and separate consent to internal work are both recorded
    answered        flags whose alert somebody has answered at this visit; they block no more

    Raises ValueError for a tolerance outside 1 to 10.
    """

    excluded: frozenset[str] = frozenset()
    most_tolerance: float = 6.0
    internal: bool = False
    answered: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.most_tolerance <= 10:
            raise ValueError(f"Discomfort is limited to 1 to 10 of 10, not {self.most_tolerance:g}.")


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a verdict: its text, what changes or opens the step again, and the read sources behind it.

    level   what this reason alone would do
    ask     findings (exam and factor ids) whose answer would settle it
    """

    level: Level
    text: str
    how: str = ""
    opens_when: str = ""
    ask: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the step be done: open, ask first, only changed, or stop; and every reason."""

    level: Level = "open"
    why: tuple[Why, ...] = field(default=())

    @property
    def is_closed(self) -> bool:
        return self.level == "stop"


def blocking(alerts: Sequence[Alert], answered: Collection[str] = ()) -> tuple[Alert, ...]:
    """Alerts that block plan and session as a whole: emergency and same day, until somebody has answered them."""
    return tuple(a for a in alerts if a.urgency in BLOCKING and a.flag not in answered)


def verdict_of(reasons: Iterable[Why]) -> Verdict:
    """The strictest level wins; all reasons are kept, the strictest first."""
    ordered = tuple(sorted(reasons, key=lambda why: -_STRICTNESS.index(why.level)))
    return Verdict(ordered[0].level, ordered) if ordered else Verdict()


def guard_step(
    *,
    target: str,
    region: str,
    technique: Technique,
    picture: Picture,
    alerts: Sequence[Alert],
    limits: Limits,
    atlas: Atlas,
) -> Verdict:
    """Judge one step. Every guard that applies to its place, technique, target and pressure is considered."""
    found = closed_here(region, alerts, limits)
    if technique.invasive and not limits.internal:
        opens = "licence and the client's separate written consent are recorded"
        found.append(Why("stop", "internal work", opens_when=opens))
    for guard in atlas.guards:
        if applies(guard, target, region, technique, atlas):
            found += _judged(guard, picture, atlas)
    return verdict_of(found)


def guard_exam(exam: str, region: str, alerts: Sequence[Alert], limits: Limits, atlas: Atlas) -> Verdict:
    """Judge an examination: closed like any touch, and while an alert forbids what it provokes."""
    found = closed_here(region, alerts, limits)
    provokes = set(getattr(atlas.record(exam), "provokes", ()))
    found += [_forbids(alert) for alert in alerts if provokes & set(alert.closes)]
    return verdict_of(found)


def closed_here(region: str, alerts: Sequence[Alert], limits: Limits) -> list[Why]:
    """What closes any step in a region whatever is done: an open alert, or the client's wish."""
    found = [_blocked(alert) for alert in blocking(alerts, limits.answered)]
    if region in limits.excluded:
        found.append(Why("stop", "closed at the client's wish", opens_when="the client agrees to this area"))
    return found


def applies(guard: Guard, target: str, region: str, technique: Technique, atlas: Atlas) -> bool:
    """Whether a guard speaks of this place, technique, target and pressure. An empty list means any.

    A guard about a muscle holds for its trigger points too.
    """
    return (
        (not guard.regions or region in guard.regions)
        and (not guard.techniques or technique.id in guard.techniques)
        and (not guard.sites or bool({target, atlas.record(target).id} & set(guard.sites)))
        and (not guard.pressures or technique.pressure in guard.pressures)
    )


def _judged(guard: Guard, picture: Picture, atlas: Atlas) -> list[Why]:
    truth = judge(guard.when, picture, lambda place, area: within(place, area, atlas))
    read = _read_sources(guard)
    if truth is Truth.TRUE:
        return [Why(guard.level, guard.reason[0].text, guard.how, guard.opens_when, (), read)]
    named = findings_in(guard.when)
    current = picture.current()
    if truth is Truth.UNKNOWN and any(f.id in named and f.state is State.PRESENT for f in current):
        settled = {f.id for f in current if f.state is not State.UNKNOWN}
        unsettled = f"not settled: {guard.name.en}"
        return [Why("ask", unsettled, guard.how, guard.opens_when, tuple(sorted(named - settled)), read)]
    return []


def _blocked(alert: Alert) -> Why:
    text = f"an alert is open: {alert.name}"
    return Why("stop", text, opens_when="the alert is answered", ask=alert.ask, citations=alert.citations)


def _forbids(alert: Alert) -> Why:
    text = f"not provoked while this is possible: {alert.name}"
    return Why("stop", text, opens_when="this has been looked into", ask=alert.ask, citations=alert.citations)


def _read_sources(record: Record) -> tuple[str, ...]:
    return tuple(c.source for c in record.cites.values() if c.read)
