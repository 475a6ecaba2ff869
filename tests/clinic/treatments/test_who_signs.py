"""An assistant records; somebody who treats signs. Notes are kept apart where the practice says so."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts.actions import open_visit
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.queries import may_write_note


@pytest.fixture
def assistant(owner: Member, maras_client: Client) -> Member:
    """Kim, who helps on Mara's charts."""
    member = people.add_member(by=owner, display_name="Kim Aalto", login="kim", role="assistant")
    people.share_chart(by=owner, client=maras_client, member=member)
    return member


def test_an_assistant_does_not_sign_and_the_therapist_does(
    assistant: Member, owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    visit = open_visit(by=assistant, client=maras_client)
    assert may_write_note(assistant, visit)
    assert may_write_note(owner, visit)
    page = browser_of(assistant).get(reverse("treatments:note", args=[visit.pk])).content.decode()
    assert "treats signs this note" in page
    assert browser_of(assistant).post(reverse("treatments:sign", args=[visit.pk])).status_code == 403
    with pytest.raises(actions.MayNotSign):
        actions.sign_note(by=assistant, visit=visit, seen=1)
    assert "Sign as Mara Quinn" in browser_of(owner).get(reverse("treatments:note", args=[visit.pk])).content.decode()


def test_a_colleague_reads_no_visit_of_another_where_notes_are_kept_apart(
    therapist: Member, owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    people.share_chart(by=owner, client=maras_client, member=therapist)
    visit = open_visit(by=owner, client=maras_client)
    path = reverse("treatments:note", args=[visit.pk])
    assert browser_of(therapist).get(path).status_code == 200
    Practice.objects.update(own_notes_only=True)
    assert browser_of(therapist).get(path).status_code == 403
    assert browser_of(owner).get(path).status_code == 200
