"""Agreement of examiners against a second way of counting, and what an unsure hand does to the ranking."""

from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tautband.findings import Drawing, Finding, Mark, Picture, State
from tautband.knowledge import Atlas
from tautband.reasoning import Reasoner
from tautband.reasoning.examiner import believed
from tautband.reasoning.inference import query
from tautband.reasoning.repeatability import agreement, double_examination, record_of, reliance
from tautband.terms.sides import Side

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60)
TENDER = "exam.palpation.tenderness"


def test_kappa_of_the_textbook_table() -> None:
    """Twenty both yes, five and ten split, fifteen both no: kappa 0.4, the usual worked example."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    found = agreement("exam.x", pairs)
    assert found.observed == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.adjusted == pytest.approx(0.4)


@given(PAIRS)
def test_kappa_by_products_of_columns_is_the_same(pairs: list[tuple[bool, bool]]) -> None:
    """For two categories kappa is 2(ad - bc) / (p1 q2 + p2 q1)."""
    a, b, c, d = (pairs.count(cell) for cell in ((True, True), (True, False), (False, True), (False, False)))
    below = (a + b) * (b + d) + (a + c) * (c + d)
    assume(below > 0)
    found = agreement("exam.x", pairs)
    assert found.kappa == pytest.approx(2 * (a * d - b * c) / below)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.kappa <= found.high


def test_the_interval_is_as_wide_as_kappa_scatters_over_repeated_samples() -> None:
    """The error of the formula against a bootstrap, another road to the same quantity."""
    pairs = [(True, True)] * 40 + [(True, False)] * 15 + [(False, True)] * 10 + [(False, False)] * 55
    random = np.random.default_rng(5)
    drawn = [agreement("x", [pairs[i] for i in random.integers(0, len(pairs), len(pairs))]).kappa for _ in range(800)]
    found = agreement("x", pairs)
    assert found.high is not None
    assert found.kappa is not None
    assert (found.high - found.kappa) / 1.96 == pytest.approx(np.std([k for k in drawn if k is not None]), rel=0.12)


def test_full_agreement_on_always_absent_says_nothing_of_chance() -> None:
    found = agreement("exam.x", [(False, False)] * 30)
    assert (found.observed, found.kappa, found.adjusted) == (1.0, None, 1.0)
    with pytest.raises(ValueError, match="no double examination"):
        agreement("exam.x", [])


def test_two_examinations_are_paired_by_sign_place_and_side_and_blind_spots_are_left_out() -> None:
    first = [Finding(TENDER, Side.LEFT, of="muscle.front"), Finding(TENDER, Side.RIGHT, of="muscle.front")]
    second = [Finding(TENDER, Side.LEFT, State.ABSENT, of="muscle.front"), Finding(TENDER, Side.LEFT, of="muscle.side")]
    pairs = double_examination(first, second)
    assert pairs == {TENDER: [(True, False)]}
    assert double_examination(first, first, pairs)[TENDER] == [(True, False), (True, True), (True, True)]


def test_a_therapist_at_chance_is_relied_upon_little_and_a_good_one_not_beyond_the_atlas(small: Atlas) -> None:
    random = np.random.default_rng(2)
    chance = {TENDER: [(bool(a), bool(b)) for a, b in random.integers(0, 2, (300, 2))]}
    good = {TENDER: [(x, x) for x in (True, False) * 100]}
    few = {TENDER: chance[TENDER][:4]}
    assert reliance(record_of(chance), small)[TENDER] < 0.4
    assert reliance(record_of(good), small)[TENDER] == 1.0
    assert reliance(record_of(few), small)[TENDER] > 0.6


def chance_of_front(reasoner: Reasoner, reliability: float | None, state: State = State.PRESENT) -> float:
    found = Finding("exam.palpation.familiar_pain", Side.LEFT, state, of="muscle.front", reliability=reliability)
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    answer = reasoner.consider(Picture(drawing=drawing, findings=(found,)), shown=99)
    return next(s.probability for s in answer.suspects if s.key == "trp.front.1/left")


@pytest.mark.parametrize(("state", "sign"), [(State.PRESENT, 1), (State.ABSENT, -1)])
def test_the_less_reliable_the_finding_the_less_it_moves(small_reasoner: Reasoner, state: State, sign: int) -> None:
    steps = [sign * chance_of_front(small_reasoner, r, state) for r in (0.0, 0.3, 0.7, 1.0)]
    assert steps == sorted(steps)
    assert chance_of_front(small_reasoner, 1.0, state) == chance_of_front(small_reasoner, None, state)


def test_a_therapists_record_and_the_findings_own_reliability_multiply(small_reasoner: Reasoner) -> None:
    sign = "exam.palpation.familiar_pain"
    found = Finding(sign, Side.LEFT, of="muscle.front", reliability=0.5)
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    both = small_reasoner.consider(Picture(drawing=drawing, findings=(found,)), 99, {sign: 0.6})
    chance = next(s.probability for s in both.suspects if s.key == "trp.front.1/left")
    assert chance == pytest.approx(chance_of_front(small_reasoner, 0.3))


def test_scaled_links_keep_that_share_of_what_a_test_tells(small_reasoner: Reasoner) -> None:
    """Single cause, single finding: the posterior by Bayes' rule with sens + spec - 1 multiplied by r."""
    network = small_reasoner.model.network
    id, key, r = "exam.familiar/left", "trp.front.1/left", 0.4
    f = network.finding(id)
    q = 1 - float(network.link_below[network.found_ptr[f], 0])
    leak = 1 - float(network.leak_below[f, 0])
    posterior = query(believed(network, {id: r}), {id: 1})
    prior = small_reasoner.model.hypotheses.by_key[key].prior
    odds = prior / (1 - prior) * (1 - (1 - leak) * (1 - r * q)) / leak
    p = posterior.probability(key)
    assert log(p / (1 - p)) == pytest.approx(log(odds), abs=1e-9)
    assert query(network, {id: 1}).probability(key) > p
    with pytest.raises(ValueError, match="lies between"):
        believed(network, {id: 1.5})
