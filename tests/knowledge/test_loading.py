"""A broken file is named with line and cure, and everything else is loaded."""

from pathlib import Path

import pytest

from tautband.knowledge import Atlas, UnknownId, load
from tautband.knowledge.problems import Problem

MUSCLE = "muscles/arm_elbow/flexor.yaml"


def only(atlas: Atlas) -> Problem:
    (problem,) = atlas.problems
    return problem


def test_the_small_atlas_is_whole(folder: Path) -> None:
    atlas = load([folder], use_cache=False)
    assert atlas.problems == ()
    assert set(atlas.ids()) == {
        "muscle.flexor",
        "muscle.extensor",
        "nerve.flexing",
        "root.c6",
        "exam.bend",
        "trp.flexor.1",
        "area.arm_front",
    }


@pytest.mark.parametrize(
    ("change", "line", "in_message", "in_cure"),
    [
        (("region: arm_elbow", "region: arm: elbow"), 4, "not valid YAML", "quotes"),
        (("synonyms: [bender]", "synonyms: [bender]\nsynonyms: [other]"), 4, "written twice", "Join both"),
        (("synonyms: [bender]", "synonymes: [bender]"), 3, "`synonymes` is not a key", "Did you mean `synonyms`?"),
        (("region: arm_elbow\n", ""), 1, "`region` is missing", "Add the key"),
        (("region: arm_elbow", "region: elbow"), 4, "'elbow'", "Write one of"),
        (("origin: the front", "origin: yes"), 9, "True, not text", "quotes around yes"),
        (("radius_cm: 4", "radius_cm: 40"), 20, "between 0.5 and 15", "Repair"),
        (("blob: arm_front", "blobb: arm_front"), 20, "`trigger_points", "Did you mean `blob`?"),
        (("read: full,", "read: whole,"), 7, "'whole'", "'full'"),
        (("at: chapter 5, ", ""), 7, "needs `at`", "Repair"),
        (("id: muscle.flexor", "id: Muscle Flexor"), 1, "lies in muscles/", "begins with 'muscle.'"),
        (("name: {en", "\xe9\x00name: {en"), 2, "not valid YAML", "not plain text"),
    ],
)
def test_a_broken_file_is_named_with_line_and_cure(write, change, line, in_message, in_cure) -> None:
    atlas = write({MUSCLE: change})
    problems = [p for p in atlas.problems if in_message in p.message]
    assert problems, atlas.problems
    problem = problems[0]
    assert problem.file == MUSCLE
    assert problem.line in (line, line - 1)
    assert in_cure in problem.cure
    assert str(problem).startswith(f"{MUSCLE}:")
    # The rest is loaded all the same.
    assert "muscle.flexor" not in atlas.records
    assert {"muscle.extensor", "nerve.flexing", "root.c6", "exam.bend"} <= set(atlas.records)


def test_bytes_that_are_no_text_are_named(folder: Path) -> None:
    (folder / MUSCLE).write_bytes(b"id: muscle.flexor\nname: \xff\xfe\n")
    problem = only(load([folder], use_cache=False))
    assert (problem.line, problem.code) == (2, "bad_yaml")
    assert "UTF-8" in problem.cure


def test_a_huge_file_is_refused(folder: Path) -> None:
    (folder / MUSCLE).write_text("x" * 1_000_001, encoding="utf-8")
    assert "1000001 bytes" in only(load([folder], use_cache=False)).message


def test_an_empty_file_is_named(write) -> None:
    assert only(write({MUSCLE: ""})).code == "not_a_thing"


def test_the_same_id_twice_names_both_files(write, folder: Path) -> None:
    twin = (folder / MUSCLE).read_text(encoding="utf-8")
    problem = only(write({"muscles/shoulder/flexor.yaml": twin}))
    assert problem.code == "duplicate_id"
    assert problem.file == "muscles/shoulder/flexor.yaml"
    assert MUSCLE in problem.message


def test_the_same_point_in_two_muscles_is_named(write, folder: Path) -> None:
    point = (folder / MUSCLE).read_text(encoding="utf-8").partition("trigger_points:")[2]
    name = "muscles/arm_elbow/extensor.yaml"
    twin = (folder / name).read_text(encoding="utf-8") + "trigger_points:" + point
    assert [p.code for p in write({name: twin}).problems] == ["duplicate_id"]


def test_files_that_are_never_read_are_named(write) -> None:
    atlas = write({"muskles/flexor.yaml": "id: muscle.x", "muscles/arm_elbow/x.yml": "id: muscle.x"})
    assert {p.code for p in atlas.problems} == {"stray_file"}
    assert len(atlas.problems) == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert only(load([tmp_path / "nowhere"], use_cache=False)).code == "no_folder"


def test_a_retired_id_leads_to_its_replacement(write) -> None:
    atlas = write({"muscles/arm_elbow/old.yaml": "id: muscle.old\nreplaced_by: muscle.flexor\n"})
    assert atlas.problems == ()
    assert atlas.current("muscle.old") == "muscle.flexor"
    assert atlas.get("muscle.old") is atlas.get("muscle.flexor")
    assert "muscle.old" not in set(atlas.ids())


def test_retired_ids_in_a_circle_end(write) -> None:
    atlas = write(
        {
            "muscles/arm_elbow/a.yaml": "id: muscle.a\nreplaced_by: muscle.b\n",
            "muscles/arm_elbow/b.yaml": "id: muscle.b\nreplaced_by: muscle.a\n",
        }
    )
    with pytest.raises(UnknownId):
        atlas.get("muscle.a")


def test_an_overlay_replaces_and_adds(folder: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay" / "muscles" / "arm_elbow"
    overlay.mkdir(parents=True)
    text = (folder / MUSCLE).read_text(encoding="utf-8")
    (overlay / "flexor.yaml").write_text(text.replace("en: Flexor", "en: Our flexor"), encoding="utf-8")
    atlas = load([folder, tmp_path / "overlay"], use_cache=False)
    assert atlas.name("muscle.flexor") == "Our flexor"
    assert "muscle.extensor" in atlas
    assert load([folder], use_cache=False).name("muscle.flexor") == "Flexor"


def test_an_unknown_id_names_the_nearest(folder: Path) -> None:
    with pytest.raises(UnknownId, match=r"muscle\.flexor"):
        load([folder], use_cache=False).get("muscle.flexxor")


def test_links_are_found_from_the_other_end(folder: Path) -> None:
    atlas = load([folder], use_cache=False)
    assert atlas.exams_of("muscle.flexor") == ("exam.bend",)
    assert atlas.exams_of("trp.flexor.1") == ("exam.bend",)
    assert set(atlas.muscles_of("nerve.flexing")) == {"muscle.flexor", "muscle.extensor"}
    assert set(atlas.muscles_of("root.c6")) == {"muscle.flexor", "muscle.extensor"}
    assert atlas.rivals_of("muscle.flexor") == ("root.c6",)
    assert atlas.rivals_of("root.c6") == ("muscle.flexor",)
    assert atlas.by_target["trigger_point.biceps_brachii"] == ("muscle.flexor",)
    assert atlas.by_landmark["arm_front"] == ("muscle.flexor",)
    assert set(atlas.by_region["arm_elbow"]) == {"muscle.flexor", "muscle.extensor", "nerve.flexing", "exam.bend"}
    assert atlas.name("trp.flexor.1") == "Flexor (the middle)"
