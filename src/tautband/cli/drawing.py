"""`tautband drawing FILE [EARLIER]`: measure a drawing file, read it by other instruments, compare it, convert it."""

import argparse
from pathlib import Path

from tautband.cli.main import UserError
from tautband.surface import SurfaceError, compare_layers, extents, layers_in_words, scales, scored
from tautband.surface.exchange import LayeredDrawing, from_json, to_csv
from tautband.surface.fields import Field
from tautband.surface.plates import chart, png


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="drawing exported as JSON")
    parser.add_argument("earlier", type=Path, nargs="?", help="an earlier drawing to compare with")
    parser.add_argument("--view", help="chart view; the one that shows most when not given")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write one row for each layer and zone")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the chart as SVG")
    parser.add_argument("--png", type=Path, metavar="FILE", help="write the chart as PNG")


def run(options: argparse.Namespace) -> int:
    """Print areas, words, scores, and the difference from the earlier drawing."""
    drawing = _read(options.file)
    print(layers_in_words(drawing.layers, drawing.qualities))
    for name, extent in extents(drawing.layers).items():
        print(f"{name:10} {extent.area_cm2:8.1f} cm2  {extent.share:6.2%} of the body")
    whole = Field.empty().union(*drawing.layers.values())
    for scale in scales().values():
        counted = scored(whole, scale.id).counted
        print(f"{scale.name}: {len(counted)} ({', '.join(map(str, counted)) or 'none'})")
    if options.earlier:
        _compare(_read(options.earlier), drawing)
    if options.csv:
        options.csv.write_text(to_csv(drawing.layers), encoding="utf-8", newline="")
    if options.svg or options.png:
        _draw(drawing, options)
    return 0


def _read(path: Path) -> LayeredDrawing:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise UserError(f"{path} cannot be read: {problem}") from None
    except SurfaceError as problem:
        raise UserError(f"{path}: {problem}") from None


def _compare(before: LayeredDrawing, after: LayeredDrawing) -> None:
    for name, difference in compare_layers(before.layers, after.layers).items():
        parts = ", ".join(f"{kind} {part.covered_cm2:.0f}" for kind, part in difference.parts.items())
        limit = "" if difference.limit_cm2 is None else f", limit {difference.limit_cm2:.0f}"
        sizes = f"{difference.before_cm2:.0f} to {difference.after_cm2:.0f} cm2{limit}"
        place = f"place {difference.place} (Jaccard {difference.jaccard:.2f})"
        print(f"{name}: {sizes}: extent {difference.extent}, {place}; {parts}")


def _draw(drawing: LayeredDrawing, options: argparse.Namespace) -> None:
    try:
        drawn = chart(drawing.layers, options.view, qualities=drawing.qualities)
    except SurfaceError as problem:
        raise UserError(str(problem)) from None
    if options.svg:
        options.svg.write_text(drawn, encoding="utf-8")
    if options.png:
        options.png.write_bytes(png(drawn))
