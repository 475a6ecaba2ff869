"""One typed line, the story's words, and what pressing a muscle brought on, from the page to the ranking."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts import actions, typed
from tautband.clinic.charts.models import ElicitedReferral, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.people.models import Member


def line(text: str) -> list[tuple[str, str, str, str, float | None]]:
    return [(t.finding, t.of, t.side, t.state, t.value) for t in typed.read_line(text)[0]]


def test_a_line_becomes_its_findings_with_side_result_and_value() -> None:
    assert line("L SLR pos 40, worse sitting") == [
        ("exam.slr", "", "left", "present", 40.0),
        ("exam.sitting_long", "", "midline", "present", None),
    ]
    assert line("R Spurling neg") == [("exam.spurling", "", "right", "absent", None)]


def test_palpation_in_a_line_is_of_the_muscle_named() -> None:
    assert line("tender infraspinatus R") == [
        ("exam.palpation.tenderness", "muscle.infraspinatus", "right", "present", None)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("L5 dermatome reduced L", ("exam.sensation_reduced", "root.l5", "left", "present", None)),
        ("resisted hip flexion painful right", ("exam.resisted_pain", "motion.hip.flexion", "right", "present", None)),
        ("wrist flexion strength normal R", ("exam.muscle_strength", "motion.wrist.flexion", "right", "absent", None)),
    ],
)
def test_roots_and_whole_movements_are_read_too(text: str, wanted: tuple[Any, ...]) -> None:
    assert wanted in line(text)


def test_what_nothing_was_found_for_is_handed_back_and_two_sides_stay_apart() -> None:
    found, unknown = typed.read_line("blarg foo; Phalen pos L; Phalen neg R")
    assert unknown == ("blarg foo",)
    assert {(t.side, t.state) for t in found} == {("left", "present"), ("right", "absent")}


def test_a_line_is_recorded_shown_and_undone_in_one_go(browser_of: Any, therapist: Member, drawn: Visit) -> None:
    browser: Browser = browser_of(therapist)
    sent = {"line": "L SLR pos 40, worse sitting, blarg foo"}
    answer = browser.post(reverse("charts:quick", args=[drawn.pk]), sent, follow=True)
    page = answer.content.decode()
    assert drawn.findings.filter(ended_at=None).count() == 2
    assert "blarg foo" in page
    assert "Undo all 2" in page
    ids = ",".join(str(f.pk) for f in drawn.findings.all())
    browser.post(reverse("charts:quick_undo", args=[drawn.pk]), {"typed": ids})
    assert not drawn.findings.filter(ended_at=None).exists()


def test_a_line_into_a_closed_visit_records_nothing(browser_of: Any, therapist: Member, visit: Visit) -> None:
    actions.close_visit(by=therapist, visit=visit)
    answer = browser_of(therapist).post(reverse("charts:quick", args=[visit.pk]), {"line": "Phalen pos R"}, follow=True)
    assert "closed" in answer.content.decode()
    assert not visit.findings.exists()


def test_the_story_is_part_of_the_picture(therapist: Member, visit: Visit) -> None:
    actions.save_story(by=therapist, visit=visit, text="It started slowly. Cannot fasten my bra; worse at night.")
    assert picture_of(visit).said == ("It started slowly", "Cannot fasten my bra", "worse at night")


def test_what_pressing_brought_on_is_kept_for_this_client_and_can_be_taken_back(
    browser_of: Any, therapist: Member, drawn: Visit
) -> None:
    browser: Browser = browser_of(therapist)
    url = reverse("charts:elicited", args=[drawn.pk])
    sent = {"point": "muscle.infraspinatus", "source": "trp.infraspinatus.1", "side": "right", "words": "thumb"}
    browser.post(url, sent)
    (one,) = picture_of(drawn).elicited
    assert (one.point, one.side.value, one.places) == ("muscle.infraspinatus", "right", frozenset({"area.thumb/right"}))
    row = ElicitedReferral.objects.get()
    browser.post(url, {"remove": str(row.pk), "side": "right", "source": "trp.infraspinatus.1"})
    assert picture_of(drawn).elicited == ()


def test_words_that_name_no_place_are_refused(browser_of: Any, therapist: Member, drawn: Visit) -> None:
    sent = {"point": "muscle.infraspinatus", "source": "trp.infraspinatus.1", "side": "right", "words": "blarg"}
    answer = browser_of(therapist).post(reverse("charts:elicited", args=[drawn.pk]), sent, follow=True)
    assert "Say where it was felt" in answer.content.decode()
    assert not ElicitedReferral.objects.exists()


def test_practice_shows_an_invented_client_then_what_was_true(browser_of: Any, therapist: Member) -> None:
    browser: Browser = browser_of(therapist)
    url = reverse("charts:practise")
    assert browser.get(url).status_code == 302
    page = browser.get(url, {"client": "7"})
    key = page.context["offered"][0][0]
    assert "It was something else" not in page.content.decode()
    again = browser.get(url, {"client": "7", "test": key})
    assert len(again.context["tested"]) == 1
    guess = next(k for k, _ in again.context["choices"])
    told = browser.get(url, {"client": "7", "test": key, "guess": guess})
    assert told.context["true"]
