"""What a drawing can come closer to: for the chart a part of the plate, for the painter points of the skin to frame."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tautband.surface import landmark_vertex, view_box
from tautband.terms.sides import Side


@dataclass(frozen=True)
class Part:
    """One close-up.

    key            also the chart's name of the part, where `views` are given
    words          what the button says
    views          chart views that show it; none where the flat chart has no such close-up
    sided          one of the right and one of the left
    points         landmarks that must be seen; none where only the chart shows it
    margin_m       air around them
    azimuth_deg    from where it is looked at first: 0 front, 180 back
    elevation_deg  from above (positive) or below
    cut_m          skin nearer than this before the middle is cut away, so that the thighs do not hide the saddle
    deep_m         skin farther than this behind the middle is left out, so that a sole stands alone
    """

    key: str
    words: str
    views: tuple[str, ...]
    sided: bool
    points: tuple[str, ...]
    margin_m: float
    azimuth_deg: float = 0
    elevation_deg: float = 0
    cut_m: float | None = None
    deep_m: float | None = None


FRONT_BACK = ("front", "back")
PARTS = (
    Part(
        "head", _("Head"), (*FRONT_BACK, "right", "left"), False, ("vertex", "chin", "inion", "nose_tip", "ear"), 0.03
    ),
    Part("face", _("Face"), (), False, ("forehead_mid", "chin", "zygoma"), 0.03),
    Part("mouth", _("Mouth"), (), False, ("nose_tip", "upper_lip_mid", "chin"), 0.02),
    Part("teeth", _("Teeth"), (), False, (), 0),
    Part(
        "neck_shoulders",
        _("Neck and shoulders"),
        FRONT_BACK,
        False,
        ("above_ear", "acromion", "t7", "sternum_mid"),
        0.04,
    ),
    Part("trunk", _("Trunk"), FRONT_BACK, False, ("c7", "acromion", "trochanter", "pubis"), 0.03),
    Part("low_back", _("Low back"), (), False, ("t12", "coccyx", "iliac_crest"), 0.06, 180),
    Part("pelvis", _("Hips"), FRONT_BACK, False, ("l3", "trochanter", "buttock_lower", "pubis"), 0.03),
    Part("saddle", _("Between the legs"), (), False, ("perineum", "pubis", "ischial_tuberosity"), 0.06, 0, -58, 0.11),
    Part("arm", _("Arm"), FRONT_BACK, True, ("acromion", "axilla", "wrist_ulnar", "thumb_tip", "middle_tip"), 0.025),
    Part(
        "hand",
        _("Hand"),
        FRONT_BACK,
        True,
        ("wrist_radial", "wrist_ulnar", "thumb_tip", "middle_tip", "little_tip"),
        0.02,
    ),
    Part(
        "knee", _("Knee"), FRONT_BACK, True, ("thigh_lateral_lower", "thigh_medial_lower", "shin_upper", "calf"), 0.03
    ),
    Part("leg", _("Leg"), FRONT_BACK, True, ("trochanter", "perineum", "heel", "great_toe", "little_toe"), 0.025),
    Part("foot", _("Foot"), FRONT_BACK, True, ("achilles", "heel", "great_toe", "little_toe"), 0.03, 0, 38),
    Part(
        "sole", _("Sole of the foot"), (), True, ("heel_plantar", "great_toe", "little_toe"), 0.03, 0, -80, None, 0.12
    ),
)
SIDE_VIEWS = ("foot", "leg", "knee", "arm")
"""Parts that the chart also shows from their own side."""


def close_ups() -> list[dict[str, Any]]:
    """Every close-up as the page's script reads it."""
    return [_close_up(part, side) for part in PARTS for side in ((Side.RIGHT, Side.LEFT) if part.sided else (None,))]


def _close_up(part: Part, side: Side | None) -> dict[str, Any]:
    boxes = {view: view_box(view, part.key, side or Side.LEFT) for view in part.views}
    if side and part.key in SIDE_VIEWS:
        boxes[side.value] = view_box(side.value, part.key, side)
    if part.key == "teeth":
        boxes["teeth"] = view_box("teeth")
    if part.key == "foot":
        boxes["soles"] = view_box("soles")
    sides = (side,) if side else (Side.LEFT, Side.RIGHT)
    return (
        {
            "key": f"{part.key}/{side}" if side else part.key,
            "part": part.key,
            "side": side.value if side else "",
            "words": str(part.words),
            "boxes": boxes,
            "vertices": sorted({landmark_vertex(name, each) for name in part.points for each in sides}),
            "marginM": part.margin_m,
            "azimuthDeg": part.azimuth_deg,
            "elevationDeg": part.elevation_deg,
        }
        | ({"cutM": part.cut_m} if part.cut_m else {})
        | ({"deepM": part.deep_m} if part.deep_m else {})
    )
