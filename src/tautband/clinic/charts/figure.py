"""A drawing as a picture of its own: one view as SVG that needs no style sheet, for paper and for export."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from tautband.clinic.charts import drawn
from tautband.clinic.charts.models import DrawingVersion, Visit
from tautband.findings import Mark
from tautband.findings.drawing_file import layer_fields
from tautband.findings.ink import unpack
from tautband.surface import Field, chart_svg, view_box

STYLE = """.sil{fill:#fff;stroke:#5b6b70;stroke-width:2}.s1{fill:#f1f3f3}.s2{fill:#e3e8e8}
.ln{fill:none;stroke:#8fa0a4;stroke-width:1.5}.ol{fill:none;stroke:#5b6b70;stroke-width:2}
.mk-pain path{fill:#b3303a}.mk-numbness path{fill:#2f62a8}.mk-tingling path{fill:#9a6a00}
.mk-allodynia path{fill:#7a3f98}
.mk .w1{opacity:.3}.mk .w2{opacity:.55}.mk .w3{opacity:.8}
.mk .pat{opacity:1}.mk-numbness .pat{fill:url(#p-numbness)}.mk-tingling .pat{fill:url(#p-tingling)}
.mk-allodynia .pat{fill:url(#p-allodynia)}.mk-edge{fill:none;stroke:#15262b;stroke-width:3}
.keep{fill:#fff}.cut{fill:#000}
"""
PATTERNS = (
    '<defs><pattern id="p-numbness" width="20" height="12" patternUnits="userSpaceOnUse">'
    '<path d="M2 6h13" stroke="#15262b" stroke-width="4"/></pattern>'
    '<pattern id="p-tingling" width="14" height="14" patternUnits="userSpaceOnUse">'
    '<circle cx="7" cy="7" r="3.6" fill="none" stroke="#15262b" stroke-width="2.4"/></pattern>'
    '<pattern id="p-allodynia" width="16" height="16" patternUnits="userSpaceOnUse">'
    '<path d="m4 4 8 8m0-8-8 8" stroke="#15262b" stroke-width="2.6"/></pattern></defs>'
)


def views_of(marks: Iterable[Mark]) -> list[str]:
    """The views that show what is drawn: one, or two where one leaves something out."""
    overlay = drawn.overlay_of(marks)
    first = drawn.first_view(overlay)
    second = drawn.second_view(overlay, first)
    return [first, *([second] if second else [])]


def figure_svg(marks: Iterable[Mark], view: str, prefix: str, *, cropped: bool = False, ink: bytes = b"") -> str:
    """One view of a drawing with what it shows in words: the ink in its own shape where it was painted, else zones.

    prefix   keeps ids apart where several figures stand in one document
    cropped  only the half of the body that holds the drawing
    ink      as stored with the drawing; empty where zones were tapped
    """
    marks = tuple(marks)
    overlay = drawn.overlay_of(marks)
    words = escape(drawn.in_words(marks, most=1000) or "Nothing is marked.")
    box = drawn.crop(overlay, view) if cropped else view_box(view)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img"><title>{words}</title>'
        f"<style>{STYLE}</style>{PATTERNS}{chart_svg(view)}{laid_over(overlay, view, prefix, ink)}</svg>\n"
    )


def laid_over(overlay: drawn.Overlay, view: str, prefix: str, ink: bytes = b"") -> SafeString:
    """What lies over the figure of a view: stored ink as it was painted, else the zones."""
    fields = _fields_of(ink) if ink else {}
    return drawn.as_drawn(fields, overlay, view, prefix, painted=bool(fields))


@lru_cache(maxsize=8)
def _fields_of(ink: bytes) -> Mapping[str, Field]:
    """The layers of stored ink; kept for the few views of one paper."""
    return layer_fields((), unpack(ink))


def ink_digest(drawing: DrawingVersion | None) -> str:
    """SHA-256 (hex) of the ink of a drawing, for a document that is signed; empty where nothing was painted."""
    return sha256(bytes(drawing.ink)).hexdigest() if drawing and drawing.ink else ""


def ink_signed(visit: Visit, told: Mapping[str, Any]) -> bytes:
    """The ink that a signed document of this visit was signed with; empty where it names none or none fits.

    told   the document's drawing: what was signed is drawn and nothing else, so other ink is left out
    """
    digest = told.get("ink", "")
    return next((bytes(one.ink) for one in visit.drawings.all() if digest and ink_digest(one) == digest), b"")
