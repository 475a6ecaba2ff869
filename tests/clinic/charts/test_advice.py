"""Advice fits the urgency of the alert that gives it."""

import pytest

from tautband.clinic.charts.advice import SAID, meant_for
from tautband.knowledge import atlas


def test_only_what_fits_is_said() -> None:
    lines = ("When the alert says same day: today.", "When the alert says within days: this week.", "No traction.")
    assert meant_for(lines, "urgent_days") == ("this week.", "No traction.")
    assert meant_for(("(same day) Go today.", "(within days) Go this week."), "same_day") == ("Go today.",)
    assert meant_for(lines[:1], "emergency") == lines[:1], "never silent"


@pytest.mark.parametrize("flag", atlas().flags, ids=lambda flag: flag.id)
def test_every_rule_of_every_flag_says_what_to_do_and_what_to_say(flag: object) -> None:
    for urgency in {rule.urgency.value for rule in flag.rules}:  # type: ignore[attr-defined]
        for said in (flag.do, flag.say):  # type: ignore[attr-defined]
            fitting = meant_for((line.text for line in said), urgency)
            assert fitting
            assert not any(line.startswith(("When the alert says", "(")) for line in fitting), (urgency, fitting)
    assert set(SAID) >= {rule.urgency.value for rule in flag.rules}  # type: ignore[attr-defined]
