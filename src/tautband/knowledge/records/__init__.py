"""The forms of the knowledge files: one frozen record per kind of thing, checked when read.

`common` holds what all share (citations, names, fields, conditions); `anatomy`, `clinical` and `care` hold the kinds.
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

__all__ = [
    "Accuracy",
    "Action",
    "Area",
    "Citation",
    "Commonness",
    "Condition",
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
    "PressedBy",
    "Protocol",
    "ReadVia",
    "Record",
    "Root",
    "Source",
    "Strength",
    "Suggests",
    "Technique",
    "Tissue",
    "TriggerPoint",
    "Urgency",
    "When",
]
