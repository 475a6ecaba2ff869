"""What is known of one person, absorbed into the network.

A finding at level k is P(max <= k) times P(max = k | max <= k). The first part is a product over parents, so it is
one log-odds shift per cause and couples nothing. The second is a two-valued noisy-OR *positive* whose links are
P(Z = k) / P(Z <= k). Level 0 has only the first part: negatives never couple causes. What was not asked is absent
here, which is not a negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import index
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.errors import ContradictoryEvidence, ImpossibleLevel, UnknownId
from tautband.reasoning.inference.network import SMALLEST, Network

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
Evidence = Mapping[str, int]

CERTAIN = 60.0  # nats of a cause taken as given; 1 - P is then 1e-26


class Problem(NamedTuple):
    """The arrays the kernels work on, in the order they take them (see `kernels` for their meaning)."""

    found_ptr: I8
    found_idx: I8
    found_link: F8
    found_leak: F8
    kin_ptr: I8
    kin_idx: I8
    kin_link: F8
    leak: F8
    shift: F8


@dataclass(frozen=True, eq=False)
class State:
    """Absorbed evidence. One more answer is an update of a few entries, never a rebuild.

    levels      finding id -> level, context id -> 0 or 1, cause id -> 0 or 1 (taken as given)
    shift       per node, nats: log-odds from negatives, graded findings, given causes and soft evidence
    given       per node: -1 unknown, else the value of an observed context
    soft        cause id -> log-odds shift that came as likelihood, nats
    """

    network: Network
    levels: Mapping[str, int]
    shift: F8
    given: npt.NDArray[np.int8]
    soft: Mapping[str, float]

    @classmethod
    def nothing(cls, network: Network) -> "State":
        """The state before anything was asked."""
        n = network.n_nodes
        return cls(network, MappingProxyType({}), np.zeros(n), np.full(n, -1, np.int8), MappingProxyType({}))

    def with_finding(self, id: str, level: int | None) -> "State":
        """Return the state with one answer set, changed or (None) taken back.

        Raises UnknownId, ImpossibleLevel.
        """
        if id not in self.network.finding_index and id not in self.network.node_index:
            raise UnknownId(
                f"{id!r} is not in network {self.network.name!r}. Evidence names findings, contexts or causes."
            )
        shift, given = self.shift.copy(), self.given.copy()
        levels = dict(self.levels)
        old = levels.pop(id, None)
        if old is not None:
            self._put(id, old, -1.0, shift, given)
        if level is not None:
            levels[id] = self._checked(id, level)
            self._put(id, levels[id], 1.0, shift, given)
        return replace(self, levels=MappingProxyType(levels), shift=shift, given=given)

    def with_shift(self, cause: str, nats: float) -> "State":
        """Return the state with soft evidence on a cause: log P(data | on) - log P(data | off); 0 takes it back."""
        node = self.network.cause(cause)
        if not np.isfinite(nats):
            raise ImpossibleLevel(f"The shift of {cause!r} is {nats}; it must be a finite number of nats.")
        shift = self.shift.copy()
        shift[node] += nats - self.soft.get(cause, 0.0)
        soft = {**self.soft, cause: float(nats)}
        return replace(self, shift=shift, soft=MappingProxyType(soft))

    def _checked(self, id: str, level: int) -> int:
        f = self.network.finding_index.get(id)
        count = 2 if f is None else int(self.network.levels[f])
        try:
            number = index(level)
        except TypeError:
            raise ImpossibleLevel(f"The level of {id!r} is {level!r}; it must be a whole number.") from None
        if not 0 <= number < count:
            raise ImpossibleLevel(f"{id!r} has levels 0..{count - 1}, not {number}.")
        return number

    def _put(self, id: str, level: int, sign: float, shift: F8, given: npt.NDArray[np.int8]) -> None:
        network = self.network
        f = network.finding_index.get(id)
        if f is not None:
            edges = slice(network.found_ptr[f], network.found_ptr[f + 1])
            shift[network.found_idx[edges]] += sign * network.log_link_below[edges, level]
        elif (node := network.node_index[id]) < network.n_context:
            given[node] = level if sign > 0 else -1
        else:
            shift[node] += sign * (CERTAIN if level else -CERTAIN)

    @cached_property
    def positives(self) -> tuple[tuple[int, int], ...]:
        """(finding index, level) of every finding above level 0, by finding index."""
        known = self.network.finding_index
        return tuple(sorted((known[id], level) for id, level in self.levels.items() if level and id in known))

    @cached_property
    def problem(self) -> Problem:
        """The coupled problem with observed contexts folded into leaks. Raises ContradictoryEvidence."""
        network = self.network
        kin_ptr, kin_idx, kin_link, leak = self._families()
        found = np.array([f for f, _ in self.positives], np.int64)
        level = np.array([k for _, k in self.positives], np.int64)
        counts = network.found_ptr[found + 1] - network.found_ptr[found]
        found_ptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        row = np.repeat(np.arange(len(found)), counts)
        edge = np.arange(found_ptr[-1]) - found_ptr[row] + network.found_ptr[found[row]]
        found_idx = network.found_idx[edge]
        found_link = np.minimum(network.link_at[edge, level[row]], 1 - SMALLEST)
        found_leak = np.clip(network.leak_at[found, level], SMALLEST, 1 - SMALLEST)
        value = self.given[found_idx]
        if (value >= 0).any():
            loud = np.bincount(row, np.where(value == 1, np.log1p(-found_link), 0.0), len(found))
            found_leak = -np.expm1(np.log1p(-found_leak) + loud)
            open_ = value < 0
            found_ptr = np.concatenate(
                [np.zeros(1, np.int64), np.cumsum(np.bincount(row[open_], minlength=len(found)))]
            )
            found_idx, found_link, row = found_idx[open_], found_link[open_], row[open_]
        self._possible(found, found_leak, row, found_idx, found_link)
        return Problem(
            found_ptr, found_idx, found_link, found_leak, kin_ptr, kin_idx, kin_link, leak, self.shift.copy()
        )

    def _possible(self, found: I8, found_leak: F8, row: I8, found_idx: I8, found_link: F8) -> None:
        """Refuse a positive that neither its leak nor any cause still possible can produce."""
        able = (found_link > 1e-9) & (self.shift[found_idx] > -CERTAIN / 2)
        dead = (found_leak < 1e-9) & (np.bincount(row[able], minlength=len(found)) == 0)
        if dead.any():
            id = self.network.finding_ids[int(found[np.argmax(dead)])]
            raise ContradictoryEvidence(
                f"{id!r} is present, but its leak is 0 and every cause of it is ruled out. Correct one of these "
                "answers, or give the finding a leak."
            )

    def _families(self) -> tuple[I8, I8, F8, F8]:
        network = self.network
        value = self.given[network.kin_idx]
        loud = np.bincount(network.kin_child, np.where(value == 1, np.log1p(-network.kin_link), 0.0), network.n_nodes)
        leak = -np.expm1(np.log1p(-network.leak) + loud)
        open_ = value < 0
        ptr = np.zeros(network.n_nodes + 1, np.int64)
        np.cumsum(np.bincount(network.kin_child[open_], minlength=network.n_nodes), out=ptr[1:])
        return ptr, network.kin_idx[open_], network.kin_link[open_], leak


def absorb(network: Network, evidence: Evidence, shift: Mapping[str, float] | None = None) -> State:
    """Absorb a whole record at once; equal to adding its answers one by one.

    evidence    finding or context id -> level, 0 = absent; a cause id is taken as given. Not asked = not named.
    shift       cause id -> log-odds from elsewhere (soft evidence), nats
    Raises UnknownId, ImpossibleLevel.
    """
    state = State.nothing(network)
    known = list(map(network.finding_index.get, evidence))
    index_, levels = _all_findings(network, known, evidence) or _one_by_one(state, known, evidence)
    counts = network.found_ptr[index_ + 1] - network.found_ptr[index_]
    row = np.repeat(np.arange(len(index_)), counts)
    edge = np.arange(len(row)) - (np.cumsum(counts) - counts)[row] + network.found_ptr[index_[row]]
    weight = network.log_link_below[edge, levels[row]]
    total = state.shift + np.bincount(network.found_idx[edge], weight, network.n_nodes)
    soft = {cause: float(nats) for cause, nats in (shift or {}).items()}
    if not np.isfinite(list(soft.values())).all():
        bad = next(cause for cause, nats in soft.items() if not np.isfinite(nats))
        raise ImpossibleLevel(f"The shift of {bad!r} is {soft[bad]}; it must be a finite number of nats.")
    for cause, nats in soft.items():
        total[network.cause(cause)] += nats
    return replace(state, levels=MappingProxyType(dict(evidence)), shift=total, soft=MappingProxyType(soft))


def _all_findings(network: Network, known: list[int | None], evidence: Evidence) -> tuple[I8, I8] | None:
    """Places and levels of evidence that is findings with proper levels throughout, as nearly always; else None."""
    levels = list(evidence.values())
    if None in known or any(type(level) is not int for level in levels):
        return None
    found, level = np.array(known, np.int64), np.array(levels, np.int64)
    return (found, level) if ((level >= 0) & (level < network.levels[found])).all() else None


def _one_by_one(state: State, known: list[int | None], evidence: Evidence) -> tuple[I8, I8]:
    """The same with every answer checked; contexts and causes go into the state. Raises UnknownId, ImpossibleLevel."""
    found: list[int] = []
    levels: list[int] = []
    for f, (id, value) in zip(known, evidence.items(), strict=True):
        if f is None and id not in state.network.node_index:
            name = state.network.name
            raise UnknownId(f"{id!r} is not in network {name!r}. Evidence names findings, contexts or causes.")
        number = state._checked(id, value)
        if f is None:
            state._put(id, number, 1.0, state.shift, state.given)
        else:
            found.append(f)
            levels.append(number)
    return np.array(found, np.int64), np.array(levels, np.int64)
