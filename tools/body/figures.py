"""Other builds of body with the same vertex ids, and the rig that puts body-1 into positions. Both are committed.

A figure is a display choice: drawings name vertices, so a drawing made on one figure is the same drawing on all. The
source moves each vertex with the build as a modeller saw fit, which between landmarks is some millimetres off from
where the figure's own proportions put that bit of skin. So each vertex slides along the figure's skin to the place
that landmarks and shape ask for; the skin itself keeps its shape.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tools.body.mesh import Floats, Mesh, Rig, average_adult, lifted, on_the_floor
from tools.body.source import Source
from tools.body.zones import diffusion

from tautband.surface.laying import in_frame, on_skin

UNIT_M = 1 / 16000  # a sixteenth of a millimetre; int16 then reaches 2.04 m
MAGIC = b"TBP1"
ANCESTRY = ("african", "asian", "caucasian")
BUILDS = {  # sex shares, and target of muscle and weight
    "average": ({"female": 0.5, "male": 0.5}, {"averagemuscle-averageweight": 1.0}),
    "female": ({"female": 1.0}, {"averagemuscle-averageweight": 1.0}),
    "male": ({"male": 1.0}, {"averagemuscle-averageweight": 1.0}),
    "broad": ({"female": 0.5, "male": 0.5}, {"minmuscle-maxweight": 0.45, "maxmuscle-maxweight": 0.4}),
    "slim": ({"female": 0.5, "male": 0.5}, {"minmuscle-minweight": 0.55, "averagemuscle-minweight": 0.45}),
}
FACE = ("levator", "oculi", "orbicularis", "oris", "risorius", "special", "temporalis", "tongue", "eye.", "jaw")


def build_shape(source: Source, base: Floats, name: str) -> Floats:
    """The base mesh in one build."""
    if name == "average":
        return average_adult(source, base)
    sexes, weights = BUILDS[name]
    shape = base.copy()
    for sex, part in sexes.items():
        for ancestry in ANCESTRY:
            shape += part / 3 * source.target(f"macrodetails/{ancestry}-{sex}-young", len(base))
        for build, share in weights.items():
            shape += part * share * source.target(f"macrodetails/universal-{sex}-young-{build}", len(base))
    return shape


def neutral(points: Floats, mesh: Mesh, spread: sp.csr_matrix) -> Floats:
    """Chest tips and groin smoothed, the rest untouched; the same skin on every figure, chosen on body-1."""
    x, y, _ = (np.abs(mesh.points) * 100).T
    front = mesh.points[:, 2] > -0.05
    tip = np.clip((4.2 - np.hypot(x - 9.8, y - 124.5)) / 1.4, 0, 1)
    groin = np.clip((6.5 - np.hypot(x, y - 83.5)) / 2.5, 0, 1)
    amount = np.where(front, np.maximum(tip, groin), 0)[:, None]
    soft = points
    for _ in range(25):
        soft = points + amount * (spread @ soft - points)
    return np.asarray(soft)


FIXED = ("head.", "hand.")
"""Fine features, modelled on their own edges: these vertices stay where the source has them."""
FARTHEST_M = 0.03
MENDINGS = 8


def slid(points: Floats, mesh: Mesh, marks: NDArray[np.int64], free: Floats) -> Floats:
    """The same skin with each vertex where the figure's geometry has the place of its id.

    free   0..1, how far each vertex may follow
    """
    ids = np.arange(len(points))
    framed = in_frame(points, marks, mesh.points)
    triangle, share, _ = on_skin(mesh.points, ids, framed, mesh.triangles, mesh.points)
    place = np.einsum("ni,nij->nj", share, points[mesh.triangles[triangle]])
    far = (triangle < 0) | (np.linalg.norm(place - points, axis=1) > FARTHEST_M)
    follow = np.where(far, 0.0, free)
    for _ in range(MENDINGS):
        moved = points + follow[:, None] * (place - points)
        moved = (moved + moved[mesh.mirror] * [-1, 1, 1]) / 2
        turned = _turned(points, moved, mesh.triangles)
        if not turned.any():
            break
        follow[mesh.triangles[turned].ravel()] *= 0.5  # a fold would be seen; there the source has its way
    return moved


def _turned(before: Floats, after: Floats, triangles: NDArray[np.int64]) -> NDArray[np.bool_]:
    def facing(points: Floats) -> Floats:
        a, b, c = (points[triangles[:, k]] for k in range(3))
        crossed: Floats = np.cross(b - a, c - a)
        return crossed

    result: NDArray[np.bool_] = (facing(before) * facing(after)).sum(axis=1) < 0
    return result


def free_vertices(mesh: Mesh, visible: NDArray[np.bool_], names: Sequence[str], spread: sp.csr_matrix) -> Floats:
    """0 on fine features and hidden skin, 1 elsewhere, softly between."""
    free = np.array([0.0 if name.startswith(FIXED) else 1.0 for name in names])
    free[~visible] = 0
    for _ in range(6):
        free = np.minimum(free, spread @ free)
    return free


def write_figures(
    out: Path,
    source: Source,
    mesh: Mesh,
    visible: NDArray[np.bool_],
    landmarks: Mapping[str, Mapping[str, int]],
    names: Sequence[str],
) -> None:
    """figures/figure-<name>.bin: magic, count, unit in metres, then x y z of every vertex as int16."""
    folder = out / "figures"
    folder.mkdir(exist_ok=True)
    base, _ = source.base()
    rig, mirror = Rig(source, len(base)), source.mirror(len(base))
    spread = diffusion(mesh)
    marks = np.array(sorted({vertex for sides in landmarks.values() for vertex in sides.values()}))
    free = free_vertices(mesh, visible, names, spread)
    for name in BUILDS:
        points = lifted(on_the_floor(rig, build_shape(source, base, name), mirror), mesh.passes)
        points = neutral(points, mesh, spread)
        points = (points + points[mesh.mirror] * [-1, 1, 1]) / 2
        points = slid(points, mesh, marks, free)
        steps = np.rint(points / UNIT_M)
        steps[mesh.mirror == np.arange(len(points)), 0] = 0
        head = MAGIC + np.array([len(points)], "<u4").tobytes() + np.array([UNIT_M, 0], "<f4").tobytes()
        (folder / f"figure-{name}.bin").write_bytes(head + steps.astype("<i2").tobytes())


def _merged(bone: str) -> str:
    """The bone of the smaller rig that moves what this one moves."""
    stem, dot, side = bone.partition(".")
    if bone.startswith(FACE):
        return "head"
    if stem == "breast":
        return "spine02"
    if stem in ("root", "pelvis"):
        return "pelvis"
    if stem.startswith("metacarpal"):
        return f"wrist.{side}"
    if stem.startswith("toe"):
        return f"toes.{side}"
    return bone if dot else stem


def write_rig(out: Path, mesh: Mesh, source: Source) -> None:
    """rig.npz: bones (parents before children), their heads, and the four heaviest weights of each vertex."""
    parents_of = {b: v["parent"] for b, v in source.json("rigs/standard/rig.default.json").items()}
    total: dict[str, Floats] = {}
    for bone, weight in mesh.bone_weights.items():
        if weight.any() or bone in ("root",):
            total[_merged(bone)] = total.get(_merged(bone), np.zeros(len(weight))) + weight
    parent = {bone: _parent(bone, parents_of) for bone in total}
    order: list[str] = []
    while len(order) < len(total):
        order += sorted(b for b in total if b not in order and (parent[b] in order or parent[b] == ""))
    heads = np.array([_head(bone, mesh) for bone in order])
    heads = (heads + heads[[order.index(_swapped(b)) for b in order]] * [-1, 1, 1]) / 2
    weights = np.column_stack([total[bone] for bone in order])
    weights = (weights + weights[mesh.mirror][:, [order.index(_swapped(b)) for b in order]]) / 2
    chosen = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    kept = np.take_along_axis(weights, chosen, axis=1)
    kept /= kept.sum(axis=1, keepdims=True)
    np.savez_compressed(
        out / "rig.npz",
        bones=np.array(order),
        parents=np.array([order.index(parent[b]) if parent[b] else -1 for b in order], np.int8),
        heads=heads.astype(np.float32),
        index=chosen.astype(np.uint8),
        weight=np.rint(kept * 255).astype(np.uint8),
    )


def _parent(bone: str, parents_of: dict[str, str | None]) -> str:
    if bone == "pelvis":
        return ""
    above: str | None = f"foot.{bone[-1]}" if bone.startswith("toes.") else parents_of[bone]
    return _merged(above) if above else "pelvis"


def _head(bone: str, mesh: Mesh) -> Floats:
    if bone == "pelvis":
        return mesh.joints["pelvis"]
    if bone.startswith("toes."):
        side = bone[-1].lower()
        return np.mean([mesh.joints[f"{side}-toe-{n}-1"] for n in range(1, 6)], axis=0)
    return mesh.bone_heads[bone]


def _swapped(bone: str) -> str:
    return bone[:-1] + ("R" if bone.endswith("L") else "L") if bone.endswith((".L", ".R")) else bone
