"""Chart zones divide the skin: every bit once, in one piece, the same on both sides, with words for each."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from tautband.surface import (
    Field,
    SurfaceError,
    UnknownZone,
    body,
    filled_shares,
    reasoning_shares,
    reasoning_zones,
    zone,
    zone_of_vertex,
    zones,
    zones_of,
)
from tautband.surface.geodesics import edge_pairs
from tautband.terms.ids import Sided
from tautband.terms.sides import Side


def test_zones_share_out_the_visible_skin_without_rest():
    b = body()
    area = np.bincount(b.zone_index[b.visible], weights=b.vertex_area_cm2[b.visible], minlength=len(zones()))
    assert area == pytest.approx([z.area_cm2 for z in zones()], abs=0.06)
    assert area.sum() == pytest.approx(b.vertex_area_cm2[b.visible].sum())


def test_there_are_enough_zones_and_none_is_a_sliver():
    assert 350 <= len(zones()) <= 400
    assert min(z.area_cm2 for z in zones()) >= 2
    assert max(z.area_cm2 for z in zones()) < 200


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
        inside = (b.zone_index == number) & b.visible
        sizes = np.bincount(piece[inside], weights=b.vertex_area_cm2[inside])
        assert sizes.max() / sizes.sum() > 0.97, z


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
