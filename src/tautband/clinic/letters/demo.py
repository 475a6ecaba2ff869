"""Letters of the demo practice go with it."""

from tautband.clinic.letters.models import Letter, Report
from tautband.clinic.people.models import Practice


def forget_letters(practice: Practice) -> None:
    """Delete the letters of the demo's visits."""
    Report.objects.filter(episode__client__practice=practice, episode__client__demo=True).delete()
    Letter.objects.filter(visit__client__practice=practice, visit__client__demo=True).delete()
