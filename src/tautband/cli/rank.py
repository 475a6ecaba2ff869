"""`rank`: read case files in plain words, rank what could explain each, one answer a line."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tautband.cli.main import UserError
from tautband.findings import BadFinding, Picture
from tautband.findings.casefile import CaseReading, read_case
from tautband.reasoning import Answer, Reasoner, Suspect
from tautband.terms.sides import Side

TYPES = {
    "trp": "trigger_point",
    "entrapment": "entrapment",
    "root": "radiculopathy",
    "joint": "joint",
    "tissue": "other",
    "flag": "red_flag",
}
RANKED = 10
ALERT_PLACE = 0.3
EVEN = 1.25
"""Left and right count as "side not told" when their odds differ by less than this factor."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `rank`."""
    parser.add_argument("cases", help="case file, one JSON object a line (`-` reads standard input)")
    parser.add_argument(
        "--without-palpation", action="store_true", help="leave out what was palpated, as before hands are used"
    )
    parser.add_argument("--priors", type=Path, metavar="FILE", help="use these accepted priors (tautband priors)")
    parser.add_argument("--explain", metavar="ID", help="print the reasons for one case in words instead")


def run(options: argparse.Namespace) -> int:
    """Answer every case; a case that cannot be read gets a line that says why, and the exit code is 1."""
    from tautband.reasoning.loading import reasoner

    cases = list(read_lines(options.cases))
    engine = with_own_priors(options.priors) if options.priors else reasoner()
    if options.explain:
        return explain(options.explain, cases, engine, with_palpation=not options.without_palpation)
    failed = 0
    start = time.perf_counter()
    for number, case in enumerate(cases, 1):
        line = answer_case(case, engine, with_palpation=not options.without_palpation)
        failed += "error" in line
        print(json.dumps(line, ensure_ascii=False), flush=True)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(cases)}", end="", file=sys.stderr, flush=True)
    print(f"{len(cases)} cases in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    return 1 if failed else 0


def with_own_priors(file: Path) -> Reasoner:
    """The reasoner with a clinic's accepted priors. Raises UserError when they may not be used."""
    from tautband.reasoning.counts import NotAccepted, accepted_priors, with_priors
    from tautband.reasoning.loading import reasoner

    model = reasoner().model
    try:
        return Reasoner(with_priors(model, accepted_priors(file, model)))
    except NotAccepted as why:
        raise UserError(str(why)) from None


def read_lines(name: str) -> Iterator[dict[str, Any]]:
    """The cases of a file. Raises UserError naming the line that is no case."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{name} cannot be read: {error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except json.JSONDecodeError as error:
            raise UserError(f"Line {number} of {name} is not JSON: {error}. Each line holds one case.") from None
        if not isinstance(case, dict) or "id" not in case:
            raise UserError(f"Line {number} of {name} is no case: it needs an `id`. See docs/methods/cases.md.")
        yield case


def answer_case(case: Mapping[str, Any], engine: Reasoner, *, with_palpation: bool) -> dict[str, Any]:
    """One answer line in the form of the case format."""
    start = time.perf_counter()
    try:
        reading = read_case(case, with_palpation)
    except BadFinding as error:
        return {"id": str(case["id"]), "ranked": [], "alerts": [], "unresolved": [], "error": str(error)}
    answer = engine.consider(reading.picture, shown=4 * RANKED)
    return {
        "id": reading.id,
        "ranked": ranked(answer),
        "alerts": alerts(answer),
        "unresolved": [*reading.unmapped, *(f"{aside.finding}: {aside.why}" for aside in answer.set_aside)],
        "next_tests": [test.name for test in answer.next_tests if not test.closed_by],
        "unexplained": round(answer.unexplained.share, 3),
        "method": answer.method,
        "seconds": round(time.perf_counter() - start, 4),
    }


def ranked(answer: Answer) -> list[dict[str, Any]]:
    """Suspects as answers, one for each muscle or target; two sides of equal chance become one without a side.

    Parts of one muscle are one answer, named by the likeliest part: a therapist treats the muscle.
    """
    by_target: dict[tuple[str, str], list[Suspect]] = {}
    for suspect in answer.suspects:
        name = suspect.of if suspect.kind == "trp" else suspect.targets[0] if suspect.targets else suspect.name
        by_target.setdefault((name, suspect.kind), []).append(suspect)
    rows = [(_place(group[0], answer), _row(group)) for group in by_target.values()]
    return [row for _, row in sorted(rows, key=lambda pair: (-pair[0], -pair[1]["probability"]))[:RANKED]]


def _place(suspect: Suspect, answer: Answer) -> float:
    """Order of the list: by probability, but a condition that alerts stands at least where a possible source would."""
    alerts_now = suspect.kind == "flag" and any(alert.flag == suspect.id for alert in answer.alerts)
    return max(suspect.probability, ALERT_PLACE) if alerts_now else suspect.probability


def _row(group: list[Suspect]) -> dict[str, Any]:
    best = group[0]
    side: str | None = None if best.side is Side.MIDLINE else str(best.side)
    probability = best.probability
    other = next((s for s in group[1:] if s.side is best.side.mirrored and s.side is not best.side), None)
    if other is not None and best.probability < EVEN * other.probability:
        side, probability = None, 1 - (1 - best.probability) * (1 - other.probability)
    row = {
        "type": best.targets[0].partition(".")[0] if best.targets else TYPES[best.kind],
        "name": best.name,
        "side": side,
        "probability": round(probability, 4),
        "because": [reason.text for reason in best.reasons if reason.nats > 0][:4],
    }
    return {"target": best.targets[0], **row} if best.targets else row


def alerts(answer: Answer) -> list[dict[str, Any]]:
    """Alerts as answers."""
    return [
        {
            "target": alert.targets[0] if alert.targets else alert.name,
            "name": alert.name,
            "urgency": alert.urgency.value,
            "because": list(alert.because),
        }
        for alert in answer.alerts
    ]


def explain(id: str, cases: list[dict[str, Any]], engine: Reasoner, *, with_palpation: bool) -> int:
    """Print one case's answer in words."""
    case = next((case for case in cases if case["id"] == id), None)
    if case is None:
        raise UserError(f"There is no case {id!r} in this file.")
    reading = read_case(case, with_palpation)
    answer = engine.consider(reading.picture)
    for line in (*_read(reading), *_answered(answer)):
        print(line)
    return 0


def _read(reading: CaseReading) -> Iterator[str]:
    picture: Picture = reading.picture
    yield f"Read from case {reading.id}:"
    for mark in picture.drawing.marks:
        yield f"  {mark.layer} at {mark.place}, {mark.side}"
    for found in picture.findings:
        yield f"  {found.id}{f' of {found.of}' if found.of else ''}, {found.side}: {found.state}"
    for phrase in reading.unmapped:
        yield f"  not understood: {phrase}"


def _answered(answer: Answer) -> Iterator[str]:
    for alert in answer.alerts:
        yield f"ALERT {alert.urgency}: {alert.name} ({alert.by}): {'; '.join(alert.because)}"
    for suspect in answer.suspects[:12]:
        yield f"{suspect.probability:6.1%}  {suspect.name}, {suspect.side}, explains {suspect.explains:.0%}"
        for reason in suspect.reasons[:6]:
            yield f"         {reason.nats:+.2f}  {reason.text}"
    yield f"unexplained {answer.unexplained.share:.0%}; {answer.method}, error about {answer.error:.1g}"
