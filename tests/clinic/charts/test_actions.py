"""Writing the chart: once, traceable, undoable, never overwriting, never in a closed visit."""

from collections.abc import Callable
from typing import Any

import pytest

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.log import verify
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions, demo
from tautband.clinic.charts.models import AlertAnswer, DrawingVersion, RecordedFinding, Story, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.people.demo import create_demo_practice
from tautband.clinic.people.models import Client, Member
from tautband.findings import BadFinding, Layer, State
from tautband.findings.ink import Coat, Ink, Says, encode, unpack
from tautband.surface import Field
from tautband.terms.sides import Side

SPURLING = {"finding": "exam.spurling", "side": "right"}


def test_visits_count_up_for_each_client(therapist: Member, daniels_client: Client, maras_client: Client) -> None:
    numbers = [actions.open_visit(by=therapist, client=daniels_client).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert actions.open_visit(by=therapist, client=maras_client).number == 1


def test_a_repeated_form_is_saved_once(visit: Visit, therapist: Member) -> None:
    first = actions.record_finding(by=therapist, visit=visit, state="present", key="tap-1", **SPURLING)
    again = actions.record_finding(by=therapist, visit=visit, state="present", key="tap-1", **SPURLING)
    assert first == again
    assert RecordedFinding.objects.count() == 1
    with pytest.raises(KeyReused):
        actions.record_finding(by=therapist, visit=visit, state="absent", key="tap-1", **SPURLING)


def test_a_changed_result_keeps_the_earlier_one(visit: Visit, therapist: Member) -> None:
    actions.record_finding(by=therapist, visit=visit, state="present", **SPURLING)
    actions.record_finding(by=therapist, visit=visit, state="absent", **SPURLING)
    assert RecordedFinding.objects.count() == 2
    assert [f.state for f in picture_of(visit).findings] == [State.ABSENT]


def test_the_two_sides_are_two_findings(visit: Visit, therapist: Member) -> None:
    for side, state in (("right", "present"), ("left", "absent")):
        actions.record_finding(by=therapist, visit=visit, finding="exam.spurling", side=side, state=state)
    found = {f.side: f.state for f in picture_of(visit).findings}
    assert found == {Side.RIGHT: State.PRESENT, Side.LEFT: State.ABSENT}


def test_undo_goes_back_step_by_step_and_says_when_nothing_is_left(visit: Visit, therapist: Member) -> None:
    actions.record_finding(by=therapist, visit=visit, state="present", **SPURLING)
    actions.record_finding(by=therapist, visit=visit, finding="exam.ulnt1", side="right", state="absent")
    assert actions.undo_last_finding(by=therapist, visit=visit).finding == "exam.ulnt1"
    assert actions.undo_last_finding(by=therapist, visit=visit).finding == "exam.spurling"
    assert picture_of(visit).findings == ()
    with pytest.raises(actions.NothingToUndo):
        actions.undo_last_finding(by=therapist, visit=visit)
    assert RecordedFinding.objects.count() == 2, "taken back, not erased"


WRITES: list[Callable[[Member, Visit], Any]] = [
    lambda by, visit: actions.save_story(by=by, visit=visit, text="x"),
    lambda by, visit: actions.save_drawing(by=by, visit=visit, marks=[]),
    lambda by, visit: actions.record_finding(by=by, visit=visit, state="present", **SPURLING),
    lambda by, visit: actions.undo_last_finding(by=by, visit=visit),
    lambda by, visit: actions.take_back_finding(by=by, visit=visit, **SPURLING),
    lambda by, visit: actions.answer_alert(
        by=by, visit=visit, flag="flag.stroke", urgency="emergency", decision="cleared", reason="seen"
    ),
    lambda by, visit: actions.close_visit(by=by, visit=visit),
]


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_into_a_closed_visit(
    write: Callable[[Member, Visit], Any], drawn: Visit, therapist: Member
) -> None:
    actions.close_visit(by=therapist, visit=drawn)
    before = AuditEvent.objects.count()
    with pytest.raises(actions.VisitClosed):
        write(therapist, drawn)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"finding": "exam.spurlign", "side": "right"}, "exam.spurlign"),
        ({"finding": "muscle.infraspinatus", "side": "right"}, "cannot be observed"),
        ({"finding": "exam.spurling", "side": "up"}, "cannot be"),
        ({"finding": "no id at all", "side": "right"}, "no id at all"),
        ({"finding": "exam.spurling", "side": "right", "of": "flag.stroke"}, "cannot be observed on"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: dict[str, str], said: str, visit: Visit, therapist: Member) -> None:
    with pytest.raises(BadFinding, match=said):
        actions.record_finding(by=therapist, visit=visit, state="present", **wrong)
    assert not RecordedFinding.objects.exists()


@pytest.mark.parametrize(
    "mark",
    [
        {"zone": "zone.arm.nowhere", "side": "right"},
        {"zone": "zone.hand.thumb_palmar", "side": "midline"},
        {"zone": "muscle.infraspinatus", "side": "right"},
        {"zone": "zone.hand.thumb_palmar", "side": "right", "intensity": 11},
        {"zone": "zone.hand.thumb_palmar", "side": "right", "intensity": "nan"},
        {"zone": "zone.hand.thumb_palmar", "side": "right", "layer": "itch"},
        {"side": "right"},
        "not a mark",
    ],
)
def test_impossible_ink_is_refused_and_the_drawing_stays(
    mark: Any, drawn: Visit, therapist: Member, marks: list[dict[str, Any]]
) -> None:
    with pytest.raises(BadFinding):
        actions.save_drawing(by=therapist, visit=drawn, marks=[*marks, mark])
    assert len(picture_of(drawn).drawing.marks) == len(marks)


def test_every_version_of_a_drawing_and_a_story_stays(drawn: Visit, therapist: Member) -> None:
    actions.save_drawing(by=therapist, visit=drawn, marks=[])
    for text in ("one", "two"):
        actions.save_story(by=therapist, visit=drawn, text=text)
    assert DrawingVersion.objects.count() == 2
    assert [s.text for s in Story.objects.all()] == ["two", "one"]


def test_an_alert_is_answered_with_a_reason_or_not_at_all(visit: Visit, therapist: Member) -> None:
    answer = {"by": therapist, "visit": visit, "flag": "flag.stroke", "urgency": "emergency", "decision": "referred"}
    with pytest.raises(ValueError, match="Say why"):
        actions.answer_alert(reason="   ", **answer)
    actions.answer_alert(reason="Ambulance called at 10:31.", **answer)
    assert AlertAnswer.objects.get().reason == "Ambulance called at 10:31."


def test_each_write_leaves_one_event_on_an_unbroken_chain(drawn: Visit, therapist: Member) -> None:
    actions.record_finding(by=therapist, visit=drawn, state="present", **SPURLING)
    actions.close_visit(by=therapist, visit=drawn)
    verbs = list(AuditEvent.objects.filter(chart=drawn.client.chart_key).values_list("verb", flat=True))
    assert verbs[-4:] == ["visit.opened", "drawing.saved", "finding.recorded", "visit.closed"]
    assert verify(drawn.client.chart_key).broken_at is None
    details = AuditEvent.objects.get(verb="drawing.saved").details
    assert "thumb" not in details, "no clinical text in a log that cannot be erased"


def test_the_demo_history_is_whole_and_goes_without_trace(db: None) -> None:
    owner = create_demo_practice()
    assert Visit.objects.filter(closed_at=None).count() == 2
    assert Visit.objects.count() == sum(len(visits) for visits in demo.HISTORY.values())
    for visit in Visit.objects.all():
        picture = picture_of(visit)
        assert picture.drawing.layer(Layer.PAIN), visit
        assert picture.findings, visit
        assert not picture.contradictions(), visit
    demo.forget_visits(practice=owner.practice)
    assert not any(model.objects.exists() for model in (Visit, Story, DrawingVersion, RecordedFinding, AlertAnswer))


def test_ink_is_kept_and_read_as_marks_and_follows_the_chart(visit: Visit, therapist: Member) -> None:
    says = Says(Layer.PAIN, 7.0, ("burning",), "deep", True)
    shin = Field.from_zones(["zone.leg.proximal_anterior/left"])
    half = Field(shin.vertices[::2], shin.weights[::2])
    kept = actions.save_drawing(by=therapist, visit=visit, ink=encode(Ink((Coat(says, half),))))
    (mark,) = picture_of(visit).drawing.marks
    assert (mark.place, mark.intensity, mark.quality, mark.depth, mark.began_here) == (
        "zone.leg.proximal_anterior",
        7.0,
        ("burning",),
        "deep",
        True,
    )
    more = [*kept.marks, {"zone": "zone.hand.thumb_palmar", "side": "left", "layer": "numb"}]
    followed = actions.save_drawing(by=therapist, visit=visit, marks=more, base=kept)
    ink = unpack(followed.ink)
    assert ink.field(Layer.PAIN) == half, "the chart leaves painted skin as it was painted"
    assert ink.field(Layer.NUMB) == Field.from_zones(["zone.hand.thumb_palmar/left"])
    empty = actions.save_drawing(by=therapist, visit=visit, ink=encode(Ink()))
    assert (empty.marks, bytes(empty.ink)) == ([], b"")
