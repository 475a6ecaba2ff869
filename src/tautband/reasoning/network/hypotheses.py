"""The sources that can be ranked: one hypothesis for each source of the atlas on each side it can have."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tautband.knowledge import Atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.records import (
    Commonness,
    Entrapment,
    Fact,
    FieldPart,
    Flag,
    Joint,
    Muscle,
    Record,
    Root,
    Tissue,
    TriggerPoint,
    When,
)
from tautband.reasoning.policy import Policy
from tautband.terms.ids import Sided, kind_of
from tautband.terms.sides import Side

SidedRecord = Entrapment | Root | Joint | Tissue | Flag


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One source on one side.

    id, side, key   atlas id (a trigger point, not its muscle), the client's side, and both as text
    of              id of the record that holds it (the muscle of a trigger point, else itself)
    pain, sensory   parts of its field whose citations were read; only these set probabilities
    prior           chance of being active at a visit, 0..1
    zones           chart zones that a read rule of a danger asks about, where no field of it was read
    """

    id: str
    side: Side
    of: str
    name: str
    targets: tuple[str, ...]
    prior: float
    pain: tuple[FieldPart, ...]
    sensory: tuple[FieldPart, ...]
    zones: tuple[str, ...] = ()
    key: str = field(init=False)
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", str(Sided(self.id, self.side)))
        object.__setattr__(self, "kind", kind_of(self.id))


def is_read(fact: Fact, record: Record) -> bool:
    """Whether at least one citation of the fact was read; unread facts never set a probability."""
    return any(record.cites[key].read is not None for key in fact.by if key in record.cites)


@dataclass(frozen=True)
class _Lister:
    atlas: Atlas
    policy: Policy

    def every(self) -> Iterator[Hypothesis]:
        for muscle in self.atlas.of(Muscle):
            yield from self._points(muscle)
        plain: tuple[SidedRecord, ...] = (
            *self.atlas.entrapments,
            *self.atlas.roots,
            *self.atlas.joints,
            *self.atlas.tissues,
        )
        for record in plain:
            yield from self._sided(record)
        for flag in self.atlas.of(Flag):
            if flag.sort != "safeguarding":
                yield from self._sided(flag)

    def _points(self, muscle: Muscle) -> Iterator[Hypothesis]:
        for point in muscle.trigger_points:
            for side in (Side.LEFT, Side.RIGHT):
                yield self._point(muscle, point, side)

    def _point(self, muscle: Muscle, point: TriggerPoint, side: Side) -> Hypothesis:
        read = tuple(part for part in point.refers_to if is_read(part, muscle))
        said = set(muscle.name.en.lower().replace(",", " ").split())
        new = bool(point.part) and not set(point.part.lower().replace(",", " ").split()) <= said
        name = f"{muscle.name.en}, {point.part}" if new else muscle.name.en
        prior = self._prior("trp", muscle, point.commonness or muscle.commonness)
        if point.commonness is None:
            prior /= sum(p.commonness is None for p in muscle.trigger_points)
        return Hypothesis(point.id, side, muscle.id, name, _targets(muscle, point), prior, read, read)

    def _sided(self, record: SidedRecord) -> Iterator[Hypothesis]:
        kind = kind_of(record.id)
        prior = self._prior(kind, record, record.commonness)
        pain, sensory = self._fields(record)
        zones = self._asked_about(record) if isinstance(record, Flag) and not (pain or sensory) else ()
        for side in sides_of(record):
            yield Hypothesis(record.id, side, record.id, record.name.en, record.targets, prior, pain, sensory, zones)

    def _asked_about(self, flag: Flag) -> tuple[str, ...]:
        """Zones of the places in which a read rule of this flag asks for pain."""
        areas = {area for rule in flag.rules if is_read(rule, flag) for area in places_in(rule.when)}
        return tuple(sorted({zone for area in areas for zone in zones_in(area, self.atlas)}))

    def _fields(self, record: SidedRecord) -> tuple[tuple[FieldPart, ...], tuple[FieldPart, ...]]:
        def read(parts: tuple[FieldPart, ...]) -> tuple[FieldPart, ...]:
            return tuple(part for part in parts if is_read(part, record))

        if isinstance(record, Root):
            dermatome = read(record.dermatome)
            return read(record.pain_field) + dermatome, dermatome
        parts = read(record.field)
        if isinstance(record, Entrapment):
            feels = set(record.field_feels)
            return (
                parts if feels & {"pain", "burning"} else (),
                parts if feels & {"numbness", "tingling", "burning"} else (),
            )
        return parts, parts

    def _prior(self, kind: str, record: Record, common: Fact | None) -> float:
        word = getattr(common, "word", None)
        if not isinstance(word, Commonness) or common is None or not is_read(common, record):
            word = self.policy.judged_commonness.get(record.id) or self.policy.default_commonness[kind]
        return self.policy.prior[word]


def places_in(when: When) -> Iterator[str]:
    """Every place in which a condition asks for pain."""
    yield from when.pain_in or ()
    for part in (*(when.all or ()), *(when.any or ()), *(when.at_least.of if when.at_least else ())):
        yield from places_in(part)


def _targets(muscle: Muscle, point: TriggerPoint) -> tuple[str, ...]:
    """The vocabulary ids of one point: those naming its part if there are any, else all of the muscle."""
    words = {w for w in point.part.lower().replace(",", " ").split() if len(w) > 3}
    named = tuple(t for t in muscle.targets if words & set(t.rpartition(".")[2].split("_")))
    return named or muscle.targets


def sides_of(record: SidedRecord) -> tuple[Side, ...]:
    """Left and right, or midline for flags and for what lies in the middle."""
    if isinstance(record, Flag) or getattr(record, "side", "paired") == "midline":
        return (Side.MIDLINE,)
    return (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class Hypotheses:
    """All hypotheses with the indexes the builder needs."""

    every: tuple[Hypothesis, ...]

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Places in `every` of the points that are shown as one: same muscle part, same side."""
        found: dict[tuple[str, tuple[str, ...], Side], list[int]] = {}
        for i, h in enumerate(self.every):
            found.setdefault((h.of, h.targets, h.side), []).append(i)
        return tuple(map(tuple, found.values()))

    @cached_property
    def group_of(self) -> npt.NDArray[np.int64]:
        """For each hypothesis the number of its group."""
        number = np.empty(len(self.every), np.int64)
        for g, members in enumerate(self.groups):
            number[list(members)] = g
        return number

    @cached_property
    def place(self) -> dict[str, int]:
        """Key -> place in `every`, which is also its place among the causes of the network."""
        return {h.key: i for i, h in enumerate(self.every)}

    @cached_property
    def flags(self) -> tuple[tuple[str, int], ...]:
        """Flag id and place of every flag."""
        return tuple((h.id, i) for i, h in enumerate(self.every) if h.kind == "flag")

    @cached_property
    def by_key(self) -> dict[str, Hypothesis]:
        return {h.key: h for h in self.every}

    @cached_property
    def _by_name(self) -> dict[str, tuple[Hypothesis, ...]]:
        named: dict[str, list[Hypothesis]] = {}
        for hypothesis in self.every:
            for id in {hypothesis.id, hypothesis.of}:
                named.setdefault(id, []).append(hypothesis)
        return {id: tuple(found) for id, found in named.items()}

    def named(self, id: str, side: Side) -> tuple[Hypothesis, ...]:
        """Hypotheses of a source id (a muscle means all its points) that a finding on this side can speak of.

        A finding without side speaks of both; a hypothesis in the midline answers to every side.
        """
        found = self._by_name.get(id, ())
        if side in (Side.MIDLINE, Side.BILATERAL):
            return found
        return tuple(h for h in found if h.side in (side, Side.MIDLINE))


def hypotheses_of(atlas: Atlas, policy: Policy) -> Hypotheses:
    """List every hypothesis of the atlas, in a stable order."""
    return Hypotheses(tuple(_Lister(atlas, policy).every()))


__all__ = ["Hypotheses", "Hypothesis", "hypotheses_of", "is_read", "sides_of"]
