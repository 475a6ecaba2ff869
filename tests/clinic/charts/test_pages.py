"""Each page of the chart as everybody: the care team gets in, nobody else does; taps work with and without script."""

import dataclasses
import json
import re
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts import actions, thinking
from tautband.clinic.charts.models import AlertAnswer, DrawingVersion, RecordedFinding, Story, Visit
from tautband.clinic.people.models import Client, Member
from tautband.findings import Layer
from tautband.findings.ink import Coat, Ink, Says, encode
from tautband.reasoning import SetAside
from tautband.surface import Field, zones

BrowserOf = Callable[..., Browser]
OF_A_VISIT = ("encounter", "story", "drawing", "suspects", "exams")
WRITES = ("close_visit", "record", "undo", "story", "drawing", "quick", "quick_undo", "elicited", "second_look")
SOURCE = ("root.c6", "right")


def url(name: str, visit: Visit, *more: str) -> str:
    return reverse(f"charts:{name}", args=[visit.pk, *more])


def every_path(visit: Visit) -> list[tuple[str, str]]:
    reads = [("get", url(name, visit)) for name in OF_A_VISIT]
    reads += [
        ("get", url("second_look", visit)),
        ("get", url("suspect", visit, *SOURCE)),
        ("get", url("alert", visit, "flag.stroke")),
    ]
    writes = [("post", url(name, visit)) for name in WRITES] + [("post", url("alert", visit, "flag.stroke"))]
    return [*reads, *writes, ("post", reverse("charts:start_visit", args=[visit.client_id]))]


def test_nobody_but_the_care_team_opens_a_visit(drawn: Visit, owner: Member, browser_of: BrowserOf) -> None:
    for method, path in every_path(drawn):
        response = getattr(browser_of(owner), method)(path)
        assert response.status_code == 403, path
        assert "Daniel Okafor" in response.content.decode()
        assert "shoulder" not in response.content.decode()
        visitor = getattr(browser_of(None), method)(path)
        assert visitor.status_code in (302, 403), path
        assert "Tomasz" not in visitor.content.decode()
    assert RecordedFinding.objects.count() == 0
    assert Visit.objects.count() == 1


def test_a_shared_chart_opens(drawn: Visit, owner: Member, therapist: Member, browser_of: BrowserOf) -> None:
    from tautband.clinic.people.actions import share_chart

    share_chart(by=therapist, client=drawn.client, member=owner)
    for name in OF_A_VISIT:
        assert browser_of(owner).get(url(name, drawn)).status_code == 200


def test_unknown_visits_suspects_alerts_and_cards_are_not_there(
    drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist)
    nobody = "00000000-0000-4000-8000-000000000000"
    for path in (
        reverse("charts:encounter", args=[nobody]),
        url("suspect", drawn, "muscle.nowhere", "right"),
        url("suspect", drawn, "root.c6", "up"),
        url("alert", drawn, "flag.nowhere"),
    ):
        assert browser.get(path).status_code == 404, path


def test_from_an_empty_client_to_a_ranked_list(
    therapist: Member, daniels_client: Client, browser_of: BrowserOf, marks: list[dict[str, Any]]
) -> None:
    browser = browser_of(therapist)
    assert "Start a visit" in browser.get(reverse("people:client", args=[daniels_client.pk])).content.decode()
    start = reverse("charts:start_visit", args=[daniels_client.pk])
    page = browser.post(start, {"key": "a"}, follow=True)
    visit = Visit.objects.get()
    assert page.redirect_chain[-1][0] == url("story", visit)
    browser.post(start, {"key": "b"})
    assert Visit.objects.count() == 1, "an open visit is gone on with"
    assert "Nothing to explain yet" in browser.get(url("encounter", visit)).content.decode()
    browser.post(url("drawing", visit), {"marks": json.dumps(marks)})
    page = browser.get(url("encounter", visit)).content.decode()
    assert "C6 nerve root" in page
    assert "Best next tests" in page
    assert "Change the drawing" in page


def test_a_tap_swaps_all_parts_and_a_second_tap_clears(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist, headers={"HX-Request": "true"})
    about = {"finding": "exam.spurling", "of": "", "side": "right"}
    page = browser.post(url("record", drawn), {**about, "result": "absent", "key": "1"}).content.decode()
    for part in ('id="tests"', 'id="suspects" hx-swap-oob', 'id="alerts"', 'id="over-front"', 'id="legend"'):
        assert part in page
    assert "Spurling" in page
    assert "negative" in page
    browser.post(url("record", drawn), {**about, "result": "", "key": "2"})
    assert not drawn.findings.filter(ended_at=None).exists()
    response = browser.post(url("record", drawn), {**about, "result": "", "key": "3"})
    assert response.status_code == 409
    assert "nothing left to undo" in response.content.decode()
    assert response.headers["HX-Retarget"] == "#said"


def test_the_chart_comes_with_a_tap_only_when_it_changes(
    drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist, headers={"HX-Request": "true"})

    def tap(number: int, **sent: str) -> tuple[bool, str]:
        about = {"finding": "exam.spurling", "of": "", "side": "right", "result": "absent", "key": str(number)}
        page = browser.post(url("record", drawn), about | sent).content.decode()
        found = re.search(r'data-drawn="([0-9a-f]{16})"', page)
        assert found is not None
        return 'id="over-front"' in page, found[1]

    sent, name = tap(1)
    assert sent
    assert tap(2, drawn=name) == (False, name)
    assert tap(3, drawn="0" * 16) == (True, name)
    other, its_name = tap(4, drawn=name, view="left")
    assert other
    assert its_name != name


def test_taps_work_as_plain_forms(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    sent = {"finding": "exam.spurling", "side": "right", "result": "present", "chosen": "root.c6/right", "key": "1"}
    response = browser.post(url("record", drawn), sent)
    assert response.status_code == 302
    assert "chosen=root.c6" in response.url
    assert RecordedFinding.objects.get().state == "present"
    browser.post(url("record", drawn), sent)
    assert RecordedFinding.objects.count() == 1, "a double submit is one tap"
    browser.post(url("undo", drawn), {"key": "2"})
    assert RecordedFinding.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"finding": "exam.nothing", "side": "right", "result": "present"}, "does not know"),
        ({"finding": "exam.spurling", "side": "right", "result": "maybe"}, "cannot be"),
        ({"finding": "", "side": "", "result": "present"}, ""),
        (
            {"finding": "exam.flexion_rotation", "side": "left", "result": "present", "value": "NaN", "unit": "deg"},
            "NaN",
        ),
        (
            {"finding": "exam.flexion_rotation", "side": "left", "result": "present", "value": "900", "unit": "deg"},
            "360",
        ),
        (
            {"finding": "exam.flexion_rotation", "side": "left", "result": "present", "value": "ten", "unit": "deg"},
            "ten",
        ),
    ],
)
def test_what_cannot_be_is_said_and_not_written(
    sent: dict[str, str], said: str, drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    response = browser_of(therapist, headers={"HX-Request": "true"}).post(url("record", drawn), sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not RecordedFinding.objects.exists()
    assert browser_of(therapist).post(url("record", drawn), sent).status_code == 302


def test_a_measured_value_is_kept_with_its_unit(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    sent = {"finding": "exam.flexion_rotation", "side": "left", "result": "present", "value": "24,5", "unit": "deg"}
    browser_of(therapist).post(url("record", drawn), sent)
    row = RecordedFinding.objects.get()
    assert (row.value, row.unit) == (24.5, "deg")


def test_every_exam_of_the_atlas_has_a_card_with_taps(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    for show, taps in (("exam.spurling", 2), ("exam.fever", 1), ("muscle.infraspinatus", 16)):
        page = browser.get(url("exams", drawn), {"show": show}).content.decode()
        assert page.count('class="taps"') == taps, show
    assert "Spurling" in browser.get(url("exams", drawn), {"q": "spurl"}).content.decode()
    assert "Not in the atlas" in browser.get(url("exams", drawn), {"show": "exam.nothing"}).content.decode()
    assert "Nothing is called" in browser.get(url("exams", drawn), {"q": "qqqqqq"}).content.decode()


def test_a_drawing_works_as_a_list_without_script(visit: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    page = browser.get(url("drawing", visit), {"layer": "tingling"}).content.decode()
    assert page.count("<select") == len(zones())
    browser.post(url("drawing", visit), {"row|tingling|zone.hand.thumb_palmar|right": "5.0"})
    (mark,) = DrawingVersion.objects.get().marks
    assert (mark["layer"], mark["zone"], mark["side"], mark["intensity"]) == (
        "tingling",
        "zone.hand.thumb_palmar",
        "right",
        5.0,
    )
    page = browser.get(url("drawing", visit), {"layer": "pain"}).content.decode()
    assert 'name="row|tingling|zone.hand.thumb_palmar|right" value="5.0"' in page, "other layers come along"


def test_a_drawing_sent_twice_is_one_version_and_another_tab_is_told(
    visit: Visit, therapist: Member, browser_of: BrowserOf, marks: list[dict[str, Any]]
) -> None:
    browser = browser_of(therapist, headers={"X-Requested-With": "fetch"})
    sent = {"marks": json.dumps(marks), "base": "", "key": "one"}
    first = browser.post(url("drawing", visit), sent).json()
    assert browser.post(url("drawing", visit), sent).json()["version"] == first["version"]
    told = browser.post(url("drawing", visit), {"marks": "[]", "base": "", "key": "two"}).json()
    assert told["other"]["version"] == first["version"]
    assert len(told["other"]["marks"]) == len(marks)
    assert DrawingVersion.objects.count() == 2


@pytest.mark.parametrize("sent", ["{", '{"a": 1}', "[1]", '[{"zone": "zone.x", "side": "right"}]'])
def test_a_broken_drawing_is_refused_in_words(
    sent: str, drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    for headers in ({}, {"X-Requested-With": "fetch"}):
        response = browser_of(therapist, headers=headers).post(url("drawing", drawn), {"marks": sent})
        assert response.status_code == 422
    assert DrawingVersion.objects.count() == 1


def test_the_story_keeps_versions_and_tells_of_the_other_tab(
    visit: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist, headers={"X-Requested-With": "fetch"})
    first = browser.post(url("story", visit), {"text": "It began in May.", "base": "", "key": "1"}).json()
    assert first["other"] == ""
    same = browser.post(url("story", visit), {"text": "It began in May.", "base": "", "key": "2"}).json()
    assert same["version"] == first["version"], "nothing new, nothing written"
    second = browser.post(url("story", visit), {"text": "It began in June.", "base": "", "key": "3"}).json()
    assert second["other"] == "It began in May."
    assert Story.objects.count() == 2
    too_long = browser_of(therapist).post(url("story", visit), {"text": "x" * 20_001})
    assert too_long.status_code == 422
    assert "x" * 20_001 in too_long.content.decode(), "what was typed stays"


def stroke(visit: Visit, by: Member) -> None:
    for finding in ("exam.slurred_speech", "exam.facial_droop"):
        actions.record_finding(by=by, visit=visit, finding=finding, side="midline", state="present")


def test_an_alert_stays_until_it_is_answered_with_a_reason(
    drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    stroke(drawn, therapist)
    browser = browser_of(therapist)
    pages = [url(name, drawn) for name in ("encounter", "story", "exams")]
    pages += [reverse("people:client", args=[drawn.client_id])]
    for path in pages:
        assert 'class="alert alert-emergency"' in browser.get(path).content.decode(), path
    assert "Alert to answer" in browser.get("/").content.decode()
    at_hand = url("drawing", drawn)
    assert 'class="alert' not in browser.get(at_hand).content.decode(), "not on the page the client holds"
    flag = thinking.answer_for(drawn).alerts[0].flag
    path = url("alert", drawn, flag)
    page = browser.get(path).content.decode()
    assert all(words in page for words in ("What was found", "What to do now", "Words to say"))
    assert browser.post(path, {"decision": "referred", "reason": " "}).status_code == 422
    assert browser.post(path, {"decision": "ignore", "reason": "x"}).status_code == 422
    assert not AlertAnswer.objects.exists()
    for alert in thinking.answer_for(drawn).alerts:
        browser.post(url("alert", drawn, alert.flag), {"decision": "referred", "reason": "Ambulance called."})
    for path in pages:
        assert 'class="alert alert-emergency"' not in browser.get(path).content.decode(), path


def test_alerts_are_listed_by_rule_before_the_reasoner_is_built(
    drawn: Visit, therapist: Member, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    stroke(drawn, therapist)
    monkeypatch.setattr(thinking, "ready", lambda: False)
    monkeypatch.setattr(thinking, "consider", lambda picture: pytest.fail("Today waited for the reasoner."))
    assert "Alert to answer" in browser_of(therapist).get("/").content.decode()


def test_a_closed_visit_is_read_not_changed(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    browser.post(url("close_visit", drawn))
    page = browser.get(url("encounter", drawn)).content.decode()
    assert "can be read, not changed" in page
    assert 'class="taps"' not in page
    sent = {"finding": "exam.spurling", "side": "right", "result": "present"}
    assert browser_of(therapist, headers={"HX-Request": "true"}).post(url("record", drawn), sent).status_code == 409
    drawing = browser_of(therapist, headers={"X-Requested-With": "fetch"}).post(url("drawing", drawn), {"marks": "[]"})
    assert drawing.status_code == 409
    assert "closed" in drawing.json()["wrong"]
    assert not RecordedFinding.objects.exists()


def test_widening_shows_the_rest_and_says_what_is_not_a_muscle(
    drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist)
    few = browser.get(url("suspects", drawn)).content.decode().count("data-row=")
    many = browser.get(url("suspects", drawn), {"widen": "1"}).content.decode().count("data-row=")
    assert few <= 5 < many


def test_the_sheet_of_a_suspect_says_for_and_against(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    page = browser_of(therapist).get(url("suspect", drawn, *SOURCE)).content.decode()
    assert all(words in page for words in ("Supports", "Speaks against", "As a number", "Looks alike"))
    assert "confirmed" not in page


def test_the_pages_of_a_visit_lead_to_the_atlas(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    for path in (url("suspect", drawn, *SOURCE), url("exams", drawn) + "?show=exam.spurling"):
        (link,) = set(re.findall(r'href="(/atlas/[a-z]+\.[^"]+)"', browser.get(path).content.decode()))
        assert browser.get(link).status_code == 200


def test_no_page_carries_inline_style_or_script(drawn: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    for path in [p for m, p in every_path(drawn) if m == "get" and "alert" not in p]:
        page = browser.get(path).content.decode()
        assert " style=" not in page, path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), path


def test_trouble_in_the_atlas_is_said_on_the_page(
    drawn: Visit, therapist: Member, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tautband.clinic.charts.hour.atlas_trouble", lambda: ("muscle.x: unknown nerve",))
    page = browser_of(therapist).get(url("encounter", drawn)).content.decode()
    assert "The atlas has one error" in page
    assert "muscle.x: unknown nerve" in page


def test_what_could_not_be_used_is_said_by_name(
    drawn: Visit, therapist: Member, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = dataclasses.replace(thinking.answer_for(drawn), set_aside=(SetAside("exam.spurling", "unclear"),))
    monkeypatch.setattr(sys.modules["tautband.clinic.charts.views.encounter"], "consider", lambda picture: answer)
    page = browser_of(therapist).get(url("encounter", drawn)).content.decode()
    assert "One finding could not be used" in page
    assert re.search(r"<b>Spurling[^<]*</b>: unclear", page)


def test_ink_of_the_painter_is_kept_told_to_the_other_page_and_refused_with_the_reason(
    visit: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist, headers={"X-Requested-With": "fetch"})
    shin = Field.from_zones(["zone.leg.proximal_anterior/left"])
    ink = Ink((Coat(Says(Layer.PAIN, 7.0, ("burning",)), shin),))
    sent = {"ink": urlsafe_b64encode(encode(ink)).decode(), "base": "", "key": "one"}
    first = browser.post(url("drawing", visit), sent).json()
    assert browser.post(url("drawing", visit), sent).json() == first, "sent twice, kept once"
    assert [mark["zone"] for mark in first["marks"]] == ["zone.leg.proximal_anterior"]
    page = browser.get(url("drawing", visit)).content.decode()
    assert sent["ink"] in page, "the painter goes on from the ink"
    nothing = urlsafe_b64encode(encode(Ink())).decode()
    told = browser.post(url("drawing", visit), {"ink": nothing, "base": "", "key": "two"}).json()
    assert (told["marks"], told["other"]["ink"]) == ([], sent["ink"]), "both inks are on file"
    elsewhere = urlsafe_b64encode(encode(ink, "body-9")).decode()
    for wrong, reason in ((elsewhere, "body-9"), ("AAAA", "cut off"), ("AAA", "could not be read")):
        answer = browser.post(url("drawing", visit), {"ink": wrong, "key": wrong})
        assert answer.status_code == 422, wrong
        assert reason in answer.json()["wrong"], wrong
    assert DrawingVersion.objects.count() == 2
