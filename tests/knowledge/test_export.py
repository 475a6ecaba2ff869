"""The neutral export says what the files say, and everything they say of these kinds."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tautband.knowledge import Atlas, load, packaged_folder
from tautband.knowledge.export import export
from tautband.knowledge.search import find
from tautband.knowledge.words import fold


@cache
def packaged() -> Atlas:
    return load([packaged_folder()])


@cache
def exported() -> dict[str, list[dict[str, Any]]]:
    return export(packaged())


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
    atlas, made = packaged(), exported()
    written = [m for m in made["muscles"] if "members" not in m and "part_of" not in m]
    assert len(written) == len(atlas.muscles)
    assert len(made["entrapments"]) == len(atlas.entrapments)
    assert len(made["dermatomes"]) == len(atlas.roots)
    assert all(muscle["nerves"] and muscle["actions"] for muscle in made["muscles"])
    assert all(trap["nerve"] and trap["structure"] and trap["sensory"] for trap in made["entrapments"])


def test_a_whole_has_what_its_parts_have() -> None:
    made = {muscle["name"]: muscle for muscle in exported()["muscles"]}
    quadriceps = made["Quadriceps femoris"]
    parts = [made[name] for name in quadriceps["members"]]
    assert len(parts) == 4
    for key in ("nerves", "roots", "actions"):
        assert set(quadriceps[key]) == {word for part in parts for word in part[key]}


def test_a_single_muscle_has_its_own_nerve() -> None:
    made = {muscle["name"]: muscle for muscle in exported()["muscles"]}
    assert made["Gemellus superior"]["roots"] == ["L5", "S1", "S2"]
    assert made["Gemellus inferior"]["roots"] == ["L4", "L5", "S1"]
    assert made["Gemellus inferior"]["part_of"] == "Gemelli"
    assert made["Palmar interossei"]["actions"][0] == "fingers:adduction"


def test_a_name_leads_to_one_entry() -> None:
    muscles = exported()["muscles"]
    names = [name for m in muscles for name in {fold(n) for n in (m["name"], *m["synonyms"])}]
    assert {name for name in names if names.count(name) > 1} == set()


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("iliopsoas", {"psoas_major", "iliacus"}),
        ("Quadriceps", {"rectus_femoris", "vastus_lateralis", "vastus_medialis", "vastus_intermedius"}),
        ("biceps femoris", {"biceps_femoris", "biceps_femoris_short"}),
        ("obliquus capitis superior", {"suboccipitals"}),
        ("rhomboid minor", {"rhomboids"}),
    ],
)
def test_whole_and_single_names_are_found(name: str, ids: set[str]) -> None:
    assert set(find(packaged(), name)) == {f"muscle.{id}" for id in ids}


def test_every_whole_has_all_its_muscles() -> None:
    rows = yaml.safe_load((packaged_folder().parent / "knowledge" / "umbrellas.yaml").read_text(encoding="utf-8"))
    assert {f"muscle.{name}" for row in rows for name in row["muscles"]} <= set(packaged().records)
