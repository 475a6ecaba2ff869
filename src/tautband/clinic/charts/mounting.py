"""The drawing as a piece of any page: what its markup and script need, and what it sends back.

A page includes `charts/_drawing.html` with `draw=draw_context(...)` and reads the post with `document_of`. A sheet that
only wants a drawing back loads `js/drawing_sheet.js`. docs/developer/web.md says how.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tautband.clinic.charts import drawn
from tautband.clinic.charts.closeups import close_ups
from tautband.clinic.charts.picture import marks_of
from tautband.findings import BadFinding, Layer, Mark
from tautband.findings.ink import as_row, decode, pack, plain_of, unpack
from tautband.surface import FIGURES, SURFACE, view_box, zones
from tautband.surface.charts import chart_zones
from tautband.terms.sides import Side

LAYERS = tuple((layer.value, drawn.LAYER_NAMES[layer]) for layer in Layer)
NO_NUMBER = "none"
"""What a row of the list sends for a mark that was kept without a number."""

STEPS = ((2.0, gettext_lazy("a little")), (5.0, gettext_lazy("clearly")), (8.0, gettext_lazy("strongly")))
"""What a row of the list means as a number when no number was given; the middle of the third it names."""

GROUPS = (
    ("head", gettext_lazy("Head and face"), ("head",)),
    ("neck", gettext_lazy("Neck"), ("neck",)),
    ("shoulder", gettext_lazy("Shoulder and shoulder blade"), ("shoulder", "scapula")),
    ("arm", gettext_lazy("Upper arm and elbow"), ("arm", "elbow")),
    ("forearm", gettext_lazy("Forearm and wrist"), ("forearm", "wrist")),
    ("hand", gettext_lazy("Hand and fingers"), ("hand",)),
    ("chest", gettext_lazy("Chest"), ("chest",)),
    ("belly", gettext_lazy("Belly, groin, between the legs"), ("belly", "pelvis")),
    ("back", gettext_lazy("Back"), ("back",)),
    ("buttock", gettext_lazy("Buttock and hip"), ("buttock", "hip")),
    ("thigh", gettext_lazy("Thigh and knee"), ("thigh", "knee")),
    ("leg", gettext_lazy("Lower leg and ankle"), ("leg", "ankle")),
    ("foot", gettext_lazy("Foot and toes"), ("foot",)),
)
QUALITIES = (
    ("ache", gettext_lazy("aching")),
    ("sharp", gettext_lazy("sharp")),
    ("burning", gettext_lazy("burning")),
    ("electric", gettext_lazy("electric")),
    ("throbbing", gettext_lazy("throbbing")),
    ("stiff", gettext_lazy("stiff")),
    ("cramp", gettext_lazy("cramping")),
    ("pressing", gettext_lazy("pressing")),
    ("heavy", gettext_lazy("heavy")),
    ("sore", gettext_lazy("sore")),
)
"""What pain can feel like: the word that is kept, and the one that is read."""

DEPTH_WORDS = (("surface", gettext_lazy("On the surface")), ("deep", gettext_lazy("Deep inside")))
FIGURE_WORDS = {
    "average": gettext_lazy("Usual"),
    "female": gettext_lazy("Female"),
    "male": gettext_lazy("Male"),
    "broad": gettext_lazy("Broad"),
    "slim": gettext_lazy("Slim"),
}
"""Builds of body the painter can show. They change what is seen, never what is kept."""


@dataclass(frozen=True)
class Document:
    """A drawing as a value, wherever it is kept: its marks, and its ink in the stored form (empty: zones alone)."""

    marks: tuple[Mark, ...] = ()
    ink: bytes = b""

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        """The marks as they are stored."""
        return [as_row(mark) for mark in self.marks]

    @property
    def zones(self) -> frozenset[str]:
        """Every marked zone, `zone.id/side`."""
        return drawn.overlay_of(self.marks).zones

    @property
    def words(self) -> str:
        """What is drawn, for reading."""
        return drawn.in_words(self.marks)


def document_of(sent: Mapping[str, Any], base: bytes = b"") -> Document:
    """A drawing as the script sends it: `ink` from the painter, else `marks`, a list or its JSON.

    base   stored ink that the marks started from; it follows the zones that were changed

    Raises BadFinding with what would be right.
    """
    if sent.get("ink"):
        try:
            plain = urlsafe_b64decode(str(sent["ink"]))
        except ValueError:
            raise unreadable() from None
        painted = decode(plain)
        return Document(painted.marks(), pack(painted))
    marks = sent.get("marks") or []
    if isinstance(marks, str):
        try:
            marks = json.loads(marks)
        except ValueError:
            raise unreadable() from None
    read = marks_of(marks)
    return Document(read, pack(unpack(base).following(read)) if base else b"")


def unreadable() -> BadFinding:
    """What is said of a drawing that is no drawing."""
    return BadFinding(_("The drawing could not be read. Load the page and paint it again."))


def sent_fields(post: Mapping[str, Any]) -> dict[str, Any]:
    """What a form sends, as `document_of` reads it; without script one field for each row of the list."""
    if post.get("ink"):
        return {"ink": post["ink"]}
    if post.get("marks"):
        return {"marks": post["marks"]}
    rows = [(name.split("|"), value) for name, value in post.items() if name.startswith("row|") and value]
    return {
        "marks": [
            {"layer": layer, "zone": place, "side": side, "intensity": None if value == NO_NUMBER else value}
            for (_row, layer, place, side), value in (r for r in rows if len(r[0]) == 4)
        ]
    }


def ink_text(stored: bytes | memoryview | None) -> str:
    """Stored ink in the plain form for a page, base64 for addresses; empty when only zones were marked."""
    return urlsafe_b64encode(plain_of(bytes(stored))).decode() if stored else ""


def draw_context(
    *,
    name: str,
    post_to: str = "",
    next_url: str = "",
    base: str = "",
    marks: Iterable[Mapping[str, Any]] = (),
    ink: bytes | memoryview | None = None,
    layer: str = "pain",
    asks_who_draws: bool = False,
    sheet: bool = False,
    wrong: str = "",
) -> dict[str, Any]:
    """Everything `charts/_drawing.html` needs, as `draw`.

    name            what is drawn, for the drafts kept on this device: a visit's id, "home/CLIENT"
    post_to         address that keeps it; next_url is where Done goes
    base            version the page starts from, sent back with each save
    marks, ink      what is there now, as stored
    layer           the feeling chosen first
    asks_who_draws  adds the box *The therapist draws*
    sheet           nothing is sent: the script hands the drawing to whoever opened the sheet
    """
    marks = list(marks)
    layer = layer if layer in dict(LAYERS) else "pain"
    now = {(m["layer"], m["zone"], m["side"]): m for m in marks}
    return {
        "name": name,
        "post_to": post_to,
        "next_url": next_url,
        "base": base,
        "layer": layer,
        "layers": LAYERS,
        "qualities": QUALITIES,
        "depths": DEPTH_WORDS,
        "figures": figures(),
        "surface": SURFACE,
        "views": [(view, view_box(view)) for view in drawn.EVERY_VIEW],
        "groups": _groups(now, layer),
        "steps": STEPS,
        "others": [m for m in marks if m["layer"] != layer],
        "asks_who_draws": asks_who_draws,
        "sheet": sheet,
        "wrong": wrong,
        "data": {"marks": marks, "base": base, "ink": ink_text(ink), **painter_data()},
    }


def painter_data() -> dict[str, Any]:
    """What the script needs, whatever the drawing is kept for."""
    table = zones()
    return {
        "paths": {view: dict(chart_zones(view)) for view in drawn.EVERY_VIEW},
        "labels": {str(z): z.plain for z in table},
        "areaCm2": [z.area_cm2 for z in table],
        "boxes": {view: view_box(view) for view in drawn.EVERY_VIEW},
        "close": close_ups(),
        "island": static("islands/painter.js"),
        "words": script_words(),
    }


def script_words() -> dict[str, Any]:
    """Every sentence the script says; {name} stands for what it fills in."""
    return {
        "feelings": {
            "pain": _("pain"),
            "numb": _("numbness"),
            "tingling": _("tingling"),
            "touch": _("touch that hurts"),
        },
        "ask": {
            "pain": _("Where does it hurt?"),
            "numb": _("Where is it numb?"),
            "tingling": _("Where does it tingle?"),
            "touch": _("Where does touch hurt?"),
        },
        "steps": ["", *(str(word) for _number, word in STEPS)],
        "place": {
            "right": _("your right, {place}"),
            "left": _("your left, {place}"),
            "midline": pgettext("a place in the middle of the body", "{place}"),
        },
        "place_short": {"right": _("right, {place}"), "left": _("left, {place}"), "midline": "{place}"},
        "close": {"right": _("Your right: {part}"), "left": _("Your left: {part}")},
        "other": _("{name} kept another drawing meanwhile. Both are on file; this one counts now."),
        "other_device": _("Another device kept a drawing meanwhile. Both are on file; this one counts now."),
        "join": _("Put both inks together"),
        "not_marked": _("not marked"),
        "marked": _("{n} marked"),
        "no_number": _("marked, no number"),
        "of_ten": _("{n} of 10"),
        "no_number_chosen": _("no number chosen"),
        "in_places": _("{feeling} in {places}"),
        "and_more": _("{places} and {n} more"),
        "so_far": _("So far: {list}."),
        "nothing": _("Nothing is marked yet."),
        "kept_here": _("Not sent yet. It is kept on this device; the page tries again by itself."),
        "no_body": _("The body to turn cannot be shown on this device. The chart and the list hold the same places."),
        "body_failed": _("The body to turn could not be loaded. The chart and the list hold the same places."),
        "hint_list": _("Tap once for a little, again for more, a fourth time for none."),
        "hint_paint": _("Choose a feeling, then paint with a finger."),
        "sheet_failed": _("The figure could not be loaded. Try again, or write where it is felt."),
    }


def figures() -> list[tuple[str, Any, str]]:
    """Name, words and address of each build of body, the usual one first."""
    return [(name, FIGURE_WORDS.get(name, name), static(f"surface/figure-{name}.bin")) for name in FIGURES]


def _groups(now: Mapping[tuple[str, str, str], Any], layer: str) -> list[dict[str, Any]]:
    """The zones as groups of rows, each with what is marked now in the layer that is shown."""
    groups = []
    for key, words, parts in GROUPS:
        rows = [
            {"zone": z, "mark": now.get((layer, z.id, z.side.value))} for z in zones() if z.id.split(".")[1] in parts
        ]
        rows.sort(key=lambda row: (row["zone"].side is not Side.RIGHT, row["zone"].side is Side.MIDLINE))
        groups.append({"key": key, "words": words, "rows": rows, "count": sum(1 for r in rows if r["mark"])})
    return groups
