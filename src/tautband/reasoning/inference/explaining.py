"""Why: the additive ledger of each cause, and who explains each finding. All weights in nats of log-odds.

At propagation's fixed point the belief of a cause is a plain sum: prior, context, related causes, and one message
per finding. The engine's answer differs a little (loops); the difference is one line, "interaction".
Leave-one-out values are not used: they do not add up under explaining away.
"""

import math
from collections import defaultdict
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


@dataclass(frozen=True, eq=False)
class MessageBook:
    """Every message behind a posterior, ready to be read per cause."""

    posterior: Posterior

    def ledger(self, cause: str) -> Ledger:
        """Return every reason for one cause. Raises UnknownId."""
        post = self.posterior
        state, network, told = post.state, post.network, post.messages
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
        lines += self._findings(node)
        if cause in state.soft:
            lines.append(LedgerLine("soft", cause, None, state.soft[cause]))
        if cause in state.levels:
            level = state.levels[cause]
            lines.append(LedgerLine("given", cause, level, CERTAIN if level else -CERTAIN))
        total = _logit(post.probability(cause))
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
    def _told(self) -> dict[tuple[int, int], float]:
        """(node, finding) -> the message of a positive finding to a node."""
        state = self.posterior.state
        counts = np.diff(state.problem.found_ptr)
        rows = np.repeat(np.array([f for f, _ in state.positives], np.int64), counts).tolist()
        to_cause = self.posterior.messages.to_cause.tolist()
        return dict(zip(zip(state.problem.found_idx.tolist(), rows, strict=True), to_cause, strict=True))

    @cached_property
    def _answered(self) -> npt.NDArray[np.int64]:
        """The level of every finding of the network, -1 where it was not answered."""
        levels = np.full(len(self.posterior.network.finding_ids), -1, np.int64)
        for id, level in self.posterior.state.levels.items():
            at = self.posterior.network.finding_index.get(id)
            if at is not None:
                levels[at] = level
        return levels

    def _findings(self, node: int) -> list[LedgerLine]:
        """One line per answered finding of the node: its product part, and its message when positive."""
        network = self.posterior.network
        edges = network.edges_of(node)
        level = self._answered[network.found_row[edges]]
        edges, level = edges[level >= 0], level[level >= 0]
        found = network.found_row[edges].tolist()
        nats = network.log_link_below[edges, level].tolist()
        ids, told = network.finding_ids, self._told
        return [
            LedgerLine("finding", ids[f], k, own + told.get((node, f), 0.0))
            for f, k, own in zip(found, level.tolist(), nats, strict=True)
        ]


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
