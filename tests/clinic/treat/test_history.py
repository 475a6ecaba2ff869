"""What was done is remembered: by the note, the chart, the timeline and the next plan; noise is never called change."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from tests.clinic.treat.conftest import Pages
from tests.clinic.treat.test_session import event, first_treated

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import ElicitedReferral, RecordedFinding, Visit
from tautband.clinic.charts.picture import responses_of
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.episodes.happenings import timeline
from tautband.clinic.people.models import Member
from tautband.clinic.programme.models import DayNote
from tautband.clinic.treat import actions
from tautband.clinic.treat.history import change_after, past_doses
from tautband.clinic.treat.models import Session
from tautband.clinic.treat.run import Dose, Event
from tautband.clinic.treat.steps import session_steps
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.plans import current_plan
from tautband.clinic.treatments.remembering import history_of
from tautband.planning import Change

PPT = {"exam": "exam.palpation.pressure_threshold", "name": "Pressure threshold", "before": 200.0, "unit": "kPa"}
THENAR = {"layer": "pain", "zone": "zone.hand.thenar", "side": "right", "intensity": None}
PRESSED = {"exam": "exam.palpation.tenderness", "name": "Tenderness", "before": None, "unit": "of 10"}


@pytest.mark.parametrize(
    ("measured", "retest", "change"),
    [
        (PPT, {"value": 240}, Change.WITHIN_ERROR),  # 20 %: the error in one person can be 60 %
        (PPT, {"value": 400}, Change.BETTER),
        (PPT, {"value": 60}, Change.WORSE),
        (PRESSED, {"value": 6, "before": 7}, Change.WITHIN_ERROR),
        (PRESSED, {"value": 0, "before": 9}, Change.BETTER),
        ({**PPT, "exam": "exam.painful_arc"}, {"value": 90}, Change.NOT_RETESTED),  # no error on file: no claim
        (PPT, {}, Change.NOT_RETESTED),
        (PRESSED, {"value": 3}, Change.NOT_RETESTED),
    ],
)
def test_only_more_than_the_error_is_a_change(measured: Any, retest: Any, change: Change) -> None:
    dose = Dose("dose-0001", "s0", "right", hands_ms=90_000, ended="done", retest=retest)
    assert change_after({"retest": measured}, dose)[0] is change


def test_a_session_is_told_by_note_timeline_and_history(pages: Pages, therapist: Member) -> None:
    pages.begin("tablet-aaaa")
    session = Session.objects.get()
    step = first_treated(session)
    test = next(s for s in session.steps if s["stage"] == "assess")
    rows = [
        event(1, "took", 0),
        event(2, "opened", 10, step=test["key"]),
        event(3, "tested", 20, go="event-0002", state="absent"),
        event(4, "done", 30),
        event(5, "opened", 1000, step=step["key"]),
        event(6, "began", 2000),
        event(7, "number", 30_000, value=1),
        event(8, "done", 92_000),
        event(9, "logged", 93_000, go="event-0005", response="eased", referral="familiar", words="outer elbow"),
        event(11, "logged", 94_000, go="event-0005", drawn={"marks": [THENAR]}),
        event(10, "finished", 95_000),
    ]
    for _twice in range(2):
        assert pages.log(rows, session.pk).json()["ok"]
    assert RecordedFinding.objects.filter(finding=test["target"], state="absent", ended_at=None).count() == 1
    elicited = ElicitedReferral.objects.get(point=step["target"])
    assert elicited.felt == ["zone.hand.thenar/right"], "what was drawn counts before the words"
    visit = pages.visit
    lines = [line.text for line in draft_note(visit, answer_for(visit)).sections["plan"] if line.source == "done"]
    assert len(lines) == 1
    assert "; outer elbow)" in lines[0]
    assert "1 min 30 s; numbers 1 of 10; it eased; familiar pain (drawn: " in lines[0]
    assert [h.kind for h in timeline(visit.client) if h.kind == "session"] == ["session"]
    (dose,) = past_doses(visit.client)
    assert (dose.target, dose.seconds, dose.tolerance_of_10) == (step["target"], 90, 1)
    assert not history_of(visit).doses, "a plan does not learn from its own visit"
    assert not dose.sore_after_48_h
    for hours, is_long in ((20, False), (72, True)):  # a day of soreness is usual
        told = visit.opened_at + timedelta(hours=hours)
        DayNote.objects.create(client=visit.client, day=told.date(), sore=True, at=told)
        with patch("tautband.clinic.programme.checkin.timezone.now", return_value=told + timedelta(days=1)):
            assert next(past_doses(visit.client)).sore_after_48_h is is_long
    assert "What was done" in pages.text()


OPENING = {"exam": "exam.mouth_opening", "name": "Mouth opening", "before": 33.0, "unit": "mm", "measured": True}


def treated(agreed: Visit, therapist: Member, retests: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> Visit:
    """The visit a week after a session with these steps: target, what is retested, what the retest gave."""
    one = next(s for s in session_steps(current_plan(agreed), therapist) if s["stage"] == "treat")
    steps, events = [], [event(1, "took", 0)]
    for n, (target, measured, given) in enumerate(retests):
        steps.append({**one, "key": f"s{n}", "target": target, "side": "right", "found_side": "", "retest": measured})
        rows: list[tuple[str, dict[str, Any]]] = [
            ("opened", {"step": f"s{n}"}),
            ("began", {}),
            ("done", {}),
            ("retested", {**given, "go": f"event-{len(events) + 1:04}"}),
        ]
        for kind, data in rows:
            events.append(event(len(events) + 1, kind, 40_000 * len(events), **data))
    events.append(event(len(events) + 1, "finished", 40_000 * len(events)))
    plan = agreed.plans.first()
    assert plan is not None
    session = Session.objects.create(
        visit=agreed, plan=plan, number=9, steps=steps, device="tablet-a", by=therapist, started_at=agreed.opened_at
    )
    read = [Event(e["key"], e["device"], e["seq"], e["t_ms"], e["kind"], e["data"]) for e in events]  # type: ignore[arg-type]
    actions.log_events(by=therapist, session=session, events=[(one, None) for one in read])
    return charts.open_visit(by=therapist, client=agreed.client, at=agreed.opened_at + timedelta(days=7))


def test_the_next_visits_ranking_hears_what_a_retest_beyond_its_error_showed(agreed: Visit, therapist: Member) -> None:
    later = treated(
        agreed,
        therapist,
        [
            ("muscle.masseter", OPENING, {"value": 33.5}),
            ("muscle.temporalis", OPENING, {"value": 40}),
            ("muscle.digastric", OPENING, {"value": 40}),
            ("muscle.medial_pterygoid", {**OPENING, "exam": "exam.painful_arc"}, {"value": 90}),
        ],
    )
    found = {one.target: one for one in responses_of(later)}
    assert {id: one.change for id, one in found.items()} == {
        "muscle.masseter": "unchanged",
        "muscle.temporalis": "eased",
    }, "only the step it followed; nothing of what came after the ease; nothing without an error on file"
    assert found["muscle.temporalis"].what == "Largest mouth opening 33.5 to 40 mm, error 4.9"
    assert not responses_of(agreed), "a visit never learns from its own session"
    charts.save_drawing(
        by=therapist,
        visit=later,
        marks=[{"layer": "pain", "zone": "zone.head.temple", "side": "right", "intensity": 5}],
    )
    told = [r.text for s in answer_for(later).suspects for r in s.reasons if r.finding == "responded"]
    assert told
    assert all("beyond error (Largest mouth opening 33.5 to 40 mm, error 4.9)" in text for text in told)
    next_year = charts.open_visit(by=therapist, client=agreed.client, at=agreed.opened_at + timedelta(days=300))
    assert not responses_of(next_year), "long ago is another complaint"
    Visit.objects.filter(pk=agreed.pk).update(withdrawn_at=agreed.opened_at)
    assert not responses_of(later), "a visit that was taken back says nothing"


@pytest.mark.parametrize(
    ("measured", "given", "change"),
    [
        (PRESSED, {"value": 1, "before": 8}, "eased"),
        (PRESSED, {"value": 7, "before": 8}, "unchanged"),
        (PRESSED, {"value": 5, "before": 8}, "unclear"),
        (PRESSED, {"value": 2, "before": 3}, ""),  # no room to fall by more than the error of 4
        (PRESSED, {"value": 3}, ""),
        (PPT, {"value": 60}, "worse"),
    ],
)
def test_pressing_the_point_again_is_of_the_point(
    agreed: Visit, therapist: Member, measured: Any, given: Any, change: str
) -> None:
    later = treated(agreed, therapist, [("muscle.infraspinatus", measured, given)])
    assert [(one.change, one.same_point) for one in responses_of(later)] == ([(change, True)] if change else [])
