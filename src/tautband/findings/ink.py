"""Ink: what was painted, vertex by vertex. Marks on zones are read from it, and it follows marks that were changed.

A drawing is made in two ways, by brush and by zone; both are this one value. Ink that says the same (layer, strength,
qualities, depth, began, moves) is one coat; within a layer a bit of skin wears one coat. The stored form is in
docs/developer/painter.md.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tautband.findings.finding import BadFinding
from tautband.findings.person import DEPTHS, Layer, Mark
from tautband.surface import SURFACE, Field, SurfaceError, body, zone_number, zones
from tautband.terms.ids import Sided
from tautband.terms.sides import Side

Key = tuple[Layer, str, Side]
Weights = NDArray[np.uint8]

LAYERS = tuple(Layer)
SEEN = 64
"""Least weight (of 255) that counts as painted when zones are read."""
LEAST_SHARE, LEAST_CM2 = 0.12, 4.0
"""A zone is marked when so much of its skin is painted, or so many cm2; less is the brush's edge."""
MOST_COATS, MOST_QUALITIES, MOST_BYTES = 250, 12, 2_000_000
_MAGIC = b"TBD1"
_NO_NUMBER = 255


@dataclass(frozen=True)
class Says:
    """What one coat of ink says of the skin it lies on; the same words as a `Mark`."""

    layer: Layer
    intensity: float | None = None
    quality: tuple[str, ...] = ()
    depth: str = ""
    began_here: bool = False
    moves_here: bool = False

    @classmethod
    def of(cls, mark: Mark) -> "Says":
        """What a mark says. Strength is kept in tenths."""
        strength = None if mark.intensity is None else round(mark.intensity, 1)
        return cls(mark.layer, strength, mark.quality, mark.depth, mark.began_here, mark.moves_here)

    def mark(self, place: str, side: Side) -> Mark:
        return Mark(place, side, self.layer, self.intensity, self.quality, self.began_here, self.depth, self.moves_here)


@dataclass(frozen=True)
class Coat:
    """Skin under one statement: weight 1..255 at each vertex, from the brush's edge or the pen's pressure."""

    says: Says
    field: Field


@dataclass(frozen=True)
class Ink:
    """All coats of one drawing. Raises BadFinding where a layer wears two coats at one vertex."""

    coats: tuple[Coat, ...] = ()

    def __post_init__(self) -> None:
        for layer in LAYERS:
            worn = [coat.field.vertices for coat in self.coats if coat.says.layer is layer]
            if worn and len(np.unique(np.concatenate(worn))) < sum(map(len, worn)):
                raise BadFinding(f"The {layer} layer is painted twice in one place. Load the page and paint it again.")

    def __bool__(self) -> bool:
        return any(len(coat.field) for coat in self.coats)

    @property
    def vertex_count(self) -> int:
        """Painted vertices, each layer counted."""
        return sum(len(coat.field) for coat in self.coats)

    def field(self, layer: Layer) -> Field:
        """Everything painted in one layer."""
        return Field.empty().union(*(coat.field for coat in self.coats if coat.says.layer is layer))

    def marks(self) -> tuple[Mark, ...]:
        """The zones that are marked, with what most of the ink in each says; qualities and began/moves of all of it."""
        return tuple(_read(self).values())

    def following(self, marks: Iterable[Mark]) -> "Ink":
        """This ink after zones were marked, changed or cleared by the chart or the list.

        A zone without a mark loses its ink, a new mark fills its zone, a changed one recolours what is painted there.
        The marks of the result are the marks given.
        """
        wanted = {(m.layer, m.place, s): Says.of(m) for m in marks if m.place.startswith("zone.") for s in m.side.each}
        now = _read(self)
        sheets = _Sheets(self)
        for key in now.keys() - wanted.keys():
            sheets.wipe(key)
        for key, says in wanted.items():
            if key not in now:
                sheets.wipe(key)
                sheets.fill(key, says)
            elif Says.of(now[key]) != says:
                sheets.recoat(key, says)
        for layer in set(LAYERS) - {key[0] for key in wanted}:
            sheets.clear(layer)
        while edges := _read(sheets.ink()).keys() - wanted.keys():
            for key in edges:
                sheets.wipe(key)  # a brush's edge that was no mark as long as its middle was there
        return sheets.ink()

    def over(self, other: "Ink") -> "Ink":
        """Both inks; where both painted a layer, this one is on top."""
        sheets = _Sheets(other)
        for coat in self.coats:
            sheets.lay(coat)
        return sheets.ink()


class _Sheets:
    """Ink spread out: for each layer a weight and a coat number at every vertex."""

    def __init__(self, ink: Ink) -> None:
        n = body().vertex_count
        self.weights: dict[Layer, Weights] = {layer: np.zeros(n, np.uint8) for layer in LAYERS}
        self.worn: dict[Layer, NDArray[np.int32]] = {layer: np.full(n, -1, np.int32) for layer in LAYERS}
        self.said: list[Says] = []
        for coat in ink.coats:
            self.lay(coat)

    def lay(self, coat: Coat) -> None:
        self.weights[coat.says.layer][coat.field.vertices] = coat.field.weights
        self.worn[coat.says.layer][coat.field.vertices] = self._number(coat.says)

    def wipe(self, key: Key) -> None:
        where = _inside(key)
        self.weights[key[0]][where] = 0
        self.worn[key[0]][where] = -1

    def clear(self, layer: Layer) -> None:
        self.weights[layer][:] = 0
        self.worn[layer][:] = -1

    def fill(self, key: Key, says: Says) -> None:
        where = _inside(key) & body().paintable
        self.weights[key[0]][where] = 255
        self.worn[key[0]][where] = self._number(says)

    def recoat(self, key: Key, says: Says) -> None:
        where = _inside(key) & (self.worn[key[0]] >= 0)
        self.worn[key[0]][where] = self._number(says)

    def _number(self, says: Says) -> int:
        if says not in self.said:
            self.said.append(says)
        return self.said.index(says)

    def ink(self) -> Ink:
        coats = []
        for number, says in enumerate(self.said):
            vertices = np.nonzero(self.worn[says.layer] == number)[0].astype(np.int32)
            if len(vertices):
                coats.append(Coat(says, Field(vertices, self.weights[says.layer][vertices])))
        return Ink(tuple(coats))


def _inside(key: Key) -> NDArray[np.bool_]:
    _layer, place, side = key
    where: NDArray[np.bool_] = body().zone_index == zone_number(Sided(place, side))
    return where


def _read(ink: Ink) -> dict[Key, Mark]:
    """Marks by layer and zone, in the order of layers and zones."""
    surface, table = body(), zones()
    size_cm2 = np.array([zone.area_cm2 for zone in table])
    found: dict[Key, Mark] = {}
    for layer in LAYERS:
        coats = [coat for coat in ink.coats if coat.says.layer is layer]
        if not coats:
            continue
        painted = np.zeros((len(coats), len(table)))
        for row, coat in zip(painted, coats, strict=True):
            seen = coat.field.vertices[(coat.field.weights >= SEEN) & surface.paintable[coat.field.vertices]]
            if not len(seen):
                seen = coat.field.vertices
            np.add.at(row, surface.zone_index[seen], surface.vertex_area_cm2[seen])
        total = painted.sum(axis=0)
        marked = (total >= LEAST_SHARE * size_cm2) | (total >= LEAST_CM2)
        for row in painted:
            if row.any() and not (marked & (row > 0)).any():
                marked[int(row.argmax())] = True  # no ink without a mark
        for number in np.nonzero(marked & (total > 0))[0]:
            there = [coats[k].says for k in np.argsort(-painted[:, number], kind="stable") if painted[k, number] > 0]
            says = replace(
                there[0],
                quality=tuple(dict.fromkeys(q for each in there for q in each.quality)),
                began_here=any(each.began_here for each in there),
                moves_here=any(each.moves_here for each in there),
            )
            zone = table[int(number)]
            found[(layer, zone.id, zone.side)] = says.mark(zone.id, zone.side)
    return found


# --- The stored form -------------------------------------------------------------------------------------------------


def encode(ink: Ink, surface: str = SURFACE) -> bytes:
    """The plain form that goes over the wire: coats with delta-coded vertex ids and a weight each."""
    name = surface.encode()
    parts = [_MAGIC, bytes([len(name)]), name, _varint(len(ink.coats))]
    for coat in ink.coats:
        says = coat.says
        strength = _NO_NUMBER if says.intensity is None else round(says.intensity * 10)
        flags = says.began_here | says.moves_here << 1
        parts.append(bytes([LAYERS.index(says.layer), strength, DEPTHS.index(says.depth), flags, len(says.quality)]))
        for word in says.quality:
            text = word.encode()
            parts += [bytes([len(text)]), text]
        gaps = np.diff(coat.field.vertices, prepend=0)
        parts += [_varint(len(gaps)), *(_varint(int(gap)) for gap in gaps), coat.field.weights.tobytes()]
    return b"".join(parts)


def decode(plain: bytes) -> Ink:
    """Read the plain form. Raises BadFinding with the reason: cut off, another surface, ids that do not exist."""
    reader = _Reader(plain)
    if reader.take(4) != _MAGIC:
        raise BadFinding("This is no drawing, or one of a newer version. Load the page and paint it again.")
    surface = reader.text()
    if surface != SURFACE:
        raise BadFinding(
            f"This drawing was made on the figure {surface[:20]!r}; here it is {SURFACE!r}. "
            "Load the page and paint it again, or mark its zones in the list."
        )
    count = reader.varint()
    if count > MOST_COATS:
        raise BadFinding(f"A drawing holds at most {MOST_COATS} kinds of ink, not {count}.")
    ink = Ink(tuple(_coat(reader) for _ in range(count)))
    if reader.at != len(plain):
        raise BadFinding("Something stands behind the end of the drawing. Load the page and paint it again.")
    return ink


def _coat(reader: "_Reader") -> Coat:
    layer, strength, depth, flags, qualities = reader.take(5)
    if layer >= len(LAYERS) or depth >= len(DEPTHS) or (strength > 100 and strength != _NO_NUMBER):
        raise BadFinding("The drawing says something that this version does not know. Load the page again.")
    if qualities > MOST_QUALITIES:
        raise BadFinding(f"One place has at most {MOST_QUALITIES} qualities, not {qualities}.")
    words = tuple(reader.text() for _ in range(qualities))
    intensity = None if strength == _NO_NUMBER else strength / 10
    says = Says(LAYERS[layer], intensity, words, DEPTHS[depth], bool(flags & 1), bool(flags & 2))
    count = reader.varint()
    if count > body().vertex_count:
        raise BadFinding(f"The figure has {body().vertex_count} points, not {count}.")
    vertices = np.cumsum([reader.varint() for _ in range(count)], dtype=np.int64)
    weights = np.frombuffer(reader.take(count), np.uint8)
    if count and vertices[-1] >= body().vertex_count:
        raise BadFinding(f"The drawing names point {vertices[-1]}; {SURFACE} ends at {body().vertex_count - 1}.")
    try:
        return Coat(says, Field(vertices.astype(np.int32), weights))
    except SurfaceError as wrong:
        raise BadFinding(f"The drawing cannot be: {wrong}") from None


class _Reader:
    """Bytes from the front; running out of them is a cut-off drawing."""

    def __init__(self, plain: bytes) -> None:
        self.plain, self.at = plain, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.plain):
            raise BadFinding("The drawing is cut off. Load the page; what was kept on this device is sent again.")
        self.at += count
        return self.plain[self.at - count : self.at]

    def text(self) -> str:
        try:
            return self.take(self.take(1)[0]).decode()
        except UnicodeDecodeError:
            raise BadFinding("A word of the drawing cannot be read. Load the page and paint it again.") from None

    def varint(self) -> int:
        value = shift = 0
        while True:
            (byte,) = self.take(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 28:
                raise BadFinding("A number of the drawing is too large. Load the page and paint it again.")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def pack(ink: Ink) -> bytes:
    """The stored form: plain form, its length, deflated. No ink at all is no bytes."""
    if not ink:
        return b""
    plain = encode(ink)
    return struct.pack("<I", len(plain)) + zlib.compress(plain, 9)


def unpack(stored: bytes | memoryview) -> Ink:
    """Read the stored form. Raises BadFinding when it is damaged."""
    raw = bytes(stored)
    return decode(plain_of(raw)) if raw else Ink()


def plain_of(stored: bytes) -> bytes:
    """The plain form inside a stored one. Raises BadFinding when it is damaged."""
    try:
        (length,) = struct.unpack_from("<I", stored)
        inflater = zlib.decompressobj()
        plain = inflater.decompress(stored[4:], min(length, MOST_BYTES) + 1)
    except (struct.error, zlib.error):
        raise BadFinding("The stored drawing is damaged; its marks on zones are still there.") from None
    if len(plain) != length or not inflater.eof:
        raise BadFinding("The stored drawing is damaged; its marks on zones are still there.")
    return plain


def as_row(mark: Mark) -> Mapping[str, Any]:
    """A mark as it is stored beside the ink; depth and moves only where they were said."""
    row: dict[str, Any] = {
        "zone": mark.place,
        "side": mark.side.value,
        "layer": mark.layer.value,
        "intensity": mark.intensity,
        "quality": list(mark.quality),
        "began_here": mark.began_here,
    }
    if mark.depth:
        row["depth"] = mark.depth
    if mark.moves_here:
        row["moves_here"] = True
    return row
