"""This drawing beside the one before: found, measured, judged by published error, and shown on the story page."""

from datetime import timedelta

import pytest
from tests.clinic.conftest import NOW

from tautband.clinic.charts import actions
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.since import since_last_time, two_drawers
from tautband.findings.drawing_file import layer_fields
from tautband.surface import zone


def ink(*places, side="left", layer="pain", intensity=6):
    return [{"zone": f"zone.{p}", "side": side, "layer": layer, "intensity": intensity} for p in places]


@pytest.fixture
def two_visits(owner, maras_client):
    def draw(before, after, **options):
        first = actions.open_visit(by=owner, client=maras_client, at=NOW - timedelta(days=14))
        actions.save_drawing(by=owner, visit=first, marks=before, at=NOW - timedelta(days=14))
        actions.close_visit(by=owner, visit=first, at=NOW - timedelta(days=14))
        second = actions.open_visit(by=owner, client=maras_client, at=NOW)
        if after is not None:
            actions.save_drawing(by=owner, visit=second, marks=after, at=NOW, **options)
        return second

    return draw


def test_a_drawing_becomes_a_field_for_each_layer():
    fields = layer_fields(marks_of(ink("back.l4_l5") + ink("leg.middle_posterior", layer="numb", intensity=None)))
    assert fields["pain"].covered_cm2 == pytest.approx(zone("zone.back.l4_l5/left").area_cm2, rel=0.02)
    assert set(fields["numb"].weights.tolist()) == {128}


def test_a_halved_back_pain_is_a_change_and_an_arm_gets_no_verdict(two_visits):
    visit = two_visits(
        ink("back.l4_l5", "back.l2_l3", "back.t12_l1", "buttock.upper_inner")
        + ink("forearm.middle_volar", layer="numb"),
        ink("back.l4_l5"),
    )
    found = since_last_time(visit)
    pain, numb = found.layers
    assert found.days == 14
    assert pain.verdict.startswith("Changed")
    assert "gone" in pain.parts
    assert numb.verdict.startswith("No verdict")
    assert numb.extent.startswith("gone")
    assert found.errors[0].link


def test_the_same_drawing_is_said_to_be_the_same(two_visits):
    found = since_last_time(two_visits(ink("back.l4_l5"), ink("back.l4_l5")))
    assert found.unchanged
    assert found.layers[0].verdict.startswith("Nothing to conclude")


def test_nothing_to_compare_is_no_block(two_visits, owner, maras_client):
    assert since_last_time(two_visits(ink("back.l4_l5"), None)) is None
    alone = maras_client.visits.order_by("number").first()
    assert since_last_time(alone) is None


def test_story_page_shows_both_drawings_and_the_verdict(two_visits, owner, browser_of):
    visit = two_visits(ink("back.l4_l5", "back.l2_l3", "buttock.upper_inner"), ink("back.l4_l5", intensity=2))
    page = browser_of(owner).get(f"/visits/{visit.pk}/story/").content.decode()
    assert "Since last time" in page
    assert 'class="df df-gone"' in page
    assert 'class="df df-weaker"' in page
    assert "Changed: unchanged drawings" in page
    assert "repository.supsi.ch" in page


def test_client_and_therapist_stand_side_by_side(two_visits, owner):
    visit = two_visits(ink("back.l4_l5"), ink("back.l4_l5"), drawn_by="client")
    assert two_drawers(visit) == {}
    actions.save_drawing(by=owner, visit=visit, marks=ink("back.l2_l3"), drawn_by="therapist", at=NOW)
    two = two_drawers(visit)["Pain"]
    assert two.jaccard == 0
    assert two.only_client.covered_cm2 > 1
