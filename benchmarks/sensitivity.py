"""Which engineering numbers and which facts move the ranking most.

    python benchmarks/sensitivity.py ../shared/cases [--simulated 40]

Every number of the policy is halved and doubled, one at a time, on published cases and on simulated clients. Reported
per number: how often the first place changes, how many of the top five change, and the mean move of the log-odds of
the ten first. No truth is looked at: this says what matters, not what is better. Then every examination of the cases
is left out in turn. One JSON line last.
"""

import argparse
import dataclasses
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tautband.findings import Picture
from tautband.findings.casefile import read_case
from tautband.reasoning import POLICY, Policy, Reasoner, build_model
from tautband.reasoning.contrast import posterior_of
from tautband.reasoning.loading import reasoner
from tautband.reasoning.network.build import Model
from tautband.reasoning.simulate import simulate

FACTORS = (0.5, 2.0)
SKIPPED = {"default_commonness", "alert_from", "rule_floor", "harm"}  # they order alerts and tests, not sources
TOP = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with dev.jsonl")
    parser.add_argument("--simulated", type=int, default=40, help="how many simulated clients")
    options = parser.parse_args()
    engine = reasoner()
    lines = (options.folder / "dev.jsonl").read_text().splitlines()
    cases = [read_case(json.loads(line), with_palpation=True).picture for line in lines if line.strip()]
    people = [simulate(engine.model, seed).picture for seed in range(options.simulated)]
    rows = numbers(engine, cases, people)
    print(f"{'policy number':34}{'first':>7}{'top 5':>7}{'nats':>7}   on simulated: first, top 5, nats")
    for name, here, there in rows[:30]:
        print(f"{name:34}" + "".join(f"{x:7.2f}" for x in here) + "   " + "".join(f"{x:7.2f}" for x in there))
    facts = left_out(engine, cases)
    print(f"\n{'left out':44}{'cases':>6}{'top 5 changed':>15}{'nats':>7}")
    for name, n, changed, nats in facts[:25]:
        print(f"{name:44}{n:>6}{changed:>15.2f}{nats:>7.2f}")
    print(
        json.dumps(
            {"benchmark": "sensitivity", "numbers": [r[0] for r in rows[:5]], "facts": [f[0] for f in facts[:5]]}
        )
    )
    return 0


def numbers(engine: Reasoner, cases: list[Picture], people: list[Picture]) -> list[Any]:
    usual = ranks(engine.model, cases), ranks(engine.model, people)
    found = []
    for name, policies in variants(POLICY):
        moves = []
        for policy in policies:
            model = build_model(engine.model.atlas, policy, lambda _: engine.model.fields)
            moves.append((moved(usual[0], ranks(model, cases)), moved(usual[1], ranks(model, people))))
        found.append((name, np.mean([m[0] for m in moves], axis=0), np.mean([m[1] for m in moves], axis=0)))
        print(f"\r{len(found)} numbers", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return sorted(found, key=lambda row: -row[1][1])


def variants(policy: Policy) -> Iterator[tuple[str, list[Policy]]]:
    for field in dataclasses.fields(policy):
        value = getattr(policy, field.name)
        if field.name in SKIPPED:
            continue
        if isinstance(value, float):
            yield field.name, [dataclasses.replace(policy, **{field.name: scaled(value, f)}) for f in FACTORS]
        elif field.name in ("palpation", "muscle_exam"):
            for at, part in enumerate(("chance with", "chance without")):
                yield (
                    f"{field.name}: {part}",
                    [
                        dataclasses.replace(policy, **{field.name: {k: pair(v, at, f) for k, v in value.items()}})
                        for f in FACTORS
                    ],
                )
        elif isinstance(value, Mapping):
            yield field.name, [dataclasses.replace(policy, **{field.name: scaled_table(value, f)}) for f in FACTORS]


def scaled(value: float, factor: float) -> float:
    """Probabilities stay below .97; what is no probability (nats, counts, caps) is scaled as it is."""
    return min(value * factor, 0.97) if 0 < value < 1 else value * factor


def scaled_table(table: Mapping[Any, Any], factor: float) -> dict[Any, Any]:
    return {
        k: scaled_table(v, factor)
        if isinstance(v, Mapping)
        else min(v * factor, 3.0)
        if v > 1
        else scaled(v, factor)
        if v < 1
        else min(factor, 1.0)
        for k, v in table.items()
    }


def pair(values: tuple[float, float], at: int, factor: float) -> tuple[float, float]:
    return (scaled(values[0], factor), values[1]) if at == 0 else (values[0], scaled(values[1], factor))


def ranks(model: Model, pictures: list[Picture]) -> list[np.ndarray]:
    return [log_odds(posterior_of(model, picture).marginals) for picture in pictures]


def moved(before: list[np.ndarray], after: list[np.ndarray]) -> tuple[float, float, float]:
    """Share of pictures whose first changes; mean number of the top five that change; mean nats of the first ten."""
    first, five, nats = [], [], []
    for old, new in zip(before, after, strict=True):
        was, now = np.argsort(-old, kind="stable"), np.argsort(-new, kind="stable")
        first.append(was[0] != now[0])
        five.append(TOP - len(set(was[:TOP]) & set(now[:TOP])))
        nats.append(np.abs(old - new)[was[:10]].mean())
    return float(np.mean(first)), float(np.mean(five)), float(np.mean(nats))


def left_out(engine: Reasoner, cases: list[Picture]) -> list[tuple[str, int, float, float]]:
    """Each examination left out where it was answered, and each drawing."""
    seen: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for picture in cases:
        usual = ranks(engine.model, [picture])
        for id in {f.id for f in picture.findings}:
            rest = dataclasses.replace(picture, findings=tuple(f for f in picture.findings if f.id != id))
            seen[id].append(moved(usual, ranks(engine.model, [rest])))
        if picture.drawing.marks:
            rest = dataclasses.replace(picture, drawing=dataclasses.replace(picture.drawing, marks=()))
            seen["the drawing"].append(moved(usual, ranks(engine.model, [rest])))
    rows = [
        (id, len(m), float(np.mean([x[1] for x in m])), float(np.mean([x[2] for x in m]))) for id, m in seen.items()
    ]
    return sorted((r for r in rows if r[1] >= 3), key=lambda r: -r[2])


def log_odds(p: np.ndarray) -> np.ndarray:
    inside = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))


if __name__ == "__main__":
    sys.exit(main())
