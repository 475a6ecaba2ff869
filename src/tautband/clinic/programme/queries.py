"""Reading programmes: through the gate of the chart for members, and each client their own."""

from tautband.clinic.people.models import Client
from tautband.clinic.programme.models import ProgrammeVersion


def programme_of(client: Client) -> ProgrammeVersion | None:
    """What the client has now; None before anything was given."""
    return client.programmes.filter(given=True).select_related("by", "visit").first()
