"""Weeks of invented history for the demo clients: visits, words, drawings, findings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tautband.clinic.charts import actions
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member, Practice


def make_visits(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Write the history."""
    for slug, client in clients.items():
        actions.open_visit(by=by, client=client, at=now - timedelta(days=7))


def forget_visits(*, practice: Practice) -> None:
    """Delete all visits of the practice's clients with what they hold; their clients go next."""
    Visit.objects.filter(client__practice=practice).delete()
