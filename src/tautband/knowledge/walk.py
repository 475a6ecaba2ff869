"""Walking through a record: every form inside it with its place, and every id it mentions."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tautband.knowledge.records import Citation, Fact
from tautband.terms.ids import BadId, kind_of

Place = tuple[str | int, ...]


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every value below `value` (forms, texts, numbers) with its place, parents first."""
    yield place, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if inner is not None and inner != () and inner != "":
                yield from walk(inner, (*place, name))
    elif isinstance(value, tuple | list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*place, number))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*place, key))


def facts_of(record: BaseModel) -> Iterator[tuple[Place, Fact]]:
    """Yield every fact of a record with its place."""
    for place, value in walk(record):
        if isinstance(value, Fact):
            yield place, value


def texts_of(record: BaseModel) -> Iterator[tuple[Place, str]]:
    """Yield every plain text of a record (ids and citation keys left out) with its place."""
    for place, value in walk(record):
        if isinstance(value, str) and place and not _is_reference(place, value):
            yield place, value


def ids_in(record: BaseModel) -> Iterator[tuple[Place, str]]:
    """Yield every id of another thing that the record mentions, with its place."""
    own = getattr(record, "id", "")
    for place, value in walk(record):
        if isinstance(value, str) and place[-1:] != ("id",) and value != own and is_id(value):
            yield place, value


def citations_of(record: BaseModel, fact: Fact) -> tuple[Citation, ...]:
    """The citations a fact rests on, in the order written; unknown keys are left to `check`."""
    cites: dict[str, Citation] = getattr(record, "cites", {})
    return tuple(cites[key] for key in fact.by if key in cites)


def is_read(record: BaseModel, fact: Fact) -> bool:
    """Whether at least one of the fact's citations was read."""
    return any(citation.read for citation in citations_of(record, fact))


def is_id(text: str) -> bool:
    """Whether the text has the form of an id of a known kind."""
    if "." not in text or " " in text:
        return False
    try:
        kind_of(text)
    except BadId:
        return False
    return True


def _is_reference(place: Place, value: str) -> bool:
    return place[0] in {"cites", "targets", "id"} or place[-1] == "id" or "by" in place[1:] or is_id(value)
