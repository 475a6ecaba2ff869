"""First beliefs: loopy propagation over the whole network, and what each edge is worth."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.backend import choose
from tautband.reasoning.inference.evidence import Problem

F8 = npt.NDArray[np.float64]

DAMPING = 0.1
TOLERANCE = 1e-4  # nats; the largest change of a message at which propagation stops
MOST_ITERATIONS = 60
CAUTION = 2.0  # log-odds; propagation is over-confident about dominant causes, see `kernels.score_edges`


class Messages(NamedTuple):
    """Messages in nats and each node's log-odds, aligned with a `Problem`.

    to_cause    finding -> cause, per finding edge
    to_parent   child cause -> parent, per family edge
    to_child    family (leak and parents) -> child, per node
    belief      log-odds per node, the sum of everything it hears
    """

    to_cause: F8
    to_parent: F8
    to_child: F8
    belief: F8

    def copied(self) -> "Messages":
        """A copy that may be written to."""
        return Messages(*(values.copy() for values in self))


class Scores(NamedTuple):
    """How much cutting an edge could move the marginals: per finding edge and per family edge."""

    found: F8
    kin: F8


def propagate(problem: Problem, tolerance: float = TOLERANCE) -> tuple[Messages, int]:
    """Run loopy propagation; return the messages and the number of iterations."""
    nodes = len(problem.leak)
    messages = Messages(
        np.empty(len(problem.found_idx)), np.empty(len(problem.kin_idx)), np.empty(nodes), np.empty(nodes)
    )
    return messages, choose().propagate(*problem, *messages, DAMPING, tolerance, MOST_ITERATIONS)


def score(problem: Problem, messages: Messages) -> Scores:
    """Score every edge at the given beliefs."""
    scores = Scores(np.empty(len(problem.found_idx)), np.empty(len(problem.kin_idx)))
    choose().score_edges(*problem[:8], *messages, CAUTION, *scores)
    return scores
