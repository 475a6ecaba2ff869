"""A visit of each therapist's client, and marks that are easy to reason about."""

from typing import Any

import pytest

from tautband.clinic.charts import actions
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member

SHOULDER = [
    {"zone": f"zone.{place}", "side": "right", "layer": "pain", "intensity": 6}
    for place in ("shoulder.front", "shoulder.side", "arm.proximal_lateral", "arm.proximal_anterior")
]
THUMB = [{"zone": "zone.hand.thumb_palmar", "side": "right", "layer": "tingling", "intensity": None}]


@pytest.fixture
def marks() -> list[dict[str, Any]]:
    """Pain of the right shoulder, tingling of the right thumb."""
    return [*SHOULDER, *THUMB]


@pytest.fixture
def visit(therapist: Member, daniels_client: Client) -> Visit:
    """Daniel's open visit with his client."""
    return actions.open_visit(by=therapist, client=daniels_client)


@pytest.fixture
def drawn(visit: Visit, therapist: Member, marks: list[dict[str, Any]]) -> Visit:
    """The same visit with a drawing."""
    actions.save_drawing(by=therapist, visit=visit, marks=marks)
    return visit
