"""Intake: an urgent answer is acted on at once, nothing is preset, nothing unasked is a "no", private stays private."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit.log import verify
from tautband.clinic.charts import actions as charts
from tautband.clinic.intake import actions, queries
from tautband.clinic.intake.judging import urgent
from tautband.clinic.intake.models import Given, Round, Warned
from tautband.clinic.intake.questions import BY_KEY, CHAPTERS, QUESTIONS
from tautband.clinic.people.clientdoor import SESSION_KEY
from tautband.clinic.people.models import Client, Member
from tautband.knowledge import atlas
from tautband.knowledge.records import Exam, Factor


@pytest.fixture
def at_home(maras_client: Client) -> Browser:
    """Ingrid's phone."""
    browser = Browser()
    session = browser.session
    session[SESSION_KEY] = str(maras_client.pk)
    session.save()
    return browser


@pytest.fixture
def asked(maras_client: Client) -> Round:
    """A round in which Ingrid answers for herself."""
    opened = actions.open_round(by=maras_client, client=maras_client)
    actions.give(by=maras_client, round=opened, question="who", value={"is": "self"})
    opened.refresh_from_db()
    return opened


def send(browser: Browser, question: str, **sent: Any) -> Any:
    return browser.post(reverse("intake:my_question", args=[question]), sent)


def test_every_question_is_about_something_the_atlas_knows() -> None:
    known = atlas()
    assert len(BY_KEY) == len(QUESTIONS)
    for question in QUESTIONS:
        assert question.chapter in CHAPTERS
        if question.of:
            thing = known.records.get(known.current(question.of))
            assert isinstance(thing, Exam | Factor), question.of
            assert not isinstance(thing, Exam) or (thing.method == "history" and not thing.sided)
        assert question.kind != "line" or len(question.options) == 5
        assert all(BY_KEY[key].chapter == question.chapter for key in question.after)


def test_an_urgent_answer_is_shown_before_anything_else_and_seen_by_the_clinic(
    at_home: Browser, asked: Round, owner: Member, browser_of: Any
) -> None:
    for answer in ("unsure", "yes"):
        Warned.objects.all().delete()
        gone = send(at_home, "thunderclap", answer=answer)
        assert gone.status_code == 302
        assert gone["Location"] == reverse("intake:my_urgent")
    page = at_home.get(reverse("intake:my_urgent")).content.decode()
    assert "Call your local emergency number now" in page
    assert "A sudden headache, at its worst within a minute." in page
    # Nothing else is asked tonight.
    assert at_home.get(reverse("intake:my_question", args=["fever"]))["Location"] == reverse("intake:my_urgent")
    today = browser_of(owner).get("/").content.decode()
    assert "Emergency answer" in today
    assert "Ingrid Solheim" in today


def test_the_number_of_the_practice_is_the_one_to_call(at_home: Browser, asked: Round, owner: Member) -> None:
    owner.practice.emergency_number = "113"
    owner.practice.save()
    send(at_home, "thunderclap", answer="yes")
    assert 'href="tel:113"' in at_home.get(reverse("intake:my_urgent")).content.decode()


def test_a_wrong_button_is_taken_back_and_asked_again(at_home: Browser, asked: Round, maras_client: Client) -> None:
    send(at_home, "thunderclap", answer="yes")
    back = at_home.post(reverse("intake:my_correct"), {"question": "thunderclap"})
    assert back["Location"] == reverse("intake:my_question", args=["thunderclap"])
    assert queries.standing(asked) == []
    assert Given.objects.filter(question="thunderclap").count() == 2  # the slip stays on file
    assert verify(maras_client.chart_key).intact


def test_answers_add_up_over_questions(maras_client: Client) -> None:
    assert urgent(maras_client, {"chest-pressure": {"is": "yes"}}) == ()
    both = urgent(maras_client, {"chest-pressure": {"is": "yes"}, "sweating": {"is": "unsure"}})
    assert both[0].alert.urgency == "emergency"
    assert {q.key for q in both[0].because} == {"chest-pressure", "sweating"}


def test_a_safeguarding_answer_is_hidden_from_whoever_answers_for_the_client(
    at_home: Browser, asked: Round, maras_client: Client
) -> None:
    send(at_home, "worth-living", answer="yes")
    assert "not be alone" in at_home.get(reverse("intake:my_urgent")).content.decode()
    assert Warned.objects.get().private
    actions.give(by=maras_client, round=asked, question="who", value={"is": "guardian", "text": "Her mother"})
    assert at_home.get(reverse("intake:my_question", args=["worth-living"])).status_code == 404
    assert at_home.get(reverse("intake:my_urgent"))["Location"] == reverse("intake:my_start")
    assert "worth living" not in at_home.get(reverse("intake:my_done")).content.decode()


def test_what_is_told_lies_sealed(asked: Round, maras_client: Client) -> None:
    from django.db import connection

    actions.give(by=maras_client, round=asked, question="medicines", value={"is": "told", "text": "Warfarin"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM intake_given")
        assert not any("Warfarin" in str(row) for row in cursor.fetchall())
    assert queries.answers_of(asked)["medicines"]["text"] == "Warfarin"


def test_skipping_and_not_asking_are_never_a_no(owner: Member, asked: Round, maras_client: Client) -> None:
    for question, value in {"fever": "no", "diabetes": "skip", "anticoagulants": "unsure", "sleep": "1"}.items():
        actions.give(by=maras_client, round=asked, question=question, value={"is": value})
    visit = charts.open_visit(by=owner, client=maras_client)
    rows = actions.take_over(by=owner, visit=visit)
    states = {row.finding: row.state for row in rows}
    assert states == {
        "exam.fever": "absent",
        "exam.anticoagulants": "unknown",
        "factor.sleep_short": "present",
    }
    assert all(row.note.startswith("Intake, ") for row in rows)
    assert queries.to_take_over(visit) == []


def test_one_question_follows_the_other_and_nothing_is_lost(at_home: Browser, maras_client: Client) -> None:
    assert at_home.post(reverse("intake:my_begin"))["Location"] == reverse("intake:my_question", args=["who"])
    assert send(at_home, "who", answer="guardian").status_code == 422  # a name is needed
    assert send(at_home, "who", answer="self")["Location"] == reverse("intake:my_question", args=["chest-pressure"])
    page = at_home.get(reverse("intake:my_question", args=["sleep"])).content.decode()
    assert "checked" not in page
    assert 'name="skip"' in page
    assert send(at_home, "sleep").status_code == 422
    assert send(at_home, "medicines", text="x" * 3000).status_code == 422
    at_home.post(reverse("intake:my_stop"))
    assert "Go on where you stopped" in at_home.get(reverse("intake:my_start")).content.decode()
    asked = queries.current_round(maras_client)
    assert asked is not None
    for _ in range(len(QUESTIONS)):
        following = queries.next_open(asked, queries.answers_of(asked))
        if following is None:
            break
        assert send(at_home, following.key, skip="1").status_code == 302
        asked.refresh_from_db()
    assert at_home.post(reverse("intake:my_done")).status_code == 302
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert verify(maras_client.chart_key).intact


def test_a_tablet_that_was_handed_over_opens_nothing_else(owner: Member, maras_client: Client, browser_of: Any) -> None:
    tablet = browser_of(owner)
    tablet.post(reverse("intake:hand_over", args=[maras_client.pk]))
    assert tablet.get(reverse("intake:my_start")).status_code == 200
    chart = reverse("people:client", args=[maras_client.pk])
    assert tablet.get(chart)["Location"].startswith(reverse("people:lock"))
    back = tablet.get(reverse("intake:my_back"))["Location"]
    assert tablet.post(back, {"password": "a violin in the rain", "next": chart})["Location"] == chart
    assert tablet.get(chart).status_code == 200
    assert tablet.get(reverse("intake:my_start")).status_code == 302  # the client is out again


def test_the_therapist_reads_it_calmly(owner: Member, asked: Round, maras_client: Client, browser_of: Any) -> None:
    actions.give(by=maras_client, round=asked, question="began", value={"is": "told", "text": "The Sibelius week"})
    actions.give(by=maras_client, round=asked, question="hurt-by-anyone", value={"is": "yes"})
    desk = browser_of(owner)
    page = desk.get(reverse("people:client", args=[maras_client.pk])).content.decode()
    assert "The Sibelius week" in page
    assert "hurting or frightening" not in page
    assert "that is no “no”" in page
    told = desk.get(reverse("intake:told", args=[maras_client.pk])).content.decode()
    assert "hurting or frightening" in told
    assert "not asked" in told
    desk.post(reverse("intake:note_warning", args=[maras_client.pk]))
    assert not queries.waiting_for(owner).exists()
    visit = charts.open_visit(by=owner, client=maras_client)
    assert "From the intake" in desk.get(reverse("charts:story", args=[visit.pk])).content.decode()


def test_what_alarms_is_read_first_and_nothing_is_read_twice(asked: Round, maras_client: Client) -> None:
    given = {"chest-pressure": "no", "thunderclap": "unsure", "fever": "skip", "diabetes": "no", "sleep": "1"}
    for question, value in given.items():
        actions.give(by=maras_client, round=asked, question=question, value={"is": value})
    chapters = queries.read_by(maras_client)
    for chapter, (_name, rows) in zip(chapters, queries.told_by(maras_client), strict=True):
        read = [*chapter.first, *chapter.answered, *chapter.denied, *chapter.unasked]
        assert sorted(row.question.key for row in read) == sorted(row.question.key for row in rows)
    safety = next(one for one in chapters if one.denied)
    assert [row.question.key for row in safety.first] == ["thunderclap"]
    assert [row.question.key for row in safety.denied] == ["chest-pressure"]
    assert "fever" in [row.question.key for row in safety.answered]  # skipped is no "no"
    answered = [row.question.key for one in chapters for row in one.answered]
    assert "diabetes" in answered
    assert "sleep" in [row.question.key for one in chapters for row in one.first]  # broken nights load


def test_what_was_declined_starts_the_plan(owner: Member, asked: Round, maras_client: Client) -> None:
    from tautband.clinic.treatments.drafting import REGIONS
    from tautband.clinic.treatments.plans import current_plan

    actions.give(by=maras_client, round=asked, question="areas", value={"is": "told", "many": ["abdomen", "neck"]})
    visit = charts.open_visit(by=owner, client=maras_client)
    assert set(current_plan(visit).body.excluded) == {"abdomen", "neck"}
    assert {key for key, _word, _small in BY_KEY["areas"].options} <= set(REGIONS)


def test_a_danger_denied_last_week_and_a_private_answer_are_not_taken_over(
    owner: Member, asked: Round, maras_client: Client
) -> None:
    week_ago = datetime.now(UTC) - timedelta(days=7)
    for question in ("fever", "diabetes", "hurt-by-anyone"):
        actions.give(by=maras_client, round=asked, question=question, value={"is": "no"}, at=week_ago)
    actions.give(by=maras_client, round=asked, question="worth-living", value={"is": "no"})
    visit = charts.open_visit(by=owner, client=maras_client)
    assert [one.finding for one in queries.to_take_over(visit)] == ["exam.diabetes"]


def test_each_factor_is_asked_again_in_its_own_time_and_the_rest_stays(
    at_home: Browser, asked: Round, maras_client: Client
) -> None:
    began = datetime.now(UTC) - timedelta(days=40)
    Round.objects.filter(pk=asked.pk).update(opened_at=began)
    asked.refresh_from_db()
    order = queries.sequence(asked, queries.answers_of(asked))
    for question in order:
        if question.kind in ("line", "yesno"):
            value = {"is": "3" if question.kind == "line" else "no"}
            actions.give(by=maras_client, round=asked, question=question.key, value=value, at=began)
        elif question.key != "who":
            told = {"is": "told", "text": "x"}
            actions.give(by=maras_client, round=asked, question=question.key, value=told, at=began)
    actions.finish(by=maras_client, round=asked)
    days = {q.key for q in queries.aged(maras_client) if q.chapter == "days"}
    assert days == {"sleep", "stress"}  # asked again after 28 days; moving waits for 42, drinking for 84
    assert queries.due_again(maras_client)
    assert "are asked again" in at_home.get(reverse("intake:my_start")).content.decode()
    at_home.post(reverse("intake:my_begin"))
    again = queries.current_round(maras_client)
    assert again is not None
    keys = [q.key for q in queries.sequence(again, {})]
    assert "sleep" in keys
    assert "fever" in keys  # safety ages in 28 days, too
    assert "drinking" not in keys
    assert "medicines" not in keys
    # A danger of today is judged with the illness that was told before and is not asked again.
    assert queries.standing_health(again)["cancer"] == {"is": "no"}


def test_for_somebody_under_age_a_guardian_answers_by_name(at_home: Browser, maras_client: Client) -> None:
    maras_client.birth_date = datetime.now(UTC).date() - timedelta(days=365 * 12)
    maras_client.save()
    at_home.post(reverse("intake:my_begin"))
    assert send(at_home, "fever", answer="no")["Location"] == reverse("intake:my_question", args=["who"])
    page = at_home.get(reverse("intake:my_question", args=["who"])).content.decode()
    assert "under 18" in page
    assert 'value="self"' not in page
    for wrong in ({"answer": "self"}, {"skip": "1"}, {"answer": "guardian"}):
        assert send(at_home, "who", **wrong).status_code == 422
    assert send(at_home, "who", answer="guardian", text="Eva Solheim").status_code == 302
    assert send(at_home, "fever", answer="no").status_code == 302
    assert at_home.get(reverse("intake:my_question", args=["hurt-by-anyone"])).status_code == 404
