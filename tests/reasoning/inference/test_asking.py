"""What to ask next: closed form and look-ahead against brute force."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.reasoning.inference import Network, UnknownId, expected_information, look_ahead, query

from .worlds import Net, body, brute_force, records, visit, worlds


def entropy(p: float) -> float:
    return -sum(x * math.log(x) for x in (p, 1 - p) if x > 0)


def gain_by_brute_force(net: Net, evidence: dict[str, int], id: str, causes: set[str]) -> float:
    """Expected drop of the summed entropies of `causes` when `id` is asked."""
    levels = next(node.get("levels", 2) for node in net["nodes"] if node["id"] == id)
    now, whole = brute_force(net, evidence)
    gain = sum(entropy(now[c]) for c in causes)
    for level in range(levels):
        after, part = brute_force(net, evidence | {id: level})
        gain -= part / whole * sum(entropy(after[c]) for c in causes)
    return gain


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_local_gain_is_exact_when_parents_are_independent(data: st.DataObject) -> None:
    net = data.draw(worlds(links=False))
    for node in net["nodes"]:
        if node["layer"] == "cause":
            node["links"] = {}
    network = Network.from_interchange(net)
    posterior = query(network, {})
    gains = expected_information(network, posterior)
    for id, gain in zip(network.finding_ids, gains, strict=True):
        parents = set(network.parents_of(id)) & set(network.cause_ids)
        assert gain == pytest.approx(gain_by_brute_force(net, {}, id, parents), abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_look_ahead_sees_every_cause(data: st.DataObject) -> None:
    net = data.draw(worlds(most_causes=4))
    evidence = data.draw(records(net))
    network = Network.from_interchange(net)
    posterior = query(network, evidence)
    for ahead in look_ahead(network, posterior, [id for id in network.finding_ids if id not in evidence]):
        expected = gain_by_brute_force(net, evidence, ahead.id, set(network.cause_ids))
        assert ahead.gain == pytest.approx(expected, abs=2e-3)
        assert ahead.chance.sum() == pytest.approx(1.0)
        mixed = sum(c * m for c, m in zip(ahead.chance, ahead.marginals, strict=True))
        assert mixed == pytest.approx(posterior.marginals, abs=1e-2)


def test_harm_decides_what_is_worth_knowing() -> None:
    net = body(3)
    network = Network.from_interchange(net)
    evidence = visit(net, 3)
    posterior = query(network, evidence)
    open_ = [id for id in network.finding_ids if id not in evidence]
    all_, doubled = expected_information(network, posterior, open_), None
    doubled = expected_information(network, posterior, open_, harm=[2.0] * len(network.cause_ids))
    assert doubled == pytest.approx(2 * all_)
    one = expected_information(network, posterior, open_, harm={"cause.5": 1.0})
    informed = {id for id, gain in zip(open_, one, strict=True) if gain > 0}
    assert informed <= {id for id in open_ if "cause.5" in network.parents_of(id)}
    assert np.all(all_ >= 0)


def test_refuses_strangers_and_bad_weights() -> None:
    net = body(3)
    network = Network.from_interchange(net)
    posterior = query(network, {})
    with pytest.raises(UnknownId):
        expected_information(network, posterior, ["sign.nowhere"])
    with pytest.raises(UnknownId):
        expected_information(network, posterior, harm={"cause.nowhere": 1.0})
    with pytest.raises(ValueError, match="one per cause"):
        expected_information(network, posterior, harm=[1.0])
