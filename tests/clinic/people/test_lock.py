"""A screen left alone shows nothing; whoever is signed in opens it again, and nothing typed is lost."""

import time
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.people import lock, slots
from tautband.clinic.people.demo import create_demo_practice
from tautband.clinic.people.models import Client, Member

real_time = time.time
PASSWORD = "a violin in the rain"


@pytest.fixture
def browser(owner: Member, browser_of: Callable[..., Browser]) -> Browser:
    """Mara's, just used."""
    browser = browser_of(owner)
    assert browser.get("/").status_code == 200
    return browser


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = real_time() + seconds
    monkeypatch.setattr(lock.time, "time", lambda: now)


def test_after_a_quarter_of_an_hour_every_page_is_the_lock(
    browser: Browser, maras_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, lock.IDLE_S - 5)
    assert browser.get("/clients/").status_code == 200  # a touch: counted anew from here
    later(monkeypatch, 2 * lock.IDLE_S - 60)
    page = reverse("people:client", args=[maras_client.pk])
    assert browser.get(page).status_code == 200
    later(monkeypatch, 4 * lock.IDLE_S)
    shut = browser.get(page)
    assert shut["Location"].startswith(reverse("people:lock"))
    text = browser.get(shut["Location"]).content.decode()
    assert "Mara Quinn, your work is where you left it" in text
    assert maras_client.name not in text
    opened = browser.post(reverse("people:lock"), {"password": PASSWORD, "next": page})
    assert opened["Location"] == page
    assert browser.get(page).status_code == 200


def test_locked_by_hand_it_stays_locked_until_the_password(browser: Browser) -> None:
    assert "Locked" in browser.post(reverse("people:lock"), {"now": "1"}).content.decode()
    assert browser.get("/").status_code == 302
    assert browser.post(reverse("people:lock"), {"password": "guess"}).status_code == 422
    assert browser.get("/").status_code == 302
    assert browser.get(reverse("people:lock_state")).status_code == 423
    assert browser.post(reverse("people:lock"), {"password": PASSWORD})["Location"] == "/"
    assert browser.get(reverse("people:lock_state")).status_code == 204


def test_guesses_are_slowed(browser: Browser) -> None:
    browser.post(reverse("people:lock"), {"now": "1"})
    codes = [browser.post(reverse("people:lock"), {"password": f"guess {n}"}).status_code for n in range(12)]
    assert codes[0] == 422
    assert codes[-1] == 429
    assert browser.post(reverse("people:lock"), {"password": PASSWORD}).status_code == 429  # the right one waits too


def test_a_form_sent_while_locked_gives_its_text_back_and_saves_nothing(browser: Browser) -> None:
    browser.post(reverse("people:lock"), {"now": "1"})
    answer = browser.post(reverse("people:new_client"), {"name": "Joe Abara", "notes": "stairs up"})
    assert answer.status_code == 403
    assert "stairs up" in answer.content.decode()
    assert not Client.objects.exists()
    part = browser.post(reverse("people:new_client"), {"name": "Joe"}, headers={"hx-request": "true"})
    assert part.status_code == 401


def test_the_lock_leads_nowhere_else(browser: Browser) -> None:
    browser.post(reverse("people:lock"), {"now": "1"})
    answer = browser.post(reverse("people:lock"), {"password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_the_demo_never_locks(browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_histories", [])
    browser = browser_of(create_demo_practice())
    browser.get("/")
    later(monkeypatch, 10 * lock.IDLE_S)
    assert browser.get("/").status_code == 200
