"""`tautband priors`: a clinic's own counts proposed as priors, reviewed, accepted by name; never used by themselves.

    tautband priors propose COUNTS.csv --to review.json --version 2027-1
    tautband priors show review.json
    tautband priors accept review.json --by "Mara Quinn"

COUNTS.csv has the columns source, active, visits (sides counted apart). An accepted file holds for the priors it was
made for; when the atlas or the policy changes, it is refused and made anew.
"""

import argparse
import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tautband.cli.main import UserError
from tautband.reasoning.counts import Count, NotAccepted, accept, accepted_priors, propose, read_review, write_review
from tautband.reasoning.loading import reasoner


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="propose|show|accept")
    proposing = steps.add_parser("propose", help="write a review file from counts; nothing is changed")
    proposing.add_argument("counts", type=Path, metavar="COUNTS.csv", help="columns source, active, visits")
    proposing.add_argument("--to", type=Path, required=True, metavar="FILE", help="the review file to write")
    proposing.add_argument("--version", required=True, help="what this set of priors is called")
    showing = steps.add_parser("show", help="show a review file, and whether it may be used")
    showing.add_argument("review", type=Path)
    accepting = steps.add_parser("accept", help="accept a review file by name, after reading it")
    accepting.add_argument("review", type=Path)
    accepting.add_argument("--by", required=True, help="who accepts it")


def run(options: argparse.Namespace) -> int:
    """Do one step; exit code 1 when a shown file may not be used."""
    try:
        return {"propose": _propose, "show": _show, "accept": _accept}[options.step](options)
    except (NotAccepted, ValueError, OSError) as error:
        raise UserError(str(error)) from None


def _propose(options: argparse.Namespace) -> int:
    model = reasoner().model
    proposals = propose(model, counts_in(options.counts))
    write_review(options.to, model, proposals, options.version)
    for p in proposals:
        print(f"{p.source}: {p.now:.4f} -> {p.proposed:.4f} ({p.active} of {p.visits}; {p.low:.4f} to {p.high:.4f})")
    print(f"{options.to} is written. Nothing is changed until a person has read and accepted it.")
    return 0


def counts_in(path: Path) -> Sequence[Count]:
    """The counts of a CSV file. Raises ValueError that names the line."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if not {"source", "active", "visits"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path.name} needs the columns source, active, visits in its first line.")
        return [_count(row, f"{path.name}, line {rows.line_num}") for row in rows]


def _count(row: dict[str, str], where: str) -> Count:
    try:
        return Count(row["source"].strip(), int(row["active"]), int(row["visits"]))
    except (TypeError, ValueError):
        raise ValueError(f"{where}: active and visits are whole numbers, not {row!r}.") from None


def _show(options: argparse.Namespace) -> int:
    review = read_review(options.review)
    for row in review["priors"]:
        print(f"{row['source']}: {row['now']} -> {row['proposed']} ({row['active']} of {row['visits']})")
    try:
        accepted_priors(options.review, reasoner().model)
    except NotAccepted as why:
        print(f"Not in use: {why}")
        return 1
    print(f"Version {review['version']}, accepted by {review['accepted_by']} on {review['accepted_on']}.")
    return 0


def _accept(options: argparse.Namespace) -> int:
    accept(options.review, reasoner().model, by=options.by, on=date.today())
    print(f"Accepted by {options.by}. Rank with it: tautband rank --priors {options.review} CASES")
    return 0
