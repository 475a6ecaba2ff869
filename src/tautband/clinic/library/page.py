"""The page of one record: cards of facts, pictures, what looks the same, who speaks of it, sources."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe

from tautband.clinic.library import pictures, similar, words
from tautband.clinic.library.facts import Cited, Group, Line, Piece, Teller, cited, field_sources, home_dose, sources_of
from tautband.knowledge import Atlas, packaged_folder
from tautband.knowledge.records import Education, Fact, FieldPart, Muscle, Record, Selfcare
from tautband.knowledge.walk import facts_of, is_read
from tautband.surface import picture_svg
from tautband.terms.ids import kind_of

RANKED = frozenset({"muscle", "entrapment", "root", "joint", "tissue", "flag", "nerve"})


def address(id: str) -> str:
    """Where the page of a thing is."""
    return reverse("library:thing", args=[id])


def of_record(atlas: Atlas, id: str) -> dict[str, Any]:
    """Context of the page of a record."""
    record = atlas.records[id]
    kind = kind_of(id)
    shown = _figures(atlas, record)
    points = _points(atlas, record)
    plates = [plate for figure in (*shown, *(p["shown"] for p in points)) for plate in figure["picture"].plates]
    facts = list(facts_of(record))
    place = atlas.written[id]
    return {
        "id": id,
        "kind": kind,
        "record": record,
        "region": str(getattr(record, "region", "")),
        "own": place.folder != str(packaged_folder()),
        "file": place.file,
        "parts": Teller(atlas, record).parts(),
        "figures": shown,
        "points": points,
        "bases": pictures.bases(plates),
        "rivals": similar.rivals(atlas, id) if kind in RANKED else (),
        "written_rivals": _written_rivals(atlas, record),
        "exams": _exams(atlas, record),
        "links": _links(atlas, id),
        "sources": sources_of(atlas, record),
        "facts": len(facts),
        "facts_read": sum(is_read(record, fact) for _place, fact in facts),
        "differ": _differ(record),
        # Drawn only when the page is.
        "poses": partial(poses, record) if isinstance(record, Selfcare) else (),
        "handed_out": kind in words.HANDED_OUT,
    }


def _figures(atlas: Atlas, record: Record) -> list[dict[str, Any]]:
    """The pictures on top: a root shows skin and pain apart, others all in one."""
    if kind_of(record.id) == "root":
        made = [
            (key, pictures.of_key(atlas, record.id, key))
            for key in ("dermatome", "pain_field")
            if getattr(record, key, ())
        ]
    else:
        made = [("", pictures.whole(atlas, record))]
    return [
        {"key": key, "picture": picture, "cited": _field_group(record, _parts_of(record, key))}
        for key, picture in made
        if picture
    ]


def _parts_of(record: Record, key: str) -> list[FieldPart]:
    if key:
        return list(getattr(record, key))
    return [fact for _place, fact in facts_of(record) if isinstance(fact, FieldPart)]


def _field_group(record: Record, parts: Iterable[FieldPart]) -> Group:
    return Group((), field_sources(record, parts))


def _points(atlas: Atlas, record: Record) -> list[dict[str, Any]]:
    """The trigger points of a muscle, each with its picture, places and sources."""
    found = []
    for number, point in enumerate(record.trigger_points if isinstance(record, Muscle) else (), 1):
        picture = pictures.of_point(atlas, point.id)
        assert picture  # a point has at least one part
        common = point.commonness
        found.append(
            {
                "number": number,
                "point": point,
                "shown": {"picture": picture},
                "group": _field_group(record, point.refers_to),
                "common": Group((Line((Piece(common.word.replace("_", " ")),), common.note),), cited(record, common.by))
                if common
                else None,
                "notes": [part.note for part in point.refers_to if part.note],
            }
        )
    return found


def _differ(record: Record) -> str:
    """How far the picture may be taken for one person."""
    return "read" if any(is_read(record, fact) for _p, fact in facts_of(record) if isinstance(fact, FieldPart)) else ""


def _written_rivals(atlas: Atlas, record: Record) -> Group | None:
    """Rivals the file names that have no drawn field to compare."""
    drawn = similar.skins(atlas).index
    named = [link for link in getattr(record, "rivals", ()) if atlas.current(link.to) not in drawn]
    if not named:
        return None
    teller = Teller(atlas, record)
    return Group(
        tuple(Line((teller.link(link.to),), link.note) for link in named),
        cited(record, dict.fromkeys(key for link in named for key in link.by)),
    )


def _exams(atlas: Atlas, record: Record) -> list[tuple[str, str]]:
    """Examinations that say something of it, those with a study first."""
    ids = [record.id, *(p.id for p in getattr(record, "trigger_points", ()))]
    exams = dict.fromkeys(exam for id in ids for exam in atlas.exams_of(id) if exam in atlas.records)
    studied = {exam: _studied(atlas.records[exam], ids) for exam in exams}
    return sorted(((exam, studied[exam]) for exam in exams), key=lambda pair: (not pair[1], atlas.name(pair[0])))


def _studied(exam: Record, ids: list[str]) -> str:
    for fact in getattr(exam, "accuracy", ()):
        if set(ids) & set(fact.sources):
            return f"{round(100 * fact.sensitivity)} / {round(100 * fact.specificity)}"
    return ""


def _links(atlas: Atlas, id: str) -> list[tuple[str, list[str]]]:
    """Who else speaks of it, by kind; examinations have their own card."""
    names = {id, *(p.id for p in getattr(atlas.records[id], "trigger_points", ()))}
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in names:
        for mention in atlas.mentioned.get(name, ()):
            if kind_of(mention.by) != "exam" and mention.by != id:
                found[kind_of(mention.by)][mention.by] = None
    return [(kind, sorted(found[kind], key=atlas.name)) for kind in words.KINDS if kind in found]


def for_client(atlas: Atlas, id: str) -> dict[str, Any]:
    """Context of the page a client takes home: plain words, and which of them we have checked."""
    record = atlas.records[id]
    assert isinstance(record, Muscle)
    picture = pictures.whole(atlas, record)

    def split(facts: Iterable[Fact]) -> dict[str, list[str]]:
        every = [(getattr(fact, "text", ""), is_read(record, fact)) for fact in facts]
        return {"read": [text for text, read in every if read], "unread": [text for text, read in every if not read]}

    return {
        "record": record,
        "picture": picture,
        "bases": pictures.bases(picture.plates if picture else ()),
        "set_off": split((*record.activated_by, *record.perpetuated_by)),
        "home": split(record.self_care),
    }


def poses(record: Selfcare) -> list[dict[str, str]]:
    """The drawn positions of an exercise, each with the name of its moment (start, end); one where one tells it."""
    shown = record.positions or (record.position,)
    return [
        {
            "name": position.name,
            "svg": mark_safe(picture_svg(position.as_pose(), label=record.name.plain)),  # noqa: S308 (our own drawing)
        }
        for position in shown
    ]


def home_page(atlas: Atlas, record: Selfcare) -> dict[str, Any]:
    """Context of the page of one exercise for a client: figure, steps, how much, how to take care."""
    return {"record": record, "poses": poses(record), "dose": home_dose(record.dose)}


def lesson(atlas: Atlas, record: Education) -> dict[str, Any]:
    """Context of a page of education: passages with whether what they state was read, and when to ring."""
    passages = [(passage, is_read(record, passage)) for passage in record.passages]
    return {"record": record, "passages": passages, "selfcare": record.selfcare}


__all__ = ["Cited", "address", "for_client", "home_page", "lesson", "of_record"]
