"""Booking: never twice, honest about what is free, changed and cancelled by a link; one message for each change."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.diary import actions, engine, mails, queries
from tautband.clinic.diary.mails import token_of
from tautband.clinic.diary.models import TAKES_TIME, Appointment, Block, Claim, Mail, Room, Service, State, Waiting
from tautband.clinic.diary.views import public
from tautband.clinic.errands.actions import run_due
from tautband.clinic.errands.models import Errand
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Client, Member

OSLO = ZoneInfo("Europe/Oslo")
At = Callable[..., datetime]
BrowserOf = Callable[..., Browser]


@pytest.fixture(autouse=True)
def in_memory(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(public, "FASTEST_S", 0)


def book(service: Service, owner: Member, start: datetime, **more: Any) -> Appointment:
    given = {"name": "Ella Brandt", "email": "ella@example.org", **more}
    return actions.book(by=owner, service=service, member=owner, start=start, **given)


def test_a_time_is_booked_once(service: Service, owner: Member, at: At) -> None:
    one = book(service, owner, at("10:00"))
    for clock in ("10:00", "10:30", "09:30", "11:00"):  # at eleven the quarter after the first visit is still kept
        with pytest.raises(actions.SlotTaken):
            book(service, owner, at(clock))
    assert Appointment.objects.count() == 1
    book(service, owner, at("11:15"))
    actions.cancel(by=owner, appointment=one)
    book(service, owner, at("10:00"))


def test_a_room_is_booked_once(service: Service, owner: Member, therapist: Member, rooms: list[Room], at: At) -> None:
    book(service, owner, at("10:00"), room=rooms[0])
    with pytest.raises(actions.SlotTaken):
        book(service, therapist, at("10:00"), room=rooms[0])
    book(service, therapist, at("10:00"), room=rooms[1])


def test_nothing_is_booked_in_the_past(service: Service, owner: Member) -> None:
    with pytest.raises(actions.InThePast):
        book(service, owner, datetime.now(UTC) - timedelta(minutes=5))


def test_free_times_leave_out_what_is_taken(service: Service, owner: Member, at: At) -> None:
    def free() -> set[datetime]:
        return {one.start for one in queries.public_times(service)}

    assert at("10:00") in free()
    assert at("11:00") not in free()  # would run into the break with its quarter after
    book(service, owner, at("10:00"))
    assert not {at("09:00"), at("10:00"), at("10:45")} & free()
    actions.block(by=owner, member=owner, start=at("13:00"), end=at("15:00"))
    assert at("14:00") not in free()
    assert at("15:00") in free()


def test_what_is_taken_is_what_the_visits_say(service: Service, owner: Member, therapist: Member, at: At) -> None:
    """Read as lists counted by the database; compared with each visit read for itself."""
    chance, now = random.Random(7), datetime.now(UTC).replace(microsecond=0)
    rooms = list(Room.objects.all())
    Appointment.objects.bulk_create(
        Appointment(
            practice=owner.practice,
            service_name="Treatment",
            member=chance.choice([owner, therapist]),
            room=chance.choice([None, *rooms]),
            start=(start := now + timedelta(hours=3 * n, microseconds=chance.choice([0, 999_000]))),
            end=start + timedelta(minutes=chance.choice([5, 50, 90])),
            before_min=chance.choice([0, 10]),
            after_min=chance.choice([0, 15]),
            state=(state := chance.choice(State.values)),
            held_until=now + timedelta(minutes=chance.choice([-5, 5])) if state == State.HELD else None,
            made_at=now,
            changed_at=now,
        )
        for n in range(120)
    )
    actions.block(by=owner, member=owner, start=at("13:00"), end=at("15:00"))
    window = (now + timedelta(days=1), now + timedelta(days=9))

    def plain(of: str, key: int) -> set[tuple[int, int]]:
        spans = {
            (int(one.start.timestamp()) - one.before_min * 60, int(one.end.timestamp()) + one.after_min * 60)
            for one in Appointment.objects.filter(**{of: key})
            if one.state in TAKES_TIME and not (one.state == State.HELD and one.held_until and one.held_until <= now)
        }
        away = Block.objects.filter(member=key) if of == "member_id" else []
        spans |= {(int(one.start.timestamp()), int(one.end.timestamp())) for one in away}
        return {(low, high) for low, high in spans if low < window[1].timestamp() and high > window[0].timestamp()}

    def read(spans: engine.Spans) -> set[tuple[int, int]]:
        rows = {(low, high) for low, high in spans.tolist()}
        return {(low, high) for low, high in rows if low < window[1].timestamp() and high > window[0].timestamp()}

    taken = queries.taken_spans([owner.pk, therapist.pk], *window)
    assert {key: read(taken[key]) for key in (owner.pk, therapist.pk)} == {
        key: plain("member_id", key) for key in (owner.pk, therapist.pk)
    }
    in_rooms = queries.room_spans([room.pk for room in rooms], *window)
    assert [read(in_rooms[room.pk]) for room in rooms] == [plain("room_id", room.pk) for room in rooms]
    assert len(queries.taken_spans([-1], *window)[-1]) == 0


def test_a_series_is_booked_whole_or_not_at_all(service: Service, owner: Member, at: At) -> None:
    starts = [at("10:00") + timedelta(weeks=n) for n in range(3)]
    book(service, owner, starts[2])
    with pytest.raises(actions.SlotTaken):
        actions.book_series(by=owner, starts=starts, service=service, member=owner, name="Ella")
    assert Appointment.objects.count() == 1
    made = actions.book_series(by=owner, starts=starts[:2], service=service, member=owner, name="Ella")
    assert len({Appointment.objects.get(pk=one.pk).series for one in made}) == 1


def test_a_guest_books_in_three_taps_and_cancels_by_the_link(
    service: Service, owner: Member, browser_of: BrowserOf, at: At
) -> None:
    browser = browser_of(None)
    people.change_practice(by=owner, emergency_number="113", public_address="https://book.example.org")
    page = browser.get(reverse("diary:public"), {"day": at("10:00").date().isoformat()})
    assert "Do not wait for a visit." in page.content.decode()  # whoever has an emergency is told so before booking
    assert "Call 113." in page.content.decode()
    token = next(t for _part, times in page.context["parts"] for free, t in times if free.start == at("10:00"))
    held = browser.post(reverse("diary:keep"), {"slot": token})
    assert held.status_code == 302
    assert Appointment.objects.get().state == State.HELD
    given = {"name": "Ella Brandt", "email": "ella@example.org", "key": "k1"}
    done = browser.post(held["Location"], given)
    assert done.status_code == 302
    assert browser.post(held["Location"], given).status_code == 302  # sent twice, booked once
    one = Appointment.objects.get()
    assert (one.state, one.who, one.start, one.online) == (State.BOOKED, "Ella Brandt", at("10:00"), True)
    run_due()
    run_due()
    assert [letter.subject.split(":")[0] for letter in mail.outbox] == ["Booked"]
    assert f"https://book.example.org{reverse('diary:yours', args=[token_of(one)])[:30]}" in mail.outbox[0].body
    assert mail.outbox[0].attachments[0][0] == "visit.ics"
    page = browser.get(done["Location"])
    assert page.status_code == 200
    assert browser.get(reverse("diary:visit_file", args=[token_of(one)])).status_code == 200
    for _again in range(2):  # a replayed post changes nothing
        browser.post(reverse("diary:yours", args=[token_of(one)]), {"do": "cancel"})
    run_due()
    assert Appointment.objects.get().state == State.CANCELLED
    assert not Claim.objects.exists()
    assert [letter.subject.split(":")[0] for letter in mail.outbox] == ["Booked", "Cancelled"]


def test_a_guest_moves_a_visit_by_the_link(service: Service, owner: Member, browser_of: BrowserOf, at: At) -> None:
    one = book(service, owner, at("10:00", 1))
    browser = browser_of(None)
    page = browser.get(reverse("diary:change", args=[token_of(one)]), {"day": at("13:00", 1).date().isoformat()})
    token = next(t for _part, times in page.context["parts"] for free, t in times if free.start == at("13:00", 1))
    held = browser.post(reverse("diary:keep"), {"slot": token, "moving": token_of(one)})
    assert "Instead of" in browser.get(held["Location"]).content.decode()
    browser.post(held["Location"].split("?")[0], {"moving": token_of(one)})
    one.refresh_from_db()
    assert (one.start, one.version, Appointment.objects.count()) == (at("13:00", 1), 1, 1)


def test_losing_a_time_offers_the_nearest(service: Service, owner: Member, browser_of: BrowserOf, at: At) -> None:
    browser = browser_of(None)
    page = browser.get(reverse("diary:public"), {"day": at("10:00").date().isoformat()})
    token = next(t for _part, times in page.context["parts"] for free, t in times if free.start == at("10:00"))
    book(service, owner, at("10:00"))
    answer = browser.post(reverse("diary:keep"), {"slot": token})
    assert answer.status_code == 409
    assert len(answer.context["near"]) == 3
    assert "Just taken" in answer.content.decode()


def test_forged_links_open_nothing(service: Service, owner: Member, browser_of: BrowserOf, at: At) -> None:
    one = book(service, owner, at("10:00"))
    browser = browser_of(None)
    for token in ("nonsense", token_of(one)[:-1] + "x", str(one.pk)):
        assert browser.get(reverse("diary:yours", args=[token])).status_code == 410
        assert browser.post(reverse("diary:yours", args=[token]), {"do": "cancel"}).status_code == 410
        assert browser.get(reverse("diary:kept", args=[token])).status_code == 410
    assert browser.post(reverse("diary:keep"), {"slot": "forged"}).status_code == 302
    one.refresh_from_db()
    assert one.state == State.BOOKED


def test_machines_are_kept_out(
    service: Service, owner: Member, browser_of: BrowserOf, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(None)
    held = actions.hold(service=service, member=owner, start=at("10:00"))
    given = {"name": "Ella Brandt", "email": "ella@example.org"}
    path = reverse("diary:kept", args=[token_of(held)])
    browser.post(path, {**given, "website": "https://spam.example"})
    browser.post(path, {**given, "name": "Buy at www.spam.example"})
    monkeypatch.setattr(public, "FASTEST_S", 60)
    assert "That was quick" in browser.post(path, given).content.decode()
    monkeypatch.setattr(public, "BOOKINGS_AN_HOUR", 0)
    monkeypatch.setattr(public, "FASTEST_S", 0)
    assert browser.post(path, given).status_code == 429
    assert Appointment.objects.get().state == State.HELD


def test_one_address_holds_only_so_many(service: Service, owner: Member, at: At) -> None:
    for n in range(4):
        book(service, owner, at("10:00") + timedelta(weeks=n))
    held = actions.hold(service=service, member=owner, start=at("13:00"))
    with pytest.raises(actions.TooMany):
        actions.book_held(held=held, name="Ella", email="ELLA@example.org")


def test_a_kept_time_ends(service: Service, owner: Member, at: At) -> None:
    held = actions.hold(service=service, member=owner, start=at("10:00"))
    with pytest.raises(actions.SlotTaken):
        book(service, owner, at("10:00"))
    Appointment.objects.filter(pk=held.pk).update(held_until=datetime.now(UTC) - timedelta(minutes=1))
    assert at("10:00") in {one.start for one in queries.public_times(service)}
    book(service, owner, at("10:00"))
    with pytest.raises(actions.HoldEnded):
        actions.book_held(held=held, name="Ella", email="ella@example.org")


def test_late_and_missed_cost_what_the_rules_say(service: Service, owner: Member, at: At) -> None:
    actions.keep_rules(by=owner, free_until_h=24 * 14, late_percent=50)
    late = actions.cancel(by=owner, appointment=book(service, owner, at("10:00")))
    assert (late.state, late.price_minor) == (State.LATE, 4000)
    waived = actions.cancel(by=owner, appointment=book(service, owner, at("10:00")), waive=True)
    assert (waived.state, waived.price_minor) == (State.CANCELLED, 0)
    one = book(service, owner, at("10:00"))
    assert actions.set_came(by=owner, appointment=one, came=False).price_minor == 8000


def test_a_gap_goes_to_who_waits_longest(service: Service, owner: Member, at: At) -> None:
    first, second = (
        actions.wait(by=owner, practice=owner.practice, name=name, email=f"{name}@example.org", service=service)
        for name in ("first", "second")
    )
    actions.cancel(by=owner, appointment=book(service, owner, at("10:00"), email=""))
    run_due()
    assert [letter.to for letter in mail.outbox] == [["first@example.org"]]
    actions.end_waiting(by=owner, waiting=first)
    actions.cancel(by=owner, appointment=book(service, owner, at("13:00"), email=""))
    run_due()
    assert mail.outbox[-1].to == [second.email]


def test_a_message_that_may_have_gone_is_not_sent_again(service: Service, owner: Member, at: At) -> None:
    one = book(service, owner, at("10:00"))
    Mail.objects.create(
        key=f"booked/{one.pk}/0",
        appointment=one,
        kind="booked",
        state="sending",
        at=datetime.now(UTC) - timedelta(hours=1),
    )
    run_due()
    assert mail.outbox == []
    assert [found.appointment for found in queries.unsure_mails(owner.practice)] == [one]


def test_the_visit_opens_from_the_appointment(
    service: Service, owner: Member, maras_client: Client, browser_of: BrowserOf, at: At
) -> None:
    one = book(service, owner, at("10:00"), client=maras_client, name="", email="")
    answer = browser_of(owner).post(reverse("diary:act", args=[one.pk]), {"do": "open"})
    one.refresh_from_db()
    assert one.visit is not None
    assert answer["Location"] == reverse("charts:story", args=[one.visit.pk])
    assert one.state == State.CAME


def test_client_and_guest_are_led_to_the_questions(
    service: Service, owner: Member, maras_client: Client, browser_of: BrowserOf, at: At
) -> None:
    one = book(service, owner, at("10:00"), client=maras_client, name="")
    guest = book(service, owner, at("14:00"))
    Client.objects.filter(pk=maras_client.pk).update(email="ingrid@example.org", birth_date="1974-03-21")
    run_due()
    letters = {letter.extra_headers["Message-ID"].split("-", 1)[1][:36]: letter.body for letter in mail.outbox}
    assert reverse("portal:home") in letters[str(one.pk)]
    assert reverse("portal:home") + "\n" not in letters[str(guest.pk)]
    assert "/my/first/" in letters[str(guest.pk)], "A guest says first when they were born."
    page = browser_of(owner).get(reverse("diary:appointment", args=[one.pk])).content.decode()
    assert reverse("portal:invite", args=[maras_client.pk]) in page


def test_a_colleague_reads_no_names(
    service: Service, owner: Member, therapist: Member, maras_client: Client, browser_of: BrowserOf, at: At
) -> None:
    one = book(service, owner, at("10:00"), client=maras_client)
    day = {"range": "day", "day": at("10:00").date().isoformat()}
    assert maras_client.name not in browser_of(therapist).get(reverse("diary:diary"), day).content.decode()
    assert maras_client.name in browser_of(owner).get(reverse("diary:diary"), day).content.decode()
    assert browser_of(therapist).get(reverse("diary:appointment", args=[one.pk])).status_code == 403


def test_moving_answers_the_diary_and_can_be_undone(
    service: Service, owner: Member, browser_of: BrowserOf, at: At
) -> None:
    one, other = book(service, owner, at("10:00")), book(service, owner, at("14:00"))
    browser = browser_of(owner)

    def move(to: datetime) -> Any:
        path = reverse("diary:move", args=[one.pk])
        return browser.post(path, {"start": to.isoformat()}, headers={"Accept": "application/json"})

    assert move(at("14:30")).status_code == 409
    assert move(at("10:00").replace(second=7)).status_code == 409
    moved = move(at("15:30"))
    assert moved.status_code == 200
    browser.post(reverse("diary:undo"), {"undo": moved.json()["undo"]})
    one.refresh_from_db()
    assert one.start == at("10:00")
    assert browser.post(reverse("diary:undo"), {"undo": "forged"}).status_code == 403
    assert other.start == at("14:00")
    # By the clock on the wall: a day later is at the same time of day, also on the morning the clock jumps.
    spring = engine.instant(date(at("10:00").year + 1, 3, 1), time(10), OSLO)
    days = 31 - (date(spring.year, 3, 31).weekday() + 1) % 7 - 1  # to the last Sunday of March
    actions.move(by=owner, appointment=one, start=spring)
    path = reverse("diary:move", args=[one.pk])
    sent = {"start": spring.isoformat(), "days": days, "later": 15}
    assert browser.post(path, sent, headers={"Accept": "application/json"}).status_code == 200
    one.refresh_from_db()
    assert f"{one.start.astimezone(OSLO):%a %d %b %H:%M %z}" == f"Sun {days + 1} Mar 10:15 +0200"
    assert browser.post(path, sent | {"days": 900}, headers={"Accept": "application/json"}).status_code == 409


def test_the_practice_books_by_its_form(service: Service, owner: Member, browser_of: BrowserOf, at: At) -> None:
    browser = browser_of(owner)
    local = at("10:00")
    given = {
        "service": service.pk,
        "member": owner.pk,
        "day": local.date().isoformat(),
        "at": "10:00",
        "name": "Ella",
        "repeat": 2,
        "every": 1,
        "key": "a",
    }
    assert browser.post(reverse("diary:book"), given).status_code == 302
    assert Appointment.objects.order_by("start")[0].start == local
    assert Appointment.objects.filter(room__isnull=False).count() == 2
    again = browser.post(reverse("diary:book"), {**given, "key": "b"})
    assert again.status_code == 422
    assert "Next free" in again.content.decode()


def test_a_gap_goes_down_the_line_until_somebody_has_it(
    service: Service, owner: Member, browser_of: BrowserOf, at: At
) -> None:
    one = book(service, owner, at("10:00", 1))
    practice = owner.practice

    def waits(name: str, wanted: datetime | None = None) -> Waiting:
        return actions.wait(
            by=owner, practice=practice, name=name, email=f"{name}@example.org", service=service, wanted=wanted
        )

    waits("elsewhen", at("15:00", 1))  # waits for one other time, and is not written to
    first, second = waits("first"), waits("second")
    actions.cancel(by=owner, appointment=one)
    run_due()
    assert [letter.to for letter in mail.outbox if "came free" in letter.subject] == [["first@example.org"]]
    mails.ask_next(start=one.start.isoformat(), appointment=str(one.pk))
    run_due()
    told = [letter.to[0] for letter in mail.outbox if "came free" in letter.subject]
    assert told == ["first@example.org", "second@example.org"]
    held = actions.hold(service=service, member=owner, start=one.start)
    actions.book_held(held=held, name="First", email="First@example.org")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.done_at is None, second.done_at is None) == (False, True)
    waits("third")
    mails.ask_next(start=one.start.isoformat(), appointment=str(one.pk))  # taken meanwhile: nobody is told
    run_due()
    assert "third@example.org" not in [letter.to[0] for letter in mail.outbox]


def test_a_text_message_goes_once_also_when_the_mail_fails(
    service: Service, owner: Member, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(mails, "_text_hooks", [lambda phone, words: sent.append((phone, words))])
    one = actions.book(by=owner, service=service, member=owner, start=at("10:00", 3), name="Ella", phone="+47 1")
    assert Errand.objects.filter(key__startswith=f"diary/text/{one.pk}").count() == 1
    for _twice in range(2):
        mails.send_text(appointment=str(one.pk), version=mails._stamp(one.start))
    mails.send_text(appointment=str(one.pk), version="202001010000")  # of a time it no longer has
    assert [phone for phone, _words in sent] == ["+47 1"]
    assert "10:00" in sent[0][1]


def test_the_price_list_is_for_everybody(service: Service, browser_of: BrowserOf) -> None:
    page = browser_of(None).get(reverse("diary:prices")).content.decode()
    assert "80.00" in page
    assert "24 hours before" in page
