"""What is given to clients is safe and honest: no self-pressure at endangered places, nothing called known unread."""

from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.walk import is_read
from tautband.terms.ids import kind_of

# Muscles that can only be reached through the front of the neck, the armpit, the groin or the hollow of the knee.
NOT_BY_ONESELF = frozenset(
    f"muscle.{name}"
    for name in (
        "sternocleidomastoid",
        "scalene_anterior",
        "scalene_medius",
        "scalene_minimus",
        "scalene_posterior",
        "longus_colli",
        "longus_capitis",
        "infrahyoids",
        "thyrohyoid",
        "geniohyoid",
        "digastric",
        "mylohyoid",
        "stylohyoid",
        "subscapularis",
        "coracobrachialis",
        "subclavius",
        "psoas_major",
        "psoas_minor",
        "iliacus",
        "pectineus",
        "popliteus",
        "plantaris",
        "levator_ani",
        "coccygeus",
        "lateral_pterygoid",
        "medial_pterygoid",
    )
)
NOT_PRESSED = frozenset(
    {"area.neck_front", "area.throat", "area.armpit", "area.groin", "area.knee_back", "area.above_collarbone"}
)


def self_pressure_is_safe(atlas: Atlas) -> Iterator[Problem]:
    """No self-pressure at the front of the neck, the armpit, the groin, the hollow of the knee."""
    for item in atlas.selfcare:
        if item.sort == "self_release":
            named = {*item.serves, *item.position.felt, *(id for p in item.positions for id in p.felt)}
            for id in sorted(named & (NOT_BY_ONESELF | NOT_PRESSED)):
                message = f"Self-pressure is given for {id!r}."
                cure = "Give a stretch or leave it to the therapist; these places hold vessels and nerves."
                yield problem_at(atlas, item.id, ("serves",), "unsafe_self_pressure", message, cure)


def known_is_read(atlas: Atlas) -> Iterator[Problem]:
    """What a page calls known rests on something that was read."""
    for id, record in atlas.records.items():
        for number, claim in enumerate(getattr(record, "claims", ())):
            if claim.stance == "known" and not is_read(record, claim):
                message = f"{claim.text[:60]!r} is called known and nobody read its source."
                cure = "Read the source and say where, or write `stance: convention` or `unknown`."
                yield problem_at(atlas, id, ("claims", number), "known_unread", message, cure)


def helps_are_of_their_kind(atlas: Atlas) -> Iterator[Problem]:
    """Lists of ids hold the kind they are named for."""
    kinds = {"guards": "guard", "flags": "flag", "selfcare": "selfcare", "protocols": "protocol", "factors": "factor"}
    kinds |= {"techniques": "technique", "exams": "exam", "conditions": "condition"}
    for id, record in atlas.records.items():
        for key, kind in kinds.items():
            for other in getattr(record, key, ()):
                if isinstance(other, str) and kind_of(other) != kind:
                    message = f"{other!r} stands under `{key}`."
                    yield problem_at(atlas, id, (key,), "wrong_kind", message, f"Name a {kind} there.")


RULES = (self_pressure_is_safe, known_is_read, helps_are_of_their_kind)
