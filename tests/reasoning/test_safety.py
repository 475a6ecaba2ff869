"""Safety over the whole atlas: nothing that provokes is offered while a danger there is open or one answer short."""

import re

import pytest

from tautband.findings import Drawing, Finding, Mark, Picture, State
from tautband.knowledge.records import Exam, Flag, FlagRule, Urgency
from tautband.reasoning import Reasoner
from tautband.reasoning.alerts import HELD_BACK, findings_in
from tautband.reasoning.answer import Answer
from tautband.terms.sides import Side

from .test_alerts import suiting

DANGERS = (*HELD_BACK, "tumour", "metasta", "abscess", "discitis", "haematoma")


def dangers(reasoner: Reasoner) -> list[tuple[Flag, FlagRule]]:
    flags = [f for f in reasoner.model.atlas.flags if f.closes and any(word in f.id for word in DANGERS)]
    return [(flag, rule) for flag in flags for rule in flag.rules]


def offends(answer: Answer, flag: Flag, reasoner: Reasoner) -> list[str]:
    """Open tests that provoke what the flag closes."""
    exams = {exam.id: exam for exam in reasoner.model.atlas.exams}
    return [t.exam for t in answer.next_tests if not t.closed_by and set(exams[t.exam].provokes) & set(flag.closes)]


def everywhere_painful(picture: Picture) -> Picture:
    """Pain in neck, back, limbs besides, so that provocation tests of every part would be worth doing."""
    areas = ("area.neck", "area.shoulder_front", "area.forearm", "area.low_back", "area.thigh", "area.calf_upper")
    marks = (*picture.drawing.marks, *(Mark(area, Side.LEFT) for area in areas))
    return Picture(picture.person, Drawing(marks, complete=False), picture.findings)


def test_the_atlas_has_the_dangers_this_is_about(real_reasoner: Reasoner) -> None:
    named = {flag.id for flag, _ in dangers(real_reasoner)}
    for word in ("fracture", "dissection", "instability", "myelopathy"):
        assert any(word in id for id in named), word


def test_no_provocation_is_offered_while_any_rule_of_a_danger_holds(real_reasoner: Reasoner) -> None:
    for flag, rule in dangers(real_reasoner):
        answer = real_reasoner.consider(everywhere_painful(suiting(rule.when, real_reasoner.model.atlas)))
        assert flag.id in {alert.flag for alert in answer.alerts}
        assert offends(answer, flag, real_reasoner) == [], f"{flag.id}: {rule.because}"


def test_provocation_waits_for_the_one_answer_that_would_raise_an_urgent_alert(real_reasoner: Reasoner) -> None:
    """Leave out one finding of a rule that holds: the rest still holds the provocation back until it is asked."""
    tried = 0
    for flag, rule in dangers(real_reasoner):
        if rule.urgency not in (Urgency.EMERGENCY, Urgency.SAME_DAY) or not any(w in flag.id for w in HELD_BACK):
            continue
        whole = suiting(rule.when, real_reasoner.model.atlas)
        for left_out in sorted(findings_in(rule.when))[:3]:
            rest = tuple(f for f in whole.findings if f.id != left_out)
            picture = everywhere_painful(Picture(whole.person, whole.drawing, rest))
            answer = real_reasoner.consider(picture)
            if rest and any(f.state is State.PRESENT and f.id in findings_in(rule.when) for f in rest):
                tried += 1
                assert offends(answer, flag, real_reasoner) == [], f"{flag.id} without {left_out}"
    assert tried > 10


def test_calm_clients_are_not_kept_from_provocation(real_reasoner: Reasoner) -> None:
    """The guard opens again: with pain alone, tests of the neck are on offer."""
    marks = (Mark("area.neck", Side.LEFT), Mark("area.forearm", Side.LEFT), Mark("area.thumb", Side.LEFT))
    answer = real_reasoner.consider(Picture(drawing=Drawing(marks, complete=False)))
    assert any(t.exam != "exam.palpation.familiar_pain" and not t.closed_by for t in answer.next_tests)
    assert not any(t.closed_by for t in answer.next_tests)


POSITIONAL = re.compile(
    r"de ?kleyn|wallenberg|vertebral artery (test|position)|vertebrobasilar|vbi\b|maigne|"
    r"(extension|rotation)[- ](rotation|extension) (test|hold)|hautant|underberger|craniocervical hold",
    re.IGNORECASE,
)


def test_no_positional_neck_test_is_known_to_the_atlas_so_none_can_clear_a_client(real_reasoner: Reasoner) -> None:
    for exam in real_reasoner.model.atlas.exams:
        words = " ".join((exam.id, exam.name.en, *exam.synonyms, *exam.phrases))
        assert not POSITIONAL.search(words), exam.id


def test_no_finding_lowers_a_flag_by_speaking_against_it(real_reasoner: Reasoner) -> None:
    """Nothing clears: no absent or present finding is wired as evidence against a flag outside its own test's links."""
    for by_key in real_reasoner.model.against.values():
        assert not [key for key, nats in by_key.items() if key.startswith("flag.") and nats < 0]


def test_an_unexplained_drawing_asks_to_widen_the_search_and_raises_no_alert(small_reasoner: Reasoner) -> None:
    heel = next(z for z in small_reasoner.model.fields.zone_keys if "heel" in z and z.endswith("/left"))
    place = heel.removesuffix("/left")
    answer = small_reasoner.consider(Picture(drawing=Drawing((Mark(place, Side.LEFT),))))
    assert answer.unexplained.widen_search
    assert answer.alerts == ()
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    sure = Picture(drawing=drawing, findings=(Finding("exam.familiar", Side.LEFT),))
    told = small_reasoner.consider(sure)
    assert not small_reasoner.consider(Picture()).unexplained.widen_search
    assert told.unexplained.share < answer.unexplained.share


@pytest.mark.parametrize("exam", ["exam.spurling", "exam.sharp_purser"])
def test_a_neck_test_stays_closed_while_dissection_is_open(real_reasoner: Reasoner, exam: str) -> None:
    flag = real_reasoner.model.atlas.record("flag.carotid_artery_dissection")
    record = real_reasoner.model.atlas.record(exam)
    assert isinstance(flag, Flag)
    assert isinstance(record, Exam)
    assert set(flag.closes) & set(record.provokes)
