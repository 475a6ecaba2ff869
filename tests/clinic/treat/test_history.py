"""What was done is remembered: by the note, the chart, the timeline and the next plan; noise is never called change."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from tests.clinic.treat.conftest import Pages
from tests.clinic.treat.test_session import event, first_treated

from tautband.clinic.charts.models import ElicitedReferral, RecordedFinding
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.episodes.happenings import timeline
from tautband.clinic.people.models import Member
from tautband.clinic.programme.models import DayNote
from tautband.clinic.treat.history import change_after, past_doses
from tautband.clinic.treat.models import Session
from tautband.clinic.treat.run import Dose
from tautband.clinic.treatments.drafting import draft_note
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
