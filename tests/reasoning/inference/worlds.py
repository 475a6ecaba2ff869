"""Small invented worlds, and the slow plain way to their posteriors: add up every combination of causes.

A world is written in the interchange form; `brute_force` reads it directly and shares nothing with the engine.
"""

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

Net = dict[str, Any]

CHANCES = st.floats(0.01, 0.95)
LEAKS = st.floats(0.005, 0.4)
EXTREME_CHANCES = st.sampled_from([0.0, 1e-6, 0.01, 0.3, 0.9, 0.999, 1.0])
EXTREME_LEAKS = st.sampled_from([1e-6, 1e-4, 0.01, 0.3, 0.9, 0.999])


@st.composite
def distributions(draw: st.DrawFn, levels: int) -> list[float]:
    weights = [draw(st.floats(0.05, 1.0)) for _ in range(levels)]
    return [w / sum(weights) for w in weights]


@st.composite
def worlds(
    draw: st.DrawFn, most_causes: int = 6, most_findings: int = 5, links: bool = True, extreme: bool = False
) -> Net:
    """Two contexts at most, causes that may raise later causes, binary and graded findings."""
    leaks, chances = (EXTREME_LEAKS, EXTREME_CHANCES) if extreme else (LEAKS, CHANCES)
    contexts = [f"factor.{i}" for i in range(draw(st.integers(0, 2)))]
    causes = [f"cause.{i}" for i in range(draw(st.integers(1, most_causes)))]
    nodes: list[dict[str, Any]] = [
        {"id": c, "layer": "context", "type": "noisy_or", "leak": draw(leaks), "links": {}} for c in contexts
    ]

    def parents(pool: list[str], most: int) -> list[str]:
        return draw(st.lists(st.sampled_from(pool), unique=True, max_size=most)) if pool else []

    for i, c in enumerate(causes):
        pool = contexts + (causes[:i] if links else [])
        ties = {p: draw(chances) for p in parents(pool, 2)}
        nodes.append({"id": c, "layer": "cause", "type": "noisy_or", "leak": draw(leaks), "links": ties})
    for i in range(draw(st.integers(1, most_findings))):
        chosen = parents(causes + contexts, 4)
        if draw(st.booleans()):
            ties = {p: draw(chances) for p in chosen}
            leak: Any = draw(leaks)
            nodes.append({"id": f"sign.{i}", "layer": "finding", "type": "noisy_or", "leak": leak, "links": ties})
        else:
            levels = draw(st.integers(2, 4))
            graded = {p: draw(distributions(levels)) for p in chosen}
            leak = draw(distributions(levels))
            nodes.append(
                {
                    "id": f"range.{i}",
                    "layer": "finding",
                    "type": "noisy_max",
                    "levels": levels,
                    "leak": leak,
                    "links": graded,
                }
            )
    return {"format": "noisy-net/1", "name": "invented", "nodes": nodes}


@st.composite
def records(draw: st.DrawFn, net: Net) -> dict[str, int]:
    """Some findings and contexts answered, some not."""
    evidence = {}
    for node in net["nodes"]:
        if node["layer"] != "cause" and draw(st.booleans()):
            evidence[node["id"]] = draw(st.integers(0, node.get("levels", 2) - 1))
    return evidence


def level_chances(node: Mapping[str, Any], world: Mapping[str, int]) -> list[float]:
    """P(level | parents) of one node, straight from the definition."""
    if node["type"] == "noisy_or":
        off = 1 - node["leak"]
        for parent, q in node["links"].items():
            off *= 1 - q if world[parent] else 1.0
        return [off, 1 - off]
    at_most = np.cumsum(np.array(node["leak"]) / sum(node["leak"]))
    for parent, weights in node["links"].items():
        if world[parent]:
            at_most = at_most * np.cumsum(np.array(weights) / sum(weights))
    return [float(x) for x in np.diff(at_most, prepend=0.0)]


def brute_force(
    net: Net, evidence: Mapping[str, int], shift: Mapping[str, float] | None = None
) -> tuple[dict[str, float], float]:
    """Posterior of every cause and context, and P(evidence), by adding up every combination."""
    hidden = [node for node in net["nodes"] if node["layer"] != "finding"]
    found = [node for node in net["nodes"] if node["layer"] == "finding" and node["id"] in evidence]
    total = 0.0
    on = {node["id"]: 0.0 for node in hidden}
    for states in itertools.product((0, 1), repeat=len(hidden)):
        world = {node["id"]: state for node, state in zip(hidden, states, strict=True)}
        if any(world[id] != level for id, level in evidence.items() if id in world):
            continue
        weight = 1.0
        for node in hidden:
            weight *= level_chances(node, world)[world[node["id"]]]
        for node in found:
            weight *= level_chances(node, world)[evidence[node["id"]]]
        for id, nats in (shift or {}).items():
            weight *= math.exp(nats) if world[id] else 1.0
        total += weight
        for id, state in world.items():
            on[id] += weight * state
    return {id: value / total if total else math.nan for id, value in on.items()}, total


def body(seed: int, regions: int = 3, causes_each: int = 14) -> Net:
    """A seeded regional body: neighbours share findings, causes raise causes; too wide for brute force."""
    random = np.random.default_rng(seed)
    n = regions * causes_each
    nodes: list[dict[str, Any]] = [
        {"id": f"factor.{i}", "layer": "context", "type": "noisy_or", "leak": 0.2, "links": {}} for i in range(3)
    ]
    for i in range(n):
        first = max(0, i - causes_each)
        ties = {f"cause.{j}": random.uniform(0.05, 0.3) for j in random.integers(first, i, 2)} if i > 2 else {}
        if random.random() < 0.3:
            ties[f"factor.{random.integers(3)}"] = random.uniform(0.01, 0.05)
        ties = {p: float(q) for p, q in ties.items()}
        leak = float(random.uniform(0.005, 0.03))
        nodes.append({"id": f"cause.{i}", "layer": "cause", "type": "noisy_or", "leak": leak, "links": ties})
    for i in range(2 * n):
        start = int(random.integers(0, n))
        near = {(start + int(d)) % n for d in random.integers(0, causes_each, random.integers(2, 7))}
        if i % 4:
            links: Any = {f"cause.{j}": float(random.uniform(0.1, 0.85)) for j in sorted(near)}
            leak = float(random.uniform(0.01, 0.1))
            nodes.append({"id": f"sign.{i}", "layer": "finding", "type": "noisy_or", "leak": leak, "links": links})
        else:
            links = {f"cause.{j}": random.dirichlet([4, 2, 2]).tolist() for j in sorted(near)}
            nodes.append(
                {
                    "id": f"range.{i}",
                    "layer": "finding",
                    "type": "noisy_max",
                    "levels": 3,
                    "leak": [0.88, 0.08, 0.04],
                    "links": links,
                }
            )
    return {"format": "noisy-net/1", "name": f"body-{seed}", "nodes": nodes}


def visit(net: Net, seed: int, extra: int = 4, asked: float = 0.5) -> dict[str, int]:
    """Sample a person with some causes forced on, then ask part of the findings and contexts."""
    random = np.random.default_rng(seed)
    forced = {f"cause.{i}" for i in random.integers(0, sum(n["layer"] == "cause" for n in net["nodes"]), extra)}
    world: dict[str, int] = {}
    for node in net["nodes"]:
        chance = level_chances(node, world)
        world[node["id"]] = 1 if node["id"] in forced else int(random.choice(len(chance), p=chance))
    return {
        node["id"]: world[node["id"]] for node in net["nodes"] if node["layer"] != "cause" and random.random() < asked
    }
