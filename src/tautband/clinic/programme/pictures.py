"""Pictures of things to do: the body in position, on the client's side, with the place where it is felt."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tautband.clinic.treatments.positions import felt_field
from tautband.knowledge import atlas
from tautband.knowledge.records import Position, Selfcare
from tautband.surface import Position as Pose
from tautband.surface import picture_svg, view_showing
from tautband.terms.sides import Side

UPPER = frozenset({"head_jaw", "neck", "shoulder", "upper_back", "thorax", "arm_elbow"})
"""Regions whose things are shown close up where somebody stands or sits."""


@dataclass(frozen=True)
class Picture:
    """One position. `name` says its moment (start, end) where there are two; `label` is its text alternative."""

    name: str
    svg: SafeString
    label: str


def pictures(record: Selfcare, side: Side) -> list[Picture]:
    """The positions of a thing on this side; both sides and none are shown on the right."""
    shown = record.positions or (record.position,)
    return [_picture(record, position, side) for position in shown]


def first(record: Selfcare, side: Side) -> Picture:
    """The picture for a list."""
    return _picture(record, record.position, side)


def _picture(record: Selfcare, position: Position, side: Side) -> Picture:
    pose = Pose.read(position.as_pose())
    pose = pose.mirrored() if side is Side.LEFT else pose
    felt = felt_field(position.felt or record.position.felt, side)
    label = _label(record, position)
    view = view_showing(pose, felt) if felt is not None else None
    tints = {"felt": felt} if felt is not None else {}
    svg = picture_svg(pose, view, tints=tints, label=label, upper=record.region in UPPER)
    return Picture(position.name, mark_safe(svg), label)  # noqa: S308 (our own drawing)


def _label(record: Selfcare, position: Position) -> str:
    where = felt_words(record)
    name = record.name.plain[:1].upper() + record.name.plain[1:]
    moment = f", {position.name}" if position.name else ""
    return _("%(name)s%(moment)s. Felt here: %(where)s") % {"name": name, "moment": moment, "where": where}


def felt_words(record: Selfcare) -> str:
    """Where it is felt, in plain words; empty where it is felt nowhere in particular."""
    known = atlas()
    names = [known.plain_name(id) for id in record.position.felt if id in known]
    return ", ".join(dict.fromkeys(names))
