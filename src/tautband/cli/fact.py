"""`tautband fact NAME`: everything the atlas says of one thing, each fact with source, grade and read or unread."""

import argparse
import json
import sys

from tautband.knowledge import atlas
from tautband.knowledge.card import card_json, card_text
from tautband.knowledge.search import find, near
from tautband.knowledge.umbrellas import whole


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("name", nargs="+", metavar="NAME", help="an id, a name, a synonym or a plain name")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(options: argparse.Namespace) -> int:
    """Print the card; exit code 1 when nothing or several things are meant."""
    name = " ".join(options.name)
    known = atlas()
    for problem in known.errors:
        print(f"warning: {problem}", file=sys.stderr)
    ids = find(known, name)
    if not ids:
        nearest = near(known, name)
        print(f"The atlas knows nothing called {name!r}.", file=sys.stderr)
        if nearest:
            print("Nearest: " + ", ".join(f"{known.name(id)} ({id})" for id in nearest), file=sys.stderr)
        return 1
    if together := whole(known, name):
        print(f"{together.name} names several muscles: {', '.join(known.name(id) for id in ids)}.", file=sys.stderr)
    if len(ids) > 1 and options.json:
        print(json.dumps([card_json(known, id) for id in ids], indent=1, ensure_ascii=False))
        return 0
    if options.json:
        print(json.dumps(card_json(known, ids[0]), indent=1, ensure_ascii=False))
        return 0
    for number, id in enumerate(ids):
        print(("\n" if number else "") + card_text(known, id))
    return 0
