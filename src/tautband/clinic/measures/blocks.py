"""What this room adds to the pages of people."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.measures import queries, words
from tautband.clinic.people.models import Client

MOST = 4


def client_measures(request: HttpRequest, client: Client) -> dict[str, Any]:
    """The newest lines with their verdict, and the way to more."""
    lines = [words.line_of(series) for series in queries.series_of(client)]
    return {"lines": lines[:MOST], "measures_summary": words.summary_of(lines), "more_lines": len(lines) - MOST}
