"""Why: the additive ledger of each cause, and who explains each finding. All weights in nats of log-odds.

At propagation's fixed point the belief of a cause is a plain sum: prior, context, related causes, and one message
per finding. The engine's answer differs a little (loops); the difference is one line, "interaction".
Leave-one-out values are not used: they do not add up under explaining away.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.engine import Posterior
from tautband.reasoning.inference.evidence import CERTAIN

F8 = npt.NDArray[np.float64]

Kind = Literal["prior", "context", "parent causes", "child cause", "finding", "soft", "given", "interaction"]


class LedgerLine(NamedTuple):
    """One reason. `id` is the finding, context or cause behind it (the cause itself for prior and interaction)."""

    kind: Kind
    id: str
    level: int | None
    nats: float


@dataclass(frozen=True)
class Ledger:
    """All reasons for one cause; `total` is the log-odds of its posterior and equals the sum of the lines."""

    cause: str
    lines: tuple[LedgerLine, ...]
    total: float

    @property
    def supporting(self) -> tuple[LedgerLine, ...]:
        """Lines above 0, strongest first."""
        return tuple(sorted((x for x in self.lines if x.nats > 0), key=lambda x: -x.nats))


class Share(NamedTuple):
    """P(this produced the finding | the finding is present); `parent` is None for the leak.

    Several sources may act at once, so shares can sum to more than 1.
    """

    parent: str | None
    share: float


class Weights(NamedTuple):
    """What answered findings say of causes, one entry each: row of the cause, finding index, its level, nats."""

    row: npt.NDArray[np.int64]
    found: npt.NDArray[np.int64]
    level: npt.NDArray[np.int64]
    nats: F8


@dataclass(frozen=True, eq=False)
class MessageBook:
    """Every message behind a posterior, ready to be read per cause."""

    posterior: Posterior

    def ledger(self, cause: str) -> Ledger:
        """Return every reason for one cause. Raises UnknownId."""
        lines = [*self._others(cause), *self._findings(cause)]
        total = _logit(self.posterior.probability(cause))
        rest = total - sum(line.nats for line in lines)
        return Ledger(cause, (*lines, LedgerLine("interaction", cause, None, rest)), total)

    def contrast(self, cause: str, rival: str, least_nats: float = 0.2) -> tuple[LedgerLine, ...]:
        """Why `cause` and not `rival`: the differences of their ledgers above `least_nats`, strongest first."""
        difference: dict[tuple[Kind, str, int | None], float] = {}
        for id, sign in ((cause, 1.0), (rival, -1.0)):
            for line in self.ledger(id).lines:
                of = line.id if line.kind in ("finding", "context", "child cause") else ""
                key = (line.kind, of, line.level)
                difference[key] = difference.get(key, 0.0) + sign * line.nats
        lines = [LedgerLine(*key, nats) for key, nats in difference.items() if abs(nats) >= least_nats]
        return tuple(sorted(lines, key=lambda line: -abs(line.nats)))

    def _contexts(self, node: int) -> list[LedgerLine]:
        """What each observed context adds to the log-odds of the node, taken in order."""
        state, network = self.posterior.state, self.posterior.network
        quiet = 1.0 - float(network.leak[node])
        lines = []
        for e in range(network.kin_ptr[node], network.kin_ptr[node + 1]):
            parent = int(network.kin_idx[e])
            if state.given[parent] == 1:
                louder = quiet * (1.0 - float(network.kin_link[e]))
                lines.append(LedgerLine("context", network.node_ids[parent], 1, _logit(1 - louder) - _logit(1 - quiet)))
                quiet = louder
        return lines

    @cached_property
    def _children(self) -> dict[int, list[tuple[int, int]]]:
        """Node -> its links to children: place of the link, and the child."""
        problem = self.posterior.state.problem
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        children = np.repeat(np.arange(self.posterior.network.n_nodes), np.diff(problem.kin_ptr)).tolist()
        for e, (child, parent) in enumerate(zip(children, problem.kin_idx.tolist(), strict=True)):
            found[parent].append((e, child))
        return found

    @cached_property
    def _told(self) -> F8:
        """Per finding edge of the network: the message that a positive finding sends along it."""
        state, network = self.posterior.state, self.posterior.network
        told = np.zeros(len(network.found_idx))
        found = np.array([f for f, _ in state.positives], np.int64)
        if not len(found):
            return told
        counts = network.found_ptr[found + 1] - network.found_ptr[found]
        row = np.repeat(np.arange(len(found)), counts)
        edge = np.arange(len(row)) - (np.cumsum(counts) - counts)[row] + network.found_ptr[found[row]]
        told[edge[state.given[network.found_idx[edge]] < 0]] = self.posterior.messages.to_cause
        return told

    @cached_property
    def _answered(self) -> npt.NDArray[np.int64]:
        """The level of every finding of the network, -1 where it was not answered."""
        levels = np.full(len(self.posterior.network.finding_ids), -1, np.int64)
        answered = self.posterior.state.levels
        known = map(self.posterior.network.finding_index.get, answered)
        rows = [(at, level) for at, level in zip(known, answered.values(), strict=True) if at is not None]
        if rows:
            at, level = np.array(rows, np.int64).T
            levels[at] = level
        return levels

    def weights(self, causes: Sequence[str]) -> "Weights":
        """What every answered finding says of some causes. Raises UnknownId."""
        network = self.posterior.network
        by_cause = [network.edges_of(network.cause(cause)) for cause in causes]
        edges = np.concatenate([*by_cause, np.zeros(0, np.int64)])
        row = np.repeat(np.arange(len(causes)), [len(own) for own in by_cause])
        found = network.found_row[edges]
        level = self._answered[found]
        known = level >= 0
        edges, level = edges[known], level[known]
        return Weights(row[known], found[known], level, network.log_link_below[edges, level] + self._told[edges])

    def _findings(self, cause: str) -> list[LedgerLine]:
        """One line per answered finding of the cause: its product part, and its message when positive."""
        ids = self.posterior.network.finding_ids
        _, found, level, nats = (values.tolist() for values in self.weights([cause]))
        return [LedgerLine("finding", ids[f], k, w) for f, k, w in zip(found, level, nats, strict=True)]

    def _others(self, cause: str) -> list[LedgerLine]:
        """Every line of a ledger but those of findings and of what is left over."""
        state, network, told = self.posterior.state, self.posterior.network, self.posterior.messages
        node = network.cause(cause)
        lines = [LedgerLine("prior", cause, None, _logit(float(network.leak[node])))]
        lines += self._contexts(node)
        parents = float(told.to_child[node]) - _logit(float(state.problem.leak[node]))
        if state.problem.kin_ptr[node] < state.problem.kin_ptr[node + 1]:
            lines.append(LedgerLine("parent causes", cause, None, parents))
        lines += [
            LedgerLine("child cause", network.node_ids[child], None, float(told.to_parent[e]))
            for e, child in self._children.get(node, ())
        ]
        if cause in state.soft:
            lines.append(LedgerLine("soft", cause, None, state.soft[cause]))
        if cause in state.levels:
            level = state.levels[cause]
            lines.append(LedgerLine("given", cause, level, CERTAIN if level else -CERTAIN))
        return lines

    def beside_findings(self, cause: str, findings_nats: float) -> tuple[LedgerLine, ...]:
        """The lines of a ledger that no finding stands behind, interaction among them. Raises UnknownId.

        findings_nats   what all findings together say: the sum of `weights`
        """
        lines = self._others(cause)
        total = _logit(self.posterior.probability(cause))
        rest = total - sum(line.nats for line in lines) - findings_nats
        return (*lines, LedgerLine("interaction", cause, None, rest))


def messages(posterior: Posterior) -> MessageBook:
    """Return the messages behind a posterior as ledgers per cause."""
    return MessageBook(posterior)


def responsibility(posterior: Posterior, finding: str) -> tuple[Share, ...]:
    """Who explains a positive finding, strongest first, the leak among them.

    The share of parent j is p_j q_j / P(finding), of the leak l / P(finding), with P from the product formula at
    the posterior's marginals before this finding spoke. Raises UnknownId; ValueError when it was not positive.
    """
    state, network = posterior.state, posterior.network
    f = network.finding(finding)
    rows = [row for row, (g, _) in enumerate(state.positives) if g == f]
    if not rows:
        raise ValueError(f"{finding!r} is not a positive finding of this record, so nothing has to explain it.")
    problem = state.problem
    edges = slice(problem.found_ptr[rows[0]], problem.found_ptr[rows[0] + 1])
    parents, links = problem.found_idx[edges], problem.found_link[edges]
    cavity = posterior.messages.belief[parents] - posterior.messages.to_cause[edges]
    belief = 1.0 / (1.0 + np.exp(-np.clip(cavity, -500, 500)))
    leak = float(problem.found_leak[rows[0]])
    present = 1.0 - (1.0 - leak) * float(np.prod(1.0 - belief * links))
    shares = [Share(None, leak / present)]
    shares += [
        Share(network.node_ids[j], float(p * q) / present) for j, p, q in zip(parents, belief, links, strict=True)
    ]
    return tuple(sorted(shares, key=lambda share: -share.share))


def _logit(p: float) -> float:
    p = min(max(p, 1e-300), 1.0 - 1e-16)
    return math.log(p) - math.log1p(-p)
