"""A client draws at home; the therapist is offered it and goes on from it; nobody draws in another's name."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions, queries
from tautband.clinic.charts.models import HomeDrawing, Visit
from tautband.clinic.charts.mounting import document_of
from tautband.clinic.charts.views import home_drawing
from tautband.clinic.people.models import Client, Member
from tautband.findings import BadFinding

pytestmark = pytest.mark.django_db
Marks = list[dict[str, Any]]


def post_as(client: Client, **fields: str) -> HttpResponse:
    """What the client's own page does with a post of the script."""
    request = RequestFactory().post("/my/draw/", fields, headers={"X-Requested-With": "fetch"})
    return home_drawing(request, client, template="charts/drawing_sheet.html", next_url="/my/")


def test_a_home_drawing_is_kept_once_and_another_device_is_told(daniels_client: Client, marks: Marks) -> None:
    sent = {"marks": json.dumps(marks), "key": "one", "base": ""}
    first = json.loads(post_as(daniels_client, **sent).content)
    assert json.loads(post_as(daniels_client, **sent).content)["version"] == first["version"], "a repeat is one version"
    other = json.loads(post_as(daniels_client, marks="[]", key="two", base="").content)
    assert other["other"]["version"] == first["version"]
    assert len(other["other"]["marks"]) == len(marks)
    event = AuditEvent.objects.filter(verb="home_drawing.saved").first()
    assert event is not None
    assert event.by == daniels_client.audit_key


def test_what_cannot_be_read_is_refused_in_words(daniels_client: Client) -> None:
    for fields in ({"marks": "{"}, {"ink": "a"}, {"marks": '[{"zone": "zone.moon", "side": "left"}]'}):
        answer = post_as(daniels_client, **fields)
        assert answer.status_code == 422
        assert json.loads(answer.content)["wrong"]
    assert not HomeDrawing.objects.exists()


def test_nobody_draws_in_another_clients_name(daniels_client: Client, maras_client: Client, marks: Marks) -> None:
    with pytest.raises(BadFinding):
        actions.save_home_drawing(by=daniels_client, client=maras_client, marks=marks)


def test_a_visit_begins_with_the_drawing_from_home_when_asked(
    visit: Visit, therapist: Member, daniels_client: Client, marks: Marks, browser_of: Any
) -> None:
    actions.save_home_drawing(by=daniels_client, client=daniels_client, marks=marks[:1])
    last = actions.save_home_drawing(by=daniels_client, client=daniels_client, marks=marks)
    assert queries.home_drawings(daniels_client) == [last], "the last of the day counts"
    assert queries.home_drawing_to_take(visit) == last
    browser = browser_of(therapist)
    assert "Drawn at home" in browser.get(reverse("charts:drawing", args=[visit.pk])).content.decode()
    assert visit.drawings.count() == 0, "nothing enters a visit unasked"
    browser.post(reverse("charts:take_home_drawing", args=[visit.pk]), {"home": last.pk, "key": "taken"})
    taken = visit.drawings.get()
    assert (taken.marks, taken.drawn_by, taken.home) == (last.marks, "client", last)
    assert queries.home_drawing_to_take(visit) is None


def test_a_document_from_a_sheet_reads_back_the_same(marks: Marks) -> None:
    found = document_of({"marks": marks, "ink": ""})
    assert [row["zone"] for row in found.rows] == [mark["zone"] for mark in marks]
    assert "zone.hand.thumb_palmar/right" in found.zones
    assert document_of({}).rows == []


def test_the_sheet_holds_nothing_of_any_client(therapist: Member, browser_of: Any) -> None:
    page = browser_of(therapist).get(reverse("charts:drawing_sheet"))
    assert page.status_code == 200
    text = page.content.decode()
    assert 'data-drawing="sheet"' in text
    assert "csrfmiddlewaretoken" not in text
