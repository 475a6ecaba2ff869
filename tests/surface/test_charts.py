"""Charts are light, well formed, without colours of their own, and put ink where the skin is."""

import gzip
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from tautband.surface import (
    Field,
    SurfaceError,
    best_view,
    body,
    chart_point,
    chart_svg,
    chart_zones,
    chart_zones_svg,
    field_from_parts,
    field_paths,
    field_svg,
    figure_svg,
    landmark_vertex,
    landmarks,
    view_box,
    views,
    views_for,
    zones,
)
from tautband.surface.contours import enclosed_area, loops, simplified, smooth_path
from tautband.terms.sides import Side


def ends(path: str) -> list[np.ndarray]:
    """Ends of the pieces of each closed line in path data; written apart from the code that writes them."""
    lines = []
    for piece in path.split("M")[1:]:
        values = [float(v) for v in re.findall(r"-?(?:\d+\.\d+|\.\d+|\d+)", piece)]
        numbers_a_step = 2 if "l" in piece else 6
        start, steps = np.array(values[:2]), np.array(values[2:]).reshape(-1, numbers_a_step)[:, -2:]
        lines.append(np.vstack([start, start + np.cumsum(steps, axis=0)]))
    return lines


@pytest.mark.parametrize("view", views())
def test_base_chart_is_well_formed_light_and_without_colours(view):
    drawn = chart_svg(view)
    classes = {e.get("class") for e in ET.fromstring(drawn).iter("path")}
    assert classes == {"sil", "s1", "s2", "ln", "ol"}
    assert not re.search(r"(fill|stroke|style)=", drawn)
    assert len(gzip.compress(drawn.encode())) <= 60_000


@pytest.mark.parametrize("view", views())
def test_zone_paths_carry_id_side_and_name(view):
    root = ET.fromstring(chart_zones_svg(view))
    known = {str(z): z for z in zones()}
    for path in root:
        z = known[f"{path.get('data-zone')}/{path.get('data-side')}"]
        assert path.find("title").text == z.label
        assert path.get("class") == "zone"
    assert len(gzip.compress(chart_zones_svg(view).encode())) <= 60_000


def test_every_zone_can_be_tapped_somewhere():
    assert {name for view in (*views(), "teeth") for name in chart_zones(view)} == {str(z) for z in zones()}


@pytest.mark.parametrize("view", ["front", "back"])
def test_front_and_back_zones_are_mirrored(view):
    width = float(view_box(view).split()[2])
    paths = chart_zones(view)
    for name, path in paths.items():
        if name.endswith("/left"):
            there = np.vstack(ends(paths[name.replace("/left", "/right")]))
            here = np.vstack(ends(path))
            assert here[:, 0].min() == pytest.approx(width - there[:, 0].max(), abs=5)
            assert here[:, 1].max() == pytest.approx(there[:, 1].max(), abs=5)


@pytest.mark.parametrize("id", ["umbilicus", "nipple", "patella", "shoulder_front", "forearm_volar", "cheek"])
def test_landmark_is_drawn_inside_the_zone_it_lies_in(id):
    """Projection, rasteriser and zone tracing against the vertex's own zone."""
    vertex = landmark_vertex(id, Side.LEFT)
    x, y, seen = chart_point("front", vertex)
    z = zones()[body().zone_index[vertex]]
    assert seen
    assert any(Polygon(line).buffer(2).contains(Point(x, y)) for line in ends(chart_zones("front")[str(z)]))


def test_clients_right_is_on_the_readers_left_in_front_and_the_other_way_behind():
    right_hand = landmark_vertex("thumb_tip", Side.RIGHT)
    assert chart_point("front", right_hand)[0] < 400 < chart_point("back", right_hand)[0]


def test_what_is_behind_is_not_seen():
    assert not chart_point("front", landmark_vertex("c7", Side.MIDLINE))[2]
    assert chart_point("back", landmark_vertex("c7", Side.MIDLINE))[2]
    assert not chart_point("left", landmark_vertex("ear", Side.RIGHT))[2]


def test_nearly_every_landmark_is_seen_in_some_view():
    hidden = [
        id
        for id, point in landmarks().items()
        if not any(chart_point(view, next(iter(point.vertices.values())))[2] for view in views())
    ]
    assert set(hidden) <= {"submental", "perineum"}


BLOB = field_from_parts([{"kind": "essential", "blob": "epigastrium", "radius_cm": 4}], Side.MIDLINE)


def test_overlay_covers_the_painted_skin():
    paths = field_paths(BLOB, "front")
    assert set(paths) == {"w1", "w2", "w3"}
    x, y, _ = chart_point("front", landmark_vertex("epigastrium", Side.MIDLINE))
    areas = []
    for name in ("w1", "w2", "w3"):
        (line,) = ends(paths[name])
        assert Polygon(line).contains(Point(x, y))
        areas.append(abs(enclosed_area(line)))
    assert areas == sorted(areas, reverse=True)
    half_cm2 = areas[1] / 8**2  # 8 chart units a centimetre
    assert half_cm2 == pytest.approx(
        np.pi * 16, rel=0.15
    )  # the half weight lies at the radius; the belly is nearly flat


def test_overlay_is_empty_where_nothing_is_seen():
    assert field_svg(BLOB, "back") == ""
    assert field_svg(Field.empty(), "front") == ""
    assert best_view(BLOB) == "front"
    assert best_view(Field.from_zones(["zone.back.l2_l3_mid/midline"])) == "back"


def test_overlay_is_small():
    assert len(gzip.compress(field_svg(BLOB, "front").encode())) < 3_000


def test_figure_is_one_well_formed_picture_with_a_text_alternative():
    root = ET.fromstring(figure_svg("front", field_svg(BLOB, "front"), label='Pain <left> "belly"'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Pain <left> "belly"'
    assert root.get("viewBox") == "0 0 800 1400"


def test_close_ups_show_their_landmarks():
    x, y, width, height = map(float, view_box("front", "hand", Side.RIGHT).split())
    for id in ("thumb_tip", "little_tip", "wrist_ulnar"):
        px, py, _ = chart_point("front", landmark_vertex(id, Side.RIGHT))
        assert x < px < x + width
        assert y < py < y + height
    with pytest.raises(SurfaceError, match="close-up"):
        view_box("front", "nose")
    with pytest.raises(SurfaceError, match="chart view"):
        view_box("above")


def test_contours_of_a_disc_and_a_ring():
    y, x = np.mgrid[0:80, 0:80]
    distance = np.hypot(x - 40, y - 38)
    (line,) = loops(20 - distance, 0.0)
    assert abs(enclosed_area(line)) == pytest.approx(np.pi * 400, rel=0.005)
    assert np.abs(np.hypot(*(line - [40, 38]).T) - 20).max() < 0.05
    outer, inner = sorted(
        loops(np.minimum(20 - distance, distance - 9), 0.0), key=lambda line: -abs(enclosed_area(line))
    )
    assert np.sign(enclosed_area(outer)) == -np.sign(enclosed_area(inner))  # a hole runs the other way round


def test_contours_agree_with_contourpy():
    import contourpy

    rng = np.random.default_rng(4)
    from scipy.ndimage import gaussian_filter

    image = gaussian_filter(rng.normal(size=(60, 70)), 4)
    image[[0, -1]] = image[:, [0, -1]] = -1
    ours = sorted(abs(enclosed_area(line)) for line in loops(image, 0.02))
    theirs = sorted(abs(enclosed_area(line[:-1])) for line in contourpy.contour_generator(z=image).lines(0.02))
    assert ours == pytest.approx(theirs, abs=0.6)


def test_simplified_line_stays_within_the_tolerance():
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.column_stack([50 * np.cos(turn), 50 * np.sin(turn)])
    fewer = simplified(circle, 0.5)
    assert len(fewer) < 40
    assert Polygon(fewer).exterior.hausdorff_distance(Polygon(circle).exterior) <= 0.55
    assert smooth_path(fewer).endswith("Z")


def test_a_field_is_shown_from_where_it_is_seen() -> None:
    def shown(landmark: str) -> tuple[str, ...]:
        return views_for(field_from_parts([{"kind": "essential", "blob": landmark, "radius_cm": 2.5}], Side.RIGHT))

    assert shown("sternum_mid") == ("front",)
    assert shown("t7") == ("back",)
    assert shown("trochanter")[0] == "right"
    assert shown("heel")[0] in ("soles", "back")
