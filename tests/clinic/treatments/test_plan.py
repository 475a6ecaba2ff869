"""The plan page: drafted, changed, limited, agreed; closed in words while an alert waits."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit.log import verify
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.intake import actions as intake
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.models import Consent, PlanVersion
from tautband.clinic.treatments.plans import Body, closing_alerts, current_plan, judged, minutes_left
from tautband.knowledge import atlas
from tautband.planning import Choice
from tautband.planning.declined import STRETCHING
from tautband.terms.sides import Side

TOLD = {"told_areas": "on", "told_touch": "on", "told_stop": "on", "agreed": "on"}


def url(name: str, visit: Visit) -> str:
    return reverse(f"treatments:{name}", args=[visit.pk])


@pytest.fixture
def page(therapist: Member, visit: Visit, browser_of: Callable[..., Browser]) -> "Page":
    return Page(browser_of(therapist), visit)


class Page:
    """The plan page as a browser without script sees it."""

    def __init__(self, browser: Browser, visit: Visit) -> None:
        self.browser, self.visit = browser, visit

    def text(self) -> str:
        return self.browser.get(url("plan", self.visit)).content.decode()

    def fields(self) -> dict[str, str]:
        names = ("key", "seen", "for_minutes")
        form = self.text().split(url("change_plan", self.visit), 1)[1]
        return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in names}  # type: ignore[index]

    def change(self, do: str, **more: Any) -> Any:
        return self.browser.post(url("change_plan", self.visit), {**self.fields(), "do": do, **more})

    def use(self, **more: Any) -> Any:
        given = {**self.fields(), **TOLD, **more}
        return self.browser.post(url("use_plan", self.visit), {k: v for k, v in given.items() if v is not None})

    @property
    def targets(self) -> list[str]:
        return [choice.target for choice in current_plan(self.visit).plan.choices]


def test_looking_writes_nothing(page: Page) -> None:
    assert "Today’s plan" in page.text()
    assert "Shoulder protocol" in page.text()
    assert not PlanVersion.objects.exists()


def test_each_change_is_a_version_and_the_newest_counts(page: Page) -> None:
    before = page.targets
    assert page.change("later", place="0").status_code == 302
    assert page.targets == [before[1], before[0], *before[2:]]
    page.change("remove", place="1")
    assert page.targets == [before[1], *before[2:]]
    assert [v.number for v in PlanVersion.objects.all()] == [2, 1]
    assert verify(page.visit.client.chart_key).intact


def test_the_same_form_twice_changes_once(page: Page) -> None:
    fields = {**page.fields(), "do": "remove", "place": "0"}
    count = len(page.targets)
    for _ in range(2):
        assert page.browser.post(url("change_plan", page.visit), fields).status_code == 302
    assert len(page.targets) == count - 1


def test_two_tabs_the_second_is_told_and_nothing_of_it_is_applied(page: Page) -> None:
    first, second = page.fields(), page.fields()
    page.browser.post(url("change_plan", page.visit), {**first, "do": "remove", "place": "0"})
    there = page.targets
    answer = page.browser.post(url("change_plan", page.visit), {**second, "do": "remove", "place": "0"})
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.content.decode()
    assert page.targets == there


@pytest.mark.parametrize("place", ["", "-1", "99", "one", "1e9"])
def test_a_step_that_is_not_there_is_said(page: Page, place: str) -> None:
    assert page.change("earlier", place=place).status_code == 409
    assert not PlanVersion.objects.exists()


def test_nonsense_is_refused(page: Page) -> None:
    assert page.change("explode").status_code == 422
    assert page.change("swap", place="0", technique="technique.of_magic").status_code == 409
    too_long = page.change("limits", minutes="9000", tolerance="6", protocol="")
    assert too_long.status_code == 422
    assert "from 15 to 180" in too_long.content.decode()


def test_an_excluded_area_closes_in_place_with_its_words(page: Page) -> None:
    count = len(page.targets)
    page.change("limits", minutes="40", tolerance="4", protocol="", excluded=["shoulder"])
    now = current_plan(page.visit)
    assert len(now.plan.steps) == count
    assert all(step.verdict.is_closed for step in now.plan.steps if step.region == "shoulder")
    text = page.text()
    assert "closed at the client&#x27;s wish" in text
    assert "What opens it: the client agrees to this area" in text
    assert "at most 6 of 10" not in text


def test_new_limits_keep_what_a_hand_chose(page: Page) -> None:
    page.change("remove", place="0")
    chosen = page.targets
    page.change("limits", minutes="15", tolerance="6", protocol="")
    assert page.targets == chosen
    assert "more than there are" in page.text() or current_plan(page.visit).plan.minutes_planned <= 5
    page.change("anew")
    assert page.targets != chosen


def test_where_no_protocol_fits_it_is_said_and_filled_by_hand(
    therapist: Member, daniels_client: Any, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = charts.open_visit(by=therapist, client=daniels_client)
    mark = {"zone": "zone.knee.anterior", "side": "left", "layer": "pain", "intensity": 5}
    charts.save_drawing(by=therapist, visit=visit, marks=[mark])
    page = Page(browser_of(therapist), visit)
    if not current_plan(visit).no_protocol:
        page.change("limits", minutes="40", tolerance="6", protocol="none")
        assert "No steps yet" in page.text()
    else:
        assert "No protocol here yet" in page.text()
    step = {
        "target": "muscle.rectus_femoris",
        "technique": "technique.ischemic_compression",
        "side": "left",
        "minutes": "4",
    }
    assert page.browser.post(url("add_step", visit), {**step, "key": "k1"}).status_code == 302
    assert page.browser.post(url("add_step", visit), {**step, "key": "k1"}).status_code == 302
    assert page.targets == ["muscle.rectus_femoris"]
    assert page.use().status_code == 302
    assert Consent.objects.get().areas == ["thigh"]


def test_the_other_side_is_asked_about_once(page: Page) -> None:
    step = {
        "target": "muscle.infraspinatus",
        "technique": "technique.ischemic_compression",
        "side": "left",
        "minutes": "4",
        "key": "k",
    }
    visit = page.visit
    charts.record_finding(
        by=visit.by,
        visit=visit,
        finding="exam.palpation.familiar_pain",
        of="muscle.infraspinatus",
        side="right",
        state="present",
    )
    asked = page.browser.post(url("add_step", visit), step)
    assert asked.status_code == 409
    assert "Found on the right. Treat the left?" in asked.content.decode()
    kept = page.browser.post(url("add_step", visit), {**step, "sure_of_side": "left"})
    assert kept.status_code == 302
    assert Choice("treat", step["target"], Side.LEFT, step["technique"], "", 240, "added by hand", "hand") in (
        current_plan(visit).plan.choices
    )


@pytest.mark.parametrize("missing", ["told_areas", "told_touch", "told_stop", "agreed"])
def test_consent_is_whole_or_not_at_all(page: Page, missing: str) -> None:
    refused = page.use(**{missing: None})
    assert refused.status_code == 422
    assert "Not recorded yet" in refused.content.decode()
    assert not Consent.objects.exists()


def test_consent_is_recorded_once_and_asked_again_for_new_areas(page: Page) -> None:
    fields = {**page.fields(), **TOLD, "key": "consent"}
    for _ in range(2):
        assert page.browser.post(url("use_plan", page.visit), fields).status_code == 302
    consent = Consent.objects.get()
    assert consent.areas == list(current_plan(page.visit).plan.regions)
    assert "Agreed at" in page.text()
    step = {"target": "muscle.soleus", "technique": "technique.effleurage", "side": "left", "minutes": "2", "key": "s"}
    page.browser.post(url("add_step", page.visit), step)
    assert "Another area: Lower leg." in page.text()
    page.use(key="again")
    assert Consent.objects.count() == 2
    assert "leg" in current_plan(page.visit).consent.areas  # type: ignore[union-attr]
    # The same place by another technique, and another reason for it, are asked too; less than before is not.
    page.browser.post(url("add_step", page.visit), {**step, "technique": "technique.static_stretch", "key": "t"})
    assert "Another technique: Static stretch" in page.text()
    assert not current_plan(page.visit).is_agreed
    page.change("undo")
    assert current_plan(page.visit).is_agreed
    page.change("limits", minutes="40", tolerance="6", protocol="none")
    assert any("another protocol" in why for why in current_plan(page.visit).asks_again)
    page.change("undo")
    page.change("remove", place="0")
    assert current_plan(page.visit).is_agreed
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=page.visit.by, visit=page.visit, finding=finding, side="midline", state="present")
    assert any("an alert has come up since" in why for why in current_plan(page.visit).asks_again)


def test_for_a_client_under_age_the_guardian_agrees_by_name(page: Page) -> None:
    client = page.visit.client
    client.birth_date = page.visit.opened_at.date().replace(year=page.visit.opened_at.year - 11)
    client.save()
    refused = page.use()
    assert refused.status_code == 422
    assert "write who agreed for them" in refused.content.decode()
    assert page.use(guardian="Ana Wrona").status_code == 302
    assert "Agreed for the client by Ana Wrona." in draft_note(page.visit, answer_for(page.visit)).texts()["plan"]


def test_what_the_client_declined_in_the_intake_closes_steps_and_stands_in_consent_and_note(page: Page) -> None:
    client = page.visit.client
    told = intake.open_round(by=client, client=client)
    intake.give(by=client, round=told, question="techniques", value={"is": "told", "many": ["stretch", "deep", "oil"]})
    now = current_plan(page.visit)
    assert set(now.body.declined) == {"stretch", "deep", "oil"}
    open_steps = [step for step in now.plan.steps if step.stage == "treat" and not step.verdict.is_closed]
    assert open_steps
    for step in open_steps:
        technique = atlas().get(step.technique)
        assert technique.pressure != "deep"  # type: ignore[union-attr]
        assert step.technique not in STRETCHING
    stretch = {"target": "muscle.soleus", "technique": "technique.static_stretch", "side": "left", "minutes": "2"}
    page.browser.post(url("add_step", page.visit), {**stretch, "key": "s"})
    glide = {**stretch, "technique": "technique.effleurage", "key": "g"}
    page.browser.post(url("add_step", page.visit), glide)
    text = page.text()
    assert "left out at the client&#x27;s wish: no stretching" in text
    assert "glide over a cloth" in text
    assert "without a reason" in text
    page.use()
    assert "At their wish: " in draft_note(page.visit, answer_for(page.visit)).texts()["plan"]
    # Today they want it after all: a tick less, and the step opens.
    page.change("limits", minutes="40", tolerance="6", declined=["deep", "oil"])
    closed = [step for step in current_plan(page.visit).plan.steps if step.verdict.is_closed]
    assert not any(step.technique == "technique.static_stretch" for step in closed)


@pytest.fixture
def alarmed(therapist: Member, visit: Visit) -> Visit:
    """The client now says what raises an emergency."""
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=therapist, visit=visit, finding=finding, side="midline", state="present")
    assert closing_alerts(visit, answer_for(visit))
    return visit


def test_an_open_alert_closes_plan_and_consent_in_words(page: Page, alarmed: Visit) -> None:
    text = page.text()
    assert "The plan is closed" in text
    assert "Opens when it is answered" in text
    assert "Use this plan" not in text
    assert all(step.verdict.is_closed for step in current_plan(alarmed).plan.steps)
    body = current_plan(alarmed).kept.as_json()
    told = dict.fromkeys(TOLD, True)
    with pytest.raises(actions.PlanBlocked):
        actions.use_plan(by=alarmed.by, visit=alarmed, body=body, seen=0, **told)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(("decision", "opens"), [("cleared", True), ("going_on", True), ("referred", False)])
def test_an_answer_opens_the_plan_but_who_is_sent_to_hospital_is_not_treated(
    page: Page, alarmed: Visit, decision: str, opens: bool
) -> None:
    for alert in answer_for(alarmed).alerts:
        charts.answer_alert(
            by=alarmed.by,
            visit=alarmed,
            flag=alert.flag,
            urgency=alert.urgency.value,
            decision=decision,
            reason="seen by her doctor today",
        )
    emergency = any(a.urgency == "emergency" for a in answer_for(alarmed).alerts)
    assert emergency
    assert (not current_plan(alarmed).closing) is opens
    assert ("stays closed for this visit" in page.text()) is not opens


def test_a_closed_visit_keeps_its_plan(page: Page, therapist: Member) -> None:
    page.use()
    charts.close_visit(by=therapist, visit=page.visit)
    assert "Change" not in re.sub(r"(?s)<template.*?</template>", "", page.text())
    body = current_plan(page.visit).kept.as_json()
    with pytest.raises(charts.VisitClosed):
        actions.save_plan(by=therapist, visit=page.visit, body=body, seen=1)


def test_a_kept_plan_is_judged_by_what_is_known_now(page: Page, therapist: Member) -> None:
    page.use()
    assert not current_plan(page.visit).closing
    charts.record_finding(
        by=therapist, visit=page.visit, finding="exam.saddle_numbness", side="midline", state="present"
    )
    charts.record_finding(
        by=therapist, visit=page.visit, finding="exam.bladder_change", side="midline", state="present"
    )
    assert current_plan(page.visit).closing
    assert current_plan(page.visit).plan.minutes_planned == 0


def test_what_the_atlas_lost_is_left_out_and_the_rest_stays(page: Page) -> None:
    body = Body(40, choices=(Choice("treat", "muscle.soleus", Side.LEFT), Choice("treat", "muscle.soleus", Side.LEFT)))
    stored = body.as_json()
    stored["choices"][0]["target"] = "muscle.of_yesteryear"
    assert len(Body.read(stored).choices) == 1
    assert judged(page.visit, Body.read(stored), 1).plan.steps[0].target == "muscle.soleus"


def test_the_minutes_left_go_down_in_fives_and_never_below_a_short_session(visit: Visit) -> None:
    assert minutes_left(visit) == 40
    visit.opened_at = visit.opened_at.replace(year=2020)
    assert minutes_left(visit) == 40  # left open long ago: the usual


@pytest.mark.parametrize("table", ["planversion", "consent"])
@pytest.mark.parametrize("statement", ["UPDATE treatments_{} SET by_id = by_id", "DELETE FROM treatments_{}"])
def test_the_database_refuses_to_change_what_was_kept(page: Page, table: str, statement: str) -> None:
    page.use()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
