"""What is asked and examined, what it says about sources, the factors behind, and the red flags."""

from typing import Literal

from pydantic import Field, model_validator

from tautband.knowledge.records.anatomy import Common, Link, Region, Said
from tautband.knowledge.records.common import (
    Fact,
    FieldPart,
    Form,
    Ids,
    Record,
    Strength,
    Urgency,
    When,
    Words,
)


class Accuracy(Fact):
    """Sensitivity and specificity of a positive finding for one or several sources, with the study they come from.

    `spectrum` says whom the study examined: a consecutive clinic sample transfers best, case_control worst.
    `joint`: the figure holds for the group taken together (any of these roots), not for each one apart.
    """

    sources: Ids = Field(min_length=1)
    sensitivity: float = Field(ge=0, le=1)
    specificity: float = Field(ge=0, le=1)
    n: int | None = Field(default=None, ge=1)
    n_with: int | None = Field(default=None, ge=0)
    spectrum: Literal["consecutive", "referred", "surgical", "case_control", "pooled", "healthy", "unknown"]
    joint: bool = False


class Suggests(Fact):
    """An expert's link from a finding to a source where no accuracy study was found.

    `against`: the finding speaks against the source (used in explanations and next tests, never to clear a flag).
    """

    sources: Ids = Field(min_length=1)
    strength: Strength
    against: bool = False


class Reliability(Fact):
    """Agreement between examiners for this finding."""

    statistic: Literal["kappa", "icc", "percent_agreement"]
    value: float
    raters: str = ""


class Exam(Record):
    """One thing that can be asked, seen, measured or done; positive or negative, or a value with its unit."""

    method: Literal[
        "history",
        "posture",
        "gait",
        "movement",
        "rom",
        "resisted",
        "length",
        "strength",
        "balance",
        "neural",
        "special",
        "palpation",
        "observation",
        "reflex",
        "sensation",
        "vital",
        "imaging",
    ]
    region: Region | Literal["general"]
    ask: str = ""
    how: tuple[Said, ...] = ()
    positive: str
    sided: bool = True
    unit: str = ""
    normal: tuple[Said, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    suggests: tuple[Suggests, ...] = ()
    reliability: tuple[Reliability, ...] = ()
    cluster: str = ""
    members: Ids = ()
    seconds: int = Field(default=60, ge=1)
    discomfort: int = Field(default=1, ge=0, le=3)
    provokes: tuple[Literal["neck", "thorax", "low_back", "shoulder", "nerve", "limb", "hip"], ...] = ()
    base_rate: float | None = Field(default=None, gt=0, lt=1)
    phrases: Words = ()
    not_phrases: Words = ()


class Factor(Record):
    """What loads or keeps a problem going: posture, work, sleep, breathing, hydration, nutrition, stress, sport."""

    sort: Literal[
        "posture",
        "structure",
        "gait",
        "work",
        "sport",
        "sleep",
        "breathing",
        "hydration",
        "nutrition",
        "stress",
        "habit",
    ]
    ask: str
    scale: tuple[str, ...] = ()
    how: tuple[Said, ...] = ()
    loads: tuple[Suggests, ...] = ()
    evidence: tuple[Said, ...] = ()
    phrases: Words = ()


class FlagRule(Fact):
    """When this condition holds, the alert is raised with this urgency."""

    when: When
    urgency: Urgency
    because: str


class Flag(Record):
    """A danger or a mimic that must leave the clinic: features, rules, what to do, what to say.

    `closes`: provocation that is not proposed while a rule of this flag is open.
    """

    sort: Literal["red_flag", "mimic", "safeguarding"] = "red_flag"
    region: Region | Literal["general"]
    targets: Words = ()
    field: tuple[FieldPart, ...] = ()
    features: tuple[Suggests, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    rules: tuple[FlagRule, ...] = ()
    do: tuple[Said, ...] = Field(min_length=1)
    say: tuple[Said, ...] = Field(min_length=1)
    ask: Ids = ()
    closes: tuple[Literal["neck", "thorax", "low_back", "shoulder", "nerve", "limb", "hip"], ...] = ()
    commonness: Common | None = None
    rivals: tuple[Link, ...] = ()


class Area(Form):
    """A named place of the body as people say it, and the chart zones it stands for (patterns with `*` allowed).

    `side`: paired areas take the side of the sentence they stand in; midline areas have none; `both` spans the midline,
    so that without a word of side the whole of it is meant.
    """

    id: str
    plain: str
    clinical: str = ""
    phrases: Words = ()
    zones: Words = Field(min_length=1)
    side: Literal["paired", "midline", "both"] = "paired"

    @model_validator(mode="after")
    def _id_is_an_area(self) -> "Area":
        if not self.id.startswith("area."):
            raise ValueError("An area's id starts with 'area.'.")
        return self
