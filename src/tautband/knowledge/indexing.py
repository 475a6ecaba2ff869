"""Joining folders into one atlas and building its indexes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tautband.knowledge.atlas import Atlas, Mention
from tautband.knowledge.problems import Problem
from tautband.knowledge.reading import FilePlace, Shelf
from tautband.knowledge.records import Area, FieldPart, Muscle, Record, Source, TriggerPoint
from tautband.knowledge.walk import ids_in, walk
from tautband.knowledge.words import fold
from tautband.terms.ids import kind_of


def build(shelves: Iterable[Shelf]) -> Atlas:
    """Join shelves (a later one replaces things of the same id) and index them."""
    records: dict[str, tuple[Record, FilePlace]] = {}
    sources: dict[str, tuple[Source, FilePlace]] = {}
    areas: dict[str, tuple[Area, FilePlace]] = {}
    retired: dict[str, str] = {}
    problems: list[Problem] = []
    for shelf in shelves:
        records |= shelf.records
        sources |= shelf.sources
        areas |= shelf.areas
        retired |= shelf.retired
        problems += shelf.problems
    things = {id: records[id][0] for id in sorted(records) if id not in retired}
    points = _points(things, records, problems)
    written = {id: place for held in (records, areas) for id, (_, place) in held.items()}
    written |= {id: records[muscle][1] for id, (_, muscle) in points.items()}
    written |= {f"source:{key}": place for key, (_, place) in sources.items()}
    places = {id: area for id, (area, _) in sorted(areas.items()) if id not in retired}
    return Atlas(
        records=things,
        points=points,
        sources={key: source for key, (source, _) in sorted(sources.items())},
        areas=places,
        retired=retired,
        written=written,
        problems=tuple(problems),
        by_kind=_grouped((kind_of(id), id) for id in things),
        by_region=_grouped(_regions(things)),
        by_target=_grouped((target, id) for id, r in things.items() for target in getattr(r, "targets", ())),
        by_name=_grouped(_names(things, places)),
        by_landmark=_grouped(_landmarks(things)),
        by_citation=_grouped((key, id) for id, record in things.items() for key in record.cites),
        mentioned=_mentioned(things),
    )


def _points(
    things: dict[str, Record], records: dict[str, tuple[Record, FilePlace]], problems: list[Problem]
) -> dict[str, tuple[TriggerPoint, str]]:
    points: dict[str, tuple[TriggerPoint, str]] = {}
    for id, record in things.items():
        for point in record.trigger_points if isinstance(record, Muscle) else ():
            if point.id in points:
                place = records[id][1]
                message = f"The point {point.id!r} is already written in {points[point.id][1]}."
                cure = "Number the points of a muscle trp.<muscle>.1, .2, ..."
                problems.append(Problem("duplicate_id", message, cure, file=place.file, about=id, folder=place.folder))
            else:
                points[point.id] = (point, id)
    return points


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for key, id in pairs:
        groups[key][id] = None
    return {key: tuple(ids) for key, ids in groups.items()}


def _regions(things: dict[str, Record]) -> Iterator[tuple[str, str]]:
    for id, record in things.items():
        region = getattr(record, "region", "")
        if region:
            yield region, id


def names_of(record: Record) -> tuple[str, ...]:
    """Every name a record goes by, those of the single muscles it describes included."""
    singles = record.singles if isinstance(record, Muscle) else ()
    inner = (name for single in singles for name in (single.name, single.la, *single.synonyms))
    return tuple(n for n in (record.name.en, record.name.la, record.name.plain, *record.synonyms, *inner) if n)


def _names(things: dict[str, Record], areas: dict[str, Area]) -> Iterator[tuple[str, str]]:
    for id, record in things.items():
        for name in names_of(record):
            yield fold(name), id
    for id, area in areas.items():
        for name in (area.plain, area.clinical, *area.phrases):
            if name:
                yield fold(name), id


def _landmarks(things: dict[str, Record]) -> Iterator[tuple[str, str]]:
    for id, record in things.items():
        for _, part in walk(record):
            if isinstance(part, FieldPart):
                for landmark in part.tube or (part.blob,):
                    yield str(landmark), id


def _mentioned(things: dict[str, Record]) -> dict[str, tuple[Mention, ...]]:
    found: dict[str, dict[Mention, None]] = defaultdict(dict)
    for id, record in things.items():
        for place, other in ids_in(record):
            found[other][Mention(id, str(place[0]))] = None
    return {other: tuple(mentions) for other, mentions in found.items()}
