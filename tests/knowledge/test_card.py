"""A card shows every fact of the file with its sources; nothing is shown as read that was not."""

from pathlib import Path

from tautband.knowledge import load, packaged_folder
from tautband.knowledge.card import card_json, card_text
from tautband.knowledge.coverage import coverage, coverage_table
from tautband.knowledge.walk import facts_of


def test_every_fact_is_on_the_card_with_its_source(folder: Path) -> None:
    atlas = load([folder], use_cache=False)
    card = card_json(atlas, "muscle.flexor")
    assert len(card["facts"]) == len(list(facts_of(atlas.records["muscle.flexor"]))) == 4
    assert all(fact["citations"] and fact["says"] for fact in card["facts"])
    assert all(fact["read"] for fact in card["facts"])
    text = card_text(atlas, "muscle.flexor")
    for words in ("Flexor", "elbow", "flexion", "arm_front", "gray", "read: full", "4 facts, 4 with a source"):
        assert words in text


def test_unread_facts_are_called_unread(folder: Path) -> None:
    atlas = load([folder], use_cache=False)
    assert not any(fact["read"] for fact in card_json(atlas, "muscle.extensor")["facts"])
    assert "unread" in card_text(atlas, "muscle.extensor")


def test_the_card_of_a_point_holds_its_own_facts_only(folder: Path) -> None:
    card = card_json(load([folder], use_cache=False), "trp.flexor.1")
    assert [fact["says"] for fact in card["facts"]] == ["essential: arm_front (radius 4 cm)"]


def test_every_thing_of_the_packaged_atlas_has_a_card() -> None:
    atlas = load([packaged_folder()])
    for id in atlas.ids():
        assert atlas.name(id) in card_text(atlas, id)


def test_coverage_counts_what_is_there(folder: Path) -> None:
    atlas = load([folder], use_cache=False)
    rows = {(row["kind"], row["region"]): row for row in coverage(atlas)}
    assert rows["muscle", "arm_elbow"] == {
        "kind": "muscle", "region": "arm_elbow", "things": 2, "points": 1,
        "facts": 7, "read": 4, "field_parts": 1, "field_parts_read": 1,
    }  # fmt: skip
    assert "1 of 1" in coverage_table(atlas)
