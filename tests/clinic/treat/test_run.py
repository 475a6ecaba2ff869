"""The log of a session: any order of late and repeated events gives the same doses, and no second is lost."""

from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tautband.clinic.treat.events import KINDS as ALL_KINDS
from tautband.clinic.treat.events import BadEvent, read
from tautband.clinic.treat.run import Dose, Event, Run, run_of


def step(key: str, **more: Any) -> dict[str, Any]:
    row = {"key": key, "side": "right", "found_side": "", "limit_of_10": 6.0, "stop_of_10": 8.0}
    return {**row, "closed": "", "variant_of": "", **more}


STEPS = [step("s0"), step("s1", found_side="left"), step("s2"), step("s0e", variant_of="s0")]


class Table:
    """Writes events one after the other, as a screen does; times in seconds."""

    def __init__(self, device: str = "tablet-a") -> None:
        self.device, self.events = device, [Event("took-0001", device, 1, 0, "took")]

    def __call__(self, second: float, kind: str, **data: Any) -> str:
        number = len(self.events) + 1
        key = f"{self.device}-{number}"
        self.events.append(Event(key, self.device, number, int(second * 1000), kind, data))
        return key

    def run(self) -> Run:
        return run_of(STEPS, self.events)

    def dose(self) -> Dose:
        return self.run().doses[-1]


@pytest.fixture
def at() -> Table:
    table = Table()
    table(1, "opened", step="s0")
    return table


def test_time_under_hands_leaves_out_pauses(at: Table) -> None:
    at(10, "began")
    at(40, "paused")
    at(55, "resumed")
    at(65, "done")
    assert at.dose().seconds == 40
    assert at.run().phase == "after"
    assert at.run().next == "s1"


def test_a_number_above_the_limit_stops_the_timer_and_both_numbers_are_kept(at: Table) -> None:
    at(10, "began")
    at(20, "number", value=6)
    assert at.run().phase == "running"
    at(30, "number", value=7)
    assert at.run().phase == "over"
    assert at.run().hands_ms(90_000) == 20_000
    at(50, "resumed")
    at(60, "number", value=5)
    at(70, "done")
    assert at.dose().values == (6, 7, 5)
    assert at.dose().highest == 7
    assert [n.over for n in at.dose().numbers] == [False, True, False]
    assert at.dose().seconds == 40


def test_eight_stops_whatever_was_agreed() -> None:
    table = Table()
    table.events.clear()
    events = [Event(f"event-00{n}", "tablet-a", n + 1, n, k, d) for n, (k, d) in enumerate(
        [("opened", {"step": "x"}), ("began", {}), ("number", {"value": 8})]
    )]  # fmt: skip
    assert run_of([step("x", limit_of_10=9.0)], events).phase == "over"
    assert run_of([step("x", limit_of_10=None)], events).phase == "over"


def test_a_number_that_was_misheard_counts_no_more_and_stays(at: Table) -> None:
    at(10, "began")
    wrong = at(20, "number", value=8)
    at(25, "number", value=6, instead_of=wrong)
    at(30, "done")
    assert at.dose().values == (6,)
    assert [n.value for n in at.dose().numbers] == [8, 6]
    assert at.dose().seconds == 15, "the five seconds it stood still are not hands"


def test_the_side_is_asked_before_hands(at: Table) -> None:
    at(2, "opened", step="s1")
    assert at.run().phase == "side"
    at(3, "began")
    assert at.run().phase == "side", "nothing begins before the side is said"
    at(4, "side", side="left")
    at(5, "began")
    assert at.run().phase == "running"
    assert at.dose().side == "left"


def test_skip_repeat_reorder_and_add(at: Table) -> None:
    at(5, "skipped", why="too sore")
    at(6, "reordered", order=["s2"])
    assert at.run().order == ("s2", "s0", "s1")
    assert at.run().next == "s2"
    at(7, "opened", step="s0")
    at(8, "added", step="s0e")
    assert at.run().order == ("s2", "s0", "s0e", "s1")
    at(9, "began")
    at(19, "opened", step="s0e")
    assert [(d.step, d.ended) for d in at.run().doses] == [("s0", "skipped"), ("s0", "stopped"), ("s0e", "")]
    assert at.run().doses[1].seconds == 10


def test_what_is_taken_back_did_not_happen(at: Table) -> None:
    at(10, "began")
    gone = at(20, "done")
    at(22, "undone", key=gone)
    assert at.run().phase == "running"
    assert at.run().hands_ms(30_000) == 20_000


def test_finishing_ends_what_is_open(at: Table) -> None:
    at(10, "began")
    at(30, "finished")
    assert at.run().is_finished
    assert (at.dose().ended, at.dose().seconds) == ("finish", 20)


def test_a_gap_is_counted_or_taken_out_and_said(at: Table) -> None:
    at(10, "began")
    at(200, "gap", **{"from": 20_000, "to": 190_000, "counted": True})
    at(210, "done")
    assert (at.dose().seconds, at.dose().unsure_ms) == (200, 170_000)
    out = Table()
    out(1, "opened", step="s0")
    out(10, "began")
    out(200, "gap", **{"from": 20_000, "to": 190_000, "counted": False})
    out(210, "done")
    assert (out.dose().seconds, out.dose().unsure_ms) == (30, 0)


def test_a_gap_that_is_told_twice_is_taken_out_once(at: Table) -> None:
    at(1, "began")
    for _twice in range(2):
        at(21, "gap", **{"from": 6000, "to": 16_000, "counted": False})
    at(31, "done")
    assert at.dose().seconds == 20


def test_a_screen_that_does_not_drive_changes_nothing_and_is_kept_aside(at: Table) -> None:
    at(10, "began")
    other = Table("tablet-b")
    other.events = [Event("took-b-01", "tablet-b", 1, 15_000, "took")]
    late = at(16, "done")
    run = run_of(STEPS, [*at.events, *other.events])
    assert run.driver == "tablet-b"
    assert run.phase == "running"
    assert run.aside == (late,)


def test_a_typed_dose_stands_beside_those_that_were_run(at: Table) -> None:
    at(10, "began")
    at(20, "typed", step="s2", seconds=90, numbers=[7, 6], response="eased", retest={"value": 70})
    at(25, "done")
    typed, run = at.run().doses
    assert (typed.step, typed.seconds, typed.values, typed.ended) == ("s2", 90, (7, 6), "done")
    assert (run.step, run.seconds) == ("s0", 15)


KINDS = sorted(ALL_KINDS)


def log_of(chance: Random) -> list[Event]:
    """A log of chance: every kind of event in any order, from two screens."""
    made: list[Event] = []
    t_ms = 0
    for number in range(1, chance.randint(1, 25)):
        t_ms += chance.choice([0, 1, 700, 60_000])
        kind = chance.choice(KINDS)
        data: dict[str, Any] = {
            "opened": {"step": chance.choice(["s0", "s1", "s2", "s0e", "gone"])},
            "number": {"value": chance.randint(0, 10)},
            "beat": {"to": chance.randint(0, 9)},
            "side": {"side": chance.choice(["left", "right"])},
            "undone": {"key": chance.choice([e.key for e in made] or ["none"])},
            "gap": {"from": max(t_ms - 5000, 0), "to": t_ms, "counted": chance.random() < 0.5},
            "typed": {"step": "s2", "seconds": chance.randint(0, 600)},
            "added": {"step": "s0e"},
            "reordered": {"order": chance.sample(["s0", "s1", "s2"], 3)},
            "retested": {"value": chance.randint(0, 90)},
            "logged": {"response": "eased"},
        }.get(kind, {})
        device = chance.choice(["tablet-a", "tablet-a", "tablet-b"])
        made.append(Event(f"event-{number:03}", device, number, t_ms, kind, data))
    return made


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_late_and_repeated_delivery_changes_nothing(seed: int) -> None:
    chance = Random(seed)
    events = log_of(chance)
    again = [*events, *(e for e in events if chance.random() < 0.5)]
    chance.shuffle(again)
    assert run_of(STEPS, again) == run_of(STEPS, events)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
@example(141)
def test_every_prefix_makes_sense(seed: int) -> None:
    events = log_of(Random(seed))
    for end in range(len(events) + 1):
        run = run_of(STEPS, events[:end])
        assert all(0 <= dose.hands_ms <= run.last_ms or dose.typed for dose in run.doses)
        assert sum(not dose.ended for dose in run.doses) <= 1, "at most one go is open"
        assert run.phase != "running" or run.since_ms is not None
        assert (run.phase == "running") == (run.since_ms is not None), "hands are on exactly while it runs"
        assert run.next not in run.done
        assert len(set(run.order)) == len(run.order)


ROW = {"key": "k" * 32, "device": "tablet-a", "seq": 1, "t_ms": 0, "kind": "took"}


@pytest.mark.parametrize(
    "change",
    [
        {"key": "short"},
        {"kind": "danced"},
        {"t_ms": -1},
        {"t_ms": True},
        {"seq": 0},
        {"data": []},
        {"kind": "number"},
        {"kind": "number", "data": {"value": "much"}},
        {"kind": "logged", "data": {"response": "wonderful"}},
        {"kind": "logged", "data": {"script": "x"}},
        {"kind": "logged", "data": {"words": "x" * 401}},
        {"kind": "opened", "data": {}},
        {"kind": "logged", "data": {"drawn": {"marks": [{"layer": "pain", "zone": "muscle.two", "side": "right"}]}}},
        {"kind": "logged", "data": {"drawn": {"marks": "everywhere"}}},
        {"kind": "logged", "data": {"drawn": {"ink": "no ink"}}},
        {"kind": "logged", "data": {"drawn": {"marks": [], "script": "x"}}},
    ],
)
def test_an_event_that_cannot_be_is_refused_with_a_reason(change: dict[str, Any]) -> None:
    with pytest.raises(BadEvent, match=r".{8,}"):
        read({**ROW, **change})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=60)
@given(JSON)
def test_nonsense_is_refused_and_never_breaks(nonsense: Any) -> None:
    drawn = [{**ROW, "kind": "logged", "data": {"drawn": each}} for each in (nonsense, {"marks": nonsense, "ink": ""})]
    for row in (nonsense, {**ROW, "data": nonsense}, {**ROW, "kind": "gap", "data": nonsense}, *drawn):
        try:
            read(row)
        except BadEvent:
            continue
