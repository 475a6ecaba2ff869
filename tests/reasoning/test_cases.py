"""Published cases: every one is answered, dangers are raised, needless alerts are counted, and nothing peeks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tautband.cli.rank import answer_case
from tautband.findings.casefile import read_case
from tautband.reasoning import Reasoner

CASES = [
    json.loads(line)
    for line in (Path(__file__).resolve().parents[1] / "cases" / "published.jsonl").read_text("utf-8").splitlines()
]
DANGERS = [case for case in CASES if any(a["type"] == "red_flag" for a in case["answer"])]
OTHERS = [case for case in CASES if case not in DANGERS]


@pytest.fixture(scope="module")
def answers(real_reasoner: Reasoner) -> dict[str, dict[str, Any]]:
    return {case["id"]: answer_case(case, real_reasoner, with_palpation=False) for case in CASES}


def test_every_case_gets_an_answer_of_the_right_form(answers: dict[str, dict[str, Any]]) -> None:
    assert len(answers) == len(CASES) == 64
    for line in answers.values():
        assert "error" not in line
        assert len(line["ranked"]) <= 10
        for row in line["ranked"]:
            assert 0 <= row["probability"] <= 1
            assert row["side"] in {"left", "right", None}
        assert all(a["urgency"] in {"emergency", "same_day", "urgent_days", "routine"} for a in line["alerts"])


def test_dangers_alert_and_the_rest_mostly_does_not(answers: dict[str, dict[str, Any]]) -> None:
    """Sensitivity and needless alerts are read together: silence and crying wolf both fail."""
    raised = sum(bool(answers[case["id"]]["alerts"]) for case in DANGERS) / len(DANGERS)
    needless = sum(bool(answers[case["id"]]["alerts"]) for case in OTHERS) / len(OTHERS)
    assert raised >= 0.6
    assert needless <= 0.2


def test_palpation_changes_no_alert(real_reasoner: Reasoner, answers: dict[str, dict[str, Any]]) -> None:
    """What hands find in muscles neither raises nor silences a rule."""
    for case in DANGERS:
        felt = answer_case(case, real_reasoner, with_palpation=True)
        without = {alert["target"] for alert in answers[case["id"]]["alerts"]}
        assert without <= {alert["target"] for alert in felt["alerts"]}


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: case["id"])
def test_what_may_not_be_read_has_no_influence(case: dict[str, Any], real_reasoner: Reasoner) -> None:
    hidden = {
        "citation": "Carpal tunnel syndrome",
        "source": "x",
        "body": "lower",
        "area": "foot_ankle",
        "info": "thin",
    }
    altered = {**case, **hidden, "answer": [], "answer_confidence": "low"}
    assert read_case(case, True) == read_case(altered, True)
    same = ("ranked", "alerts", "unresolved", "next_tests")
    one, two = (answer_case(c, real_reasoner, with_palpation=True) for c in (case, altered))
    assert {key: one[key] for key in same} == {key: two[key] for key in same}
