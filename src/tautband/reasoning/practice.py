"""Invented clients to practise on: sources known, a drawing, a history, and the result of any examination.

Drawn from the network like the clients of `simulate`, so what practice teaches is what the atlas holds, no more. The
same seed gives the same client, and an examination gives the same result however often and in whichever order it is
asked.
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np

from tautband.findings import Finding, Picture, State
from tautband.knowledge.records import Exam
from tautband.reasoning.network.build import Model, Question
from tautband.reasoning.simulate import chance_of, simulate
from tautband.terms.sides import Side

TWO_EVERY = 3
"""One client in so many has two sources."""

BESIDE = 4
"""Questions without a source behind them that are answered too, so that an answer gives nothing away."""

TOLD_AT_MOST = 12


@dataclass(frozen=True)
class Invented:
    """One invented client: hypothesis keys that are active, and what is known before any examination."""

    seed: int
    active: tuple[str, ...]
    picture: Picture


def invent(model: Model, seed: int) -> Invented:
    """The client of a seed: one source, or two, felt where its field lies, with the answers of a first talk."""
    random = np.random.default_rng([seed, 1])
    every = [h for h in model.hypotheses.every if h.pain and h.kind != "flag" and h.side is not Side.MIDLINE]
    weight = np.array([h.prior for h in every])
    count = 2 if seed % TWO_EVERY == 0 else 1
    chosen = random.choice(len(every), count, replace=False, p=weight / weight.sum())
    active = tuple(every[i].key for i in chosen)
    drawn = simulate(model, seed, exams=0, active=active).picture
    invented = Invented(seed, active, drawn)
    told = tuple(result(model, invented, question) for question in _talk(model, invented, random))
    return Invented(seed, active, replace(drawn, findings=told))


def result(model: Model, invented: Invented, question: Question) -> Finding:
    """What an examination finds at this client."""
    on = np.zeros(model.network.n_nodes, bool)
    on[[model.network.cause(key) for key in invented.active]] = True
    random = np.random.default_rng([invented.seed, zlib.crc32(question.alone.encode())])
    state = State.PRESENT if random.random() < chance_of(model, question.alone, on) else State.ABSENT
    return Finding(question.exam, question.side, state, of=question.of)


def question_of(model: Model, key: str) -> Question | None:
    """The question with this text form (`exam.spurling/left`), None when the network does not know it."""
    return next((q for q in model.questions.values() if q.alone == key), None)


def _talk(model: Model, invented: Invented, random: np.random.Generator) -> list[Question]:
    """Questions of the first talk: those the sources bear on, and a few that they do not."""
    asked = [q for q in model.questions.values() if not q.of and _is_history(model, q)]
    active = set(invented.active)
    bearing = [q for q in asked if active & set(model.network.parents_of(q.alone))]
    sides = {model.hypothesis(key).side for key in active} | {Side.MIDLINE}
    bearing = [q for q in bearing if q.side in sides][: TOLD_AT_MOST - BESIDE]
    others = [q for q in asked if q not in bearing and q.side is Side.MIDLINE]
    beside: list[int] = random.permutation(len(others))[:BESIDE].tolist()
    return [*bearing, *(others[i] for i in beside)]


def _is_history(model: Model, question: Question) -> bool:
    record = model.atlas.record(question.exam)
    return isinstance(record, Exam) and record.method == "history"


__all__ = ["Invented", "invent", "question_of", "result"]
