"""What reasoning answers: ranked sources with reasons, what nothing explains, alerts, and the best next tests."""

from dataclasses import dataclass
from typing import Literal

from tautband.knowledge.records import Urgency
from tautband.terms.probability import Band
from tautband.terms.sides import Side

WIDEN_FROM = 0.6
"""Share of the drawing left unexplained from which the search should be widened."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the ledger: a finding and what it does to this source, in nats (above 0 speaks for it).

    sort        drawing, history, exam, palpation, factor, response, prior, links or interaction
    citations   keys of the read sources behind the link
    """

    finding: str
    text: str
    nats: float
    sort: Literal["drawing", "history", "exam", "palpation", "factor", "response", "prior", "interaction"]
    side: Side = Side.MIDLINE
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """One source that could explain what is felt.

    id, side      the source (the likeliest trigger point of a muscle) and the client's side
    of            the record to open (the muscle of a trigger point, else the source itself)
    probability   chance that it is active, 0..1; low and high mark the doubt around it
    explains      share of the drawing that its field covers, 0..1; shares overlap
    zones         chart zones of the drawing that it covers
    pressed_by    for an entrapment: soft_tissue, bone_or_disc, or both
    """

    id: str
    side: Side
    of: str
    kind: str
    name: str
    plain: str
    targets: tuple[str, ...]
    probability: float
    low: float
    high: float
    band: Band
    explains: float
    zones: frozenset[str]
    pressed_by: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return f"{self.id}/{self.side}"


@dataclass(frozen=True, slots=True)
class Alert:
    """Advice to leave the clinic, or to have something looked at first. Nothing found in a muscle ever silences one.

    because     what raised it, in words
    ask         examinations still owed that would settle it
    closes      provocation that is not proposed while it is open
    by          rule (a condition of the atlas held) or posterior (the network thinks it likely enough)
    read        whether a source of the rule was read; an unread rule still alerts and says so
    """

    flag: str
    name: str
    targets: tuple[str, ...]
    urgency: Urgency
    because: tuple[str, ...]
    do: tuple[str, ...]
    say: tuple[str, ...]
    ask: tuple[str, ...]
    closes: tuple[str, ...]
    citations: tuple[str, ...]
    by: Literal["rule", "posterior"]
    read: bool


@dataclass(frozen=True, slots=True)
class NextTest:
    """One examination worth doing next, or one that is closed and why.

    gain        expected information in nats, weighted by harm, per minute and discomfort
    parts       suspects that it would tell apart
    closed_by   the alert or rule that keeps it closed; empty when it may be done
    citations   keys of the read sources that say what it tells of these suspects, else of those that describe it
    """

    exam: str
    of: str
    side: Side
    name: str
    ask: str
    positive: str
    seconds: int
    gain: float
    parts: tuple[str, ...]
    note: str
    closed_by: str = ""
    citations: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        where = f"@{self.of}" if self.of else ""
        return f"{self.exam}{where}/{self.side}"


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The part of the drawing that no likely source explains: share 0..1, and its zones."""

    share: float
    zones: tuple[str, ...]

    @property
    def widen_search(self) -> bool:
        """Whether so much stays unexplained that the search should be widened. Not an alert: it names no danger."""
        return self.share >= WIDEN_FROM and bool(self.zones)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding that could not be used, and why in words."""

    finding: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer. `method` and `error` say how the probabilities were computed and how far off they may be."""

    suspects: tuple[Suspect, ...]
    unexplained: Unexplained
    alerts: tuple[Alert, ...]
    next_tests: tuple[NextTest, ...]
    set_aside: tuple[SetAside, ...]
    method: str
    error: float
    seconds: float
