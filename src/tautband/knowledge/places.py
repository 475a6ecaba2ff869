"""Where each drawn field lies: the skin every part of every field covers, by chart zone, and in named areas.

All fields of the atlas are drawn once on the left and kept in the cache folder, since drawing them takes seconds.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tautband.knowledge import cache as kept
from tautband.knowledge import drawn as drawn_fields
from tautband.knowledge.areas import zones_in
from tautband.knowledge.atlas import Atlas
from tautband.knowledge.drawn import fields_of, paintable
from tautband.knowledge.records import FieldPart
from tautband.surface import field_from_parts, filled_shares, fingerprint, zones
from tautband.terms.sides import Side

F4 = npt.NDArray[np.float32]
SPILLOVER_WEIGHT = 110 / 255
"""How much a spillover part counts beside an essential one; as the surface paints them."""

VAGUE = frozenset(
    f"area.{word}"
    for word in (
        *("all_over", "arm", "back", "belly", "chest", "face", "face_v1", "face_v2", "face_v3", "fingers", "foot"),
        *("flank", "half_head", "hand", "head", "hip", "knee", "leg_lower_outer", "lower_leg", "lower_limb", "nail"),
        *("lower_limb_back", "lower_limb_front", "lower_limb_inner", "lower_limb_outer", "neck", "pelvis", "ribs"),
        *("scalp", "shoulder", "shoulder_girdle", "thigh", "toes", "toe_web", "tongue", "teeth", "upper_limb", "wrist"),
        *("upper_teeth", "lower_teeth", "thigh_upper", "thigh_lower", "arm_proximal", "arm_distal", "upper_arm"),
        *("forearm", "forearm_upper", "forearm_lower", "elbow", "ankle", "neck_upper", "neck_lower"),
        *("hand_radial", "hand_ulnar", "calf_lower", "calf_upper"),
    )
)
"""Names too wide, or too much beside the place, to say where a field lies."""

ENOUGH, LEAST = 0.9, 0.07
OPPOSITE = "opposite side: "


@dataclass(frozen=True, eq=False)
class Covered:
    """Skin covered by each part of each drawn field, in cm2 per chart zone, drawn for a source on the left.

    owners     for each row the id the field belongs to: trigger point, entrapment, root, joint, tissue, flag, nerve
    keys       for each row the key of the file: refers_to, field, dermatome, pain_field
    essential  for each row whether the part is essential
    rows       parts x zones
    zones      `zone.arm.proximal_lateral/left`; `zone_cm2` their areas
    """

    owners: tuple[str, ...]
    keys: tuple[str, ...]
    essential: npt.NDArray[np.bool_]
    rows: F4
    zones: tuple[str, ...]
    zone_cm2: F4
    _index: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, owner in enumerate(self.owners):
            self._index.setdefault(owner, []).append(number)

    def of(self, owners: Iterable[str], kinds: Sequence[str] = ("essential", "spillover"), key: str = "") -> F4:
        """Skin covered in each zone by fields of these ids, spillover parts at their lower weight."""
        at = [n for owner in owners for n in self._index.get(owner, ()) if not key or self.keys[n] == key]
        amount = np.zeros(len(self.zones), np.float32)
        if "essential" in kinds:
            amount = self.rows[[n for n in at if self.essential[n]]].sum(0)
        if "spillover" in kinds:
            weight = SPILLOVER_WEIGHT if "essential" in kinds else 1.0
            amount = amount + weight * self.rows[[n for n in at if not self.essential[n]]].sum(0)
        return np.asarray(np.minimum(amount, self.zone_cm2), np.float32)

    def parts(self, owner: str, kind: str, key: str = "") -> list[F4]:
        """Each part of one field apart, in the order of the file."""
        wanted = kind == "essential"
        return [
            self.rows[n]
            for n in self._index.get(owner, ())
            if bool(self.essential[n]) is wanted and (not key or self.keys[n] == key)
        ]


@lru_cache(maxsize=4)
def covered(atlas: Atlas) -> Covered:
    """Every drawn field of an atlas as covered skin; from the cache folder when no field and no zone changed."""
    owners, keys, drawn = [], [], []
    for record in atlas.records.values():
        for owner, place, parts in fields_of(record):
            for part in parts:
                owners.append(owner)
                keys.append(str(place[-1]))
                drawn.append(part)
    told = "\n".join(f"{o} {k} {_drawing(p)}" for o, k, p in zip(owners, keys, drawn, strict=True))
    code = "\n".join(Path(file).read_text("utf-8") for file in (__file__, drawn_fields.__file__))
    key = hashlib.sha256(f"{fingerprint()}\n{code}\n{told}".encode()).hexdigest()[:32]
    rows = kept.fetch("covered", key)
    if not isinstance(rows, np.ndarray):
        rows = _rows(drawn)
        kept.keep("covered", key, rows)
    essential = np.array([part.kind == "essential" for part in drawn], bool)
    every = zones()
    return Covered(
        tuple(owners),
        tuple(keys),
        essential,
        rows,
        tuple(map(str, every)),
        np.array([z.area_cm2 for z in every], np.float32),
    )


def _drawing(part: FieldPart) -> str:
    return f"{part.blob} {part.tube} {part.radius_cm} {part.side} {part.toward} {part.stretch}"


def _rows(drawn: Sequence[FieldPart]) -> F4:
    index = {str(z): n for n, z in enumerate(zones())}
    rows = np.zeros((len(drawn), len(index)), np.float32)
    seen: dict[str, F4] = {}
    for row, part in zip(rows, drawn, strict=True):
        what = _drawing(part)
        if what not in seen:
            whole = part.model_copy(update={"kind": "essential"})
            for zone, share in filled_shares(field_from_parts(paintable([whole]), Side.LEFT)):
                row[index[str(zone)]] = share * zone.area_cm2
            seen[what] = row
        row[:] = seen[what]
    return rows


def area_names(parts: Iterable[F4], atlas: Atlas) -> list[str]:
    """Plain names of the areas that drawn parts lie in, the largest first; the other side says so.

    Each part is told by the few areas that fit it best, so that a small place beside a large one is not lost.
    """
    amounts: dict[str, float] = {}
    for part in parts:
        for name, amount in _fitting(part, atlas):
            amounts[name] = max(amount, amounts.get(name, 0.0))
    names = sorted(amounts, key=lambda name: -amounts[name])
    return [name for name in names if name.removeprefix(OPPOSITE) not in amounts or not name.startswith(OPPOSITE)]


def _fitting(part: F4, atlas: Atlas) -> list[tuple[str, float]]:
    """The areas that tell a part: again and again the one that fits best what is left of it."""
    left = _one_side(part)
    total = float(left.sum())
    found: list[tuple[str, float]] = []
    names, inside, size = _areas(atlas)
    while names and total > 0 and float(left.sum()) > (1 - ENOUGH) * total and len(found) < 8:
        met = inside @ left
        fit = 2 * met / (size + float(left.sum()))
        best = int(fit.argmax())
        if float(met[best]) < LEAST * total:
            break
        found.append((names[best], float(met[best])))
        left[inside[best] > 0] = 0
    return found or _zone_names(part)


def _zone_names(part: F4) -> list[tuple[str, float]]:
    """The chart zones of a part that no named area tells, the largest first."""
    amounts = zip(zones(), map(float, _one_side(part)), strict=True)
    return [(zone.plain, amount) for zone, amount in amounts if amount > LEAST * float(part.sum())]


def _one_side(part: F4) -> F4:
    """The part without what only spills over the midline: its own side unless it is written for the other."""
    right = np.array([z.side is Side.RIGHT for z in zones()])
    return part.copy() if part[right].sum() > part[~right].sum() else np.where(right, np.float32(0), part)


@cache
def _areas(atlas: Atlas) -> tuple[list[str], F4, F4]:
    """Area names (own side, then the other), areas x zones as 0 or 1, and their sizes in cm2."""
    every = zones()
    names: list[str] = []
    rows: list[F4] = []
    for id, area in atlas.areas.items():
        if id in VAGUE:
            continue
        within = zones_in(id, atlas)
        for side, name in ((Side.LEFT, area.plain), (Side.RIGHT, f"{OPPOSITE}{area.plain}")):
            row = np.array([z.id in within and z.side in (side, Side.MIDLINE) for z in every], np.float32)
            if row.any() and not any(np.array_equal(row, other) for other in rows):
                names.append(name)
                rows.append(row)
    inside = np.stack(rows) if rows else np.zeros((0, len(every)), np.float32)
    return names, inside, np.asarray(inside @ np.array([z.area_cm2 for z in every], np.float32))
