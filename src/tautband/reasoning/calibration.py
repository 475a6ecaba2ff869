"""Is what is said as likely as it turns out to be? Reliability by bands of probability, with honest error bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from xml.sax.saxutils import escape, quoteattr

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


SIZE, EDGE, LEFT, BELOW = 320, 16, 52, 44


def plot(bands: Sequence[Band], title: str) -> str:
    """A reliability diagram as SVG: a dot a band with the range of chance around it, on the line where said is true.

    Bars reach two standard errors either way.
    """
    wide, high = LEFT + SIZE + EDGE, EDGE + SIZE + BELOW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" aria-label={quoteattr(title)} font-family="sans-serif" font-size="12" fill="#3d4a4d">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        f'<rect x="{LEFT}" y="{EDGE}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#9aa7a9"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#9aa7a9" stroke-dasharray="4 4"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        lines.append(f'<text x="{_x(tick)}" y="{EDGE + SIZE + 18}" text-anchor="middle">{tick:g}</text>')
        lines.append(f'<text x="{LEFT - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    for band in bands:
        error = abs(band.true - band.said) / abs(band.z) if band.z else 0.0
        low, top = max(band.true - 2 * error, 0.0), min(band.true + 2 * error, 1.0)
        lines.append(f'<path d="M{_x(band.said)} {_y(low)}V{_y(top)}" stroke="#0b6e6e" stroke-width="2"/>')
        lines.append(
            f'<circle cx="{_x(band.said)}" cy="{_y(band.true)}" r="4" fill="#0b6e6e">'
            f"<title>said {band.said:.3f}, true {band.true:.3f} of {band.n:,}</title></circle>"
        )
    lines.append(f'<text x="{LEFT + SIZE / 2:g}" y="{high - 6}" text-anchor="middle">said</text>')
    middle = EDGE + SIZE / 2
    lines.append(f'<text x="14" y="{middle:g}" text-anchor="middle" transform="rotate(-90 14 {middle:g})">true</text>')
    return "\n".join([*lines, "</svg>", ""])


def _x(share: float) -> str:
    return f"{LEFT + SIZE * share:.4g}"


def _y(share: float) -> float:
    return round(EDGE + SIZE * (1 - share), 1)


__all__ = ["Band", "expected_calibration_error", "plot", "reliability"]
