"""`tautband check`: what to repair in the knowledge files; exit code 1 when there is an error."""

import argparse
import json
import sys
from pathlib import Path

from tautband.knowledge import Problem, Severity, check, load, packaged_folder, usual_folders
from tautband.knowledge.coverage import coverage, coverage_table


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="show only problems of files below these paths")
    parser.add_argument("--overlay", action="append", default=[], metavar="FOLDER", help="also check this atlas folder")
    parser.add_argument("--only", metavar="FOLDER", help="check this atlas folder instead of the usual ones")
    parser.add_argument("--errors", action="store_true", help="leave out warnings")
    parser.add_argument("--code", action="append", default=[], help="show only problems with this code")
    parser.add_argument("--coverage", action="store_true", help="show what the atlas holds and how much of it was read")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(options: argparse.Namespace) -> int:
    """Print problems (or the coverage table) on stdout and a summary on stderr."""
    base = (Path(options.only),) if options.only else usual_folders()
    atlas = load((*base, *map(Path, options.overlay)))
    if options.coverage:
        print(json.dumps(coverage(atlas), indent=1) if options.json else coverage_table(atlas))
        return 0
    problems = [p for p in check(atlas) if _wanted(p, options)]
    if options.json:
        print(json.dumps([p.as_dict() for p in problems], indent=1, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem)
    errors = sum(p.severity is Severity.ERROR for p in problems)
    print(f"{len(atlas)} things, {errors} errors, {len(problems) - errors} warnings.", file=sys.stderr)
    return 1 if errors else 0


def _wanted(problem: Problem, options: argparse.Namespace) -> bool:
    if options.errors and problem.severity is not Severity.ERROR:
        return False
    if options.code and problem.code not in options.code:
        return False
    return not options.paths or any(_below(problem, path) for path in options.paths)


def _below(problem: Problem, path: str) -> bool:
    """Whether a problem's file lies below a path, given from here or inside the atlas."""
    if not problem.file:
        return False
    file = Path(problem.folder or packaged_folder()) / problem.file
    inside = problem.file == path.rstrip("/") or problem.file.startswith(path.rstrip("/") + "/")
    return inside or file.resolve().is_relative_to(Path(path).resolve())
