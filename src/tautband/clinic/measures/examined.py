"""What the examination measures, as a line of readings: every value with a unit is plotted with its own error.

Where the atlas has an instrument for an examination, that one is used. For all others one is made from what the atlas
knows of the examination: its unit, and how far measuring it differs. Whether more is better is nobody's to say in
general, so no direction is claimed.
"""

from collections.abc import Sequence
from functools import lru_cache

from tautband.knowledge import Atlas
from tautband.knowledge.records import Exam, Instrument
from tautband.knowledge.records.clinical import MeasuringError
from tautband.knowledge.records.measures import Change, Licence, Scoring

QUANTITIES = {"sem": "error", "mdc": "detectable", "mdc90": "detectable", "mdc95": "detectable"}
CONFIDENCE = {"mdc90": 90, "mdc95": 95}


@lru_cache(maxsize=8)
def by_exam(known: Atlas) -> dict[str, Instrument]:
    """Examination id -> the instrument its values are readings of."""
    own = {each.exam: each for each in known.instruments if each.exam}
    measured = [thing for thing in known.records.values() if isinstance(thing, Exam) and thing.unit]
    return {exam.id: own.get(exam.id) or _made(exam) for exam in measured} | own


def _made(exam: Exam) -> Instrument:
    given = {
        "id": f"instrument.{exam.id}",
        "name": exam.name,
        "cites": exam.cites,
        "region": exam.region,
        "sort": "measurement",
        "measures": exam.name.plain or exam.name.en,
        "answered_by": "therapist",
        "unit": exam.unit,
        "low": 0.0,
        "better": "none",
        "scoring": Scoring(combine="value"),
        "changes": _changes([error for error in exam.error if _was_read(exam, error)]),
        "licence": Licence(ships="own_words", text="A measurement; nothing to license.", by=next(iter(exam.cites))),
        "exam": exam.id,
        "of": ("side",) if exam.sided else (),
    }
    return Instrument.model_validate(given)


def _was_read(exam: Exam, error: MeasuringError) -> bool:
    """A border rests only on a study that somebody read."""
    keys = (error.by,) if isinstance(error.by, str) else error.by
    return all(key in exam.cites and exam.cites[key].read is not None for key in keys)


def _changes(errors: Sequence[MeasuringError]) -> tuple[Change, ...]:
    """The errors of an examination as borders; the first of a kind is the one that judges."""
    made, used = [], set()
    for error in errors:
        quantity = QUANTITIES[error.quantity]
        made.append(
            Change.model_validate(
                {
                    "quantity": quantity,
                    "value": error.value,
                    "low": error.low,
                    "high": error.high,
                    "confidence": CONFIDENCE.get(error.quantity),
                    "method": error.raters,
                    "population": error.population or "not stated",
                    "n": error.n,
                    "by": error.by,
                    "use": quantity not in used,
                }
            )
        )
        used.add(quantity)
    return tuple(made)
