"""A programme from choosing to the next visit: the therapist gives it, the client lives with it, the diary is read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.audit.log import verify
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.errands.models import Errand
from tautband.clinic.people.models import Client, Member
from tautband.clinic.programme import actions, checkin, diary, offer, reminders
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


def test_three_points_up_is_looked_at_today(
    therapist: Member, visit: Visit, browser_of: Callable[..., Browser], phone_of: Callable[[Client], Browser]
) -> None:
    client, desk = visit.client, browser_of(therapist)
    phone = phone_of(client)
    phone.post(reverse("programme:day"), {"pain": "9", "key": "d1"})
    assert not checkin.after(client).concerns, "drawn 7 at the visit: two points up is not three"
    phone.post(reverse("programme:day"), {"pain": "10", "signs": ["numb"], "key": "d2"})
    page = phone.get(reverse("programme:mine")).content.decode()
    assert "We will look at this today. Ring if it spreads." in page
    assert "pain 10 of 10, was 7 at the visit" in desk.get(reverse("people:today")).content.decode()
    desk.post(reverse("programme:looked", args=[client.pk]), {"note": "Rang her.", "key": "l1"})
    assert checkin.needs_look(client) is None
    assert (
        client.name not in desk.get(reverse("people:today")).content.decode().split("Needs you")[-1].split("</ul>")[0]
    )


@pytest.mark.parametrize(("hours", "sore", "long"), [(30, True, False), (49, True, True), (49, False, False)])
def test_sore_past_48_hours_is_looked_at(visit: Visit, hours: int, sore: bool, long: bool) -> None:
    charts.close_visit(by=visit.by, visit=visit, at=visit.opened_at + timedelta(hours=1))
    at = visit.opened_at + timedelta(hours=1 + hours)
    note = actions.note_day(by=visit.client, sore=sore, at=at)
    assert checkin.after(visit.client, now=at, note=note).sore_long is long


def test_the_next_visit_reads_it_back_and_swaps(
    therapist: Member, visit: Visit, given: ProgrammeVersion, browser_of: Callable[..., Browser]
) -> None:
    client = visit.client
    charts.close_visit(by=therapist, visit=visit)
    actions.say(by=client, version=given, thing="cross_body", kind="hurts", how="pinched", words="pinches in front")
    following = charts.open_visit(by=therapist, client=client)
    desk = browser_of(therapist)
    page = desk.get(reverse("programme:home", args=[following.pk])).content.decode()
    assert "pinches in front" in page
    assert "Instead of it:" in page
    now = offer.current(following)
    other = offer.alternatives(now, now.item("cross_body"))[0]
    data = {"do": "swap", "thing": "cross_body", "item": other.record.id, "seen": now.seen, "key": "s1"}
    assert desk.post(reverse("programme:change", args=[following.pk]), data).status_code == 302
    assert desk.post(reverse("programme:change", args=[following.pk]), data).status_code == 302, "sent twice, kept once"
    now = offer.current(following)
    assert [c.item for c in now.programme.choices][1] == other.record.id
    assert now.number == given.number + 1
    stale = desk.post(reverse("programme:change", args=[following.pk]), {**data, "key": "s2"})
    assert stale.status_code == 409
    answer = desk.post(reverse("programme:change", args=[following.pk]), {"do": "give", "seen": now.seen, "key": "g1"})
    assert answer["Location"] == reverse("programme:phone", args=[following.pk])
    note = desk.get(reverse("treatments:note", args=[following.pk])).content.decode()
    assert "For home: Ball on the wall for the back of the shoulder, right" in note


def test_a_dose_outside_its_range_is_refused_in_words(
    therapist: Member, visit: Visit, given: ProgrammeVersion, browser_of: Callable[..., Browser]
) -> None:
    now = offer.current(visit)
    data = {"do": "amount", "thing": "infraspinatus_ball", "seen": now.seen, "side": "left", "repetitions": "90"}
    data |= {"hold_s": "30", "days_per_week": "4", "key": "a1"}
    desk = browser_of(therapist)
    wrong = desk.post(reverse("programme:change", args=[visit.pk]), data)
    assert wrong.status_code == 422
    assert "less than or equal to 4" in wrong.content.decode()
    assert desk.post(reverse("programme:change", args=[visit.pk]), {**data, "repetitions": "4"}).status_code == 302
    changed = offer.current(visit).item("infraspinatus_ball").choice
    assert (changed.side, changed.amount.repetitions) == (Side.LEFT, 4)


def test_paper_reminder_and_days(
    therapist: Member,
    visit: Visit,
    given: ProgrammeVersion,
    browser_of: Callable[..., Browser],
    phone_of: Callable[[Client], Browser],
) -> None:
    client, desk, phone = visit.client, browser_of(therapist), phone_of(visit.client)
    assert desk.get(reverse("programme:card", args=[visit.pk])).content.startswith(b"%PDF")
    assert phone.get(reverse("programme:my_card")).content.startswith(b"%PDF")
    assert phone.get(reverse("programme:reminder_file")).status_code == 404, "nobody asked for one"
    phone.post(reverse("programme:reminder"), {"do": "on", "at": "21:15", "key": "r1"})
    entry = phone.get(reverse("programme:reminder_file")).content.decode()
    assert "T211500" in entry
    assert "shoulder" not in entry, "calendars are read by others"
    phone.post(reverse("programme:day"), {"pain": "4", "returned": "1", "key": "d1"})
    days = desk.get(reverse("programme:days", args=[client.pk])).content.decode()
    assert "too few to say anything" in days
    for name in ("reminder", "my_aftercare", "hurts"):
        assert phone.get(reverse(f"programme:{name}")).status_code == 200
    for name in ("thing", "done", "too_much"):
        assert phone.get(reverse(f"programme:{name}", args=["infraspinatus_ball"])).status_code == 200
        assert phone.get(reverse(f"programme:{name}", args=["another-clients"])).status_code == 404
    assert desk.get(reverse("programme:add", args=[visit.pk]), {"q": "desk work"}).status_code == 200
    assert desk.get(reverse("people:client", args=[client.pk])).status_code == 200


def test_reminders_by_mail_come_once_and_only_for_who_asked(
    visit: Visit, given: ProgrammeVersion, settings: Any, mailoutbox: list[Any]
) -> None:
    client = visit.client
    settings.MAIL_SERVER, settings.PUBLIC_URL = "smtp://x:y@mail.example.org", "https://clinic.example.org"
    type(client).objects.filter(pk=client.pk).update(email="tomasz@example.org")
    client.refresh_from_db()
    reminders.mail_reminder(client=str(client.pk))
    assert not mailoutbox, "nobody asked"
    actions.wish_reminder(by=client, wanted=True, minute=0, by_mail=True)
    begins = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    reminders.remind(slot=begins.isoformat())
    reminders.remind(slot=begins.isoformat())
    assert Errand.objects.filter(name="home.reminder").count() == 1
    reminders.mail_reminder(client=str(client.pk))
    assert len(mailoutbox) == 1
    assert "ball" not in mailoutbox[0].body
    actions.say(by=client, version=given, thing="cross_body", kind="done")
    reminders.mail_reminder(client=str(client.pk))
    assert len(mailoutbox) == 1, "who wrote today is left in peace"


def test_what_was_said_is_never_changed(visit: Visit, given: ProgrammeVersion) -> None:
    word = actions.say(by=visit.client, version=given, thing="cross_body", kind="done")
    for change in (lambda: word.delete(), lambda: type(given).objects.update(given=False)):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    with pytest.raises(ValueError, match="not in the programme"):
        actions.say(by=visit.client, version=given, thing="somebody_elses", kind="done")
    long_ago = timezone.localdate() - timedelta(days=8)
    with pytest.raises(ValueError, match="too long ago"):
        actions.say(by=visit.client, version=given, thing="cross_body", kind="done", day=long_ago)
