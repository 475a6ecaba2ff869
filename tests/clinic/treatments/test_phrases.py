"""Phrases: written out where their code is typed, filled with what is known, one's own before the practice's."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.models import NoteVersion, Phrase, SignedNote
from tautband.clinic.treatments.phrases import blanks_in, by_code, expanded, filled, phrases_of

ARM = Phrase(code="arm", text="Arm rested. {client}, {how long} min.")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (".arm", "Arm rested. Ingrid, {how long} min."),
        ("Then .ARM, and home", "Then Arm rested. Ingrid, {how long} min., and home"),
        ("at 3 p.m. today", "at 3 p.m. today"),
        ("end.arm", "end.arm"),
        (".armour", ".armour"),
        (".unknown", ".unknown"),
        ("5.5 and .5", "5.5 and .5"),
    ],
)
def test_a_code_is_written_out_and_nothing_else_is(typed: str, written: str) -> None:
    assert expanded(typed, {"arm": ARM}, {"client": "Ingrid"}) == written


@given(st.text(max_size=200))
def test_without_phrases_no_letter_changes(text: str) -> None:
    assert expanded(text, {}, {}) == text
    assert filled(text, {}) == text


def test_only_unknown_words_stay_blanks() -> None:
    text = filled(ARM.text, {"client": "Ingrid"})
    assert blanks_in(text) == ["{how long}"]


def page(browser: Browser, **sent: str) -> int:
    status: int = browser.post(reverse("treatments:phrases"), sent).status_code
    return status


def test_ones_own_goes_before_the_practices_and_a_change_is_a_version(
    owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    boss, daniel = browser_of(owner), browser_of(therapist)
    assert page(boss, code=".Sore", text="Soreness is common.", shared="on", key="a") == 302
    assert page(daniel, code="sore", text="Sore for a day.", key="b") == 302
    assert page(daniel, code="sore", text="Sore for a day.", key="b") == 302  # sent twice
    assert page(daniel, code="sore", text="Another.") == 422  # the code is taken
    assert page(daniel, code="so re", text="x") == 422
    assert by_code(phrases_of(therapist))["sore"].text == "Sore for a day."
    assert by_code(phrases_of(owner))["sore"].text == "Soreness is common."
    mine = Phrase.objects.get(member=therapist)
    change = reverse("treatments:phrase", args=[mine.pk])
    assert "Sore for a day." in daniel.get(change).content.decode()
    assert daniel.post(change, {"code": "sore", "text": "Sore for two days."}).status_code == 302
    assert daniel.post(change, {"code": "sore", "text": "Too late."}).status_code == 404
    assert by_code(phrases_of(therapist))["sore"].text == "Sore for two days."
    assert Phrase.objects.filter(member=therapist).count() == 2
    shared = Phrase.objects.get(member=None)
    assert daniel.get(reverse("treatments:phrase", args=[shared.pk])).status_code == 403
    assert daniel.post(reverse("treatments:remove_phrase", args=[shared.pk])).status_code == 403
    assert boss.post(reverse("treatments:remove_phrase", args=[shared.pk])).status_code == 302
    assert not phrases_of(owner)
    assert "Sore for two days." in daniel.get(reverse("treatments:phrases"), {"q": "two"}).content.decode()


def test_nobody_shares_without_the_right(therapist: Member) -> None:
    with pytest.raises(actions.MayNotChangePhrase):
        actions.save_phrase(by=therapist, code="x", text="y", shared=True)


def test_without_script_a_code_is_written_out_a_pick_is_added_and_a_blank_keeps_from_signing(
    visit: Visit, therapist: Member, browser_of: Callable[..., Browser], note_data: Callable[..., dict[str, str]]
) -> None:
    actions.save_phrase(by=therapist, code="arm", text=ARM.text)
    daniel, url = browser_of(therapist), reverse("treatments:note", args=[visit.pk])
    assert "data-phrase" in daniel.get(url).content.decode()
    daniel.post(url, note_data(plan="First. .arm", phrase="objective.arm"))
    kept = NoteVersion.objects.get()
    name = visit.client.name
    assert kept.sections["plan"] == f"First. Arm rested. {name}, {{how long}} min."
    assert kept.sections["objective"] == f"o\nArm rested. {name}, {{how long}} min."
    sign = reverse("treatments:sign", args=[visit.pk])
    answer = daniel.post(sign, note_data(seen="1", plan=kept.sections["plan"]))
    assert answer.status_code == 422
    assert "Fill or delete: {how long}." in answer.content.decode()
    assert daniel.post(sign, note_data(seen="2", plan="Arm rested, 10 min.")).status_code == 302
    assert SignedNote.objects.filter(visit=visit).exists()
