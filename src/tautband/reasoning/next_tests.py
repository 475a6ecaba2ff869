"""The best next test: what would tell most, for the least time and discomfort, and is not closed.

Local expected information ranks every open examination; the first few are re-run for both outcomes on request. Tests
that a raised or half-raised flag still owes come first, whatever they tell about muscles.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile

import numpy as np
import numpy.typing as npt

from tautband.knowledge.records import Accuracy, Exam, Suggests
from tautband.knowledge.records import Flag as Held
from tautband.reasoning.answer import Alert, NextTest, Suspect
from tautband.reasoning.chain import chain_of
from tautband.reasoning.evidence import Reading
from tautband.reasoning.inference import Posterior, expected_information
from tautband.reasoning.network.build import Model, Question
from tautband.terms.sides import Side

SHOWN = 8
CHAIN_SHOWN = 2
CHAINED = "belongs to the chain of a suspect: same nerve, or key and satellite"
PALPATED = 8
LEAST_GAIN = 0.002
"""Stop rule: below this expected gain (nats, harm-weighted, per cost) nothing is worth the client's time."""

NOT_OFFERED = {"imaging", "history"}
FIRST_PALPATION = "exam.palpation.familiar_pain"


def next_tests(
    model: Model,
    posterior: Posterior,
    reading: Reading,
    suspects: Sequence[Suspect],
    alerts: Sequence[Alert],
    owed: Iterable[str],
    held: Sequence[Held] = (),
    shown: int = SHOWN,
) -> tuple[NextTest, ...]:
    """The list to show: owed tests first, then by gain per cost; closed ones keep their place with the reason.

    held   flags one answer short of an alert: they close what they would close, until they are settled
    """
    wanted = set(owed)
    chain = _chained(model, posterior, suspects)
    ranked = by_gain(model, posterior, reading, suspects, chain)
    first = [(q, gain) for q, gain in ranked if q.exam in wanted]
    told = {suspect.key for suspect in suspects}
    rest = (
        (q, gain)
        for q, gain in takewhile(lambda pair: pair[1] >= LEAST_GAIN, ranked)
        if q.exam not in wanted and (q in chain or not told.isdisjoint(_parents(model, q)))
    )
    kept = list(islice(_few_of(chain, _one_each(itertools.chain(first, rest))), shown))
    closing = [(set(a.closes), a.name) for a in alerts]
    closing += [(set(flag.closes), f"{flag.name.en} (not settled yet)") for flag in held]
    return tuple(_test(question, gain, model, suspects, closing, question in chain) for question, gain in kept)


def _chained(model: Model, posterior: Posterior, suspects: Sequence[Suspect]) -> set[Question]:
    """Palpation of the chain's likeliest muscles."""
    points = _points(model)

    def chance(muscle: str, side: Side) -> float:
        return float(posterior.marginals[points[muscle, side]].max()) if (muscle, side) in points else 0.0

    places = chain_of(model, suspects, chance)
    questions = (model.questions.get((FIRST_PALPATION, muscle, side)) for muscle, side in places)
    return {question for question in questions if question}


@lru_cache(maxsize=4)
def _points(model: Model) -> dict[tuple[str, Side], list[int]]:
    """Muscle and side -> places of its points among the hypotheses."""
    found: dict[tuple[str, Side], list[int]] = {}
    for at, h in enumerate(model.hypotheses.every):
        if h.kind == "trp":
            found.setdefault((h.of, h.side), []).append(at)
    return found


def _few_of(chain: set[Question], ranked: Iterable[tuple[Question, float]]) -> Iterator[tuple[Question, float]]:
    """At most CHAIN_SHOWN rows of the chain, so that it never crowds out the suspects' own tests."""
    left = CHAIN_SHOWN
    for question, gain in ranked:
        left -= question in chain
        if question not in chain or left >= 0:
            yield question, gain


def by_gain(
    model: Model, posterior: Posterior, reading: Reading, suspects: Sequence[Suspect], chain: Iterable[Question] = ()
) -> list[tuple[Question, float]]:
    """Every open candidate with its gain per cost, best first; equal ones in the order of the candidates."""
    answered = {id.partition("#")[0] for id in reading.asked}
    listed = {q.alone: q for q in candidates(model, suspects)}
    listed |= {q.alone: q for q in sorted(chain, key=lambda q: q.alone) if q.alone not in listed}
    questions = [q for alone, q in listed.items() if alone not in answered]
    gains = _gains(model, posterior, questions)
    order = np.argsort(-np.round(gains, 10), kind="stable").tolist()
    return [(questions[i], float(gains[i])) for i in order]


def candidates(model: Model, suspects: Sequence[Suspect]) -> list[Question]:
    """Open examinations on the sides under suspicion, and recognition of pain on the likeliest muscles."""
    muscles = [(s.of, s.side) for s in suspects if s.kind == "trp"][:PALPATED]
    sides = {s.side for s in suspects[:PALPATED] if s.side is not Side.MIDLINE} or {Side.LEFT, Side.RIGHT}
    palpated = (model.questions.get((FIRST_PALPATION, muscle, side)) for muscle, side in muscles)
    open_ones = (q for q, sided in _offered(model) if (q.side in sides if sided else q.side is Side.MIDLINE))
    return [*open_ones, *(q for q in palpated if q)]


@lru_cache(maxsize=4_096)
def _parents(model: Model, question: Question) -> frozenset[str]:
    """What a question speaks of. A test of nothing that is suspected tells much and helps nobody."""
    return frozenset(model.network.parents_of(question.alone))


@lru_cache(maxsize=4)
def _offered(model: Model) -> tuple[tuple[Question, bool], ...]:
    """Questions of the model that may be offered as a test, and whether the examination has sides."""
    return tuple(
        (question, exam.sided)
        for question in model.questions.values()
        if not question.of
        for exam in [_exam(model, question)]
        if exam.method not in NOT_OFFERED
    )


def _exam(model: Model, question: Question) -> Exam:
    exam = model.atlas.get(question.exam)
    if not isinstance(exam, Exam):
        raise TypeError(f"{question.exam} is asked as an examination, but the atlas has it as something else.")
    return exam


def _gains(model: Model, posterior: Posterior, questions: Sequence[Question]) -> npt.NDArray[np.float64]:
    if not questions:
        return np.zeros(0)
    gains = expected_information(model.network, posterior, [q.alone for q in questions], model.network.harm)
    minutes = costs(model)
    return np.asarray(gains / np.array([minutes[q.exam] for q in questions]))


@lru_cache(maxsize=4)
def costs(model: Model) -> dict[str, float]:
    """Exam id -> minutes, with discomfort (0..3) weighing half a minute a step."""
    return {exam.id: 0.5 + exam.seconds / 60 + 0.5 * exam.discomfort for exam in model.atlas.exams}


def _test(
    question: Question,
    gain: float,
    model: Model,
    suspects: Sequence[Suspect],
    closing: Sequence[tuple[set[str], str]],
    chained: bool,
) -> NextTest:
    exam = _exam(model, question)
    on = f"{exam.name.en}: {model.atlas.name(question.of)}" if question.of else exam.name.en
    parents = _parents(model, question)
    parts = tuple(s for s in suspects if s.key in parents)[:4]
    return NextTest(
        exam=exam.id,
        of=question.of,
        side=question.side,
        name=on,
        ask=exam.ask,
        positive=exam.positive,
        seconds=exam.seconds,
        gain=gain,
        parts=tuple(s.key for s in parts),
        citations=_cited(exam, {name for s in parts for name in (s.id, s.of)}),
        note="; ".join(filter(None, [CHAINED if chained else "", _agreement(exam)])),
        closed_by=next((name for closes, name in closing if closes & set(exam.provokes)), ""),
    )


def _cited(exam: Exam, sources: set[str]) -> tuple[str, ...]:
    """Read sources of what the examination tells of these, else of how well it agrees or how it is done."""
    facts: list[Accuracy | Suggests] = [*exam.accuracy, *exam.suggests]
    telling = [fact.by for fact in facts if sources & set(fact.sources)]
    beside = [fact.by for fact in (*exam.reliability, *exam.how)]
    for keys in (telling, beside):
        read = [exam.cites[k].source for by in keys for k in by if k in exam.cites and exam.cites[k].read]
        if read:
            return tuple(dict.fromkeys(read))
    return ()


def _agreement(exam: Exam) -> str:
    """How well examiners agree, where the atlas knows it."""
    for reliability in exam.reliability:
        if reliability.statistic == "kappa":
            return f"agreement between examiners: kappa {reliability.value:.2f}"
    return ""


def _one_each(ranked: Iterable[tuple[Question, float]]) -> Iterator[tuple[Question, float]]:
    """One row for an examination and what it is done on: its better side."""
    seen: set[tuple[str, str]] = set()
    for question, gain in ranked:
        if (question.exam, question.of) not in seen:
            seen.add((question.exam, question.of))
            yield question, gain


__all__ = ["by_gain", "candidates", "costs", "next_tests"]
