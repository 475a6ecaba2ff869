"""The home programme: which few things a client does between visits, how much of each, and whether they may.

    offer = propose(answer, picture, atlas, minutes_a_day=10)
    offer.items[0].record, .choice.side, .choice.amount, .verdict, .reasons, .softer
    judge(offer.choices, answer, picture, atlas)      # kept choices, judged for what is known now

Chosen by the same suspects and factors as the plan; what serves two of them comes before what serves one. Clients work
alone, so the guard is stricter than for hands, and no reason opens a closed thing again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from tautband.findings import Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Factor, Selfcare
from tautband.knowledge.records.care import Span
from tautband.knowledge.records.home import HomeDose
from tautband.planning.alone import judge_alone, places_pressed
from tautband.planning.guard import Gate, Limits, Verdict
from tautband.reasoning import Answer, Suspect
from tautband.terms.probability import Band
from tautband.terms.sides import Side

Level = Literal["easier", "usual", "harder"]
LEVELS: tuple[Level, ...] = ("easier", "usual", "harder")
USUAL_MINUTES, USUAL_ITEMS, MOST_ITEMS = 10, 3, 6
MOST_CLOSED = 2
FACTOR_WEIGHT = 0.5
"""A factor that was found counts as much as a source with this chance: it is association, not proof."""
LEAST_WEIGHT = 0.08
SAME_SORT, OTHERS, MINUTE_COST = 0.55, 0.35, 0.01
_GENTLE: Mapping[str, int] = {
    "relaxation": 0,
    "breathing": 0,
    "sleep": 1,
    "posture": 1,
    "habit": 1,
    "eyes": 1,
    "ergonomics": 1,
    "pacing": 1,
    "mobility": 2,
    "jaw": 2,
    "stretch": 3,
    "self_release": 3,
}
HARDEST = 4
WOVEN = frozenset({"ergonomics", "habit", "pacing", "posture", "sleep", "eyes"})


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of one thing: sets, repetitions, hold in seconds, goes a day, days a week. None where it has no such."""

    per_day: float
    days_per_week: float
    sets: float | None = None
    repetitions: float | None = None
    hold_s: float | None = None


COUNTS = ("sets", "repetitions", "hold_s", "per_day", "days_per_week")


@dataclass(frozen=True, slots=True)
class HomeChoice:
    """One thing as it was chosen; all that needs to be kept of it.

    key     names it within one client's programmes, so that a diary can speak of it after it moved
    item    selfcare id; `softer` another that was agreed on in case this one hurts, empty for none
    side    the client's; bilateral where both sides do it, midline where it has no side
    why     what it was chosen for: ids of muscles and factors, or words of a hand
    """

    key: str
    item: str
    side: Side
    amount: Amount
    level: Level = "usual"
    why: tuple[str, ...] = ()
    softer: str = ""
    origin: Literal["proposed", "hand", "softer"] = "proposed"


@dataclass(frozen=True, slots=True)
class HomeItem:
    """One thing, judged for this client now.

    minutes   a day, at this dose and side
    reasons   why it was chosen, in words, the strongest first
    """

    choice: HomeChoice
    record: Selfcare
    verdict: Verdict
    minutes: float
    reasons: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """No reason opens it: a client does it alone."""
        return self.verdict.level == "stop"


@dataclass(frozen=True, slots=True)
class Programme:
    """Things in their order, closed ones in their place.

    left_out   things that fit but not in the minutes, the best first
    """

    items: tuple[HomeItem, ...]
    left_out: tuple[HomeItem, ...] = ()

    @property
    def open_items(self) -> tuple[HomeItem, ...]:
        return tuple(item for item in self.items if not item.is_closed)

    @property
    def minutes(self) -> float:
        """Minutes a day of all that is open."""
        return sum(item.minutes for item in self.open_items)

    @property
    def choices(self) -> tuple[HomeChoice, ...]:
        return tuple(item.choice for item in self.items)


# --- How much -----------------------------------------------------------------------------------------------------


def amount_of(dose: HomeDose, level: Level = "usual") -> Amount:
    """The dose at a level: the low end of each range, its usual value, or the high end of what makes it harder.

    How often stays usual at every level; doing more often is not what makes a thing harder.
    """
    at = {"easier": "low", "usual": "usual", "harder": "high"}[level]

    def value(span: Span | None) -> float | None:
        return None if span is None else float(getattr(span, at))

    return Amount(
        dose.per_day.usual, dose.days_per_week.usual, value(dose.sets), value(dose.repetitions), value(dose.hold_s)
    )


def within_range(amount: Amount, dose: HomeDose, most_hold_s: float | None = None) -> Amount:
    """The amount, each number brought inside the range the atlas gives and under what a guard allows."""
    found: dict[str, float | None] = {}
    for name in COUNTS:
        span: Span | None = getattr(dose, name)
        given: float | None = getattr(amount, name)
        found[name] = None if span is None else min(max(span.usual if given is None else given, span.low), span.high)
    if most_hold_s is not None and found["hold_s"] is not None:
        found["hold_s"] = min(found["hold_s"], most_hold_s)
    return Amount(**found)  # type: ignore[arg-type]


def minutes_a_day(record: Selfcare, side: Side, amount: Amount) -> float:
    """Minutes a day: the time of one go scaled by how much of the usual is done, half where one side does it.

    What is woven into the day, such as a way to sit or a break, takes a minute to think of and no more.
    """
    if record.sort in WOVEN:
        return 1.0
    usual = amount_of(record.dose)
    share = 0.5 if record.side == "each" and side in (Side.LEFT, Side.RIGHT) else 1.0
    for name in ("sets", "repetitions", "hold_s"):
        least, now = getattr(usual, name), getattr(amount, name)
        if least and now:
            share *= now / least
    return round(max(0.5, record.minutes * share) * amount.per_day, 1)


# --- What for -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Need:
    """What there is to serve: weight by id, side, and the words of each reason."""

    answer: Answer
    picture: Picture
    atlas: Atlas

    @cached_property
    def suspects(self) -> dict[str, Suspect]:
        """The strongest suspect of each muscle or other thing."""
        found: dict[str, Suspect] = {}
        for suspect in self.answer.suspects:
            for id in dict.fromkeys((suspect.of, suspect.id)):
                if id not in found or suspect.probability > found[id].probability:
                    found[id] = suspect
        return found

    @cached_property
    def factors(self) -> frozenset[str]:
        """Factors that were found."""
        known = {f.id for f in self.picture.current() if f.state is State.PRESENT}
        return frozenset(id for id in known if id in self.atlas and isinstance(self.atlas.record(id), Factor))

    def weight(self, id: str) -> float:
        """How much it matters that something serves this: the chance of a suspect, a fixed weight for a factor."""
        if id in self.factors:
            return FACTOR_WEIGHT
        suspect = self.suspects.get(id)
        return suspect.probability if suspect and suspect.probability >= LEAST_WEIGHT else 0.0

    def served(self, record: Selfcare) -> list[str]:
        """What this serves here, the weightiest first; what is felt at work counts before what is merely named."""
        met = [id for id in record.serves if self.weight(id) > 0]
        return sorted(met, key=lambda id: -self.weight(id))

    def words(self, id: str) -> str:
        """A reason in words."""
        name = self.atlas.name(id)
        if id in self.factors:
            return f"{name[:1].lower()}{name[1:]} was found today; association, not proof"
        suspect = self.suspects[id]
        side = {Side.LEFT: "left ", Side.RIGHT: "right "}.get(suspect.side, "")
        return f"{side}{name[:1].lower()}{name[1:]}: {_BANDS[suspect.band]} source"

    def side(self, record: Selfcare) -> Side:
        """The side it is done on: that of the weightiest suspect it serves; both where only a factor speaks for it."""
        if record.side == "none":
            return Side.MIDLINE
        found = [self.suspects[id].side for id in self.served(record) if id in self.suspects]
        one_sided = [side for side in found if side in (Side.LEFT, Side.RIGHT)]
        if not one_sided:
            return Side.BILATERAL
        return one_sided[0] if record.side == "one" or len(set(one_sided)) == 1 else Side.BILATERAL


_BANDS = {Band.LIKELY: "a likely", Band.POSSIBLE: "a possible", Band.UNLIKELY: "an unlikely"}


# --- Judging ------------------------------------------------------------------------------------------------------


def judge(
    choices: Iterable[HomeChoice],
    answer: Answer,
    picture: Picture,
    atlas: Atlas,
    *,
    limits: Limits | None = None,
) -> Programme:
    """Kept choices as a programme, each judged for what is known now. What the atlas lost is left out."""
    desk = _Desk(answer, picture, atlas, limits or Limits())
    known = [choice for choice in choices if isinstance(_record(atlas, choice.item), Selfcare)]
    return Programme(tuple(desk.item(choice) for choice in known))


def propose(
    answer: Answer,
    picture: Picture,
    atlas: Atlas,
    *,
    minutes_a_day: float = USUAL_MINUTES,
    most: int = USUAL_ITEMS,
    limits: Limits | None = None,
    not_again: Collection[str] = (),
) -> Programme:
    """At most `most` things within the minutes, chosen one by one for what the earlier ones do not serve yet.

    not_again   things that hurt before; they are not proposed
    Raises ValueError for no minutes or no things.
    """
    if minutes_a_day <= 0 or not 1 <= most <= MOST_ITEMS:
        raise ValueError(f"A programme has 1 to {MOST_ITEMS} things and more than no minutes a day.")
    desk = _Desk(answer, picture, atlas, limits or Limits())
    return desk.propose(minutes_a_day, most, frozenset(not_again))


def found_by_words(records: Iterable[Selfcare], wanted: Collection[str]) -> tuple[Selfcare, ...]:
    """The self-care records among ids that a search gave, in the search's order."""
    known = {record.id: record for record in records}
    return tuple(known[id] for id in wanted if id in known)


def _record(atlas: Atlas, id: str) -> object:
    current = atlas.current(id)
    return atlas.record(current) if current in atlas else None


@dataclass(frozen=True)
class _Desk:
    answer: Answer
    picture: Picture
    atlas: Atlas
    limits: Limits
    _verdicts: dict[tuple[str, Side], Verdict] = field(default_factory=dict)

    @cached_property
    def gate(self) -> Gate:
        return Gate(self.picture, self.answer.alerts, self.limits, self.atlas)

    @cached_property
    def need(self) -> _Need:
        return _Need(self.answer, self.picture, self.atlas)

    def verdict(self, record: Selfcare, side: Side) -> Verdict:
        key = (record.id, side)
        if key not in self._verdicts:
            self._verdicts[key] = judge_alone(record, self.gate, side)
        return self._verdicts[key]

    def item(self, choice: HomeChoice) -> HomeItem:
        """One choice, judged; its dose within the atlas's range and the guards' caps."""
        record = _record(self.atlas, choice.item)
        assert isinstance(record, Selfcare)
        verdict = self.verdict(record, choice.side)
        amount = within_range(choice.amount, record.dose, verdict.caps.hold_s)
        reasons = tuple(self.need.words(id) for id in choice.why if self.need.weight(id) > 0)
        return HomeItem(
            replace(choice, item=record.id, amount=amount),
            record,
            verdict,
            minutes_a_day(record, choice.side, amount),
            reasons,
        )

    def fresh(self, record: Selfcare, side: Side | None = None) -> HomeItem:
        """A thing as it would be begun: at the usual dose, on the suspects' side, with a softer one beside it."""
        need = self.need
        chosen = need.side(record) if side is None else side
        softer = self.softer(record)
        return self.item(
            HomeChoice(
                record.id.removeprefix("selfcare."),
                record.id,
                chosen,
                amount_of(record.dose),
                why=tuple(need.served(record)[:3]),
                softer=softer.id if softer else "",
            )
        )

    def propose(self, minutes: float, most: int, not_again: frozenset[str]) -> Programme:
        pool = {r.id: r for r in self.atlas.selfcare if r.id not in not_again and self.need.served(r)}
        taken: list[HomeItem] = []
        closed = 0
        left = minutes
        left_out: list[HomeItem] = []
        covered: dict[str, float] = {}
        while pool and len(taken) - closed < most:
            best = max(pool.values(), key=lambda r: (self._gain(r, taken, covered), r.id))
            if self._gain(best, taken, covered) <= 0:
                break
            del pool[best.id]
            item = self.fresh(best)
            if item.is_closed:
                if closed < MOST_CLOSED:
                    closed += 1
                    taken.append(item)
                continue
            if item.minutes > left:
                left_out.append(item)
                continue
            taken.append(item)
            left -= item.minutes
            for id in self.need.served(best):
                covered[id] = min(1.0, covered.get(id, 0.0) + 0.75)
        return Programme(tuple(taken), tuple(left_out[:3]))

    def _gain(self, record: Selfcare, taken: Sequence[HomeItem], covered: Mapping[str, float]) -> float:
        """What a thing adds: the best it serves, a part of the rest; less where its sort is there, or it takes long."""
        worth = sorted((self.need.weight(i) * (1 - covered.get(i, 0.0)) for i in record.serves), reverse=True)
        worth = [w for w in worth if w > 0]
        if not worth:
            return 0.0
        gain = worth[0] + OTHERS * sum(worth[1:3]) / 2
        if any(item.record.sort == record.sort and not item.is_closed for item in taken):
            gain *= SAME_SORT
        return gain - MINUTE_COST * record.minutes

    def softer(self, record: Selfcare) -> Selfcare | None:
        """A gentler thing for the same need, that is open: offered when this one hurts. None where there is none."""
        rank = _GENTLE.get(record.sort, HARDEST)
        targets = set(record.serves)

        def fits(other: Selfcare) -> bool:
            same_place = other.region == record.region or other.region == "general"
            gentler = _GENTLE.get(other.sort, HARDEST) < rank
            return other.id != record.id and gentler and same_place and bool(targets & set(other.serves))

        def order(other: Selfcare) -> tuple[bool, float, int, str]:
            shared = sum(self.need.weight(id) for id in targets & set(other.serves))
            return (other.region != record.region, -shared, _GENTLE.get(other.sort, HARDEST), other.id)

        for other in sorted(filter(fits, self.atlas.selfcare), key=order):
            if self.verdict(other, Side.BILATERAL).level in ("open", "modify"):
                return other
        return None


def begin(
    item: str, side: Side | None, answer: Answer, picture: Picture, atlas: Atlas, *, limits: Limits | None = None
) -> HomeItem:
    """A thing put in by hand, as it would be begun. Raises KeyError or ValueError for what is no self-care."""
    record = _record(atlas, item)
    if not isinstance(record, Selfcare):
        raise ValueError(f"{item!r} is nothing to do at home.")
    if record.side == "none":
        side = Side.MIDLINE
    elif side is Side.MIDLINE:
        side = Side.BILATERAL
    return _Desk(answer, picture, atlas, limits or Limits()).fresh(record, side)


# --- What the diary tells -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What a diary says of one thing since it was given.

    days       days on which it was to be done, until today
    done       days it was done; easy, right, too_much: how it was, where that was said
    skipped    days the client said not tonight
    hurts      days it hurt; `words` the client's own, the newest first
    """

    days: int = 0
    done: int = 0
    easy: int = 0
    right: int = 0
    too_much: int = 0
    skipped: int = 0
    hurts: int = 0
    words: tuple[str, ...] = ()


Move = Literal["swap", "easier", "harder", "less_often", "keep"]
ENOUGH_DAYS = 5


def next_move(kept: Kept, level: Level) -> Move:
    """What is proposed for a thing at the next visit. A proposal only: the therapist decides, with the client.

    Hurt swaps it. Too much twice, or as often as it was right, makes it easier. Done on four days of five and easy at
    least once without too much makes it harder. Done on less than half of the days asks for less, not for more will.
    """
    if kept.hurts:
        return "swap"
    if kept.too_much >= 2 or (kept.too_much and kept.too_much >= kept.right + kept.easy):
        return "easier" if level != "easier" else "swap"
    if kept.days < ENOUGH_DAYS:
        return "keep"
    if kept.done >= 0.8 * kept.days and kept.easy and not kept.too_much and level != "harder":
        return "harder"
    return "less_often" if kept.done < 0.5 * kept.days else "keep"


def moved_level(level: Level, move: Move) -> Level:
    """The level after a proposal."""
    step = {"easier": -1, "harder": 1}.get(move, 0)
    return LEVELS[min(max(LEVELS.index(level) + step, 0), len(LEVELS) - 1)]


__all__ = [
    "COUNTS",
    "LEVELS",
    "MOST_ITEMS",
    "USUAL_ITEMS",
    "USUAL_MINUTES",
    "Amount",
    "HomeChoice",
    "HomeItem",
    "Kept",
    "Level",
    "Move",
    "Programme",
    "amount_of",
    "begin",
    "found_by_words",
    "judge",
    "judge_alone",
    "minutes_a_day",
    "moved_level",
    "next_move",
    "places_pressed",
    "propose",
    "within_range",
]
