"""Small worlds: the engine equals adding up every combination of causes."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tautband.reasoning.inference import Network, query

from .worlds import Net, brute_force, records, worlds

MEASURED = 1e-8


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_agrees_with_adding_up_every_combination(data: st.DataObject) -> None:
    net = data.draw(worlds())
    evidence = data.draw(records(net))
    network = Network.from_interchange(net)
    expected, _ = brute_force(net, evidence)
    posterior = query(network, evidence)
    assert posterior.method == "exact"
    assert posterior.tau == 0.0
    assert not posterior.cut
    assert posterior.marginals == pytest.approx([expected[id] for id in network.cause_ids], abs=MEASURED)
    assert posterior.contexts == pytest.approx([expected[id] for id in network.context_ids], abs=MEASURED)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_holds_for_rare_causes_and_certain_links(data: st.DataObject) -> None:
    """Signed tables cancel when evidence is very surprising; the answer stays exact or says by how much it is not."""
    net = data.draw(worlds(extreme=True))
    evidence = data.draw(records(net))
    expected, chance = brute_force(net, evidence)
    assume(chance > 1e-14)
    network = Network.from_interchange(net)
    posterior = query(network, evidence)
    tolerance = max(MEASURED, posterior.error_estimate)
    assert posterior.marginals == pytest.approx([expected[id] for id in network.cause_ids], abs=tolerance)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_soft_evidence_is_a_factor_on_its_cause(data: st.DataObject) -> None:
    net = data.draw(worlds(most_causes=5))
    evidence = data.draw(records(net))
    network = Network.from_interchange(net)
    shift = {data.draw(st.sampled_from(network.cause_ids)): data.draw(st.floats(-4, 4))}
    expected, _ = brute_force(net, evidence, shift)
    found = query(network, evidence, shift=shift)
    assert found.marginals == pytest.approx([expected[id] for id in network.cause_ids], abs=MEASURED)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_given_cause_is_taken_as_given(data: st.DataObject) -> None:
    net = data.draw(worlds(most_causes=5))
    evidence = data.draw(records(net))
    network = Network.from_interchange(net)
    evidence[data.draw(st.sampled_from(network.cause_ids))] = data.draw(st.integers(0, 1))
    expected, _ = brute_force(net, evidence)
    found = query(network, evidence)
    assert found.marginals == pytest.approx([expected[id] for id in network.cause_ids], abs=MEASURED)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_answer_at_a_time_equals_all_at_once(data: st.DataObject) -> None:
    net = data.draw(worlds())
    network = Network.from_interchange(net)
    final = data.draw(records(net))
    state = network.absorb(data.draw(records(net)))
    for id in data.draw(st.permutations(sorted({*final, *state.levels}))):
        state = state.with_finding(id, final.get(id))
    rebuilt = network.absorb(final)
    assert dict(state.levels) == final
    assert state.shift == pytest.approx(rebuilt.shift, abs=1e-9)
    assert state.positives == rebuilt.positives
    for stepped, whole in zip(state.problem, rebuilt.problem, strict=True):
        assert stepped == pytest.approx(whole, abs=1e-9)
    assert query(network, state).marginals == pytest.approx(query(network, final).marginals, abs=MEASURED)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_names_and_order_do_not_matter(data: st.DataObject) -> None:
    net = data.draw(worlds())
    evidence = data.draw(records(net))
    nodes = data.draw(st.permutations(net["nodes"]))
    renamed = [
        node | {"id": f"x.{node['id']}", "links": {f"x.{p}": q for p, q in node["links"].items()}} for node in nodes
    ]
    here = query(Network.from_interchange(net), evidence)
    there = query(Network.from_interchange(net | {"nodes": renamed}), {f"x.{id}": v for id, v in evidence.items()})
    for id, probability in here.as_dict().items():
        assert there.probability(f"x.{id}") == pytest.approx(probability, abs=MEASURED)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_mirrored_record_gives_the_mirrored_answer(data: st.DataObject) -> None:
    half = data.draw(worlds(most_causes=4, most_findings=4))
    left, right = data.draw(records(half)), data.draw(records(half))
    network = Network.from_interchange(both_sides(half))

    def ask(left: dict[str, int], right: dict[str, int]) -> dict[str, float]:
        sided = {f"{id}/left": v for id, v in left.items()} | {f"{id}/right": v for id, v in right.items()}
        return query(network, sided).as_dict()

    here, there = ask(left, right), ask(right, left)
    for id, probability in here.items():
        mirrored = id.replace("/left", "/x").replace("/right", "/left").replace("/x", "/right")
        assert there[mirrored] == pytest.approx(probability, abs=MEASURED)


def both_sides(half: Net) -> Net:
    """The same world on either side, joined by one cause that raises the first cause of both."""
    nodes = [{"id": "cause.both", "layer": "cause", "type": "noisy_or", "leak": 0.1, "links": {}}]
    for side in ("left", "right"):
        for node in half["nodes"]:
            links = {f"{p}/{side}": q for p, q in node["links"].items()}
            if node["id"] == "cause.0":
                links["cause.both"] = 0.4
            nodes.append(node | {"id": f"{node['id']}/{side}", "links": links})
    return half | {"nodes": nodes}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_more_soft_evidence_never_lowers_its_own_cause(data: st.DataObject) -> None:
    net = data.draw(worlds())
    network = Network.from_interchange(net)
    evidence = data.draw(records(net))
    cause = data.draw(st.sampled_from(network.cause_ids))
    ladder = [query(network, evidence, shift={cause: nats}).probability(cause) for nats in (-3.0, -1.0, 0.0, 1.0, 3.0)]
    assert np.all(np.diff(ladder) >= -MEASURED)
    assert all(0.0 <= p <= 1.0 for p in ladder)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_first_finding_speaks_plainly(data: st.DataObject) -> None:
    """Alone, among causes that do not raise each other, present supports every cause of it and absent opposes."""
    net = data.draw(worlds(links=False))
    network = Network.from_interchange(net)
    finding = data.draw(st.sampled_from(network.finding_ids))
    before = query(network, {})
    absent = query(network, {finding: 0})
    top = query(network, {finding: int(network.levels[network.finding(finding)]) - 1})
    binary = finding.startswith("sign")
    for parent in set(network.parents_of(finding)) & set(network.cause_ids):
        assert absent.probability(parent) <= before.probability(parent) + MEASURED
        if binary:
            assert top.probability(parent) >= before.probability(parent) - MEASURED
