"""The chain alone: any change to any entry is found, and named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.audit import chain


def build(verbs: list[str]) -> list[chain.Entry]:
    entries: list[chain.Entry] = []
    for number, verb in enumerate(verbs, start=1):
        previous = entries[-1].seal if entries else chain.GENESIS
        draft = chain.Entry(
            "client/1",
            number,
            verb,
            "client/1",
            "user/1",
            "Mara",
            f"2026-11-24T10:{number:02d}",
            "{}",
            "",
            "",
            previous,
            "",
        )
        entries.append(replace(draft, seal=chain.seal(draft)))
    return entries


VERBS = st.lists(st.sampled_from(["note.signed", "client.changed", "finding.recorded"]), min_size=1, max_size=12)


@given(VERBS)
def test_an_untouched_chain_is_intact(verbs: list[str]) -> None:
    verdict = chain.check("client/1", build(verbs))
    assert verdict.intact
    assert verdict.checked == len(verbs)


@given(VERBS, st.data())
def test_a_change_to_any_field_is_found_at_its_place(verbs: list[str], data: st.DataObject) -> None:
    entries = build(verbs)
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["verb", "target", "by", "by_name", "at", "details", "key", "digest", "seal"]))
    entries[place] = replace(entries[place], **{field: "forged"})
    verdict = chain.check("client/1", entries)
    assert not verdict.intact
    assert verdict.broken_at == place + 1


@given(VERBS, st.data())
def test_a_missing_entry_is_found_unless_it_was_the_last(verbs: list[str], data: st.DataObject) -> None:
    entries = build(verbs)
    place = data.draw(st.integers(0, len(entries) - 1))
    last = place == len(entries) - 1
    del entries[place]
    assert chain.check("client/1", entries).intact is last


def test_a_forger_who_seals_again_breaks_the_next_link() -> None:
    entries = build(["client.created", "note.signed", "note.signed"])
    forged = replace(entries[1], by_name="Somebody else", seal="")
    entries[1] = replace(forged, seal=chain.seal(forged))
    verdict = chain.check("client/1", entries)
    assert verdict.broken_at == 3
    assert "follow" in verdict.reason


def test_the_same_value_always_gives_the_same_bytes() -> None:
    assert chain.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    with pytest.raises(ValueError, match="JSON"):
        chain.canonical({"a": float("nan")})
