"""What to ask next: expected information gain of every open finding, in nats.

The local gain looks only at a finding's own parents, in closed form, for hundreds of candidates in a millisecond.
The look-ahead re-runs the engine for every outcome of a short list and so sees indirect effects too.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.engine import GLANCE, Budget, Posterior, query
from tautband.reasoning.inference.network import Network

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]


class LookAhead(NamedTuple):
    """One candidate re-run: its expected gain, and per level its chance and every cause's marginal after it."""

    id: str
    gain: float
    chance: F8
    marginals: tuple[F8, ...]


def entropy(p: F8) -> F8:
    """Entropy of two-valued variables, nats."""
    inside = np.clip(p, 1e-12, 1.0 - 1e-12)
    return np.asarray(-inside * np.log(inside) - (1.0 - inside) * np.log1p(-inside))


def expected_information(
    network: Network,
    posterior: Posterior,
    candidates: Sequence[str] | None = None,
    harm: Mapping[str, float] | Sequence[float] | F8 | None = None,
) -> F8:
    """Expected drop of harm-weighted entropy if each candidate were asked, aligned with `candidates`.

    candidates  finding ids; by default every finding of the network, in its order
    harm        weight per cause: an array along `network.cause_ids`, a mapping (others weigh 0), or None: all 1;
                pass `network.harm` for the network's own weights
    Uses each finding's own parents, taken as independent given the evidence. Raises UnknownId.
    """
    ids = network.finding_ids if candidates is None else candidates
    found = np.array([network.finding(id) for id in ids], np.int64)
    counts = network.found_ptr[found + 1] - network.found_ptr[found]
    rows = np.repeat(np.arange(len(found)), counts)
    edge = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows] + network.found_ptr[found[rows]]
    node = network.found_idx[edge]
    p = np.concatenate([posterior.contexts, posterior.marginals])[node]
    weight = np.concatenate([np.zeros(network.n_context), weights(network, harm)])[node]
    if int(network.levels[found].max(initial=2)) == 2:
        return _of_two_levels(network, found, rows, edge, p, weight)
    below = network.link_below[edge]
    mixed = 1.0 - p[:, None] * (1.0 - below)
    at_most = network.leak_below[found] * np.exp(_by_row(np.log(mixed), rows, len(found)))
    chance = np.diff(at_most, axis=1, prepend=0.0)
    joint = np.diff(at_most[rows] * (p[:, None] * below / mixed), axis=1, prepend=0.0)
    after = np.clip(joint / np.maximum(chance[rows], 1e-300), 0.0, 1.0)
    gain = entropy(p) - (np.maximum(chance[rows], 0.0) * entropy(after)).sum(axis=1)
    return np.maximum(np.bincount(rows, weight * gain, len(found)), 0.0)


def _of_two_levels(network: Network, found: I8, rows: I8, edge: I8, p: F8, weight: F8) -> F8:
    """`expected_information` of findings that are absent or present: the same sums with half the logarithms."""
    silent = network.link_below[edge, 0]
    mixed = 1.0 - p * (1.0 - silent)
    absent = network.leak_below[found, 0] * np.exp(np.bincount(rows, np.log(mixed), len(found)))
    chance = absent[rows]
    after_absent = np.clip(p * silent / mixed, 0.0, 1.0)
    after_present = np.clip((p - chance * after_absent) / np.maximum(1.0 - chance, 1e-300), 0.0, 1.0)
    gain = entropy(p) - chance * entropy(after_absent) - (1.0 - chance) * entropy(after_present)
    return np.maximum(np.bincount(rows, weight * gain, len(found)), 0.0)


def look_ahead(
    network: Network,
    posterior: Posterior,
    shortlist: Sequence[str],
    harm: Mapping[str, float] | Sequence[float] | F8 | None = None,
    budget: Budget = GLANCE,
) -> list[LookAhead]:
    """Re-run the engine for every outcome of each finding on the short list, in the order given.

    The chance of each level is the one that makes the posteriors after it average to the posterior now (least
    squares over all causes), so it includes the correlation of the parents. Raises UnknownId.
    """
    weight = weights(network, harm)
    now = query(network, posterior.state, budget=budget)
    before = float(weight @ entropy(now.marginals))
    found = []
    for id in shortlist:
        levels = range(int(network.levels[network.finding(id)]))
        after = [query(network, posterior.state.with_finding(id, k), budget=budget) for k in levels]
        chance = _chances(network, now, id, after)
        left = sum(float(c * (weight @ entropy(a.marginals))) for c, a in zip(chance, after, strict=True))
        found.append(LookAhead(id, max(before - left, 0.0), chance, tuple(a.marginals for a in after)))
    return found


def outcome_chances(network: Network, posterior: Posterior, finding: str) -> F8:
    """P(level | evidence) of an open finding, its parents taken as independent. Raises UnknownId."""
    f = network.finding(finding)
    edges = slice(network.found_ptr[f], network.found_ptr[f + 1])
    p = np.concatenate([posterior.contexts, posterior.marginals])[network.found_idx[edges]]
    at_most = network.leak_below[f] * np.prod(1.0 - p[:, None] * (1.0 - network.link_below[edges]), axis=0)
    return np.asarray(np.diff(at_most, prepend=0.0)[: network.levels[f]])


def weights(network: Network, harm: Mapping[str, float] | Sequence[float] | F8 | None) -> F8:
    """Read harm in any of its forms as one weight per cause. Raises UnknownId, ValueError."""
    if harm is None:
        return np.ones(len(network.cause_ids))
    if isinstance(harm, Mapping):
        for id in harm:
            network.cause(id)
        return np.array([harm.get(id, 0.0) for id in network.cause_ids])
    values = np.asarray(harm, np.float64)
    if values.shape != (len(network.cause_ids),) or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"harm needs {len(network.cause_ids)} weights of 0 or more, one per cause.")
    return values


def _chances(network: Network, now: Posterior, id: str, after: Sequence[Posterior]) -> F8:
    """Level chances that make the outcomes average to now, by least squares over every node.

    Where outcomes differ by less than the engine's own error, the product formula decides.
    """
    local = outcome_chances(network, now, id)
    outcomes = np.stack([np.concatenate([a.contexts, a.marginals]) for a in after])
    shift = outcomes[:-1] - outcomes[-1]
    target = np.concatenate([now.contexts, now.marginals]) - outcomes[-1]
    noise = max(a.error_estimate for a in after) ** 2 + 1e-12
    free = np.linalg.solve(shift @ shift.T + noise * np.eye(len(shift)), shift @ target + noise * local[:-1])
    chance = np.clip(np.append(free, 1.0 - free.sum()), 0.0, 1.0)
    return np.asarray(chance / chance.sum())


def _by_row(values: F8, rows: I8, count: int) -> F8:
    """Sum the rows of `values` that share a row number."""
    out = np.zeros((count, values.shape[1]))
    for k in range(values.shape[1]):
        out[:, k] = np.bincount(rows, values[:, k], count)
    return out
