"""A number means something only with its unit."""

import re
from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Exam
from tautband.knowledge.records.common import Measured
from tautband.knowledge.walk import walk

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_UNIT_NEAR = re.compile(
    r"\d\s*(?:%|°|deg|cm|mm|m\b|kg|n\b|kpa|s\b|sec|min|h\b|hour|day|week|month|year|point|repetition|of\b|/|times|finger|beat|people|patients|studies|clinicians|experts|in\b)",
    re.I,
)


def measured_exams_have_units(atlas: Atlas) -> Iterator[Problem]:
    """A rule on a measured value names an examination with a unit."""
    for id, record in atlas.records.items():
        for place, value in walk(record):
            if not isinstance(value, Measured):
                continue
            exam = atlas.records.get(atlas.current(value.of))
            if isinstance(exam, Exam) and not exam.unit:
                message = f"A value of {exam.id} is judged here, but that examination has no unit."
                yield problem_at(atlas, id, place, "no_unit", message, f"Add `unit:` to {exam.id}.")


def normal_values_have_units(atlas: Atlas) -> Iterator[Problem]:
    """Normal values written in words carry a unit, or their examination does."""
    for exam in atlas.exams:
        for number, said in enumerate(exam.normal):
            if not exam.unit and _NUMBER.search(said.text) and not _UNIT_NEAR.search(said.text):
                message = f"{said.text!r} holds a number without unit."
                cure = "Add `unit:` to the examination or write the unit after the number."
                yield problem_at(atlas, exam.id, ("normal", number), "no_unit", message, cure, WARNING)


RULES = (measured_exams_have_units, normal_values_have_units)
