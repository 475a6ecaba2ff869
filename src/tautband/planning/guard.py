"""The guard: what is forbidden, what must change, what must be asked first, for this client, here, with this technique.

Judged from the guards of the atlas, the open alerts, and the client's own limits. A guard whose condition is not known
never closes a step; it asks, when something of it has been seen. The strictest verdict wins and all reasons are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tautband.findings import Picture, State, Truth, judge
from tautband.knowledge import Atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Guard, Record, Technique, Urgency, When
from tautband.reasoning import Alert

Level = Literal["open", "ask", "modify", "stop"]
_STRICTNESS: tuple[Level, ...] = ("open", "ask", "modify", "stop")
BLOCKING = (Urgency.EMERGENCY, Urgency.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the client allows and what the therapist may do today.

    excluded        regions the client's consent excludes
    most_tolerance  highest discomfort out of 10 that the client accepts
    internal        licence for and separate consent to internal work are both recorded
    """

    excluded: frozenset[str] = frozenset()
    most_tolerance: float = 6.0
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a verdict: its text, what changes or opens the step again, and the read sources behind it."""

    text: str
    how: str = ""
    opens_when: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the step be done: open, ask first, only changed, or stop; and every reason."""

    level: Level = "open"
    why: tuple[Why, ...] = field(default=())

    @property
    def is_closed(self) -> bool:
        return self.level == "stop"


def blocking(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """Alerts that block plan and session as a whole: emergency and same day."""
    return tuple(a for a in alerts if a.urgency in BLOCKING)


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
    found: list[tuple[Level, Why]] = []
    found += [("stop", _blocked(alert)) for alert in blocking(alerts)]
    if region in limits.excluded:
        found.append(("stop", Why("closed at the client's wish", opens_when="the client agrees to this area")))
    if technique.invasive and not limits.internal:
        found.append(
            (
                "stop",
                Why("internal work", opens_when="licence and the client's separate written consent are recorded"),
            )
        )
    for guard in atlas.guards:
        if applies(guard, target, region, technique):
            found += _judged(guard, picture, atlas)
    if not found:
        return Verdict()
    strictest = max((level for level, _ in found), key=_STRICTNESS.index)
    ordered = sorted(found, key=lambda item: -_STRICTNESS.index(item[0]))
    return Verdict(strictest, tuple(why for _, why in ordered))


def applies(guard: Guard, target: str, region: str, technique: Technique) -> bool:
    """Whether a guard speaks of this place, technique, target and pressure. An empty list means any."""
    return (
        (not guard.regions or region in guard.regions)
        and (not guard.techniques or technique.id in guard.techniques)
        and (not guard.sites or target in guard.sites)
        and (not guard.pressures or technique.pressure in guard.pressures)
    )


def _judged(guard: Guard, picture: Picture, atlas: Atlas) -> list[tuple[Level, Why]]:
    truth = judge(guard.when, picture, lambda place, area: within(place, area, atlas))
    read = _read_sources(guard)
    if truth is Truth.TRUE:
        return [(guard.level, Why(guard.reason[0].text, guard.how, guard.opens_when, read))]
    if truth is Truth.UNKNOWN and _half_seen(guard.when, picture):
        return [("ask", Why(f"not settled: {guard.name.en.lower()}", guard.how, guard.opens_when, read))]
    return []


def _half_seen(when: When, picture: Picture) -> bool:
    """Whether part of a compound condition has been observed as present."""
    present = {f.id for f in picture.current() if f.state is State.PRESENT}
    parts = [*(when.all or ()), *(when.at_least.of if when.at_least else ())]
    return any(part.present in present for part in parts)


def _blocked(alert: Alert) -> Why:
    return Why(f"an alert is open: {alert.name}", opens_when="the alert is answered", citations=alert.citations)


def _read_sources(record: Record) -> tuple[str, ...]:
    return tuple(c.source for c in record.cites.values() if c.read)
