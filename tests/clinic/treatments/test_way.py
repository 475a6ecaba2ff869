"""A therapist's own way of doing a technique: kept by version, used in the session, with the technique's own stops."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.models import OwnWay
from tautband.clinic.treatments.plans import current_plan
from tautband.clinic.treatments.ways import own_steps, pattern_for, techniques_of

STACKING = "technique.stacking"


def url(technique: str = STACKING) -> str:
    return reverse("treatments:way", args=[technique])


@pytest.fixture
def browser(therapist: Member, browser_of: Callable[..., Browser]) -> Browser:
    return browser_of(therapist)


def test_the_taught_steps_are_the_start_and_ones_own_are_kept(
    browser: Browser, therapist: Member, owner: Member
) -> None:
    text = browser.get(url()).content.decode()
    assert "As it is taught" in text
    rows = {"do_0": "Find the easier way", "seconds_0": "40", "asks_0": "on", "do_1": "Wait", "seconds_1": "60"}
    for key in ("k", "k"):
        assert browser.post(url(), {**rows, "seen": "0", "key": key}).status_code == 302
    assert [(s.do, s.seconds, s.asks_number) for s in own_steps(therapist, STACKING)] == [
        ("Find the easier way", 40, True),
        ("Wait", 60, False),
    ]
    assert techniques_of(therapist) == {STACKING}
    assert own_steps(owner, STACKING) == ()
    assert OwnWay.objects.count() == 1
    assert "Your own steps" in browser.get(url()).content.decode()
    assert browser.post(url(), {"seen": "1"}).status_code == 302
    assert techniques_of(therapist) == frozenset()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"seconds_0": "40"}, "Say what you do in this step"),
        ({"do_0": "Wait"}, "how many seconds"),
        ({"do_0": "Wait", "seconds_0": "9000"}, "from 1 to 1800"),
    ],
)
def test_half_a_step_is_refused_and_kept_on_the_page(browser: Browser, rows: dict[str, str], words: str) -> None:
    answer = browser.post(url(), {**rows, "seen": "0"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert all(re.search(rf'value="{value}"', text) for value in rows.values())
    assert not OwnWay.objects.exists()


def test_two_windows_and_a_technique_that_is_not_there(browser: Browser) -> None:
    rows = {"do_0": "Wait", "seconds_0": "60", "seen": "0"}
    assert browser.post(url(), rows).status_code == 302
    again = browser.post(url(), {**rows, "do_0": "Wait longer"})
    assert again.status_code == 409
    assert "Wait longer" in again.content.decode()
    assert browser.get(url("technique.of_magic")).status_code == 404
    assert browser.get(url("muscle.soleus")).status_code == 404


def test_a_step_of_the_plan_runs_in_the_therapists_own_way(browser: Browser, therapist: Member, visit: Visit) -> None:
    step = next(s for s in current_plan(visit).plan.steps if s.stage == "treat" and s.technique)
    taught = pattern_for(step, therapist)
    assert taught is not None
    assert not taught.is_own
    browser.post(url(step.technique), {"do_0": "My own touch", "seconds_0": "45", "seen": "0"})
    own = pattern_for(step, therapist)
    assert own is not None
    assert (own.is_own, own.seconds, own.stop_when) == (True, 45, taught.stop_when)
