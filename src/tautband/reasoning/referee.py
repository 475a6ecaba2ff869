"""How an answer was computed, and what a referee that shares no algebra with the engine says of it.

Never while somebody waits for the list: the referee takes a second or two.
"""

import time
from dataclasses import dataclass

import numpy as np

from tautband.reasoning.inference import Posterior, gibbs
from tautband.reasoning.network.build import Model
from tautband.terms.sides import Side

SWEEPS = 6_000
SEEDS = (1, 2)
CUT_NAMED = 8


@dataclass(frozen=True, slots=True)
class Worked:
    """How a list came about.

    method   exact, or ed-bp (the weakest couplings cut and compensated)
    error    estimated largest error of a chance; an estimate, not a proved bound
    width    how many findings had to be held together at once
    cut      how many couplings were cut, and the strongest of them in words
    """

    method: str
    error: float
    width: int
    findings: int
    sources: int
    cut: int
    strongest_cut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refereed:
    """Two chains of a sampler against the answer.

    largest  largest difference between the answer and the mean of the chains, over all sources
    worst    the source where it is that large
    spread   largest difference between the two chains: below it nothing can be told
    """

    largest: float
    worst: str
    spread: float
    sweeps: int
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the answer lies as near the sampler as the sampler lies to itself."""
        return self.largest <= 0.01 + self.spread


def worked(posterior: Posterior, model: Model) -> Worked:
    """Say how a posterior was computed. The names of cut couplings are those of the sources at their ends."""
    cut = posterior.cut
    return Worked(
        method=posterior.method,
        error=posterior.error_estimate,
        width=posterior.width,
        findings=len(posterior.state.levels),
        sources=len(posterior.marginals),
        cut=len(cut),
        strongest_cut=tuple(dict.fromkeys(_named(edge.parent, model) for edge in cut))[:CUT_NAMED],
    )


def refereed(posterior: Posterior, model: Model, sweeps: int = SWEEPS) -> Refereed:
    """Ask the sampler the same question twice and compare."""
    start = time.perf_counter()
    chains = np.stack([gibbs(posterior.network, posterior.state, sweeps, seed) for seed in SEEDS])
    apart = np.abs(chains.mean(axis=0) - posterior.marginals)
    at = int(apart.argmax())
    return Refereed(
        largest=float(apart[at]),
        worst=_named(model.hypotheses.every[at].key, model),
        spread=float(np.ptp(chains, axis=0).max()),
        sweeps=sweeps * len(SEEDS),
        seconds=time.perf_counter() - start,
    )


def _named(key: str, model: Model) -> str:
    found = model.hypotheses.by_key.get(key)
    if found is None:
        return key
    return found.name if found.side is Side.MIDLINE else f"{found.name}, {found.side.value}"


__all__ = ["Refereed", "Worked", "refereed", "worked"]
