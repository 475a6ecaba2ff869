"""A person's picture: age, sex, pain drawing and findings, all that reasoning may read."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from tautband.findings.finding import BadFinding, Finding, State
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

DEPTHS = ("", "surface", "deep")
"""How deep it is felt; empty means not said."""


class Layer(StrEnum):
    """What is felt where: one layer of the drawing each."""

    PAIN = "pain"
    NUMB = "numb"
    TINGLING = "tingling"
    TOUCH = "touch"


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked place: an atlas zone or area, the side, the layer, how strong (0..10) and of what quality.

    `intensity` empty means marked without a number. `depth` is one of DEPTHS. `began_here` is where it started,
    `moves_here` where it goes when it spreads.
    """

    place: str
    side: Side
    layer: Layer = Layer.PAIN
    intensity: float | None = None
    quality: tuple[str, ...] = ()
    began_here: bool = False
    depth: str = ""
    moves_here: bool = False

    def __post_init__(self) -> None:
        if kind_of(self.place) not in {"zone", "area"}:
            raise BadFinding(f"{self.place!r} is no place; a mark needs a zone or an area.")
        if self.intensity is not None and not 0 <= self.intensity <= 10:
            raise BadFinding(f"Intensity lies between 0 and 10, not {self.intensity}.")
        if self.depth not in DEPTHS:
            raise BadFinding(f"A mark lies on the surface or deep, not {self.depth!r}.")


@dataclass(frozen=True)
class Drawing:
    """A pain drawing as marks on zones or areas.

    complete: the client was shown the whole body, so unmarked zones are true negatives. A drawing made from words
    (a case report) is not complete: what it does not mention is unknown.
    """

    marks: tuple[Mark, ...] = ()
    complete: bool = True
    surface: str = "body-1"

    def layer(self, layer: Layer) -> tuple[Mark, ...]:
        return tuple(m for m in self.marks if m.layer is layer)

    def places(self, layer: Layer) -> frozenset[str]:
        """The places of one layer, without side."""
        return self._places.get(layer, frozenset())

    @cached_property
    def _places(self) -> dict[Layer, frozenset[str]]:
        return {layer: frozenset(m.place for m in self.layer(layer)) for layer in Layer}


@dataclass(frozen=True, slots=True)
class Person:
    """What reasoning may know of the person: age in years and sex."""

    age: float | None = None
    sex: Literal["female", "male"] | None = None

    def __post_init__(self) -> None:
        if self.age is not None and not 0 <= self.age <= 120:
            raise BadFinding(f"An age lies between 0 and 120 years, not {self.age}.")


@dataclass(frozen=True, slots=True)
class Felt:
    """Pressing a muscle or point on a side was felt in these places: zones or areas with side, `area.thumb/left`."""

    point: str
    side: Side
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Response:
    """What a retest after treating a source showed, on a day before this one.

    target     what was treated: muscle, trigger point or another source of the atlas; `side` the client's
    change     eased or worse: beyond the error of the measure. unchanged: at most half of that error.
               unclear: between the two, which says nothing
    on         day of the treatment; `how` the technique in words, `what` the retest with its numbers
    same_point the retest pressed the treated point again: it tells of the point more than of the complaint
    """

    target: str
    side: Side
    change: Literal["eased", "worse", "unchanged", "unclear"]
    on: date
    how: str = ""
    what: str = ""
    same_point: bool = False


@dataclass(frozen=True)
class Picture:
    """Everything observed of one person up to now; the input of reasoning.

    said       what was told, in words: it is held against cited sentences of the sources, never read as a finding here
    elicited   where pressing a muscle of this person was felt, at any visit
    responses  what retests after earlier treatments showed
    """

    person: Person = field(default_factory=Person)
    drawing: Drawing = field(default_factory=Drawing)
    findings: tuple[Finding, ...] = ()
    said: tuple[str, ...] = ()
    elicited: tuple[Felt, ...] = ()
    responses: tuple[Response, ...] = ()

    def contradictions(self) -> tuple[tuple[Finding, Finding], ...]:
        """Pairs of findings about the same thing, one present and one absent, at the same or unknown time."""
        return self._contradictions

    def current(self) -> tuple[Finding, ...]:
        """The latest finding for each key. Contradictions at one time become unknown: both are set aside."""
        return self._current

    def states(self, id: str) -> frozenset[State]:
        """The current states of one finding, wherever and on whichever side it was looked for."""
        return self._states.get(id, frozenset())

    @cached_property
    def _contradictions(self) -> tuple[tuple[Finding, Finding], ...]:
        seen: dict[tuple[str, str, Side], Finding] = {}
        clashes = []
        for found in self.findings:
            other = seen.setdefault(found.key, found)
            states = {found.state, other.state}
            if states == {State.PRESENT, State.ABSENT} and found.at == other.at:
                clashes.append((other, found))
        return tuple(clashes)

    @cached_property
    def _states(self) -> dict[str, frozenset[State]]:
        found: dict[str, set[State]] = {}
        for finding in self.current():
            found.setdefault(finding.id, set()).add(finding.state)
        return {id: frozenset(states) for id, states in found.items()}

    @cached_property
    def _current(self) -> tuple[Finding, ...]:
        clashing = {found.key for pair in self.contradictions() for found in pair}
        latest: dict[tuple[str, str, Side], Finding] = {}
        for found in sorted(self.findings, key=lambda f: (f.at is not None, f.at.timestamp() if f.at else 0.0)):
            latest[found.key] = found
        return tuple(f for key, f in latest.items() if key not in clashing)
