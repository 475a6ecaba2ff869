"""Pictures of the positions a step uses: the position of ease, and the stretch as the client knows it.

Angles of a picture are one example; the words beside it are the source's. Where there is no picture the words
stand alone.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tautband.knowledge import atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.records import Muscle, Position, Selfcare
from tautband.planning.steps import EASING, STRETCHING
from tautband.surface import Field, field_from_parts, landmarks, picture_svg, view_showing, zones
from tautband.surface import Position as Pose
from tautband.terms.sides import Side

FELT_CM = 4.0
SIDEWAYS = ("lateral_flexion", "rotation", "abduction", "adduction")


@dataclass(frozen=True)
class Shown:
    """One position: what it is for (ease, stretch), its words, its picture. `words` says where the picture is from."""

    kind: str
    words: str
    svg: SafeString

    @property
    def title(self) -> str:
        """What it is."""
        return {"ease": _("Position of ease"), "stretch": _("Stretch")}[self.kind]


def has_pictures(target: str, technique: str) -> bool:
    """Whether a step has a position to show; asks nothing to be drawn."""
    return bool(_poses(target, technique))


def positions_of(target: str, technique: str, side: Side) -> list[Shown]:
    """The positions of a step on its side; both sides and none are shown on the right."""
    shown = []
    for kind, position, words in _poses(target, technique):
        pose = Pose.read(position.as_pose())
        pose = pose.mirrored() if side is Side.LEFT else pose
        felt = felt_field((target,), side)
        svg = picture_svg(pose, _view(pose, felt), tints={"felt": felt} if felt else {}, label=words)
        shown.append(Shown(kind, words, mark_safe(svg)))  # noqa: S308 (our own drawing)
    return shown


def _view(pose: Pose, felt: Field | None) -> str | None:
    """From above for somebody who lies and is bent sideways or turned: from the side none of it is seen."""
    if pose.base not in ("supine", "prone"):
        return view_showing(pose, felt) if felt is not None else None
    return "above" if any(joint.motion in SIDEWAYS for joint in pose.joints) else None


def _poses(target: str, technique: str) -> list[tuple[str, Position, str]]:
    record = atlas().get(target) if target in atlas() else None
    if not isinstance(record, Muscle):
        return []
    found: list[tuple[str, Position, str]] = []
    if technique in EASING:
        found += [("ease", e.pose, e.position) for e in record.ease if e.pose is not None][:1]
    if technique in STRETCHING:
        found += [("stretch", s.pose, s.position) for s in record.stretch if s.pose is not None][:1]
        if not any(kind == "stretch" for kind, *_rest in found):
            known = stretches().get(target)
            if known is not None:
                found.append(("stretch", known.position, _("as at home: %(name)s") % {"name": known.name.plain}))
    return found


@lru_cache(maxsize=1)
def stretches() -> dict[str, Selfcare]:
    """The first stretch for home that serves a muscle."""
    made: dict[str, Selfcare] = {}
    for each in atlas().of(Selfcare):
        if each.sort == "stretch":
            for muscle in each.serves:
                made.setdefault(muscle, each)
    return made


@lru_cache(maxsize=512)
def felt_field(felt: tuple[str, ...], side: Side) -> Field | None:
    """The skin where it is felt: areas whole, muscles round their points; on the side that works."""
    known = atlas()
    shown = Side.LEFT if side is Side.LEFT else Side.RIGHT
    whole: Field | None = None
    for id in felt:
        piece = _area(id, shown) if id.startswith("area.") else _muscle(known.record(id), shown)
        if piece is not None:
            whole = piece if whole is None else whole | piece
    return whole


def _area(id: str, side: Side) -> Field | None:
    wanted = zones_in(id, atlas())
    found = [zone for zone in zones() if zone.id in wanted and zone.side in (side.value, Side.MIDLINE.value)]
    return Field.from_zones(found) if found else None


def _muscle(record: object, side: Side) -> Field | None:
    if not isinstance(record, Muscle) or not record.trigger_points:
        return None
    known = set(landmarks())
    marks = dict.fromkeys(point.landmark for point in record.trigger_points if point.landmark in known)
    parts = [{"kind": "essential", "blob": mark, "radius_cm": FELT_CM} for mark in marks]
    return field_from_parts(parts, side) if parts else None
