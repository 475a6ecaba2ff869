"""Drawn fields of atlas records, in the form the body surface paints."""

from collections.abc import Iterable, Iterator
from typing import Any

from tautband.knowledge.records import FieldPart, Record

FIELD_KEYS = ("field", "dermatome", "pain_field")


def fields_of(record: Record) -> Iterator[tuple[str, tuple[str | int, ...], tuple[FieldPart, ...]]]:
    """Yield every drawn field of a record: the id it belongs to, its place in the file, its parts."""
    for number, point in enumerate(getattr(record, "trigger_points", ())):
        yield point.id, ("trigger_points", number, "refers_to"), point.refers_to
    for key in FIELD_KEYS:
        parts = getattr(record, key, ())
        if parts:
            yield record.id, (key,), parts


def paintable(parts: Iterable[FieldPart]) -> list[dict[str, Any]]:
    """Parts as `tautband.surface.field_from_parts` takes them; one radius serves a whole tube."""
    painted = []
    for part in parts:
        place: dict[str, Any] = {"blob": part.blob} if part.blob else {"tube": part.tube}
        radius: Any = part.radius_cm[0] if len(part.radius_cm) == 1 else part.radius_cm
        if part.toward:
            place |= {"toward": part.toward, "stretch": part.stretch}
        painted.append({"kind": part.kind, "radius_cm": radius, "side": part.side, **place})
    return painted
