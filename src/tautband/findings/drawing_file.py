"""A drawing as a file that comes back exactly: the layers every reader understands, and the ink and marks behind them.

The file is what `surface.exchange` documents, with two more fields: `marks`, the zones as they are kept, and `ink`, the
plain form of `findings.ink` in base64, where something was painted. Reading prefers `ink`, then `marks`; a file of
another program that has neither gives its layers, each bit of skin with its whole number of ten.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tautband.findings.finding import BadFinding
from tautband.findings.ink import SEEN, Coat, Ink, Says, as_row, decode, encode
from tautband.findings.person import Layer, Mark
from tautband.surface import FULL, Field, body
from tautband.surface.exchange import LayeredDrawing, from_json, to_json

UNKNOWN_INTENSITY = 5.0
"""What skin without a number counts as where a number is needed, in every drawing alike."""


def layer_fields(marks: Iterable[Mark], ink: Ink | None = None) -> dict[str, Field]:
    """A drawing as one field for each layer; weights are intensities (10 is full).

    Where something was painted its own shape counts, not the zones read from it; the brush's faint edge is left out.
    """
    return _of_ink(ink) if ink else _of_marks(marks)


def _weight(intensity: float | None) -> int:
    felt = UNKNOWN_INTENSITY if intensity is None else intensity
    return max(1, round(felt * FULL / 10))


def _of_ink(ink: Ink) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for layer in Layer:
        dense = np.zeros(body().vertex_count, np.uint8)
        for coat in ink.coats:
            if coat.says.layer is layer:
                seen = coat.field.weights >= SEEN
                if not seen.any():
                    seen = coat.field.weights > 0
                dense[coat.field.vertices[seen]] = _weight(coat.says.intensity)
        if dense.any():
            found[layer.value] = Field.from_dense(dense)
    return found


def _of_marks(marks: Iterable[Mark]) -> dict[str, Field]:
    zones: dict[str, dict[str, int]] = {}
    for mark in marks:
        if mark.place.startswith("zone."):
            layer = zones.setdefault(mark.layer.value, {})
            for side in mark.side.each:
                key = f"{mark.place}/{side}"
                layer[key] = max(layer.get(key, 0), _weight(mark.intensity))
    return {name: Field.from_zones(painted) for name, painted in zones.items()}


def qualities(marks: Iterable[Mark]) -> dict[str, tuple[str, ...]]:
    """What was said of each layer, in the order it was said."""
    found: dict[str, dict[str, None]] = {}
    for mark in marks:
        found.setdefault(mark.layer.value, {}).update(dict.fromkeys(mark.quality))
    return {layer: tuple(words) for layer, words in found.items() if words}


def write(marks: Iterable[Mark], ink: Ink | None = None, about: Mapping[str, str] | None = None) -> str:
    """The drawing as text; the same drawing gives the same text. `about` says whose day it is, for readers only."""
    marks = tuple(marks)
    whole = json.loads(to_json(LayeredDrawing(layer_fields(marks, ink), qualities(marks))))
    whole["marks"] = [as_row(mark) for mark in marks]
    if ink:
        whole["ink"] = base64.b64encode(encode(ink)).decode("ascii")
    if about:
        whole["about"] = dict(about)
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> tuple[Any, Ink | None]:
    """What a file holds: ink, or rows of marks when nothing was painted. Raises BadFinding, SurfaceError."""
    layers = from_json(text)
    whole = json.loads(text)
    if whole.get("ink") is not None:
        try:
            plain = base64.b64decode(str(whole["ink"]), validate=True)
        except (binascii.Error, ValueError):
            raise BadFinding("The ink of the file cannot be read. Export the drawing again.") from None
        return [], decode(plain)
    if whole.get("marks") is not None:
        return whole["marks"], None
    return [], _ink_of(layers)


def _ink_of(drawing: LayeredDrawing) -> Ink:
    """Layers of another program as ink: one coat for each whole number of ten."""
    coats = []
    for name, field in drawing.layers.items():
        if name not in {layer.value for layer in Layer}:
            known = ", ".join(layer.value for layer in Layer)
            raise BadFinding(f"The file has a layer {name[:30]!r}; a drawing has {known}.")
        said = tuple(word[:40] for word in drawing.qualities.get(name, ()))[:12]
        tenths = np.rint(field.weights.astype(np.float64) * 10 / FULL).astype(int)
        for number in np.unique(tenths):
            chosen = field.vertices[tenths == number]
            says = Says(Layer(name), float(number), said)
            coats.append(Coat(says, Field(chosen, np.full(len(chosen), FULL, np.uint8))))
    return Ink(tuple(coats))
