"""Colleagues on one tablet: each signs in once and comes back with a PIN, to their own session and no other."""

from django.contrib.auth import get_user_model
from django.test import Client as Browser

from tautband.clinic.people import actions
from tautband.clinic.people.models import Member

MARAS, DANIELS = "482913", "739104"


def shared_tablet(owner: Member, therapist: Member) -> Browser:
    """Mara signed in and switched, then Daniel signed in."""
    actions.set_pin(by=owner, password=MARAS)
    actions.set_pin(by=therapist, password=DANIELS)
    browser = Browser()
    browser.force_login(owner.user)
    browser.get("/settings/")
    assert browser.post("/switch/", {"leave": "1"})["Location"] == "/switch/"
    assert "tautband_session" not in browser.cookies or not browser.cookies["tautband_session"].value
    assert browser.get("/settings/").status_code == 302
    parked = browser.cookies["tautband_parked"]
    assert parked["httponly"]
    del browser.cookies["tautband_session"]
    browser.force_login(therapist.user)
    return browser


def signed_in_as(browser: Browser) -> Member | None:
    request = browser.get("/settings/").wsgi_request
    return getattr(request, "member", None)


def test_each_comes_back_to_their_own_session(owner: Member, therapist: Member) -> None:
    browser = shared_tablet(owner, therapist)
    assert signed_in_as(browser) == therapist
    assert browser.post("/switch/", {"who": owner.pk, "pin": DANIELS}).status_code == 422
    assert signed_in_as(browser) == therapist
    assert browser.post("/switch/", {"who": owner.pk, "pin": MARAS})["Location"] == "/"
    assert signed_in_as(browser) == owner
    assert browser.get("/settings/").status_code == 200
    assert "Daniel Okafor" in browser.get("/switch/").content.decode()
    assert browser.post("/switch/", {"who": therapist.pk, "pin": DANIELS})["Location"] == "/"
    assert signed_in_as(browser) == therapist


def test_a_pin_opens_nothing_where_its_owner_never_signed_in(owner: Member, therapist: Member) -> None:
    actions.set_pin(by=owner, password=MARAS)
    other = Browser()
    other.force_login(therapist.user)
    assert other.post("/switch/", {"who": owner.pk, "pin": MARAS}).status_code == 422
    assert signed_in_as(other) == therapist
    forged = Browser()
    forged.cookies["tautband_parked"] = "WzFd:forged"
    assert forged.get("/switch/").status_code == 302


def test_an_ended_or_changed_sign_in_and_too_many_tries_stay_out(owner: Member, therapist: Member) -> None:
    browser = shared_tablet(owner, therapist)
    answers = [browser.post("/switch/", {"who": owner.pk, "pin": "111111"}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert browser.post("/switch/", {"who": owner.pk, "pin": MARAS}).status_code == 429
    user = get_user_model().objects.get(pk=owner.user_id)
    user.set_password("another violin in the rain")
    user.save()
    assert browser.post("/switch/", {"who": owner.pk, "pin": MARAS}).status_code == 422
