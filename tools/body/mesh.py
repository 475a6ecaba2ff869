"""Average adult in chart pose, exactly symmetric, long edges split: positions, triangles, mirror map.

The recipe and its measurements are in docs/methods/surface.md.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tools.body.source import Source

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BODY_VERTICES = 13380  # ids 0..13379 are skin; the rest are helpers for clothes and joints
STATURE_M = 1.72
LONGEST_EDGE_M = 0.0165
PASSES = 2
PHONG = 0.6  # how far a split point is lifted to the rounded surface
ARM_FROM_TRUNK_DEG = 20.0
ELBOW_STRAIGHTENED = 0.85
SUPINATION_DEG = {"wrist": 15.0, "lowerarm02": 45.0, "lowerarm01": 35.0}
SHOULDER_SHARE = 0.25  # of the adduction; the upper arm does the rest


@dataclass(frozen=True)
class Mesh:
    """The finished surface in metres; x to the body's left, y up, z forward."""

    points: Floats
    triangles: Ints
    mirror: Ints
    parents: Ints  # (k, 2): the edge each added vertex was split from, in order of ids
    joints: dict[str, Floats]
    bone_weights: dict[str, Floats]  # bone -> (n,), interpolated to the split vertices
    bone_heads: dict[str, Floats]
    passes: tuple[tuple[Ints, Ints], ...]  # triangles before each splitting pass, and the edges it split


def average_adult(source: Source, base: Floats) -> Floats:
    """Half female, half male, a third of each ancestry target, average muscle and weight."""
    shape = base.copy()
    for sex in ("female", "male"):
        for ancestry in ("african", "asian", "caucasian"):
            shape += source.target(f"macrodetails/{ancestry}-{sex}-young", len(base)) / 6
        shape += source.target(f"macrodetails/universal-{sex}-young-averagemuscle-averageweight", len(base)) / 2
    return shape


def normals(points: Floats, triangles: Ints) -> Floats:
    """Unit vertex normals, each triangle counting by its area."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, triangles[:, k], face)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def rotation(axis: Floats, angle: float) -> Floats:
    """Rotation matrix about an axis (Rodrigues), angle in radians, right-handed."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


class Rig:
    """Bones, their skinning weights and their heads on a given shape."""

    def __init__(self, source: Source, count: int) -> None:
        self.bones: dict[str, Any] = source.json("rigs/standard/rig.default.json")
        self.groups: dict[str, Any] = source.json("mesh_metadata/basemesh_vertex_groups.json")
        table = source.json("rigs/standard/weights.default.json")["weights"]
        self.weights = {bone: np.zeros(count) for bone in self.bones}
        for bone, pairs in table.items():
            for vertex, weight in pairs:
                self.weights[bone][int(vertex)] += weight

    def joint(self, shape: Floats, name: str) -> Floats:
        first, last = self.groups[name][0]
        return shape[first : last + 1].mean(axis=0)

    def joints(self, shape: Floats) -> dict[str, Floats]:
        names = [name for name in self.groups if name.startswith("joint-")]
        return {name.removeprefix("joint-"): self.joint(shape, name) for name in names}

    def head(self, shape: Floats, bone: str) -> Floats:
        end = self.bones[bone]["head"]
        if end["strategy"] == "CUBE":
            return self.joint(shape, end["cube_name"])
        if end["strategy"] == "VERTEX":
            return shape[end["vertex_index"]]
        return shape[end["vertex_indices"]].mean(axis=0)

    def chain(self, bone: str) -> list[str]:
        """The bone and all its parents, root last."""
        names = [bone]
        while parent := self.bones[names[-1]]["parent"]:
            names.append(parent)
        return names

    def bend(self, shape: Floats, turns: dict[str, Floats]) -> Floats:
        """Linear blend skinning: `turns` gives each turned bone its rotation about its own head."""
        moved = np.zeros_like(shape)
        heads = {bone: self.head(shape, bone) for bone in turns}
        for bone, weight in self.weights.items():
            if not weight.any():
                continue
            points = shape
            for link in self.chain(bone):
                if link in turns:
                    points = (points - heads[link]) @ turns[link].T + heads[link]
            moved += weight[:, None] * points
        return moved


def chart_pose(rig: Rig, shape: Floats) -> Floats:
    """Near anatomical position: palms forward, elbows nearly straight, arms a little off the trunk."""
    for side, sign in (("L", 1.0), ("R", -1.0)):
        s = side.lower()
        elbow, hand = rig.joint(shape, f"joint-{s}-elbow"), rig.joint(shape, f"joint-{s}-hand")
        axis = hand - elbow
        turns = {f"{bone}.{side}": rotation(axis, -sign * np.radians(deg)) for bone, deg in SUPINATION_DEG.items()}
        shape = rig.bend(shape, turns)
        shoulder, elbow, hand = (rig.joint(shape, f"joint-{s}-{j}") for j in ("shoulder", "elbow", "hand"))
        upper, fore = elbow - shoulder, hand - elbow
        cosine = upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore)
        straighten = rotation(np.cross(fore, upper), ELBOW_STRAIGHTENED * np.arccos(cosine))
        shape = rig.bend(shape, {f"lowerarm01.{side}": straighten})
        shoulder, elbow = (rig.joint(shape, f"joint-{s}-{j}") for j in ("shoulder", "elbow"))
        out = elbow - shoulder
        turn = np.arctan2(sign * out[0], -out[1]) - np.radians(ARM_FROM_TRUNK_DEG)
        forward = np.array([0.0, 0.0, 1.0])
        shape = rig.bend(
            shape,
            {
                f"shoulder01.{side}": rotation(forward, -sign * SHOULDER_SHARE * turn),
                f"upperarm01.{side}": rotation(forward, -sign * (1 - SHOULDER_SHARE) * turn),
            },
        )
    return shape


def triangulate(quads: Ints, points: Floats) -> Ints:
    """Split each quad along its shorter diagonal, which is the same choice on both sides of the body."""
    corner = points[quads]
    first = np.linalg.norm(corner[:, 0] - corner[:, 2], axis=1).round(9)
    second = np.linalg.norm(corner[:, 1] - corner[:, 3], axis=1).round(9)
    use_first = (first <= second)[:, None]
    one = np.where(use_first, quads[:, [0, 1, 2]], quads[:, [0, 1, 3]])
    two = np.where(use_first, quads[:, [0, 2, 3]], quads[:, [1, 2, 3]])
    return np.vstack([one, two])


def split_long_edges(points: Floats, triangles: Ints, mirror: Ints) -> tuple[Floats, Ints, Ints, Ints]:
    """One pass of conforming subdivision; new ids follow the old ones. Returns the parents as well."""
    sides = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges, where = np.unique(sides, axis=0, return_inverse=True)
    length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1).round(9)
    long = length > LONGEST_EDGE_M
    new = np.full(len(edges), -1)
    new[long] = len(points) + np.arange(long.sum())
    parents = edges[long]
    middle = phong_middle(points, normals(points, triangles), parents)
    id_of = {(a, b): v for (a, b), v in zip(map(tuple, parents.tolist()), new[long].tolist(), strict=True)}
    new_mirror = [id_of[tuple(sorted((int(mirror[a]), int(mirror[b]))))] for a, b in parents]
    all_points = np.vstack([points, middle])
    parts = [
        part
        for corners, cuts in zip(triangles.tolist(), new[where].reshape(3, -1).T.tolist(), strict=True)
        for part in split_triangle(corners, cuts, all_points)
    ]
    return all_points, np.array(parts), np.concatenate([mirror, new_mirror]).astype(np.int64), parents


def phong_middle(points: Floats, normal: Floats, edges: Ints) -> Floats:
    """Edge middles lifted toward the tangent planes of both ends, so silhouettes stay round."""
    a, b = points[edges[:, 0]], points[edges[:, 1]]
    na, nb = normal[edges[:, 0]], normal[edges[:, 1]]
    middle = (a + b) / 2
    on_a = middle - ((middle - a) * na).sum(axis=1, keepdims=True) * na
    on_b = middle - ((middle - b) * nb).sum(axis=1, keepdims=True) * nb
    lifted: Floats = middle + PHONG * ((on_a + on_b) / 2 - middle)
    return lifted


def split_triangle(corners: list[int], cuts: list[int], points: Floats) -> list[tuple[int, int, int]]:
    """The parts of one triangle; `cuts` are the new ids on its edges ab, bc, ca, or -1."""
    (a, b, c), (ab, bc, ca) = corners, cuts
    count = sum(cut >= 0 for cut in cuts)
    if count == 0:
        return [(a, b, c)]
    if count == 3:
        return [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    if count == 1:
        while ab < 0:
            (a, b, c), (ab, bc, ca) = (b, c, a), (bc, ca, ab)
        return [(a, ab, c), (ab, b, c)]
    while ca >= 0:
        (a, b, c), (ab, bc, ca) = (b, c, a), (bc, ca, ab)
    across_a = round(float(np.linalg.norm(points[a] - points[bc])), 9)
    across_c = round(float(np.linalg.norm(points[ab] - points[c])), 9)
    rest = [(a, ab, bc), (a, bc, c)] if across_a <= across_c else [(a, ab, c), (ab, bc, c)]
    return [(ab, b, bc), *rest]


def on_the_floor(rig: Rig, shape: Floats, mirror: Ints) -> Floats:
    """A shape of the base mesh in chart pose, symmetric, 1.72 m tall, standing on y = 0."""
    shape = chart_pose(rig, shape)
    shape = (shape + shape[mirror] * [-1, 1, 1]) / 2
    shape *= STATURE_M / np.ptp(shape[:BODY_VERTICES, 1])
    shape -= [0, shape[:BODY_VERTICES, 1].min(), shape[:BODY_VERTICES, 2].mean()]
    return shape


def lifted(shape: Floats, passes: tuple[tuple[Ints, Ints], ...]) -> Floats:
    """Another shape of the base mesh split along the same edges, so that every id means the same skin."""
    points = shape[:BODY_VERTICES]
    for triangles, edges in passes:
        points = np.vstack([points, phong_middle(points, normals(points, triangles), edges)])
    return points


def build_mesh(source: Source) -> Mesh:
    """From the pinned source to the finished surface."""
    base, all_quads = source.base()
    rig = Rig(source, len(base))
    mirror = source.mirror(len(base))
    shape = on_the_floor(rig, average_adult(source, base), mirror)
    quads = all_quads[all_quads.max(axis=1) < BODY_VERTICES]
    points, mirror_map = shape[:BODY_VERTICES], mirror[:BODY_VERTICES]
    triangles = triangulate(quads, points)
    weights = {bone: weight[:BODY_VERTICES] for bone, weight in rig.weights.items()}
    parents, passes = [], []
    for _ in range(PASSES):
        before = triangles
        points, triangles, mirror_map, pairs = split_long_edges(points, triangles, mirror_map)
        weights = {bone: np.concatenate([w, w[pairs].mean(axis=1)]) for bone, w in weights.items()}
        parents.append(pairs)
        passes.append((before, pairs))
    points = (points + points[mirror_map] * [-1, 1, 1]) / 2  # the last bit of symmetry
    heads = {bone: rig.head(shape, bone) for bone, weight in rig.weights.items() if weight.any()}
    return Mesh(points, triangles, mirror_map, np.vstack(parents), rig.joints(shape), weights, heads, tuple(passes))
