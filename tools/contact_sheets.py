"""Write pages for the eye: all landmarks, all zones, and fields of the atlas, drawn on the charts.

python tools/contact_sheets.py FOLDER [ATLAS_FILE ...]

Opens in any browser. Whoever moves a landmark or a zone border looks at these before committing.
"""

import sys
from html import escape
from pathlib import Path

import yaml

from tautband.surface import (
    Field,
    chart_point,
    chart_zones_svg,
    describe,
    field_from_parts,
    field_svg,
    figure_svg,
    landmarks,
    view_box,
    views,
)
from tautband.terms.sides import Side

STYLE = """
body{font:14px sans-serif;background:#fff;color:#15262B;margin:16px}
svg{height:900px;margin:8px;background:#EBF0EE}
.sil{fill:#EFF2EF}.s1,.s2{fill:#7F9490;opacity:.2}.ln{fill:none;stroke:#4A5B5C;stroke-width:1.2}
.ol{fill:none;stroke:#4A5B5C;stroke-width:1.6}
.zone{fill:#0E5C50;fill-opacity:.05;stroke:#0E5C50;stroke-width:.8}
.w1{fill:#9A2A12;fill-opacity:.25}.w2{fill:#9A2A12;fill-opacity:.4}.w3{fill:#9A2A12;fill-opacity:.5}
.dot{fill:#9A2A12}.name{font:5px sans-serif;fill:#15262B}
"""
CLOSE = ("head", "neck_shoulders", "trunk", "pelvis", "arm", "hand", "leg", "knee", "foot")


def landmark_layer(view: str, box: str) -> str:
    """Dots and names of the left and midline landmarks seen in a view; names are moved down until they are free."""
    size = float(box.split()[3]) / 900 * 11
    taken: list[tuple[float, float]] = []
    marks = []
    for point in landmarks().values():
        x, y, seen = chart_point(view, next(iter(point.vertices.values())))
        if not seen:
            continue
        at = y
        while any(abs(x - a) < size * 7 and abs(at - b) < size for a, b in taken):
            at += size
        taken.append((x, at))
        marks.append(f'<circle class="dot" cx="{x}" cy="{y}" r="{size / 4:.2f}"/>')
        marks.append(
            f'<text class="name" style="font-size:{size:.2f}px" x="{x + size / 2:.1f}" y="{at:.1f}">{point.id}</text>'
        )
    return "".join(marks)


def page(title: str, pictures: list[str]) -> str:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f"{head}<h1>{escape(title)}</h1>{''.join(pictures)}"


def landmarks_page() -> str:
    pictures = []
    for part in CLOSE:
        for view in ("front", "back", "left", "inner_left", "soles"):
            if view in ("inner_left", "soles") and part not in ("leg", "knee", "foot"):
                continue
            if view == "soles" and part != "foot":
                continue
            box = view_box(view) if view == "soles" else view_box(view, part)
            layer = landmark_layer(view, box)
            pictures.append(figure_svg(view, layer, label=f"{part}, {view}", part=None if view == "soles" else part))
    return page("Landmarks (left and midline)", pictures)


def zones_page() -> str:
    return page("Chart zones", [figure_svg(v, chart_zones_svg(v), label=f"Zones, {v}") for v in views()])


def fields_page(files: list[Path]) -> str:
    pictures = []
    for file in files:
        record = yaml.safe_load(file.read_text(encoding="utf-8"))
        field = Field.empty()
        for trigger_point in record.get("trigger_points", []):
            field |= field_from_parts(trigger_point["refers_to"], Side.RIGHT)
        name = record["name"]["en"]
        pictures.append(f"<h2>{escape(name)}</h2><p>{escape(describe(field))}</p>")
        pictures += [figure_svg(v, field_svg(field, v), label=f"{name}, {v}") for v in ("front", "right", "back")]
    return page("Referral fields, right side", pictures)


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    (out / "landmarks.html").write_text(landmarks_page(), encoding="utf-8")
    (out / "zones.html").write_text(zones_page(), encoding="utf-8")
    if len(sys.argv) > 2:
        (out / "fields.html").write_text(fields_page([Path(p) for p in sys.argv[2:]]), encoding="utf-8")


if __name__ == "__main__":
    main()
