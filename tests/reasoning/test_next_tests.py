"""The best next test: informative, never closed while it is offered, never asked twice."""

from tautband.findings import Drawing, Finding, Mark, Picture, State
from tautband.reasoning import Reasoner
from tautband.terms.sides import Side

DRAWING = Drawing((Mark("area.shoulder_front", Side.LEFT), Mark("area.forearm", Side.LEFT)), complete=False)


def test_a_provocation_is_closed_in_place_while_its_alert_is_open(small_reasoner: Reasoner) -> None:
    calm = small_reasoner.consider(Picture(drawing=DRAWING))
    assert next(t for t in calm.next_tests if t.exam == "exam.spurling").closed_by == ""
    alarmed = small_reasoner.consider(
        Picture(drawing=DRAWING, findings=(Finding("exam.unsteady"), Finding("exam.clumsy")))
    )
    assert next(t for t in alarmed.next_tests if t.exam == "exam.spurling").closed_by == "Cord"


def test_what_an_alert_still_owes_comes_first(small_reasoner: Reasoner) -> None:
    found = (Finding("exam.unsteady"), Finding("exam.clumsy"))
    answer = small_reasoner.consider(Picture(drawing=DRAWING, findings=found))
    assert answer.next_tests[0].exam == "exam.hoffmann"


def test_half_a_rule_brings_its_question_to_the_top_without_an_alert(small_reasoner: Reasoner) -> None:
    answer = small_reasoner.consider(Picture(drawing=DRAWING, findings=(Finding("exam.unsteady"),)))
    assert answer.next_tests[0].exam == "exam.hoffmann"
    assert not [alert for alert in answer.alerts if alert.by == "rule"]


def test_what_was_answered_is_not_proposed_again(small_reasoner: Reasoner) -> None:
    for state in (State.PRESENT, State.ABSENT):
        answer = small_reasoner.consider(
            Picture(drawing=DRAWING, findings=(Finding("exam.familiar", Side.LEFT, state),))
        )
        assert ("exam.familiar", Side.LEFT) not in [(t.exam, t.side) for t in answer.next_tests]


def test_only_the_side_under_suspicion_is_tested(small_reasoner: Reasoner) -> None:
    answer = small_reasoner.consider(Picture(drawing=DRAWING))
    assert answer.next_tests
    assert {t.side for t in answer.next_tests} <= {Side.LEFT, Side.MIDLINE}


def test_no_closed_test_is_offered_whatever_the_atlas(real_reasoner: Reasoner) -> None:
    """With signs of the cord present, no test that provokes the neck is open."""
    found = (Finding("exam.unsteady_walking"), Finding("exam.clumsy_hands"), Finding("exam.reflex.hoffmann", Side.LEFT))
    marks = (Mark("area.neck", Side.LEFT), Mark("area.forearm", Side.LEFT))
    answer = real_reasoner.consider(Picture(drawing=Drawing(marks, complete=False), findings=found))
    closing = {place for alert in answer.alerts for place in alert.closes}
    assert "neck" in closing
    atlas = real_reasoner.model.atlas
    for test in answer.next_tests:
        provokes = set(getattr(atlas.record(test.exam), "provokes", ()))
        assert bool(test.closed_by) == bool(provokes & closing)
