"""Calendars read by somebody else's eyes, hostile ones refused; receipts, packages, the table for the accounts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import parser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from tautband.clinic.diary import actions, icalendars
from tautband.clinic.diary.models import Appointment, Block, Service
from tautband.clinic.diary.views import money
from tautband.clinic.people.models import Client, Member

At = Callable[..., datetime]
BrowserOf = Callable[..., Browser]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")


def read(text: str) -> list[dict[str, str]]:
    """An independent reading of a calendar, by RFC 5545 alone: unfold, split, unescape."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").replace("\r\n\t", "").strip().split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and not line.startswith(("END:", "BEGIN:")):
            plain = value.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")
            events[-1][name.split(";")[0]] = plain
    return events


def test_a_feed_says_when_and_nothing_about_health(
    service: Service, owner: Member, maras_client: Client, rooms: list[Any], browser_of: BrowserOf, at: At
) -> None:
    one = actions.book(
        by=owner,
        service=service,
        member=owner,
        start=at("10:00"),
        client=maras_client,
        room=rooms[0],
        location=rooms[0].location,
    )
    link = actions.new_calendar_link(by=owner, member=owner)
    answer = browser_of(None).get(reverse("diary:feed", args=[link.token]))
    (event,) = read(answer.content.decode())
    assert (event["UID"], event["SUMMARY"]) == (f"{one.pk}@tautband", "I.S.")
    assert parser.parse(event["DTSTART"]) == at("10:00")
    assert event["LOCATION"] == "Room 1, Harbour Lane"
    assert maras_client.name not in answer.content.decode()
    assert service.name not in answer.content.decode()
    moved = actions.move(by=owner, appointment=one, start=at("14:00"))
    (event,) = read(browser_of(None).get(reverse("diary:feed", args=[link.token])).content.decode())
    assert (event["UID"], event["SEQUENCE"]) == (f"{one.pk}@tautband", str(moved.version))
    actions.new_calendar_link(by=owner, member=owner)
    assert browser_of(None).get(reverse("diary:feed", args=[link.token])).status_code == 410


def test_hostile_names_stay_text(service: Service, owner: Member, at: At) -> None:
    service.practice.name = "Neck; back, and\nBEGIN:VEVENT\r\nSUMMARY:x" + "é" * 200
    one = actions.book(by=owner, service=service, member=owner, start=at("10:00"), name="Ella")
    one.practice = service.practice
    (event,) = read(icalendars.one_visit(one).decode())
    assert event["SUMMARY"].replace("\r", "").startswith("Neck; back, and\nBEGIN:VEVENT")


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str) -> bytes:
    return calendar("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        (event("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z"), ["2026-12-01T10:00"]),
        (event("DTSTART;TZID=Europe/Oslo:20261201T100000", "DURATION:PT30M"), ["2026-12-01T09:00"]),
        (event("DTSTART:20261201T100000", "DTEND:20261201T110000"), ["2026-12-01T09:00"]),
        (event("DTSTART;VALUE=DATE:20261224"), ["2026-12-23T23:00"]),
        (event("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z", "TRANSP:TRANSPARENT"), []),
        (event("DTSTART:20201201T100000Z", "DTEND:20201201T110000Z"), []),
        (
            event("DTSTART:20261201T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T100000Z"),
            ["2026-12-01T10:00", "2026-12-03T10:00"],
        ),
        (  # across the end of daylight saving in 2027: ten by the wall clock is another hour in UTC
            event(
                "DTSTART;TZID=Europe/Oslo:20270325T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=20270402T000000Z"
            ),
            ["2027-03-25T09:00", "2027-04-01T08:00"],
        ),
    ],
)
def test_busy_times_are_read(text: bytes, starts: list[str]) -> None:
    found = icalendars.busy_times(text, OSLO, NOW)
    assert [f"{start:%Y-%m-%dT%H:%M}" for _uid, (start, _end) in found] == starts


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x00\xff\xfe",
        b"<html>not a calendar</html>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"x" * (icalendars.MOST_BYTES + 1),
        event("DTSTART:20261201T100000Z", "DURATION:PT1M", "RRULE:FREQ=SECONDLY"),
        event("DTSTART:20261201T100000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY"),
        event("DURATION:PT1H"),
    ],
)
def test_hostile_calendars_are_refused_and_nothing_is_taken(text: bytes) -> None:
    with pytest.raises(icalendars.NotACalendar):
        icalendars.busy_times(text, OSLO, NOW)


def test_a_file_replaces_what_came_before(service: Service, owner: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(owner)
    soon = datetime.now(UTC) + timedelta(days=3)
    text = event(f"DTSTART:{soon:%Y%m%d}T100000Z", "DURATION:PT1H", "SUMMARY:Secret dinner")
    for _again in range(2):
        browser.post(reverse("diary:calendars"), {"file": SimpleUploadedFile("me.ics", text)})
    (busy,) = Block.objects.all()
    assert (busy.start.hour, busy.label) == (10, "")
    answer = browser.post(reverse("diary:calendars"), {"text": "nonsense"})
    assert answer.status_code == 422
    assert Block.objects.count() == 1


def paid(service: Service, owner: Member, client: Client, browser: Browser, how: str, start: datetime) -> Appointment:
    one = actions.book(by=owner, service=service, member=owner, start=start, client=client)
    browser.post(reverse("diary:pay", args=[one.pk]), {"how": how})
    one.refresh_from_db()
    return one


def test_receipts_count_up_and_packages_are_used_up(
    service: Service, owner: Member, maras_client: Client, browser_of: BrowserOf, at: At
) -> None:
    browser = browser_of(owner)
    package = actions.sell_package(by=owner, client=maras_client, name="One", visits=1, price_minor=7000)
    first = paid(service, owner, maras_client, browser, "cash", at("09:00"))
    second = paid(service, owner, maras_client, browser, f"package/{package.pk}", at("10:30"))
    third = paid(service, owner, maras_client, browser, f"package/{package.pk}", at("14:00"))
    assert (first.receipt, second.receipt, third.receipt, third.paid_at) == (1, 2, None, None)
    answer = browser.get(reverse("diary:receipt", args=[first.pk]))
    assert answer.content.startswith(b"%PDF")
    assert browser.get(reverse("diary:receipt", args=[third.pk])).status_code == 404


def test_the_table_holds_no_formulas(service: Service, owner: Member, browser_of: BrowserOf) -> None:
    actions.note_past(
        by=owner, service=service, member=owner, start=datetime.now(UTC) - timedelta(minutes=90), name="=1+1"
    )
    answer = browser_of(owner).get(reverse("diary:money_csv"))
    assert "'=1+1" in answer.content.decode()
    assert money.plain("-2") == "'-2"
    assert browser_of(owner).get(reverse("diary:money")).status_code == 200


def test_setting_up(owner: Member, place: Any, browser_of: BrowserOf) -> None:
    browser = browser_of(owner)
    given = {"name": "Massage", "minutes": 45, "price": "55.50", "before_min": 0, "after_min": 15, "who": "public"}
    assert browser.post(reverse("diary:new_service"), {**given, "active": "on"}).status_code == 302
    service = Service.objects.get()
    assert (service.price_minor, service.needs_room) == (5550, False)
    assert browser.post(reverse("diary:new_service"), {**given, "minutes": 47}).status_code == 422
    assert browser.get(reverse("diary:service", args=[service.pk])).status_code == 200
    hours = {
        "member": owner.pk,
        "location": place.pk,
        "days": ["MO", "WE"],
        "start": "09:00",
        "end": "17:00",
        "pause_from": "12:00",
        "pause_to": "12:30",
        "every": 2,
        "first": "2026-11-23",
        "off": "2026-12-24",
        "online": "on",
    }
    assert browser.post(reverse("diary:new_shift"), hours).status_code == 302
    assert browser.post(reverse("diary:new_shift"), {**hours, "off": "Christmas"}).status_code == 422
    shift = owner.shifts.get()
    assert (shift.rule, shift.breaks, shift.off) == (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        [["12:00", "12:30"]],
        ["2026-12-24"],
    )
    assert browser.get(reverse("diary:shift", args=[shift.pk])).status_code == 200
    assert (
        browser.post(reverse("diary:new_room"), {"name": "Blue", "location": place.pk, "active": "on"}).status_code
        == 302
    )
    rules = dict(browser.get(reverse("diary:rules")).context["form"].initial)
    assert browser.post(reverse("diary:rules"), {**rules, "online": "on", "currency": "nok"}).status_code == 302
    hostile = {**rules, "frame_hosts": "https://a.example; script-src *"}
    assert browser.post(reverse("diary:rules"), hostile).status_code == 422
    assert browser.get(reverse("diary:public")).status_code == 200
    assert "Massage" in browser.get(reverse("diary:setup")).content.decode()


def test_the_framed_page_only_when_switched_on(service: Service, owner: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(None)
    assert browser.get(reverse("diary:framed")).status_code == 302
    actions.keep_rules(by=owner, framed=True, frame_hosts="https://practice.example")
    answer = browser.get(reverse("diary:framed"))
    assert "frame-ancestors https://practice.example" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors 'none'" in browser.get(reverse("diary:public")).headers["Content-Security-Policy"]


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-01", "0001-01-01", "9223372036854775808", "-1"])
def test_no_day_and_no_number_is_too_far_out(service: Service, owner: Member, browser_of: BrowserOf, day: str) -> None:
    browser = browser_of(owner)
    assert browser.get(reverse("diary:diary"), {"day": day}).status_code == 200
    assert browser.get(reverse("diary:diary"), {"day": day, "range": "day"}).status_code == 200
    assert browser.get(reverse("diary:money"), {"month": day[:7]}).status_code == 200
    assert browser.get(reverse("diary:public"), {"day": day}).status_code == 200
    away = {"member": owner.pk, "day": day, "at": "09:00", "last_day": day, "to": "10:00"}
    assert browser.post(reverse("diary:away"), away).status_code == 422
    offered = {"name": "Treatment", "minutes": 60, "price": 1, "before_min": 0, "after_min": 0, "who": "public"}
    assert browser.post(reverse("diary:new_service"), {**offered, "members": 2**63}).status_code == 422


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=120))
def test_any_text_goes_through_a_calendar_as_it_was(words: str) -> None:
    line = icalendars._line("LOCATION", words)
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    assert list(found) == ["UID", "LOCATION"]  # what is written in it starts no line of its own
    assert found["LOCATION"] == Calendar.from_ical(_by_library(words)).walk("VEVENT")[0]["LOCATION"]


def _by_library(words: str) -> bytes:
    event = Event()
    event.add("location", words)
    calendar = Calendar()
    calendar.add_component(event)
    return bytes(calendar.to_ical())
