"""The agreed plan as it is run: each step with its side, dose, beats, limits and retest, as plain values.

Made once when a session begins and kept with it, so that the screen needs nobody while it runs. What has closed since
then is judged anew (`closed_now`): a closed step never opens by being old.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.plans import Body, Current, current_plan, judged
from tautband.clinic.treatments.targets import found_on_other_side
from tautband.clinic.treatments.ways import pattern_for
from tautband.knowledge import atlas
from tautband.knowledge.records import Instrument
from tautband.planning import Choice, PlanStep
from tautband.planning.pattern import STOP_FROM
from tautband.planning.steps import PRESSED_AGAIN
from tautband.terms.sides import Side

EASE = "technique.positional_release"
OF_10 = "of 10"
"""Unit of a retest that is the client's number for the same pressure; before it stands the first number said."""

RUN_STAGES = ("assess", "treat", "retest")
AIM_WIDTH = 2
"""The numbers marked as the aim: from this much below the limit up to it."""


def session_steps(now: Current, member: Member) -> list[dict[str, Any]]:
    """Every step of the plan that is done at the table, closed ones with their reason, ease variants after theirs."""
    made: list[dict[str, Any]] = []
    for place, step in enumerate(now.plan.steps):
        if step.stage not in RUN_STAGES:
            continue
        row = _row(f"s{place}", step, now, member)
        made.append(row)
        eased = None if row["closed"] else _eased(step, now)
        if eased is not None:
            made.append({**_row(f"s{place}e", eased, now, member), "variant_of": row["key"], "found_side": ""})
            row["ease"] = f"s{place}e"
    return made


def _eased(step: PlanStep, now: Current) -> PlanStep | None:
    """The same muscle in its position of ease, where that is open here; None where it is not or is what is done."""
    offered = next((a for a in step.alternatives if a.technique == EASE and a.level != "stop"), None)
    if step.stage != "treat" or offered is None:
        return None
    choice = replace(step.choice, technique=EASE, position="", seconds=120, origin="hand", override=None)
    found = judged(now.visit, replace(now.body, choices=(choice,), edited=True), max(now.number, 1)).plan.steps[0]
    return None if found.verdict.is_closed else found


def _row(key: str, step: PlanStep, now: Current, member: Member) -> dict[str, Any]:
    pattern = pattern_for(step, member)
    beats = pattern.beats if pattern else ()
    return {
        "key": key,
        "variant_of": "",
        "ease": "",
        "stage": step.stage,
        "target": step.target,
        "target_name": step.target_name,
        "region": step.region,
        "side": step.side.value,
        "found_side": _other_side(now, step.choice),
        "technique": step.technique,
        "technique_name": step.technique_name,
        "position": step.position,
        "ease_position": step.ease,
        "stretch": step.stretch,
        "dose": step.dose,
        "reason": step.reason,
        "remembered": step.remembered,
        "seconds": step.seconds,
        "by_number": pattern.by_number if pattern else True,
        "limit_of_10": pattern.limit_of_10 if pattern else None,
        "stop_of_10": pattern.stop_of_10 if pattern else STOP_FROM,
        "beats": [
            {
                "key": beat.key,
                "round": beat.round,
                "do": beat.do,
                "say": beat.say,
                "seconds": beat.seconds,
                "repetitions": beat.repetitions,
                "asks_number": beat.asks_number,
                "stop_when": beat.stop_when,
            }
            for beat in beats
        ],
        "should_feel": list(pattern.should_feel) if pattern else [],
        "stop_when": list(pattern.stop_when) if pattern else [],
        "cautions": [why.how or why.text for why in step.verdict.why if why.level in ("modify", "ask")],
        "grade": step.grade,
        "retest": _retest(step),
        "closed": closing(step, now),
    }


def closing(step: PlanStep, now: Current) -> str:
    """Why a step is closed, in words; empty while it is open."""
    if step.verdict.is_closed:
        return next((why.text for why in step.verdict.why if why.level == "stop"), "closed")
    agreed = set(now.consent.areas) if now.consent else set()
    touched = {step.region, *step.touches} - {"general"}
    if touched & set(now.body.excluded):
        return "not to be touched today"
    if step.stage == "treat" and not touched <= agreed:
        return "the client has not agreed to this area"
    return ""


def _other_side(now: Current, choice: Choice) -> str:
    found = found_on_other_side(now, choice) if choice.stage == "treat" else None
    return found.value if found else ""


def _retest(step: PlanStep) -> dict[str, Any] | None:
    if step.stage == "retest":
        instrument = instrument_of(step.target)
        return _retest_row(step.target, step.target_name, "", instrument)
    if step.retest is None:
        return None
    return _retest_row(step.retest.exam, step.retest.name, step.retest.baseline, instrument_of(step.retest.exam))


def _retest_row(exam: str, name: str, baseline: str, instrument: Instrument | None) -> dict[str, Any]:
    if exam == PRESSED_AGAIN:
        return {"exam": exam, "name": name, "baseline": "", "before": None, "unit": OF_10, "measured": True}
    number = re.match(r"-?\d+(?:\.\d+)?", baseline)
    unit = baseline[number.end() :].strip() if number else instrument.unit if instrument else ""
    return {
        "exam": exam,
        "name": name,
        "baseline": baseline,
        "before": float(number[0]) if number else None,
        "unit": unit,
        "measured": number is not None or instrument is not None,
    }


def instrument_of(exam: str) -> Instrument | None:
    """The instrument whose values this examination measures; None where there is none.

    The same point pressed again is measured by the client's number, so by the scale of pain from 0 to 10.
    """
    if exam == PRESSED_AGAIN:
        return next((each for each in atlas().instruments if each.id == "instrument.nprs"), None)
    return next((each for each in atlas().instruments if each.exam == exam), None)


def closed_now(visit: Visit, steps: Sequence[Mapping[str, Any]], by: Member) -> dict[str, str]:
    """Steps of a session that must not be begun now by this therapist, with the reason: key -> words."""
    now = current_plan(visit, therapist=by)
    if now.closing:
        reason = now.closing[0].name
        return {str(step["key"]): reason for step in steps}
    choices = tuple(_choice(step) for step in steps)
    overrides = {(c.target, c.side, c.technique): c.override for c in now.plan.choices}
    choices = tuple(replace(c, override=overrides.get((c.target, c.side, c.technique))) for c in choices)
    body: Body = replace(now.body, choices=choices, edited=True)
    fresh = judged(visit, body, max(now.number, 1), therapist=by)
    found = zip(steps, fresh.plan.steps, strict=True)
    return {str(row["key"]): why for row, step in found if (why := closing(step, fresh))}


def _choice(step: Mapping[str, Any]) -> Choice:
    return Choice(
        stage=step["stage"],
        target=step["target"],
        side=Side(step["side"]),
        technique=step["technique"],
        position=step["position"],
        seconds=step["seconds"],
    )
