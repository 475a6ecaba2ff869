"""Posterior of every cause: exact where the network is narrow, edge-deletion belief propagation where it is not.

Loopy propagation gives first beliefs; every edge is scored by what cutting it could move; all edges scored above tau
are recovered in one exact junction tree, and the cut ones are compensated by messages (the edge-deletion view of
belief propagation: Choi and Darwiche, AAAI 2006). Keeping every edge is exact, keeping none is loopy propagation;
tau is the one knob.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.evidence import Evidence, Problem, State, absorb
from tautband.reasoning.inference.junction import Tree, calibrate, plan_tree
from tautband.reasoning.inference.network import Network
from tautband.reasoning.inference.propagation import Messages, Scores, propagate, score

F8 = npt.NDArray[np.float64]

COARSER = 3.0  # the error estimate compares tau with this many times tau
CAUTION = 5.0  # error estimate = this times (largest change between those two runs + tau); chosen on measured cases
ROUNDING = 1e-9  # what rounding may do to an exact marginal (measured: below 1e-11)
ALL = -1.0  # a tau below every score: keep every edge
FINEST, COARSEST = 1e-7, 0.3
STEP = 1.6  # ratio of neighbouring taus that are tried


@dataclass(frozen=True)
class Budget:
    """How much work one query may spend.

    entries     sum of all table entries of the junction tree; a query costs about 40 ns for each
    width       most variables in one separator
    rounds      most junction-tree passes
    tau         fix the threshold instead of searching for the smallest one that fits
    """

    entries: int = 80_000
    width: int = 15
    rounds: int = 3
    tau: float | None = None


BACKGROUND = Budget(entries=20_000_000, width=20, rounds=6)  # a second or two, when nobody waits
GLANCE = Budget(entries=8_000, width=9, rounds=2)  # shortlist look-ahead: many queries at once


class Cut(NamedTuple):
    """One edge left out of the junction tree and answered for by messages."""

    child: str
    parent: str
    score: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """What the evidence says of every cause.

    marginals       P(cause on | evidence), aligned with `network.cause_ids`
    contexts        the same of `network.context_ids` (0 or 1 where observed)
    method          "exact" when every edge was kept, else "ed-bp"
    tau             edges scored at or below this were cut; 0 when exact
    width, entries  widest separator and total table size of the junction tree
    error_estimate  estimated largest absolute error of a marginal; an estimate, not a proved bound
    steps           propagation iterations plus junction-tree passes
    messages        propagation's messages: the additive part of the explanation
    """

    state: State
    marginals: F8
    contexts: F8
    method: Literal["exact", "ed-bp"]
    tau: float
    width: int
    entries: int
    error_estimate: float
    steps: int
    messages: Messages
    scores: Scores

    @property
    def network(self) -> Network:
        return self.state.network

    def probability(self, id: str) -> float:
        """Probability of one cause. Raises UnknownId."""
        return float(self.marginals[self.network.cause(id) - self.network.n_context])

    def as_dict(self) -> dict[str, float]:
        """Cause id -> probability."""
        return dict(zip(self.network.cause_ids, self.marginals.tolist(), strict=True))

    @cached_property
    def cut(self) -> tuple[Cut, ...]:
        """The edges that were cut, strongest first; empty when exact."""
        if self.method == "exact":
            return ()
        problem, ids = self.state.problem, self.network.node_ids
        found = [self.network.finding_ids[f] for f, _ in self.state.positives]
        rows = np.repeat(np.arange(len(found)), np.diff(problem.found_ptr))
        children = np.repeat(np.arange(len(ids)), np.diff(problem.kin_ptr))
        ends = [(found[r], ids[j]) for r, j in zip(rows, problem.found_idx, strict=True)]
        ends += [(ids[i], ids[j]) for i, j in zip(children, problem.kin_idx, strict=True)]
        worth = np.concatenate(self.scores)
        strongest_first = sorted(np.flatnonzero(worth <= self.tau).tolist(), key=lambda e: -worth[e])
        return tuple(Cut(*ends[e], float(worth[e])) for e in strongest_first)


def query(
    network: Network,
    evidence: Evidence | State,
    *,
    shift: Mapping[str, float] | None = None,
    budget: Budget | None = None,
) -> Posterior:
    """Return the posterior of every cause.

    evidence    finding or context id -> level (0 = absent; not asked = not named), or an absorbed `State`
    shift       cause id -> soft evidence, nats of log-odds
    Raises UnknownId, ImpossibleLevel, ContradictoryEvidence.
    """
    state = evidence if isinstance(evidence, State) else absorb(network, evidence)
    for cause, nats in (shift or {}).items():
        state = state.with_shift(cause, nats)
    budget = budget or Budget()
    messages, steps = propagate(state.problem)
    scores = score(state.problem, messages)
    tau, tree = choose_tau(state.problem, scores, budget)
    while True:
        on, passes, change = _solve(state.problem, messages, scores, tau, tree, budget)
        if on.min(initial=0.0) >= -ROUNDING and on.max(initial=1.0) <= 1 + ROUNDING:
            break
        tau = max(tau, FINEST) * STEP  # signed tables lost their digits: cut a little more
        tree = _fitting(state.problem, scores, tau, budget)
    exact = tree.exact
    probability = np.clip(on, 0.0, 1.0)
    probability = np.where(state.given >= 0, state.given, probability)
    return Posterior(
        state=state,
        marginals=probability[network.n_context :],
        contexts=probability[: network.n_context],
        method="exact" if exact else "ed-bp",
        tau=0.0 if exact else tau,
        width=tree.width,
        entries=tree.entries,
        error_estimate=ROUNDING if exact else max(CAUTION * (change + tau), ROUNDING),
        steps=steps + passes,
        messages=messages,
        scores=scores,
    )


def _solve(
    problem: Problem, messages: Messages, scores: Scores, tau: float, tree: Tree, budget: Budget
) -> tuple[F8, int, float]:
    """Solve coarse, then fine from there; return P(on) per node, the passes, and the largest change between."""
    if tree.exact:
        on, _, passes = calibrate(problem, messages, tree, 1)
        return on, passes, 0.0
    coarse = _fitting(problem, scores, COARSER * tau, budget)
    before, warmed, first = calibrate(problem, messages, coarse, budget.rounds)
    on, _, second = calibrate(problem, warmed, tree, budget.rounds)
    return on, first + second, float(np.abs(on - before).max(initial=0.0))


def choose_tau(problem: Problem, scores: Scores, budget: Budget) -> tuple[float, Tree]:
    """Return the smallest tau of a geometric ladder whose tree fits the budget, and that tree."""
    if budget.tau is not None:
        return budget.tau, _fitting(problem, scores, budget.tau, budget)
    low = math.floor(math.log(FINEST / COARSEST) / math.log(STEP))
    high = 1
    best = _fitting(problem, scores, COARSEST * STEP, budget)
    while high - low > 1:
        middle = (low + high) // 2
        tree = plan_tree(problem, scores, COARSEST * STEP**middle, budget.width, budget.entries)
        if tree is None:
            low = middle
        else:
            high, best = middle, tree
    tau = COARSEST * STEP**high
    if tau <= FINEST * STEP**2:
        every = plan_tree(problem, scores, ALL, budget.width, budget.entries)
        if every is not None:
            return ALL, every
    return tau, best


def _fitting(problem: Problem, scores: Scores, tau: float, budget: Budget) -> Tree:
    """Plan at tau, or at the next coarser tau that fits; cutting everything always fits."""
    while True:
        tree = plan_tree(problem, scores, tau, budget.width, budget.entries)
        if tree is not None:
            return tree
        tau = max(tau, FINEST) * STEP
