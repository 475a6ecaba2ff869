"""Learning without lying: a client's own referral stays that client's, and counts change nothing until accepted."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tautband.findings import Drawing, Mark, Picture
from tautband.reasoning import Reasoner
from tautband.reasoning.counts import Count, NotAccepted, accepted_priors, propose, with_priors, write_review
from tautband.reasoning.elicited import BadElicitation, Elicited, changed, personal_model
from tautband.terms.sides import Side

SOURCE = "trp.front.1"
FOREARM = Elicited("muscle.front", Side.LEFT, frozenset({"area.forearm/left"}))


def chance(reasoner: Reasoner, key: str, *marks: Mark) -> float:
    answer = reasoner.consider(Picture(drawing=Drawing(marks, complete=False)), shown=99)
    return next((s.probability for s in answer.suspects if s.key == key), 0.0)


def test_what_pressing_brought_on_makes_the_point_explain_that_place_on_that_side(small_reasoner: Reasoner) -> None:
    own = Reasoner(personal_model(small_reasoner.model, [FOREARM]))
    here, there = Mark("area.forearm", Side.LEFT), Mark("area.forearm", Side.RIGHT)
    assert chance(own, f"{SOURCE}/left", here) > chance(small_reasoner, f"{SOURCE}/left", here)
    assert chance(own, f"{SOURCE}/right", there) == pytest.approx(chance(small_reasoner, f"{SOURCE}/right", there))
    assert set(changed(small_reasoner.model, own.model)) == {f"{SOURCE}/left"}


def test_taking_it_back_leaves_no_trace_and_the_atlas_model_is_never_touched(small_reasoner: Reasoner) -> None:
    before = small_reasoner.model.fields.covered["pain"].copy()
    personal_model(small_reasoner.model, [FOREARM])
    assert (small_reasoner.model.fields.covered["pain"] == before).all()
    assert personal_model(small_reasoner.model, []) is small_reasoner.model


def test_the_same_referral_again_weighs_more_and_the_order_does_not_matter(small_reasoner: Reasoner) -> None:
    shoulder = Elicited(SOURCE, Side.LEFT, frozenset({"area.shoulder_front/left"}))
    covered = [
        changed(small_reasoner.model, personal_model(small_reasoner.model, [FOREARM] * n))[f"{SOURCE}/left"][1]
        for n in (1, 2, 5)
    ]
    assert covered == sorted(covered)
    one = personal_model(small_reasoner.model, [FOREARM, shoulder]).fields.covered["pain"]
    other = personal_model(small_reasoner.model, [shoulder, FOREARM]).fields.covered["pain"]
    assert (abs(one - other) < 1e-3).all()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Elicited("muscle.front", Side.LEFT, frozenset()), "no place was given"),
        (Elicited("muscle.front", Side.LEFT, frozenset({"area.nowhere/left"})), "no place of the body"),
        (Elicited("root.c6", Side.LEFT, frozenset({"area.forearm/left"})), "no trigger point"),
        (Elicited("muscle.nobody", Side.LEFT, frozenset({"area.forearm/left"})), "no trigger point"),
    ],
)
def test_an_elicitation_that_cannot_be_is_refused_in_words(small_reasoner: Reasoner, bad: Elicited, why: str) -> None:
    with pytest.raises(BadElicitation, match=why):
        personal_model(small_reasoner.model, [bad])


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_a_proposal_lies_between_the_prior_and_the_share_counted(
    small_reasoner: Reasoner, active: int, more: int
) -> None:
    visits = active + more
    (found,) = propose(small_reasoner.model, [Count(SOURCE, active, visits)])
    if visits and active / visits <= 0.3:
        low, high = sorted([found.now, active / visits])
        assert low - 1e-12 <= found.proposed <= high + 1e-12
        a, b = 100 * found.now + active, 100 * (1 - found.now) + more
        covered = stats.beta.cdf(found.high, a, b) - stats.beta.cdf(found.low, a, b)
        assert covered == pytest.approx(0.9, abs=1e-6)
    assert found.proposed <= 0.3


def test_nothing_is_learnt_of_flags_or_from_impossible_counts(small_reasoner: Reasoner) -> None:
    for count, why in (
        (Count("flag.cord", 3, 10), "red flag"),
        (Count(SOURCE, 4, 3), "cannot be"),
        (Count("trp.nobody.1", 1, 3), "no source"),
    ):
        with pytest.raises(ValueError, match=why):
            propose(small_reasoner.model, [count])


def test_counts_change_priors_only_through_an_accepted_review(small_reasoner: Reasoner, tmp_path: Path) -> None:
    model, file = small_reasoner.model, tmp_path / "priors.json"
    write_review(file, model, propose(model, [Count(SOURCE, 60, 400)]), "2026-11")
    with pytest.raises(FileExistsError):
        write_review(file, model, [], "2026-11")
    with pytest.raises(NotAccepted, match="has not been accepted"):
        accepted_priors(file, model)
    review = json.loads(file.read_text())
    file.write_text(json.dumps({**review, "accepted": True, "accepted_by": "the owner", "accepted_on": "2026-11-20"}))
    priors = accepted_priors(file, model)
    learnt = with_priors(model, priors)
    mark = Mark("area.shoulder_front", Side.LEFT)
    key = f"{SOURCE}/left"
    assert learnt.hypotheses.by_key[key].prior == pytest.approx(priors[SOURCE])
    assert chance(Reasoner(learnt), key, mark) > chance(small_reasoner, key, mark)
    assert with_priors(learnt, {SOURCE: model.hypotheses.by_key[key].prior}).network.leak == pytest.approx(
        model.network.leak
    )
    with pytest.raises(NotAccepted, match="other priors"):
        accepted_priors(file, learnt)
