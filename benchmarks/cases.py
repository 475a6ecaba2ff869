"""Rank published cases with the reasoner and with an area look-up from the same atlas, and let the scorer compare.

    python benchmarks/cases.py ../shared/cases [--keep FOLDER]

Prints the scorer's own reports (with and without palpation) and the paired comparison on upper-body cases, then one
JSON line. Exits non-zero when the reasoner does not beat the look-up there, or raises too many needless alerts.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tautband.cli.rank import TYPES, answer_case
from tautband.findings.casefile import read_case
from tautband.reasoning import Reasoner
from tautband.reasoning.loading import reasoner
from tautband.reasoning.lookup import look_up

NEEDLESS_ALERTS_AT_MOST = 0.20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with dev.jsonl and score.py")
    parser.add_argument("--keep", type=Path, help="keep the answer files here")
    options = parser.parse_args()
    cases = [json.loads(line) for line in (options.folder / "dev.jsonl").read_text().splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = compare(cases, options.folder / "score.py", folder)
    print(json.dumps(result))
    return 0 if result["met"] else 1


def compare(cases: list[dict[str, Any]], scorer: Path, folder: Path) -> dict[str, Any]:
    engine = reasoner()
    answers = {
        "with": [answer_case(case, engine, with_palpation=True) for case in cases],
        "without": [answer_case(case, engine, with_palpation=False) for case in cases],
        "lookup": [looked_up(case, engine) for case in cases],
    }
    everything, upper = folder / "cases.jsonl", folder / "upper.jsonl"
    write(everything, cases)
    write(upper, [case for case in cases if case["body"] == "upper"])
    for name, lines in answers.items():
        write(folder / f"{name}.jsonl", lines)
    print(score(scorer, everything, folder / "with.jsonl", folder / "without.jsonl"))
    print("Upper body, reasoner without palpation against area look-up:")
    print(score(scorer, "--compare", upper, folder / "without.jsonl", folder / "lookup.jsonl"))
    reports = json.loads(score(scorer, "--json", everything, folder / "without.jsonl", folder / "with.jsonl"))
    here = json.loads(score(scorer, "--json", upper, folder / "without.jsonl", folder / "lookup.jsonl"))
    return verdict(reports, here, answers)


def verdict(reports: Any, upper: Any, answers: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    without, with_ = (figures(report) for report in listed(reports))
    ours, lookup = (figures(report) for report in listed(upper))
    wanted = ("main exact top-5", "main group top-5", "red-flag Youden index (alert)", "false alarm (alert)")
    seconds = sorted(line["seconds"] for line in answers["without"])
    result: dict[str, Any] = {
        "benchmark": "cases",
        "without_palpation": {name: without.get(name) for name in wanted},
        "with_palpation": {name: with_.get(name) for name in wanted},
        "upper_body": {"reasoner": ours.get("main exact top-5"), "lookup": lookup.get("main exact top-5")},
        "median_seconds": seconds[len(seconds) // 2],
    }
    result["met"] = bool(
        result["upper_body"]["reasoner"] > result["upper_body"]["lookup"]
        and without["false alarm (alert)"] <= NEEDLESS_ALERTS_AT_MOST
    )
    return result


def listed(reports: Any) -> list[Any]:
    return list(reports.values()) if isinstance(reports, dict) else list(reports)


def figures(report: Any) -> dict[str, float]:
    """Name -> value of a scorer report, whatever its nesting."""
    found: dict[str, float] = {}
    rows = report.get("figures", report) if isinstance(report, dict) else report
    for name, row in rows.items() if isinstance(rows, dict) else ((r["figure"], r) for r in rows):
        value = row.get("value") if isinstance(row, dict) else row[0] if isinstance(row, list) else row
        if isinstance(value, int | float):
            found[name] = float(value)
    return found


def looked_up(case: dict[str, Any], engine: Reasoner) -> dict[str, Any]:
    start = time.perf_counter()
    picture = read_case(case, with_palpation=False).picture
    ranked: dict[str, dict[str, Any]] = {}
    for h, fit in look_up(picture, engine.model):
        if h.targets and h.kind != "flag" and h.targets[0] not in ranked:
            side = None if h.side == "midline" else str(h.side)
            chance = min(fit / 4, 0.9)
            ranked[h.targets[0]] = {
                "target": h.targets[0],
                "type": TYPES[h.kind],
                "name": h.name,
                "side": side,
                "probability": round(chance, 3),
            }
        if len(ranked) == 10:
            break
    seconds = round(time.perf_counter() - start, 4)
    return {"id": case["id"], "ranked": list(ranked.values()), "alerts": [], "unresolved": [], "seconds": seconds}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def score(scorer: Path, *arguments: object) -> str:
    command = [sys.executable, str(scorer), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The scorer failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
