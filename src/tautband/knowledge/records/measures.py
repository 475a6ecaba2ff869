"""How change is measured: questionnaires, ratings, counts and measurements, with their scoring and their error."""

from typing import Literal

from pydantic import Field, model_validator

from tautband.knowledge.records.anatomy import Region, Said
from tautband.knowledge.records.common import Fact, Form, Id, Record


class Choice(Form):
    """One answer a client can give, and what it counts."""

    label: str
    value: float


class Item(Form):
    """One question in our own or in freely usable words. Without `choices` those of the instrument hold."""

    text: str
    choices: tuple[Choice, ...] = ()


class Scoring(Form):
    """How answers become one score.

    combine       sum or mean of the items, or the value itself (one rating, one measurement, a count)
    reverse       numbers of the items (from 1) that count the other way round: lowest + highest - answer
    least_items   how many items must be answered; with fewer there is no score
    missing       what happens to the rest: `none` may be missing; `drop` works with the answered ones only;
                  `mean` puts the mean of the answered items in their place
    of_possible   the sum as a share of the highest sum that the answered items allow, in percent
    minus, times  the score is (combined - minus) x times, after `of_possible`
    decimals      to how many decimals it is shown
    item_low, item_high  ends of one item, where they cannot be told from the ends of the score
    """

    combine: Literal["sum", "mean", "value"]
    reverse: tuple[int, ...] = ()
    least_items: int = Field(default=1, ge=1)
    missing: Literal["none", "drop", "mean"] = "none"
    of_possible: bool = False
    minus: float = 0.0
    times: float = 1.0
    decimals: int = Field(default=0, ge=0, le=3)
    item_low: float = 0.0
    item_high: float | None = None


class Band(Fact):
    """A named stretch of the scale, both ends included."""

    low: float
    high: float
    name: str


class Change(Fact):
    """How large a change must be, from one study.

    quantity   important: the least change that clients call better (MCID, MIC, MID); detectable: the least that exceeds
               the error of measuring (MDC, SDC); error: the standard error (SEM); responder: a border set beforehand
    value      or `low` to `high` where the study gives a span
    unit       points of the instrument, or percent of the first value
    confidence of a detectable change: 90 or 95
    use        the border this product judges by: one important and one detectable at most, and both were read
    """

    quantity: Literal["important", "detectable", "error", "responder"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Literal["points", "percent_of_baseline"] = "points"
    confidence: Literal[90, 95] | None = None
    method: str = ""
    population: str
    n: int | None = Field(default=None, ge=1)
    use: bool = False

    @model_validator(mode="after")
    def _value_or_span(self) -> "Change":
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("Give `value`, or both `low` and `high`.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("`low` is greater than `high`.")
        return self


class Licence(Fact):
    """Whether the questions may be shown here.

    ships   items: free to ship, the words are in this file; own_words: no published wording exists or is used, the
            question is ours; score_only: the words belong to `holder`, so only the total is entered
    """

    ships: Literal["items", "own_words", "score_only"]
    holder: str = ""
    text: str


class Instrument(Record):
    """One outcome instrument: what it measures, how it is scored, which change counts, and what may be shown.

    low, high   ends of the finished score; `high` empty where there is no end (a count, a threshold)
    better      which way is better; `none` for a description that is no outcome
    choices     answers of every item that has none of its own
    of          several values of one instrument are kept apart: `side`, `movement`, `site`, `activity`
    exam        the examination that yields the value
    """

    region: Region | Literal["general"]
    regions: tuple[Region, ...] = ()
    sort: Literal["questionnaire", "rating", "count", "measurement"]
    measures: str
    answered_by: Literal["client", "therapist"] = "client"
    recall: str = ""
    unit: str
    low: float
    high: float | None = None
    better: Literal["lower", "higher", "none"]
    item_count: int = Field(default=1, ge=1)
    items: tuple[Item, ...] = ()
    choices: tuple[Choice, ...] = ()
    scoring: Scoring
    scoring_source: tuple[Said, ...] = ()
    bands: tuple[Band, ...] = ()
    changes: tuple[Change, ...] = ()
    normal: tuple[Said, ...] = ()
    licence: Licence
    how: tuple[Said, ...] = ()
    cautions: tuple[Said, ...] = ()
    of: tuple[Literal["side", "movement", "site", "activity"], ...] = ()
    exam: Id | None = None
    flags: tuple[Id, ...] = ()
    seconds: int = Field(default=60, ge=1)
