"""Write docs/developer/zones.md and landmarks.md from the surface, for those who map words or write fields.

python tools/surface_pages.py
"""

from pathlib import Path

from tautband.surface import landmarks, reasoning_zones, zones
from tautband.terms.sides import Side

DOCS = Path(__file__).resolve().parent.parent / "docs" / "developer"


def zones_page() -> str:
    """All chart zones and reasoning zones, one row for both sides."""
    lines = [
        "# Chart zones of body-1",
        "",
        "Written by `python tools/surface_pages.py`; do not edit. A zone is named `id/side`, as in",
        "`zone.arm.proximal_lateral/left`. Paired zones exist left and right; the area is that of one side.",
        f"There are {len(zones())} sided chart zones and {len(reasoning_zones())} sided reasoning zones.",
        "",
        "| id | side | plain words | clinical word | cm2 | reasoning zone |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for z in zones():
        if z.side is not Side.RIGHT:
            side = "midline" if z.side is Side.MIDLINE else "paired"
            lines.append(f"| `{z.id}` | {side} | {z.plain} | {z.clinical} | {z.area_cm2:.0f} | `{z.reasoning}` |")
    lines += ["", "## Reasoning zones", ""]
    lines += ["| id | side | plain words | cm2 | chart zones |", "| --- | --- | --- | --- | --- |"]
    for r in reasoning_zones():
        if r.side is not Side.RIGHT:
            side = "midline" if r.side is Side.MIDLINE else "paired"
            members = ", ".join(f"`{z.id}`" for z in r.zones)
            lines.append(f"| `{r.id}` | {side} | {r.plain} | {r.area_cm2:.0f} | {members} |")
    return "\n".join(lines) + "\n"


def landmarks_page() -> str:
    """All landmarks with their definitions."""
    lines = [
        "# Landmarks of body-1",
        "",
        "Written by `python tools/surface_pages.py`; do not edit. Fields in atlas files run through these.",
        "",
        "| id | side | name | definition |",
        "| --- | --- | --- | --- |",
    ]
    for point in landmarks().values():
        side = "paired" if point.paired else "midline"
        lines.append(f"| `{point.id}` | {side} | {point.name} | {point.definition} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "zones.md").write_text(zones_page(), encoding="utf-8")
    (DOCS / "landmarks.md").write_text(landmarks_page(), encoding="utf-8")
