"""The neutral export says what the files say, and everything they say of these kinds."""

from pathlib import Path

from tautband.knowledge import load, packaged_folder
from tautband.knowledge.export import export


def test_a_muscle_in_plain_names(folder: Path) -> None:
    flexor = next(m for m in export(load([folder], use_cache=False))["muscles"] if m["name"] == "Flexor")
    assert flexor == {
        "name": "Flexor",
        "synonyms": ["Musculus flexor", "bender"],
        "nerves": ["Flexing nerve"],
        "roots": ["C6"],
        "actions": ["elbow:flexion"],
        "referral": {"primary": ["front of the upper arm"], "spillover": []},
    }


def test_a_dermatome_in_plain_names(folder: Path) -> None:
    (root,) = export(load([folder], use_cache=False))["dermatomes"]
    assert root["level"] == "C6"
    assert "back of the thumb" in root["areas"]


def test_nothing_is_left_out_of_the_packaged_atlas() -> None:
    atlas = load([packaged_folder()])
    made = export(atlas)
    assert len(made["muscles"]) == len(atlas.muscles)
    assert len(made["entrapments"]) == len(atlas.entrapments)
    assert len(made["dermatomes"]) == len(atlas.roots)
    assert all(muscle["nerves"] and muscle["actions"] for muscle in made["muscles"])
    assert all(trap["nerve"] and trap["structure"] and trap["sensory"] for trap in made["entrapments"])
