"""The pain drawing: a chart of zones to paint, and the same zones as a list. Both write one field of one form."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import actions, drawn, queries
from tautband.clinic.charts.closeups import close_ups
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import DrawingVersion, Visit
from tautband.clinic.charts.views.refusals import CONFLICT, UNPROCESSABLE, VISIT_CLOSED
from tautband.clinic.people.http import member_only
from tautband.findings import BadFinding, Layer
from tautband.findings.ink import plain_of
from tautband.surface import FIGURES, SURFACE, chart_zones, view_box, zones
from tautband.terms.sides import Side

LAYERS = tuple((layer.value, drawn.LAYER_NAMES[layer]) for layer in Layer)
NO_NUMBER = "none"
"""What a row of the list sends for a mark that was kept without a number."""

STEPS = ((2.0, _("a little")), (5.0, _("clearly")), (8.0, _("strongly")))
"""What a row of the list means as a number when no number was given; the middle of the third it names."""

GROUPS = (
    ("head", _("Head and face"), ("head",)),
    ("neck", _("Neck"), ("neck",)),
    ("shoulder", _("Shoulder and shoulder blade"), ("shoulder", "scapula")),
    ("arm", _("Upper arm and elbow"), ("arm", "elbow")),
    ("forearm", _("Forearm and wrist"), ("forearm", "wrist")),
    ("hand", _("Hand and fingers"), ("hand",)),
    ("chest", _("Chest"), ("chest",)),
    ("belly", _("Belly, groin, between the legs"), ("belly", "pelvis")),
    ("back", _("Back"), ("back",)),
    ("buttock", _("Buttock and hip"), ("buttock", "hip")),
    ("thigh", _("Thigh and knee"), ("thigh", "knee")),
    ("leg", _("Lower leg and ankle"), ("leg", "ankle")),
    ("foot", _("Foot and toes"), ("foot",)),
)
QUALITIES = (
    ("ache", _("aching")),
    ("sharp", _("sharp")),
    ("burning", _("burning")),
    ("electric", _("electric")),
    ("throbbing", _("throbbing")),
    ("stiff", _("stiff")),
    ("cramp", _("cramping")),
    ("pressing", _("pressing")),
    ("heavy", _("heavy")),
    ("sore", _("sore")),
)
"""What pain can feel like: the word that is kept, and the one that is read."""

DEPTH_WORDS = (("surface", _("On the surface")), ("deep", _("Deep inside")))
FIGURE_WORDS = {
    "average": _("Usual"),
    "female": _("Female"),
    "male": _("Male"),
    "broad": _("Broad"),
    "slim": _("Slim"),
}
"""Builds of body the painter can show. They change what is seen, never what is kept."""


@member_only
def drawing(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Show the drawing, or keep a version of it."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _keep(request, visit)
    return render(request, "charts/drawing.html", drawing_context(request, visit))


def _keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    script = request.headers.get("X-Requested-With") == "fetch"
    newest = visit.drawings.first()
    base = version_of(visit, request.POST.get("base", ""))
    try:
        version = actions.save_drawing(
            by=request.member,  # type: ignore[attr-defined]
            visit=visit,
            **sent_drawing(request),
            base=base,
            drawn_by="therapist" if request.POST.get("drawn_by") == "therapist" else "client",
            key=request.POST.get("key") or None,
        )
    except BadFinding as bad:
        return _refused(request, visit, str(bad), UNPROCESSABLE, script)
    except actions.VisitClosed:
        return _refused(request, visit, str(VISIT_CLOSED), CONFLICT, script)
    except KeyReused as repeat:
        return _refused(request, visit, _("%(why)s Load the page again.") % {"why": repeat}, CONFLICT, script)
    if script:
        return JsonResponse(
            {"version": version.pk, "marks": version.marks} | _meanwhile(newest, request.POST.get("base", ""), version)
        )
    return redirect("charts:story", visit.pk)


def _meanwhile(newest: DrawingVersion | None, base: str, mine: DrawingVersion) -> dict[str, Any]:
    """A version that was kept elsewhere since this page was opened: it stays on file, and its marks come along."""
    if newest is None or newest.pk == mine.pk or str(newest.pk) == base:
        return {}
    return {
        "other": {
            "version": newest.pk,
            "at": newest.at.isoformat(),
            "by": newest.by.display_name,
            "marks": newest.marks,
            "ink": ink_text(newest),
        }
    }


def version_of(visit: Visit, number: str) -> DrawingVersion | None:
    """The version a page started from, if it says one of this visit."""
    return visit.drawings.filter(pk=int(number)).first() if number.isdecimal() else None


def ink_text(version: DrawingVersion | None) -> str:
    """Plain ink of a version for the page, base64 for addresses; empty when only zones were marked."""
    return urlsafe_b64encode(plain_of(bytes(version.ink))).decode() if version and version.ink else ""


def sent_drawing(request: HttpRequest) -> dict[str, Any]:
    """What a form sends: ink from the painter, else marks from chart or list. Raises BadFinding."""
    if request.POST.get("ink"):
        try:
            return {"ink": urlsafe_b64decode(request.POST["ink"])}
        except ValueError:
            raise BadFinding(_("The drawing could not be read. Load the page and paint it again.")) from None
    return {"marks": sent_marks(request)}


def _refused(request: HttpRequest, visit: Visit, words: str, status: int, script: bool) -> HttpResponse:
    if script:
        return JsonResponse({"wrong": words}, status=status)
    return render(request, "charts/drawing.html", drawing_context(request, visit) | {"wrong": words}, status=status)


def sent_marks(request: HttpRequest) -> list[dict[str, Any]]:
    """Marks of the form: one JSON field from the script, or one field for each row of the list without it.

    Raises BadFinding for a field that is no list.
    """
    if request.POST.get("marks"):
        try:
            marks = json.loads(request.POST["marks"])
        except ValueError:
            raise BadFinding(_("The drawing could not be read. Load the page and paint it again.")) from None
        if not isinstance(marks, list):
            raise BadFinding(_("A drawing is a list of marks."))
        return marks
    rows = [(name.split("|"), value) for name, value in request.POST.items() if name.startswith("row|") and value]
    return [
        {"layer": layer, "zone": place, "side": side, "intensity": None if value == NO_NUMBER else value}
        for (_row, layer, place, side), value in (r for r in rows if len(r[0]) == 4)
    ]


def drawing_context(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """Everything the painter and the list need."""
    kept = visit.drawings.first()
    marks = kept.marks if kept else []
    views = [(view, view_box(view)) for view in drawn.EVERY_VIEW]
    layer = request.GET.get("layer") if request.GET.get("layer") in dict(LAYERS) else "pain"
    data = {
        "marks": marks,
        "base": kept.pk if kept else None,
        "ink": ink_text(kept),
        **painter_data(),
    }
    now = {(m["layer"], m["zone"], m["side"]): m for m in marks}
    return visit_page(
        request,
        visit,
        "story",
        kept=kept,
        base=kept.pk if kept else "",
        layers=LAYERS,
        qualities=QUALITIES,
        depths=DEPTH_WORDS,
        figures=figures(),
        surface=SURFACE,
        layer=layer,
        views=views,
        data=data,
        groups=_groups(now, layer),
        steps=STEPS,
        others=[m for m in marks if m["layer"] != layer],
        plain_marks=json.dumps(marks),
    )


def painter_data() -> dict[str, Any]:
    """What any page with the painter hands to its script, whatever it keeps the drawing for."""
    table = zones()
    return {
        "paths": {view: dict(chart_zones(view)) for view in drawn.EVERY_VIEW},
        "labels": {str(z): z.plain for z in table},
        "areaCm2": [z.area_cm2 for z in table],
        "boxes": {view: view_box(view) for view in drawn.EVERY_VIEW},
        "close": close_ups(),
        "island": static("islands/painter.js"),
    }


def figures() -> list[tuple[str, str, str]]:
    """Name, words and address of each build of body, the usual one first."""
    return [(name, FIGURE_WORDS.get(name, name), static(f"surface/figure-{name}.bin")) for name in FIGURES]


def _groups(now: dict[tuple[str, str, str], Any], layer: str) -> list[dict[str, Any]]:
    """The zones as groups of rows, each with what is marked now in the layer that is shown."""
    groups = []
    for key, words, parts in GROUPS:
        rows = [
            {"zone": z, "mark": now.get((layer, z.id, z.side.value))} for z in zones() if z.id.split(".")[1] in parts
        ]
        rows.sort(key=lambda row: (row["zone"].side is not Side.RIGHT, row["zone"].side is Side.MIDLINE))
        groups.append({"key": key, "words": words, "rows": rows, "count": sum(1 for r in rows if r["mark"])})
    return groups
