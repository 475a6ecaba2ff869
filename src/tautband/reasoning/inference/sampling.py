"""The referee: a Gibbs sampler that shares no algebra with the engine."""

import numpy as np
import numpy.typing as npt

from tautband.reasoning.inference.backend import choose
from tautband.reasoning.inference.evidence import Evidence, State, absorb
from tautband.reasoning.inference.network import Network

F8 = npt.NDArray[np.float64]
SWAPS = 50  # exchanges of two rival causes per sweep; single flips alone mix slowly between rivals


def gibbs(network: Network, evidence: Evidence | State, sweeps: int, seed: int, *, burn_in: int | None = None) -> F8:
    """Estimate P(cause on | evidence) by sampling, aligned with `network.cause_ids`.

    Averages conditional probabilities, not states, over `sweeps` sweeps after `burn_in` (a tenth by default).
    The error falls as 1/sqrt(sweeps): about .002 at 100,000 on a full-body record. Same seed, same answer.
    Raises UnknownId, ImpossibleLevel, ContradictoryEvidence; ValueError for sweeps < 1.
    """
    if sweeps < 1:
        raise ValueError(f"Ask for at least one sweep, not {sweeps}.")
    state = evidence if isinstance(evidence, State) else absorb(network, evidence)
    total = np.zeros(network.n_nodes)
    burn = max(1, sweeps // 10) if burn_in is None else burn_in
    choose().gibbs_sweeps(*state.problem, sweeps, burn, SWAPS, seed, total)
    return np.asarray(total[network.n_context :] / sweeps)
