"""Reasons in plain words: the engine's ledger, with every finding named as a therapist would say it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from tautband.findings import State
from tautband.knowledge.records import Accuracy, Exam, Suggests
from tautband.reasoning.answer import Reason
from tautband.reasoning.evidence import Reading
from tautband.reasoning.inference import Ledger, LedgerLine
from tautband.reasoning.network.build import PALPATION, Model
from tautband.reasoning.network.hypotheses import Hypothesis
from tautband.reasoning.sayings import Heard
from tautband.terms.ids import Sided

LEAST_NATS = 0.05
Sort = Literal["drawing", "history", "exam", "palpation", "factor", "prior", "interaction"]


def reasons_of(hypothesis: Hypothesis, ledger: Ledger, reading: Reading, model: Model) -> tuple[Reason, ...]:
    """The ledger as reasons, strongest first. Painted zones are summed into one line; the sum stays the log-odds."""
    reasons: list[Reason] = []
    drawn = [line for line in ledger.lines if line.kind == "finding" and line.id not in reading.asked]
    reasons += _drawing(drawn)
    for line in ledger.lines:
        if abs(line.nats) < LEAST_NATS:
            continue
        if line.kind == "finding" and line.id in reading.asked:
            reasons.append(_asked(line, hypothesis, reading, model))
        elif line.kind == "prior":
            reasons.append(Reason("prior", "how often it is met at all", line.nats, "prior"))
        elif line.kind == "child cause":
            reasons.append(_related(line, model))
        elif line.kind in ("interaction", "parent causes") and abs(line.nats) >= LEAST_NATS:
            reasons.append(Reason(line.kind, "other sources considered together", line.nats, "interaction"))
    reasons += _shifted(hypothesis, reading, model)
    return tuple(sorted((r for r in reasons if abs(r.nats) >= LEAST_NATS), key=lambda r: -abs(r.nats)))


def _drawing(lines: Iterable[LedgerLine]) -> list[Reason]:
    here, elsewhere, felt = 0.0, 0.0, 0.0
    for line in lines:
        if line.level and line.id.startswith("sensory@"):
            felt += line.nats
        elif line.level:
            here += line.nats
        else:
            elsewhere += line.nats
    return [
        Reason("drawing", "hurts where this is felt", here, "drawing"),
        Reason("drawing", "numb or tingling where this is felt", felt, "drawing"),
        Reason("drawing", "does not hurt in other places where this is felt", elsewhere, "drawing"),
    ]


def _asked(line: LedgerLine, hypothesis: Hypothesis, reading: Reading, model: Model) -> Reason:
    found = reading.asked[line.id]
    record = model.atlas.record(found.id)
    name = record.name.en if not found.of else f"{record.name.en}, {model.atlas.name(found.of)}"
    state = "present" if found.state is State.PRESENT else "absent"
    sort: Sort = "exam"
    if isinstance(record, Exam):
        sort = "history" if record.method == "history" else sort
        sort = "palpation" if record.id.startswith(PALPATION) else sort
    cites = _roads(record, hypothesis) if isinstance(record, Exam) else ()
    return Reason(found.id, f"{name}: {state}", line.nats, sort, found.side, cites)


def _roads(exam: Exam, hypothesis: Hypothesis) -> tuple[str, ...]:
    """Read citations of the exam's facts that name this source."""
    names = {hypothesis.id, hypothesis.of}
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
        if label == "said":
            found.append(_told(reading.heard.get(hypothesis.of, ()), nats))
        elif label == "silence":
            found.append(Reason(label, "much of its usual field was not mentioned", nats, "drawing"))
        elif label.startswith("factor."):
            found.append(Reason(label, model.atlas.name(label), nats, "factor"))
        else:
            exam = Sided.parse(label)
            found.append(Reason(exam.id, f"{model.atlas.name(exam.id)}: present", nats, "exam", exam.side))
    return [reason for reason in found if reason.nats]


def _told(heard: Sequence[Heard], nats: float) -> Reason:
    best = max(heard, key=lambda h: h.share, default=None)
    text = f'told as it is described: "{best.sentence.text}"' if best else ""
    cites = tuple(dict.fromkeys(cite for h in heard for cite in h.sentence.citations))
    return Reason("said", text, nats, "history", citations=cites)


__all__ = ["reasons_of"]
