"""Behind the door: one's own page, and nothing of anybody else."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from icalendar import Calendar

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import HomeDrawing
from tautband.clinic.diary import actions as diary
from tautband.clinic.diary.mails import token_of
from tautband.clinic.errands.actions import run_due
from tautband.clinic.measures.models import Reading
from tautband.clinic.people import actions as people
from tautband.clinic.people.clientdoor import SESSION_KEY
from tautband.clinic.people.models import Client, Member
from tautband.clinic.portal import actions
from tautband.clinic.portal.models import Message, Release, Wish

Enter = Callable[[Client], Browser]
SHOULDER = {"zone": "zone.shoulder.front", "side": "right", "layer": "pain", "intensity": 6}
BACK = {"zone": "zone.back.l4_l5", "side": "right", "layer": "pain", "intensity": 6}
SADDLE = {"zone": "zone.pelvis.perineum", "side": "midline", "layer": "numb", "intensity": None}
SECRET = "the letter to the lawyer in Bergen"


@pytest.fixture
def enter() -> Callable[[Client], Browser]:
    """A browser in which this client is in."""

    def enter(client: Client) -> Browser:
        browser = Browser()
        session = browser.session
        session[SESSION_KEY] = str(client.pk)
        session.save()
        return browser

    return enter


@pytest.fixture
def two(owner: Member, maras_client: Client, daniels_client: Client, therapist: Member) -> tuple[Client, Client]:
    """Ingrid, and Tomasz whose pages hold a secret in every place."""
    Client.objects.filter(pk=daniels_client.pk).update(
        birth_date=date(1968, 6, 2), email="tomasz@example.org", notes=SECRET, occupation=SECRET
    )
    daniels_client.refresh_from_db()
    visit = charts.open_visit(by=therapist, client=daniels_client)
    charts.save_story(by=therapist, visit=visit, text=SECRET)
    actions.write_message(by=therapist, client=daniels_client, text=SECRET)
    actions.write_message(by=daniels_client, client=daniels_client, text=SECRET)
    actions.ask(by=daniels_client, kind="erase", text=SECRET)
    return maras_client, daniels_client


def my_urls(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from my_urls(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and str(entry.pattern).startswith("my/") and entry.name:
            yield prefix + entry.name, entry.pattern.converters


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_another_client_is_ever_visible(
    two: tuple[Client, Client], enter: Callable[[Client], Browser], method: str
) -> None:
    ingrid, tomasz = two
    everything = [row.pk for model in (Message, Wish, Release) for row in model.objects.filter(client=tomasz)]
    everything += [tomasz.pk, *tomasz.visits.values_list("pk", flat=True), 1, 2, 3]
    walked, browser = 0, enter(ingrid)
    for name, converters in my_urls():
        for key in everything if converters else [None]:
            try:
                path = reverse(name, kwargs=dict.fromkeys(converters, key))
            except Exception:
                continue
            if browser.session.get(SESSION_KEY) != str(ingrid.pk):
                browser = enter(ingrid)
            answer = getattr(browser, method)(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            walked += 1
            assert SECRET.encode() not in body, path
            assert b"Tomasz" not in body, path
            assert answer.status_code < 500, path
    assert walked >= 8


def test_the_own_page_shows_ones_own(two: tuple[Client, Client], enter: Callable[[Client], Browser]) -> None:
    browser = enter(two[1])
    for name in ("portal:messages", "portal:data"):
        assert SECRET in browser.get(reverse(name)).content.decode()
    assert "One new message" not in browser.get(reverse("portal:home")).content.decode()


def test_a_member_never_sees_the_own_page_of_a_client(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner)
    session = browser.session
    session[SESSION_KEY] = str(
        Client.objects.create(
            practice=owner.practice, name="X", created_at=timezone.now(), changed_at=timezone.now()
        ).pk
    )
    session.save()
    assert browser.get(reverse("portal:home"))["Location"] == reverse("portal:enter")


def test_a_conversation_both_ways_is_in_the_chain_and_the_mail_says_nothing(
    two: tuple[Client, Client],
    therapist: Member,
    enter: Callable[[Client], Browser],
    browser_of: Callable[..., Browser],
) -> None:
    tomasz = two[1]
    browser = enter(tomasz)
    key = {"key": "a" * 32}
    for _twice in range(2):
        browser.post(reverse("portal:messages"), {"text": "Does the cold matter?", **key})
    assert Message.objects.filter(client=tomasz, by=None).count() == 2, "Sent twice is kept once."
    staff = browser_of(therapist)
    assert "messages to read" in staff.get(reverse("people:today")).content.decode()
    page = staff.get(reverse("portal:team", args=[tomasz.pk])).content.decode()
    assert "Does the cold matter?" in page
    assert not Message.objects.filter(client=tomasz, by=None, seen_at=None).exists()
    staff.post(reverse("portal:team", args=[tomasz.pk]), {"text": "Warmth is fine for the shoulder.", "key": "b"})
    run_due()
    assert "shoulder" not in mail.outbox[0].body + mail.outbox[0].subject
    assert mail.outbox[0].to == ["tomasz@example.org"]
    assert "Warmth is fine" in browser.get(reverse("portal:messages")).content.decode()
    events = AuditEvent.objects.filter(chart=tomasz.chart_key, verb="message.written")
    assert {event.by for event in events} == {tomasz.audit_key, therapist.audit_key}
    assert not any("shoulder" in event.details for event in events)


def test_an_empty_message_keeps_the_page(two: tuple[Client, Client], enter: Callable[[Client], Browser]) -> None:
    answer = enter(two[1]).post(reverse("portal:messages"), {"text": "  ", "key": "c"})
    assert answer.status_code == 422
    assert "This is needed." in answer.content.decode()


@pytest.mark.parametrize(("value", "kept"), [("0", [0.0]), ("10", [10.0]), ("11", []), ("x", []), ("", [])])
def test_pain_by_the_clients_own_hand_is_a_reading(
    two: tuple[Client, Client], enter: Callable[[Client], Browser], value: str, kept: list[float]
) -> None:
    enter(two[0]).post(reverse("portal:pain_now"), {"value": value, "key": "d"})
    rows = Reading.objects.filter(client=two[0])
    assert [row.value for row in rows] == kept
    assert all(row.by is None and row.instrument == "instrument.nprs" for row in rows)


def test_a_client_takes_a_whole_copy(two: tuple[Client, Client], enter: Callable[[Client], Browser]) -> None:
    answer = enter(two[1]).post(reverse("keeping:export_own"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert SECRET in text
    assert "Ingrid" not in text
    assert AuditEvent.objects.filter(verb="chart.exported", by=two[1].audit_key).exists()


def test_a_wish_is_asked_answered_and_read(
    two: tuple[Client, Client],
    therapist: Member,
    enter: Callable[[Client], Browser],
    browser_of: Callable[..., Browser],
) -> None:
    tomasz = two[1]
    enter(tomasz).post(reverse("portal:data"), {"kind": "correct", "text": "I was born in June.", "key": "e"})
    wish = Wish.objects.get(kind="correct")
    url = reverse("portal:answer", args=[tomasz.pk, wish.pk])
    browser_of(therapist).post(url, {"text": " ", "key": "f"})
    wish.refresh_from_db()
    assert wish.answered_at is None
    browser_of(therapist).post(url, {"text": "Corrected today.", "key": "g"})
    assert "Corrected today." in enter(tomasz).get(reverse("portal:data")).content.decode()
    other = reverse("portal:answer", args=[two[0].pk, wish.pk])
    assert browser_of(therapist).post(other, {"text": "x", "key": "h"}).status_code in {403, 404}


def test_only_what_was_released_is_read_and_taken_back_it_is_gone(
    two: tuple[Client, Client],
    therapist: Member,
    enter: Callable[[Client], Browser],
    browser_of: Callable[..., Browser],
) -> None:
    from tautband.clinic.attachments import actions as attachments
    from tautband.clinic.attachments.demo import _letter
    from tautband.clinic.attachments.taking import take

    ingrid, tomasz = two
    kept = attachments.attach(by=therapist, client=tomasz, taken=take(_letter()), title="Scan of the knee", visit=None)
    url = reverse("portal:release", args=[tomasz.pk])
    assert browser_of(therapist).post(url, {"attachment": "1"}).status_code == 404
    browser_of(therapist).post(url, {"attachment": str(kept.pk)})
    release = Release.objects.get()
    document = reverse("portal:document", args=[release.pk])
    assert enter(tomasz).get(document).content.startswith(b"%PDF")
    assert enter(ingrid).get(document).status_code == 404
    browser_of(therapist).post(url, {"back": str(release.pk)})
    assert enter(tomasz).get(document).status_code == 404
    with pytest.raises(ValueError, match="does not belong"):
        actions.release(by=therapist, client=ingrid, attachment=kept)


def test_the_next_visit_stands_on_the_own_page_and_nobody_elses(
    two: tuple[Client, Client], therapist: Member, enter: Enter
) -> None:
    from datetime import timedelta

    from tautband.clinic.diary.models import Appointment

    start = timezone.now() + timedelta(days=3)
    Appointment.objects.create(
        practice=therapist.practice,
        service_name="First visit",
        member=therapist,
        client=two[1],
        start=start,
        end=start + timedelta(hours=1),
        made_at=timezone.now(),
        changed_at=timezone.now(),
    )
    assert "Next visit" in enter(two[1]).get(reverse("portal:home")).content.decode()
    assert "Next visit" not in enter(two[0]).get(reverse("portal:home")).content.decode()


def test_what_a_client_draws_at_home_is_theirs_and_dated(
    maras_client: Client, owner: Member, enter: Enter, browser_of: Callable[..., Browser]
) -> None:
    browser, mine = enter(maras_client), reverse("portal:draw")
    assert browser.get(mine).status_code == 200
    kept = browser.post(mine, {"marks": json.dumps([SHOULDER]), "base": ""}, follow=True)
    assert "Your therapist sees it before your visit" in kept.content.decode()
    assert [(row.client, row.day) for row in HomeDrawing.objects.all()] == [(maras_client, timezone.localdate())]
    staff = browser_of(owner)
    page = staff.get(reverse("people:client", args=[maras_client.pk])).content.decode()
    assert "Drawn at home" in page
    assert "by the client" in page
    assert "Drew at home" in staff.get("/").content.decode()
    charts.open_visit(by=owner, client=maras_client)
    assert "Drew at home" not in staff.get("/").content.decode()


def test_a_drawing_that_cannot_wait_is_answered_at_once(
    maras_client: Client, owner: Member, enter: Enter, browser_of: Callable[..., Browser]
) -> None:
    browser, mine = enter(maras_client), reverse("portal:draw")
    told = browser.post(mine, {"marks": json.dumps([SADDLE]), "base": ""}, follow=True).content.decode()
    assert "This needs a doctor today, not us." in told
    assert "numb: between the legs" in told
    told = browser.post(mine, {"marks": json.dumps([SADDLE, BACK]), "base": ""}, follow=True).content.decode()
    assert "This needs a doctor now, not us." in told
    assert "What you drew needs a doctor" in browser.get(reverse("portal:home")).content.decode()
    assert "octagon-alert" in browser_of(owner).get("/").content.decode()
    chart = reverse("people:client", args=[maras_client.pk])
    assert "ring them" in browser_of(owner).get(chart).content.decode()
    browser.post(mine, {"marks": json.dumps([SHOULDER]), "base": ""})
    assert "What you drew needs a doctor" not in browser.get(reverse("portal:home")).content.decode()
    assert "and changed since" in browser_of(owner).get(chart).content.decode()
    charts.open_visit(by=owner, client=maras_client)
    assert "ring them" not in browser_of(owner).get(chart).content.decode()


def test_words_sent_after_the_session_ended_are_not_lost(maras_client: Client, enter: Enter) -> None:
    browser = Browser()
    late = browser.post(reverse("portal:messages"), {"text": "The stand is higher now.", "key": "k-1"})
    assert late.status_code == 403
    page = late.content.decode()
    assert "The stand is higher now." in page
    assert reverse("portal:enter") in page
    assert not Message.objects.exists()
    again = enter(maras_client).post(late.wsgi_request.path, {"text": "The stand is higher now.", "key": "k-1"})
    assert again.status_code == 302
    assert Message.objects.get().text == "The stand is higher now."


def test_a_clients_calendar_says_initials_time_and_place(maras_client: Client, owner: Member, enter: Enter) -> None:
    place = people.keep_location(by=owner, name="Harbour Lane", address="4 Harbour Lane")
    service = diary.keep_service(by=owner, name="Trigger point treatment", minutes=60)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    room = diary.keep_room(by=owner, location=place, name="Room 1")
    diary.book(by=owner, service=service, member=owner, start=start, client=maras_client, location=place, room=room)
    browser, mine = enter(maras_client), reverse("portal:calendar")
    assert "Make my address" in browser.get(mine).content.decode()
    first = browser.post(mine, follow=True).context["address"]
    feed = Browser().get(urlsplit(first).path).content.decode()
    (event,) = Calendar.from_ical(feed).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"], event.decoded("DTSTART")) == ("M.Q.", "Room 1, Harbour Lane", start)
    assert not any(word in feed for word in (maras_client.name, "Trigger", owner.display_name))
    assert browser.post(mine, follow=True).context["address"] != first
    assert Browser().get(urlsplit(first).path).status_code == 410


def test_a_client_books_from_their_page_without_typing_who_they_are(
    maras_client: Client, owner: Member, enter: Enter
) -> None:
    browser = enter(maras_client)
    assert reverse("diary:public") not in browser.get(reverse("portal:home")).content.decode()
    diary.keep_rules(by=owner, online=True)
    diary.keep_shift(by=owner, member=owner, start=time(8), end=time(18), rule="FREQ=DAILY", first=date(2026, 1, 5))
    service = diary.keep_service(by=owner, name="Follow-up", minutes=30, who="contact", needs_room=False)
    assert reverse("diary:public") in browser.get(reverse("portal:home")).content.decode()
    assert Browser().get(reverse("diary:public")).context.get("services") is None  # not for everybody
    assert browser.get(reverse("diary:public")).context["services"] == [service]
    start = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
    held = diary.hold(service=service, member=owner, start=start)
    form = browser.get(reverse("diary:kept", args=[token_of(held)])).context["form"]
    assert form["name"].value() == maras_client.name
