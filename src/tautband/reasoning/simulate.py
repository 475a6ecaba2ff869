"""Simulated clients with known sources: drawn from the network itself, for checking calibration and for practice.

Sources are drawn from their priors and links, findings from the sources, the drawing from the fields. Whom we ask what
may depend on what was already seen, never on the hidden truth; so a posterior that is computed right must be
calibrated on these clients. That they are like real clients is not claimed: they share every assumption of the model.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State
from tautband.knowledge.records import Exam
from tautband.reasoning.evidence import read_picture
from tautband.reasoning.inference import absorb, expected_information, query
from tautband.reasoning.network.build import Model, Question, skin
from tautband.terms.ids import Sided

EXAMS = 16
"""Examinations answered at a simulated visit, chosen as the most informative ones after the drawing."""


@dataclass(frozen=True)
class SimulatedClient:
    """A client whose sources are known: hypothesis keys that are active, and what could be observed."""

    active: frozenset[str]
    picture: Picture


def simulate(
    model: Model, seed: int, exams: int = EXAMS, active: Iterable[str] | None = None, *, numb: bool = False
) -> SimulatedClient:
    """Draw one client. Same model and seed, same client.

    exams    how many examinations were answered; those that would tell most after the drawing
    active   hypothesis keys to make active instead of drawing them (teaching); unknown keys raise KeyError
    numb     also draw numbness. Unpainted numbness is not taken as its absence by the reading, which is prudent with
             people and costs calibration here, so calibration is checked without it
    """
    random = np.random.default_rng(seed)
    while True:
        on = _sources(model, random) if active is None else _chosen(model, active)
        marks = [*_marks(model, on, random, "pain"), *(_marks(model, on, random, "sensory") if numb else ())]
        if marks:  # somebody without any pain does not come; with one painted zone the rest was shown and is negative
            break
    drawing = Picture(Person(45), Drawing(tuple(marks), complete=True))
    found = _answered(model, on, _asked(model, drawing, exams), random)
    keys = frozenset(h.key for h, is_on in zip(model.hypotheses.every, on, strict=True) if is_on)
    return SimulatedClient(keys, Picture(drawing.person, drawing.drawing, found))


def _chosen(model: Model, active: Iterable[str]) -> np.ndarray:
    on = np.zeros(len(model.hypotheses.every), bool)
    on[[model.hypotheses.place[key] for key in active]] = True
    return on


def _sources(model: Model, random: np.random.Generator) -> np.ndarray:
    """Parents stand before their children in the network's order of causes."""
    network = model.network
    on = np.zeros(network.n_nodes, bool)
    for node in range(network.n_nodes):
        kin = slice(network.kin_ptr[node], network.kin_ptr[node + 1])
        quiet = (1 - network.leak[node]) * np.prod(1 - network.kin_link[kin] * on[network.kin_idx[kin]])
        on[node] = random.random() < 1 - quiet
    return on


def chance_of(model: Model, finding: str, on: np.ndarray) -> float:
    """P(finding | these sources and no others)."""
    network = model.network
    f = network.finding(finding)
    edges = slice(network.found_ptr[f], network.found_ptr[f + 1])
    below = network.link_below[edges, 0]
    return float(1 - network.leak_below[f, 0] * np.prod(np.where(on[network.found_idx[edges]], below, 1.0)))


def _marks(model: Model, on: np.ndarray, random: np.random.Generator, layer: str) -> list[Mark]:
    kind = Layer.PAIN if layer == "pain" else Layer.NUMB
    marks = []
    for zone, parts in model.zone_groups.items():
        if random.random() < chance_of(model, skin(layer, zone), on):
            for part in parts:
                at = Sided.parse(part)
                marks.append(Mark(at.id, at.side, kind))
    return marks


def _asked(model: Model, drawing: Picture, exams: int) -> list[Question]:
    """The most informative questions after the drawing; one of cluster and members, and of each side's own form."""
    reading = read_picture(drawing, model)
    posterior = query(model.network, absorb(model.network, reading.levels, reading.total_shift))
    questions = askable(model)
    gain = expected_information(model.network, posterior, [q.id() for q in questions])
    chosen: list[Question] = []
    covered: set[str] = set()
    for i in np.argsort(-gain, kind="stable"):
        if len(chosen) == exams:
            break
        question = questions[i]
        record = model.atlas.record(question.exam)
        members = set(record.members) if isinstance(record, Exam) else set()
        if question.exam in covered or members & {q.exam for q in chosen}:
            continue
        covered |= members
        chosen.append(question)
    return chosen


def askable(model: Model) -> list[Question]:
    """Questions a simulated visit may ask: on their own side, and without links outside the probability model."""
    against = {exam for exam, _ in model.against}
    found = []
    for question in model.questions.values():
        record = model.atlas.record(question.exam)
        sided = bool(question.of) or (isinstance(record, Exam) and record.sided)
        if question.exam not in against and sided == (question.side.value != "midline"):
            found.append(question)
    return found


def _answered(
    model: Model, on: np.ndarray, questions: Sequence[Question], random: np.random.Generator
) -> tuple[Finding, ...]:
    sizes: Mapping[str, int] = Counter(q.group for q in questions if q.group)
    found = []
    for question in questions:
        chance = chance_of(model, question.id(sizes.get(question.group, 1)), on)
        state = State.PRESENT if random.random() < chance else State.ABSENT
        found.append(Finding(question.exam, question.side, state, of=question.of))
    return tuple(found)


__all__ = ["SimulatedClient", "askable", "chance_of", "simulate"]
