"""What a hand does to a plan beyond its order: undo, goals, a series, a reason against a stop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.people.models import Client, Member, Role
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.models import PlanVersion
from tautband.clinic.treatments.plans import Body, current_plan
from tautband.knowledge import atlas

from .test_plan import Page


@pytest.fixture
def page(therapist: Member, visit: Visit, browser_of: Callable[..., Browser]) -> Page:
    return Page(browser_of(therapist), visit)


def test_a_step_is_moved_to_any_place(page: Page) -> None:
    before = page.targets
    assert page.change("move", place="0", to="2").status_code == 302
    assert page.targets == [before[1], before[2], before[0], *before[3:]]
    for wrong in ({"place": "0", "to": ""}, {"place": "99", "to": "0"}, {"place": "x", "to": "1"}):
        assert page.change("move", **wrong).status_code == 409


def test_undo_goes_back_step_by_step_to_the_draft_and_no_further(page: Page) -> None:
    assert not current_plan(page.visit).can_undo
    assert page.change("undo").status_code == 409
    states = [page.targets]
    for _ in range(2):
        page.change("remove", place="0")
        states.append(page.targets)
    for earlier in (states[1], states[0]):
        assert page.change("undo").status_code == 302
        assert page.targets == earlier
    assert not current_plan(page.visit).can_undo
    page.change("later", place="0")
    assert current_plan(page.visit).can_undo
    assert PlanVersion.objects.count() == 5  # undoing is written down too


def test_goals_are_kept_shown_and_end_the_series(page: Page) -> None:
    assert page.change("goals", goals="lift the bow\n\n sleep on the side ").status_code == 302
    now = current_plan(page.visit)
    assert now.body.goals == ("lift the bow", "sleep on the side")
    assert [rule.text for rule in now.series.discharge[:2]] == ["Reached: lift the bow", "Reached: sleep on the side"]
    assert "sleep on the side" in page.text()
    assert page.change("goals", goals="a\nb\nc\nd").status_code == 422
    page.change("limits", minutes="30", tolerance="5", protocol="")
    assert current_plan(page.visit).body.goals == now.body.goals


def test_the_day_it_began_decides_number_of_visits_and_the_usual_stage(page: Page, visit: Visit) -> None:
    usual = current_plan(visit).series.visits
    began = visit.opened_at.date()
    limits = {"minutes": "40", "tolerance": "6", "protocol": "", "since": (began - timedelta(days=8)).isoformat()}
    page.change("limits", **limits)
    assert current_plan(visit).series.visits < usual
    assert "8 days since it began" in page.text()
    staged = next(p for p in atlas().protocols if len(p.stages) > 1 and p.stages[0].usual_to_days is not None)
    first, last = (f"{staged.id}#{staged.stages[n].key}" for n in (0, -1))
    page.change("limits", **{**limits, "protocol": last, "since": began.isoformat()})
    wanted = current_plan(visit).usual_stage
    assert wanted is not None
    assert wanted.id == first
    assert "What must hold counts more than the day" in page.text()
    page.change("stage")
    assert current_plan(visit).body.protocol == first
    assert page.change("limits", **{**limits, "since": "2999-01-01"}).status_code == 422


def test_a_body_of_an_older_version_is_read(page: Page) -> None:
    stored = current_plan(page.visit).kept.as_json()
    for name in ("goals", "restored"):
        del stored[name]
    for row in stored["choices"]:
        del row["override"]
    assert Body.read(stored) == current_plan(page.visit).kept


@pytest.fixture
def feverish(therapist: Member, visit: Visit) -> Visit:
    """A fever closes every hand on this client."""
    charts.record_finding(by=therapist, visit=visit, finding="exam.fever", side="midline", state="present")
    return visit


def first_shut(visit: Visit) -> int:
    steps = current_plan(visit).plan.steps
    return next(n for n, s in enumerate(steps) if s.verdict.can_be_overridden and s.stage == "treat")


def test_when_nothing_is_safe_it_is_said_with_what_to_offer(page: Page, feverish: Visit) -> None:
    assert current_plan(feverish).plan.nothing_is_safe
    text = page.text()
    assert "Nothing here may be treated by hand today" in text
    assert "Offer a referral" in text


def test_a_reason_opens_one_step_and_stands_in_the_note(page: Page, feverish: Visit) -> None:
    place = first_shut(feverish)
    refused = page.change("override", place=str(place), reason="  ")
    assert refused.status_code == 422
    assert "Give the reason" in refused.content.decode()
    assert page.change("override", place=str(place), reason="Her doctor saw her an hour ago").status_code == 302
    plan = current_plan(feverish).plan
    step = plan.steps[place]
    assert not step.verdict.is_closed
    assert step.verdict.level == "stop"
    assert [n for n, s in enumerate(plan.steps) if s.verdict.override] == [place]
    assert "stands in the note" in page.text()
    page.use()
    lines = [line.text for line in draft_note(feverish, answer_for(feverish)).sections["plan"]]
    told = [line for line in lines if "Done although closed" in line]
    assert len(told) == 1
    assert "Daniel Okafor: Her doctor saw her an hour ago" in told[0]
    page.change("close", place=str(place))
    assert current_plan(feverish).plan.steps[place].verdict.is_closed


def test_no_reason_opens_what_the_client_does_not_want_or_an_alert_closes(page: Page, visit: Visit) -> None:
    page.change("limits", minutes="40", tolerance="6", protocol="", excluded=["shoulder"])
    steps = current_plan(visit).plan.steps
    place = next(n for n, s in enumerate(steps) if s.verdict.is_closed)
    refused = page.change("override", place=str(place), reason="I want to")
    assert refused.status_code == 422
    assert "no reason opens it" in refused.content.decode()
    assert current_plan(visit).plan.steps[place].verdict.is_closed


def test_an_assistant_opens_nothing(page: Page, feverish: Visit, therapist: Member) -> None:
    place = first_shut(feverish)
    Member.objects.filter(pk=therapist.pk).update(role=Role.ASSISTANT)
    assert page.change("override", place=str(place), reason="because").status_code == 422
    assert "Why it is done all the same" not in page.text()


def test_an_empty_chart_gets_an_assessment_plan(
    therapist: Member, daniels_client: Client, browser_of: Callable[..., Any]
) -> None:
    visit = charts.open_visit(by=therapist, client=daniels_client)
    now = current_plan(visit)
    assert now.no_protocol
    assert now.plan.steps
    assert {step.stage for step in now.plan.steps} == {"assess"}
    text = Page(browser_of(therapist), visit).text()
    assert "First find out" in text
