"""What needs no password opens on the computer itself, and for nobody else in the room's network."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.people import slots
from tautband.clinic.people.demo import create_demo_practice
from tautband.clinic.people.models import Member, Practice

pytestmark = pytest.mark.django_db
FAR: list[dict[str, Any]] = [
    {"REMOTE_ADDR": "192.168.1.23"},
    {"REMOTE_ADDR": "fe80::1"},
    {"REMOTE_ADDR": ""},
    {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
    {"REMOTE_ADDR": "::1", "HTTP_FORWARDED": "for=203.0.113.9"},
]
FOUND = {"practice_name": "P", "owner_name": "M", "login": "m", "password": "a violin in the rain"}


@pytest.mark.parametrize("far", FAR)
def test_from_the_network_nobody_founds_a_practice_or_starts_the_demo(far: dict[str, Any]) -> None:
    stranger = Browser(**far)
    assert stranger.get(reverse("people:first_visit")).status_code == 403
    assert stranger.post(reverse("people:first_visit"), FOUND).status_code == 403
    assert stranger.post(reverse("people:start_demo")).status_code == 403
    assert not Practice.objects.exists()


@pytest.fixture
def demo_practice(monkeypatch: pytest.MonkeyPatch) -> Member:
    """The demo practice with its clients; what the rooms above write for them takes long and opens no door."""
    monkeypatch.setattr(slots, "_histories", [])
    return create_demo_practice()


@pytest.mark.usefixtures("demo_practice")
@pytest.mark.parametrize("far", FAR)
def test_from_the_network_the_demo_opens_for_nobody(far: dict[str, Any]) -> None:
    stranger = Browser(**far)
    answer = stranger.post(reverse("people:open_demo"))
    assert answer.status_code == 403
    assert "opens on the computer itself" in answer.content.decode()
    assert stranger.get("/").status_code == 302


@pytest.mark.usefixtures("demo_practice")
def test_on_the_computer_it_does() -> None:
    for here in ("127.0.0.1", "::1"):
        assert Browser(REMOTE_ADDR=here).post(reverse("people:open_demo"))["Location"] == "/"


def test_a_sign_in_with_a_password_is_possible_from_the_tablet(owner: Member) -> None:
    tablet = Browser(REMOTE_ADDR="192.168.1.23")
    answer = tablet.post(reverse("account_login"), {"login": "mara", "password": "a violin in the rain"})
    assert answer["Location"] == "/"
