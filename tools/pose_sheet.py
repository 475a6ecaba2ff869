"""A page of positions to be looked at, whenever the rig, the drawing or a base position changes.

python tools/pose_sheet.py FILE.html        every base position, one joint at a time, and common exercises
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

from tautband.surface import FIGURES, Position, Prop, picture_svg  # noqa: E402
from tautband.surface.posing import BASES, MOTIONS, joints_of  # noqa: E402

MIDLINE = ("head", "neck", "thoracic", "lumbar", "trunk", "pelvis")
EXERCISES = {
    "straight leg raise, strap": Position(
        "supine",
        joints_of([("hip", "left", "flexion", 80), ("shoulder", "left", "flexion", 60)]),
        (Prop("strap", "left"),),
    ),
    "wall squat": Position(
        "standing",
        joints_of([("hip", "bilateral", "flexion", 70), ("knee", "bilateral", "flexion", 80)]),
        (Prop("wall"),),
    ),
    "hip hinge": Position("standing", joints_of([("hip", "bilateral", "flexion", 60)])),
    "bridge": Position(
        "supine", joints_of([("hip", "bilateral", "extension", 5), ("knee", "bilateral", "flexion", 88)])
    ),
    "cat": Position("quadruped", joints_of([("trunk", "midline", "flexion", 45)])),
    "child's pose": Position(
        "kneeling",
        joints_of(
            [
                ("hip", "bilateral", "flexion", 125),
                ("knee", "bilateral", "flexion", 150),
                ("trunk", "midline", "flexion", 30),
                ("shoulder", "bilateral", "flexion", 160),
            ]
        ),
    ),
    "on the couch": Position("prone", (), (Prop("table"),)),
    "step": Position(
        "standing",
        joints_of([("hip", "right", "flexion", 55), ("knee", "right", "flexion", 70)]),
        (Prop("step", "right"),),
    ),
}
STYLE = (
    "body{margin:0;display:grid;grid-template-columns:repeat(6,1fr);font:13px sans-serif;background:#fff}"
    "figure{margin:4px}"
    "svg{width:100%;height:260px}.sil{fill:#eff2ef}.s1{fill:#7f9490;opacity:.2}"
    ".ln,.ol,.prop-line{fill:none;stroke:#4a5b5c}"
    ".ln,.ol{stroke-width:2.6}.prop{fill:#e0e8e5;stroke:#4a5b5c;stroke-width:2}.prop-line{stroke-width:3}"
    ".cloth{stroke:#0e5c50}"
)


def positions() -> dict[str, Position]:
    """Everything worth a look, by caption."""
    found = {base: Position(base) for base in BASES}
    for joint, motions in MOTIONS.items():
        for motion in motions:
            sided = joint not in MIDLINE or motion in ("lateral_flexion", "rotation")
            angle = joints_of([(joint, "left" if sided else "midline", motion, 30)])
            found[f"{joint} {motion} 30"] = Position("standing", angle)
    return found | EXERCISES


def main() -> None:
    cells = [(name, picture_svg(position, label=name)) for name, position in positions().items()]
    cells += [(figure, picture_svg(Position(), "front", figure=figure)) for figure in FIGURES]
    body = "".join(f"<figure>{svg}<figcaption>{name}</figcaption></figure>" for name, svg in cells)
    Path(sys.argv[1]).write_text(f"<!doctype html><style>{STYLE}</style>{body}", encoding="utf-8")


if __name__ == "__main__":
    main()
