"""Conditions are judged in three values; not asked is never negative."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State, Truth, judge
from tautband.knowledge.records import When
from tautband.terms.sides import Side

EXAMS = ["exam.a", "exam.b", "exam.c"]
STATES = st.dictionaries(st.sampled_from(EXAMS), st.sampled_from(State), max_size=3)


def picture(states: dict[str, State], age: float | None = None, drawing: Drawing | None = None) -> Picture:
    found = tuple(Finding(id, state=state) for id, state in states.items())
    return Picture(Person(age), drawing or Drawing(), found)


def same_place(place: str, area: str) -> bool:
    return place == area


def conditions(depth: int = 2) -> st.SearchStrategy[dict[str, object]]:
    leaf = st.one_of(
        st.builds(lambda i: {"present": i}, st.sampled_from(EXAMS)),
        st.builds(lambda i: {"absent": i}, st.sampled_from(EXAMS)),
        st.builds(lambda a: {"age_from": a}, st.integers(1, 90)),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda x: {"all": x}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda x: {"any": x}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(
                lambda n, x: {"at_least": {"n": n, "of": x}}, st.integers(1, 3), st.lists(inner, min_size=1, max_size=3)
            ),
        ),
        max_leaves=6,
    )


def settled(when: dict[str, object], states: dict[str, State], age: float) -> bool:
    """The same condition in ordinary two-valued logic, everything known."""
    ((key, value),) = when.items()
    if key == "present":
        return states[str(value)] is State.PRESENT
    if key == "absent":
        return states[str(value)] is State.ABSENT
    if key == "age_from":
        return age >= value  # type: ignore[operator]
    if key == "at_least":
        return sum(settled(w, states, age) for w in value["of"]) >= value["n"]  # type: ignore[index]
    return {"all": all, "any": any}[key](settled(w, states, age) for w in value)  # type: ignore[attr-defined]


@given(conditions(), STATES, st.one_of(st.none(), st.floats(0, 100)))
def test_unknown_is_exactly_when_the_answers_still_owed_could_decide(
    when: dict[str, object], states: dict[str, State], age: float | None
) -> None:
    """Complete the unknowns in every way. A judgement other than unknown must hold in all completions."""
    known = {id: s for id, s in states.items() if s is not State.UNKNOWN}
    owed = [id for id in EXAMS if id not in known]
    ages = [age] if age is not None else [0.0, 45.0, 100.0]
    outcomes = {
        settled(when, {**known, **dict(zip(owed, choice, strict=True))}, a)
        for choice in product([State.PRESENT, State.ABSENT], repeat=len(owed))
        for a in ages
    }
    judged = judge(When.model_validate(when), picture(states, age), same_place)
    if judged is Truth.TRUE:
        assert outcomes == {True}
    elif judged is Truth.FALSE:
        assert outcomes == {False}


@given(conditions(), STATES, st.floats(0, 100))
def test_with_everything_answered_it_is_ordinary_logic(
    when: dict[str, object], states: dict[str, State], age: float
) -> None:
    full = dict.fromkeys(EXAMS, State.ABSENT) | {k: s for k, s in states.items() if s is not State.UNKNOWN}
    judged = judge(When.model_validate(when), picture(full, age), same_place)
    assert judged is (Truth.TRUE if settled(when, full, age) else Truth.FALSE)


def test_a_place_is_absent_only_from_a_complete_drawing() -> None:
    when = When.model_validate({"pain_in": "area.chest"})
    mark = Mark("area.arm", Side.LEFT)
    assert judge(when, picture({}, drawing=Drawing((mark,), complete=True)), same_place) is Truth.FALSE
    assert judge(when, picture({}, drawing=Drawing((mark,), complete=False)), same_place) is Truth.UNKNOWN
    assert judge(when, picture({}), same_place) is Truth.UNKNOWN


def test_both_sides_needs_both_sides() -> None:
    when = When.model_validate({"both_sides_in": "area.leg"})
    left = Mark("area.leg", Side.LEFT)
    right = Mark("area.leg", Side.RIGHT, Layer.NUMB)
    assert judge(when, picture({}, drawing=Drawing((left,))), same_place) is Truth.FALSE
    assert judge(when, picture({}, drawing=Drawing((left, right))), same_place) is Truth.TRUE
    assert judge(when, picture({}, drawing=Drawing((Mark("area.leg", Side.BILATERAL),))), same_place) is Truth.TRUE


def test_a_measured_value_decides_only_when_measured() -> None:
    when = When.model_validate({"value": {"of": "exam.rotation", "at_most": 60}})
    low = Picture(findings=(Finding("exam.rotation", Side.LEFT, value=52, unit="deg"),))
    high = Picture(findings=(Finding("exam.rotation", Side.LEFT, value=75, unit="deg"),))
    assert judge(when, low, same_place) is Truth.TRUE
    assert judge(when, high, same_place) is Truth.FALSE
    assert judge(when, Picture(), same_place) is Truth.UNKNOWN
