"""A client's drawings by date: ink counts in the comparison, files come back exactly, a bad file says why."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader
from tests.clinic.conftest import NOW

from tautband.clinic.charts import actions
from tautband.clinic.charts.drawings import sheets_of
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.since import since_last_time
from tautband.clinic.people.models import Client, Member
from tautband.findings import Layer
from tautband.findings.ink import Coat, Ink, Says, decode, encode, unpack
from tautband.surface import Field, body, landmark_vertex, zone
from tautband.terms.sides import Side

pytestmark = pytest.mark.django_db


def spot(landmark: str, radius_m: float) -> Field:
    """Skin around a landmark of the left side."""
    b = body()
    near = np.linalg.norm(b.points_m - b.points_m[landmark_vertex(landmark, Side.LEFT)], axis=1) < radius_m
    return Field.from_dense(np.where(near, 255, 0))


def painted(radius_m: float, intensity: float) -> Ink:
    return Ink((Coat(Says(Layer.PAIN, intensity, ("burning",), "deep", True), spot("paraspinal_l3", radius_m)),))


@pytest.fixture
def two_dates(owner: Member, maras_client: Client) -> Visit:
    """A painted spot of the low back that shrank and eased within its zone, two weeks apart."""
    for days, ink in ((14, painted(0.028, 8)), (0, painted(0.018, 4))):
        at = NOW - timedelta(days=days)
        visit = actions.open_visit(by=owner, client=maras_client, at=at)
        actions.save_drawing(by=owner, visit=visit, ink=encode(ink), at=at)
        if days:
            actions.close_visit(by=owner, visit=visit, at=at)
    return visit


def test_ink_counts_in_the_comparison_not_the_zones_it_lies_in(two_dates: Visit) -> None:
    found = since_last_time(two_dates)
    assert found is not None
    difference = found.layers[0].difference
    assert difference.before_cm2 == pytest.approx(spot("paraspinal_l3", 0.028).covered_cm2)
    assert difference.after_cm2 == pytest.approx(spot("paraspinal_l3", 0.018).covered_cm2)
    assert difference.gone.covered_cm2 == pytest.approx(difference.before_cm2 - difference.after_cm2)
    assert difference.weaker.covered_cm2 == pytest.approx(difference.after_cm2), "8 became 4 all over"
    assert difference.before_cm2 < 0.9 * zone("zone.back.l2_l3/left").area_cm2 + 1
    assert "mk-pain" in found.was
    assert found.layers[0].verdict.split(":")[0] in ("Changed", "Not proven", "Nothing to conclude")


def test_a_painted_and_a_tapped_drawing_are_compared_by_their_zones(two_dates: Visit, owner: Member) -> None:
    marks = sheets_of(two_dates.client)[1].rows
    actions.save_drawing(by=owner, visit=two_dates, marks=marks, ink=None)
    two_dates.drawings.filter(pk=two_dates.drawings.first().pk).update(ink=b"")
    found = since_last_time(two_dates)
    assert found is not None
    assert found.unchanged


def test_any_two_dates_are_compared_and_home_is_among_them(two_dates: Visit, owner: Member, browser_of: Any) -> None:
    client = two_dates.client
    home = actions.save_home_drawing(by=client, client=client, ink=encode(painted(0.02, 5)), at=NOW + timedelta(days=1))
    page = browser_of(owner).get(reverse("charts:drawings", args=[client.pk])).content.decode()
    assert "at home" in page
    assert f'value="home-{home.pk}" selected' in page, "the newest is the later one"
    oldest = sheets_of(client)[-1]
    told = browser_of(owner).get(
        reverse("charts:drawings", args=[client.pk]), {"before": oldest.key, "after": f"home-{home.pk}"}
    )
    assert told.context["since"].days == 15


def files(owner: Member, client: Client, browser_of: Any) -> dict[str, bytes]:
    browser, key = browser_of(owner), sheets_of(client)[0].key
    urls = {e: reverse("charts:drawing_file", args=[client.pk, key, e]) for e in ("json", "csv", "svg", "png", "pdf")}
    answers = {ending: browser.get(url) for ending, url in urls.items()}
    assert all("attachment" in answer["Content-Disposition"] for answer in answers.values())
    return {ending: answer.content for ending, answer in answers.items()}


def test_every_file_says_the_same_and_json_comes_back_exactly(two_dates: Visit, owner: Member, browser_of: Any) -> None:
    client = two_dates.client
    kept = files(owner, client, browser_of)
    assert kept["csv"].decode("utf-8-sig").splitlines()[1].startswith("pain,zone.back.")
    assert kept["svg"].startswith(b"<svg")
    assert b"burning" in kept["svg"]
    assert kept["png"].startswith(b"\x89PNG")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(kept["pdf"])).pages)
    assert "burning" in text
    assert "Ingrid Solheim" in text
    before = two_dates.drawings.first()
    browser = browser_of(owner)
    answer = browser.post(
        reverse("charts:drawings", args=[client.pk]),
        {"file": SimpleUploadedFile("d.json", kept["json"]), "drawn_by": "client", "key": "bring"},
    )
    assert answer.status_code == 302
    after = two_dates.drawings.first()
    assert after.pk != before.pk
    assert after.marks == before.marks
    assert unpack(after.ink) == unpack(before.ink) == painted(0.018, 4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda whole: whole.update(surface="body-9"), "body-9"),
        (lambda whole: whole.update(format="other"), "no drawing"),
        (lambda whole: whole.update(ink="!!"), "cannot be read"),
        (lambda whole: (whole.pop("ink"), whole.update(marks=[{"zone": "zone.moon", "side": "left"}])), "zone.moon"),
        (lambda whole: (whole.pop("ink"), whole.update(marks=[])), "Nothing is drawn"),
        (lambda whole: (whole.pop("ink"), whole.pop("marks"), whole.update(layers={"joy": {"field": ""}})), "joy"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_changes_nothing(
    two_dates: Visit, owner: Member, browser_of: Any, change: Any, reason: str
) -> None:
    whole = json.loads(files(owner, two_dates.client, browser_of)["json"])
    change(whole)
    count = two_dates.drawings.count()
    sent = {"file": SimpleUploadedFile("d.json", json.dumps(whole).encode()), "drawn_by": "client"}
    answer = browser_of(owner).post(reverse("charts:drawings", args=[two_dates.client.pk]), sent)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert two_dates.drawings.count() == count


def test_layers_of_another_program_become_ink(two_dates: Visit, owner: Member, browser_of: Any) -> None:
    whole = json.loads(files(owner, two_dates.client, browser_of)["json"])
    del whole["ink"], whole["marks"]
    sent = {"file": SimpleUploadedFile("d.json", json.dumps(whole).encode()), "drawn_by": "therapist"}
    assert browser_of(owner).post(reverse("charts:drawings", args=[two_dates.client.pk]), sent).status_code == 302
    (coat,) = unpack(two_dates.drawings.first().ink).coats
    assert (coat.says.intensity, coat.says.quality) == (4, ("burning",))
    assert coat.field == spot("paraspinal_l3", 0.018)
    assert decode(encode(Ink((coat,)))) == Ink((coat,))


def test_without_an_open_visit_nothing_is_brought_in(owner: Member, maras_client: Client, browser_of: Any) -> None:
    sent = {"file": SimpleUploadedFile("d.json", b"{}"), "drawn_by": "client"}
    answer = browser_of(owner).post(reverse("charts:drawings", args=[maras_client.pk]), sent)
    assert answer.status_code == 422
    assert "No visit is open" in answer.content.decode()
