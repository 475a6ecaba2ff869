"""What the room above remembers of treatment, for plans and notes below it.

remembering.add_history(past_doses)    # past_doses(client) -> PastDose values, of every finished session
remembering.add_done(done_at)          # done_at(visit) -> Done values, what was really done, in order
remembering.add_soreness(sore_visits)  # sore_visits(client) -> ids of visits after which it stayed sore past 48 hours
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client
from tautband.planning import History, PastDose


@dataclass(frozen=True)
class Done:
    """One thing that was done at the table, as one sentence for the note; `target` and `side` say of which step."""

    text: str
    side: str
    target: str
    at: datetime
    by: str


_histories: list[Callable[[Client], Iterable[PastDose]]] = []
_sore: list[Callable[[Client], Iterable[UUID]]] = []
_done: list[Callable[[Visit], Iterable[Done]]] = []


def add_history(source: Callable[[Client], Iterable[PastDose]]) -> None:
    """Let plans learn from these doses."""
    if source not in _histories:
        _histories.append(source)


def add_done(source: Callable[[Visit], Iterable[Done]]) -> None:
    """Let note drafts tell what was done."""
    if source not in _done:
        _done.append(source)


def add_soreness(source: Callable[[Client], Iterable[UUID]]) -> None:
    """Let dose histories know after which visits it stayed sore."""
    if source not in _sore:
        _sore.append(source)


def sore_visits(client: Client) -> frozenset[UUID]:
    """Visits after which the client was still sore two days later."""
    return frozenset(visit for source in _sore for visit in source(client))


def history_of(visit: Visit) -> History:
    """Doses given to this client before this visit: a plan learns from what is over, never from itself."""
    found = (dose for source in _histories for dose in source(visit.client))
    return History(tuple(dose for dose in found if dose.at < visit.opened_at))


def done_at(visit: Visit) -> list[Done]:
    """What was done at a visit, in order; empty where no session was run."""
    return [done for source in _done for done in source(visit)]
