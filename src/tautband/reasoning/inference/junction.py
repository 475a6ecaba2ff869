"""The junction tree over the edges that were kept, and its calibration with compensated cuts."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.backend import choose
from tautband.reasoning.inference.evidence import Problem
from tautband.reasoning.inference.propagation import DAMPING, Messages, Scores

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
B1 = npt.NDArray[np.bool_]


class Tree(NamedTuple):
    """A planned junction tree: which edges it keeps, its variables and elimination order, its size."""

    keep_found: B1
    keep_kin: B1
    var: I8
    found_var: I8
    kin_var: I8
    first: I8
    second: I8
    table: F8
    variables: int
    order: I8
    ptr: I8
    sep: I8
    width: int
    entries: int

    @property
    def exact(self) -> bool:
        """Whether no edge was cut."""
        return bool(self.keep_found.all() and self.keep_kin.all())


def plan_tree(problem: Problem, scores: Scores | None, tau: float, width: int, entries: int) -> Tree | None:
    """Keep the edges scored above tau, or all of them when unscored; None when the tree would not fit."""
    rooms = choose()
    if scores is None:
        keep_found, keep_kin = np.ones(len(problem.found_idx), np.bool_), np.ones(len(problem.kin_idx), np.bool_)
    else:
        keep_found, keep_kin = scores.found > tau, scores.kin > tau
    var, found_var, kin_var, first, second, table, variables = rooms.couple(
        problem.found_ptr, problem.found_idx, problem.found_link,
        problem.kin_ptr, problem.kin_idx, problem.kin_link, keep_found, keep_kin,
    )  # fmt: skip
    order, ptr, sep, wide, size = rooms.plan(variables, first, second, width, entries)
    if wide > width or size > entries:
        return None
    return Tree(
        keep_found, keep_kin, var, found_var, kin_var, first, second, table, variables, order, ptr, sep, wide, size
    )


class Calibrated(NamedTuple):
    """P(on) per node (signed tables may leave 0..1 by rounding), the compensated messages, and how it went.

    rounding    what cancellation in the signed tables may have cost; measured: at most .7 of it, often a hundredth
    """

    on: F8
    messages: Messages
    passes: int
    rounding: float


def calibrate(problem: Problem, messages: Messages, tree: Tree, rounds: int) -> Calibrated:
    """Alternate exact passes over the tree with compensation of the cut edges, until nothing changes."""
    rooms = choose()
    messages = messages.copied()
    layout = rooms.lay_out(tree.order, tree.ptr, tree.sep, tree.first, tree.second, tree.table)
    unary = np.empty((tree.variables, 2))
    marginal = np.empty((tree.variables, 2))
    names = (tree.keep_found, tree.keep_kin, tree.var, tree.found_var, tree.kin_var)
    passes = 0
    cancellation = 1.0
    while passes < rounds:
        passes += 1
        rooms.set_unaries(*problem, *messages, *names, unary)
        cancellation = rooms.sweep(tree.order, tree.ptr, *layout, unary, marginal)
        change = rooms.compensate(*problem[:8], *messages, *names, marginal, DAMPING)
        if change == 0.0:
            break
    on = 1.0 / (1.0 + np.exp(-np.clip(messages.belief, -700.0, 700.0)))
    joined = tree.var >= 0
    on[joined] = marginal[tree.var[joined], 1]
    return Calibrated(on, messages, passes, float(np.finfo(np.float64).eps) * cancellation)
