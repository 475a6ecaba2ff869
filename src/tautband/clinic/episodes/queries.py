"""Reading goals for the rooms below. The caller has passed the chart's gate."""

from tautband.clinic.episodes.models import Goal
from tautband.clinic.people.models import Client


def open_goals(client: Client) -> list[str]:
    """What a client wants and has not reached, of problems that are open, in their words."""
    found = Goal.objects.filter(episode__client=client, episode__closed_at=None, state=Goal.State.OPEN)
    return list(found.values_list("text", flat=True))
