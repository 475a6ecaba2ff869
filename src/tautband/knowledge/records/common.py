"""What all knowledge records share: citations and their grades, names, drawn fields, and conditions."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tautband.terms.ids import BadId, kind_of


class Form(BaseModel):
    """A frozen form that refuses unknown keys, so that a misspelt key is an error and not a lost fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Grade(StrEnum):
    """How strong the road to a fact is, best first."""

    TRIAL = "trial"
    COHORT = "cohort"
    CASE_SERIES = "case_series"
    EXPERT_OPINION = "expert_opinion"


class ReadVia(StrEnum):
    """What of the source was seen: all of it, a table, its abstract, or another page reporting it."""

    FULL = "full"
    TABLE = "table"
    ABSTRACT = "abstract"
    SECONDARY = "secondary"


class Strength(StrEnum):
    """An expert's word for how often a finding is there when this source alone is at work."""

    USUAL = "usual"
    OFTEN = "often"
    SOMETIMES = "sometimes"
    RARE = "rare"


class Commonness(StrEnum):
    """How often a source is met among clients of a massage or physiotherapy clinic."""

    VERY_COMMON = "very_common"
    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very_rare"


class Urgency(StrEnum):
    """When advice to leave the clinic must be followed, most urgent first."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    URGENT_DAYS = "urgent_days"
    ROUTINE = "routine"


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict) else value


def _checked_id(value: str) -> str:
    try:
        kind_of(value)
    except BadId as bad:
        raise ValueError(str(bad)) from None
    return value


Id = Annotated[str, BeforeValidator(_checked_id)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_as_tuple)]
Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Citation(Form):
    """One reading of one source: where in it, what was seen of it, how strong it is.

    `read` empty means unread: the fact may raise a question or an alert, never set a probability or make a claim.
    A read citation needs a locator `at` (page, table, section, or the heading seen).
    """

    source: str = ""
    at: str = ""
    read: ReadVia | None = None
    grade: Grade = Grade.EXPERT_OPINION

    @model_validator(mode="after")
    def _read_needs_a_locator(self) -> "Citation":
        if self.read and not self.at:
            raise ValueError("A citation marked as read needs `at`: the page, table or section that was seen.")
        return self


class Fact(Form):
    """Anything the atlas says. `by` names the citations of the same file that say so; `note` adds variation."""

    by: Words = Field(min_length=1)
    note: str = ""


class Names(Form):
    """Clinical English name, Terminologia Anatomica name, and what a client is told."""

    en: str
    la: str = ""
    plain: str


class FieldPart(Fact):
    """One part of a drawn field: a blob at a landmark or a geodesic tube through landmarks (radius in cm).

    `kind`: essential is felt by nearly every client with this source, spillover by some.
    `side`: same or opposite to the source; midline landmarks need none.
    `toward` and `stretch`: a blob that reaches farther toward (and away from) another landmark than across.
    """

    kind: Literal["essential", "spillover"] = "essential"
    blob: str | None = None
    tube: tuple[str, ...] | None = None
    radius_cm: Annotated[tuple[float, ...], BeforeValidator(lambda v: (v,) if isinstance(v, int | float) else v)]
    side: Literal["same", "opposite"] = "same"
    toward: str | None = None
    stretch: Annotated[float, Field(ge=0.25, le=4)] | None = None

    @model_validator(mode="after")
    def _blob_or_tube(self) -> "FieldPart":
        if (self.blob is None) == (self.tube is None):
            raise ValueError("Give either `blob: landmark` or `tube: [landmark, landmark, ...]`.")
        points = 1 if self.tube is None else len(self.tube)
        if self.tube is not None and points < 2:
            raise ValueError("A tube needs at least two landmarks; for one landmark use `blob`.")
        if len(self.radius_cm) not in (1, points):
            raise ValueError(f"`radius_cm` needs one number or {points}, one for each landmark.")
        if any(not 0.5 <= r <= 15 for r in self.radius_cm):
            raise ValueError("A radius lies between 0.5 and 15 cm.")
        if (self.toward is None) != (self.stretch is None) or (self.toward and self.blob is None):
            raise ValueError("`toward` and `stretch` go together, and only with a `blob`.")
        return self


class When(Form):
    """A condition on what was observed, judged in three values: true, false, not known.

    Exactly one key is set. In a file a plain string is short for `{present: id}`. `absent` is true only when the
    finding was looked for and not there; what was not asked makes a condition unknown, never false.
    """

    always: Literal[True] | None = None
    present: Id | None = None
    absent: Id | None = None
    all: "tuple[When, ...] | None" = None
    any: "tuple[When, ...] | None" = None
    at_least: "AtLeast | None" = None
    age_from: int | None = None
    age_below: int | None = None
    sex: Literal["female", "male"] | None = None
    pain_in: Ids | None = None
    numb_in: Ids | None = None
    tingling_in: Ids | None = None
    both_sides_in: Ids | None = None
    worst_pain_from: int | None = None
    value: "Measured | None" = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"present": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_key(self) -> "When":
        if len(self.model_fields_set) != 1:
            raise ValueError("A condition has exactly one key; join several with `all`, `any` or `at_least`.")
        return self


class AtLeast(Form):
    """True when at least `n` of the conditions are true."""

    n: int = Field(ge=1)
    of: tuple[When, ...]


class Measured(Form):
    """A measured finding above or below a border, in the unit of the examination."""

    of: Id
    at_least: float | None = None
    at_most: float | None = None


class Record(Form):
    """One thing, one file: an id that matches the file's place, names, synonyms and its citations."""

    id: Id
    name: Names
    synonyms: Words = ()
    cites: dict[str, Citation]
    replaced_by: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _citation_source_is_its_key(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("cites"), dict):
            return data
        cites = {
            key: ({**value, "source": value.get("source") or key} if isinstance(value, dict) else value)
            for key, value in data["cites"].items()
        }
        return {**data, "cites": cites}


class Source(Form):
    """One publication or page. `road` names the work it descends from: sources of one road count once."""

    id: str
    citation: str
    year: int | None = None
    kind: Literal["trial", "cohort", "review", "case_report", "book", "guideline", "web_page", "standard"]
    address: str = ""
    doi: str = ""
    road: str = ""
    seen: str = ""
