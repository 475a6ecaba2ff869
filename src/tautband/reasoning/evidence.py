"""From a person's picture to what the network reads: levels of its findings, and soft shifts of its causes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tautband.findings import Drawing, Finding, Layer, Picture, Response, State
from tautband.reasoning.answer import SetAside
from tautband.reasoning.felt import felt_shifts
from tautband.reasoning.network.build import Model, Question, skin, str_of
from tautband.reasoning.network.fields import LAYERS
from tautband.reasoning.responded import RESPONDED, response_shifts
from tautband.reasoning.sayings import Heard, sayings_of
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

FELT = {Layer.PAIN: "pain", Layer.TOUCH: "pain", Layer.NUMB: "sensory", Layer.TINGLING: "sensory"}
TOUCHED_FROM = 0.02
"""A named place touches a source when at least this share of its field lies there."""

PAINTED_FROM = 0.25
"""A reasoning zone counts as painted when at least this share of its area is."""


@dataclass
class Reading:
    """What the network gets, and what it could not use.

    levels   network finding id -> 0 absent, 1 present
    shifts   label -> hypothesis key -> nats: factors, findings against, silence of a description,
             what the marks say of quality, depth and beginning, what retests after treatment showed
    asked    network finding id -> the finding it came from (drawings have none)
    painted  layer -> chart zone keys that are drawn, or that named areas hold
    heard    record id -> cited sentences about it that something said fits
    responses  hypothesis key -> the retests after treating it
    """

    levels: dict[str, int] = field(default_factory=dict)
    shifts: dict[str, dict[str, float]] = field(default_factory=dict)
    asked: dict[str, Finding] = field(default_factory=dict)
    painted: dict[str, frozenset[str]] = field(default_factory=dict)
    areas: dict[str, tuple[tuple[str, Side], ...]] = field(default_factory=dict)
    heard: dict[str, tuple[Heard, ...]] = field(default_factory=dict)
    responses: dict[str, tuple[Response, ...]] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)

    def before_treatment(self) -> "Reading":
        """The same without what treatment showed: what alerts are judged by. Itself where nothing was treated."""
        if RESPONDED not in self.shifts:
            return self
        return replace(self, shifts={label: row for label, row in self.shifts.items() if label != RESPONDED})

    @property
    def total_shift(self) -> dict[str, float]:
        """Hypothesis key -> sum of its shifts, nats."""
        total: dict[str, float] = defaultdict(float)
        for shifts in self.shifts.values():
            for key, nats in shifts.items():
                total[key] += nats
        return dict(total)


def read_picture(picture: Picture, model: Model) -> Reading:
    """Translate a picture. Contradictory or unknown findings are set aside with the reason, never guessed."""
    reading = Reading()
    for one, other in picture.contradictions():
        reading.set_aside.append(
            SetAside(one.id, f"recorded as {one.state} and as {other.state} at the same time; counted as not known")
        )
    _read_drawing(picture.drawing, model, reading)
    reading.shifts |= felt_shifts(picture.drawing, model)
    _read_findings(picture.current(), model, reading)
    if picture.said:
        _read_said(picture.said, model, reading)
    if picture.responses:
        _read_responses(picture.responses, model, reading)
    return reading


# The drawing


def _read_drawing(drawing: Drawing, model: Model, reading: Reading) -> None:
    for layer in LAYERS:
        marks = [m for m in drawing.marks if FELT[m.layer] == layer]
        areas = tuple((m.place, side) for m in marks if kind_of(m.place) == "area" for side in _sides(m.side))
        zones = {f"{m.place}/{side}" for m in marks if kind_of(m.place) == "zone" for side in m.side.each}
        unknown = {z for z in zones if z not in model.fields.zone_index}
        reading.set_aside += [SetAside(z, "this zone is not part of the body surface in use") for z in sorted(unknown)]
        _read_areas(layer, areas, model, reading)
        zones -= unknown
        in_areas = {z for area in areas for z in model.area_zones.get(area, frozenset())}
        reading.painted[layer] = frozenset(zones | in_areas)
        reading.areas[layer] = areas
        if zones or (drawing.complete and marks and not areas):
            _read_zones(layer, zones, drawing.complete and not areas, model, reading)
    if not drawing.complete or any(reading.areas.values()):
        reading.shifts["silence"] = _silence(model, reading.painted)


def _sides(side: Side) -> tuple[Side, ...]:
    return side.each


def _read_areas(layer: str, areas: Iterable[tuple[str, Side]], model: Model, reading: Reading) -> None:
    for area, side in areas:
        id = str_of(layer, area, side)
        if id in model.network.finding_index:
            reading.levels[id] = 1
        else:
            reading.set_aside.append(SetAside(area, "this place is not known to the atlas"))


def _read_zones(layer: str, painted: set[str], complete: bool, model: Model, reading: Reading) -> None:
    keys, row, at, part = _zone_shares(model)
    on = np.zeros(len(model.fields.zone_keys))
    on[[model.fields.zone_index[zone] for zone in painted]] = 1.0
    drawn: list[float] = np.bincount(row, part * on[at], len(keys)).tolist()
    for key, share in zip(keys, drawn, strict=True):
        if share >= PAINTED_FROM or (not complete and share > 0):
            reading.levels[skin(layer, key)] = 1
        elif complete and layer == "pain":
            reading.levels[skin(layer, key)] = 0


@lru_cache(maxsize=4)
def _zone_shares(
    model: Model,
) -> tuple[tuple[str, ...], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Reasoning zones, and for each of their chart zones: row of the one, place of the other, share of its area."""
    index, cm2 = model.fields.zone_index, model.fields.zone_cm2
    at = [[index[zone] for zone in chart_zones] for chart_zones in model.zone_groups.values()]
    row = np.repeat(np.arange(len(at)), [len(places) for places in at])
    part = [cm2[places] / cm2[places].sum() for places in at]
    return tuple(model.zone_groups), row, np.concatenate(at).astype(np.int64), np.concatenate(part)


def _silence(model: Model, painted: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """What a description in words takes from a source whose field it leaves unmentioned: little, and bounded."""
    named = painted.get("pain", frozenset()) | painted.get("sensory", frozenset())
    if not named:
        return {}
    rest = np.array([not named.intersection(zones) for zones in model.zone_groups.values()])
    nats = np.maximum(model.policy.silence_alpha * model.silence[rest].sum(0), model.policy.silence_floor_nats)
    every = model.hypotheses.every
    nats = nats + model.policy.elsewhere_nats * _elsewhere(model, named)
    return {every[i].key: float(nats[i]) for i in np.flatnonzero(nats < -0.01)}


def _read_said(said: tuple[str, ...], model: Model, reading: Reading) -> None:
    reading.heard = sayings_of(model.atlas).heard(said)
    policy = model.policy
    shifts: dict[str, float] = {}
    for of, rows in reading.heard.items():
        nats = min(policy.said_nats * sum(heard.share for heard in rows), policy.said_cap_nats)
        shifts |= {h.key: nats for h in model.hypotheses.named(of, Side.MIDLINE)}
    if shifts:
        reading.shifts["said"] = shifts


def _read_responses(responses: tuple[Response, ...], model: Model, reading: Reading) -> None:
    shifts, reading.responses = response_shifts(responses, model)
    if shifts:
        reading.shifts[RESPONDED] = shifts


def _elsewhere(model: Model, named: frozenset[str]) -> np.ndarray:
    """1 for every source with a field that none of the named zones belongs to, 0 for the others and for dangers."""
    at = model.fields.columns(named)
    covered = [model.fields.covered[layer] for layer in LAYERS]
    touched = np.sum([field[:, at].sum(1) for field in covered], axis=0)
    whole = np.sum([field.sum(1) for field in covered], axis=0)
    danger = np.array([h.kind == "flag" for h in model.hypotheses.every])
    return np.asarray((whole > 0) & (touched < TOUCHED_FROM * whole) & ~danger, float)


# Findings


def _read_findings(findings: Iterable[Finding], model: Model, reading: Reading) -> None:
    known: list[tuple[Question, Finding]] = []
    for found in findings:
        if found.state is State.UNKNOWN:
            continue
        if kind_of(found.id) == "factor":
            _read_factor(found, model, reading)
            continue
        questions = list(_questions(found, model))
        known += [(question, found) for question in questions]
        used = _speak_against(found, model, reading) or bool(questions)
        if not used and found.id not in model.atlas:
            reading.set_aside.append(SetAside(found.id, "this examination is not known to the atlas"))
    known = _without_members(known, model)
    sizes = Counter(question.group for question, _ in known if question.group)
    for question, found in known:
        id = question.id(sizes.get(question.group, 1))
        reading.levels[id] = int(found.state is State.PRESENT)
        reading.asked[id] = found


def _questions(found: Finding, model: Model) -> Iterator[Question]:
    """The network's questions that a finding answers: on its side, or without side where the network has none."""
    of = model.atlas.record(found.of).id if found.of and kind_of(found.of) == "trp" else found.of
    id = model.atlas.current(found.id)
    for side in found.side.each:
        question = model.questions.get((id, of, side)) or model.questions.get((id, of, Side.MIDLINE))
        if question:
            yield question


def _without_members(known: list[tuple[Question, Finding]], model: Model) -> list[tuple[Question, Finding]]:
    """A published cluster speaks for its members: they are not counted again."""
    members: set[str] = set()
    for question, _ in known:
        members.update(getattr(model.atlas.get(question.exam), "members", ()))
    return [(question, found) for question, found in known if question.exam not in members]


def _speak_against(found: Finding, model: Model, reading: Reading) -> bool:
    if found.state is not State.PRESENT:
        return False
    used = False
    for side in found.side.each:
        against = model.against.get((model.atlas.current(found.id), side))
        if against:
            reading.shifts[f"{found.id}/{side}"] = dict(against)
            used = True
    return used


def _read_factor(found: Finding, model: Model, reading: Reading) -> None:
    loaded = model.loaded.get(found.id)
    if loaded is None:
        reading.set_aside.append(SetAside(found.id, "this factor is not known to the atlas"))
    elif found.state is State.PRESENT and loaded:
        reading.shifts[found.id] = dict(loaded)


__all__ = ["Reading", "read_picture"]
