"""How quickly a plan is made: drafted and judged anew, for every region. Prints one JSON line last.

    python benchmarks/plan.py

The suspects are invented per region from the atlas itself (its muscles, likely to unlikely), with findings that make
many guards speak. Times are those of the processor: planning waits for nothing, and a busy machine tells nothing of it.
Exits non-zero when the 95th centile of one draft, or of judging a kept plan, is above the bar.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tautband.findings import Finding, Picture
from tautband.knowledge import Atlas, atlas
from tautband.planning import NoProtocol, Plan, draft_plan, lay_out
from tautband.reasoning import Answer, Suspect, Unexplained
from tautband.terms.probability import band
from tautband.terms.sides import Side

BAR_MS = 50.0
ROUNDS = 10
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
SEEN = ("exam.anticoagulants", "exam.diabetes", "exam.numbness", "exam.heart_disease", "factor.desk_work")


def suspects(region: str, known: Atlas) -> tuple[Suspect, ...]:
    muscles = [m for m in known.muscles if m.region == region and m.trigger_points][:12]
    return tuple(
        Suspect(
            id=m.trigger_points[0].id,
            side=Side.RIGHT,
            of=m.id,
            kind="trp",
            name=m.name.en,
            plain=m.name.plain,
            targets=(),
            probability=chance,
            low=chance / 2,
            high=(1 + chance) / 2,
            band=band(chance),
            explains=0.3,
            zones=frozenset(),
            pressed_by=(),
            reasons=(),
        )
        for m, chance in zip(muscles, [0.9 - 0.06 * n for n in range(12)], strict=False)
    )


def milliseconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e3


def main() -> int:
    known = atlas()
    picture = Picture(findings=tuple(Finding(id, at=AT) for id in SEEN if id in known))
    drafts, layouts, steps, without = [], [], [], []
    for region in sorted({m.region for m in known.muscles}):
        answer = Answer(suspects(region, known), Unexplained(0.0, ()), (), (), (), "exact", 0.0, 0.0)
        try:
            plan: Plan = draft_plan(answer, picture, known, minutes=60)
        except NoProtocol:
            without.append(region)
            continue
        again = draft_plan(answer, picture, known, minutes=60)
        assert again == plan, "the same picture gives the same plan"
        steps.append(len(plan.steps))
        drafts += [milliseconds(lambda a=answer: draft_plan(a, picture, known, minutes=60)) for _ in range(ROUNDS)]
        layouts += [
            milliseconds(lambda a=answer, p=plan: lay_out(p.choices, a, picture, known, minutes=60))
            for _ in range(ROUNDS)
        ]
    measured = {
        "draft_p50_ms": statistics.median(drafts),
        "draft_p95_ms": statistics.quantiles(drafts, n=20)[-1],
        "judge_p95_ms": statistics.quantiles(layouts, n=20)[-1],
    }
    missed = [name for name in ("draft_p95_ms", "judge_p95_ms") if measured[name] > BAR_MS]
    told = {name: round(value, 2) for name, value in measured.items()}
    print(
        json.dumps(
            {
                "benchmark": "plan",
                **told,
                "bar_ms": BAR_MS,
                "most_steps": max(steps),
                "regions": len(steps),
                "no_protocol": without,
                "missed": missed,
            }
        )
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
