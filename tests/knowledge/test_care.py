"""Care in the packaged atlas can be run, drawn and counted: techniques step by step, exercises, stages, complaints."""

import pytest

from tautband.knowledge import Atlas, load, packaged_folder
from tautband.surface.posing import Position

REGIONS = {
    *("head_jaw", "neck", "shoulder", "arm_elbow", "forearm_hand", "thorax", "upper_back", "low_back", "abdomen"),
    *("pelvis", "hip_buttock", "thigh", "knee", "leg", "ankle_foot"),
}


@pytest.fixture(scope="module")
def known() -> Atlas:
    return load([packaged_folder()])


def test_every_position_can_be_drawn(known: Atlas) -> None:
    """The surface accepts each position as it is written in the file."""
    assert len(known.selfcare) >= 120
    for item in known.selfcare:
        for position in (item.position, *item.positions):
            Position.read(position.as_pose())


def test_every_region_has_a_usual_protocol_that_assesses_treats_and_sends_home(known: Atlas) -> None:
    usual = {p.region: p for p in known.protocols if p.stage == "usual"}
    assert set(usual) == REGIONS
    for region, protocol in usual.items():
        stages = {step.stage for step in protocol.steps}
        assert {"treat", "home"} <= stages, region
        assert protocol.before, region
        assert protocol.nerve_rule_out, region
        assert protocol.chain, region


def test_staged_protocols_say_when_to_move_on_and_when_to_go_back(known: Atlas) -> None:
    staged = [p for p in known.protocols if p.stage != "usual"]
    assert {p.stage for p in staged} == {"acute", "post_operative", "prevention"}
    for protocol in staged:
        for stage in protocol.stages:
            assert stage.move_on_when, (protocol.id, stage.key)
            assert stage.go_back_when, (protocol.id, stage.key)
        assert protocol.flags, protocol.id


def test_complaints_say_what_hands_cannot_do_and_when_to_refer(known: Atlas) -> None:
    assert len(known.conditions) >= 48
    for condition in known.conditions:
        assert condition.cannot, condition.id
        assert condition.refer, condition.id
        assert condition.flags, condition.id
        assert condition.say, condition.id
        assert condition.claims, condition.id


def test_benefits_tell_known_from_unknown(known: Atlas) -> None:
    assert len(known.benefits) >= 11
    for benefit in known.benefits:
        assert {"unknown"} <= {claim.stance for claim in benefit.claims}, benefit.id


def test_techniques_without_a_trial_name_their_school(known: Atlas) -> None:
    for name in ("soft_tissue_release", "stacking", "induration_technique"):
        technique = known.records[f"technique.{name}"]
        assert "school convention, no trial" in technique.school.lower()  # type: ignore[attr-defined]
