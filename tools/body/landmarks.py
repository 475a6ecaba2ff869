"""Turn landmark recipes into vertex ids. Written once for the left; the right is the mirror image.

A recipe is one of
  {height: .852, facing: back}                    midline vertex at this share of stature
  {beside: t4, out_cm: 2.5}                       on the back, beside a midline landmark
  {at: POINT, toward: [x, y, z], ...}             first skin met by a ray; `across: [joint, joint]` makes the ray
                                                  square to that axis, `far: true` takes the last skin met
  {at: POINT}                                     nearest vertex
  {extreme: [x, y, z], at: POINT, within_cm: 3}   farthest vertex that way, near a point
POINT is {joint: weight, ...} of rig joints, or [x, y, z] in cm (body frame); `offset_cm` is added to it.
Joints without a prefix mean the left one where there are two.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tools.body.mesh import STATURE_M, Floats, Mesh

BACK, FRONT = -1.0, 1.0


class Placer:
    """Finds landmarks on one mesh. Only visible skin is ever hit."""

    def __init__(self, mesh: Mesh, visible: NDArray[np.bool_]) -> None:
        self.mesh, self.visible = mesh, visible
        self.skin = mesh.triangles[visible[mesh.triangles].all(axis=1)]
        self.midline = np.nonzero(visible & (mesh.mirror == np.arange(len(mesh.points))))[0]
        self.placed: dict[str, int] = {}

    def place(self, id: str, side: str, recipe: Mapping[str, Any]) -> int:
        """Vertex of one landmark (the left one when paired)."""
        vertex = self._place(recipe)
        if side == "midline":
            offsets = np.linalg.norm(self.mesh.points[self.midline] - self.mesh.points[vertex], axis=1)
            vertex = int(self.midline[offsets.argmin()])
        self.placed[id] = vertex
        return vertex

    def _place(self, recipe: Mapping[str, Any]) -> int:
        if "height" in recipe:
            return self._at_height(recipe["height"], BACK if recipe["facing"] == "back" else FRONT)
        if "beside" in recipe:
            spine = self.mesh.points[self.placed[recipe["beside"]]]
            origin = np.array([recipe["out_cm"] / 100, spine[1], spine[2] + 0.06])
            return self._hit(origin, np.array([0.0, 0.0, -1.0]))
        point = self._point(recipe)
        if "extreme" in recipe:
            return self._extreme(point, np.array(recipe["extreme"], float), recipe["within_cm"] / 100)
        if "toward" in recipe:
            return self._hit(point, self._direction(recipe), bool(recipe.get("far")))
        return self._nearest(point)

    def joint(self, name: str) -> Floats:
        joints = self.mesh.joints
        return joints[name] if name in joints else joints[f"l-{name}"]

    def _point(self, recipe: Mapping[str, Any]) -> Floats:
        at = recipe["at"]
        offset = np.array(recipe.get("offset_cm", (0, 0, 0)), float) / 100
        if isinstance(at, list):
            return np.array(at, float) / 100 + offset
        total = sum(at.values())
        mixed: Floats = sum((w * self.joint(name) for name, w in at.items()), np.zeros(3)) / total
        return mixed + offset

    def _direction(self, recipe: Mapping[str, Any]) -> Floats:
        direction = np.array(recipe["toward"], float)
        if "across" in recipe:
            start, end = (self.joint(name) for name in recipe["across"])
            axis = (end - start) / np.linalg.norm(end - start)
            direction -= (direction @ axis) * axis
        unit: Floats = direction / np.linalg.norm(direction)
        return unit

    def _at_height(self, share: float, facing: float) -> int:
        points = self.mesh.points[self.midline]
        near = np.abs(points[:, 1] - share * STATURE_M)
        slab = points[near < 0.03, 2]
        middle = (slab.min() + slab.max()) / 2
        near[(points[:, 2] - middle) * facing < 0] = np.inf
        return int(self.midline[near.argmin()])

    def _nearest(self, point: Floats) -> int:
        distance = np.linalg.norm(self.mesh.points - point, axis=1)
        return int(np.where(self.visible, distance, np.inf).argmin())

    def _extreme(self, point: Floats, direction: Floats, radius_m: float) -> int:
        near = self.visible & (np.linalg.norm(self.mesh.points - point, axis=1) < radius_m)
        return int(np.where(near, self.mesh.points @ direction, -np.inf).argmax())

    def _hit(self, origin: Floats, direction: Floats, far: bool = False) -> int:
        """Ray against all skin triangles (Moller and Trumbore); nearest corner of the one that is met."""
        corner = self.mesh.points[self.skin]
        edge_1, edge_2 = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
        p = np.cross(direction, edge_2)
        determinant = (edge_1 * p).sum(axis=1)
        usable = np.abs(determinant) > 1e-14
        inverse = np.where(usable, 1 / np.where(usable, determinant, 1), 0)
        s = origin - corner[:, 0]
        u = inverse * (s * p).sum(axis=1)
        q = np.cross(s, edge_1)
        v = inverse * (q @ direction)
        t = inverse * (edge_2 * q).sum(axis=1)
        met = np.nonzero(usable & (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 1e-6))[0]
        if not len(met):
            raise ValueError(f"No skin is met from {origin.round(3)} toward {direction.round(2)}.")
        triangle = met[t[met].argmax() if far else t[met].argmin()]
        ends = self.mesh.points[self.skin[triangle]]
        nearest = np.linalg.norm(ends - (origin + t[triangle] * direction), axis=1).argmin()
        return int(self.skin[triangle][nearest])


def place_all(
    mesh: Mesh, visible: NDArray[np.bool_], described: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, int]]:
    """Landmark id -> {"midline": vertex} or {"left": vertex, "right": vertex}."""
    placer = Placer(mesh, visible)
    result = {}
    for id, entry in described.items():
        try:
            vertex = placer.place(id, entry["side"], entry["recipe"])
        except (KeyError, ValueError) as problem:
            raise SystemExit(f"Landmark {id!r} cannot be placed: {problem}") from problem
        if entry["side"] == "midline":
            result[id] = {"midline": vertex}
        else:
            result[id] = {"left": vertex, "right": int(mesh.mirror[vertex])}
    return result
