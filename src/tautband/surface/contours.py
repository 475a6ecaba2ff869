"""Iso-lines of an image as smooth SVG paths, in plain NumPy: marching squares, Douglas-Peucker, Catmull-Rom."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CORNER_COSINE = 0.5

# Which cell sides (0 top, 1 right, 2 bottom, 3 left) a line enters and leaves, by which corners are inside
# (1 top left, 2 top right, 4 bottom right, 8 bottom left). The inside lies on the right of the way.
_TURNS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 3),),
    2: ((1, 0),),
    3: ((1, 3),),
    4: ((2, 1),),
    5: ((0, 3), (2, 1)),
    6: ((2, 0),),
    7: ((2, 3),),
    8: ((3, 2),),
    9: ((0, 2),),
    10: ((1, 0), (3, 2)),
    11: ((1, 2),),
    12: ((3, 1),),
    13: ((0, 1),),
    14: ((3, 0),),
}
_JOINED = {5: ((0, 1), (2, 3)), 10: ((1, 2), (3, 0))}  # saddles whose middle is inside


def loops(image: Floats, level: float) -> list[Floats]:
    """Closed lines (k, 2) of x, y in pixels where the image crosses the level; the border counts as below it."""
    z = np.pad(np.asarray(image, np.float64) - level, 1, constant_values=-1e-3)
    z[z == 0] = 1e-12
    inside = z > 0
    case = inside[:-1, :-1] + 2 * inside[:-1, 1:] + 4 * inside[1:, 1:] + 8 * inside[1:, :-1]
    rows, columns = np.nonzero((case > 0) & (case < 15))
    height, width = z.shape
    following: dict[int, int] = {}
    for kind in np.unique(case[rows, columns]):
        chosen = case[rows, columns] == kind
        r, c = rows[chosen], columns[chosen]
        sides = np.stack(
            [r * width + c, (r * width + c + 1) + height * width, (r + 1) * width + c, r * width + c + height * width]
        )
        middle = z[r, c] + z[r, c + 1] + z[r + 1, c] + z[r + 1, c + 1] > 0
        for mask, turns in ((~middle, _TURNS[int(kind)]), (middle, _JOINED.get(int(kind), _TURNS[int(kind)]))):
            for enter, leave in turns:
                following.update(zip(sides[enter][mask].tolist(), sides[leave][mask].tolist(), strict=True))
    return [_points(loop, z) for loop in _follow(following)]


def _follow(following: dict[int, int]) -> list[list[int]]:
    """Walk the crossings round until each line closes."""
    found = []
    while following:
        start, at = following.popitem()
        line = [start]
        while at != start:
            line.append(at)
            at = following.pop(at)
        found.append(line)
    return found


def _points(crossings: list[int], z: Floats) -> Floats:
    """Where the level is crossed on each grid side, by linear interpolation, without the padding."""
    height, width = z.shape
    key = np.array(crossings)
    upright = key >= height * width
    key = np.where(upright, key - height * width, key)
    r, c = key // width, key % width
    a = z[r, c]
    b = np.where(upright, z[np.minimum(r + 1, height - 1), c], z[r, np.minimum(c + 1, width - 1)])
    t = a / (a - b)
    return np.column_stack([c + np.where(upright, 0, t) - 1, r + np.where(upright, t, 0) - 1])


def enclosed_area(line: Floats) -> float:
    """Signed area inside a closed line (shoelace)."""
    x, y = line.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def simplified(line: Floats, tolerance: float, closed: bool = True) -> Floats:
    """Douglas-Peucker: fewer points, none of the left-out ones farther than the tolerance from the line."""
    if len(line) < 4:
        return line
    points = np.vstack([line, line[:1]]) if closed else line
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    far = int(np.linalg.norm(points - points[0], axis=1).argmax())
    keep[far] = True
    todo = [(0, far), (far, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        chord = points[last] - points[first]
        offset = points[first + 1 : last] - points[first]
        length = float(np.hypot(*chord))
        if length > 0:
            distance = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0]) / length
        else:
            distance = np.hypot(offset[:, 0], offset[:, 1])
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            todo += [(first, middle), (middle, last)]
    kept: Floats = points[keep]
    return kept[:-1] if closed else kept


def smooth_path(line: Floats, closed: bool = True) -> str:
    """SVG path data through the points as cubic curves, one decimal, relative commands.

    Catmull-Rom with chord-length steps: points may stand at any distance from each other without kinks or loops.
    Turns sharper than 60 degrees stay corners.
    """
    n = len(line)
    if n < 2:
        return ""
    points = np.asarray(line, float)
    ends = (np.arange(n) + 1) % n
    step = points[ends] - points
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)[:, None]
    arriving, arrived = np.roll(step, 1, axis=0), np.roll(length, 1, axis=0)
    speed = (arriving / arrived * length + step / length * arrived) / (length + arrived)
    if not closed:
        speed[0], speed[-1] = step[0] / length[0], step[-2] / length[-2]
    corner = ((arriving / arrived * step / length).sum(axis=1) < _CORNER_COSINE)[:, None]
    onward = np.roll(length, -1, axis=0)
    # a long piece beside a short one gets short handles, else it would bulge
    leaving = points + np.where(corner, step / length, speed) * np.minimum(length, 3 * arrived) / 3
    entering = points[ends] - np.where(corner[ends], step / length, speed[ends]) * np.minimum(length, 3 * onward) / 3
    origin = np.rint(points * 10).astype(int)
    curves = np.rint(np.hstack([leaving, entering, points[ends]]) * 10).astype(int) - np.tile(origin, 3)
    text = [f"M{_number(origin[0, 0])} {_number(origin[0, 1])}c"]
    text += [_join(values) for values in curves[: n if closed else n - 1].tolist()]
    return _tight(text) + ("Z" if closed else "")


def straight_path(line: Floats) -> str:
    """SVG path data of a closed line of straight pieces, one decimal, relative commands.

    For borders shared by neighbours: straight pieces of the same line lie on each other, curves would bulge apart.
    """
    points = np.rint(np.asarray(line, float) * 10).astype(int)
    steps = np.diff(points, axis=0)
    text = [f"M{_number(points[0, 0])} {_number(points[0, 1])}l"]
    return _tight([*text, *(_join(step) for step in steps.tolist())]) + "Z"


def _number(tenths: int) -> str:
    """Tenths as the shortest decimal: 5 -> .5, -10 -> -1."""
    sign, value = ("-" if tenths < 0 else ""), abs(int(tenths))
    whole, part = divmod(value, 10)
    if part == 0:
        return f"{sign}{whole}" if whole else "0"
    return f"{sign}{whole or ''}.{part}"


def _join(tenths: list[int]) -> str:
    text = ""
    for value in map(_number, tenths):
        text += value if not text or value.startswith("-") else f" {value}"
    return text


def _tight(pieces: list[str]) -> str:
    text = pieces[0]
    for index, piece in enumerate(pieces[1:]):
        text += piece if index == 0 or piece.startswith("-") else f" {piece}"
    return text
