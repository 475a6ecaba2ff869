"""Textbook dangers must alert, everyday clients must not: both written from findings, without free text.

The vignettes are not cases from the literature; they state what every clinician would expect of the rules. Everyday
clients are judged twice: with what they tell, and with every other question of the rules answered "no".
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Urgency
from tautband.reasoning import Answer, Reasoner
from tautband.reasoning.alerts import ORDER, findings_in
from tautband.terms.sides import Side

VIGNETTES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "support" / "vignettes.yaml").read_text(encoding="utf-8")
)
DANGERS, TYPICAL = VIGNETTES["danger"], VIGNETTES["typical"]
SIDES = {"left": Side.LEFT, "right": Side.RIGHT, "both": Side.BILATERAL}


def marks(vignette: dict[str, Any]) -> tuple[Mark, ...]:
    """The drawing of a vignette; a place without a side word is midline."""
    drawn = []
    for layer in (Layer.PAIN, Layer.NUMB, Layer.TINGLING):
        for words in vignette.get(layer.value, ()):
            *side, place = words.split()
            drawn.append(Mark(f"area.{place}", SIDES[side[0]] if side else Side.MIDLINE, layer))
    return tuple(drawn)


@lru_cache(maxsize=1)
def asked_by_rules() -> frozenset[str]:
    """Every finding that some rule names: what a thorough interview would ask."""
    return frozenset(id for flag in atlas().flags for rule in flag.rules for id in findings_in(rule.when))


def picture(vignette: dict[str, Any], asked_everything: bool = False) -> Picture:
    present = [f"exam.{name}" for name in vignette.get("present", ())]
    absent = {f"exam.{name}" for name in vignette.get("absent", ())}
    if asked_everything:
        absent |= asked_by_rules() - set(present)
    findings = [Finding(id) for id in present] + [Finding(id, state=State.ABSENT) for id in sorted(absent)]
    person = Person(vignette["age"], vignette["sex"])
    return Picture(person, Drawing(marks(vignette), complete=asked_everything), tuple(findings))


def told(answer: Answer) -> dict[str, Urgency]:
    return {alert.flag.removeprefix("flag."): alert.urgency for alert in answer.alerts}


def name(vignette: dict[str, Any]) -> str:
    return str(vignette["id"])


def known(knowledge: Atlas) -> set[str]:
    """Ids a vignette may use; retired ones are not among them."""
    return {exam.id for exam in knowledge.exams if exam.replaced_by is None}


def test_vignettes_name_only_what_exists() -> None:
    everything = known(atlas())
    for vignette in (*DANGERS, *TYPICAL):
        used = {f"exam.{n}" for key in ("present", "absent") for n in vignette.get(key, ())}
        assert used <= everything, f"{vignette['id']}: {sorted(used - everything)}"
        for mark in marks(vignette):
            assert within(mark.place, mark.place), f"{vignette['id']}: {mark.place}"


@pytest.mark.parametrize("vignette", DANGERS, ids=name)
def test_a_danger_alerts_at_least_as_urgently_as_expected(real_reasoner: Reasoner, vignette: dict[str, Any]) -> None:
    alerts = told(real_reasoner.consider(picture(vignette)))
    best = [ORDER.index(urgency) for flag, urgency in alerts.items() if flag in vignette["flags"]]
    assert best, f"none of {vignette['flags']} among {alerts}"
    assert min(best) <= ORDER.index(Urgency(vignette["urgency"])), str(alerts)


@pytest.mark.parametrize("asked_everything", [False, True], ids=["told", "asked"])
@pytest.mark.parametrize("vignette", TYPICAL, ids=name)
def test_an_everyday_client_raises_no_alert(
    real_reasoner: Reasoner, vignette: dict[str, Any], asked_everything: bool
) -> None:
    alerts = told(real_reasoner.consider(picture(vignette, asked_everything)))
    routine = {flag for flag, urgency in alerts.items() if urgency is Urgency.ROUTINE}
    assert set(alerts) <= routine & set(vignette.get("allowed", ())), str(alerts)
