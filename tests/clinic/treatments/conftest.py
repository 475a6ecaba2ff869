"""One hour with one client: a drawing, a story, results, ready for plan and note."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member
from tautband.surface import zones


def shoulder_marks(side: str = "right") -> list[dict[str, Any]]:
    """Pain on the front and outside of one shoulder."""
    places = [z.id for z in zones() if z.side == side and z.id.startswith("zone.shoulder")][:4]
    return [{"zone": place, "side": side, "layer": "pain", "intensity": 7} for place in places]


@pytest.fixture
def visit(therapist: Member, daniels_client: Client) -> Visit:
    """Ten minutes into a visit: Daniel has listened and tested."""
    opened = timezone.now() - timedelta(minutes=10)
    visit = charts.open_visit(by=therapist, client=daniels_client, at=opened)
    charts.save_story(by=therapist, visit=visit, text="By the second movement I can’t hold the bow up.")
    charts.save_drawing(by=therapist, visit=visit, marks=shoulder_marks())
    charts.record_finding(by=therapist, visit=visit, finding="exam.painful_arc", side="right", state="present")
    charts.record_finding(by=therapist, visit=visit, finding="exam.spurling", side="right", state="absent")
    return visit


@pytest.fixture
def note_data() -> Callable[..., dict[str, str]]:
    """The fields of a note form with everything filled."""

    def data(**changed: str) -> dict[str, str]:
        filled = {"subjective": "s", "objective": "o", "assessment": "a", "plan": "p", "said": "", "drafted": "{}"}
        return {**filled, "seen": "0", "key": "", **changed}

    return data
