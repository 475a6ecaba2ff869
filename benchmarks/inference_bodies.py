"""Invented bodies for the inference benchmark: no patient data, same shape as the real network.

A body is a ring of regions on one or two sides. Each region has trigger points, entrapments, joints, other tissue and
red flags; joints and key points raise trigger points, taut muscles raise entrapments; findings have parents in their
own and neighbouring regions. `client` samples a person with causes near one complaint and asks as a visit would:
the whole pain drawing, a third of what lies near, little elsewhere.
"""

from typing import Any

import numpy as np

Net = dict[str, Any]
Random = np.random.Generator

REGIONS = {"small": 1, "medium": 4, "full": 10}
SIDES = {"small": 1, "medium": 1, "full": 2}
MAKEUP = {"trp": 16, "entrapment": 3, "joint": 4, "tissue": 5, "flag": 2}
SMALL_MAKEUP = {"trp": 8, "entrapment": 2, "joint": 2, "tissue": 1, "flag": 1}
BASE = {
    "trp": (0.008, 0.03), "entrapment": (0.002, 0.008), "joint": (0.005, 0.02),
    "tissue": (0.004, 0.015), "flag": (0.0003, 0.002),
}  # fmt: skip
HARM = {"trp": 1, "entrapment": 5, "joint": 2, "tissue": 2, "flag": 100}


def body(size: str, seed: int) -> Net:
    """Return a network in the interchange form; size is small (14 causes), medium (120) or full (600)."""
    random = np.random.default_rng(seed)
    makeup = SMALL_MAKEUP if size == "small" else MAKEUP
    factors = [f"factor.{i}" for i in range(3 * REGIONS[size] * SIDES[size])]
    nodes = [_node(f, "context", random.uniform(0.05, 0.4), {}) for f in factors]
    places = [(s, r) for s in range(SIDES[size]) for r in range(REGIONS[size])]
    causes = {p: {g: [f"{g}.{p[1]}.{i}/{'LR'[p[0]]}" for i in range(n)] for g, n in makeup.items()} for p in places}
    for place in places:
        nodes += _causes(random, causes, place, factors)
    for place in places:
        nodes += _findings(random, causes, place)
    return {"format": "noisy-net/1", "name": f"{size}-{seed}", "nodes": nodes}


def client(net: Net, seed: int, positives: int) -> dict[str, int]:
    """Sample a visit with about that many findings above level 0."""
    random = np.random.default_rng(seed)
    places = sorted({_place(n["id"]) for n in net["nodes"] if n["layer"] == "cause"})
    best: tuple[float, dict[str, int]] = (np.inf, {})
    for _ in range(400):
        start = places[random.integers(len(places))]
        focus = {p for p in places if p[0] == start[0] and abs(int(p[1]) - int(start[1])) <= 1}
        pool = [n["id"] for n in net["nodes"] if n["layer"] == "cause" and _place(n["id"]) in focus]
        forced = set(random.choice(pool, min(len(pool), 1 + random.poisson(positives / 5)), replace=False).tolist())
        world = _sample(net, random, forced)
        evidence = {}
        for node in net["nodes"]:
            id = node["id"]
            share = {"context": 0.8, "cause": 0.0}.get(node["layer"])
            if share is None:
                share = 1.0 if id.startswith("zone") else 0.35 if _place(id) in focus else 0.01
            if random.random() < share:
                evidence[id] = world[id]
        miss = abs(sum(v > 0 for id, v in evidence.items() if not id.startswith("factor")) - positives)
        if miss < best[0]:
            best = (miss, evidence)
        if miss <= 1:
            break
    return best[1]


def _node(id: str, layer: str, leak: Any, links: dict[str, Any], **more: Any) -> Net:
    kind = "noisy_max" if isinstance(leak, list) else "noisy_or"
    return {"id": id, "layer": layer, "type": kind, "leak": leak, "links": links, **more}


def _causes(random: Random, causes: dict[Any, Any], place: Any, factors: list[str]) -> list[Net]:
    groups = causes[place]
    links: dict[str, dict[str, float]] = {c: {} for g in groups.values() for c in g}
    for joint in groups["joint"]:
        for trp in _pick(random, groups["trp"], 2, 6):
            links[trp][joint] = random.uniform(0.08, 0.35)
    for i, key in enumerate(groups["trp"][:-1]):
        if random.random() < 0.8:
            for satellite in _pick(random, groups["trp"][i + 1 :], 1, 2):
                links[satellite][key] = random.uniform(0.05, 0.2)
    for entrapment in groups["entrapment"]:
        for trp in _pick(random, groups["trp"], 1, 3):
            links[entrapment][trp] = random.uniform(0.04, 0.15)
    nodes = []
    for group in ("flag", "joint", "tissue", "trp", "entrapment"):
        for cause in groups[group]:
            for factor in _pick(random, factors, 0, 2):
                links[cause][factor] = random.uniform(0.002, 0.02)
            nodes.append(
                _node(cause, "cause", random.uniform(*BASE[group]), links[cause], group=group, harm=HARM[group])
            )
    return nodes


def _findings(random: Random, causes: dict[Any, Any], place: Any) -> list[Net]:
    side, region = place
    groups, name = causes[place], f"{region}.{{}}/{'LR'[side]}"
    own = [c for g in groups.values() for c in g]
    near = [c for r in (region - 1, region + 1) for g in causes.get((side, r), {}).values() for c in g]
    nodes = []

    def add(kind: str, i: int, leak: tuple[float, float], parents: list[str], link: tuple[float, float]) -> None:
        links = {p: random.uniform(*link) for p in parents}
        nodes.append(_node(f"{kind}.{name.format(i)}", "finding", random.uniform(*leak), links))

    for i in range(6):
        core, spill = _pick(random, own, 4, 7), _pick(random, own + near, 5, 10)
        links = {c: random.uniform(0.08, 0.35) for c in spill} | {c: random.uniform(0.5, 0.85) for c in core}
        nodes.append(_node(f"zone.{name.format(i)}", "finding", random.uniform(0.01, 0.03), links))
        add("symptom", i, (0.02, 0.1), _pick(random, own + near, 5, 12), (0.1, 0.6))
    for i in range(10):
        parents = _pick(random, groups["trp"] + groups["joint"] + groups["tissue"], 4, 8)
        graded = {p: _levels(random, random.uniform(0.3, 0.75)) for p in parents}
        leak = _levels(random, random.uniform(0.05, 0.15))
        nodes.append(_node(f"motion.{name.format(i)}", "finding", leak, graded, levels=3))
        add("test", i, (0.03, 0.15), _pick(random, groups["entrapment"] + groups["joint"], 1, 3), (0.4, 0.85))
    for i, cause in enumerate(own):
        for k in range(3):
            add(f"sign{k}", i, (0.01, 0.12), [cause, *_pick(random, [c for c in own if c != cause], 0, 1)], (0.1, 0.9))
    return nodes


def _levels(random: Random, p: float) -> list[float]:
    high = p * random.uniform(0.2, 0.6)
    return [1 - p, p - high, high]


def _pick(random: Random, pool: list[str], least: int, most: int) -> list[str]:
    count = min(len(pool), int(random.integers(least, most + 1)))
    return [str(x) for x in random.choice(pool, count, replace=False)] if count else []


def _place(id: str) -> tuple[str, str]:
    return id.rpartition("/")[2], id.split(".")[1]


def _sample(net: Net, random: Random, forced: set[str]) -> dict[str, int]:
    world: dict[str, int] = {}
    for node in net["nodes"]:
        graded = node["type"] == "noisy_max"
        if not graded:
            off = 1 - node["leak"]
            for parent, q in node["links"].items():
                off *= 1 - q if world[parent] else 1.0
            world[node["id"]] = 1 if node["id"] in forced else int(random.random() >= off)
            continue
        draws = [node["leak"], *(w for p, w in node["links"].items() if world[p])]
        world[node["id"]] = max(int(np.searchsorted(np.cumsum(w), random.random() * sum(w))) for w in draws)
    return world
