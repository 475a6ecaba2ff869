"""Guards in three values: what holds closes or changes, what is unknown at most asks, what does not hold is silent."""

from datetime import UTC, datetime
from itertools import product

import pytest

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Technique
from tautband.planning import Gate, Limits, Verdict, guard_step
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

from .conftest import Write, alert

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
FEVER = {"level": "stop", "when": "exam.fever"}
BOTH = {"level": "stop", "when": "{all: [exam.fever, exam.cough]}"}


def seen(**states: str) -> Picture:
    return Picture(Person(52), findings=tuple(Finding(f"exam.{n}", state=State(s), at=NOW) for n, s in states.items()))


def judged(
    atlas: Atlas, picture: Picture, technique: str = "press", target: str = "muscle.two", **more: object
) -> Verdict:
    found = atlas.get(f"technique.{technique}")
    assert isinstance(found, Technique)
    return guard_step(
        target=target,
        region=getattr(atlas.record(target), "region", "general"),
        technique=found,
        picture=picture,
        alerts=more.pop("alerts", ()),  # type: ignore[arg-type]
        limits=Limits(**more),  # type: ignore[arg-type]
        atlas=atlas,
    )


@pytest.mark.parametrize("level", ["stop", "modify", "ask"])
def test_a_guard_that_holds_says_its_level_its_reason_and_what_opens_it(write: Write, level: str) -> None:
    verdict = judged(write(fever={**FEVER, "level": level}), seen(fever="present"))
    assert verdict.level == level
    assert verdict.is_closed == (level == "stop")
    (why,) = verdict.why
    assert (why.level, why.text, why.how, why.opens_when) == (level, "because of fever", "softer", "it has gone")
    assert why.citations == ("gray",)


@pytest.mark.parametrize("state", ["absent", "unknown", None])
def test_a_guard_that_does_not_hold_is_silent(write: Write, state: str | None) -> None:
    picture = seen(fever=state) if state else seen()
    assert judged(write(fever=FEVER), picture) == Verdict()


@pytest.mark.parametrize(("fever", "cough"), list(product(["present", "absent", "unknown", None], repeat=2)))
def test_a_compound_guard_follows_three_valued_logic(write: Write, fever: str | None, cough: str | None) -> None:
    given = {n: s for n, s in (("fever", fever), ("cough", cough)) if s}
    verdict = judged(write(both=BOTH), seen(**given))
    states = {fever, cough}
    if states == {"present"}:
        expected = "stop"
    elif "absent" in states or "present" not in states:
        expected = "open"
    else:
        expected = "ask"
    assert verdict.level == expected
    if expected == "ask":
        (why,) = verdict.why
        assert why.ask == ("exam.cough",) if fever == "present" else ("exam.fever",)


def test_what_is_not_known_never_closes(write: Write) -> None:
    young = {"level": "stop", "when": "{all: [exam.fever, {age_below: 18}]}"}
    picture = Picture(Person(), findings=(Finding("exam.fever", at=NOW),))
    assert judged(write(young=young), picture).level == "ask"


@pytest.mark.parametrize(
    ("more", "technique", "target", "closed"),
    [
        ("regions: [knee]", "press", "muscle.two", False),
        ("regions: [knee]", "press", "muscle.far", True),
        ("techniques: [technique.press]", "press", "muscle.two", True),
        ("techniques: [technique.press]", "stroke", "muscle.two", False),
        ("pressures: [deep]", "press", "muscle.two", True),
        ("pressures: [deep]", "stroke", "muscle.two", False),
        ("sites: [muscle.two]", "press", "muscle.two", True),
        ("sites: [muscle.two]", "press", "trp.two.1", True),
        ("sites: [muscle.two]", "press", "muscle.three", False),
        ("", "stroke", "muscle.far", True),
    ],
)
def test_a_guard_speaks_of_its_place_technique_pressure_and_site(
    write: Write, more: str, technique: str, target: str, closed: bool
) -> None:
    atlas = write(fever={**FEVER, "more": more})
    assert judged(atlas, seen(fever="present"), technique, target).is_closed is closed


@pytest.mark.parametrize(
    ("found", "drawn", "closed"),
    [
        ("left", "", {"left": True, "right": False, "bilateral": True}),
        ("midline", "", {"left": True, "right": True, "midline": True}),
        ("", "numb", {"left": False, "right": True}),
        ("left", "numb", {"left": True, "right": True}),
        ("", "pain", {"left": False, "right": False}),
    ],
)
def test_a_guard_that_is_held_to_its_place_speaks_of_the_side_it_was_found_on(
    write: Write, found: str, drawn: str, closed: dict[str, bool]
) -> None:
    atlas = write(fever={**FEVER, "more": "place: where_found\ndrawn: [numb]"})
    findings = (Finding("exam.fever", Side(found), at=NOW),) if found else ()
    marks = (Mark("zone.forearm.proximal_volar", Side.RIGHT, Layer(drawn)),) if drawn else ()
    gate = Gate(Picture(Person(52), Drawing(marks), findings), (), Limits(), atlas)
    press = atlas.get("technique.press")
    assert isinstance(press, Technique)
    for side, shut in closed.items():
        assert gate.step("muscle.two", "forearm_hand", press, "", Side(side), alone=False).is_closed is shut, side


def test_numbness_that_is_drawn_takes_the_number_off_the_dose_there_and_only_there() -> None:
    from tautband.knowledge import atlas

    known = atlas()
    picture = Picture(Person(40), Drawing((Mark("zone.hand.dorsum_thumb", Side.RIGHT, Layer.NUMB),)))
    gate, press = Gate(picture, (), Limits(), known), known.get("technique.ischemic_compression")
    assert isinstance(press, Technique)
    for side, steers in ((Side.RIGHT, False), (Side.LEFT, True)):
        verdict = gate.step("muscle.opponens_pollicis", "forearm_hand", press, "", side, alone=False)
        assert verdict.caps.by_number is steers


def test_the_strictest_wins_and_every_reason_is_kept(write: Write) -> None:
    atlas = write(fever={**FEVER, "level": "ask"}, cough={"level": "modify", "when": "exam.cough"})
    verdict = judged(atlas, seen(fever="present", cough="present"), excluded=frozenset({"arm_elbow"}))
    assert [why.level for why in verdict.why] == ["stop", "modify", "ask"]
    assert verdict.level == "stop"


def test_an_open_alert_says_what_would_settle_it(small: Atlas) -> None:
    verdict = judged(small, seen(), alerts=(alert(),))
    assert verdict.is_closed
    assert verdict.why[0].ask == ("exam.cough",)
    assert not judged(small, seen(), alerts=(alert(),), answered=frozenset({"flag.cord"})).is_closed


def test_every_guard_of_the_atlas_names_what_exists() -> None:
    from tautband.knowledge import atlas

    known = atlas()
    assert known.guards
    for guard in known.guards:
        assert all(site in known for site in guard.sites), guard.id
        assert all(known.get(t) and kind_of(t) == "technique" for t in guard.techniques), guard.id
        assert guard.level != "modify" or guard.how, f"{guard.id} says that something changes, but not how"
