"""Two drawings compared: what is new, gone, stronger, weaker, and whether that is more than drawing twice would show.

The verdict rests on published repeatability only (`data/drawing_error.yaml`). Where none is on file there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import yaml

from tautband.surface.fields import FULL, Field
from tautband.surface.mesh import body, data
from tautband.surface.metrics import covered_jaccard, covered_overlap_cm2, moved_cm
from tautband.surface.zoning import zones

STEP = round(2 / 10 * FULL)
"""Intensity must change by two of ten points to be told as stronger or weaker on a bit of skin."""

LEAST_SHARE_IN_REGION = 0.5
"""So much of both drawings together must lie where the published sample drew its pain."""


class Verdict(StrEnum):
    """What a difference of two drawings is worth."""

    CHANGED = "changed"  # outside the 95 % limits of drawings in which nothing had changed
    NOT_PROVEN = "not proven"  # larger than most unchanged repeats, yet inside their limits
    NOISE = "noise"  # as much as unchanged drawings commonly differ
    NONE = "no verdict"  # no measurement error is on file for such a drawing


@dataclass(frozen=True)
class DrawingError:
    """Published repeatability of drawings of one region.

    half_width_share  half the 95 % limits of agreement of extent over mean extent; None when not published
    jaccard           mean and standard deviation of the overlap of two unchanged drawings
    """

    name: str
    layer: str
    regions: frozenset[str]
    half_width_share: float | None
    jaccard: tuple[float, float]
    interval: str
    sample: str
    source: str
    link: str
    read: str
    grade: str


@cache
def drawing_errors() -> tuple[DrawingError, ...]:
    """All published errors on file."""
    table: Mapping[str, Any] = yaml.load(
        (data() / "drawing_error.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    same = ("layer", "half_width_share", "interval", "sample", "source", "link", "read", "grade")
    return tuple(
        DrawingError(
            name=name,
            regions=frozenset(row["regions"]),
            jaccard=(row["jaccard"]["mean"], row["jaccard"]["sd"]),
            **{key: row[key] for key in same},
        )
        for name, row in table.items()
    )


def error_for(drawn: Field, layer: str) -> DrawingError | None:
    """The published error that fits a drawing best, or None: it must be of that layer and mostly of that region."""
    if not len(drawn):
        return None
    part = np.array([z.id.split(".")[1] for z in zones()])[body().zone_index[drawn.vertices]]
    area = body().vertex_area_cm2[drawn.vertices]
    best: tuple[float, DrawingError] | None = None
    for error in drawing_errors():
        share = float(area[np.isin(part, list(error.regions))].sum() / area.sum())
        if error.layer == layer and share >= LEAST_SHARE_IN_REGION and (best is None or share > best[0] + 0.05):
            best = (share, error)
    return best[1] if best else None


@dataclass(frozen=True)
class Difference:
    """What differs between two drawings of one layer.

    new, gone           painted only later, only earlier; the weight is the drawn one
    stronger, weaker    painted in both, intensity up or down by two of ten points or more; the later weight
    same                painted in both without such a step
    before_cm2          extents, whatever the weight
    jaccard             0..1, painted in both over painted in either
    moved_cm            between the middles; None when one drawing is empty
    error               the published error the verdicts rest on, or None
    """

    layer: str
    new: Field
    gone: Field
    stronger: Field
    weaker: Field
    same: Field
    before_cm2: float
    after_cm2: float
    overlap_cm2: float
    jaccard: float
    moved_cm: float | None
    error: DrawingError | None
    extent: Verdict
    place: Verdict

    @property
    def change_cm2(self) -> float:
        return self.after_cm2 - self.before_cm2

    @property
    def limit_cm2(self) -> float | None:
        """Change of extent that unchanged drawings of this size stay within, 95 of 100 times; None when unknown."""
        if self.error is None or self.error.half_width_share is None:
            return None
        return self.error.half_width_share * (self.before_cm2 + self.after_cm2) / 2

    @property
    def parts(self) -> dict[str, Field]:
        """The five parts by name; together they are the union of both drawings and they share no skin."""
        return {
            "new": self.new,
            "gone": self.gone,
            "stronger": self.stronger,
            "weaker": self.weaker,
            "same": self.same,
        }


def compare(before: Field, after: Field, layer: str = "pain") -> Difference:
    """Compare two drawings of one layer. Two empty ones differ in nothing and get no verdict."""
    first, second = before.dense().astype(np.int16), after.dense().astype(np.int16)
    both = (first > 0) & (second > 0)
    up, down = both & (second - first >= STEP), both & (first - second >= STEP)

    def part(chosen: "np.ndarray[Any, np.dtype[np.bool_]]", weights: "np.ndarray[Any, Any]") -> Field:
        return Field.from_dense(np.where(chosen, weights, 0))

    error = error_for(before | after, layer)
    sizes = before.covered_cm2, after.covered_cm2
    overlap = covered_jaccard(before, after)
    return Difference(
        layer=layer,
        new=part((first == 0) & (second > 0), second),
        gone=part((first > 0) & (second == 0), first),
        stronger=part(up, second),
        weaker=part(down, second),
        same=part(both & ~up & ~down, second),
        before_cm2=sizes[0],
        after_cm2=sizes[1],
        overlap_cm2=covered_overlap_cm2(before, after),
        jaccard=overlap,
        moved_cm=moved_cm(before, after),
        error=error,
        extent=_extent_verdict(sizes[0], sizes[1], error),
        place=_place_verdict(overlap, error),
    )


def _extent_verdict(before_cm2: float, after_cm2: float, error: DrawingError | None) -> Verdict:
    """Beyond the limits of agreement: changed; within one standard deviation of unchanged repeats: noise."""
    if error is None or error.half_width_share is None:
        return Verdict.NONE
    limit = error.half_width_share * (before_cm2 + after_cm2) / 2
    change = abs(after_cm2 - before_cm2)
    if change > limit:
        return Verdict.CHANGED
    return Verdict.NOISE if change <= limit / 1.96 else Verdict.NOT_PROVEN


def _place_verdict(jaccard: float, error: DrawingError | None) -> Verdict:
    """The same by overlap, one-sided: only less overlap than unchanged repeats show speaks for change."""
    if error is None:
        return Verdict.NONE
    mean, sd = error.jaccard
    if jaccard < mean - 1.96 * sd:
        return Verdict.CHANGED
    return Verdict.NOISE if jaccard >= mean - sd else Verdict.NOT_PROVEN


def compare_layers(before: Mapping[str, Field], after: Mapping[str, Field]) -> dict[str, Difference]:
    """Compare each layer that is painted in one of two drawings."""
    names = [*before, *(name for name in after if name not in before)]
    empty = Field.empty()
    pairs = {name: (before.get(name, empty), after.get(name, empty)) for name in names}
    return {name: compare(*pair, layer=name) for name, pair in pairs.items() if len(pair[0]) or len(pair[1])}


@dataclass(frozen=True)
class TwoDrawers:
    """The client's drawing beside the therapist's of the same layer: who painted what, and how far they agree.

    No verdict is given: how far two drawers should agree is not published for this.
    """

    both: Field
    only_client: Field
    only_therapist: Field
    jaccard: float


def client_and_therapist(client: Field, therapist: Field) -> TwoDrawers:
    """Compare two drawers."""
    return TwoDrawers(
        client.intersection(therapist),
        client.without(therapist),
        therapist.without(client),
        covered_jaccard(client, therapist),
    )
