"""Drawings in and out: a documented JSON that comes back exactly, and a CSV with one row for each layer and zone.

    {"format": "tautband-drawing", "version": 1, "surface": "body-1", "vertices": 27318,
     "layers": {"pain": {"field": "<base64 of the stored form>", "covered_cm2": 57.1, "qualities": ["burning"]}},
     "words": "pain: left posterior middle thigh, 57 cm2, burning, 6/10"}

`field` is what `Field.to_bytes` writes (docs/methods/surface.md). Numbers and words are for readers; only `field` and
`qualities` are read back.
"""

import base64
import binascii
import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tautband.surface.fields import Field, FieldError
from tautband.surface.mesh import SURFACE, SurfaceError, body
from tautband.surface.metrics import in_zones, layers_in_words

FORMAT, VERSION = "tautband-drawing", 1
MOST_LAYERS, MOST_CHARS = 16, 2_000_000


class ExchangeError(SurfaceError):
    """A file is not a drawing this product can take; the message says why and what would do."""


@dataclass(frozen=True)
class LayeredDrawing:
    """Layers by name, and the qualities told of each."""

    layers: Mapping[str, Field]
    qualities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def to_json(drawing: LayeredDrawing) -> str:
    """The drawing as text; the same drawing gives the same text."""
    layers = {
        name: {
            "field": base64.b64encode(painted.to_bytes()).decode("ascii"),
            "covered_cm2": round(painted.covered_cm2, 1),
            "qualities": list(drawing.qualities.get(name, ())),
        }
        for name, painted in drawing.layers.items()
    }
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "surface": SURFACE,
        "vertices": body().vertex_count,
        "layers": layers,
        "words": layers_in_words(drawing.layers, drawing.qualities),
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> LayeredDrawing:
    """Read what `to_json` wrote. Raises ExchangeError for anything else; nothing is taken in part."""
    if len(text) > MOST_CHARS:
        raise ExchangeError(f"The file is longer than {MOST_CHARS} characters; a drawing is far smaller.")
    try:
        whole = json.loads(text)
    except ValueError:
        raise ExchangeError("The file is not JSON. Export the drawing again as JSON.") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ExchangeError(f"The file is no drawing: its format is not {FORMAT!r}.")
    if whole.get("version") != VERSION:
        raise ExchangeError(f"The file has version {whole.get('version')!r}; this product reads {VERSION}.")
    if whole.get("surface") != SURFACE:
        message = (
            f"It was drawn on surface {whole.get('surface')!r}; this product has {SURFACE!r} and no map between them."
        )
        raise ExchangeError(message)
    layers = whole.get("layers")
    if not isinstance(layers, dict) or len(layers) > MOST_LAYERS:
        raise ExchangeError(f"A drawing has between none and {MOST_LAYERS} named layers.")
    fields, qualities = {}, {}
    for name, row in layers.items():
        fields[str(name)], qualities[str(name)] = _layer(str(name), row)
    return LayeredDrawing(fields, {name: words for name, words in qualities.items() if words})


def _layer(name: str, row: Any) -> tuple[Field, tuple[str, ...]]:
    if not isinstance(row, dict) or not isinstance(row.get("field"), str):
        raise ExchangeError(f"The layer {name!r} has no field.")
    words = row.get("qualities", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ExchangeError(f"The qualities of layer {name!r} are a list of words.")
    try:
        return Field.from_bytes(base64.b64decode(row["field"], validate=True)), tuple(words)
    except (binascii.Error, FieldError) as problem:
        raise ExchangeError(f"The layer {name!r} cannot be read: {problem}") from None


COLUMNS = ("layer", "zone", "side", "name", "area_cm2", "share_of_zone", "intensity_0_10")


def to_csv(layers: Mapping[str, Field]) -> str:
    """One row for each layer and chart zone it touches. Place within a zone is lost; use JSON to come back."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for name, painted in layers.items():
        for row in in_zones(painted):
            place = row.zone
            numbers: Sequence[str] = (f"{row.area_cm2:.1f}", f"{row.share:.3f}", f"{row.intensity:.1f}")
            writer.writerow((name, place.id, place.side.value, place.clinical, *numbers))
    return sheet.getvalue()
