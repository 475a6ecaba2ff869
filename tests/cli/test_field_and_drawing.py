"""Fields and drawings from the command line."""

from tautband.cli.main import main
from tautband.surface import Field
from tautband.surface.exchange import LayeredDrawing, to_json


def test_a_field_is_measured_and_drawn(tmp_path, capsys):
    svg = tmp_path / "field.svg"
    assert main(["field", "infraspinatus", "--side", "right", "--svg", str(svg)]) == 0
    said = capsys.readouterr().out
    assert "/right: right" in said
    assert "essential" in said
    assert svg.read_text(encoding="utf-8").startswith("<svg xmlns=")
    assert main(["field", "infraspinatus", "--view", "moon", "--svg", str(svg)]) == 2
    assert "front, back" in capsys.readouterr().err
    assert main(["field", "nosuchmuscleatall"]) == 2


def test_drawings_are_scored_compared_and_written(tmp_path, capsys):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    wide = Field.from_zones(["zone.back.l4_l5/left", "zone.back.l2_l3/left", "zone.buttock.upper_inner/left"])
    before.write_text(to_json(LayeredDrawing({"pain": wide})), encoding="utf-8")
    after.write_text(to_json(LayeredDrawing({"pain": Field.from_zones(["zone.back.l4_l5/left"])})), encoding="utf-8")
    table = tmp_path / "zones.csv"
    assert main(["drawing", str(after), str(before), "--csv", str(table)]) == 0
    said = capsys.readouterr().out
    assert "extent changed" in said
    assert "Widespread pain index: 1 (lower_back)" in said
    assert table.read_text(encoding="utf-8").count("\n") == 2
    before.write_text("{}", encoding="utf-8")
    assert main(["drawing", str(before)]) == 2
    assert "no drawing" in capsys.readouterr().err
