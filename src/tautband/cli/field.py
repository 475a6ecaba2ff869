"""`tautband field ID`: the referral field or skin territory of a source, measured, as SVG or PNG, and validated."""

import argparse
import sys
from pathlib import Path

from tautband.cli.main import UserError
from tautband.knowledge import atlas
from tautband.knowledge.drawn import fields_of, paintable
from tautband.knowledge.search import find, near
from tautband.surface import Field, SurfaceError, field_from_parts, in_words
from tautband.surface.plates import chart, png
from tautband.terms.sides import Side


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "name", nargs="+", metavar="ID", help="an id or a name of a muscle, trigger point, nerve, root ..."
    )
    parser.add_argument("--side", choices=("left", "right"), default="left", help="side of the source (left)")
    parser.add_argument("--view", help="chart view; the one that shows most when not given")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the chart as SVG")
    parser.add_argument("--png", type=Path, metavar="FILE", help="write the chart as PNG")


def run(options: argparse.Namespace) -> int:
    """Print what the field covers; exit code 1 when the source has none."""
    name = " ".join(options.name)
    known = atlas()
    ids = find(known, name)
    if not ids:
        nearest = near(known, name)
        hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
        raise UserError(f"the atlas knows nothing called {name!r}.{hint}")
    side = Side(options.side)
    drawn = [(owner, parts) for id in ids for owner, _, parts in fields_of(known.records[id]) if parts]
    if not drawn:
        print(f"{known.name(ids[0])} ({ids[0]}) has no field on file.", file=sys.stderr)
        return 1
    whole = Field.empty()
    for owner, parts in drawn:
        field = field_from_parts(paintable(parts), side)
        whole |= field
        print(f"{owner}/{side}: {in_words(field, with_intensity=False)}")
        for part in parts:
            alone = field_from_parts(paintable([part]), side)
            print(f"  {part.kind:9} {' > '.join([part.blob] if part.blob else part.tube)}: {alone.area_cm2:.0f} cm2")
    _write(whole, options)
    return 0


def _write(field: Field, options: argparse.Namespace) -> None:
    if not (options.svg or options.png):
        return
    try:
        drawn = chart({"pain": field}, options.view)
    except SurfaceError as problem:
        raise UserError(str(problem)) from None
    if options.svg:
        options.svg.write_text(drawn, encoding="utf-8")
    if options.png:
        options.png.write_bytes(png(drawn))
