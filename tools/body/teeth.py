"""The teeth as a small chart of their own: two arches from the front, four quadrants, the client's right on the left.

On a closed mouth nothing of them is seen, so this chart is a scheme, the same for every figure.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from tools.body.mesh import Floats

WIDTH, HEIGHT = 400, 336
CENTRE_X = 200.0
UPPER, LOWER = (148.0, 128.0, 108.0), (188.0, 128.0, 108.0)  # y of the middle, outer half width and height
BAND = 0.56  # inner over outer radius
TEETH = 8  # in a quadrant
GAP_DEG = 0.7  # between the quadrants
FLAT_DEG = 6.0  # the arch ends a little before the horizontal


def _point(arch: tuple[float, float, float], share: float, angle_deg: float, sign: float) -> Floats:
    y, wide, high = arch
    turn = np.radians(angle_deg)
    return np.array([CENTRE_X + share * wide * np.cos(turn), y + sign * share * high * np.sin(turn)])


def _text(points: list[Floats], *, closed: bool = True) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return path + ("Z" if closed else "")


def _band(arch: tuple[float, float, float], sign: float, start: float, end: float, inner: float, outer: float) -> str:
    turns = np.linspace(start, end, 25)
    points = [_point(arch, outer, t, sign) for t in turns] + [_point(arch, inner, t, sign) for t in turns[::-1]]
    return _text(points)


def write_teeth(out: Path) -> None:
    """charts/teeth.svg and charts/teeth-zones.json."""
    zones, base, lines = {}, [], []
    for name, arch, sign in (("upper", UPPER, -1.0), ("lower", LOWER, 1.0)):
        for side, start, end in (("left", FLAT_DEG, 90 - GAP_DEG), ("right", 90 + GAP_DEG, 180 - FLAT_DEG)):
            zones[f"zone.head.teeth_{name}/{side}"] = _band(arch, sign, start, end, BAND - 0.05, 1.05)
            steps = np.linspace(start, end, TEETH + 1)
            for first, last in pairwise(steps):
                lines.append(_band(arch, sign, first + 0.9, last - 0.9, BAND + 0.04, 0.96))
        base.append(_band(arch, sign, FLAT_DEG, 180 - FLAT_DEG, BAND - 0.05, 1.05))
    folder = out / "charts"
    folder.mkdir(parents=True, exist_ok=True)
    whole = "".join(base)
    drawn = f'<path class="sil" d="{whole}"/>\n<path class="ln" d="{"".join(lines)}"/>\n<path class="ol" d="{whole}"/>'
    (folder / "teeth.svg").write_text(drawn + "\n", encoding="utf-8")
    (folder / "teeth-zones.json").write_text(json.dumps(dict(sorted(zones.items())), indent=0) + "\n", encoding="utf-8")
