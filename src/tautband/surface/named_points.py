"""Named points on the skin, frozen as vertex ids. Paired ones are written once and mirrored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

import yaml

from tautband.surface.mesh import SURFACE, SurfaceError, data
from tautband.terms.sides import Side


class UnknownLandmark(SurfaceError):
    """No landmark has this id; the message names the nearest spelling."""


@dataclass(frozen=True)
class Landmark:
    """One named point.

    id          short id as used in atlas files, like `shoulder_front`
    paired      True when there is a left and a right one
    name        plain name
    definition  where an anatomist finds it
    vertices    side -> vertex id (left and right, or midline)
    """

    id: str
    paired: bool
    name: str
    definition: str
    vertices: Mapping[Side, int]


@cache
def landmarks() -> Mapping[str, Landmark]:
    """All landmarks by id, in anatomical order (head to foot)."""
    described = yaml.load((data() / "landmarks.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    frozen = json.loads((data() / "landmarks.json").read_text(encoding="utf-8"))
    if frozen["surface"] != SURFACE:
        raise SurfaceError(f"landmarks.json belongs to {frozen['surface']}, not {SURFACE}; run tools/build_body.py.")
    found = {}
    for id, entry in described.items():
        vertices = {Side(side): vertex for side, vertex in frozen["landmarks"][id].items()}
        paired = entry["side"] == "paired"
        found[id] = Landmark(id, paired, entry["name"], entry["definition"], MappingProxyType(vertices))
    return MappingProxyType(found)


def landmark(id: str) -> Landmark:
    """The landmark with this id. Raises UnknownLandmark, which names the nearest spelling."""
    known = landmarks()
    if id not in known:
        near = get_close_matches(id, known, n=3, cutoff=0.5)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise UnknownLandmark(f"There is no landmark {id!r}.{hint} All are listed in surface/data/landmarks.yaml.")
    return known[id]


def landmark_vertex(id: str, side: Side) -> int:
    """Vertex id of a landmark on one side; a midline landmark is the same vertex for every side.

    Raises UnknownLandmark for an unknown id and SurfaceError when a paired landmark is asked for without a side.
    """
    point = landmark(id)
    if not point.paired:
        return point.vertices[Side.MIDLINE]
    if side not in (Side.LEFT, Side.RIGHT):
        raise SurfaceError(f"The landmark {id!r} is paired: ask for its left or its right, not {side}.")
    return point.vertices[side]
