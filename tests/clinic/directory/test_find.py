"""The directory: closed until the owner opens it, nearest first, and only what was made public."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.diary import actions as diary
from tautband.clinic.diary.queries import public_times
from tautband.clinic.directory import actions, cards, free, gazetteer, queries
from tautband.clinic.directory.models import Practitioner
from tautband.clinic.people.models import Member
from tautband.knowledge import atlas

FIND = "/find/"


def entry(by: Member, member: Member, town: str = "Bergen, NO", **more: Any) -> Practitioner:
    place = gazetteer.find(town)[0]
    values = {
        "name": member.display_name,
        "practice_name": "Harbour Lane",
        "town": str(place),
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
        "conditions": ["condition.stiff_neck"],
        "techniques": [atlas().techniques[0].id],
        "public": True,
    }
    return actions.keep_entry(by=by, member=member, values=values | more)


def test_visitors_see_it_only_while_it_is_open(owner: Member, browser_of: Callable[..., Browser]) -> None:
    kept = entry(owner, owner)
    paths = [FIND, reverse("directory:profile", args=[kept.pk])]
    assert [Browser().get(path).status_code for path in paths] == [302, 302]
    assert [browser_of(owner).get(path).status_code for path in paths] == [200, 200]
    browser_of(owner).post(reverse("directory:switch"), {"on": "1"})
    assert [Browser().get(path).status_code for path in paths] == [200, 200]
    browser_of(owner).post(reverse("directory:switch"), {"on": "0"})
    assert [Browser().get(path).status_code for path in paths] == [302, 302]
    assert AuditEvent.objects.filter(verb="directory.opened").count() == 1


def test_what_is_not_public_is_nowhere(owner: Member, therapist: Member) -> None:
    kept = entry(therapist, therapist, public=False)
    actions.switch(by=owner, on=True)
    assert "Daniel" not in Browser().get(FIND).content.decode()
    assert Browser().get(reverse("directory:profile", args=[kept.pk])).status_code == 404


def test_the_nearest_stand_first_and_far_ones_are_left_out(owner: Member, therapist: Member) -> None:
    entry(owner, owner, "Oslo, NO")
    entry(therapist, therapist, "Bergen, NO")
    here = gazetteer.find("Bergen, NO")[0]
    assert [hit.entry.name for hit in queries.search(where=here, radius_km=500)] == ["Daniel Okafor", "Mara Quinn"]
    assert [hit.entry.name for hit in queries.search(where=here, radius_km=100)] == ["Daniel Okafor"]


@pytest.mark.parametrize(("need", "found"), [("my stiff neck", 1), ("neck", 1), ("toothache", 0), ("", 1), ("%$ '", 1)])
def test_a_need_in_plain_words_finds_who_names_it(owner: Member, need: str, found: int) -> None:
    entry(owner, owner)
    assert len(queries.search(need=need)) == found


def test_one_keeps_ones_own_entry_and_the_owner_helps(
    owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    with pytest.raises(PermissionDenied):
        entry(therapist, owner)
    assert entry(owner, therapist).member == therapist
    assert browser_of(therapist).get(reverse("directory:entry", args=[owner.pk])).status_code == 403
    assert browser_of(therapist).get(reverse("directory:entry", args=[therapist.pk])).status_code == 200


def test_a_document_is_seen_by_the_owner_not_by_oneself(owner: Member, therapist: Member) -> None:
    kept = entry(therapist, therapist)
    seen = {"title": "Insured", "issuer": "X", "stated_by": "document", "seen_on": date(2026, 5, 4)}
    with pytest.raises(PermissionDenied):
        actions.add_credential(by=therapist, entry=kept, values=seen)
    actions.add_credential(by=owner, entry=kept, values=seen)
    assert kept.credentials.count() == 1


def test_the_form_keeps_an_entry_and_refuses_an_unknown_town(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser, url = browser_of(owner), reverse("directory:entry", args=[owner.pk])
    said = {"name": "Mara Quinn", "practice_name": "Harbour Lane", "town": "Nowhereville Q", "public": "on"}
    refused = browser.post(url, said)
    assert refused.status_code == 422
    assert "nearest larger one" in refused.content.decode()
    assert browser.post(url, said | {"town": "bergen, no", "access": ["lift"]}).status_code == 302
    kept = Practitioner.objects.get()
    assert (kept.town, kept.access, round(kept.lat_deg or 0)) == ("Bergen, NO", ["lift"], 60)
    added = {"title": "Diploma", "issuer": "School", "issued_on": "2014-06-01", "stated_by": "self"}
    browser.post(reverse("directory:credential", args=[owner.pk]), added)
    assert kept.credentials.get().title == "Diploma"


def test_a_profile_says_who_says_it_and_its_data_block_cannot_break_out(owner: Member) -> None:
    kept = entry(owner, owner, about="</script><script>alert(1)</script>")
    actions.add_credential(
        by=owner, entry=kept, values={"title": "Register", "issuer": "R", "expires_on": date(2020, 1, 1)}
    )
    actions.switch(by=owner, on=True)
    page = Browser().get(reverse("directory:profile", args=[kept.pk])).content.decode()
    assert "not checked" in page
    assert "Ended on" in page
    assert "<script>alert" not in page
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert json.loads(block[1])["description"] == "</script><script>alert(1)</script>"


def test_cards_go_from_one_practice_into_another_directory(owner: Member, browser_of: Callable[..., Browser]) -> None:
    kept = entry(owner, owner)
    browser = browser_of(owner)
    exported = {end: browser.get(reverse("directory:export", args=[end])).content for end in ("json", "csv", "vcf")}
    Practitioner.objects.all().delete()
    key = cards.public_key(actions.the_directory(owner.practice).seed)
    for data in exported.values():
        asked = browser.post(reverse("directory:take_in"), {"cards": data.decode()})
        assert "Whose signature" in asked.content.decode()
        break
    for data in exported.values():
        browser.post(reverse("directory:take_in"), {"cards": data.decode(), "accept": key})
    assert Practitioner.objects.get().pk == kept.pk


def test_the_diary_is_read_once_for_a_whole_page(
    owner: Member, therapist: Member, django_assert_max_num_queries: Any
) -> None:
    for who in (owner, therapist):
        entry(owner, who)
        diary.keep_shift(by=owner, member=who, start=time(9), end=time(17), rule="FREQ=DAILY", first=date(2026, 1, 5))
    service = diary.keep_service(by=owner, name="Treatment", minutes=60)
    assert free.next_free([owner, therapist]) == {}  # not while nobody may book online
    diary.keep_rules(by=owner, online=True)
    members = [entry.member for entry in queries.public_entries()]
    with django_assert_max_num_queries(8):
        found = free.next_free([*members, None])
    alone = {who.pk: public_times(service, days=28, member=who)[0].start for who in (owner, therapist)}
    assert {key: start for key, (start, _link) in found.items()} == alone
    diary.block(by=owner, member=therapist, start=datetime.now(UTC), end=datetime.now(UTC) + timedelta(days=90))
    assert list(free.next_free(members)) == [owner.pk]
    assert free.next_free(members)[owner.pk][1].endswith(f"?service={service.pk}&who={owner.pk}")
