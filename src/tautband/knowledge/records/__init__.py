"""The forms of the knowledge files: one frozen record per kind of thing, checked when read.

`common` holds what all share (citations, names, fields, conditions); `anatomy`, `clinical`, `care` and `home` hold the
kinds.
"""

from tautband.knowledge.records.anatomy import (
    Action,
    Entrapment,
    Joint,
    Muscle,
    Nerve,
    PressedBy,
    Root,
    Tissue,
    TriggerPoint,
)
from tautband.knowledge.records.care import Condition, Guard, Protocol, Technique
from tautband.knowledge.records.clinical import Accuracy, Area, Exam, Factor, Flag, FlagRule, Suggests
from tautband.knowledge.records.common import (
    Citation,
    Commonness,
    Fact,
    FieldPart,
    Grade,
    Names,
    ReadVia,
    Record,
    Source,
    Strength,
    Urgency,
    When,
)
from tautband.knowledge.records.home import Benefit, Education, Position, Selfcare

__all__ = [
    "Accuracy",
    "Action",
    "Area",
    "Benefit",
    "Citation",
    "Commonness",
    "Condition",
    "Education",
    "Entrapment",
    "Exam",
    "Fact",
    "Factor",
    "FieldPart",
    "Flag",
    "FlagRule",
    "Grade",
    "Guard",
    "Joint",
    "Muscle",
    "Names",
    "Nerve",
    "Position",
    "PressedBy",
    "Protocol",
    "ReadVia",
    "Record",
    "Root",
    "Selfcare",
    "Source",
    "Strength",
    "Suggests",
    "Technique",
    "Tissue",
    "TriggerPoint",
    "Urgency",
    "When",
]
