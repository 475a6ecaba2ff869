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


PANELS = (
    "posture",
    "gait",
    "movement",
    "tone",
    "rom",
    "strength",
    "length",
    "balance",
    "neural",
    "special",
    "palpation",
)
"""The parts of a region's grid, in the order they are charted."""

Panel = Literal[
    "posture", "gait", "movement", "tone", "rom", "strength", "length", "balance", "neural", "special", "palpation"
]


class Cell(Form):
    """Where an examination stands in the grid of its regions.

    panel   the table it stands in
    row     what the line is called ("Flexion"); examinations with the same row and panel stand side by side
    column  active, passive, front, side, back, a phase of gait; empty where the table has one column
    order   rows are sorted by it
    """

    panel: Panel
    row: str
    column: str = ""
    order: int = 0


class Norm(Fact):
    """What was measured in a named group of people. Norms are never borders of disease.

    value, sd   mean and standard deviation in the unit of the examination
    low, high   a span, and `span` says of what: 95% interval of the mean, range, percentiles, or a teaching value
    """

    value: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    span: Literal["", "ci95", "range", "percentiles", "teaching"] = ""
    mode: Literal["", "active", "passive"] = ""
    population: str
    sex: Literal["", "female", "male"] = ""
    age_from: int | None = None
    age_to: int | None = None
    n: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _some_number(self) -> "Norm":
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("Give `value`, or both `low` and `high`.")
        if self.low is not None and self.high is not None:
            if self.low > self.high:
                raise ValueError("`low` is greater than `high`.")
            if not self.span:
                raise ValueError("Say in `span` what `low` and `high` are.")
        return self


class MeasuringError(Fact):
    """How far repeated measuring differs: standard error, or least detectable change (mdc: level unknown)."""

    quantity: Literal["sem", "mdc", "mdc90", "mdc95"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    raters: str = ""
    population: str = ""
    n: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _some_number(self) -> "MeasuringError":
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("Give `value`, or both `low` and `high`.")
        return self


class Exam(Record):
    """One thing that can be asked, seen, measured or done; positive or negative, or a value with its unit.

    regions     every region whose grid holds it; empty means `region` alone
    grid        its place in those grids; empty for what is found by search only
    joint, motion   what a measured range or a strength test is of, in the words of the muscles' actions
    scale       grades, the first is the usual one, where it is graded and not measured
    norms, error    what was measured in whom, and how far measuring itself differs
    not_when    when it is left out
    """

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
    regions: tuple[Region, ...] = ()
    grid: Cell | None = None
    joint: str = ""
    motion: str = ""
    ask: str = ""
    how: tuple[Said, ...] = ()
    positive: str
    sided: bool = True
    unit: str = ""
    scale: tuple[str, ...] = ()
    normal: tuple[Said, ...] = ()
    norms: tuple[Norm, ...] = ()
    error: tuple[MeasuringError, ...] = ()
    not_when: tuple[Said, ...] = ()
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
