"""Findings that cannot be are refused; contradictions are named and counted as not known."""

from datetime import UTC, datetime, timedelta

import pytest

from tautband.findings import BadFinding, Finding, Mark, Person, Picture, State
from tautband.terms.sides import Side

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_latest_finding_counts() -> None:
    old = Finding("exam.spurling", Side.LEFT, State.PRESENT, at=NOON)
    new = Finding("exam.spurling", Side.LEFT, State.ABSENT, at=NOON + timedelta(days=7))
    assert Picture(findings=(new, old)).current() == (new,)
    assert Picture(findings=(new, old)).contradictions() == ()


def test_present_and_absent_at_one_time_is_a_contradiction_and_counts_as_neither() -> None:
    yes = Finding("exam.spurling", Side.LEFT, State.PRESENT, at=NOON)
    no = Finding("exam.spurling", Side.LEFT, State.ABSENT, at=NOON)
    other_side = Finding("exam.spurling", Side.RIGHT, State.ABSENT, at=NOON)
    found = Picture(findings=(yes, no, other_side))
    assert found.contradictions() == ((yes, no),)
    assert found.current() == (other_side,)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Finding("muscle.infraspinatus"), "cannot be observed"),
        (lambda: Finding("exam.x", of="exam.y"), "cannot be observed on"),
        (lambda: Finding("exam.x", at=datetime(2026, 1, 1)), "no time zone"),
        (lambda: Finding("exam.x", reliability=1.2), "between 0 and 1"),
        (lambda: Mark("muscle.x", Side.LEFT), "no place"),
        (lambda: Mark("area.x", Side.LEFT, intensity=11), "between 0 and 10"),
        (lambda: Person(age=-1), "between 0 and 120"),
        (lambda: Person(age=140), "between 0 and 120"),
    ],
)
def test_what_cannot_be_is_refused_in_words(make: object, words: str) -> None:
    with pytest.raises(BadFinding, match=words):
        make()  # type: ignore[operator]
