"""Posterior of every cause: exact where the network is narrow, edge-deletion belief propagation where it is not.

Loopy propagation gives first beliefs; every edge is scored by what cutting it could move; all edges scored above tau
are recovered in one exact junction tree, and the cut ones are compensated by messages (the edge-deletion view of
belief propagation: Choi and Darwiche, AAAI 2006). Keeping every edge is exact, keeping none is loopy propagation;
tau is the one knob.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.evidence import Evidence, Problem, State, absorb
from tautband.reasoning.inference.junction import Calibrated, Tree, calibrate, plan_tree
from tautband.reasoning.inference.network import Network
from tautband.reasoning.inference.propagation import Messages, Scores, propagate, score

F8 = npt.NDArray[np.float64]

COARSER = 3.0  # the error estimate compares tau with this many times tau
CAUTION = 5.0  # error estimate = this times (largest change between those two runs + tau); chosen on measured cases
ROUNDING = 1e-9  # least error that is ever claimed
LEAVING = 1e-6  # how far a marginal may leave 0..1 before more is cut
WORST_ROUNDING = 0.03
"""Estimated rounding above which more is cut. On clients with 30 to 40 positives, solved twice with the findings in
another order, the true one was 400 to 4,000 times smaller than this estimate."""

FIRST_LOOK = 1e-2  # nats; where propagation stops when it only has to say whether more is worth while
SMALL = 900  # edges; planning the whole of a problem this size takes a third of a millisecond
NEARLY_ALL = 1e-5  # a tau so fine that keeping everything may fit as well
STEP = 1.5  # ratio of neighbouring taus; the ladder is STEP**rung
FINEST_RUNG, USUAL_RUNG, STRIDE = -40, -17, 4  # tau 9e-8, 1e-3, and a factor 5


@dataclass(frozen=True)
class Budget:
    """How much work one query may spend.

    entries, width              limits of the junction tree when edges are cut: sum of all table entries, and most
                                variables in one separator; a query costs about 20 ns an entry
    exact_entries, exact_width  the same when every edge is kept (one pass, about 12 ns an entry)
    rounds                      junction-tree passes of each of the two runs, coarse and fine, each compensated
    tau                         fix the threshold instead of searching for the smallest one that fits
    """

    entries: int = 150_000
    width: int = 15
    exact_entries: int = 1_200_000
    exact_width: int = 18
    rounds: int = 1
    tau: float | None = None


BACKGROUND = Budget(20_000_000, 20, 40_000_000, 21, rounds=4)  # a second or two, when nobody waits
GLANCE = Budget(8_000, 10, 80_000, 14)  # shortlist look-ahead: many queries at once


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
    scores          what each edge is worth; None when nothing had to be cut
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
    scores: Scores | None

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
        if self.method == "exact" or self.scores is None:
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
    narrow = _may_be_narrow(state.problem)
    solution = _solve_exactly(state.problem, messages, budget) if narrow else None
    solution = solution or _solve_cut(state.problem, messages, budget, tried=narrow)
    tree, calibrated, tau = solution.tree, solution.calibrated, solution.tau
    probability = np.where(state.given >= 0, state.given, np.clip(calibrated.on, 0.0, 1.0))
    estimate = 0.0 if tree.exact else CAUTION * (solution.change + tau)
    return Posterior(
        state=state,
        marginals=probability[network.n_context :],
        contexts=probability[: network.n_context],
        method="exact" if tree.exact else "ed-bp",
        tau=0.0 if tree.exact else tau,
        width=tree.width,
        entries=tree.entries,
        error_estimate=max(estimate, calibrated.rounding, ROUNDING),
        steps=steps + calibrated.passes,
        messages=messages,
        scores=solution.scores,
    )


def first_beliefs(state: State) -> F8:
    """Log-odds of every cause by propagation alone: a first look, for deciding whether an answer is worth its time."""
    messages, _ = propagate(state.problem, FIRST_LOOK)
    return messages.belief[state.network.n_context :]


class _Solution(NamedTuple):
    calibrated: Calibrated
    tree: Tree
    tau: float
    change: float  # from the coarser run
    scores: Scores | None  # None when nothing was cut

    @property
    def sound(self) -> bool:
        """Whether every marginal is a probability and rounding has not eaten it."""
        on = self.calibrated.on
        inside = on.min(initial=0.0) >= -LEAVING and on.max(initial=1.0) <= 1 + LEAVING
        return bool(inside and self.calibrated.rounding <= WORST_ROUNDING)


def _may_be_narrow(problem: Problem) -> bool:
    """Whether planning an exact tree is worth the time: links among causes are what makes networks wide."""
    nodes, links = len(problem.leak), len(problem.kin_idx)
    return links <= nodes or links + len(problem.found_idx) <= SMALL


def _solve_exactly(problem: Problem, messages: Messages, budget: Budget) -> _Solution | None:
    """Keep every edge; None when that does not fit, or loses too many digits."""
    if budget.tau is not None:
        return None
    tree = plan_tree(problem, None, 0.0, budget.exact_width, budget.exact_entries)
    if tree is None:
        return None
    solution = _Solution(calibrate(problem, messages, tree, 1), tree, 0.0, 0.0, None)
    return solution if solution.sound else None


def _solve_cut(problem: Problem, messages: Messages, budget: Budget, tried: bool) -> _Solution:
    """Cut the weakest edges: solve coarse first, then fine from there. Exact after all when hardly any need cutting.

    tried   whether keeping every edge was tried already and did not do
    """
    scores = score(problem, messages)
    tau, tree = choose_tau(problem, scores, budget)
    if tau <= NEARLY_ALL and not tried and (exact := _solve_exactly(problem, messages, budget)):
        return exact
    step = STEP
    while True:
        coarse = calibrate(problem, messages, _fitting(problem, scores, COARSER * tau, budget), budget.rounds)
        fine = calibrate(problem, coarse.messages, tree, budget.rounds)
        change = float(np.abs(fine.on - coarse.on).max(initial=0.0))
        solution = _Solution(fine._replace(passes=coarse.passes + fine.passes), tree, tau, change, scores)
        if solution.sound or not (tree.keep_found.any() or tree.keep_kin.any()):
            return solution
        tau *= step  # compensation went astray or signed tables lost their digits: cut more, faster each time
        step *= STEP
        tree = _fitting(problem, scores, tau, budget)


def choose_tau(problem: Problem, scores: Scores, budget: Budget) -> tuple[float, Tree]:
    """Return the smallest tau of a geometric ladder whose tree fits the budget, and that tree."""
    if budget.tau is not None:
        return budget.tau, _fitting(problem, scores, budget.tau, budget)
    rung, tree = _gallop(problem, scores, budget)
    return STEP**rung, tree


def _gallop(problem: Problem, scores: Scores, budget: Budget) -> tuple[int, Tree]:
    """Find the finest rung of the ladder STEP**rung that fits, from a usual one outwards, then by halving."""

    def fit(rung: int) -> Tree | None:
        return plan_tree(problem, scores, STEP**rung, budget.width, budget.entries)

    low, high, best = FINEST_RUNG - 1, USUAL_RUNG, fit(USUAL_RUNG)
    while best is None:
        low, high = high, high + STRIDE
        best = fit(high)
    while high > FINEST_RUNG and low < FINEST_RUNG:
        rung = max(high - STRIDE, FINEST_RUNG)
        tree = fit(rung)
        if tree is None:
            low = rung
        else:
            high, best = rung, tree
    while high - low > 1:
        middle = (low + high) // 2
        tree = fit(middle)
        if tree is None:
            low = middle
        else:
            high, best = middle, tree
    return high, best


def _fitting(problem: Problem, scores: Scores, tau: float, budget: Budget) -> Tree:
    """Plan at tau, or at the next coarser tau that fits; cutting everything always fits."""
    while True:
        tree = plan_tree(problem, scores, tau, budget.width, budget.entries)
        if tree is not None:
            return tree
        tau = max(tau, STEP**FINEST_RUNG) * STEP
