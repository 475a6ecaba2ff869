"""Why this and not that, who competes, what is not told apart yet, and what would change the picture.

The contrast reads a finished answer. The rest asks the engine again, for one opened source or in the background, never
while somebody waits for the list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log, sqrt

from tautband.findings import Finding, Picture, State
from tautband.reasoning.answer import Answer, NextTest, Reason, Suspect
from tautband.reasoning.evidence import read_picture
from tautband.reasoning.inference import Posterior, absorb, look_ahead, query, responsibility
from tautband.reasoning.network.build import Model
from tautband.reasoning.next_tests import costs
from tautband.terms.sides import Side

LEAST_NATS = 0.2
RIVAL_FROM = 0.03
COMPARED = 5
"""Sources at the head of the list that are compared in pairs."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One term of "why A and not B": what it gives each of the two, in nats, and the sentence."""

    text: str
    for_one: float
    for_other: float

    @property
    def nats(self) -> float:
        return self.for_one - self.for_other


@dataclass(frozen=True, slots=True)
class Without:
    """One finding left out: what that alone changes. These do not add up, since findings share what they explain."""

    text: str
    nats: float


@dataclass(frozen=True, slots=True)
class Change:
    """A test that would move a source: its probability now, if present, if absent."""

    test: NextTest
    now: float
    if_present: float
    if_absent: float


@dataclass(frozen=True, slots=True)
class Rival:
    """A source that competes for the same findings: `shared` is how much of them both could have caused (0 and up)."""

    key: str
    name: str
    shared: float


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands behind one source that somebody opened."""

    key: str
    rivals: tuple[Rival, ...]
    without: tuple[Without, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NotToldApart:
    """Two sources whose doubt overlaps, and the open test that would part them most (None when none would)."""

    one: str
    other: str
    test: NextTest | None


def why_not(answer: Answer, one: str, other: str, least_nats: float = LEAST_NATS) -> tuple[Contrast, ...]:
    """Why `one` stands where it does and `other` does not: terms that differ by `least_nats`, strongest first.

    Takes keys of suspects of this answer (`trp.infraspinatus.1/left`). Raises KeyError for others. The terms of all
    sizes add up to the difference of both log-odds, as far as the ledgers do.
    """
    by_key = {suspect.key: suspect for suspect in answer.suspects}
    for key in (one, other):
        if key not in by_key:
            raise KeyError(f"{key!r} is not among the suspects of this answer.")
    mine, theirs = _terms(by_key[one].reasons), _terms(by_key[other].reasons)
    found = [
        Contrast(_sentence(text, a, b), a, b)
        for text in {**mine, **theirs}
        for a, b in [(mine.get(text, 0.0), theirs.get(text, 0.0))]
    ]
    return tuple(sorted((c for c in found if abs(c.nats) >= least_nats), key=lambda c: -abs(c.nats)))


def _terms(reasons: Iterable[Reason]) -> dict[str, float]:
    terms: dict[str, float] = {}
    for reason in reasons:
        where = f" ({reason.side})" if reason.side is not Side.MIDLINE and reason.sort != "interaction" else ""
        text = "goes with other likely sources" if reason.sort == "interaction" else reason.text + where
        terms[text] = terms.get(text, 0.0) + reason.nats
    return terms


def _sentence(text: str, one: float, other: float) -> str:
    """The term in plain words: what it says of each."""
    words = {1: "speaks for", -1: "speaks against", 0: "says little of"}
    sign = [0 if abs(nats) < 0.05 else (1 if nats > 0 else -1) for nats in (one, other)]
    if sign[0] == sign[1]:
        return f"{text}: {words[sign[0]]} both, {'more' if abs(one) > abs(other) else 'less'} for the first"
    return f"{text}: {words[sign[0]]} the first, {words[sign[1]]} the second"


def posterior_of(model: Model, picture: Picture) -> Posterior:
    """What the engine says of a picture, without the rest of an answer."""
    reading = read_picture(picture, model)
    return query(model.network, absorb(model.network, reading.levels, reading.total_shift))


def rivals_of(posterior: Posterior, key: str, model: Model) -> tuple[Rival, ...]:
    """Sources that compete with `key` for what was found: for each positive, the smaller of the two shares, summed."""
    shared: dict[str, float] = {}
    for f, _ in posterior.state.positives:
        shares = {s.parent: s.share for s in responsibility(posterior, posterior.network.finding_ids[f])}
        own = shares.get(key, 0.0)
        for parent, share in shares.items():
            if own > 0 and parent is not None and parent != key:
                shared[parent] = shared.get(parent, 0.0) + min(own, share)
    found = [Rival(k, model.hypothesis(k).name, s) for k, s in shared.items() if s >= RIVAL_FROM]
    return tuple(sorted(found, key=lambda rival: -rival.shared)[:6])


def without_each(model: Model, picture: Picture, key: str) -> tuple[Without, ...]:
    """Leave each finding out in turn, and the drawing as a whole; strongest first."""
    full = _log_odds(posterior_of(model, picture).probability(key))
    found = []
    for finding in picture.current():
        rest = replace(picture, findings=tuple(f for f in picture.findings if f.key != finding.key))
        nats = full - _log_odds(posterior_of(model, rest).probability(key))
        on = f", {model.atlas.name(finding.of)}" if finding.of else ""
        if finding.id in model.atlas:
            found.append(Without(f"{model.atlas.name(finding.id)}{on}: {finding.state}", nats))
    if picture.drawing.marks:
        rest = replace(picture, drawing=replace(picture.drawing, marks=()))
        found.append(Without("the drawing", full - _log_odds(posterior_of(model, rest).probability(key))))
    return tuple(sorted((w for w in found if abs(w.nats) >= 0.01), key=lambda w: -abs(w.nats)))


def what_would_change(model: Model, picture: Picture, key: str, tests: Sequence[NextTest]) -> tuple[Change, ...]:
    """The open tests that would move a source most, both ways; closed tests are left out."""
    now = posterior_of(model, picture).probability(key)
    found = []
    for test in tests:
        if not test.closed_by:
            present, absent = (
                posterior_of(model, answered(picture, test, state)).probability(key)
                for state in (State.PRESENT, State.ABSENT)
            )
            if max(abs(present - now), abs(absent - now)) >= 0.005:
                found.append(Change(test, now, present, absent))
    return tuple(sorted(found, key=lambda c: -(_log_odds(c.if_present) - _log_odds(c.if_absent))))


def answered(picture: Picture, test: NextTest, state: State) -> Picture:
    """The picture with one more answer."""
    found = Finding(test.exam, test.side, state, of=test.of)
    return replace(picture, findings=(*(f for f in picture.findings if f.key != found.key), found))


def open_source(model: Model, picture: Picture, answer: Answer, key: str, tests: Sequence[NextTest] = ()) -> Opened:
    """Everything behind one source, on demand. `tests` are those worth weighing; by default the answer's own."""
    posterior = posterior_of(model, picture)
    return Opened(
        key,
        rivals_of(posterior, key, model),
        without_each(model, picture, key),
        what_would_change(model, picture, key, tests or answer.next_tests),
    )


def refined(model: Model, picture: Picture, tests: Sequence[NextTest]) -> tuple[NextTest, ...]:
    """The same tests with their gain looked ahead: the engine is asked again for both outcomes of each.

    For the background: some ten milliseconds a test. Owed tests keep their place at the head only if the caller sorts
    them there; closed ones keep the gain they had. Best first.
    """
    posterior = posterior_of(model, picture)
    ids = {t.key: q.id() for t in tests if not t.closed_by and (q := model.questions.get((t.exam, t.of, t.side)))}
    ahead = look_ahead(model.network, posterior, list(ids.values()), model.network.harm)
    gain = {found.id: found.gain for found in ahead}
    again = [replace(t, gain=gain[ids[t.key]] / costs(model)[t.exam]) if t.key in ids else t for t in tests]
    return tuple(sorted(again, key=lambda t: -t.gain))


def not_told_apart(model: Model, picture: Picture, answer: Answer) -> tuple[NotToldApart, ...]:
    """Pairs at the head of the list whose bands of doubt overlap, each with the test that parts them most."""
    first = [s for s in answer.suspects if s.probability >= 0.02][:COMPARED]
    pairs = [(a, b) for a, b in combinations(first, 2) if a.key != b.key and _overlap(a, b)]
    outcomes: dict[str, tuple[NextTest, Posterior, Posterior]] = {}
    if pairs:
        now = posterior_of(model, picture)
        for test in answer.next_tests:
            if not test.closed_by:
                present, absent = (
                    posterior_of(model, answered(picture, test, state)) for state in (State.PRESENT, State.ABSENT)
                )
                outcomes[test.key] = (test, present, absent)
    found = []
    for a, b in pairs:
        parting = [(_parts(now, present, absent, a, b), test) for test, present, absent in outcomes.values()]
        best = max(parting, key=lambda pair: pair[0], default=None)
        found.append(NotToldApart(a.key, b.key, best[1] if best and best[0] >= 0.05 else None))
    return tuple(found)


def _overlap(a: Suspect, b: Suspect) -> bool:
    return a.low <= b.high and b.low <= a.high


def _parts(now: Posterior, present: Posterior, absent: Posterior, a: Suspect, b: Suspect) -> float:
    """Spread of the difference of log-odds over the two outcomes, each weighed by its chance (nats)."""
    apart = [_log_odds(p.probability(a.key)) - _log_odds(p.probability(b.key)) for p in (present, absent)]
    chance = _chance(now, present, absent, a.key)
    return sqrt(max(chance * (1 - chance), 0.0)) * abs(apart[0] - apart[1])


def _chance(now: Posterior, present: Posterior, absent: Posterior, key: str) -> float:
    """P(present), from the rule that the outcomes average to now; one half where the test says nothing of it."""
    p, q = present.probability(key), absent.probability(key)
    return min(max((now.probability(key) - q) / (p - q), 0.0), 1.0) if abs(p - q) > 1e-6 else 0.5


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-9), 1 - 1e-9)
    return log(p / (1 - p))


__all__ = [
    "Change",
    "Contrast",
    "NotToldApart",
    "Opened",
    "Rival",
    "Without",
    "answered",
    "not_told_apart",
    "open_source",
    "posterior_of",
    "refined",
    "rivals_of",
    "what_would_change",
    "why_not",
    "without_each",
]
