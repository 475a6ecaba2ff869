"""The client's door: a link works once, for a quarter of an hour, after the right answer; and it betrays nobody."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.diary import actions as diary
from tautband.clinic.diary.mails import token_of
from tautband.clinic.diary.models import Appointment
from tautband.clinic.errands.actions import run_due
from tautband.clinic.people.clientdoor import SESSION_KEY
from tautband.clinic.people.models import Client, Member
from tautband.clinic.portal import actions
from tautband.clinic.portal.actions import Entry
from tautband.clinic.portal.models import SignInLink

BORN = date(1974, 3, 21)
RIGHT = {"day": "21", "month": "3", "year": "1974"}
WRONG = {"day": "22", "month": "3", "year": "1974"}


@pytest.fixture
def ingrid(maras_client: Client) -> Client:
    """A client who can be reached and has a birthday."""
    Client.objects.filter(pk=maras_client.pk).update(birth_date=BORN, email="ingrid@example.org")
    maras_client.refresh_from_db()
    return maras_client


def token_for(client: Client, owner: Member, **options: Any) -> str:
    return actions.make_link(client=client, by=owner, how="shown", **options)


def test_the_right_answer_lets_in_once(ingrid: Client, owner: Member) -> None:
    token = token_for(ingrid, owner)
    browser = Browser()
    url = reverse("portal:link", args=[token])
    assert browser.get(url).status_code == 200
    assert browser.get(url).status_code == 200, "Looking does not use it up."
    assert browser.post(url, RIGHT)["Location"] == reverse("portal:home")
    assert browser.session[SESSION_KEY] == str(ingrid.pk)
    page = browser.get(reverse("portal:home"))
    assert "Ingrid" in page.content.decode()
    other = Browser()
    assert other.post(url, RIGHT).status_code == 410
    assert other.get(reverse("portal:home"))["Location"] == reverse("portal:enter")
    verbs = list(AuditEvent.objects.filter(chart=ingrid.chart_key).values_list("verb", flat=True))
    assert {"door.link_made", "door.entered"} <= set(verbs)


def test_the_link_itself_is_kept_nowhere(ingrid: Client, owner: Member) -> None:
    token = token_for(ingrid, owner)
    row = SignInLink.objects.get()
    assert token not in repr(vars(row))
    assert not AuditEvent.objects.filter(details__contains=token).exists()


@pytest.mark.parametrize("minutes", [15, 60, 60 * 24 * 365])
def test_an_old_link_says_what_to_do(ingrid: Client, owner: Member, minutes: int) -> None:
    token = token_for(ingrid, owner, now=timezone.now() - timedelta(minutes=minutes))
    browser = Browser()
    page = browser.get(reverse("portal:link", args=[token]))
    assert page.status_code == 410
    assert "Send me a new link" in page.content.decode()
    assert browser.post(reverse("portal:link", args=[token]), RIGHT).status_code == 410
    assert SESSION_KEY not in browser.session
    browser.post(reverse("portal:again", args=[token]))
    run_due()
    assert [message.to for message in mail.outbox] == [["ingrid@example.org"]]


def test_five_wrong_answers_end_the_link(ingrid: Client, owner: Member) -> None:
    token = token_for(ingrid, owner)
    got = [actions.enter(token=token, birth_date=BORN + timedelta(days=1))[0] for _ in range(5)]
    assert got == [Entry.WRONG] * 4 + [Entry.ENDED]
    assert actions.enter(token=token, birth_date=BORN) == (Entry.ENDED, None)


def test_ten_wrong_answers_close_the_door_for_a_day(ingrid: Client, owner: Member) -> None:
    for _ in range(2):
        token = token_for(ingrid, owner)
        for _try in range(5):
            actions.enter(token=token, birth_date=BORN + timedelta(days=1))
    assert actions.enter(token=token_for(ingrid, owner), birth_date=BORN) == (Entry.CLOSED, None)
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    token = token_for(ingrid, owner, now=tomorrow)
    assert actions.enter(token=token, birth_date=BORN, now=tomorrow)[0] is Entry.IN


def test_asking_never_tells_who_is_a_client(ingrid: Client) -> None:
    pages = []
    for address in ("ingrid@example.org", "nobody@example.org"):
        page = Browser().post(reverse("portal:enter"), {"email": address})
        text = re.sub(r'(csrf\S+|"X-CSRFToken": "[^"]+"|value="[^"]{60,}")', "", page.content.decode())
        pages.append((page.status_code, text.replace(address, "ADDRESS")))
    assert pages[0] == pages[1]
    run_due()
    assert [message.to for message in mail.outbox] == [["ingrid@example.org"]]


def test_a_mail_says_nothing_about_health_and_its_link_works(ingrid: Client, owner: Member) -> None:
    browser = Browser()
    browser.post(reverse("portal:enter"), {"email": "Ingrid@Example.org"})
    run_due()
    body = mail.outbox[0].body
    assert "Solheim" not in body
    path = re.search(r"http://testserver(/my/enter/\S+/)", body)
    assert path is not None
    assert browser.post(path[1], RIGHT)["Location"] == reverse("portal:home")


def test_who_no_longer_comes_gets_no_link_and_is_out(ingrid: Client, owner: Member) -> None:
    token = token_for(ingrid, owner)
    browser = Browser()
    browser.post(reverse("portal:link", args=[token]), RIGHT)
    Client.objects.filter(pk=ingrid.pk).update(archived_at=timezone.now())
    assert browser.get(reverse("portal:home"))["Location"] == reverse("portal:enter")
    browser.post(reverse("portal:enter"), {"email": ingrid.email})
    run_due()
    assert not mail.outbox


@pytest.mark.parametrize("token", ["x", "a" * 300, "%00", "../..", "é"])
def test_a_forged_link_is_an_ended_link(owner: Member, token: str) -> None:
    page = Browser().get(f"/my/enter/{token}/")
    assert page.status_code in {404, 410}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {**RIGHT, "day": "31", "month": "2"},
        {**RIGHT, "year": "2999"},
        {**RIGHT, "year": "74"},
        {**RIGHT, "day": "x"},
    ],
)
def test_a_day_that_cannot_be_counts_as_no_answer(ingrid: Client, owner: Member, answer: dict[str, str]) -> None:
    token = token_for(ingrid, owner)
    page = Browser().post(reverse("portal:link", args=[token]), answer)
    assert page.status_code == 422
    assert SignInLink.objects.get().wrong_answers == 0


def test_a_member_who_opens_a_clients_page_is_a_member_no_more(
    ingrid: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(owner)
    browser.post(reverse("portal:link", args=[token_for(ingrid, owner)]), RIGHT)
    assert browser.get(reverse("people:clients")).status_code == 302
    assert browser.get(reverse("portal:home")).status_code == 200


def test_without_birthday_there_is_no_link(maras_client: Client, owner: Member) -> None:
    with pytest.raises(actions.NoBirthday):
        token_for(maras_client, owner)


def test_the_code_is_for_the_care_team_and_counts_as_their_doing(
    ingrid: Client, owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    url = reverse("portal:show_code", args=[ingrid.pk])
    assert browser_of(therapist).post(url).status_code == 403
    page = browser_of(owner).post(url).content.decode()
    assert "<svg" in page
    assert "/my/enter/" in page
    assert AuditEvent.objects.get(verb="door.link_made").by == owner.audit_key


# --- A first visit ------------------------------------------------------------------------------------------------


@pytest.fixture
def guest(owner: Member) -> Appointment:
    """Somebody who booked online, and has the mail of it."""
    service = diary.keep_service(by=owner, members=[owner], name="Treatment", minutes=60, price_minor=8000)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    held = diary.hold(service=service, member=owner, start=start, location=None, room=None)
    booked = diary.book_held(held=held, name="Eva Berg", email="eva@example.org", phone="+47 22 33 44 55")
    run_due()
    return booked


def address_in_mail() -> str:
    (found,) = re.findall(r"/my/first/[^\s]+", mail.outbox[-1].body)
    return str(found)


def test_a_guest_becomes_a_client_by_the_mail_of_the_booking_and_goes_on_to_the_questions(
    guest: Appointment, owner: Member
) -> None:
    browser, url = Browser(), address_in_mail()
    assert browser.get(url).status_code == 200
    assert not Client.objects.exists(), "Looking makes nobody a client."
    assert browser.post(url, {**RIGHT, "year": "2999"}).status_code == 422
    assert browser.post(url, RIGHT)["Location"] == reverse("portal:home")
    client = Client.objects.get()
    assert (client.name, client.birth_date, client.email) == ("Eva Berg", BORN, "eva@example.org")
    assert client.care_team.get() == owner
    assert browser.session[SESSION_KEY] == str(client.pk)
    assert reverse("intake:my_start") in browser.get(reverse("portal:home")).content.decode()
    guest.refresh_from_db()
    assert guest.client == client
    assert AuditEvent.objects.get(verb="client.created").by == "guest"


def test_the_same_mail_again_asks_for_what_only_the_client_knows(guest: Appointment) -> None:
    url = address_in_mail()
    Browser().post(url, RIGHT)
    again, before = Browser(), len(mail.outbox)
    assert "eva@example.org" in again.get(url).content.decode()
    run_due()
    assert len(mail.outbox) == before, "Looking sends nothing."
    assert "eva@example.org" in again.post(url, WRONG).content.decode()
    assert SESSION_KEY not in again.session
    assert Client.objects.count() == 1


def test_an_address_that_a_client_has_makes_no_second_client_and_opens_nothing(
    guest: Appointment, ingrid: Client
) -> None:
    Client.objects.filter(pk=ingrid.pk).update(email="EVA@example.org")
    before, browser = len(mail.outbox), Browser()
    browser.post(address_in_mail(), RIGHT)
    run_due()
    assert SESSION_KEY not in browser.session
    assert Client.objects.count() == 1
    assert [letter.to for letter in mail.outbox[before:]] == [["EVA@example.org"]]


def test_only_the_mail_itself_introduces(guest: Appointment, owner: Member) -> None:
    url = address_in_mail()
    for token in (token_of(guest), "forged", url.rpartition("/first/")[2][:-3]):
        assert Browser().post(reverse("portal:first", args=[token.strip("/")]), RIGHT).status_code == 410
    Appointment.objects.filter(pk=guest.pk).update(guest_email="somebody@example.org")
    assert Browser().post(url, RIGHT).status_code == 410
    Appointment.objects.filter(pk=guest.pk).update(guest_email="eva@example.org")
    diary.cancel(by=owner, appointment=guest)
    assert Browser().post(url, RIGHT).status_code == 410
    assert not Client.objects.exists()


def test_the_practice_adds_the_guest_with_one_press(guest: Appointment, owner: Member) -> None:
    browser = Browser()
    browser.force_login(owner.user)
    assert "Eva Berg is new" in browser.get(reverse("diary:appointment", args=[guest.pk])).content.decode()
    browser.post(reverse("diary:act", args=[guest.pk]), {"do": "new_client"})
    browser.post(reverse("diary:act", args=[guest.pk]), {"do": "new_client"})
    guest.refresh_from_db()
    assert guest.client == Client.objects.get()
    assert guest.client.phone == "+47 22 33 44 55"
