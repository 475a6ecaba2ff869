"""How quick the surface is against its bars. Prints a table, then one JSON line; exits 1 on a miss.

python benchmarks/surface.py
"""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median

import numpy as np

import tautband.surface.parts as parts_module
from tautband.surface import (
    Field,
    FieldStack,
    JointAngle,
    Position,
    Prop,
    body,
    chart_svg,
    chart_zones_svg,
    compare,
    describe,
    field_from_parts,
    field_svg,
    in_words,
    landmarks,
    picture_svg,
    scales,
    scored,
    views,
    zones,
    zones_of,
)
from tautband.surface.figures import FIGURES, figure_points
from tautband.surface.laying import zone_agreement
from tautband.terms.sides import Side

GLUTEUS_MINIMUS = [  # the widest field of the classic pictures: two tubes over the whole leg
    {"kind": "essential", "blob": "buttock_mid", "radius_cm": 5},
    {
        "kind": "essential",
        "tube": ["trochanter", "thigh_lateral", "knee_lateral", "leg_lateral", "lateral_malleolus"],
        "radius_cm": [5, 4.5, 3.2, 3.4, 2],
    },
    {
        "kind": "spillover",
        "tube": ["buttock_lower", "thigh_back", "knee_back", "calf"],
        "radius_cm": [4.5, 4.2, 2.6, 4],
    },
]


def milliseconds(work: Callable[[], object], repeats: int = 15) -> float:
    """Median processor time of a call after a warm-up: wall time on an idle machine, and steady on a busy one."""
    work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return median(times)


def fresh_field() -> Field:
    """One muscle, with nothing remembered from an earlier call."""
    parts_module._left_field.cache_clear()
    parts_module._path.cache_clear()
    return field_from_parts(GLUTEUS_MINIMUS, Side.LEFT)


def six_hundred() -> list[Field]:
    """As many fields as a full atlas has, each a blob and a tube between random landmarks of one side."""
    rng = np.random.default_rng(1)
    paired = [id for id, point in landmarks().items() if point.paired]
    fields = []
    for number in range(300):
        part = {"kind": "essential", "blob": str(rng.choice(paired)), "radius_cm": float(rng.uniform(2, 8))}
        field = field_from_parts([part], Side.LEFT)
        fields += [field | fields[-1] if number % 3 else field, field.mirrored()]
    return fields


def five_thousand_vertices() -> Field:
    """A drawing of 5,000 vertices with the uneven strength of strokes."""
    rng = np.random.default_rng(3)
    weights = np.zeros(body().vertex_count)
    painted = np.nonzero(body().visible & (body().points_m[:, 2] < -0.05))[0][:5000]
    weights[painted] = 25.5 * np.repeat(rng.integers(1, 11, len(painted) // 50 + 1), 50)[: len(painted)]
    return Field.from_dense(weights)


def fresh_picture() -> str:
    """A position nobody has asked for before, with a prop and a tinted place."""
    turn = JointAngle("neck", Side.LEFT, "rotation", float(next(_ANGLES)))
    position = Position("sitting", (turn, JointAngle("elbow", Side.LEFT, "flexion", 90)), (Prop("chair"),))
    return picture_svg(position, None, {"felt": fresh_field()})


_ANGLES = count(1)


def every_scale(drawing: Field) -> int:
    """The drawing read by all scales of others."""
    return sum(scored(drawing, name).count for name in scales())


def seconds_of_import() -> float:
    """Wall time of importing the surface in a fresh interpreter, less that of an empty one."""
    runs = []
    for code in ("import tautband.surface", "pass"):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        runs.append(time.perf_counter() - started)
    return runs[0] - runs[1]


def disagrees(figure: str) -> float:
    """Percent of a figure's skin whose zone is not the one its own geometry asks for."""
    return 100 * (1 - zone_agreement(figure_points(figure))[0])


def main() -> int:
    field = fresh_field()
    stack = FieldStack(six_hundred())
    drawing = field.union(Field.from_zones([zones()[100], zones()[200]]))
    chart_bytes = max(len(gzip.compress(chart_svg(view).encode())) for view in views())
    zone_bytes = max(len(gzip.compress(chart_zones_svg(view).encode())) for view in views())
    rows = [  # name, measured, bar (None: told, not judged), unit
        ("field of one muscle", milliseconds(fresh_field), 60.0, "ms"),
        ("overlap of a drawing with 600 fields", milliseconds(lambda: stack.overlap_cm2(drawing)), 10.0, "ms"),
        ("overlay of a field in one view", milliseconds(lambda: field_svg(field, "left")), None, "ms"),
        ("zones of a field", milliseconds(lambda: zones_of(field)), None, "ms"),
        ("field in words", milliseconds(lambda: describe(field)), None, "ms"),
        ("field to bytes and back", milliseconds(lambda: Field.from_bytes(field.to_bytes())), None, "ms"),
        ("stored size of that field", float(len(field.to_bytes())), None, "bytes"),
        ("base chart, largest, gzip", chart_bytes / 1000, 60.0, "KB"),
        ("zones of a chart, largest, gzip", zone_bytes / 1000, 60.0, "KB"),
        ("two drawings compared", milliseconds(lambda: compare(drawing, field)), None, "ms"),
        ("a drawing in words, by places", milliseconds(lambda: in_words(drawing)), None, "ms"),
        ("a drawing read by six scales", milliseconds(lambda: every_scale(drawing)), None, "ms"),
        ("stored drawing of 5,000 vertices", float(len(five_thousand_vertices().to_bytes())), 8000.0, "bytes"),
        ("picture of a position", milliseconds(fresh_picture, 9), 300.0, "ms"),
        ("import", seconds_of_import(), None, "s"),
        *((f"skin in another zone, {name}", disagrees(name), 1.0, "%") for name in FIGURES),
    ]
    print(f"{body().vertex_count} vertices, {len(zones())} zones, {len(landmarks())} landmarks, {len(stack)} fields\n")
    misses = []
    for name, measured, bar, unit in rows:
        judged = "" if bar is None else f"bar {bar:g}  {'ok' if measured <= bar else 'MISS'}"
        print(f"{name:40} {measured:10.2f} {unit:6} {judged}")
        if bar is not None and measured > bar:
            misses.append(name)
    print(json.dumps({"measured": {name: round(value, 3) for name, value, _, _ in rows}, "misses": misses}))
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
