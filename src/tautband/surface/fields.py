"""A field: how strongly each bit of skin is painted. Drawing, referral field, dermatome and palpation map alike."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

import numpy as np
from numpy.typing import NDArray

from tautband.surface.mesh import SURFACE, SurfaceError, body
from tautband.terms.ids import Sided

if TYPE_CHECKING:
    from tautband.surface.zoning import Zone

ZoneLike = Union["Zone", Sided, str]
FULL = 255
_MAGIC = b"TBF1"
_HEAD = struct.Struct("<4sB")  # magic, length of the surface version
_BODY = struct.Struct("<II")  # number of vertices, CRC-32 of the plain payload


class FieldError(SurfaceError):
    """These are not a field of this surface; the message says why."""


@dataclass(frozen=True, eq=False)
class Field:
    """Sparse weights on the skin.

    vertices  int32, ascending, each once
    weights   uint8 1..255, one for each vertex; 255 is full
    """

    vertices: NDArray[np.int32]
    weights: NDArray[np.uint8]

    def __post_init__(self) -> None:
        vertices, weights = np.array(self.vertices, np.int32), np.array(self.weights)
        if vertices.ndim != 1 or vertices.shape != weights.shape:
            raise FieldError("A field needs one weight for each vertex.")
        if len(vertices) and (vertices[0] < 0 or vertices[-1] >= body().vertex_count):
            raise FieldError(f"A vertex id lies outside {SURFACE} (0 to {body().vertex_count - 1}).")
        if (np.diff(vertices) <= 0).any():
            raise FieldError("Vertex ids must ascend and each stand once.")
        if len(weights) and (weights.min() < 1 or weights.max() > FULL):
            raise FieldError("Weights run from 1 to 255; leave out what is not painted.")
        weights = weights.astype(np.uint8)
        vertices.setflags(write=False)
        weights.setflags(write=False)
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "weights", weights)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return np.array_equal(self.vertices, other.vertices) and np.array_equal(self.weights, other.weights)

    def __hash__(self) -> int:
        return hash((self.vertices.tobytes(), self.weights.tobytes()))

    def __len__(self) -> int:
        return len(self.vertices)

    def __or__(self, other: "Field") -> "Field":
        return self.union(other)

    @classmethod
    def empty(cls) -> "Field":
        """Nothing painted."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.uint8))

    @classmethod
    def from_dense(cls, weights: NDArray[np.integer] | NDArray[np.floating]) -> "Field":
        """From one weight 0..255 for every vertex; fractions are rounded, hidden vertices dropped."""
        surface = body()
        if weights.shape != (surface.vertex_count,):
            raise FieldError(f"Dense weights need one number for each of {surface.vertex_count} vertices.")
        if not np.isfinite(weights).all() or weights.min() < 0 or weights.max() > FULL:
            raise FieldError("Dense weights run from 0 to 255.")
        rounded = np.where(surface.paintable, np.rint(weights), 0).astype(np.uint8)
        painted = np.nonzero(rounded)[0].astype(np.int32)
        return cls(painted, rounded[painted])

    @classmethod
    def from_zones(cls, zones: Mapping[ZoneLike, int] | Iterable[ZoneLike], weight: int = FULL) -> "Field":
        """Paint whole chart zones.

        zones   zones or their text form `zone.arm.proximal_lateral/left`; a mapping gives each its own weight
        weight  1..255 for all zones when `zones` is not a mapping

        Raises SurfaceError for an unknown zone and FieldError for a weight outside 1..255.
        """
        from tautband.surface import zoning

        pairs = zones.items() if isinstance(zones, Mapping) else ((zone, weight) for zone in zones)
        table = np.zeros(len(zoning.zones()), np.uint8)
        for zone, strength in pairs:
            if not 1 <= strength <= FULL:
                raise FieldError(f"The weight of a zone runs from 1 to 255, not {strength}.")
            number = zoning.zone_number(zone)
            table[number] = max(int(table[number]), strength)
        return cls.from_dense(table[body().zone_index])

    def dense(self) -> NDArray[np.uint8]:
        """One weight for every vertex, 0 where nothing is painted."""
        result = np.zeros(body().vertex_count, np.uint8)
        result[self.vertices] = self.weights
        return result

    @property
    def area_cm2(self) -> float:
        """Painted skin in cm2, each vertex counting by its weight (a full weight counts whole)."""
        return float((body().vertex_area_cm2[self.vertices] * self.weights).sum() / FULL)

    @property
    def covered_cm2(self) -> float:
        """Painted skin in cm2 whatever the weight."""
        return float(body().vertex_area_cm2[self.vertices].sum())

    def mirrored(self) -> "Field":
        """The same field on the other side of the body."""
        other = body().mirror[self.vertices]
        order = np.argsort(other)
        return Field(other[order], self.weights[order])

    def union(self, *others: "Field") -> "Field":
        """The stronger weight wins at each vertex."""
        dense = self.dense()
        for other in others:
            dense[other.vertices] = np.maximum(dense[other.vertices], other.weights)
        return Field.from_dense(dense)

    def without(self, other: "Field") -> "Field":
        """What is painted here and not at all in the other field."""
        keep = ~np.isin(self.vertices, other.vertices, assume_unique=True)
        return Field(self.vertices[keep], self.weights[keep])

    def intersection(self, other: "Field") -> "Field":
        """Painted in both, with the weaker weight."""
        return Field.from_dense(np.minimum(self.dense(), other.dense()))

    def overlap_cm2(self, other: "Field") -> float:
        """Skin painted in both, in cm2, each vertex counting by the weaker weight."""
        return self.intersection(other).area_cm2

    def jaccard(self, other: "Field") -> float:
        """Weighted Jaccard index 0..1: overlap over union; two empty fields give 0."""
        overlap = self.overlap_cm2(other)
        together = self.area_cm2 + other.area_cm2 - overlap
        return overlap / together if together > 0 else 0.0

    def share_in(self, *zones: ZoneLike) -> float:
        """Share 0..1 of this field's area that lies in the given zones; 0 for an empty field."""
        from tautband.surface.zoning import zone_number

        numbers = [zone_number(zone) for zone in zones]
        area = body().vertex_area_cm2[self.vertices] * self.weights
        inside = np.isin(body().zone_index[self.vertices], numbers)
        total = float(area.sum())
        return float(area[inside].sum()) / total if total > 0 else 0.0

    def to_bytes(self) -> bytes:
        """Compact form for files and databases: surface version, checksum, zlib of id steps and weights."""
        steps = np.diff(self.vertices, prepend=np.int32(0)).astype("<u2")
        payload = steps.tobytes() + self.weights.tobytes()
        version = SURFACE.encode()
        head = _HEAD.pack(_MAGIC, len(version)) + version + _BODY.pack(len(self), zlib.crc32(payload))
        return head + zlib.compress(payload, 9)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Field":
        """Read what `to_bytes` wrote. Raises FieldError for another version, damage or ids out of range."""
        if len(stored) < _HEAD.size or not stored.startswith(_MAGIC):
            raise FieldError("These bytes are not a stored field.")
        _, length = _HEAD.unpack_from(stored)
        start = _HEAD.size + length
        version = stored[_HEAD.size : start].decode("ascii", errors="replace")
        if version != SURFACE:
            raise FieldError(f"The field belongs to surface {version!r}; this product has {SURFACE!r}. Map it first.")
        if len(stored) < start + _BODY.size:
            raise FieldError("The stored field is cut short.")
        count, checksum = _BODY.unpack_from(stored, start)
        if count > body().vertex_count:
            raise FieldError(f"The stored field names {count} vertices; {SURFACE} has {body().vertex_count}.")
        payload = _inflate(stored[start + _BODY.size :], 3 * count)
        if len(payload) != 3 * count or zlib.crc32(payload) != checksum:
            raise FieldError("The stored field is damaged: its checksum does not fit.")
        steps = np.frombuffer(payload, "<u2", count).astype(np.int64)
        return cls(np.cumsum(steps).astype(np.int32), np.frombuffer(payload, np.uint8, count, 2 * count))


def _inflate(data: bytes, size: int) -> bytes:
    """Decompress at most `size` bytes, so a crafted field cannot fill the memory."""
    reader = zlib.decompressobj()
    try:
        return reader.decompress(data, size + 1)
    except zlib.error as problem:
        raise FieldError("The stored field is damaged: it does not decompress.") from problem


class FieldStack:
    """Many fields laid side by side, to compare one drawing with all of them at once."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._starts = np.cumsum([0, *map(len, fields)])
        self._vertices = np.concatenate([f.vertices for f in fields]) if fields else np.zeros(0, np.int32)
        self._weights = np.concatenate([f.weights for f in fields]) if fields else np.zeros(0, np.uint8)
        self._area = (body().vertex_area_cm2[self._vertices] / FULL).astype(np.float32)
        self.area_cm2 = self._sum(self._area * self._weights)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def _sum(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Sum over each field; an empty field gives 0."""
        running = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        result: NDArray[np.float64] = running[self._starts[1:]] - running[self._starts[:-1]]
        return result

    def overlap_cm2(self, drawing: Field) -> NDArray[np.float64]:
        """Overlap of the drawing with each field in cm2, as `Field.overlap_cm2`, in stack order."""
        weaker = np.minimum(self._weights, drawing.dense()[self._vertices])
        return self._sum(self._area * weaker)

    def jaccard(self, drawing: Field) -> NDArray[np.float64]:
        """Weighted Jaccard index of the drawing with each field."""
        overlap = self.overlap_cm2(drawing)
        together = self.area_cm2 + drawing.area_cm2 - overlap
        return np.divide(overlap, together, out=np.zeros_like(overlap), where=together > 0)
