"""Every look at client data leaves one trace in the chain of the chart, and only one while somebody works on it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tautband.clinic.audit.log import verify
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people import actions, reads
from tautband.clinic.people.models import Client, Member


@pytest.fixture(autouse=True)
def nobody_looked_yet() -> Iterator[None]:
    reads.forget()
    yield
    reads.forget()


def looks(client: Client) -> list[tuple[str, str, str]]:
    events = AuditEvent.objects.filter(chart=client.chart_key, verb__in=(reads.LOOKED, reads.DETAILS))
    return [(event.by_name, event.verb, event.target) for event in events]


def test_a_look_is_written_once(maras_client: Client, owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser, path = browser_of(owner), reverse("people:client", args=[maras_client.pk])
    for _ in range(3):
        assert browser.get(path).status_code == 200
    assert looks(maras_client) == [("Mara Quinn", "chart.read", "page/people:client")]
    browser.get(reverse("people:edit_client", args=[maras_client.pk]))
    assert len(looks(maras_client)) == 2  # another page is another look
    assert verify(maras_client.chart_key).intact


def test_a_look_a_quarter_of_an_hour_later_is_another(
    maras_client: Client, owner: Member, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = browser_of(owner), reverse("people:client", args=[maras_client.pk])
    clock = [1000.0]
    monkeypatch.setattr(reads.time, "monotonic", lambda: clock[0])
    browser.get(path)
    clock[0] += reads.ONE_LOOK_S - 1
    browser.get(path)
    assert len(looks(maras_client)) == 1
    clock[0] += 2
    browser.get(path)
    assert len(looks(maras_client)) == 2


def test_the_owner_sees_contact_and_that_is_what_is_written(
    daniels_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser_of(owner).get(reverse("people:client", args=[daniels_client.pk]))
    assert looks(daniels_client) == [("Mara Quinn", "details.read", "page/people:client")]


def test_a_closed_door_is_no_look(maras_client: Client, therapist: Member, browser_of: Callable[..., Browser]) -> None:
    assert browser_of(therapist).get(reverse("people:client", args=[maras_client.pk])).status_code == 403
    assert looks(maras_client) == []


def test_a_list_stands_in_the_chain_of_the_practice(
    maras_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(owner)
    browser.get(reverse("people:clients"))
    browser.get(reverse("people:clients"), {"q": "ing"})
    assert AuditEvent.objects.filter(chart="practice", verb="clients.listed").count() == 1


def test_the_second_look_costs_no_query(
    maras_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser, path = browser_of(owner), reverse("people:client", args=[maras_client.pk])
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        browser.get(path)
    assert not [query for query in asked if "INSERT" in query["sql"] and "audit" in query["sql"]]


def test_a_record_that_cannot_be_written_is_still_shown(
    maras_client: Client,
    owner: Member,
    browser_of: Callable[..., Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import OperationalError

    def full(**_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(reads, "record", full)
    browser, path = browser_of(owner), reverse("people:client", args=[maras_client.pk])
    assert browser.get(path).status_code == 200
    monkeypatch.undo()
    browser.get(path)
    assert len(looks(maras_client)) == 1  # the one that failed was not taken as written


def test_who_looked_is_told_in_words(
    maras_client: Client, owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    actions.share_chart(by=owner, client=maras_client, member=therapist)
    browser_of(therapist).get(reverse("people:client", args=[maras_client.pk]))
    page = browser_of(owner).get(reverse("people:chart_traces", args=[maras_client.pk])).content.decode()
    assert "Daniel Okafor" in page
    assert "Looked at the chart: the client’s page" in page
    mine = browser_of(owner).get(reverse("people:all_traces"), {"by": therapist.audit_key, "kind": "looked"})
    assert "Looked at the chart" in mine.content.decode()
    assert "Chart shared" not in mine.content.decode()
    nobody = browser_of(owner).get(reverse("people:all_traces"), {"since": "2100-01-01"}).content.decode()
    assert "Nobody left a trace" in nobody
    table = browser_of(owner).get(reverse("people:all_traces"), {"form": "csv"})
    assert "Daniel Okafor" in table.content.decode()
    assert table["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("words", [{"since": "no day"}, {"by": "user/999"}, {"kind": "\x00"}, {"page": "minus one"}])
def test_any_filter_gets_a_page(words: dict[str, str], owner: Member, browser_of: Callable[..., Browser]) -> None:
    assert browser_of(owner).get(reverse("people:all_traces"), words).status_code == 200
