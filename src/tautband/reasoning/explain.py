"""Reasons in plain words: the engine's ledger, with every finding named as a therapist would say it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from tautband.findings import Finding, State
from tautband.knowledge.records import Accuracy, Exam, Suggests
from tautband.reasoning.answer import Reason
from tautband.reasoning.evidence import Reading
from tautband.reasoning.felt import TOLD
from tautband.reasoning.inference import LedgerLine, MessageBook, Weights
from tautband.reasoning.network.build import PALPATION, Model
from tautband.reasoning.network.hypotheses import Hypothesis
from tautband.reasoning.responded import RESPONDED, responded_words
from tautband.reasoning.sayings import Heard
from tautband.terms.ids import Sided

LEAST_NATS = 0.05
Sort = Literal["drawing", "history", "exam", "palpation", "factor", "response", "prior", "interaction"]


def reasons_of(
    hypotheses: Sequence[Hypothesis], book: MessageBook, reading: Reading, model: Model
) -> list[tuple[Reason, ...]]:
    """The ledgers as reasons, strongest first. Painted zones are summed into one line; the sum stays the log-odds."""
    weights = book.weights([h.key for h in hypotheses])
    asked = np.zeros(len(model.network.finding_ids), np.bool_)
    asked[[model.network.finding_index[id] for id in reading.asked]] = True
    asked = asked[weights.found]
    found: list[list[Reason]] = _drawing(len(hypotheses), weights, asked, model)
    told = np.flatnonzero(asked & (np.abs(weights.nats) >= LEAST_NATS))
    ids = model.network.finding_ids
    for row, at, nats in zip(*(v[told].tolist() for v in (weights.row, weights.found, weights.nats)), strict=True):
        found[row].append(_asked(reading.asked[ids[at]], nats, hypotheses[row], model))
    together = np.bincount(weights.row, weights.nats, len(hypotheses)).tolist()
    for h, reasons, nats in zip(hypotheses, found, together, strict=True):
        reasons += _beside(h, book, nats, model)
        reasons += _shifted(h, reading, model)
    return [_strongest_first(reasons) for reasons in found]


def _strongest_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted((r for r in reasons if abs(r.nats) >= LEAST_NATS), key=lambda r: -abs(r.nats)))


def _drawing(count: int, weights: Weights, asked: npt.NDArray[np.bool_], model: Model) -> list[list[Reason]]:
    """Per source, what the drawing says: in the places that hurt, in those that are numb, and in the others."""
    sensory = _is_sensory(model)[weights.found]
    present = weights.level > 0
    sorts = (present & ~sensory, present & sensory, ~present)
    sums = [np.bincount(weights.row, weights.nats * (own & ~asked), count).tolist() for own in sorts]
    texts = (
        "hurts where this is felt",
        "numb or tingling where this is felt",
        "does not hurt in other places where this is felt",
    )
    return [
        [Reason("drawing", text, nats, "drawing") for text, nats in zip(texts, row, strict=True)]
        for row in zip(*sums, strict=True)
    ]


@lru_cache(maxsize=4)
def _is_sensory(model: Model) -> npt.NDArray[np.bool_]:
    """Per finding of the network: whether it is a place that is numb or tingles."""
    return np.array([id.startswith("sensory@") for id in model.network.finding_ids])


def _beside(hypothesis: Hypothesis, book: MessageBook, findings_nats: float, model: Model) -> Iterator[Reason]:
    for line in book.beside_findings(hypothesis.key, findings_nats):
        if abs(line.nats) < LEAST_NATS:
            continue
        if line.kind == "prior":
            yield Reason("prior", "how often it is met at all", line.nats, "prior")
        elif line.kind == "child cause":
            yield _related(line, model)
        elif line.kind in ("interaction", "parent causes"):
            yield Reason(line.kind, "other sources considered together", line.nats, "interaction")


def _asked(found: Finding, nats: float, hypothesis: Hypothesis, model: Model) -> Reason:
    text, sort = _told_as(model, found.id, found.of, found.state is State.PRESENT)
    return Reason(found.id, text, nats, sort, found.side, _roads(model, found.id, hypothesis.id, hypothesis.of))


@lru_cache(maxsize=8_192)
def _told_as(model: Model, exam: str, of: str, present: bool) -> tuple[str, Sort]:
    """How a finding is told, and what sort of reason it is."""
    record = model.atlas.record(exam)
    name = record.name.en if not of else f"{record.name.en}, {model.atlas.name(of)}"
    sort: Sort = "exam"
    if isinstance(record, Exam):
        sort = "history" if record.method == "history" else sort
        sort = "palpation" if record.id.startswith(PALPATION) else sort
    return f"{name}: {'present' if present else 'absent'}", sort


@lru_cache(maxsize=32_768)
def _roads(model: Model, asked: str, id: str, of: str) -> tuple[str, ...]:
    """Read citations of the examination's facts that name this source."""
    exam = model.atlas.record(asked)
    if not isinstance(exam, Exam):
        return ()
    names = {id, of}
    facts: list[Accuracy | Suggests] = [*exam.accuracy, *exam.suggests]
    keys = [k for fact in facts if names & set(fact.sources) for k in fact.by]
    return tuple(dict.fromkeys(exam.cites[k].source for k in keys if k in exam.cites and exam.cites[k].read))


def _related(line: LedgerLine, model: Model) -> Reason:
    other = model.hypotheses.by_key[line.id]
    return Reason(line.id, f"goes with {other.name}", line.nats, "interaction", other.side)


def _shifted(hypothesis: Hypothesis, reading: Reading, model: Model) -> list[Reason]:
    found: list[Reason] = []
    for label, by_key in reading.shifts.items():
        nats = by_key.get(hypothesis.key, 0.0)
        if not nats:
            continue
        if label == "said":
            found.append(_told(reading.heard.get(hypothesis.of, ()), nats))
        elif label == "silence":
            found.append(Reason(label, "much of its usual field was not mentioned", nats, "drawing"))
        elif label == RESPONDED:
            found.append(Reason(label, responded_words(reading.responses[hypothesis.key], nats), nats, "response"))
        elif label in TOLD:
            found.append(Reason(label, TOLD[label], nats, "drawing"))
        elif label.startswith("factor."):
            found.append(Reason(label, model.atlas.name(label), nats, "factor"))
        else:
            exam = Sided.parse(label)
            found.append(Reason(exam.id, f"{model.atlas.name(exam.id)}: present", nats, "exam", exam.side))
    return found


def _told(heard: Sequence[Heard], nats: float) -> Reason:
    best = max(heard, key=lambda h: h.share, default=None)
    text = f'told as it is described: "{best.sentence.text}"' if best else ""
    cites = tuple(dict.fromkeys(cite for h in heard for cite in h.sentence.citations))
    return Reason("said", text, nats, "history", citations=cites)


__all__ = ["reasons_of"]
