"""`tautband atlas schemas`: the forms of the knowledge files as JSON Schemas, for completion in editors."""

import argparse
import json
from pathlib import Path

from tautband.knowledge.schemas import schemas


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=("schemas",), help="schemas: JSON Schemas of all forms")
    parser.add_argument("--out", metavar="FOLDER", help="write one file per form here instead of to stdout")


def run(options: argparse.Namespace) -> int:
    """Write the schemas."""
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
