"""Each rule of `check` finds what it is for, says how to repair it, and leaves a sound atlas alone."""

from pathlib import Path

import pytest

from tautband.knowledge import check, load

MUSCLE, OTHER = "muscles/arm_elbow/flexor.yaml", "muscles/arm_elbow/extensor.yaml"
NERVE, ROOT, EXAM = "nerves/arm_elbow/flexing.yaml", "roots/neck/c6.yaml", "exams/resisted/bend.yaml"
SOURCE = "sources/gray.yaml"
FLAG = """\
id: flag.danger
name: {en: Danger, plain: a danger}
region: general
cites: {gray: {at: chapter 1, grade: expert_opinion}}
rules:
  - {when: exam.bend, urgency: emergency, because: it is, by: gray}
do:
  - {text: call, by: gray}
say:
  - {text: go, by: gray}
"""
MEASURE = """\
id: instrument.two
name: {en: Two questions, plain: two questions}
region: general
sort: questionnaire
measures: nothing
cites: {gray: {at: chapter 1, read: full, grade: cohort}}
unit: points
low: 0
high: 6
better: lower
item_count: 2
items: [{text: one}, {text: two}]
choices: [{label: never, value: 0}, {label: always, value: 3}]
scoring: {combine: sum, least_items: 2}
bands: [{low: 0, high: 2, name: low, by: gray}, {low: 3, high: 6, name: high, by: gray}]
changes: [{quantity: important, value: 2, population: some, by: gray, use: true}]
licence: {ships: items, holder: somebody, text: free to show, by: gray}
"""
TWO = "instruments/two.yaml"
CELL = "\ngrid: {panel: rom, row: Flexion}\njoint: elbow\nmotion: flexion\nphrases:"
BOW = """\
id: exam.bow
name: {en: Bow, plain: bow}
method: resisted
region: arm_elbow
positive: pain
cites: {}
grid: {panel: rom, row: Flexion}
"""
SELFCARE = """\
id: selfcare.press
name: {en: Press, plain: pressing}
cites: {gray: {at: chapter 1, grade: expert_opinion}}
sort: self_release
region: arm_elbow
purpose: [{text: ease, by: gray}]
serves: [muscle.flexor]
minutes: 2
position: {base: sitting, joints: [{joint: elbow, side: right, motion: flexion, deg: 90}], felt: area.arm}
say: [{text: press, by: gray}]
dose: {per_day: {low: 1, usual: 1, high: 2}, days_per_week: {low: 3, usual: 5, high: 7}, by: gray}
cautions: [{text: gently, by: gray}]
stop_when: [{text: it tingles, by: gray}]
claims: [{stance: convention, text: taught so, by: gray}]
"""
PRESS = "selfcare/press.yaml"
CLAIM = "palpation:\n  - {position: lying, grip: flat, how: 'WORDS', by: gray}\n"


def test_a_sound_atlas_has_nothing_to_repair(folder: Path) -> None:
    assert check(load([folder], use_cache=False)) == ()


@pytest.mark.parametrize(
    ("code", "changes", "says"),
    [
        ("missing_citation", {MUSCLE: ("motion: flexion, by: gray", "motion: flexion, by: grey")}, "grey"),
        ("missing_source", {MUSCLE: ("  gray: {at", "  grey: {at")}, "sources/grey.yaml"),
        ("unused_citation", {MUSCLE: ("cites:\n", "cites:\n  spare: {source: gray}\n")}, "spare"),
        ("read_of_unseen", {SOURCE: ("seen: chapter", "seen: not read, chapter")}, "Remove `read:`"),
        ("vague_locator", {MUSCLE: ("at: chapter 5", "at: page")}, "Name the heading"),
        ("id_is_not_path", {MUSCLE: ("id: muscle.flexor", "id: muscle.flexor_big")}, "flexor_big.yaml"),
        ("id_is_not_path", {SOURCE: ("id: gray", "id: grey")}, "grey.yaml"),
        ("no_address", {SOURCE: ("kind: book", "kind: web_page")}, "as it was seen"),
        ("folder_is_not_region", {OTHER: ("region: arm_elbow", "region: shoulder")}, "shoulder"),
        ("point_is_not_muscle", {MUSCLE: ("trp.flexor.1", "trp.bender.1")}, "trp.flexor.1"),
        ("broken_link", {MUSCLE: ("muscle.extensor", "muscle.extensorr")}, "Did you mean muscle.extensor"),
        ("broken_link", {SOURCE: ("seen:", "road: nowhere\nseen:")}, "sources/nowhere.yaml"),
        (
            "retired_id",
            {
                MUSCLE: ("antagonists: [muscle.extensor]", "antagonists: [muscle.gone]"),
                "muscles/arm_elbow/gone.yaml": "id: muscle.gone\nreplaced_by: muscle.extensor\n",
            },
            "muscle.extensor",
        ),
        ("broken_link", {"muscles/arm_elbow/gone.yaml": "id: muscle.gone\nreplaced_by: muscle.lost\n"}, "living id"),
        ("unknown_target", {MUSCLE: ("trigger_point.biceps_brachii", "trigger_point.bicep")}, "Did you mean"),
        ("name_clash", {OTHER: ("en: Extensor", "en: Bender")}, "Leave it to the one"),
        ("phrase_clash", {EXAM: ("bending painless", "Painful bending")}, "one of the lists"),
        ("no_antagonist", {OTHER: ("motion: extension", "motion: flexion")}, "There: elbow flexion"),
        ("unknown_motion", {OTHER: ("motion: extension", "motion: wobbling")}, "motions.py"),
        ("root_mismatch", {MUSCLE: ("roots: [root.c6]", "roots: [root.c6, root.c7]")}, "variation: true"),
        ("nerve_mismatch", {NERVE: ("[muscle.flexor, muscle.extensor]", "[muscle.flexor]")}, "Add it there"),
        ("unknown_landmark", {MUSCLE: ("blob: arm_front", "blob: arm_frnt")}, "Did you mean arm_front"),
        ("no_essential", {MUSCLE: ("kind: essential", "kind: spillover")}, "essential"),
        ("field_astray", {MUSCLE: ("blob: arm_front", "blob: calf")}, "landmarks"),
        ("unread_urgent_rule", {"flags/danger.yaml": FLAG}, "unread"),
        ("no_unit", {"flags/danger.yaml": FLAG.replace("exam.bend", "{value: {of: exam.bend, at_least: 3}}")}, "unit"),
        ("odd_accuracy", {EXAM: ("\nphrases:", "\naccuracy:\n  - {sources: [muscle.flexor], sensitivity: 0.2, "
                                 "specificity: 0.3, spectrum: pooled, by: gray}\nphrases:")}, "swapped"),
        ("forbidden_claim", {MUSCLE: ("trigger_points:", CLAIM.replace("WORDS", "this breaks up adhesions")
                                      + "trigger_points:")}, "breaks tissue down"),
        ("forbidden_claim", {MUSCLE: ("trigger_points:", CLAIM.replace("WORDS", "a negative test rules out infection")
                                      + "trigger_points:")}, "excludes none"),
        ("not_free", {TWO: MEASURE.replace("ships: items", "ships: score_only")}, "Remove the questions"),
        ("not_free", {TWO: MEASURE.replace("read: full, ", "")}, "score_only"),
        ("no_holder", {TWO: MEASURE.replace("ships: items, holder: somebody", "ships: score_only")}, "its authors"),
        ("item_count", {TWO: MEASURE.replace("item_count: 2", "item_count: 3")}, "Write all"),
        ("bad_scoring", {TWO: MEASURE.replace("least_items: 2", "least_items: 2, reverse: [3]")}, "2 questions"),
        ("bad_scale", {TWO: MEASURE.replace("high: 6\nb", "high: 8\nb")}, "0 to 6"),
        ("bad_band", {TWO: MEASURE.replace("low: 3, high: 6", "low: 2, high: 6")}, "Correct its ends"),
        ("two_borders", {TWO: MEASURE.replace("changes: [", "changes: [{quantity: important, value: 1, "
                                              "population: few, by: gray, use: true}, ")}, "Keep the one"),
        ("unread_border", {TWO: MEASURE.replace("read: full, ", "")}, "leave it unused"),
        ("bad_change", {TWO: MEASURE.replace("value: 2, pop", "value: 7, pop")}, "unit"),
        ("no_unit", {EXAM: ("\nphrases:", CELL)}, "`unit:`"),
        ("thin_cell", {EXAM: ("\nphrases:", CELL.replace("joint: elbow\n", ""))}, "joint"),
        ("no_unit", {EXAM: ("\nphrases:", "\nnorms: [{value: 5, population: few, by: gray}]\nphrases:")}, "unit"),
        ("bad_ages", {EXAM: ("\nphrases:", "\nunit: deg\nnorms: [{value: 5, population: few, age_from: 9, age_to: 3, "
                             "by: gray}]\nphrases:")}, "Swap"),
        ("cell_taken", {EXAM: ("\nphrases:", CELL), "exams/resisted/bow.yaml": BOW}, "another row"),
        ("unsafe_self_pressure", {PRESS: SELFCARE.replace("muscle.flexor", "muscle.popliteus")}, "leave it to"),
        ("known_unread", {PRESS: SELFCARE.replace("stance: convention", "stance: known")}, "Read the source"),
        ("wrong_kind", {PRESS: SELFCARE + "guards: [muscle.flexor]\n"}, "guard"),
        ("bad_form", {PRESS: SELFCARE.replace("motion: flexion", "motion: pronation")}, "write one of flexion"),
        ("empty_area", {"areas/arm.yaml": ("zone.arm.*_anterior", "zone.wing.*")}, "zones.md"),
    ],
)  # fmt: skip
def test_a_fault_is_found_with_its_cure(write, code, changes, says) -> None:
    problems = [p for p in check(write(changes)) if p.code == code]
    assert problems, f"{code} was not found"
    assert any(says in f"{p.message} {p.cure}" for p in problems)
    assert all(p.cure for p in problems)
    assert all(p.file for p in problems if p.code != "broken_link")


@pytest.mark.parametrize(
    "words",
    [
        "this does not break up adhesions",
        "whether pressure breaks down scar tissue is unknown",
        "a negative test never rules out infection",
        "a finding consistent with a trigger point",
    ],
)
def test_a_denied_claim_may_be_said(write, words: str) -> None:
    atlas = write({MUSCLE: ("trigger_points:", CLAIM.replace("WORDS", words) + "trigger_points:")})
    assert check(atlas) == ()


def test_self_care_in_its_form_is_sound(write) -> None:
    item = write({PRESS: SELFCARE.replace(", felt: area.arm", "")}).selfcare[0]
    assert item.position.joints[0].deg == 90
    assert check(write({PRESS: SELFCARE.replace(", felt: area.arm", "")})) == ()


def test_the_line_is_where_the_fault_is(write, folder: Path) -> None:
    atlas = write({MUSCLE: ("muscle.extensor", "muscle.nobody")})
    (problem,) = check(atlas)
    lines = (folder / MUSCLE).read_text(encoding="utf-8").splitlines()
    assert "muscle.nobody" in lines[problem.line - 1]


def test_a_variation_may_come_from_another_root(write) -> None:
    change = ("roots: [root.c6]", "roots: [root.c6], variation: true")
    assert check(write({MUSCLE: change})) == ()
