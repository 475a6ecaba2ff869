"""Judging a condition of the atlas against a person's picture, in three values (Kleene's strong logic)."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from tautband.findings.finding import Finding, State
from tautband.findings.person import Layer, Picture
from tautband.knowledge.records import When
from tautband.terms.sides import Side


class Truth(StrEnum):
    """True, false, or not known because something was not asked."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


Within = Callable[[str, str], bool]
"""within(place, area): whether a marked zone or area lies in a named area."""


def judge(when: When, picture: Picture, within: Within) -> Truth:
    """Judge one condition. What was not asked is unknown; it never makes a condition true or false."""
    (key,) = when.model_fields_set
    return _JUDGES[key](when, picture, within)


def _all(truths: Iterable[Truth]) -> Truth:
    seen = set(truths)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def _flip(truth: Truth) -> Truth:
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(truth, truth)


def _of(holds: bool) -> Truth:
    return Truth.TRUE if holds else Truth.FALSE


def _at_least(when: When, picture: Picture, within: Within) -> Truth:
    assert when.at_least is not None
    truths = [judge(w, picture, within) for w in when.at_least.of]
    if truths.count(Truth.TRUE) >= when.at_least.n:
        return Truth.TRUE
    could_be = len(truths) - truths.count(Truth.FALSE)
    return Truth.UNKNOWN if could_be >= when.at_least.n else Truth.FALSE


def _state(id: str, picture: Picture) -> Truth:
    states = picture.states(id)
    if State.PRESENT in states:
        return Truth.TRUE
    return Truth.FALSE if State.ABSENT in states else Truth.UNKNOWN


def _age(picture: Picture, holds: Callable[[float], bool]) -> Truth:
    return Truth.UNKNOWN if picture.person.age is None else _of(holds(picture.person.age))


def _marked(layer: Layer, areas: tuple[str, ...], picture: Picture, within: Within) -> Truth:
    if any(within(place, a) for place in picture.drawing.places(layer) for a in areas):
        return Truth.TRUE
    return Truth.FALSE if picture.drawing.complete and picture.drawing.marks else Truth.UNKNOWN


def _both_sides(areas: tuple[str, ...], picture: Picture, within: Within) -> Truth:
    sides: set[Side] = set()
    for mark in picture.drawing.marks:
        if any(within(mark.place, a) for a in areas):
            sides.update(mark.side.each)
    if {Side.LEFT, Side.RIGHT} <= sides:
        return Truth.TRUE
    return Truth.FALSE if picture.drawing.complete and picture.drawing.marks else Truth.UNKNOWN


def _worst(least: int, picture: Picture) -> Truth:
    numbers = [m.intensity for m in picture.drawing.layer(Layer.PAIN) if m.intensity is not None]
    return _of(max(numbers) >= least) if numbers else Truth.UNKNOWN


def _value(when: When, picture: Picture) -> Truth:
    measured = when.value
    assert measured is not None
    found: list[Finding] = [f for f in picture.current() if f.id == measured.of and f.value is not None]
    if not found:
        return Truth.UNKNOWN
    low = measured.at_least if measured.at_least is not None else float("-inf")
    high = measured.at_most if measured.at_most is not None else float("inf")
    return _of(any(f.value is not None and low <= f.value <= high for f in found))


_JUDGES: dict[str, Callable[[When, Picture, Within], Truth]] = {
    "always": lambda _w, _p, _i: Truth.TRUE,
    "present": lambda w, p, _: _state(w.present or "", p),
    "absent": lambda w, p, _: _flip(_state(w.absent or "", p)),
    "all": lambda w, p, i: _all(judge(x, p, i) for x in w.all or ()),
    "any": lambda w, p, i: _flip(_all(_flip(judge(x, p, i)) for x in w.any or ())),
    "at_least": _at_least,
    "age_from": lambda w, p, _: _age(p, lambda age: age >= (w.age_from or 0)),
    "age_below": lambda w, p, _: _age(p, lambda age: age < (w.age_below or 0)),
    "sex": lambda w, p, _: Truth.UNKNOWN if p.person.sex is None else _of(p.person.sex == w.sex),
    "pain_in": lambda w, p, i: _marked(Layer.PAIN, w.pain_in or (), p, i),
    "numb_in": lambda w, p, i: _marked(Layer.NUMB, w.numb_in or (), p, i),
    "tingling_in": lambda w, p, i: _marked(Layer.TINGLING, w.tingling_in or (), p, i),
    "both_sides_in": lambda w, p, i: _both_sides(w.both_sides_in or (), p, i),
    "worst_pain_from": lambda w, p, _: _worst(w.worst_pain_from or 0, p),
    "value": lambda w, p, _: _value(w, p),
}
