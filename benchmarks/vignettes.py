"""Rank invented clients, to find words and links that are missing: no accuracy study, and nothing is fitted to it.

    python benchmarks/vignettes.py [--show]

Prints who was missed and which phrases meant nothing to the lexicon; one JSON line last. Exits non-zero when fewer
than two thirds have a right source among the first five.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tautband.cli.rank import answer_case
from tautband.reasoning.loading import reasoner

FILE = Path(__file__).parent / "vignettes" / "vignettes.yaml"
LEAST = 2 / 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print the first six sources of every miss")
    options = parser.parse_args()
    engine = reasoner()
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = flags = raised = needless = phrases = 0
    for row in rows:
        answer = answer_case(case_of(row), engine, with_palpation=False)
        names = [entry.get("target") for entry in answer["ranked"]]
        hit = any(name in row["is"] for name in names[:5])
        found += hit
        danger = row["is"][0].startswith("red_flag.")
        flags, raised = flags + danger, raised + (danger and bool(answer["alerts"]))
        needless += not danger and bool(answer["alerts"])
        phrases += len(answer["unresolved"])
        if not hit:
            print(row["id"], "missed", row["is"][:2])
        if options.show and not hit:
            print("     ", [(e.get("target"), e["probability"]) for e in answer["ranked"][:6]])
        if not danger and answer["alerts"]:
            print(row["id"], "needless alert:", [a["target"] for a in answer["alerts"]])
        if danger and not answer["alerts"]:
            print(row["id"], "no alert")
        for phrase in answer["unresolved"]:
            print(f"      {row['id']} not understood: {phrase}")
    others = len(rows) - flags
    result = {
        "benchmark": "vignettes",
        "n": len(rows),
        "top_5": round(found / len(rows), 3),
        "alert_of_dangers": round(raised / flags, 3),
        "needless_alerts": round(needless / others, 3),
        "phrases_not_understood": phrases,
    }
    result["met"] = found >= LEAST * len(rows)
    print(json.dumps(result))
    return 0 if result["met"] else 1


def case_of(row: dict[str, Any]) -> dict[str, Any]:
    """The short form of the file as a case."""
    return {
        "id": row["id"],
        "age": row.get("age"),
        "sex": row.get("sex"),
        "presentation": row["say"],
        "pain": [dict(zip(("region", "side", "quality"), pain, strict=True)) for pain in row.get("pain", ())],
        "sensory": [dict(zip(("type", "region", "side"), felt, strict=True)) for felt in row.get("sense", ())],
        "history": row.get("history", []),
        "exam": [dict(zip(("test", "side", "detail", "state"), exam, strict=True)) for exam in row.get("exam", ())],
    }


if __name__ == "__main__":
    sys.exit(main())
