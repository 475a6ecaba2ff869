"""Where hands come to lie: the regions a target is touched in, and the positions that words name."""

import re
from functools import lru_cache

from tautband.knowledge import Atlas
from tautband.knowledge.records import Muscle
from tautband.surface import UnknownLandmark, landmark, landmark_vertex, zone_of_vertex
from tautband.terms.sides import Side

_REGION_OF_PART = {
    "head": "head_jaw",
    "neck": "neck",
    "shoulder": "shoulder",
    "scapula": "shoulder",
    "arm": "arm_elbow",
    "elbow": "arm_elbow",
    "forearm": "forearm_hand",
    "wrist": "forearm_hand",
    "hand": "forearm_hand",
    "chest": "thorax",
    "belly": "abdomen",
    "buttock": "hip_buttock",
    "hip": "hip_buttock",
    "pelvis": "pelvis",
    "thigh": "thigh",
    "knee": "knee",
    "leg": "leg",
    "ankle": "ankle_foot",
    "foot": "ankle_foot",
}
_LOW_BACK = ("t12_l1", "l2_l3", "l4_l5")
_POSITIONS = {
    "prone": r"\bprone\b|face down",
    "supine": r"\bsupine\b|on the back\b|face up",
    "side_lying": r"side-lying|side lying|on the (?:other )?side\b",
    "seated": r"\bseated\b|\bsitting\b|\bsits?\b",
    "standing": r"\bstanding\b|\bstands?\b",
}


@lru_cache(maxsize=1024)
def regions_touched(target: str, atlas: Atlas) -> frozenset[str]:
    """Every region hands touch when they treat a target: its own, and those its points lie in.

    A muscle that crosses a border belongs to both sides of it: who does not want the neck touched means the upper
    trapezius too, whatever chapter it stands in. Things without a place touch none.
    """
    record = atlas.record(target)
    own = getattr(record, "region", "general")
    found = set() if own == "general" else {own}
    if isinstance(record, Muscle):
        points = [p for p in record.trigger_points if target in (record.id, p.id)] or list(record.trigger_points)
        found |= {region for point in points if (region := _region_at(point.landmark))}
    return frozenset(found)


def _region_at(name: str) -> str:
    zone = zone_at(name)
    return region_of_zone(zone) if zone else ""


def zone_at(name: str) -> str:
    """The chart zone a landmark lies in, without side; empty for a landmark nobody placed."""
    try:
        place = landmark(name)
    except UnknownLandmark:
        return ""
    zone = zone_of_vertex(landmark_vertex(name, Side.RIGHT if place.paired else Side.MIDLINE))
    return str(getattr(zone, "id", zone)).partition("/")[0]


def region_of_zone(zone: str) -> str:
    """The region a chart zone lies in; a side behind it does not matter."""
    _, part, *rest = zone.partition("/")[0].split(".")
    if part == "hip" and rest == ["front"]:
        return "thigh"
    if part == "back":
        return "low_back" if rest and rest[0].startswith(_LOW_BACK) else "upper_back"
    return _REGION_OF_PART.get(part, "")


@lru_cache(maxsize=512)
def positions_in(words: str) -> frozenset[str]:
    """Positions of the client that these words name: "prone or side-lying" names two; none where they name none."""
    return frozenset(name for name, pattern in _POSITIONS.items() if re.search(pattern, words.lower()))
