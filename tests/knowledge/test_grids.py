"""A region's grid: panels in charting order, rows with their columns, and the instruments of the packaged atlas."""

from tautband.knowledge import atlas
from tautband.knowledge.grids import grid_of
from tautband.knowledge.records.clinical import PANELS

EXAM = """\
id: exam.{id}
name: {{en: {id}, plain: {id}}}
method: rom
region: arm_elbow
regions: [{regions}]
unit: deg
joint: elbow
motion: flexion
positive: short
cites: {{}}
grid: {{panel: {panel}, row: {row}, column: {column}, order: {order}}}
"""


def test_rows_stand_in_order_with_their_columns_side_by_side(write) -> None:
    cells = [
        ("later", "arm_elbow", "rom", "Extension", "active", 2),
        ("passive", "arm_elbow, shoulder", "rom", "Flexion", "passive", 1),
        ("active", "arm_elbow", "rom", "Flexion", "active", 1),
        ("stand", "arm_elbow", "posture", "Carrying angle", "front", 1),
    ]
    names = ("id", "regions", "panel", "row", "column", "order")
    files = {f"exams/rom/{cell[0]}.yaml": EXAM.format(**dict(zip(names, cell, strict=True))) for cell in cells}
    known = write(files)

    posture, rom = grid_of(known, "arm_elbow")

    assert (posture.name, rom.name) == ("posture", "rom")
    assert [row.name for row in rom.rows] == ["Flexion", "Extension"]
    assert [(column, exam.id) for column, exam in rom.rows[0].cells] == [
        ("active", "exam.active"),
        ("passive", "exam.passive"),
    ]
    assert rom.columns == ("active", "passive")
    assert [panel.name for panel in grid_of(known, "shoulder")] == ["rom"]
    assert grid_of(known, "knee") == ()


def test_panels_of_the_packaged_atlas_come_in_charting_order() -> None:
    for region in ("neck", "shoulder", "low_back", "knee"):
        order = [PANELS.index(panel.name) for panel in grid_of(atlas(), region)]
        assert order == sorted(order)


def test_no_instrument_of_others_shows_its_words_and_every_used_border_was_read() -> None:
    known = atlas()
    assert len(known.instruments) >= 40
    for one in known.instruments:
        assert one.licence.ships != "score_only" or not one.items
        for change in one.changes:
            assert not change.use or any(one.cites[key].read for key in change.by)
