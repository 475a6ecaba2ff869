"""The examiner layer: findings of an unsure hand weigh less. A link q becomes r q, which keeps r of sens + spec - 1.

Only the links of findings that were given with a reliability are changed, in a copy; the shared network stays as it is.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tautband.findings import Finding, Picture
from tautband.reasoning.evidence import Reading
from tautband.reasoning.inference import Network


def relied_on(finding: Finding, reliance: Mapping[str, float] | None = None) -> float:
    """How far a finding is relied upon, 0..1: its own reliability, times the record of whoever found it."""
    own = 1.0 if finding.reliability is None else finding.reliability
    return own * (reliance or {}).get(finding.id, 1.0)


def unsure(reading: Reading, reliance: Mapping[str, float] | None = None) -> dict[str, float]:
    """Network finding id -> reliance, for those relied upon less than fully."""
    return {id: r for id, found in reading.asked.items() if (r := relied_on(found, reliance)) < 1.0}


def matters(picture: Picture, reliance: Mapping[str, float] | None) -> bool:
    return bool(reliance) or any(f.reliability is not None and f.reliability < 1 for f in picture.findings)


def believed(network: Network, weights: Mapping[str, float]) -> Network:
    """The network with every link of these two-level findings multiplied by their weight (0..1).

    Raises ValueError for a weight outside 0..1, UnknownId for an unknown finding.
    """
    link_below, link_at = network.link_below.copy(), network.link_at.copy()
    log_link_below = network.log_link_below.copy()
    for id, weight in weights.items():
        if not 0.0 <= weight <= 1.0:
            raise ValueError(f"The reliance on {id!r} lies between 0 and 1, not {weight}.")
        f = network.finding(id)
        edges = slice(network.found_ptr[f], network.found_ptr[f + 1])
        q = weight * (1.0 - network.link_below[edges, 0])
        link_below[edges, 0] = 1.0 - q
        link_at[edges, 1] = q
        log_link_below[edges, 0] = np.log(link_below[edges, 0])
    changed = replace(network, link_below=link_below, link_at=link_at)
    shared = ("node_index", "finding_index", "node_ids", "kin_child", "found_row", "_by_node")
    vars(changed).update({name: getattr(network, name) for name in shared})
    vars(changed)["log_link_below"] = log_link_below
    return changed


__all__ = ["believed", "matters", "relied_on", "unsure"]
