"""What may set a probability: only facts that were read; and studies turn into links that give their numbers back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.knowledge.records import Accuracy
from tautband.reasoning import POLICY, Reasoner
from tautband.reasoning.network.links import Link, capped, group_alpha, link_of, positive_ratio, tempered
from tautband.terms.sides import Side


def test_an_unread_field_draws_nothing_and_an_unread_study_links_nothing(small_reasoner: Reasoner) -> None:
    model = small_reasoner.model
    unseen = model.hypotheses.by_key["trp.unseen.1/left"]
    assert unseen.pain == ()
    assert model.network.parents_of("pain@area.shoulder_front/left") == ("trp.front.1/left",)
    assert ("exam.familiar", "", Side.LEFT) in model.questions
    assert ("exam.rumour", "", Side.LEFT) not in model.questions


def test_a_sided_finding_speaks_of_its_side_and_of_the_midline(small_reasoner: Reasoner) -> None:
    network = small_reasoner.model.network
    assert network.parents_of("exam.spurling/left") == ("root.c6/left",)
    assert set(network.parents_of("exam.spurling/midline")) == {"root.c6/left", "root.c6/right"}
    assert network.parents_of("exam.hoffmann/right") == ("flag.cord/midline",)


def test_weakness_of_a_muscle_speaks_of_its_points_and_of_its_root(small_reasoner: Reasoner) -> None:
    parents = small_reasoner.model.network.parents_of("exam.muscle_strength@muscle.front/right")
    assert set(parents) == {"trp.front.1/right", "root.c6/right"}


def study(sens: float, spec: float, n: int = 1_000_000) -> Accuracy:
    return Accuracy(
        sources=("root.c6",), sensitivity=sens, specificity=spec, n=n, n_with=n // 2, spectrum="consecutive", by=("x",)
    )


@given(st.floats(0.2, 0.95), st.floats(0.5, 0.99))
def test_a_large_consecutive_study_comes_back_out_of_its_link(sens: float, spec: float) -> None:
    """P(positive | source) = 1 - (1 - leak)(1 - q) must be the sensitivity, the leak one minus the specificity."""
    link = link_of([study(sens, spec)], POLICY)
    if sens + spec - 1 <= 0.03:
        return
    assert link is not None
    assert link.leak == pytest.approx(1 - spec, abs=1e-3)
    compound = 1 - (1 - link.leak) * (1 - link.q)
    ratio = compound / link.leak
    if sens / (1 - spec) <= POLICY.lr_cap and (1 - sens) / spec >= 1 / POLICY.lr_cap:
        assert compound == pytest.approx(sens, abs=2e-3)
    assert ratio <= POLICY.lr_cap * 1.001


@given(st.floats(0.3, 0.95), st.floats(0.55, 0.99), st.integers(10, 60), st.integers(61, 2000))
def test_a_small_study_says_less_than_a_large_one(sens: float, spec: float, few: int, many: int) -> None:
    if sens < 0.5 or spec < 0.7:
        return
    little, much = link_of([study(sens, spec, few)], POLICY), link_of([study(sens, spec, many)], POLICY)
    ratio_of = lambda link: positive_ratio(link.q, link.leak) if link else 1.0  # noqa: E731
    assert ratio_of(little) <= ratio_of(much) + 1e-9


def test_a_test_that_is_no_better_than_chance_makes_no_link() -> None:
    assert link_of([study(0.4, 0.6)], POLICY) is None


@given(st.floats(0.01, 0.95), st.floats(0.005, 0.5), st.floats(0.05, 1))
def test_tempering_scales_the_log_likelihood_ratio(q: float, leak: float, alpha: float) -> None:
    flat = tempered(q, leak, alpha)
    assert 0 <= flat <= q + 1e-12
    assert positive_ratio(flat, leak) == pytest.approx(positive_ratio(q, leak) ** alpha, rel=1e-6)


@given(st.floats(0.01, 0.999), st.floats(0.005, 0.9))
def test_no_single_finding_moves_the_odds_more_than_the_cap(q: float, leak: float) -> None:
    link = capped(Link(q, leak), POLICY)
    assert positive_ratio(link.q, link.leak) <= POLICY.lr_cap * (1 + 1e-9)
    assert 1 - link.q >= 1 / POLICY.lr_cap - 1e-9


def test_findings_of_one_group_share_their_weight() -> None:
    assert group_alpha(1, 0.5) == 1
    assert [m * group_alpha(m, 0.5) for m in (1, 2, 3, 4)] == sorted(m * group_alpha(m, 0.5) for m in (1, 2, 3, 4))
    assert all(m * group_alpha(m, 0.5) < 2 for m in (1, 2, 3, 4))
