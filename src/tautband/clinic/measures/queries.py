"""Reading readings. The caller has passed the chart's gate."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.measures.examined import by_exam
from tautband.clinic.measures.models import Reading
from tautband.clinic.people.models import Client
from tautband.knowledge import atlas
from tautband.knowledge.records import Instrument
from tautband.outcomes import Point, Series

SIDES = ("right", "left")
BY_ACTIVITY = "instrument.psfs"
"""The instrument in which a client rates what they themselves want to be able to do."""
MADE = "instrument.exam."
"""How the id of an instrument begins that was made for an examination."""


def instrument(id: str) -> Instrument | None:
    """An instrument by its id; a retired id leads to its replacement. One made for an examination has that one's id."""
    known = atlas()
    if id.startswith(MADE):
        return by_exam(known).get(known.current(id.removeprefix("instrument.")))
    wanted = known.current(id)
    return next((each for each in known.instruments if each.id == wanted), None)


def series_of(client: Client) -> list[Series]:
    """Every line of readings of this client: those entered here, and values measured in examinations.

    The line with the newest reading first. A reading whose instrument the atlas lost is left out here; it stays in the
    record and in every export.
    """
    points: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for reading in Reading.objects.filter(client=client, taken_back_at=None):
        points[reading.instrument, reading.of].append(Point(reading.at, reading.value))
    for key, point in _measured(client):
        points[key].append(point)
    made = []
    for (id, of), found in points.items():
        known = instrument(id)
        if known is not None:
            made.append(Series.made(known, of, found))
    return sorted(made, key=lambda series: series.last.at, reverse=True)


def _measured(client: Client) -> list[tuple[tuple[str, str], Point]]:
    """Values that examinations left, as readings of the instrument that is taken by them."""
    taken = by_exam(atlas())
    rows = RecordedFinding.objects.filter(
        visit__client=client, ended_at=None, value__isnull=False, finding__in=taken
    ).order_by("at")
    return [
        ((taken[row.finding].id, _of(row)), Point(row.at, row.value or 0.0))
        for row in rows
        if row.unit == taken[row.finding].unit[:20]
    ]


def _of(row: RecordedFinding) -> str:
    known = atlas()
    place = known.plain_name(row.of) if row.of and row.of in known else ""
    side = row.side if row.side in SIDES else ""
    return ", ".join(part for part in (place, side) if part)


def readings_of(client: Client, id: str, of: str) -> list[Reading]:
    """All readings of one line, taken back ones too, the newest first."""
    found = Reading.objects.filter(client=client, instrument=id, of=of).select_related("by", "visit")
    return list(found.order_by("-at", "-id"))


_names: list[Callable[[Client], Iterable[str]]] = []


def add_activity_names(source: Callable[[Client], Iterable[str]]) -> None:
    """Let a room above say what a client wants to be able to do, so that it can be rated by its name."""
    if source not in _names:
        _names.append(source)


def last_answers(client: Client, id: str) -> list[tuple[str, float | None]]:
    """The named items of the last reading, such as activities, then what the client wants and has not rated yet."""
    last = Reading.objects.filter(client=client, instrument=id, taken_back_at=None).last()
    rated = [(str(name), value) for name, value in last.answers] if last else []
    there = {name.casefold() for name, _value in rated}
    wanted = [name for source in _names for name in source(client) if name.casefold() not in there]
    return [*rated, *((name[:80], None) for name in wanted)]


def ratings_of(client: Client, name: str) -> list[Point]:
    """How near a client was to one thing they want, 0 to 10, by its name in any reading, the oldest first."""
    found = []
    for reading in Reading.objects.filter(client=client, instrument=BY_ACTIVITY, taken_back_at=None):
        for activity, value in reading.answers:
            if value is not None and str(activity).casefold() == name[:80].casefold():
                found.append(Point(reading.at, float(value)))
    return found


def readings_at(visit: Visit) -> list[Reading]:
    """Readings kept in a visit, for its note."""
    return list(visit.readings.filter(taken_back_at=None))
