"""What the engine promises beyond arithmetic: honesty about its method, and clear refusals."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from tautband.reasoning.inference import (
    BACKGROUND,
    BadNetwork,
    Budget,
    ContradictoryEvidence,
    ImpossibleLevel,
    InferenceError,
    Network,
    NetworkBuilder,
    UnknownId,
    gibbs,
    query,
)

from .worlds import body, visit

NARROW = Budget(entries=6_000, width=9, exact_entries=6_000, exact_width=9)


def two_rivals() -> Network:
    builder = NetworkBuilder("rivals")
    builder.context("factor.desk", 0.3)
    builder.cause("cause.a", 0.05, {"factor.desk": 0.2})
    builder.cause("cause.b", 0.05)
    builder.finding("sign.pain", 0.01, {"cause.a": 0.8, "cause.b": 0.8})
    builder.finding("sign.a", 0.05, {"cause.a": 0.7})
    builder.graded("range.turn", [0.9, 0.07, 0.03], {"cause.b": [0.2, 0.5, 0.3]})
    return builder.build()


def test_explaining_away() -> None:
    network = two_rivals()
    prior = query(network, {}).probability("cause.b")
    shared = query(network, {"sign.pain": 1}).probability("cause.b")
    explained = query(network, {"sign.pain": 1, "sign.a": 1}).probability("cause.b")
    known = query(network, {"sign.pain": 1, "cause.a": 1}).probability("cause.b")
    assert prior < known < explained < shared


def test_not_asked_is_not_absent() -> None:
    network = two_rivals()
    assert query(network, {"sign.a": 0}).probability("cause.a") < query(network, {}).probability("cause.a")


def test_a_textbook_posterior_by_hand() -> None:
    """One cause, one sign: sensitivity .8, false positives .1, prior .2 gives 2:1 odds times 8/10."""
    builder = NetworkBuilder()
    builder.cause("cause.x", 0.2)
    builder.finding("sign.x", 0.1, {"cause.x": 1 - 0.2 / 0.9})
    assert query(builder.build(), {"sign.x": 1}).probability("cause.x") == pytest.approx(2 / 3, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_a_small_budget_says_so_and_estimates_its_error(seed: int) -> None:
    net = body(seed)
    network = Network.from_interchange(net)
    state = network.absorb(visit(net, seed))
    exact = query(network, state, budget=BACKGROUND)
    assert exact.method == "exact"
    quick = query(network, state, budget=NARROW)
    assert quick.method == "ed-bp"
    assert quick.tau > 0
    assert quick.width <= 9
    assert quick.entries <= 6_000
    assert quick.cut
    assert all(edge.score <= quick.tau for edge in quick.cut)
    error = float(np.abs(quick.marginals - exact.marginals).max())
    assert error <= quick.error_estimate
    assert error < 0.02


def test_a_finer_tau_is_nearer_on_average() -> None:
    errors = []
    for tau in (1e-2, 1e-3, 1e-4):
        worst = []
        for seed in range(4):
            net = body(seed)
            state = Network.from_interchange(net).absorb(visit(net, seed))
            exact = query(state.network, state, budget=BACKGROUND).marginals
            loose = query(state.network, state, budget=Budget(4_000_000, 20, tau=tau)).marginals
            worst.append(np.abs(loose - exact).max())
        errors.append(float(np.mean(worst)))
    assert errors[0] > errors[1] > errors[2]


def test_the_sampler_agrees() -> None:
    net = body(7)
    network = Network.from_interchange(net)
    evidence = visit(net, 7)
    sampled = gibbs(network, evidence, sweeps=40_000, seed=3)
    assert sampled == pytest.approx(query(network, evidence, budget=BACKGROUND).marginals, abs=0.012)
    assert gibbs(network, evidence, sweeps=500, seed=3) == pytest.approx(gibbs(network, evidence, sweeps=500, seed=3))


def test_two_hundred_findings_still_answer() -> None:
    net = body(11, regions=8)
    network = Network.from_interchange(net)
    evidence = visit(net, 11, extra=12, asked=1.0)
    assert sum(id in network.finding_index for id in evidence) >= 200
    posterior = query(network, evidence)
    assert np.all((posterior.marginals >= 0) & (posterior.marginals <= 1))


def test_everything_present_still_answers() -> None:
    net = body(5, regions=2)
    network = Network.from_interchange(net)
    evidence = {id: int(network.levels[i]) - 1 for i, id in enumerate(network.finding_ids)}
    posterior = query(network, evidence)
    assert np.all((posterior.marginals >= 0) & (posterior.marginals <= 1))
    assert math.isfinite(posterior.error_estimate)


def test_a_complaint_that_hundreds_of_causes_explain() -> None:
    """One positive with 600 parents has a closed form; beside it, a second one that shares half of them."""
    random = np.random.default_rng(1)
    prior, link = random.uniform(0.001, 0.05, 600), random.uniform(0.05, 0.9, 600)
    builder = NetworkBuilder()
    for i in range(600):
        builder.cause(f"cause.{i}", prior[i])
    builder.finding("sign.everywhere", 0.02, {f"cause.{i}": link[i] for i in range(600)})
    builder.finding("sign.half", 0.02, {f"cause.{i}": link[i] for i in range(300)})
    network = builder.build()
    silent = 0.98 * np.prod(1 - prior * link)
    others = silent / (1 - prior * link)
    expected = prior * (1 - others * (1 - link)) / (1 - silent)
    found = query(network, {"sign.everywhere": 1})
    assert found.method == "exact"
    assert found.marginals == pytest.approx(expected, abs=1e-9)
    both = query(network, {"sign.everywhere": 1, "sign.half": 1})
    assert both.method == "exact"
    sampled = gibbs(network, {"sign.everywhere": 1, "sign.half": 1}, sweeps=4_000, seed=2)
    assert both.marginals == pytest.approx(sampled, abs=0.03)


def test_extreme_soft_evidence_stays_a_probability() -> None:
    network = two_rivals()
    for nats in (-400.0, 400.0):
        posterior = query(network, {"sign.pain": 1}, shift={"cause.a": nats})
        assert posterior.probability("cause.a") == pytest.approx(float(nats > 0), abs=1e-12)


def test_nothing_known_gives_the_prior() -> None:
    assert query(two_rivals(), {}).probability("cause.a") == pytest.approx(1 - 0.95 * (1 - 0.3 * 0.2), abs=1e-12)


def test_a_network_without_findings_or_causes_answers() -> None:
    builder = NetworkBuilder("empty")
    assert query(builder.build(), {}).marginals.shape == (0,)


@pytest.mark.parametrize(
    ("evidence", "error"),
    [
        ({"sign.nowhere": 1}, UnknownId),
        ({"sign.a": 2}, ImpossibleLevel),
        ({"sign.a": -1}, ImpossibleLevel),
        ({"range.turn": 3}, ImpossibleLevel),
        ({"sign.a": 0.5}, ImpossibleLevel),
        ({"sign.a": None}, ImpossibleLevel),
    ],
)
def test_refuses_what_cannot_be(evidence: dict[str, int], error: type[InferenceError]) -> None:
    with pytest.raises(error):
        query(two_rivals(), evidence)
    (id, level), *_ = evidence.items()
    if level is not None:
        with pytest.raises(error):
            two_rivals().absorb({}).with_finding(id, level)


def test_refuses_soft_evidence_that_is_no_number() -> None:
    with pytest.raises(ImpossibleLevel):
        query(two_rivals(), {}, shift={"cause.a": math.nan})
    with pytest.raises(UnknownId):
        query(two_rivals(), {}, shift={"sign.a": 1.0})


def test_names_a_contradiction() -> None:
    builder = NetworkBuilder()
    builder.cause("cause.x", 0.1)
    builder.finding("sign.x", 0.0, {"cause.x": 0.5})
    network = builder.build()
    assert query(network, {"sign.x": 1}).probability("cause.x") == pytest.approx(1.0, abs=1e-6)
    with pytest.raises(ContradictoryEvidence, match=r"sign\.x"):
        query(network, {"sign.x": 1, "cause.x": 0})


def cycle(builder: NetworkBuilder) -> None:
    builder.cause("a", 0.1, {"b": 0.1})
    builder.cause("b", 0.1, {"a": 0.1})


def stranger(builder: NetworkBuilder) -> None:
    builder.finding("f", 0.1, {"nobody": 0.2})


def twice(builder: NetworkBuilder) -> None:
    builder.cause("a", 0.1)
    builder.finding("a", 0.1, {})


def beyond(builder: NetworkBuilder) -> None:
    builder.cause("a", 1.2)


def crooked(builder: NetworkBuilder) -> None:
    builder.cause("a", 0.1)
    builder.graded("h", [0.5, 0.5], {"a": [0.2, 0.3, 0.5]})


@pytest.mark.parametrize("spoil", [cycle, stranger, twice, beyond, crooked])
def test_refuses_a_bad_network(spoil: Callable[[NetworkBuilder], None]) -> None:
    def build() -> Network:
        builder = NetworkBuilder()
        spoil(builder)
        return builder.build()

    with pytest.raises(BadNetwork):
        build()


def test_refuses_another_form() -> None:
    with pytest.raises(BadNetwork, match="noisy-net/1"):
        Network.from_interchange({"format": "else", "nodes": []})
    with pytest.raises(BadNetwork, match="lacks leak"):
        Network.from_interchange(
            {"format": "noisy-net/1", "nodes": [{"id": "a", "layer": "cause", "type": "noisy_or"}]}
        )
    with pytest.raises(BadNetwork, match="in layer 'side'"):
        Network.from_interchange(
            {"format": "noisy-net/1", "nodes": [{"id": "a", "layer": "side", "type": "noisy_or", "leak": 0.1}]}
        )


def test_the_network_cannot_be_changed() -> None:
    network = two_rivals()
    with pytest.raises(ValueError, match="read-only"):
        network.leak[0] = 0.5
