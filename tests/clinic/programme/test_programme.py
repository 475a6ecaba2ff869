"""A programme from choosing to the next visit: the therapist gives it, the client lives with it, the diary is read."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit.log import verify
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member
from tautband.clinic.programme import actions, diary
from tautband.clinic.programme.models import ProgrammeVersion
from tautband.clinic.programme.offer import Body
from tautband.knowledge import atlas
from tautband.planning.home import HomeChoice, amount_of
from tautband.terms.sides import Side


def choice(name: str, side: Side = Side.RIGHT, softer: str = "") -> HomeChoice:
    """One thing at its usual dose."""
    record = atlas().record(f"selfcare.{name}")
    softer = softer and f"selfcare.{softer}"
    return HomeChoice(name, record.id, side, amount_of(record.dose), why=("muscle.infraspinatus",), softer=softer)  # type: ignore[union-attr]


@pytest.fixture
def given(therapist: Member, visit: Visit) -> ProgrammeVersion:
    """Two things given at a visit."""
    body = Body(10, (choice("infraspinatus_ball", softer="self_hug"), choice("cross_body", Side.LEFT, "pendulum")))
    return actions.save_programme(by=therapist, visit=visit, body=body.as_json(), seen=0, given=True)


def test_a_programme_is_given_and_lived_with(
    therapist: Member,
    visit: Visit,
    given: ProgrammeVersion,
    browser_of: Callable[..., Browser],
    phone_of: Callable[[Client], Browser],
) -> None:
    client = visit.client
    desk, phone = browser_of(therapist), phone_of(client)
    page = desk.get(reverse("programme:home", args=[visit.pk]))
    assert page.status_code == 200, page.content.decode()[:500]
    assert "Given for home" in page.content.decode()
    today = phone.get(reverse("programme:mine")).content.decode()
    assert "Leaning on a ball behind your shoulder" in today
    card = phone.get(reverse("programme:thing", args=["cross_body"])).content.decode()
    assert "Bring your left arm across your chest" in card, "an exercise for the left reads for the left"
    say = reverse("programme:say", args=["cross_body"])
    assert phone.post(say, {"kind": "done", "key": "k1"})["Location"].endswith("/done/")
    phone.post(say, {"kind": "hurts", "how": "pinched", "key": "k2"})
    out = phone.get(reverse("programme:thing", args=["cross_body"])).content.decode()
    softer = atlas().record("selfcare.pendulum").name.plain
    assert "Taken out for now" in out
    assert softer in out.lower(), "a softer one is offered"
    assert [word.thing for word in diary.waiting(client)] == ["cross_body"]
    told = desk.get(reverse("people:today")).content.decode()
    assert client.name in told
    assert "It pinched" in told
    assert verify(client.chart_key)
