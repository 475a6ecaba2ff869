"""A client's programme as it stands at a visit: the newest version, or a proposal, judged against the chart now."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tautband.clinic.audit.chain import canonical
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.queries import answers_of, unanswered
from tautband.clinic.charts.thinking import alerts_now, consider
from tautband.clinic.intake.queries import declined_techniques
from tautband.clinic.people.models import Client
from tautband.clinic.programme import diary
from tautband.clinic.programme.models import ProgrammeVersion
from tautband.findings import Picture
from tautband.knowledge import atlas
from tautband.planning import Limits
from tautband.planning.alone import judge_alone
from tautband.planning.guard import BLOCKING, Gate, Verdict
from tautband.planning.home import (
    USUAL_MINUTES,
    Amount,
    HomeChoice,
    HomeItem,
    Kept,
    Programme,
    amount_of,
    begin,
    judge,
    moved_level,
    next_move,
    propose,
)
from tautband.reasoning import Alert, Answer
from tautband.terms.sides import Side

LEAST_MINUTES, MOST_MINUTES = 2, 60


@dataclass(frozen=True)
class Body:
    """What is kept of a programme. `minutes` is what the client said they will do in a day."""

    minutes: int = USUAL_MINUTES
    choices: tuple[HomeChoice, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"minutes": self.minutes, "choices": [asdict(choice) for choice in self.choices]}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Body":
        """From what was stored. What the atlas renamed is followed, what it lost is left out when it is judged."""
        return cls(int(stored["minutes"]), tuple(_choice(row) for row in stored["choices"]))


def _choice(row: Mapping[str, Any]) -> HomeChoice:
    known = atlas()
    amount = Amount(**row["amount"])
    given = {**row, "amount": amount, "side": Side(row["side"]), "why": tuple(row["why"])}
    choice = HomeChoice(**given)
    return replace(choice, item=known.current(choice.item))


@dataclass(frozen=True)
class Now:
    """The programme of a client at a visit.

    number    of the newest version; 0 while it is only proposed
    fresh     the newest version was made at this visit; otherwise it is what the client has done since the last one
    given     the newest version is what the client has
    kept      key -> what the diary says of it since it was given
    """

    visit: Visit
    number: int
    body: Body
    programme: Programme
    answer: Answer
    picture: Picture
    closing: tuple[Alert, ...]
    limits: Limits
    fresh: bool
    given: bool
    kept: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """Names what is on the screen, so that a change made to something else is noticed."""
        rows = canonical([asdict(choice) for choice in self.programme.choices])
        return hashlib.sha256(f"{self.number}\n{rows}".encode()).hexdigest()[:16]

    def item(self, key: str) -> HomeItem:
        """One thing. Raises LookupError when it is not there."""
        for item in self.programme.items:
            if item.choice.key == key:
                return item
        raise LookupError(f"There is no {key!r} in this programme.")

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(choice.key for choice in self.programme.choices)


def newest(client: Client, *, given: bool = False) -> ProgrammeVersion | None:
    """The newest version of a client's programme, or the newest that was given."""
    versions = client.programmes.all()
    return (versions.filter(given=True) if given else versions).first()


def limits_at(visit: Visit, answer_alerts: tuple[Alert, ...]) -> tuple[Limits, tuple[Alert, ...]]:
    """What the client's wishes and the answered alerts leave, and the alerts that close everything."""
    waiting = tuple(a for a in unanswered(visit, answer_alerts) if a.urgency in BLOCKING)
    open_flags = {alert.flag for alert in unanswered(visit, answer_alerts)}
    plan = visit.plans.first()
    excluded = frozenset(plan.body.get("excluded", ())) if plan else frozenset()
    answered = frozenset(flag for flag in answers_of(visit) if flag not in open_flags)
    declined = frozenset(plan.body.get("declined", ()) if plan else declined_techniques(visit.client))
    return Limits(excluded, answered=answered, declined=declined), waiting


def current(visit: Visit, minutes: int | None = None) -> Now:
    """What the client has, judged for what this visit holds; a proposal where there is nothing yet."""
    picture = picture_of(visit)
    answer = consider(picture)
    limits, closing = limits_at(visit, answer.alerts)
    version = newest(visit.client)
    if version is None:
        body = Body(minutes or USUAL_MINUTES)
        drafted = propose(answer, picture, atlas(), minutes_a_day=body.minutes, limits=limits)
        body = replace(body, choices=drafted.choices)
        return Now(visit, 0, body, drafted, answer, picture, closing, limits, fresh=False, given=False)
    body = Body.read(version.body)
    programme = judge(body.choices, answer, picture, atlas(), limits=limits)
    had = newest(visit.client, given=True)
    kept = diary.kept_since(visit.client, had) if had else {}
    fresh = version.visit_id == visit.pk
    return Now(visit, version.number, body, programme, answer, picture, closing, limits, fresh, version.given, kept)


def anew(now: Now, minutes: int) -> Body:
    """A fresh proposal within these minutes; what hurt is not proposed again."""
    hurt = diary.hurt_items(now.visit.client)
    drafted = propose(now.answer, now.picture, atlas(), minutes_a_day=minutes, limits=now.limits, not_again=hurt)
    return Body(minutes, drafted.choices)


def fresh_item(now: Now, item: str, side: Side | None = None) -> HomeItem:
    """A thing put in by hand, named so that the diary can tell it from what was there. Raises ValueError."""
    made = begin(item, side, now.answer, now.picture, atlas(), limits=now.limits)
    used = {choice.key for version in now.visit.client.programmes.all() for choice in Body.read(version.body).choices}
    key, number = made.choice.key, 2
    while key in used and key not in now.keys:
        key, number = f"{made.choice.key}-{number}", number + 1
    return replace(made, choice=replace(made.choice, key=key, origin="hand"))


def alternatives(now: Now, item: HomeItem, most: int = 4) -> tuple[HomeItem, ...]:
    """Other things for the same need, open ones only; the agreed softer one first."""
    taken = {choice.item for choice in now.programme.choices} | diary.hurt_items(now.visit.client)
    targets = set(item.record.serves)
    shared = [
        record
        for record in atlas().selfcare
        if record.id not in taken and targets & set(record.serves) and record.region in (item.record.region, "general")
    ]
    shared.sort(key=lambda r: (r.id != item.choice.softer, -len(targets & set(r.serves)), r.id))
    found = (begin(r.id, item.choice.side, now.answer, now.picture, atlas(), limits=now.limits) for r in shared)
    return tuple([other for other in found if not other.is_closed][:most])


def proposed_moves(now: Now) -> dict[str, str]:
    """What is proposed for each thing after what the diary says; nothing for what just goes on."""
    moves = {
        item.choice.key: next_move(now.kept[item.choice.key], item.choice.level)
        for item in now.programme.items
        if item.choice.key in now.kept
    }
    return {key: move for key, move in moves.items() if move != "keep"}


def moved(choice: HomeChoice, move: str) -> HomeChoice:
    """The choice after a proposal was taken: easier, harder or less often."""
    record: Any = atlas().record(choice.item)
    if move == "less_often":
        less = max(record.dose.days_per_week.low, min(choice.amount.days_per_week, 7) - 2)
        fewer = max(record.dose.per_day.low, choice.amount.per_day - 1)
        return replace(choice, amount=replace(choice.amount, days_per_week=less, per_day=fewer))
    level = moved_level(choice.level, move)  # type: ignore[arg-type]
    made = amount_of(record.dose, level)
    kept_often = replace(made, per_day=choice.amount.per_day, days_per_week=choice.amount.days_per_week)
    return replace(choice, level=level, amount=kept_often)


# --- What the client has ------------------------------------------------------------------------------------------


def verdicts_for_client(client: Client, things: Iterable[tuple[str, Side]]) -> dict[tuple[str, Side], Verdict]:
    """How things stand for a client alone today, each on its side, judged by the newest visit: what closed since is
    not shown.

    Without waiting: while the reasoner is still being built, alerts by rule alone are used.
    """
    visit = client.visits.first()
    if visit is None:
        return {}
    picture = picture_of(visit)
    alerts = alerts_now(picture)
    limits, _closing = limits_at(visit, alerts)
    gate = Gate(picture, alerts, limits, atlas())
    known = atlas()
    there = {(id, side) for id, side in things if known.current(id) in known}
    records: dict[str, Any] = {id: known.record(known.current(id)) for id, _side in there}
    return {(id, side): judge_alone(records[id], gate, side) for id, side in there}


__all__ = ["Body", "Now", "alternatives", "anew", "current", "fresh_item", "moved", "newest", "proposed_moves"]
