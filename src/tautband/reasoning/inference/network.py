"""The network: context -> causes (which may cause each other) -> findings, all noisy-OR or noisy-MAX.

Contexts and causes are two-valued and share one index space, contexts first ("nodes"). A binary finding is treated
as a graded one with two levels, so there is one road for both. Everything is flat arrays (CSR), built once and
never changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.errors import BadNetwork, UnknownId

if TYPE_CHECKING:
    from tautband.reasoning.inference.evidence import Evidence, State

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]

SMALLEST = 1e-15  # stands for 0 (its complement for 1) where an exact one would divide by zero
IMPOSSIBLE = 1e-26  # stands for 0 in products, -60 nats: evidence gets improbable, never undefined


@dataclass(frozen=True, eq=False)
class Network:
    """An immutable noisy-OR / noisy-MAX network; build it with `NetworkBuilder` or `from_interchange`.

    leak           per node: P(on | every parent off), 0..1
    kin_ptr/idx/link    CSR, node -> its parents (node indices) and link probabilities
    found_ptr/idx       CSR, finding -> its parents (node indices)
    link_below, link_at     per finding edge and level k: P(contribution <= k), and P(contribution = k) / P(<= k)
    leak_below, leak_at     the same of each finding's leak
    levels         per finding: how many levels it has, absent included
    harm           per cause: weight of missing it, for choosing tests
    """

    name: str
    context_ids: tuple[str, ...]
    cause_ids: tuple[str, ...]
    finding_ids: tuple[str, ...]
    groups: tuple[str, ...]
    harm: F8
    leak: F8
    kin_ptr: I8
    kin_idx: I8
    kin_link: F8
    levels: I8
    found_ptr: I8
    found_idx: I8
    link_below: F8
    link_at: F8
    leak_below: F8
    leak_at: F8

    @property
    def n_context(self) -> int:
        return len(self.context_ids)

    @property
    def n_nodes(self) -> int:
        return len(self.context_ids) + len(self.cause_ids)

    @cached_property
    def node_index(self) -> dict[str, int]:
        """Context or cause id -> node index."""
        return {id: i for i, id in enumerate(self.context_ids + self.cause_ids)}

    @cached_property
    def finding_index(self) -> dict[str, int]:
        """Finding id -> finding index."""
        return {id: i for i, id in enumerate(self.finding_ids)}

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        return self.context_ids + self.cause_ids

    @cached_property
    def kin_child(self) -> I8:
        """Per family edge: the child node."""
        return np.repeat(np.arange(self.n_nodes), np.diff(self.kin_ptr))

    @cached_property
    def log_link_below(self) -> F8:
        """log P(contribution <= k) per finding edge and level: what a level absorbed as a product adds."""
        return np.log(self.link_below)

    @cached_property
    def found_row(self) -> I8:
        """Per finding edge: the finding."""
        return np.repeat(np.arange(len(self.finding_ids)), np.diff(self.found_ptr))

    @cached_property
    def _by_node(self) -> tuple[I8, I8]:
        order = np.argsort(self.found_idx, kind="stable")
        return order, np.searchsorted(self.found_idx[order], np.arange(self.n_nodes + 1))

    def edges_of(self, node: int) -> I8:
        """The finding edges that start at a node, by finding."""
        order, start = self._by_node
        return order[start[node] : start[node + 1]]

    def cause(self, id: str) -> int:
        """Return the node index of a cause. Raises UnknownId."""
        node = self.node_index.get(id, -1)
        if node < self.n_context:
            raise UnknownId(f"{id!r} is not a cause of network {self.name!r}. Use an id of `network.cause_ids`.")
        return node

    def finding(self, id: str) -> int:
        """Return the index of a finding. Raises UnknownId."""
        if id not in self.finding_index:
            raise UnknownId(f"{id!r} is not a finding of {self.name!r}. Use an id of `network.finding_ids`.")
        return self.finding_index[id]

    def parents_of(self, finding: str) -> tuple[str, ...]:
        """Ids of the nodes that can produce a finding."""
        f = self.finding(finding)
        return tuple(self.node_ids[i] for i in self.found_idx[self.found_ptr[f] : self.found_ptr[f + 1]])

    def absorb(self, evidence: "Evidence", shift: Mapping[str, float] | None = None) -> "State":
        """Absorb a record: see `evidence.absorb`."""
        from tautband.reasoning.inference.evidence import absorb  # the other way round at import time

        return absorb(self, evidence, shift)

    @classmethod
    def from_interchange(cls, net: Mapping[str, Any]) -> "Network":
        """Read the interchange form `noisy-net/1`: {"format", "name", "nodes": [...]}.

        A node has `id`, `layer` context|cause|finding, `type` noisy_or|noisy_max, `leak`, `links` {parent:
        parameter}; a cause may have `group` and `harm`; a noisy_max finding has `levels`, and its leak and links are
        distributions over the levels (normalised here). Raises BadNetwork.
        """
        if net.get("format") != "noisy-net/1":
            raise BadNetwork(f"Expected format 'noisy-net/1', not {net.get('format')!r}.")
        builder = NetworkBuilder(str(net.get("name", "network")))
        for node in net.get("nodes", ()):
            missing = {"id", "layer", "type", "leak"} - node.keys()
            if missing:
                raise BadNetwork(f"The node {node.get('id', node)!r} lacks {', '.join(sorted(missing))}.")
            builder.add(node)
        return builder.build()


@dataclass(frozen=True)
class _Found:
    leak: tuple[float, ...]
    links: dict[str, tuple[float, ...]]


class NetworkBuilder:
    """Collect nodes in any order, then `build()`; parents may be named before they are added."""

    def __init__(self, name: str = "network") -> None:
        self._name = name
        self._contexts: dict[str, float] = {}
        self._causes: dict[str, tuple[float, dict[str, float], str, float]] = {}
        self._findings: dict[str, _Found] = {}

    def context(self, id: str, prior: float) -> None:
        """Add a circumstance that raises causes (age, work, trauma); prior is P(present), 0..1."""
        self._new(id)
        self._contexts[id] = _chance(prior, id, "prior")

    def cause(
        self, id: str, leak: float, links: Mapping[str, float] | None = None, group: str = "", harm: float = 1.0
    ) -> None:
        """Add a cause. leak is P(on | no parent on); links are parent context or cause -> P(it alone turns this on).

        A link of 0 is left out.
        """
        self._new(id)
        if not (np.isfinite(harm) and harm >= 0):
            raise BadNetwork(f"The harm of {id!r} is {harm}; it must be 0 or more.")
        ties = {p: _chance(q, id, f"link from {p!r}") for p, q in (links or {}).items() if q}
        self._causes[id] = (_chance(leak, id, "leak"), ties, group, float(harm))

    def finding(self, id: str, leak: float, links: Mapping[str, float]) -> None:
        """Add a finding that is absent or present. leak is P(present | no parent on); a link of 0 is left out."""
        self._new(id)
        own = _within(leak, id, "leak")
        ties = {p: _within(q, id, f"link from {p!r}") for p, q in links.items() if q}
        self._findings[id] = _Found((1 - own, own), {p: (1 - q, q) for p, q in ties.items()})

    def graded(self, id: str, leak: Sequence[float], links: Mapping[str, Sequence[float]]) -> None:
        """Add a finding with levels 0 (absent), 1, 2, ...: the highest contribution wins.

        leak and each link are weights of the level that this one contributes alone; they are normalised.
        """
        self._new(id)
        if len(leak) < 2:
            raise BadNetwork(f"{id!r} has {len(leak)} level; a graded finding needs at least absent and present.")
        own = _distribution(leak, len(leak), id, "leak")
        ties = {p: _distribution(w, len(leak), id, f"link from {p!r}") for p, w in links.items()}
        self._findings[id] = _Found(own, ties)

    def add(self, node: Mapping[str, Any]) -> None:
        """Add one node in the interchange form (see `Network.from_interchange`)."""
        id, layer, kind, leak = node["id"], node["layer"], node["type"], node["leak"]
        links = node.get("links", {})
        if layer == "context" and kind == "noisy_or" and not links:
            self.context(id, leak)
        elif layer == "cause" and kind == "noisy_or":
            self.cause(id, leak, links, node.get("group", ""), node.get("harm", 1.0))
        elif layer == "finding" and kind == "noisy_or":
            self.finding(id, leak, links)
        elif layer == "finding" and kind == "noisy_max":
            if len(leak) != node.get("levels", len(leak)):
                raise BadNetwork(f"{id!r} says {node['levels']} levels but its leak has {len(leak)}.")
            self.graded(id, leak, links)
        else:
            raise BadNetwork(
                f"{id!r} is a {kind!r} in layer {layer!r}. Contexts are noisy_or without parents, causes "
                "noisy_or, findings noisy_or or noisy_max."
            )

    def build(self) -> Network:
        """Check the whole and freeze it. Raises BadNetwork on an unknown parent or a cycle."""
        nodes = {id: i for i, id in enumerate([*self._contexts, *self._causes])}
        for id, (_, ties, _, _) in self._causes.items():
            self._known(id, ties, nodes)
        for id, found in self._findings.items():
            self._known(id, found.links, nodes)
        try:
            TopologicalSorter({id: set(c[1]) for id, c in self._causes.items()}).prepare()
        except CycleError as error:
            raise BadNetwork(f"Causes form a circle: {' -> '.join(error.args[1])}. Remove one link.") from None
        families: list[dict[str, float]] = [{} for _ in self._contexts] + [c[1] for c in self._causes.values()]
        kin_ptr, kin_idx = _csr(families, nodes)
        found_ptr, found_idx = _csr([f.links for f in self._findings.values()], nodes)
        levels = np.array([len(f.leak) for f in self._findings.values()], np.int64)
        top = int(levels.max(initial=2))
        link_below, link_at = _cumulate([w for f in self._findings.values() for w in f.links.values()], top)
        leak_below, leak_at = _cumulate([f.leak for f in self._findings.values()], top)
        network = Network(
            name=self._name,
            context_ids=tuple(self._contexts),
            cause_ids=tuple(self._causes),
            finding_ids=tuple(self._findings),
            groups=tuple(c[2] for c in self._causes.values()),
            harm=np.array([c[3] for c in self._causes.values()], np.float64),
            leak=np.array([*self._contexts.values(), *(c[0] for c in self._causes.values())], np.float64),
            kin_ptr=kin_ptr,
            kin_idx=kin_idx,
            kin_link=np.array([q for family in families for q in family.values()], np.float64),
            levels=levels,
            found_ptr=found_ptr,
            found_idx=found_idx,
            link_below=link_below,
            link_at=link_at,
            leak_below=leak_below,
            leak_at=leak_at,
        )
        for value in vars(network).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
        return network

    def _new(self, id: str) -> None:
        if id in self._contexts or id in self._causes or id in self._findings:
            raise BadNetwork(f"{id!r} is added twice. Ids are unique across all layers.")

    def _known(self, id: str, parents: Iterable[str], nodes: Mapping[str, int]) -> None:
        for parent in parents:
            if parent not in nodes:
                raise BadNetwork(f"{id!r} names the parent {parent!r}, which is no context or cause.")


def _within(value: float, id: str, what: str) -> float:
    number = float(value)
    if not 0.0 <= number <= 1.0:
        raise BadNetwork(f"The {what} of {id!r} is {value}; a probability lies between 0 and 1.")
    return number


def _chance(value: float, id: str, what: str) -> float:
    return min(max(_within(value, id, what), SMALLEST), 1 - SMALLEST)


def _distribution(weights: Sequence[float], count: int, id: str, what: str) -> tuple[float, ...]:
    values = np.asarray(weights, np.float64)
    if values.shape != (count,) or not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise BadNetwork(f"The {what} of {id!r} must be {count} weights, none negative and not all 0: {weights}.")
    return tuple((values / values.sum()).tolist())


def _csr(rows: Sequence[Mapping[str, Any]], nodes: Mapping[str, int]) -> tuple[I8, I8]:
    ptr = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=ptr[1:])
    return ptr, np.array([nodes[parent] for row in rows for parent in row], np.int64)


def _cumulate(rows: Sequence[Sequence[float]], top: int) -> tuple[F8, F8]:
    """Pad distributions to `top` levels; return P(<= k) and P(= k) / P(<= k)."""
    mass = np.zeros((len(rows), top))
    for i, row in enumerate(rows):
        mass[i, : len(row)] = row
    below = np.minimum(np.cumsum(mass, axis=1), 1.0)
    for i, row in enumerate(rows):
        below[i, len(row) - 1 :] = 1.0
    below = np.maximum(below, IMPOSSIBLE)
    return below, np.minimum(mass / below, 1.0)
