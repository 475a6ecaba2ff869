"""The grids: one tap a result, values asked about and kept, last time visible, colleagues never overwritten unseen."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts import actions, gridding
from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Client, Member
from tautband.knowledge import atlas
from tautband.knowledge.records import Exam

ROTATION, FLEXION = "exam.rom.neck.rotation", "exam.rom.neck.flexion"


@pytest.fixture
def visit(owner: Member, maras_client: Client) -> Visit:
    return actions.open_visit(by=owner, client=maras_client)


@pytest.fixture
def desk(owner: Member, browser_of: Any) -> Browser:
    browser: Browser = browser_of(owner)
    return browser


def send(desk: Browser, visit: Visit, panel: str = "rom", **sent: Any) -> Any:
    wanted = {"region": "neck", "panel": panel, **sent}
    return desk.post(reverse("charts:grid", args=[visit.pk]), wanted)


def now(visit: Visit) -> dict[tuple[str, str], RecordedFinding]:
    return {(row.finding, row.side): row for row in visit.findings.filter(ended_at=None)}


def exam(id: str) -> Exam:
    found = atlas().records[id]
    assert isinstance(found, Exam)
    return found


def test_a_tap_records_and_the_same_tap_takes_it_back(desk: Browser, visit: Visit) -> None:
    tap = gridding.tap(ROTATION, "left", "present")
    send(desk, visit, tap=tap)
    assert now(visit)[ROTATION, "left"].state == "present"
    page = desk.get(reverse("charts:grid", args=[visit.pk]), {"region": "neck", "panel": "rom"}).content.decode()
    assert f'value="{tap}" aria-pressed="true"' in page
    send(desk, visit, tap=tap)
    assert now(visit) == {}


def test_a_value_is_kept_with_the_next_tap_and_told_beside_its_norm(desk: Browser, visit: Visit) -> None:
    send(desk, visit, **{f"v|{ROTATION}|right": "54", f"v|{FLEXION}|midline": "", "tap": ""})
    row = now(visit)[ROTATION, "right"]
    assert (row.value, row.unit, row.state) == (54, "deg", "unknown")
    send(desk, visit, **{f"v|{ROTATION}|right": "54", "tap": gridding.tap(ROTATION, "right", "present")})
    row = now(visit)[ROTATION, "right"]
    assert (row.value, row.state) == (54, "present")
    page = desk.get(reverse("charts:grid", args=[visit.pk]), {"region": "neck", "panel": "rom"}).content.decode()
    assert "Below 70 to 90 (usual teaching)." in page


def test_a_value_that_nobody_has_is_asked_about_and_kept(desk: Browser, visit: Visit) -> None:
    asked = send(desk, visit, **{f"v|{ROTATION}|right": "170"})
    assert asked.status_code == 409
    assert "far outside" in asked.content.decode()
    assert now(visit) == {}
    send(desk, visit, sure="1", **{f"v|{ROTATION}|right": "170"})
    assert now(visit)[ROTATION, "right"].value == 170


def test_a_number_that_is_none_stands_in_its_field_with_the_reason_and_the_rest_is_kept(
    desk: Browser, visit: Visit
) -> None:
    fields = {f"v|{ROTATION}|right": "5o", f"v|{ROTATION}|left": "61", f"v|{FLEXION}|midline": "900"}
    answer = send(desk, visit, tap=gridding.tap(FLEXION, "midline", "present"), **fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "2 values could not be kept" in text
    assert 'value="5o"' in text
    assert 'value="900"' in text
    assert "“5o” is no number" in text
    assert (now(visit)[ROTATION, "left"].value, now(visit)[FLEXION, "midline"].state) == (61, "present")
    assert (ROTATION, "right") not in now(visit)
    asked = send(desk, visit, **{f"v|{ROTATION}|right": "170"}).content.decode()
    assert asked.count('value="170"') == 2  # in the question, and still in its field


def test_strength_and_grades_are_one_tap(desk: Browser, visit: Visit) -> None:
    shrug, tone = "exam.strength.scapula_elevation", "exam.tone.scalenes"
    send(desk, visit, "strength", tap=gridding.tap(shrug, "right", "present", "4 less"))
    send(desk, visit, "tone", tap=gridding.tap(tone, "left", "present", "firm"))
    rows = now(visit)
    assert (rows[shrug, "right"].value, rows[shrug, "right"].unit) == (4, "/5")
    assert gridding.grade_of(exam(shrug), rows[shrug, "right"]) == "4 less"
    assert gridding.grade_of(exam(tone), rows[tone, "left"]) == "firm"
    assert gridding.state_of(exam(tone), "as usual") == "absent"
    assert gridding.state_of(exam(tone), "soft") == "present"


def test_copying_forward_says_whence_and_never_copies_a_measured_value(
    desk: Browser, visit: Visit, owner: Member, maras_client: Client
) -> None:
    tone = "exam.tone.scalenes"
    send(desk, visit, "tone", tap=gridding.tap(tone, "left", "present", "firm"))
    send(desk, visit, **{f"v|{ROTATION}|right": "54"})
    actions.close_visit(by=owner, visit=visit)
    again = actions.open_visit(by=owner, client=maras_client)
    send(desk, again, "tone", copy="1")
    send(desk, again, "rom", copy="1")
    row = now(again)[tone, "left"]
    assert "As at visit 1" in row.note
    assert gridding.grade_of(exam(tone), row) == "firm"
    assert (ROTATION, "right") not in now(again)
    send(desk, again, **{f"v|{ROTATION}|right": "70"})
    page = desk.get(reverse("charts:grid", args=[again.pk]), {"region": "neck", "panel": "rom"}).content.decode()
    assert "+16 since last time, more than measuring differs" in page


def test_a_sign_on_the_other_side_is_asked_about(
    desk: Browser, visit: Visit, owner: Member, maras_client: Client
) -> None:
    send(desk, visit, tap=gridding.tap(ROTATION, "right", "present"))
    actions.close_visit(by=owner, visit=visit)
    again = actions.open_visit(by=owner, client=maras_client)
    send(desk, again, tap=gridding.tap(ROTATION, "left", "present"))
    one = gridding.sheet(again, "neck", "rom").moved[0]
    assert (one.was, one.now) == ("right", "left")
    send(desk, again, tap=one.moved)
    assert now(again)[ROTATION, "right"].state == "absent"
    assert gridding.sheet(again, "neck", "rom").moved == ()


def test_two_therapists_do_not_overwrite_each_other_unseen(
    desk: Browser, visit: Visit, owner: Member, therapist: Member, maras_client: Client
) -> None:
    people.share_chart(by=owner, client=maras_client, member=therapist)
    tap = gridding.tap(ROTATION, "right", "present")
    actions.record_finding(by=therapist, visit=visit, finding=ROTATION, side="right", state="absent")
    asked = send(desk, visit, tap=tap, base="0")
    assert asked.status_code == 409
    assert "Daniel Okafor has just recorded" in asked.content.decode()
    assert now(visit)[ROTATION, "right"].state == "absent"
    send(desk, visit, tap=tap, base="0", sure="1")
    assert now(visit)[ROTATION, "right"].by == owner


def test_every_panel_of_every_region_can_be_opened(visit: Visit) -> None:
    for region in gridding.REGIONS:
        for panel in gridding.sheet(visit, region, "").done:
            assert gridding.sheet(visit, region, panel).lines, (region, panel)


def test_what_is_no_button_is_refused_in_words(desk: Browser, visit: Visit) -> None:
    assert send(desk, visit, tap="exam.nothing|left|present").status_code == 302
    assert send(desk, visit, tap="x").status_code == 302
    assert send(desk, visit, **{f"v|{ROTATION}|right": "abc"}).status_code == 422
    assert now(visit) == {}


def test_what_was_found_is_tested_again_in_few_taps_and_says_whence(
    desk: Browser, visit: Visit, owner: Member, maras_client: Client
) -> None:
    rotation = exam(ROTATION)
    for finding, side, more in (
        ("exam.painful_arc", "right", {}),
        ("exam.palpation.taut_band", "right", {"of": "muscle.infraspinatus"}),
        (ROTATION, "left", {"value": 55, "unit": rotation.unit}),
    ):
        actions.record_finding(by=owner, visit=visit, finding=finding, side=side, state="present", **more)
    actions.save_drawing(
        by=owner, visit=visit, marks=[{"zone": "zone.neck.side_upper", "side": "left", "layer": "pain"}]
    )
    actions.close_visit(by=owner, visit=visit)
    later = actions.open_visit(by=owner, client=maras_client)
    url = reverse("charts:retest", args=[later.pk])
    assert "Last time: positive, 55 deg." in desk.get(url).content.decode()
    answer = desk.post(url, {"key": "k"}, follow=True).content.decode()
    assert "2 results as last time" in answer  # what was measured is measured again
    held = now(later)
    assert (ROTATION, "left") not in held
    assert held["exam.painful_arc", "right"].note.startswith("As at visit 1, ")
    assert held["exam.palpation.taut_band", "right"].of == "muscle.infraspinatus"
    again = {"finding": ROTATION, "side": "left", "from": "retest", "unit": rotation.unit, "value": "68"}
    row = desk.post(
        reverse("charts:record", args=[later.pk]),
        {**again, "result": "absent", "last": visit.findings.get(finding=ROTATION).pk},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'value="68"' in row
    story = reverse("charts:story", args=[later.pk])
    assert "Felt as at visit 1" in desk.get(story).content.decode()
    for _twice in range(2):
        desk.post(reverse("charts:repeat_drawing", args=[later.pk]), {"key": "d"})
    assert later.drawings.get().marks == visit.drawings.get().marks
    assert "As at visit 1, " in desk.get(story).content.decode()
