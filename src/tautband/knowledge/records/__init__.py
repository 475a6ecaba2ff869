"""The forms of the knowledge files: one frozen record per kind of thing, checked when read.

`common` holds what all share (citations, names, fields, conditions); `anatomy`, `clinical`, `care`, `home` and
`measures` hold the kinds.
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
from tautband.knowledge.records.clinical import (
    Accuracy,
    Area,
    Cell,
    Exam,
    Factor,
    Flag,
    FlagRule,
    MeasuringError,
    Norm,
    Suggests,
)
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
from tautband.knowledge.records.home import Benefit, Education, Selfcare
from tautband.knowledge.records.measures import Band, Change, Choice, Instrument, Item, Licence, Scoring
from tautband.knowledge.records.pose import Position

__all__ = [
    "Accuracy",
    "Action",
    "Area",
    "Band",
    "Benefit",
    "Cell",
    "Change",
    "Choice",
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
    "Instrument",
    "Item",
    "Joint",
    "Licence",
    "MeasuringError",
    "Muscle",
    "Names",
    "Nerve",
    "Norm",
    "Position",
    "PressedBy",
    "Protocol",
    "ReadVia",
    "Record",
    "Root",
    "Scoring",
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
