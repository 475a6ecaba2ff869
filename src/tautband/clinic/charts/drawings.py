"""All drawings of one client by date, from visits and from home; two of them compared; one of them as a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tautband.clinic.charts import drawn
from tautband.clinic.charts.models import DrawingVersion, HomeDrawing, Visit
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.queries import home_drawings
from tautband.clinic.paper import pdf
from tautband.clinic.people.models import Client
from tautband.findings import Mark
from tautband.findings import drawing_file as files
from tautband.findings.ink import Ink, unpack
from tautband.surface import Extent, Field, ScaleArea, best_view, extents, in_zones, layers_in_words, scales, scored
from tautband.surface.exchange import to_csv
from tautband.surface.plates import chart, png
from tautband.terms.sides import Side

TEMPLATE = "charts/typst/drawing.typ"
FORMATS = ("json", "csv", "svg", "png", "pdf")
TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class Sheet:
    """One drawing of one day.

    key        `visit-12` or `home-3`, the row it is kept in
    drawn_by   client or therapist
    visit      None for a drawing from home
    """

    key: str
    at: datetime
    drawn_by: str
    visit: Visit | None
    rows: Any = field(repr=False)
    stored: bytes = field(repr=False)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Its zones."""
        return marks_of(self.rows)

    @cached_property
    def ink(self) -> Ink | None:
        """What was painted; None when only zones were marked."""
        return unpack(self.stored) if self.stored else None

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Each layer on the skin, as painted."""
        return files.layer_fields(self.marks, self.ink)

    @property
    def painted(self) -> bool:
        return bool(self.stored)

    @property
    def day(self) -> str:
        """Its day, for reading."""
        return date_format(timezone.localtime(self.at), "j F Y")

    @property
    def title(self) -> str:
        """Which it is: day, and where and by whom it was drawn."""
        if self.visit is None:
            return _("%(day)s, at home") % {"day": self.day}
        given = {"day": self.day, "number": self.visit.number}
        if self.drawn_by == "therapist":
            return _("%(day)s, visit %(number)d, by the therapist") % given
        return _("%(day)s, visit %(number)d") % given

    @cached_property
    def words(self) -> str:
        """What is drawn, in anatomy."""
        return layers_in_words(self.fields, files.qualities(self.marks))

    @cached_property
    def sizes(self) -> dict[str, Extent]:
        """Area of each layer."""
        return extents(self.fields)

    @cached_property
    def overlay(self) -> drawn.Overlay:
        return drawn.overlay_of(self.marks)

    @property
    def view(self) -> str:
        return drawn.first_view(self.overlay)

    @property
    def box(self) -> str:
        return drawn.crop(self.overlay, self.view)


def sheet_of(version: DrawingVersion | HomeDrawing) -> Sheet:
    """A kept version as a sheet."""
    if isinstance(version, HomeDrawing):
        return Sheet(f"home-{version.pk}", version.at, "client", None, version.marks, bytes(version.ink))
    key = f"visit-{version.pk}"
    return Sheet(key, version.at, version.drawn_by, version.visit, version.marks, bytes(version.ink))


def sheets_of(client: Client) -> list[Sheet]:
    """Every day's drawing, the newest first: of each visit the last by each hand, and what was drawn at home."""
    found: list[Sheet] = []
    for visit in client.visits.prefetch_related("drawings"):
        last: dict[str, DrawingVersion] = {}
        for version in visit.drawings.all():
            last.setdefault(version.drawn_by, version)
        found += [sheet_of(version) for version in last.values() if version.marks]
    found += [sheet_of(version) for version in home_drawings(client)]
    return sorted(found, key=lambda sheet: sheet.at, reverse=True)


def scores(sheet: Sheet) -> list[tuple[str, int, str]]:
    """The drawing by other instruments: name, how many areas count, which."""
    whole = Field.empty().union(*sheet.fields.values())
    rows = []
    for scale in scales().values():
        counted = scored(whole, scale.id).counted
        rows.append((scale.name, len(counted), ", ".join(map(_area_words, counted))))
    return rows


def _area_words(area: ScaleArea) -> str:
    name = area.name.replace("_", " ")
    return name if area.side is Side.MIDLINE else f"{area.side} {name}"


def file_of(sheet: Sheet, ending: str, client: Client) -> bytes:
    """One drawing as a file. `ending` is one of FORMATS."""
    if ending == "json":
        about = {"day": timezone.localtime(sheet.at).date().isoformat(), "drawn_by": sheet.drawn_by}
        return files.write(sheet.marks, sheet.ink, about).encode()
    if ending == "csv":
        return to_csv(sheet.fields).encode("utf-8-sig")
    if ending == "pdf":
        return _pdf(sheet, client)
    svg = chart(sheet.fields, qualities=files.qualities(sheet.marks))
    return png(svg, 1600) if ending == "png" else svg.encode()


def _pdf(sheet: Sheet, client: Client) -> bytes:
    whole = Field.empty().union(*sheet.fields.values())
    first = best_view(whole)
    said = files.qualities(sheet.marks)
    views = [first, {"front": "back", "back": "front", "right": "left", "left": "right"}[first]]
    rows = [
        [name, place.zone.label, f"{place.area_cm2:.0f}", f"{place.share:.0%}", f"{place.intensity:.0f}"]
        for name, painted in sheet.fields.items()
        for place in in_zones(painted)
    ]
    data: Mapping[str, Any] = {
        "lang": (get_language() or "en").split("-")[0],
        "words": {"page": _("Page"), "nothing": _("Nothing.")},
        "title": _("Pain drawing of %(name)s") % {"name": client.name},
        "author": client.practice.sender_name,
        "foot": f"{client.name}. {sheet.title}",
        "practice": client.practice.name,
        "address": [],
        "facts": [[_("Client"), client.name], [_("Drawn on"), sheet.title]],
        "heading": _("Pain drawing"),
        "said": sheet.words,
        "figures": [
            {
                "svg": chart(sheet.fields, view, qualities=said),
                "alt": _("Pain drawing, %(view)s: %(words)s") % {"view": view, "words": sheet.words},
                "caption": _("Figure seen from %(view)s; left and right are the client’s.")
                % {"view": VIEW_WORDS[view]()},
            }
            for view in views
        ],
        "columns": [_("Feeling"), _("Place"), _("cm²"), _("of the place"), _("0 to 10")],
        "rows": rows,
        "scores": [[name, str(count)] for name, count, _names in scores(sheet)],
        "scores_title": _("Read by other instruments: areas that count"),
    }
    return pdf(TEMPLATE, data, sheet.at)


VIEW_WORDS = {
    "front": lambda: _("the front"),
    "back": lambda: _("the back"),
    "right": lambda: _("the right"),
    "left": lambda: _("the left"),
}
