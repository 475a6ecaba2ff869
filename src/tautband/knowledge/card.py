"""One thing of the atlas as a card for people or as plain data: every fact with its sources, read or unread."""

import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.records import Area, Fact, FieldPart, Muscle, Record, TriggerPoint, When
from tautband.knowledge.walk import citations_of, facts_of
from tautband.terms.ids import kind_of

WIDTH = 100
_NOT_SAID = frozenset({"by", "note"})
_PLAIN_KEYS = frozenset({"text", "position", "how", "do", "to", "word", "structure"})


def card_json(atlas: Atlas, id: str) -> dict[str, Any]:
    """The card as plain data: names, facts with citations, and links from elsewhere."""
    id = atlas.current(id)
    thing = atlas.get(id)
    card: dict[str, Any] = {
        "id": id,
        "kind": kind_of(id),
        "name": atlas.name(id),
        "plain": atlas.plain_name(id),
    }
    if isinstance(thing, Area):
        return card | {"phrases": list(thing.phrases), "zones": list(thing.zones), "side": thing.side}
    record = atlas.record(id)
    card |= {
        "latin": record.name.la,
        "synonyms": list(record.synonyms),
        "region": str(getattr(record, "region", "")),
        "targets": list(getattr(record, "targets", ())),
        "details": _details(record),
        "facts": [_fact(atlas, record, about, fact) for about, fact in _facts(record, thing)],
    }
    links = _links(atlas, id)
    return card | {"links": links} if links else card


def card_text(atlas: Atlas, id: str) -> str:
    """The card as text, WIDTH columns wide."""
    card = card_json(atlas, id)
    title = f"{card['name']}  [{card['id']}]"
    lines = [title, "=" * len(title), f"in plain words: {card['plain']}"]
    if card["kind"] == "area":
        return "\n".join([*lines, f"phrases: {'; '.join(card['phrases'])}", f"zones: {', '.join(card['zones'])}"])
    for key in ("latin", "region"):
        if card[key]:
            lines.append(f"{key}: {card[key]}")
    for key in ("synonyms", "targets"):
        if card[key]:
            lines += _wrapped(f"{key}: {', '.join(card[key])}")
    for key, value in card["details"].items():
        lines += _wrapped(f"{key}: {value}")
    about = None
    for fact in card["facts"]:
        if fact["about"] != about:
            about = fact["about"]
            lines += ["", about]
        lines += _wrapped(f"- {fact['says']}", "  ")
        if fact["note"]:
            lines += _wrapped(f"note: {fact['note']}", "      ")
        lines += _wrapped(f"[{'; '.join(_cited(c) for c in fact['citations'])}]", "      ")
    for role, ids in card.get("links", {}).items():
        lines += ["", *_wrapped(f"{role}: {', '.join(ids)}")]
    return "\n".join([*lines, "", _tally(card["facts"])])


def say(fact: BaseModel) -> str:
    """One fact in words: its texts first, then the remaining keys with their values."""
    if isinstance(fact, FieldPart):
        return _say_field(fact)
    plain, rest = [], []
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if name in _NOT_SAID or value in (None, "", (), False):
            continue
        if name in _PLAIN_KEYS:
            plain.append(str(value))
        else:
            rest.append(f"{name.replace('_', ' ')}: {_value(value)}")
    return "; ".join([*plain, *rest])


def _say_field(part: FieldPart) -> str:
    where = part.blob or " -> ".join(part.tube or ())
    radius = "/".join(f"{r:g}" for r in part.radius_cm)
    side = " on the opposite side" if part.side == "opposite" else ""
    return f"{part.kind}: {where}{side} (radius {radius} cm)"


def _value(value: Any) -> str:
    if isinstance(value, When):
        return _say_when(value)
    if isinstance(value, BaseModel):
        return ", ".join(f"{k.replace('_', ' ')} {_value(v)}" for k, v in value if v not in (None, "", ()))
    if isinstance(value, tuple | list):
        return ", ".join(_value(v) for v in value)
    return str(value)


def _say_when(when: When) -> str:
    (key,) = when.model_fields_set
    value = getattr(when, key)
    if key in ("all", "any"):
        joint = " and " if key == "all" else " or "
        return "(" + joint.join(_say_when(w) for w in value) + ")"
    if key == "at_least":
        return f"at least {value.n} of ({'; '.join(_say_when(w) for w in value.of)})"
    if key == "present":
        return str(value)
    return f"{key.replace('_', ' ')} {_value(value)}"


def _details(record: Record) -> dict[str, str]:
    """Keys of the record that are no facts: method, how long, what it provokes."""
    skip = {"id", "name", "synonyms", "cites", "targets", "region", "replaced_by"}
    found = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in skip or value in (None, "", (), False) or _holds_facts(value):
            continue
        found[name.replace("_", " ")] = _value(value)
    return found


def _holds_facts(value: Any) -> bool:
    inner = value[0] if isinstance(value, tuple) and value else value
    return isinstance(inner, BaseModel)


def _facts(record: Record, thing: BaseModel) -> Iterator[tuple[str, Fact]]:
    if isinstance(thing, TriggerPoint):
        for place, fact in facts_of(thing):
            yield _about(thing, place), fact
        return
    for place, fact in facts_of(record):
        if place[0] == "trigger_points":
            point = getattr(record, place[0])[place[1]]
            yield f"trigger point {point.id} ({point.place})", fact
        else:
            yield _about(record, place), fact


def _about(record: BaseModel, place: tuple[str | int, ...]) -> str:
    if place[0] == "singles" and isinstance(record, Muscle) and isinstance(place[1], int):
        return f"{record.singles[place[1]].name}: {str(place[2]).replace('_', ' ')}"
    return str(place[0]).replace("_", " ")


def _fact(atlas: Atlas, record: Record, about: str, fact: Fact) -> dict[str, Any]:
    citations = []
    for citation in citations_of(record, fact):
        source = atlas.sources.get(citation.source)
        citations.append(
            {
                "source": citation.source,
                "at": citation.at,
                "read": str(citation.read) if citation.read else None,
                "grade": str(citation.grade),
                "citation": source.citation if source else "",
            }
        )
    return {
        "about": about,
        "says": say(fact),
        "note": fact.note,
        "read": any(c["read"] for c in citations),
        "citations": citations,
    }


def _cited(citation: dict[str, Any]) -> str:
    read = f"read: {citation['read']}" if citation["read"] else "unread"
    at = f", {citation['at']}" if citation["at"] else ""
    return f"{citation['source']}{at}; {citation['grade'].replace('_', ' ')}; {read}"


def _links(atlas: Atlas, id: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mention in atlas.mentioned.get(id, ()):
        found.setdefault(f"named by {kind_of(mention.by)} under {mention.role.replace('_', ' ')}", []).append(
            mention.by
        )
    return found


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)


def _tally(facts: list[dict[str, Any]]) -> str:
    read = sum(fact["read"] for fact in facts)
    return f"{len(facts)} facts, {read} with a source that was read."
