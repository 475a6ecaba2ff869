"""The guard of what clients do alone: never laxer than hands, and no pressure where vessels and nerves lie open.

A thing to do at home is judged by the guards it names, by the guards of its place where it presses, stretches or
strains, by the dangers during which it is not given, and by where the skin is pressed.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tautband.knowledge import Atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.records import Guard, Muscle, Selfcare
from tautband.planning.declined import OPENS, against_wishes_at_home
from tautband.planning.guard import Gate, Verdict, Why, closed_here, verdict_of
from tautband.planning.placed import is_found_in
from tautband.planning.touched import regions_touched, zone_at
from tautband.terms.sides import Side

NEVER_PRESSED = (
    "zone.neck.front_",
    "zone.neck.throat_",
    "zone.neck.jaw_under",
    "zone.shoulder.armpit",
    "zone.pelvis.groin",
    "zone.pelvis.inner_thigh_top",
    "zone.pelvis.perineum",
    "zone.hip.front",
    "zone.knee.posterior",
)
"""Zones where nobody presses themselves: the front of the neck, the armpit, the groin, the hollow of the knee."""

PRESSING = frozenset({"self_release"})
BEARING = frozenset({"self_release", "stretch", "strength", "mobility", "nerve_mobility", "balance", "aerobic", "jaw"})
"""Sorts that load tissue; the others are ways to sit, sleep, breathe and plan, which only their own guards concern."""

AS_TECHNIQUE = {
    "stretch": frozenset({"technique.static_stretch"}),
    "self_release": frozenset({"technique.ischemic_compression"}),
    "nerve_mobility": frozenset({"technique.static_stretch"}),
}
AS_PRESSURE = {"self_release": frozenset({"moderate", "deep"})}
"""A ball on a wall carries the weight of a body, so it is judged as firm pressure, whatever number it is kept to."""


def judge_alone(record: Selfcare, gate: Gate, side: Side = Side.BILATERAL) -> Verdict:
    """May this client do this alone, on this side: open, ask first, only changed, or stop; with every reason.

    A guard that is held to its place speaks on the side of its finding only; what has no side lies on both.
    """
    targets = [id for id in (*record.position.felt, *record.serves) if id in gate.atlas]
    found = closed_here((), gate.alerts, gate.limits)
    found += _excluded(record, gate)
    found += [
        Why(wish.level, wish.text, how=wish.how, opens_when=OPENS)
        for wish in against_wishes_at_home(record, gate.limits.declined)
    ]
    found += _dangers(record, gate)
    found += _pressed(record, gate.atlas)
    for guard, why in gate.speaking:
        bears = record.sort in BEARING and _of_kind(guard, record.sort) and _here(guard, record, targets, gate.atlas)
        if bears and is_found_in(guard, _regions(record, gate.atlas), side, gate.picture, gate.atlas):
            found.append(_stricter(guard, why))
        elif guard.id in record.guards and is_found_in(guard, frozenset(), side, gate.picture, gate.atlas):
            found.append(_own(guard, why))
    return verdict_of(found)


def _own(guard: Guard, why: Why) -> Why:
    """A guard the thing names: one about the client judges as it stands, one about a place beside it is a caution."""
    always = why.level == "modify" and guard.when.always
    return why if always else _stricter(guard, why)


def _stricter(guard: Guard, why: Why) -> Why:
    order = ("open", "ask", "modify", "stop")
    level = max(why.level, guard.alone or why.level, key=order.index)
    return why if level == why.level else replace(why, level=level)


def _of_kind(guard: Guard, sort: str) -> bool:
    """Whether a guard speaks of this kind of doing. An empty list means any."""
    by_name = not guard.techniques or bool(AS_TECHNIQUE.get(sort, frozenset()) & set(guard.techniques))
    return by_name and (not guard.pressures or bool(AS_PRESSURE.get(sort, frozenset()) & set(guard.pressures)))


def _here(guard: Guard, record: Selfcare, targets: list[str], atlas: Atlas) -> bool:
    if guard.sites:
        return not set(guard.sites).isdisjoint(targets)
    return not guard.regions or not _regions(record, atlas).isdisjoint(guard.regions)


def _regions(record: Selfcare, atlas: Atlas) -> frozenset[str]:
    """Its own region, and those of the muscles it is felt in."""
    return _regions_of(record.region, record.position.felt, atlas)


@lru_cache(maxsize=512)
def _regions_of(region: str, felt: tuple[str, ...], atlas: Atlas) -> frozenset[str]:
    muscles = [id for id in felt if id in atlas and not id.startswith("area.")]
    own: frozenset[str] = frozenset() if region == "general" else frozenset({region})
    return own.union(*(regions_touched(id, atlas) for id in muscles))


def _excluded(record: Selfcare, gate: Gate) -> Iterator[Why]:
    """What the client did not want touched: pressing there alone is closed too, anything else is asked."""
    if record.sort in BEARING and not gate.limits.excluded.isdisjoint(_regions(record, gate.atlas)):
        level = "stop" if record.sort in PRESSING else "ask"
        opens = "the client agrees to this area"
        yield Why(level, "the client did not want this area touched", opens_when=opens)  # type: ignore[arg-type]


def _dangers(record: Selfcare, gate: Gate) -> Iterator[Why]:
    """Dangers during which it is not given: closed while the alert is open, asked about once it was answered."""
    for alert in gate.alerts:
        if alert.flag not in record.flags:
            continue
        if alert.flag in gate.limits.answered:
            yield Why("ask", f"an alert was answered: {alert.name}", ask=alert.ask, citations=alert.citations)
        else:
            text = f"not given while this is possible: {alert.name}"
            yield Why("stop", text, opens_when="this has been looked into", ask=alert.ask, citations=alert.citations)


def _pressed(record: Selfcare, atlas: Atlas) -> Iterator[Why]:
    if record.sort in PRESSING and any(zone.startswith(NEVER_PRESSED) for zone in places_pressed(record, atlas)):
        yield Why("stop", "nobody presses themselves here: vessels and nerves lie open")


def places_pressed(record: Selfcare, atlas: Atlas) -> frozenset[str]:
    """Chart zones, without side, in which a thing presses the skin; empty for what presses nothing."""
    return _zones_of(record.position.felt, atlas) if record.sort in PRESSING else frozenset()


@lru_cache(maxsize=512)
def _zones_of(felt: tuple[str, ...], atlas: Atlas) -> frozenset[str]:
    found: set[str] = set()
    for id in felt:
        if id.startswith("area."):
            found |= zones_in(id, atlas)
        else:
            thing = atlas.record(id)
            points = thing.trigger_points if isinstance(thing, Muscle) else ()
            found |= {zone for point in points if (zone := zone_at(point.landmark))}
    return frozenset(found)
