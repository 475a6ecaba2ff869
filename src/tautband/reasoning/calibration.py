"""Is what is said as likely as it turns out to be? Reliability by bands of probability, with honest error bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

EDGES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)

Visit = tuple[npt.ArrayLike, npt.ArrayLike]
"""One client's probabilities (n) and truths (n, 0 or 1)."""


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a reliability table.

    low, high    borders of the probabilities in it; the upper one belongs to the next band
    n            statements in it
    said, true   mean probability, and share that was true
    z            difference in standard errors; errors are summed per client, whose statements hang together
    """

    low: float
    high: float
    n: int
    said: float
    true: float
    z: float


def reliability(visits: Iterable[Visit], edges: Sequence[float] = EDGES) -> tuple[Band, ...]:
    """The reliability table of many clients. Raises ValueError when a probability is none."""
    rows = [(np.asarray(p, float), np.asarray(t, float)) for p, t in visits]
    if not rows:
        return ()
    said, true = np.concatenate([p for p, _ in rows]), np.concatenate([t for _, t in rows])
    if not np.isfinite(said).all() or (said < -1e-9).any() or (said > 1 + 1e-9).any():
        raise ValueError("A statement is no probability; it must lie between 0 and 1.")
    client = np.repeat(np.arange(len(rows)), [len(p) for p, _ in rows])
    place = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    bands = []
    for k in range(len(edges) - 1):
        here = place == k
        if here.any():
            error = np.bincount(client[here], (true - said)[here], len(rows))
            spread = sqrt(float((error**2).sum()))
            z = float(error.sum()) / spread if spread > 0 else 0.0
            bands.append(
                Band(edges[k], edges[k + 1], int(here.sum()), float(said[here].mean()), float(true[here].mean()), z)
            )
    return tuple(bands)


def expected_calibration_error(bands: Sequence[Band], least: float = 0.1) -> float:
    """Mean distance of said and true, weighted by statements; bands below `least` are left out.

    Nearly all sources are nearly impossible at any visit: counting them would make any engine look calibrated.
    """
    kept = [band for band in bands if band.low >= least]
    count = sum(band.n for band in kept)
    return sum(band.n * abs(band.said - band.true) for band in kept) / count if count else 0.0


__all__ = ["Band", "expected_calibration_error", "reliability"]
