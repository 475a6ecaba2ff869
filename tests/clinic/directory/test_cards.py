"""Signed cards: whole in every format, refused when anything was changed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tautband.clinic.directory import actions, cards
from tautband.clinic.directory.models import Practitioner, Signer
from tautband.clinic.people.models import Member

SEED = cards.new_seed()
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def card(seed: str = SEED, at: datetime = NOW, **told: Any) -> dict[str, Any]:
    said = {
        "id": "6d0dbb5e-6ac7-4c43-9d0c-2f8f3f1f9a10",
        "name": "Østen, Ærlig; \\ 療",
        "practice_name": "Mill Street",
        "town": "Bergen, NO",
        "lat_deg": 60.39,
        "lon_deg": 5.32,
        "credentials": [{"title": "Diploma", "issuer": "School", "issued_on": "2014-06-01", "stated_by": "self"}],
    } | told
    return cards.sign(seed, practice="Mill Street", issued_at=at.isoformat(), practitioner=said)


@pytest.mark.parametrize("write", [cards.as_json, cards.as_csv, cards.as_vcard])
def test_a_card_comes_back_from_every_format_as_it_was(write: Any) -> None:
    signed = [card(), card(name="=HYPERLINK(1)")]
    assert cards.read(write(signed).encode()) == signed


def test_a_vcard_is_folded_and_a_table_runs_nothing() -> None:
    signed = [card(name="=HYPERLINK(1)" + "é" * 90)]
    assert all(len(line.encode()) <= 75 for line in cards.as_vcard(signed).split("\r\n"))
    assert "\n=HYPERLINK" not in cards.as_csv(signed)


@pytest.mark.parametrize("field", ["practice", "issued_at", "practitioner", "key", "signature"])
def test_anything_changed_breaks_it(field: str) -> None:
    other = card(cards.new_seed(), NOW + timedelta(days=1), name="Somebody else") | {"practice": "Another"}
    changed = card() | {field: other[field]}
    with pytest.raises(cards.BadCard):
        cards.verified(changed)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"[1]",
        b"\xff\xfe\x00",
        b'{"cards": [{}]}',
        b"name,card\nA,\n",
        b"BEGIN:VCARD\nFN:A\nEND:VCARD",
    ],
)
def test_what_is_no_card_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(cards.BadCard, match=r"."):
        cards.read(data)


def test_nobody_is_taken_in_whose_signature_was_not_accepted(owner: Member) -> None:
    with pytest.raises(cards.BadCard, match="Nobody has accepted"):
        actions.take_in(by=owner, found=[card()])
    assert not Practitioner.objects.exists()
    assert actions.take_in(by=owner, found=[card()], accept=[card()["key"]]) == (1, 0)
    entry = Practitioner.objects.get()
    assert (entry.signer.name, entry.credentials.get().stated_by) == ("Mill Street", "self")


def test_an_older_card_played_again_and_another_signer_change_nothing(owner: Member) -> None:
    keys = [card()["key"]]
    actions.take_in(by=owner, found=[card(at=NOW, price="80")], accept=keys)
    assert actions.take_in(by=owner, found=[card(at=NOW - timedelta(days=9), price="70")]) == (0, 1)
    assert actions.take_in(by=owner, found=[card(at=NOW + timedelta(days=9), price="90")]) == (1, 0)
    forged = card(cards.new_seed(), NOW + timedelta(days=99), price="1")
    assert actions.take_in(by=owner, found=[forged], accept=[forged["key"]]) == (0, 1)
    assert Practitioner.objects.get().price == "90"


@pytest.mark.parametrize(
    "odd", [{"web": "javascript:alert(1)"}, {"lat_deg": 999}, {"lat_deg": "x"}, {"id": "x"}, {"name": "n" * 200}]
)
def test_a_signed_card_with_impossible_content_takes_nothing_in(owner: Member, odd: dict[str, Any]) -> None:
    bad = card(**odd)
    with pytest.raises(cards.BadCard):
        actions.take_in(by=owner, found=[card(id="7d0dbb5e-6ac7-4c43-9d0c-2f8f3f1f9a10"), bad], accept=[bad["key"]])
    assert not Practitioner.objects.exists()
    assert not Signer.objects.exists()


def test_canonical_text_is_what_another_program_would_sign() -> None:
    signed = card()
    again = json.loads(json.dumps(signed, indent=4))
    assert cards.verified(again) == signed
