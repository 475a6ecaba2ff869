"""Reasons add up, and point the right way."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.reasoning.inference import Network, NetworkBuilder, messages, query, responsibility

from .worlds import body, records, visit, worlds


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_lines_add_up_to_the_posterior(data: st.DataObject) -> None:
    net = data.draw(worlds())
    network = Network.from_interchange(net)
    evidence = data.draw(records(net))
    shift = {network.cause_ids[0]: data.draw(st.floats(-2, 2))}
    posterior = query(network, evidence, shift=shift)
    for cause in network.cause_ids:
        ledger = messages(posterior).ledger(cause)
        assert sum(line.nats for line in ledger.lines) == pytest.approx(ledger.total)
        p = posterior.probability(cause)
        assert ledger.total == pytest.approx(math.log(p / (1 - p)), abs=1e-6)
        assert {line.id for line in ledger.lines if line.kind == "finding"} == {
            id for id in evidence if id in network.finding_index and cause in network.parents_of(id)
        }


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_without_loops_nothing_is_left_to_interaction(data: st.DataObject) -> None:
    """One finding above level 0 and causes that do not touch: propagation is exact, so the sum is the answer."""
    net = data.draw(worlds(links=False))
    for node in net["nodes"]:
        if node["layer"] == "cause":
            node["links"] = {}
    network = Network.from_interchange(net)
    evidence = dict.fromkeys(network.finding_ids, 0) | {network.finding_ids[0]: 1}
    posterior = query(network, evidence)
    for cause in network.cause_ids:
        last = messages(posterior).ledger(cause).lines[-1]
        assert last.kind == "interaction"
        assert last.nats == pytest.approx(0.0, abs=1e-3)


def test_messages_are_close_to_leaving_one_out() -> None:
    net = body(4)
    network = Network.from_interchange(net)
    evidence = visit(net, 4)
    posterior = query(network, evidence)
    gaps = []
    for cause in sorted(network.cause_ids, key=posterior.probability)[-6:]:
        whole = messages(posterior).ledger(cause)
        for line in whole.lines:
            if line.kind == "finding":
                without = query(network, posterior.state.with_finding(line.id, None)).probability(cause)
                gaps.append(abs(line.nats - (whole.total - math.log(without / (1 - without)))))
    assert len(gaps) > 5
    assert sorted(gaps)[len(gaps) // 2] < 0.3


def test_contrast_names_the_finding_that_decides() -> None:
    builder = NetworkBuilder()
    builder.cause("cause.a", 0.1)
    builder.cause("cause.b", 0.1)
    builder.finding("sign.shared", 0.05, {"cause.a": 0.6, "cause.b": 0.6})
    builder.finding("sign.only_a", 0.05, {"cause.a": 0.8})
    network = builder.build()
    posterior = query(network, {"sign.shared": 1, "sign.only_a": 1})
    best = messages(posterior).contrast("cause.a", "cause.b")[0]
    assert (best.kind, best.id) == ("finding", "sign.only_a")
    assert best.nats > 1
    assert messages(posterior).ledger("cause.a").supporting[0].id == "sign.only_a"


def test_responsibility_counts_the_leak() -> None:
    builder = NetworkBuilder()
    builder.cause("cause.a", 0.2)
    builder.finding("sign.a", 0.1, {"cause.a": 0.5})
    posterior = query(builder.build(), {"sign.a": 1})
    present = 1 - 0.9 * (1 - 0.2 * 0.5)
    shares = {share.parent: share.share for share in responsibility(posterior, "sign.a")}
    assert shares["cause.a"] == pytest.approx(0.1 / present)
    assert shares[None] == pytest.approx(0.1 / present)
    with pytest.raises(ValueError, match="not a positive finding"):
        responsibility(query(builder.build(), {"sign.a": 0}), "sign.a")
