"""The taut band tells the truth: the crest stands where the word says, and doubt is width."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.project.drawing import STEPS, hour_steps, place_on_track, spindle
from tautband.terms.probability import band

CHANCE = st.floats(0, 1)


@given(CHANCE)
def test_the_crest_stands_in_the_third_of_its_word(probability: float) -> None:
    third = {"unlikely": 0, "possible": 1, "likely": 2}[str(band(probability))]
    place = place_on_track(probability)
    assert third * 100 / 3 - 1e-9 <= place <= (third + 1) * 100 / 3 + 1e-9


@given(CHANCE, CHANCE)
def test_more_likely_is_never_further_left(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert place_on_track(low) <= place_on_track(high)


def ends(path: str) -> tuple[float, float]:
    numbers = [float(number) for number in re.findall(r"[\d.]+", path)]
    across = numbers[0::2]
    return min(across), max(across)


@given(st.lists(CHANCE, min_size=3, max_size=3).map(sorted))
def test_the_spindle_spans_its_doubt_and_stays_on_the_track(chances: list[float]) -> None:
    low, peak, high = chances
    start, end = ends(spindle(low, peak, high))
    assert 0 <= start < end <= 100
    assert start <= place_on_track(low) + 0.1
    assert end >= place_on_track(high) - 0.1


@pytest.mark.parametrize("wrong", [(0.5, 0.4, 0.6), (0.1, 0.7, 0.6)])
def test_a_band_out_of_order_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="low <= peak <= high"):
        spindle(*wrong)


def test_the_hour_keeps_its_order() -> None:
    steps = hour_steps(current="plan", done=("home", "story"))
    assert [step.key for step in steps] == list(STEPS)
    assert [step.state for step in steps] == ["done", "open", "open", "current", "open", "open", "done"]


def test_a_step_the_hour_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="The hour has no step lunch"):
        hour_steps(current="lunch")


def draw(source: str, **given: object) -> str:
    return Template(source).render(Context(given))


def test_side_is_said_in_word_letter_and_shape() -> None:
    right, left = draw('{% side "right" %}'), draw('{% side "left" %}')
    assert ">right<" in right
    assert ">R<" in right
    assert ">left<" in left
    assert ">L<" in left
    assert re.search(r'd="[^"]+"', right)[0] != re.search(r'd="[^"]+"', left)[0]  # type: ignore[index]
    assert draw('{% side "bilateral" %}').count("<svg") == 2


def test_an_unasked_test_has_nothing_pressed_and_a_second_tap_clears() -> None:
    fresh = draw('{% taps label="Spurling" %}')
    assert fresh.count('aria-pressed="false"') == 3
    pressed = draw('{% taps label="Spurling" state="present" %}')
    assert re.findall(r'value="(\w*)" aria-pressed="(\w+)"', pressed) == [
        ("absent", "false"),
        ("", "true"),
        ("unknown", "false"),
    ]


@pytest.mark.parametrize(
    "source",
    ['{% alert urgency="panic" title="x" %}{% endalert %}', '{% verdict "better" %}', '{% grade "memory" %}'],
)
def test_an_unknown_word_names_the_known_ones(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="is not one of"):
        draw(source)


def test_components_escape_what_they_are_given() -> None:
    evil = "<script>alert(1)</script>"
    drawn = draw(
        '{% alert urgency="routine" title=evil text=evil %}{{ evil }}{% endalert %}'
        "{% empty title=evil %}{{ evil }}{% endempty %}{% card title=evil %}{{ evil }}{% endcard %}"
        "{% source evil %}",
        evil=evil,
    )
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") >= 6
