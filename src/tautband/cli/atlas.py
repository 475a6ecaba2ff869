"""`tautband atlas`: the facts in a neutral form for others, and the forms of the files as JSON Schemas for editors."""

import argparse
import json
from pathlib import Path

from tautband.knowledge import atlas
from tautband.knowledge.export import export
from tautband.knowledge.schemas import schemas


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "what", choices=("export", "schemas"), help="export: the facts; schemas: the forms of the files"
    )
    parser.add_argument("--json", action="store_true", help="export as JSON (the only form there is)")
    parser.add_argument("--out", metavar="FOLDER", help="schemas: write one file per form here")


def run(options: argparse.Namespace) -> int:
    """Write what was asked for."""
    if options.what == "export":
        print(json.dumps(export(atlas()), indent=1, ensure_ascii=False))
        return 0
    made = schemas()
    if not options.out:
        print(json.dumps(made, indent=1))
        return 0
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in made.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")
        print(path)
    return 0
