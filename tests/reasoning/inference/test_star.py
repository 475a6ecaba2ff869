"""Many findings that only one cause explains: the smallest tables, whose sizes must still be counted."""

from math import prod

import pytest

from tautband.reasoning.inference import NetworkBuilder, query


@pytest.mark.parametrize("leaves", [1, 2, 3, 5, 9, 40])
def test_a_star_is_bayes_rule(leaves: int) -> None:
    builder = NetworkBuilder()
    builder.cause("cause.a", 0.05)
    builder.cause("cause.b", 0.02, {"cause.a": 0.3})
    for i in range(leaves):
        builder.finding(f"sign.{i}", 0.1 + 0.01 * i, {"cause.a": 0.6})
    posterior = query(builder.build(), {f"sign.{i}": 1 for i in range(leaves)})
    ratio = prod((1 - (0.9 - 0.01 * i) * 0.4) / (0.1 + 0.01 * i) for i in range(leaves))
    odds = 0.05 / 0.95 * ratio
    expected = odds / (1 + odds)
    assert posterior.method == "exact"
    assert posterior.probability("cause.a") == pytest.approx(expected, abs=1e-9)
    child = 1 - 0.98 * (1 - 0.3 * expected)
    assert posterior.probability("cause.b") == pytest.approx(child, abs=1e-9)
