"""The demo says how long it keeps its records, so that each chart shows until when. It goes with the practice."""

from typing import Any

from tautband.clinic.keeping import actions
from tautband.clinic.people.models import Member


def make_rule(*, by: Member, **_more: Any) -> None:
    """Ten years, as an invented code of practice asks."""
    actions.set_rule(by=by, years=10, adult_at_years=18, because="Invented code of practice, section 7")
