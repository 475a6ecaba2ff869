"""What the diary does by itself, hour by hour."""

from tautband.clinic.diary.actions import clear_ended_holds
from tautband.clinic.errands.actions import every


@every("diary.clear_holds", hours=1)
def clear_holds(*, slot: str) -> None:
    """Forget times that were kept for nobody."""
    clear_ended_holds()
