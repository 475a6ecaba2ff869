"""Every technique of the mission is runnable, by its own steps, and says how far it is known."""

import pytest

from tautband.knowledge import atlas
from tautband.knowledge.records import Technique
from tautband.planning.dose import dosage
from tautband.planning.pattern import STOP_FROM, pattern_of

# Mission row -> what a client would call it -> the technique that runs it.
MISSION = {
    "10 steady pressure by thumb, elbow or tool": "technique.ischemic_compression",
    "10 deep sustained pressure": "technique.sustained_deep_pressure",
    "11 position of ease": "technique.positional_release",
    "12 own contraction, then release": "technique.met_post_isometric",
    "12 the opposite muscle contracts": "technique.met_reciprocal_inhibition",
    "13 the full sequence": "technique.init",
    "14 soft tissue release": "technique.soft_tissue_release",
    "14 stacking": "technique.stacking",
    "14 induration": "technique.induration_technique",
    "15 friction": "technique.friction",
    "15 effleurage": "technique.effleurage",
    "15 hold and contract, relax": "technique.pnf_contract_relax",
    "15 myofascial release": "technique.myofascial_release",
    "16 stretching": "technique.static_stretch",
    "16 postural re-education": "technique.postural_re_education",
    "22 breathing": "technique.diaphragmatic_breathing",
}
SCHOOLS = {"technique.soft_tissue_release", "technique.stacking", "technique.induration_technique"}
"""Row 14: no trial was found, so they are named as a school's convention."""


def named(id: str) -> Technique:
    found = atlas().get(id)
    assert isinstance(found, Technique)
    return found


@pytest.mark.parametrize("row", MISSION)
def test_a_technique_runs_by_its_own_steps_with_cues_timers_and_stops(row: str) -> None:
    technique = named(MISSION[row])
    for most in (2.0, 6.0, 10.0):
        pattern = pattern_of(technique, dosage(technique.dose, technique.pressure, most))
        assert len(pattern.beats) >= 3, "one beat is no pattern"
        assert all(beat.do and beat.seconds > 0 for beat in pattern.beats)
        assert sum(bool(beat.say) for beat in pattern.beats) >= len(pattern.beats) / 2, "the client hears what happens"
        assert pattern.stop_when, "it says what ends it"
        assert pattern.stop_of_10 == STOP_FROM
        assert pattern.limit_of_10 is None or pattern.limit_of_10 <= most
        if technique.pressure in ("moderate", "deep"):
            assert any(beat.asks_number for beat in pattern.beats), "pressure asks how strong it is"
            assert pattern.limit_of_10 is not None
    spoken = {step.say_therapist for step in technique.steps}
    others = [{s.say_therapist for s in named(t).steps} for t in MISSION.values() if t != technique.id]
    assert all(len(spoken & other) <= 1 for other in others), "its steps are its own"


@pytest.mark.parametrize("row", MISSION)
def test_a_technique_says_how_far_it_is_known(row: str) -> None:
    technique = named(MISSION[row])
    for claim in technique.claims:
        read = [key for key in claim.by if technique.cites[key].read]
        assert claim.stance != "known" or read, f"known without a source that was read: {claim.text}"
    if technique.id in SCHOOLS:
        assert technique.school_convention
        assert technique.school or any(claim.stance != "known" for claim in technique.claims)


def test_the_full_sequence_presses_then_eases_then_contracts_then_stretches() -> None:
    keys = [step.key for step in named("technique.init").steps]
    order = ["find", "compress", "ease", "hold_ease", "tense", "let_go", "stretch", "facilitate", "retest"]
    assert [key for key in keys if key in order] == order


def test_work_inside_the_body_is_offered_for_the_muscles_it_names_alone() -> None:
    from tautband.planning import techniques_for

    inside = {t.id for t in atlas().techniques if t.inside}
    assert inside == {"technique.internal_mouth", "technique.internal_pelvic_floor"}
    assert not inside & {t.id for t in techniques_for("muscle.infraspinatus", atlas())}
    assert {t.id for t in techniques_for("muscle.medial_pterygoid", atlas())} & inside == {"technique.internal_mouth"}
