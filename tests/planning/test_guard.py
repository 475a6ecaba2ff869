"""Guards in three values: what holds closes or changes, what is unknown at most asks, what does not hold is silent."""

from datetime import UTC, datetime
from itertools import product

import pytest

from tautband.findings import Finding, Person, Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Technique
from tautband.planning import Limits, Verdict, guard_step
from tautband.terms.ids import kind_of

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
