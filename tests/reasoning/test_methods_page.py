"""The methods page names every number of the policy, so that none is changed or added in silence."""

import dataclasses
from pathlib import Path

import pytest

from tautband.reasoning import POLICY

PAGE = (Path(__file__).parents[2] / "docs" / "methods" / "reasoning.md").read_text("utf-8")


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(POLICY)])
def test_every_number_of_the_policy_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", ["pain_essential", "drawing_alpha", "group_rho", "least_link", "weak_from_nerve"])
def test_single_numbers_stand_there_with_the_value_in_use(name: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1]]
    assert any(f"{getattr(POLICY, name):g}".removeprefix("0") in row for row in rows)
