"""The chain rule: relatives of a suspect become candidates, few of them, and the look-ahead keeps what is closed."""

from tautband.findings import Drawing, Mark, Picture, State
from tautband.knowledge.records import Muscle
from tautband.reasoning import Reasoner
from tautband.reasoning.chain import NEIGHBOURS, linked
from tautband.reasoning.contrast import answered, posterior_of, refined
from tautband.reasoning.inference import query
from tautband.reasoning.next_tests import CHAIN_SHOWN, CHAINED
from tautband.terms.sides import Side

PICTURE = Picture(
    drawing=Drawing((Mark("area.shoulder_front", Side.LEFT), Mark("area.arm_outer", Side.LEFT)), complete=False)
)


def test_neighbours_are_mutual() -> None:
    assert all(here in NEIGHBOURS[there] for here, near in NEIGHBOURS.items() for there in near)


def test_the_chain_of_infraspinatus_holds_what_shares_its_nerve_nearby(real_reasoner: Reasoner) -> None:
    found = linked(real_reasoner.model, "muscle.infraspinatus")
    assert "muscle.supraspinatus" in found
    assert "muscle.infraspinatus" not in found
    atlas = real_reasoner.model.atlas
    for one in atlas.muscles:
        for other in linked(real_reasoner.model, one.id):
            assert isinstance(atlas.record(other), Muscle)
            assert one.id in linked(real_reasoner.model, other)


def test_the_chain_never_crowds_out_the_suspects_own_tests(real_reasoner: Reasoner) -> None:
    for area in ("area.shoulder_front", "area.neck", "area.low_back", "area.thigh", "area.calf_upper"):
        picture = Picture(drawing=Drawing((Mark(area, Side.RIGHT),), complete=False))
        tests = real_reasoner.consider(picture).next_tests
        chained = [t for t in tests if CHAINED in t.note]
        assert len(chained) <= CHAIN_SHOWN
        assert tests[0] not in chained or len(tests) == len(chained)


def test_looking_ahead_gives_the_expected_drop_of_entropy(real_reasoner: Reasoner) -> None:
    """For one test, against the engine asked with both answers by the front door."""
    answer = real_reasoner.consider(PICTURE)
    again = refined(real_reasoner.model, PICTURE, answer.next_tests)
    assert {t.key for t in again} == {t.key for t in answer.next_tests}
    assert [t.gain for t in again] == sorted((t.gain for t in again), reverse=True)
    assert all(t.gain >= 0 for t in again)
    best = again[0]
    for state in (State.PRESENT, State.ABSENT):
        direct = posterior_of(real_reasoner.model, answered(PICTURE, best, state)).marginals
        question = real_reasoner.model.questions[best.exam, best.of, best.side]
        absorbed = posterior_of(real_reasoner.model, PICTURE).state.with_finding(
            question.id(), int(state is State.PRESENT)
        )
        assert abs(query(real_reasoner.model.network, absorbed).marginals - direct).max() < 1e-9
