"""Pictures of ease and stretch: there where the atlas knows a position, on the side that is treated."""

from collections.abc import Callable

from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.people.models import Member
from tautband.clinic.treatments.positions import has_pictures, positions_of
from tautband.knowledge import atlas
from tautband.surface import Position
from tautband.terms.sides import Side

JAW = {"muscle.masseter", "muscle.lateral_pterygoid", "muscle.temporalis"}
"""The jaw is not posed; their words stand alone."""


def test_every_position_of_ease_has_a_picture_that_can_be_posed() -> None:
    missing = {m.id for m in atlas().muscles if m.ease and not any(e.pose for e in m.ease)}
    assert missing == JAW
    for muscle in atlas().muscles:
        for pose in (e.pose for e in (*muscle.ease, *muscle.stretch) if e.pose):
            Position.read(pose.as_pose())


def test_a_step_shows_what_its_technique_uses() -> None:
    target = "muscle.infraspinatus"
    assert not has_pictures(target, "technique.ischemic_compression")
    kinds = {
        "technique.positional_release": ["ease"],
        "technique.static_stretch": ["stretch"],
        "technique.init": ["ease", "stretch"],
    }
    for technique, expected in kinds.items():
        assert [shown.kind for shown in positions_of(target, technique, Side.RIGHT)] == expected
    right, left = (positions_of(target, "technique.positional_release", side)[0] for side in (Side.RIGHT, Side.LEFT))
    assert right.words == left.words
    assert right.svg != left.svg


def test_the_page_of_a_position_says_so_where_there_is_none(
    therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    browser, page = browser_of(therapist), reverse("treatments:positions")
    given = {"target": "muscle.infraspinatus", "technique": "technique.positional_release", "side": "left"}
    assert "fig pose" in browser.get(page, given).content.decode()
    assert "There is no picture of it" in browser.get(page, {**given, "target": "muscle.nothing"}).content.decode()
