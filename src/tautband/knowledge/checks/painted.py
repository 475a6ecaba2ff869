"""Fields painted on the body surface: they cover some skin, and not that of another limb."""

from collections.abc import Iterator
from importlib.util import find_spec

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import problem_at
from tautband.knowledge.drawn import fields_of, paintable
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import FieldPart
from tautband.knowledge.vocabulary import landmarks
from tautband.terms.sides import Side

_ARM = frozenset({"arm", "elbow", "forearm", "wrist", "hand"})
_LEG = frozenset({"thigh", "knee", "leg", "ankle", "foot"})
_HEAD = frozenset({"head"})
# Where a field of a source in this region cannot lie.
NOT_THERE: dict[str, frozenset[str]] = {
    **dict.fromkeys(("head_jaw", "neck", "shoulder", "arm_elbow", "forearm_hand", "thorax", "upper_back"), _LEG),
    **dict.fromkeys(("low_back", "abdomen", "pelvis", "hip_buttock"), _ARM | _HEAD),
    **dict.fromkeys(("thigh", "knee", "leg", "ankle_foot"), _ARM | _HEAD | frozenset({"neck", "shoulder", "chest"})),
}
MOST_ELSEWHERE = 0.1


def fields_cover_their_limb(atlas: Atlas) -> Iterator[Problem]:
    """Every field can be painted, covers skin, and lies where its source can be felt."""
    if find_spec("tautband.surface.parts") is None:
        return
    known = landmarks()
    for id, record in atlas.records.items():
        if getattr(record, "sort", "") == "general":
            continue
        region = str(getattr(record, "region", ""))
        for owner, place, parts in fields_of(record):
            if all(name in known for part in parts for name in part.tube or (part.blob or "",)):
                trouble = _trouble(parts, NOT_THERE.get(region, frozenset()))
                if trouble:
                    cure = "Check the landmarks, their order and the radius."
                    yield problem_at(atlas, id, place, "field_astray", f"The field of {owner} {trouble}.", cure)


def _trouble(parts: tuple[FieldPart, ...], not_there: frozenset[str]) -> str:
    # Imported here: numpy and the mesh are only needed when fields are painted.
    from tautband.surface import SurfaceError, field_from_parts, zones_of

    try:
        field = field_from_parts(paintable(parts), Side.LEFT)
    except SurfaceError as error:
        return f"cannot be painted: {error}"
    shares = [(zone.id.split(".")[1], share) for zone, share in zones_of(field)]
    if not shares:
        return "covers no skin"
    elsewhere = sum(share for segment, share in shares if segment in not_there)
    return f"lies {elsewhere:.0%} on another limb" if elsewhere > MOST_ELSEWHERE else ""


RULES = (fields_cover_their_limb,)
