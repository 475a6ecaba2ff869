"""A session worked out from its events: where it stands, which doses were given. Pure: same events, same result.

    run = run_of(steps, events)
    run.step, run.phase, run.doses[0].seconds, run.doses[0].numbers

Events may come twice, late and in any order: they are sorted by the session's own clock, and counted once by key.
`static/js/treat/run.js` does the same in the browser, so that the screen needs nobody; a journey compares them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["waiting", "side", "ready", "running", "paused", "over", "after", "finished"]
"""waiting: no step open yet; side: the side must be said first; over: stopped by a number above the limit;
after: done or stopped, what came of it is asked."""

STOP_FROM = 8.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event; see `models.SessionEvent`."""

    key: str
    device: str
    seq: int
    t_ms: int
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of 10 that the client said: when, in milliseconds under hands; `withdrawn` when it was misheard."""

    key: str
    value: float
    at_ms: int
    over: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """One go at one step.

    key       of the event that opened it
    hands_ms  time under hands: without pauses, and without gaps that were taken out
    unsure_ms counted although the screen was away
    ended     done, stopped, skipped, finish (the session ended during it), or empty while it is open
    beat      place in the pattern that was reached, from 0
    details   what was noted: pressure_kg_cm2, response, referral, felt, drawn, twitch, why, words
    retest    what was measured afterwards: value, state, before
    typed     entered in the list afterwards instead of run
    """

    key: str
    step: str
    side: str
    began_ms: int | None = None
    ended_ms: int | None = None
    hands_ms: int = 0
    unsure_ms: int = 0
    numbers: tuple[Number, ...] = ()
    ended: str = ""
    beat: int = 0
    beats_done: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    retest: Mapping[str, Any] = field(default_factory=dict)
    typed: bool = False

    @property
    def was_given(self) -> bool:
        """Hands were on the client."""
        return self.hands_ms > 0

    @property
    def seconds(self) -> float:
        """Seconds under hands."""
        return self.hands_ms / 1000

    @property
    def highest(self) -> float | None:
        """The highest number that counts; None where none was said."""
        return max((n.value for n in self.numbers if not n.withdrawn), default=None)

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers that count, in order."""
        return tuple(n.value for n in self.numbers if not n.withdrawn)


@dataclass(frozen=True, slots=True)
class Run:
    """A session as it stands.

    order    keys of the steps in the order they are to be done, those that were added among them
    step     key of the open step, empty before the first
    driver   the screen that drives
    aside    keys of events of another screen that do not count, because it did not drive then
    since_ms session time since which hands are on; None while they are not
    """

    phase: Phase
    step: str
    order: tuple[str, ...]
    doses: tuple[Dose, ...]
    driver: str
    aside: tuple[str, ...] = ()
    since_ms: int | None = None
    last_ms: int = 0

    @property
    def current(self) -> Dose | None:
        """The go that is open."""
        return self.doses[-1] if self.doses and self.step and self.phase != "waiting" else None

    @property
    def done(self) -> frozenset[str]:
        """Steps that were ended one way or another."""
        return frozenset(dose.step for dose in self.doses if dose.ended)

    @property
    def next(self) -> str:
        """The step that comes now: the first in order that was not ended and is not the open one; empty at the end."""
        return next((key for key in self.order if key not in self.done and key != self.step), "")

    @property
    def is_finished(self) -> bool:
        return self.phase == "finished"

    def hands_ms(self, now_ms: int) -> int:
        """Time under hands of the open go, at a moment of the session."""
        current = self.current
        if current is None:
            return 0
        return current.hands_ms + (max(now_ms - self.since_ms, 0) if self.since_ms is not None else 0)


def run_of(steps: Sequence[Mapping[str, Any]], events: Iterable[Event]) -> Run:
    """Work a session out from its events."""
    once: dict[str, Event] = {}
    for event in events:
        once.setdefault(event.key, event)
    undone = {str(e.data.get("key", "")) for e in once.values() if e.kind == "undone"}
    fold = _Fold(steps)
    for event in sorted(once.values(), key=lambda e: (e.t_ms, e.device, e.seq, e.key)):
        if event.key not in undone:
            fold.take(event)
    return fold.run()


class _Fold:
    """Takes events in order; every rule of the session stands here."""

    def __init__(self, steps: Sequence[Mapping[str, Any]]) -> None:
        self.steps = {str(step["key"]): step for step in steps}
        self.order = [str(step["key"]) for step in steps if not step.get("variant_of") and not step.get("closed")]
        self.phase: Phase = "waiting"
        self.step, self.driver = "", ""
        self.doses: list[dict[str, Any]] = []
        self.aside: list[str] = []
        self.since: int | None = None
        self.last = 0

    def take(self, event: Event) -> None:
        if event.kind == "took":
            self.driver = event.device
        elif event.kind in ("clock", "undone"):
            pass
        elif self.driver and event.device != self.driver:
            self.aside.append(event.key)
            return
        else:
            getattr(self, f"_{event.kind}", self._unknown)(event)
        self.last = max(self.last, event.t_ms)

    def _unknown(self, event: Event) -> None:
        """A kind of a later version: kept in the log, changes nothing here."""

    # --- Steps ---

    def _opened(self, event: Event) -> None:
        key = str(event.data.get("step", ""))
        step = self.steps.get(key)
        if step is None or self.phase == "finished":
            return
        self._leave(event, "skipped")
        self.step = key
        self.doses.append(_new_dose(event.key, key, str(step["side"])))
        self.phase = "side" if step.get("found_side") else "ready"

    def _side(self, event: Event) -> None:
        if self.phase == "side" and event.data.get("side") in ("left", "right"):
            self.doses[-1]["side"] = event.data["side"]
            self.phase = "ready"

    def _added(self, event: Event) -> None:
        key = str(event.data.get("step", ""))
        if key not in self.steps or key in self.order:
            return
        place = self.order.index(self.step) + 1 if self.step in self.order else len(self.order)
        self.order.insert(place, key)

    def _reordered(self, event: Event) -> None:
        wanted = [str(key) for key in event.data.get("order", ()) if str(key) in self.order]
        wanted = list(dict.fromkeys(wanted))
        self.order = wanted + [key for key in self.order if key not in wanted]

    def _skipped(self, event: Event) -> None:
        key = str(event.data.get("step", self.step))
        if key == self.step and self.doses and self.phase not in ("waiting", "finished"):
            self._note(self.doses[-1], event)
            self._leave(event, "skipped")
            self.phase, self.step = "waiting", ""
        elif key in self.steps:
            skipped = _new_dose(event.key, key, str(self.steps[key]["side"]))
            self._note(skipped, event)
            place = len(self.doses) - 1 if self.step else len(self.doses)
            self.doses.insert(place, {**skipped, "ended": "skipped", "ended_ms": event.t_ms})

    # --- Hands ---

    def _began(self, event: Event) -> None:
        if self.phase in ("ready", "after") and self.doses:
            dose = self.doses[-1]
            dose["began_ms"] = event.t_ms if dose["began_ms"] is None else dose["began_ms"]
            dose["ended"], dose["ended_ms"] = "", None
            self.phase, self.since = "running", event.t_ms
            dose["beat_from_ms"] = dose["hands_ms"]

    def _paused(self, event: Event) -> None:
        if self.phase in ("running", "over"):
            self._hands_off(event.t_ms)
            self.phase = "paused"

    def _resumed(self, event: Event) -> None:
        if self.phase in ("paused", "over"):
            self.phase, self.since = "running", event.t_ms

    def _beat(self, event: Event) -> None:
        if self.phase in ("running", "paused", "over") and isinstance(event.data.get("to"), int):
            dose = self.doses[-1]
            dose["beat"] = max(0, event.data["to"])
            dose["beats_done"] = max(dose["beats_done"], dose["beat"])
            dose["beat_from_ms"] = self._hands_at(event.t_ms)

    def _number(self, event: Event) -> None:
        value = event.data.get("value")
        if not self.doses or self.phase not in ("running", "paused", "over", "after") or not _is_number(value):
            return
        dose, step = self.doses[-1], self.steps[self.step]
        limit, stop = step.get("limit_of_10"), step.get("stop_of_10") or STOP_FROM
        over = value >= stop or (limit is not None and value > limit)
        for number in dose["numbers"]:
            if number["key"] == event.data.get("instead_of"):
                number["withdrawn"] = True
        at = self._hands_at(event.t_ms)
        dose["numbers"].append({"key": event.key, "value": float(value), "at_ms": at, "over": over, "withdrawn": False})
        if over and self.phase == "running":
            self._hands_off(event.t_ms)
            self.phase = "over"
        elif self.phase == "over" and not over and event.data.get("instead_of"):
            self.phase, self.since = "running", event.t_ms  # misheard: it was never over

    def _done(self, event: Event) -> None:
        self._end(event, "done")

    def _stopped(self, event: Event) -> None:
        self._end(event, "stopped")

    def _end(self, event: Event, how: str) -> None:
        if self.phase not in ("ready", "running", "paused", "over") or not self.doses:
            return
        self._hands_off(event.t_ms)
        dose = self.doses[-1]
        self._note(dose, event)
        dose["ended"], dose["ended_ms"] = how, event.t_ms
        self.phase = "after"

    def _gap(self, event: Event) -> None:
        """The screen was away from `from` to `to` while hands may have been on; `counted` says whether they were."""
        start, end = event.data.get("from"), event.data.get("to")
        if not isinstance(start, int) or not isinstance(end, int) or not self.doses:
            return
        length = max(0, end - max(start, self.since if self.since is not None else end))
        if event.data.get("counted"):
            self.doses[-1]["unsure_ms"] += length
        elif self.since is not None:
            # Reckoned up to here, so that a gap told twice is taken out once.
            self.doses[-1]["hands_ms"] = max(self._hands_at(event.t_ms) - length, 0)
            self.since = event.t_ms

    # --- What came of it ---

    def _logged(self, event: Event) -> None:
        dose = self._named(event)
        if dose is not None:
            self._note(dose, event)

    def _retested(self, event: Event) -> None:
        dose = self._named(event)
        if dose is not None:
            dose["retest"] = {name: value for name, value in event.data.items() if name != "go"}

    def _tested(self, event: Event) -> None:
        dose = self._named(event)
        if dose is not None:
            dose["details"] = {**dose["details"], "result": event.data.get("state", "")}

    def _typed(self, event: Event) -> None:
        """A whole dose entered in the list."""
        key = str(event.data.get("step", ""))
        if key not in self.steps:
            return
        side = event.data.get("side") or self.steps[key]["side"]
        dose = _new_dose(event.key, key, str(side))
        values = [value for value in event.data.get("numbers", ()) if _is_number(value)]
        numbers = [
            {"key": f"{event.key}.{n}", "value": float(value), "at_ms": 0, "over": False, "withdrawn": False}
            for n, value in enumerate(values)
        ]
        hands = max(0, int(1000 * float(event.data.get("seconds") or 0)))
        made = {
            **dose,
            "typed": True,
            "hands_ms": hands,
            "numbers": numbers,
            "ended": "skipped" if event.data.get("skipped") else "done",
            "began_ms": max(event.t_ms - hands, 0),
            "ended_ms": event.t_ms,
            "retest": dict(event.data.get("retest") or {}),
        }
        self._note(made, event)
        place = len(self.doses) - 1 if self.step and self.phase != "waiting" else len(self.doses)
        self.doses.insert(max(place, 0), made)

    def _finished(self, event: Event) -> None:
        self._leave(event, "finish")
        self.phase = "finished"

    # --- Parts ---

    def _leave(self, event: Event, how: str) -> None:
        """The open go ends because another one comes or the session does."""
        self._hands_off(event.t_ms)
        if self.doses and self.step and not self.doses[-1]["ended"]:
            self.doses[-1]["ended"] = "finish" if how == "finish" else "stopped" if self.doses[-1]["hands_ms"] else how
            self.doses[-1]["ended_ms"] = event.t_ms

    def _hands_at(self, t_ms: int) -> int:
        on = max(t_ms - self.since, 0) if self.since is not None else 0
        return int(self.doses[-1]["hands_ms"]) + on

    def _hands_off(self, t_ms: int) -> None:
        if self.since is not None and self.doses:
            self.doses[-1]["hands_ms"] = max(self._hands_at(t_ms), 0)
        self.since = None

    def _named(self, event: Event) -> dict[str, Any] | None:
        """The go an event speaks of: by its key, else the open one."""
        wanted = event.data.get("go")
        if wanted:
            return next((dose for dose in self.doses if dose["key"] == wanted), None)
        return self.doses[-1] if self.doses else None

    def _note(self, dose: dict[str, Any], event: Event) -> None:
        kept = {name: event.data[name] for name in DETAILS if name in event.data}
        dose["details"] = {**dose["details"], **kept}

    def run(self) -> Run:
        """What the events come to."""
        return Run(
            self.phase,
            self.step,
            tuple(self.order),
            tuple(_dose(dose) for dose in self.doses),
            self.driver,
            tuple(self.aside),
            self.since,
            self.last,
        )


DETAILS = ("pressure_kg_cm2", "response", "referral", "felt", "drawn", "twitch", "why", "words", "before")
"""What may be noted of a dose."""


def _new_dose(key: str, step: str, side: str) -> dict[str, Any]:
    return {
        "key": key,
        "step": step,
        "side": side,
        "began_ms": None,
        "ended_ms": None,
        "hands_ms": 0,
        "unsure_ms": 0,
        "numbers": [],
        "ended": "",
        "beat": 0,
        "beats_done": 0,
        "beat_from_ms": 0,
        "details": {},
        "retest": {},
        "typed": False,
    }


def _dose(made: Mapping[str, Any]) -> Dose:
    plain = {name: value for name, value in made.items() if name not in ("numbers", "beat_from_ms")}
    return Dose(**plain, numbers=tuple(Number(**number) for number in made["numbers"]))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 10
