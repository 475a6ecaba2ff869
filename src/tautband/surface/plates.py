"""A drawing or field as a picture that stands alone: SVG with its own colours, or PNG, for letters, print and files.

Pages use `figure_svg` and the style sheet instead. Light paper colours only: a picture that is sent has no dark mode.
"""

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tautband.surface.charts import SCHEMES, best_view, field_svg, figure_svg, view_box
from tautband.surface.fields import Field
from tautband.surface.metrics import layers_in_words
from tautband.surface.views import view_named
from tautband.terms.sides import Side

PAPER = (
    ".sil{fill:#eff2ef}.s1,.s2{fill:#7f9490;opacity:.2}.ln{fill:none;stroke:#4a5b5c;stroke-width:1.4;opacity:.7;"
    "stroke-linecap:round}.ol{fill:none;stroke:#4a5b5c;stroke-width:2.4}"
    ".w1{opacity:.3}.w2{opacity:.35}.w3{opacity:.45}.field.pain path{fill:#9a2a12}.field.numb path{fill:#4a80c4}"
    ".field.tingling path{fill:#af7d00}.field.touch path{fill:#3f1d5c}.field.felt path{fill:#9a2a12}"
    ".prop{fill:#e0e8e5;stroke:#4a5b5c;stroke-width:2}.prop-line{fill:none;stroke:#4a5b5c;stroke-width:3}"
)


def chart(
    layers: Mapping[str, Field],
    view: str | None = None,
    part: str | None = None,
    side: Side = Side.LEFT,
    qualities: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """One view of a drawing as an SVG file with colours and its words as text alternative.

    layers  layer name (pain, numb, tingling, touch) -> field
    view    a chart view, or None for the one that shows most
    part    a close-up of `charts.parts()`, of `side` where it has sides

    Raises SurfaceError for an unknown view or part.
    """
    everything = Field.empty().union(*layers.values())
    chosen = view or best_view(everything)
    if chosen not in SCHEMES:
        view_named(chosen)
    washes = (field_svg(field, chosen, name) for name, field in layers.items())
    words = layers_in_words(layers, qualities)
    drawn = figure_svg(chosen, *(wash for wash in washes if wash), label=words, part=part, side=side)
    return standalone(drawn, view_box(chosen, part, side), words)


def standalone(svg: str, box: str, words: str) -> str:
    """A figure of a page as a file of its own: name space, size, title and colours inside."""
    _, _, width, height = box.split()
    head, _, rest = svg.partition(">")
    head = head.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" ', 1)
    return f"{head}><title>{escape(words)}</title><style>{PAPER}</style>{rest}\n"


def png(svg: str, width_px: int | None = None) -> bytes:
    """A stand-alone SVG as PNG on white, a pixel for each chart unit or of the given width.

    Typst draws it, which also makes the letters, so no further library is needed.
    """
    import typst

    written = re.search(r'\bwidth="(\d+)', svg)
    width_px = width_px or (int(written[1]) if written else 800)

    source = (
        "#set page(width: 400pt, height: auto, margin: 0pt, fill: white)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 400pt, alt: "")\n'
    )
    drawn = typst.compile(source.encode(), format="png", ppi=width_px / 400 * 72, sys_inputs={"svg": svg})
    if not isinstance(drawn, bytes):
        raise TypeError("A chart is one page.")
    return drawn
