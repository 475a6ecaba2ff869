"""The guard: what is forbidden, what must change, what must be asked first, for this client, here, with this technique.

Judged from the guards of the atlas, the open alerts, and the client's own limits. A guard whose condition is not known
never closes a step; it asks, when something of it has been seen. The strictest verdict wins and all reasons are kept.

Home exercises and client pages pass the same guards (`alone=True`), some of them stricter: nobody is taught to press on
the front of the neck, the armpit, the groin or the hollow of the knee.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from tautband.findings import Layer, Picture, State, Truth, judge
from tautband.knowledge import Atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Guard, Record, Technique, Urgency
from tautband.knowledge.records.care import Caps
from tautband.planning.declined import OPENS, against_wishes
from tautband.planning.placed import is_found_here
from tautband.planning.touched import positions_in, regions_touched
from tautband.reasoning import Alert
from tautband.reasoning.alerts import findings_in
from tautband.terms.sides import Side

Level = Literal["open", "ask", "modify", "stop"]
_STRICTNESS: tuple[Level, ...] = ("open", "ask", "modify", "stop")
BLOCKING = (Urgency.EMERGENCY, Urgency.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the client allows and what the therapist may do today.

    excluded        regions the client's consent excludes
    declined        what the client does not want done anywhere: keys of `declined.WISHES`
    most_tolerance  highest discomfort out of 10 that the client accepts
    internal        where work inside the body is allowed: licence and separate written consent are both recorded
    internal_off    why it is not allowed elsewhere: place -> words; what is not named was never recorded
    answered        flags whose alert somebody has answered at this visit; they block no more

    Raises ValueError for a tolerance outside 1 to 10.
    """

    excluded: frozenset[str] = frozenset()
    most_tolerance: float = 6.0
    internal: frozenset[str] = frozenset()
    internal_off: Mapping[str, str] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.most_tolerance <= 10:
            raise ValueError(f"Discomfort is limited to 1 to 10 of 10, not {self.most_tolerance:g}.")


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a verdict: its text, what changes or opens the step again, and the read sources behind it.

    level   what this reason alone would do
    ask     findings (exam and factor ids) whose answer would settle it
    guard   id of the guard that says so; empty for alerts, the client's wish and internal work
    caps    how far it holds the dose down
    """

    level: Level
    text: str
    how: str = ""
    opens_when: str = ""
    ask: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    guard: str = ""
    caps: Caps | None = None

    @property
    def is_final(self) -> bool:
        """A stop that no therapist's reason overrides: an open alert, the client's wish, internal work."""
        return self.level == "stop" and not self.guard


@dataclass(frozen=True, slots=True)
class Override:
    """A therapist's reason to do a step that a guard closes. It covers the guards it names and no others.

    by   name of the therapist; at   when, as ISO 8601
    """

    reason: str
    guards: tuple[str, ...]
    by: str
    at: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("A stop is overridden only with a reason.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the step be done: open, ask first, only changed, or stop; and every reason.

    override   the reason that opens it again; None where nothing is overridden or where it does not cover every stop
    """

    level: Level = "open"
    why: tuple[Why, ...] = field(default=())
    override: Override | None = None

    @property
    def is_closed(self) -> bool:
        return self.level == "stop" and self.override is None

    @property
    def can_be_overridden(self) -> bool:
        """Every stop comes from a guard, so that a therapist may give a reason against it."""
        stops = [why for why in self.why if why.level == "stop"]
        return bool(stops) and not any(why.is_final for why in stops)

    @property
    def stopping(self) -> tuple[str, ...]:
        """Guards that stop it."""
        return tuple(sorted({why.guard for why in self.why if why.level == "stop" and why.guard}))

    @property
    def caps(self) -> Caps:
        """All caps together: the lowest of each; where one guard says so, the client's number does not steer."""
        return joined(why.caps for why in self.why if why.caps is not None)

    def overridden(self, override: Override | None) -> "Verdict":
        """The verdict with a therapist's reason; it opens nothing that the reason was not given for."""
        covers = override and self.can_be_overridden and set(self.stopping) <= set(override.guards)
        return Verdict(self.level, self.why, override if covers else None)


def joined(caps: Iterable[Caps]) -> Caps:
    """The strictest of several caps, one by one."""
    all_of = tuple(caps)

    def lowest(name: str) -> float | None:
        return min((value for c in all_of if (value := getattr(c, name)) is not None), default=None)

    named = {c.pressure for c in all_of}
    return Caps(
        tolerance_of_10=lowest("tolerance_of_10"),
        effort_percent=lowest("effort_percent"),
        hold_s=lowest("hold_s"),
        pressure="light" if "light" in named else "moderate" if "moderate" in named else None,
        by_number=all(c.by_number for c in all_of),
    )


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
    position: str = "",
    side: Side = Side.BILATERAL,
    alone: bool = False,
) -> Verdict:
    """Judge one step. Every guard that applies to its place, side, technique, position and pressure is considered."""
    return Gate(picture, alerts, limits, atlas).step(target, region, technique, position, side, alone=alone)


def guard_exam(exam: str, region: str, alerts: Sequence[Alert], limits: Limits, atlas: Atlas) -> Verdict:
    """Judge an examination: closed like any touch, and while an alert forbids what it provokes."""
    found = closed_here((region,), alerts, limits)
    provokes = set(getattr(atlas.record(exam), "provokes", ()))
    found += [_forbids(alert) for alert in alerts if provokes & set(alert.closes)]
    return verdict_of(found)


@dataclass(frozen=True)
class Gate:
    """The guards of the atlas, judged once for one client now, and asked about many steps."""

    picture: Picture
    alerts: Sequence[Alert]
    limits: Limits
    atlas: Atlas

    @cached_property
    def speaking(self) -> tuple[tuple[Guard, Why], ...]:
        """Guards that have something to say about this client, each with what it says."""
        judged = ((guard, _judged(guard, self.picture, self.atlas)) for guard in self.atlas.guards)
        return tuple((guard, why) for guard, why in judged if why is not None)

    @cached_property
    def _known(self) -> dict[tuple[str, str, str, str, Side, bool], Verdict]:
        """Verdicts already given: a plan asks about the same technique and place for draft, step and alternatives."""
        return {}

    @cached_property
    def _places(self) -> dict[tuple[str, str, Side], tuple[tuple[Guard, Why], ...]]:
        """Guards that speak of a place, whatever is done there."""
        return {}

    def step(
        self,
        target: str,
        region: str,
        technique: Technique,
        position: str = "",
        side: Side = Side.BILATERAL,
        *,
        alone: bool,
    ) -> Verdict:
        """May this be done here, on this side; `alone` when clients do it to themselves."""
        key = (target, region, technique.id, position, side, alone)
        if key not in self._known:
            self._known[key] = self._step(target, region, technique, position, side, alone)
        return self._known[key]

    def _here(self, target: str, region: str, side: Side) -> tuple[tuple[Guard, Why], ...]:
        key = (target, region, side)
        if key not in self._places:
            self._places[key] = tuple(
                (guard, why)
                for guard, why in self.speaking
                if speaks_of_place(guard, target, region, self.atlas)
                and is_found_here(guard, target, region, side, self.picture, self.atlas)
            )
        return self._places[key]

    def _step(self, target: str, region: str, technique: Technique, position: str, side: Side, alone: bool) -> Verdict:
        found = closed_here(regions_touched(target, self.atlas) | {region}, self.alerts, self.limits)
        if technique.inside is not None and (alone or technique.inside not in self.limits.internal):
            found.append(_inside(technique.inside, self.limits, alone))
        found += [
            Why(wish.level, wish.text, how=wish.how, opens_when=OPENS)
            for wish in against_wishes(technique, self.limits.declined)
        ]
        for guard, why in self._here(target, region, side):
            if speaks_of_technique(guard, technique):
                found += _placed(guard, why, position, alone)
        return verdict_of(found)

    def exam(self, exam: str, region: str) -> Verdict:
        """May this be examined."""
        return guard_exam(exam, region, self.alerts, self.limits, self.atlas)

    def place(self, target: str, region: str) -> Verdict:
        """May anything be done here at all."""
        return verdict_of(closed_here(regions_touched(target, self.atlas) | {region}, self.alerts, self.limits))


def _inside(where: str, limits: Limits, alone: bool) -> Why:
    """Why work inside the body is closed, and what opens it; nothing opens it for somebody alone."""
    if alone:
        return Why("stop", "work inside the body is never given for home")
    why = limits.internal_off.get(where, "neither licence nor written consent is recorded")
    opens = "a licence that is valid and the client’s separate written consent of today are both recorded"
    return Why("stop", f"work inside the body: {why}", opens_when=opens)


def closed_here(regions: Collection[str], alerts: Sequence[Alert], limits: Limits) -> list[Why]:
    """What closes any step in these regions whatever is done: an open alert, or the client's wish."""
    found = [_blocked(alert) for alert in blocking(alerts, limits.answered)]
    if limits.excluded.intersection(regions):
        found.append(Why("stop", "closed at the client's wish", opens_when="the client agrees to this area"))
    return found


def applies(guard: Guard, target: str, region: str, technique: Technique, atlas: Atlas) -> bool:
    """Whether a guard speaks of this place, technique, target and pressure. An empty list means any.

    A guard about a muscle holds for its trigger points too, and one about a region for every muscle touched in it.
    """
    return speaks_of_place(guard, target, region, atlas) and speaks_of_technique(guard, technique)


def speaks_of_place(guard: Guard, target: str, region: str, atlas: Atlas) -> bool:
    """Whether a guard speaks of this place."""
    if guard.sites and target not in guard.sites and atlas.record(target).id not in guard.sites:
        return False
    return not guard.regions or region in guard.regions or not regions_touched(target, atlas).isdisjoint(guard.regions)


def speaks_of_technique(guard: Guard, technique: Technique) -> bool:
    """Whether a guard speaks of this technique and pressure."""
    by_name = not guard.techniques or technique.id in guard.techniques
    return by_name and (not guard.pressures or technique.pressure in guard.pressures)


def _placed(guard: Guard, why: Why, position: str, alone: bool) -> list[Why]:
    """What a guard says in this position, to hands or to somebody alone.

    Where the step leaves a choice of positions and only some are forbidden, the others stay: it changes, and says how.
    """
    level = max(why.level, guard.alone or why.level, key=_STRICTNESS.index) if alone else why.level
    if not guard.positions:
        return [why if level == why.level else replace(why, level=level)]
    possible = positions_in(position)
    forbidden = possible & set(guard.positions)
    if possible and not forbidden:
        return []
    other = sorted(possible - forbidden)
    if other and level == "stop":
        return [replace(why, level="modify", how=f"{', '.join(other).replace('_', '-')} only; {why.how}".rstrip("; "))]
    return [replace(why, level=level)]


def _judged(guard: Guard, picture: Picture, atlas: Atlas) -> Why | None:
    truth = judge(guard.when, picture, lambda place, area: within(place, area, atlas))
    read = _read_sources(guard)
    is_drawn = any(picture.drawing.layer(Layer(layer)) for layer in guard.drawn)
    if truth is Truth.TRUE or is_drawn:
        text = guard.reason[0].text
        return Why(guard.level, text, guard.how, guard.opens_when, (), read, guard.id, guard.caps)
    named = findings_in(guard.when)
    current = picture.current()
    if truth is Truth.UNKNOWN and any(f.id in named and f.state is State.PRESENT for f in current):
        settled = {f.id for f in current if f.state is not State.UNKNOWN}
        asked = tuple(sorted(named - settled))
        return Why(
            "ask", f"not settled: {guard.name.en}", guard.how, guard.opens_when, asked, read, guard.id, guard.caps
        )
    return None


def _blocked(alert: Alert) -> Why:
    text = f"an alert is open: {alert.name}"
    return Why("stop", text, opens_when="the alert is answered", ask=alert.ask, citations=alert.citations)


def _forbids(alert: Alert) -> Why:
    text = f"not provoked while this is possible: {alert.name}"
    return Why("stop", text, opens_when="this has been looked into", ask=alert.ask, citations=alert.citations)


def _read_sources(record: Record) -> tuple[str, ...]:
    return tuple(c.source for c in record.cites.values() if c.read)
