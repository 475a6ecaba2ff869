"""Alerts: hard rules first, then the posterior. Nothing found in a muscle ever silences one.

A rule that holds alerts with its urgency. A rule that is not settled (something was not asked) never alerts; what it
still needs is offered as questions. The network may raise a flag that no rule reached, from a chance set in the policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tautband.findings import Finding, Picture, State, Truth, judge
from tautband.findings.truth import Within
from tautband.knowledge import Atlas
from tautband.knowledge.records import Citation, Flag, FlagRule, Urgency, When
from tautband.reasoning.answer import Alert
from tautband.reasoning.policy import Policy

ORDER = (Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.URGENT_DAYS, Urgency.ROUTINE)


@dataclass(frozen=True)
class Judged:
    """Every rule of every flag that this picture bears on, judged once.

    A flag is left out when nothing its rules name was observed and places and age alone can meet none of them: it can
    neither alert by rule nor be half open.
    """

    picture: Picture
    flags: tuple[tuple[Flag, tuple[tuple[FlagRule, Truth], ...]], ...]

    @property
    def held(self) -> frozenset[str]:
        """Flags of which a rule holds."""
        return frozenset(flag.id for flag, rules in self.flags if any(truth is Truth.TRUE for _, truth in rules))


def judge_rules(picture: Picture, atlas: Atlas, within: Within) -> Judged:
    """Judge the rules of the atlas that bear on this picture."""
    observed = {f.id for f in picture.current() if f.state is not State.UNKNOWN}
    return Judged(
        picture,
        tuple(
            (flag, tuple((rule, judge(rule.when, picture, within)) for rule in rules))
            for flag, rules, named, alone in _rules(atlas)
            if alone or not named.isdisjoint(observed)
        ),
    )


@lru_cache(maxsize=4)
def _rules(atlas: Atlas) -> tuple[tuple[Flag, tuple[FlagRule, ...], frozenset[str], bool], ...]:
    """Every flag with its rules, the findings they name, and whether one can hold without any of them."""
    return tuple(
        (
            flag,
            flag.rules,
            frozenset().union(*(findings_in(rule.when) for rule in flag.rules)),
            any(holds_alone(rule.when) for rule in flag.rules),
        )
        for flag in atlas.flags
    )


def holds_alone(when: When) -> bool:
    """Whether a condition could hold by places, age and sex alone, with no finding observed at all."""
    if when.all is not None:
        return all(map(holds_alone, when.all))
    if when.any is not None:
        return any(map(holds_alone, when.any))
    if when.at_least is not None:
        return sum(map(holds_alone, when.at_least.of)) >= when.at_least.n
    return not findings_in(when)


def alerts_of(judged: Judged, chance: Mapping[str, float], policy: Policy, atlas: Atlas) -> tuple[Alert, ...]:
    """All alerts of a picture, most urgent first; one for each flag.

    chance   flag id -> posterior probability
    """
    found: list[Alert] = []
    true = {flag.id: [rule for rule, truth in rules if truth is Truth.TRUE] for flag, rules in judged.flags}
    for flag in atlas.flags:
        held = true.get(flag.id)
        if held:
            found.append(_by_rule(flag, held, judged.picture))
        elif alert := _by_posterior(flag, chance.get(flag.id, 0.0), judged.picture, policy):
            found.append(alert)
    return tuple(sorted(found, key=lambda a: (ORDER.index(a.urgency), a.by != "rule", a.name)))


def _by_rule(flag: Flag, held: list[FlagRule], picture: Picture) -> Alert:
    rule = min(held, key=lambda r: ORDER.index(r.urgency))
    cites = [c for r in held for c in _citations(flag, r.by)]
    return _alert(flag, rule.urgency, tuple(dict.fromkeys(r.because for r in held)), picture, cites, "rule")


def _by_posterior(flag: Flag, chance: float, picture: Picture, policy: Policy) -> Alert | None:
    """Alert when the network finds a flag likely enough. The urgency is the mildest its own rules know."""
    if chance < min(policy.alert_from.values()):
        return None
    urgency = _mildest(flag)
    if urgency is None or chance < policy.alert_from[urgency]:
        return None
    cites = [c for feature in flag.features for c in _citations(flag, feature.by)]
    because = ("what was found together makes this likely enough to have it looked at",)
    return _alert(flag, urgency, because, picture, cites, "posterior")


def _mildest(flag: Flag) -> Urgency | None:
    urgencies = {rule.urgency for rule in flag.rules}
    return next((urgency for urgency in reversed(ORDER) if urgency in urgencies), None)


def by_posterior_from(atlas: Atlas, policy: Policy) -> dict[str, float]:
    """Flag id -> chance from which the network raises it; a flag without rules is never raised."""
    mildest = ((flag.id, _mildest(flag)) for flag in atlas.flags)
    return {id: policy.alert_from[urgency] for id, urgency in mildest if urgency is not None}


def _alert(
    flag: Flag, urgency: Urgency, because: tuple[str, ...], picture: Picture, cites: list[Citation], by: str
) -> Alert:
    return Alert(
        flag=flag.id,
        name=flag.name.en,
        targets=flag.targets,
        urgency=urgency,
        because=because,
        do=tuple(said.text for said in flag.do),
        say=tuple(said.text for said in flag.say),
        ask=owed(flag, picture),
        closes=flag.closes,
        citations=tuple(dict.fromkeys(c.source for c in cites)),
        by="rule" if by == "rule" else "posterior",
        read=any(c.read for c in cites),
    )


def owed(flag: Flag, picture: Picture) -> tuple[str, ...]:
    """Examinations this flag asks for that have not been answered yet."""
    answered = {f.id for f in picture.current() if f.state is not State.UNKNOWN}
    return tuple(exam for exam in flag.ask if exam not in answered)


def open_questions(judged: Judged) -> dict[str, tuple[str, ...]]:
    """Flags with an unsettled rule of which something already speaks: flag id -> findings still owed."""
    questions: dict[str, tuple[str, ...]] = {}
    present = {f.id for f in judged.picture.current() if f.state is State.PRESENT}
    answered = {f.id for f in judged.picture.current()}
    for flag, rules in judged.flags:
        named = {id for rule, truth in rules if truth is Truth.UNKNOWN for id in _named(flag, rule)}
        if named & present:
            questions[flag.id] = tuple(sorted(named - answered)) or owed(flag, judged.picture)
    return questions


HELD_BACK = ("fracture", "dissection", "instability", "myelopathy", "cord_compression")
"""Dangers whose half-met rules already hold back provocation."""


def one_answer_short(judged: Judged, within: Within) -> tuple[Flag, ...]:
    """Flags of a breakable or pressed structure that a single further answer would turn into an urgent alert.

    Something must speak for them already. Until that answer is given, what they would close is held back.
    """
    present = {f.id for f in judged.picture.current() if f.state is State.PRESENT}
    answered = {f.id for f in judged.picture.current()}
    return tuple(
        flag
        for flag, rules in judged.flags
        if flag.closes
        and any(word in flag.id for word in HELD_BACK)
        and any(
            truth is Truth.UNKNOWN
            and rule.urgency in (Urgency.EMERGENCY, Urgency.SAME_DAY)
            and _named(flag, rule) & present
            and any(_would_hold(rule, id, judged.picture, within) for id in _named(flag, rule) - answered)
            for rule, truth in rules
        )
    )


def _would_hold(rule: FlagRule, finding: str, picture: Picture, within: Within) -> bool:
    more = replace(picture, findings=(*picture.findings, Finding(finding)))
    return judge(rule.when, more, within) is Truth.TRUE


def _named(flag: Flag, rule: FlagRule) -> frozenset[str]:
    """The findings that a rule names, read once for each flag."""
    return _named_by(_Same(flag))[id(rule)]


class _Same:
    """A record known by its identity: quick to look up, and kept alive as long as it is remembered."""

    def __init__(self, record: Flag) -> None:
        self.record = record

    def __hash__(self) -> int:
        return id(self.record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.record is other.record


@lru_cache(maxsize=1_024)
def _named_by(flag: _Same) -> dict[int, frozenset[str]]:
    return {id(rule): findings_in(rule.when) for rule in flag.record.rules}


def findings_in(when: When) -> frozenset[str]:
    """Every finding that a condition names."""
    parts = [*(when.all or ()), *(when.any or ()), *(when.at_least.of if when.at_least else ())]
    own = {id for id in (when.present, when.absent, when.value.of if when.value else None) if id}
    return frozenset(own).union(*(findings_in(part) for part in parts))


def _citations(flag: Flag, keys: tuple[str, ...]) -> list[Citation]:
    return [flag.cites[key] for key in keys if key in flag.cites]
