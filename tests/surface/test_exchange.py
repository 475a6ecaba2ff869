"""Drawings come back exactly, damage is refused with the reason, and pictures stand alone."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.surface import Field, zone, zones
from tautband.surface.exchange import COLUMNS, ExchangeError, LayeredDrawing, from_json, to_csv, to_json
from tautband.surface.plates import chart, png

some = st.lists(st.tuples(st.sampled_from(zones()), st.integers(1, 255)), max_size=6, unique_by=lambda p: str(p[0]))


def drawing():
    pain = Field.from_zones({"zone.thigh.middle_posterior/left": 153})
    return LayeredDrawing({"pain": pain, "numb": Field.empty()}, {"pain": ("burning",)})


@settings(max_examples=20, deadline=None)
@given(some, some)
def test_round_trip_is_exact(pain, numb):
    made = LayeredDrawing({"pain": Field.from_zones(dict(pain)), "numb": Field.from_zones(dict(numb))})
    text = to_json(made)
    back = from_json(text)
    assert back.layers == made.layers
    assert to_json(back) == text


def test_words_and_numbers_come_along():
    whole = json.loads(to_json(drawing()))
    assert whole["words"] == "pain: left posterior middle thigh, " + whole["words"].split(", ", 1)[1]
    assert "burning, 6/10" in whole["words"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "no drawing"),
        ({"version": 9}, "version 9"),
        ({"surface": "body-0"}, "no map between"),
        ({"layers": []}, "named layers"),
        ({"layers": {"pain": {}}}, "no field"),
        ({"layers": {"pain": {"field": "%%%"}}}, "cannot be read"),
        ({"layers": {"pain": {"field": "QUJD"}}}, "not a stored field"),
        ({"layers": {"pain": {"field": "QUJD", "qualities": "x"}}}, "list of words"),
    ],
)
def test_another_file_is_refused_with_the_reason(change, words):
    whole = json.loads(to_json(drawing())) | change
    with pytest.raises(ExchangeError, match=words):
        from_json(json.dumps(whole))
    with pytest.raises(ExchangeError, match="not JSON"):
        from_json("<svg/>")


def test_table_adds_up():
    rows = list(csv.reader(io.StringIO(to_csv(drawing().layers))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][:4] == ["pain", "zone.thigh.middle_posterior", "left", "posterior middle thigh"]
    assert float(rows[1][4]) == pytest.approx(zone("zone.thigh.middle_posterior/left").area_cm2, rel=0.02)


def test_chart_stands_alone_and_says_what_it_shows():
    svg = chart(drawing().layers, qualities=drawing().qualities)
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label").startswith("pain: left posterior middle thigh")
    assert root.find("{http://www.w3.org/2000/svg}title").text == root.get("aria-label")
    assert 'class="field pain"' in svg
    picture = png(svg, 300)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == pytest.approx(300, abs=2)
