"""Chart zones divide the skin: every bit once, in one piece, the same on both sides, with words for each."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from tautband.surface import (
    FIGURES,
    Field,
    SurfaceError,
    UnknownZone,
    best_view,
    body,
    chart_zones,
    field_from_parts,
    field_paths,
    figure_points,
    filled_shares,
    landmarks,
    reasoning_shares,
    reasoning_zones,
    zone,
    zone_number,
    zone_of_vertex,
    zones,
    zones_of,
)
from tautband.surface.geodesics import edge_pairs
from tautband.surface.laying import zone_agreement
from tautband.terms.ids import Sided
from tautband.terms.sides import Side


def test_zones_share_out_the_visible_skin_without_rest():
    b = body()
    area = np.bincount(b.zone_index[b.paintable], weights=b.vertex_area_cm2[b.paintable], minlength=len(zones()))
    assert area == pytest.approx([z.area_cm2 for z in zones()], abs=0.06)
    assert area.sum() == pytest.approx(b.vertex_area_cm2[b.paintable].sum())


def test_there_are_enough_zones_and_none_is_a_sliver():
    assert 390 <= len(zones()) <= 410
    assert min(z.area_cm2 for z in zones() if not z.id.endswith("_nail")) >= 2
    assert all(0.5 < z.area_cm2 < 4 for z in zones() if z.id.endswith("_nail"))
    assert max(z.area_cm2 for z in zones()) < 200


def test_teeth_lie_behind_the_lips_and_have_a_chart_of_their_own():
    b = body()
    quadrants = [f"zone.head.teeth_{jaw}/{side}" for jaw in ("upper", "lower") for side in ("left", "right")]
    assert set(chart_zones("teeth")) == set(quadrants)
    for key in quadrants:
        inside = (b.zone_index == zone_number(key)) & b.paintable
        assert inside.any()
        assert not b.visible[inside].any(), "no brush reaches them"
    upper, lower = (
        b.points_m[b.zone_index == zone_number(f"zone.head.teeth_{jaw}/left"), 1] for jaw in ("upper", "lower")
    )
    assert upper.min() >= lower.max()
    field = Field.from_zones(["zone.head.teeth_upper/right"])
    assert best_view(field) == "teeth"
    assert field_paths(field, "teeth")["w3"] == chart_zones("teeth")["zone.head.teeth_upper/right"]


def test_a_field_through_the_skin_over_the_teeth_means_the_teeth_as_well():
    part = {"kind": "essential", "blob": "upper_teeth", "radius_cm": 2}
    shares = {str(z): share for z, share in filled_shares(field_from_parts([part], Side.RIGHT))}
    assert shares["zone.head.teeth_upper/right"] > 0.9
    assert "zone.head.teeth_lower/right" not in shares
    assert "zone.head.teeth_upper/left" not in shares


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figures_own_geometry_asks_for_the_zones_its_ids_have(figure):
    """The other road: landmarks and shape alone say where each bit of the figure's skin lies on body-1."""
    agrees, to_the_edge = zone_agreement(figure_points(figure), every=9)
    assert agrees >= 0.985, "the whole skin is measured by benchmarks/surface.py, bar 0.99"
    assert to_the_edge >= agrees


def test_a_figure_whose_skin_slipped_is_noticed():
    slipped = figure_points("female").copy()
    trunk = (slipped[:, 1] > 0.9) & (slipped[:, 1] < 1.4)
    kept = {vertex for mark in landmarks().values() for vertex in mark.vertices.values()}
    trunk[list(kept)] = False
    slipped[trunk, 1] += 0.01
    assert zone_agreement(slipped, every=9)[0] < 0.97


def test_zones_are_mirror_exact():
    b = body()
    for number, z in enumerate(zones()):
        there = np.unique(b.zone_index[b.mirror[b.zone_index == number]])
        assert [str(zones()[n]) for n in there] == [str(Sided(z.id, z.side.mirrored))]
    sided = {(z.id, z.side) for z in zones()}
    assert len(sided) == len(zones())
    assert all((id, side.mirrored) in sided for id, side in sided)


def test_left_zones_lie_on_the_left():
    b = body()
    for number, z in enumerate(zones()):
        x = b.points_m[b.zone_index == number, 0]
        if z.side is Side.LEFT:
            assert (x > 0).all(), z
        if z.side is Side.MIDLINE:
            assert abs(x.mean()) < 1e-6, z


def test_each_zone_is_one_piece():
    b = body()
    edges = edge_pairs(b.triangles)
    same = edges[b.zone_index[edges[:, 0]] == b.zone_index[edges[:, 1]]]
    graph = sp.coo_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(b.vertex_count,) * 2)
    _, piece = csgraph.connected_components(graph, directed=False)
    for number, z in enumerate(zones()):
        inside = (b.zone_index == number) & b.paintable
        sizes = np.bincount(piece[inside], weights=b.vertex_area_cm2[inside])
        assert sizes.max() / sizes.sum() > (0.95 if "teeth" in z.id else 0.97), z


def test_every_zone_has_its_own_words():
    left = [z for z in zones() if z.side is not Side.RIGHT]
    assert len({z.plain for z in left}) == len(left)
    assert len({z.clinical for z in left}) == len(left)
    for z in left:
        assert z.plain == z.plain.strip()
        assert z.plain[0].islower() or z.plain.startswith("Achilles")
        assert "_" not in z.plain + z.clinical


def test_words_follow_the_side():
    assert zone("zone.arm.proximal_lateral/left").label == "left, outer side of the upper arm, top third"
    assert zone("zone.belly.navel_mid/midline").label == "around the navel"


def test_reasoning_zones_are_unions_of_neighbouring_chart_zones():
    members = [z for r in reasoning_zones() for z in r.zones]
    assert sorted(map(str, members)) == sorted(map(str, zones()))
    assert 120 <= len(reasoning_zones()) <= 215
    trees = {z: cKDTree(body().points_m[body().zone_index == n]) for n, z in enumerate(zones())}
    for r in reasoning_zones():
        assert all(z.side is r.side and z.reasoning == r.id for z in r.zones)
        reached, todo = {r.zones[0]}, [r.zones[0]]
        while todo:
            at = todo.pop()
            near = [z for z in r.zones if z not in reached and trees[at].count_neighbors(trees[z], 0.02)]
            reached.update(near)
            todo += near
        assert reached == set(r.zones), r.id


def test_zone_is_found_by_text_by_id_and_by_vertex():
    sided = Sided("zone.head.temple", Side.RIGHT)
    assert zone(sided) == zone("zone.head.temple/right") == zone(zone(sided))
    vertex = int(np.nonzero(body().zone_index == zones().index(zone(sided)))[0][0])
    assert zone_of_vertex(vertex) == zone(sided)


def test_unknown_zone_names_the_nearest():
    with pytest.raises(UnknownZone, match=r"zone\.head\.temple/left"):
        zone("zone.head.tempel/left")
    with pytest.raises(SurfaceError, match="no vertex"):
        zone_of_vertex(10**6)


def test_shares_of_a_field_add_up_and_come_largest_first():
    field = Field.from_zones({"zone.head.temple/left": 255, "zone.head.ear/left": 60})
    shares = zones_of(field)
    assert [z.id for z, _ in shares] == ["zone.head.temple", "zone.head.ear"]
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert zones_of(field, least_share=0.5) == shares[:1]
    assert dict(filled_shares(field))[zone("zone.head.ear/left")] == pytest.approx(60 / 255, abs=0.02)
    assert dict(filled_shares(field, covered=True))[zone("zone.head.ear/left")] == pytest.approx(1, abs=0.02)
    assert zones_of(Field.empty()) == []


def test_reasoning_shares_follow_the_zones_they_join():
    whole = next(r for r in reasoning_zones() if str(r) == "area.head.temple/left")
    painted = Field.from_zones(whole.zones, weight=85)
    assert [(str(r), round(share, 2)) for r, share in reasoning_shares(painted)] == [(str(whole), 0.33)]
    assert dict(reasoning_shares(painted, covered=True))[whole] == pytest.approx(1, abs=0.01)
    one = Field.from_zones(whole.zones[:1])
    assert reasoning_shares(one)[0][1] == pytest.approx(whole.zones[0].area_cm2 / whole.area_cm2, abs=0.02)


def test_the_lists_for_authors_are_those_of_this_surface():
    root = Path(__file__).resolve().parents[2]
    spec = importlib.util.spec_from_file_location("surface_pages", root / "tools" / "surface_pages.py")
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    for name, text in (("zones.md", pages.zones_page()), ("landmarks.md", pages.landmarks_page())):
        written = (root / "docs" / "developer" / name).read_text(encoding="utf-8")
        assert written == text, f"run python tools/surface_pages.py: docs/developer/{name} is behind"
