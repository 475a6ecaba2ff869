"""Plain words become ids: sides, negation and opposites hold for every phrase, not for examples alone."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.knowledge import lexicon as lexicon_package
from tautband.knowledge import load
from tautband.knowledge.indexing import build
from tautband.knowledge.lexicon import Lexicon
from tautband.knowledge.lexicon.match import crosses_opposites
from tautband.knowledge.lexicon.numbers import numbers_in
from tautband.knowledge.loading import packaged_folder
from tautband.knowledge.reading import Shelf, read_folder
from tautband.knowledge.records import Exam
from tautband.terms.sides import Side

EXAMS: dict[str, tuple[str, list[str], list[str]]] = {
    "exam.night_pain": ("history", ["pain at night", "worse at night"], []),
    "exam.worse_sitting": ("history", ["worse sitting"], []),
    "exam.worse_lying_on_side": ("history", ["worse lying on that side"], []),
    "exam.eased_by_sitting": ("history", ["eased by sitting"], []),
    "exam.fever": ("history", ["fever", "high temperature"], ["afebrile"]),
    "exam.cough": ("history", ["coughing"], []),
    "exam.weight_loss": ("history", ["weight loss", "has lost weight"], []),
    "exam.cannot_stand": ("history", ["cannot stand"], []),
    "exam.numb_hands": ("history", ["numb hands"], []),
    "exam.slr": ("neural", ["straight leg raise"], []),
    "exam.ulnt": ("neural", ["upper limb tension test"], []),
    "exam.abduction_loss": ("rom", ["abduction reduced"], []),
    "exam.adduction_loss": ("rom", ["adduction reduced"], []),
    "exam.trigger_point": ("palpation", ["trigger point"], []),
}
PLACES = ["lateral forearm", "shoulder", "outer thigh", "back of the knee", "temple", "buttock", "big toe", "groin"]
SIDES = {"left": Side.LEFT, "right": Side.RIGHT}


def exam(id: str, method: str, phrases: list[str], not_phrases: list[str]) -> Exam:
    return Exam.model_validate(
        {
            "id": id,
            "name": {"en": id.partition(".")[2].replace("_", " "), "plain": "a test"},
            "cites": {},
            "method": method,
            "region": "general",
            "positive": "yes",
            "phrases": phrases,
            "not_phrases": not_phrases,
        }
    )


@cache
def words() -> Lexicon:
    """The named areas and muscles of the packaged atlas with a few examinations of our own."""
    packaged = read_folder(packaged_folder())
    kept = {id: held for id, held in packaged.records.items() if id.startswith("muscle.")}
    place = next(iter(packaged.areas.values()))[1]
    kept |= {id: (exam(id, *rest), place) for id, rest in EXAMS.items()}
    return Lexicon.of(build([Shelf(kept, {}, packaged.areas, {}, [])]))


def ids(text: str, expecting="any", state="present") -> set[str]:
    return {r.id for r in words().read(text, expecting).readings if r.state == state}


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("right lateral forearm and hand", {"area.forearm_radial", "area.hand"}),
        ("neck and shoulder to lateral forearm", {"area.neck", "area.shoulder", "area.forearm_radial"}),
        ("anterior chest and arm", {"area.chest", "area.arm"}),
        ("ring and little fingers", {"area.last_two_fingers"}),
        ("outer side of the left elbow", {"area.elbow_outer"}),
        ("elbow, outer side", {"area.elbow"}),
        ("back of both knees", {"area.knee_back"}),
        ("behind the knee", {"area.knee_back"}),
        ("popliteal fossa", {"area.knee_back"}),
        ("radial side of dorsal hand and wrist", {"area.hand_back_thumb_side", "area.wrist"}),
        ("web of the thumb", {"area.thumb_web"}),
        ("between the shoulder blades", {"area.between_shoulder_blades"}),
        ("interscapular", {"area.between_shoulder_blades"}),
        ("oedema of the feet", {"area.foot"}),
        ("sole, heel and toes", {"area.sole", "area.heel", "area.toes"}),
        ("forearms", {"area.forearm"}),
        ("LBP", {"area.low_back"}),
    ],
)  # fmt: skip
def test_places_as_people_say_them(text: str, areas: set[str]) -> None:
    assert ids(text, "region") == areas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pain worse at night and when lying on that side", {"exam.night_pain", "exam.worse_lying_on_side"}),
        ("worse with prolonged sitting", {"exam.worse_sitting"}),
        ("aggravated by sitting", {"exam.worse_sitting"}),
        ("worse walking, eased by sitting", {"exam.eased_by_sitting"}),
        ("nocturnal pain", {"exam.night_pain"}),
        ("she has lost weight", {"exam.weight_loss"}),
        ("cannot stand", {"exam.cannot_stand"}),
        ("unable to stand", {"exam.cannot_stand"}),
        ("pyrexia", {"exam.fever"}),
        ("numb hands", {"exam.numb_hands"}),
        ("numbness of both hands", {"exam.numb_hands"}),
        ("numb right hand", set()),
    ],
)
def test_histories_in_many_words(text: str, expected: set[str]) -> None:
    assert ids(text, "history") == expected


@pytest.mark.parametrize("text", ["SLR", "Lasègue", "straight-leg raising", "straigth leg raise", "passive SLR"])
def test_abbreviations_accents_and_misspellings(text: str) -> None:
    assert ids(text, "exam") == {"exam.slr"}


@pytest.mark.parametrize("text", ["ULNT", "ULTT", "upper limb neurodynamic test", "upper-limb tension test"])
def test_one_test_by_its_several_names(text: str) -> None:
    assert ids(text, "exam") == {"exam.ulnt"}


def test_a_line_of_quick_entry() -> None:
    (reading,) = words().read("L SLR pos 40 deg, stiff", "exam").readings
    assert (reading.id, reading.side, reading.state, reading.value, reading.unit) == (
        "exam.slr", Side.LEFT, "present", 40.0, "deg",
    )  # fmt: skip


@given(
    st.sampled_from(PLACES), st.sampled_from(sorted(SIDES)), st.sampled_from(["{s} {p}", "{p}, {s}", "{p} on the {s}"])
)
def test_a_side_is_kept_and_mirrors(place: str, side: str, form: str) -> None:
    other = "left" if side == "right" else "right"
    here = words().read(form.format(s=side, p=place), "region").readings
    there = words().read(form.format(s=other, p=place), "region").readings
    assert [(r.id, r.side) for r in here] == [(r.id, SIDES[side]) for r in here] != []
    assert [(r.id, r.side and r.side.mirrored) for r in there] == [(r.id, r.side) for r in here]


def test_a_side_speaks_of_what_it_stands_at() -> None:
    def sides(text: str) -> list[Side | None]:
        return [r.side for r in words().read(text, "region").readings]

    assert sides("neck and right arm") == [None, Side.RIGHT]
    assert sides("shoulder and elbow, on the right") == [Side.RIGHT, Side.RIGHT]
    assert sides("right shoulder and elbow") == [Side.RIGHT, Side.RIGHT]
    assert sides("right shoulder, left elbow") == [Side.RIGHT, Side.LEFT]


@pytest.mark.parametrize("word", ["both", "bilateral", "left and right", "bilat"])
def test_both_sides(word: str) -> None:
    assert {r.side for r in words().read(f"{word} groin", "region").readings} == {Side.BILATERAL}


@pytest.mark.parametrize("text", ["right-handed, groin", "groin", "a right handed man with groin pain"])
def test_words_that_are_no_side(text: str) -> None:
    assert {r.side for r in words().read(text, "region").readings} == {None}


@given(
    st.lists(st.sampled_from(["fever", "coughing", "weight loss"]), min_size=1, max_size=3, unique=True),
    st.sampled_from(["no ", "denies ", "without ", "negative for ", "never had ", "No "]),
    st.sampled_from([", ", " or ", ", or "]),
)
def test_a_negation_reaches_the_whole_list(things: list[str], negator: str, joint: str) -> None:
    text = negator + joint.join(things)
    readings = words().read(text, "history").readings
    assert {r.state for r in readings} == {"absent"}
    assert len(readings) == len(things)


@given(
    st.sampled_from(["no fever", "denies fever", "fever absent", "without fever"]),
    st.sampled_from([". ", "; ", ", but "]),
)
def test_a_negation_ends_with_its_clause(denial: str, end: str) -> None:
    assert ids(f"{denial}{end}worse at night", "history") == {"exam.night_pain"}
    assert ids(f"{denial}{end}worse at night", "history", "absent") == {"exam.fever"}
    assert ids(f"Worse at night{end}{denial}", "history") == {"exam.night_pain"}


def test_a_phrase_of_absence_says_absent() -> None:
    assert ids("afebrile", "history", "absent") == {"exam.fever"}


@given(st.sampled_from(["abuction reduced", "adbuction reduced", "abduktion reduced", "abductoin reduced"]))
def test_misspellings_never_cross_opposites(text: str) -> None:
    assert "exam.adduction_loss" not in ids(text, "exam")


def test_a_misspelling_between_two_opposites_is_not_guessed() -> None:
    assert ids("abdduction reduced", "exam") <= {"exam.abduction_loss"}
    assert ids("aduction reduced", "exam") == set()


@given(
    st.sampled_from([("ab", "ad"), ("hyper", "hypo"), ("supra", "infra"), ("pre", "post")]),
    st.text("abcdefgh", min_size=5),
)
def test_opposite_beginnings_are_seen_both_ways(pair: tuple[str, str], rest: str) -> None:
    assert crosses_opposites(pair[0] + rest, pair[1] + rest)
    assert crosses_opposites(pair[1] + rest, pair[0] + rest)
    assert not crosses_opposites(pair[0] + rest, pair[0] + rest)


@given(st.text("abcdefghijklmnop", min_size=1, max_size=4))
def test_short_words_are_never_guessed(word: str) -> None:
    lexicon = words()
    known = lexicon.read(word, "any").readings
    assert all(r.text.lower() == word for r in known)


@given(
    st.sampled_from(["infraspinatis", "infraspinatus muscle", "Infraspinatus TrP", "INFRASPINATUS", "R infraspinatus"])
)
def test_a_muscle_by_any_spelling(text: str) -> None:
    assert ids(text, "muscle") == {"muscle.infraspinatus"}


@pytest.mark.parametrize(
    ("text", "muscles"),
    [
        ("medial hamstrings", {"semitendinosus", "semimembranosus"}),
        ("scalenes", {"scalene_anterior", "scalene_medius", "scalene_posterior"}),
        ("iliopsoas", {"psoas_major", "iliacus"}),
        ("triceps", {"triceps_long_head", "triceps_lateral_head", "triceps_medial_head"}),
        ("anterior scalene", {"scalene_anterior"}),
        ("lateral gastrocnemius", {"gastrocnemius_lateral"}),
    ],
)
def test_a_group_is_read_as_each_of_its_muscles(text: str, muscles: set[str]) -> None:
    assert ids(text, "muscle") == {f"muscle.{name}" for name in muscles}


def test_every_muscle_of_every_group_exists() -> None:
    groups = yaml.safe_load((Path(lexicon_package.__file__).parent / "groups.yaml").read_text(encoding="utf-8"))
    named = {f"muscle.{name}" for group in groups for name in group["muscles"]}
    assert named <= set(load([packaged_folder()]).records)


def test_neighbours_in_spelling_stay_apart() -> None:
    assert ids("supraspinatus", "muscle") == {"muscle.supraspinatus"}
    assert ids("pectoralis minor", "muscle") == {"muscle.pectoralis_minor"}
    assert ids("pectoralis major", "muscle") == {"muscle.pectoralis_major"}


@settings(max_examples=150)
@given(st.text(max_size=120))
def test_any_text_is_read_without_failing(text: str) -> None:
    understood = words().read(text)
    for reading in understood.readings:
        start, end = reading.span
        assert 0 <= start < end <= len(text)
        assert reading.text == text[start:end]


@given(st.permutations(["left knee", "right temple", "both buttocks"]))
def test_each_place_keeps_its_own_side(parts: list[str]) -> None:
    found = {(r.id, r.side) for r in words().read(", ".join(parts), "region").readings}
    assert found == {("area.knee", Side.LEFT), ("area.temple", Side.RIGHT), ("area.buttock", Side.BILATERAL)}


def test_what_is_not_understood_is_handed_back() -> None:
    understood = words().read("worse at night, plays the banjo", "history")
    assert understood.leftovers == ("plays the banjo",)
    assert words().read("worse at night", "history").leftovers == ()


def test_results_in_words() -> None:
    assert words().read("SLR negative", "exam").state == "absent"
    assert words().read("4/5 painful", "exam").state == "present"
    assert words().read("equivocal", "exam").state == "unknown"
    assert words().read("not tested", "exam").state == "unknown"
    assert words().read("no pain", "exam").state == "absent"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("40 deg", 40, "deg"),
        ("40°", 40, "deg"),
        ("6/10", 6, "/10"),
        ("1.32 kg/cm2", 1.32, "kg/cm2"),
        ("248 kPa", 248, "kPa"),
        ("37,9 C", 37.9, "degC"),
        ("112 bpm", 112, "/min"),
        ("150 mmHg", 150, "mmHg"),
        ("12 kg", 12, "kg"),
        ("2 years", 2, "y"),
        ("30%", 30, "%"),
        ("seen 3 times", 3, ""),
    ],
)
def test_numbers_with_their_units(text: str, value: float, unit: str) -> None:
    (number,) = numbers_in(text)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize("text", ["L4-5", "C5/6", "TrP1", ""])
def test_levels_are_no_numbers(text: str) -> None:
    assert [n for n in numbers_in(text) if n.unit] == []


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        words().read("a" * 5000)


@pytest.mark.parametrize("verb", ["notes", "noted", "noting", "note", "reports", "has", "describes", "complains of"])
def test_a_verb_of_telling_denies_nothing(verb: str) -> None:
    """`notes` loses its ending like any verb, but may not become `not`."""
    readings = lexicon_package.lexicon().read(f"she {verb} tingling at night", "history").readings
    assert ("exam.night_tingling", "present") in [(r.id, r.state) for r in readings]
    denied = lexicon_package.lexicon().read("she does not have tingling at night", "history").readings
    assert ("exam.night_tingling", "absent") in [(r.id, r.state) for r in denied]
