"""Pages of the atlas. Any member of the practice may read all of it; nothing here writes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe

from tautband.clinic.library import browse, hurts, page, pictures, words
from tautband.clinic.people.http import member_only
from tautband.knowledge import Atlas, UnknownId
from tautband.knowledge import atlas as the_atlas
from tautband.knowledge.coverage import coverage
from tautband.knowledge.records import Education, Muscle, Selfcare
from tautband.knowledge.search import Hit, search
from tautband.knowledge.words import fold
from tautband.surface import UnknownZone, chart_svg, view_box, zone
from tautband.terms.ids import BadId, kind_of

FOUND = 20
LONGEST = 80
BODY_VIEWS = ("front", "back", "left", "right", "soles")


@member_only
def home(request: HttpRequest) -> HttpResponse:
    """Find anything: type, or browse by region, place, movement, nerve, kind."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    known = the_atlas()
    context = {
        "asked": asked,
        "hits": _hits(known, asked) if asked else (),
        "regions": browse.region_counts(known),
        "kinds": [(kind, len(known.by_kind.get(kind, ()))) for kind in words.KINDS if known.by_kind.get(kind)],
        "trouble": known.errors,
    }
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(request, "library/_hits.html" if part else "library/home.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _hits(known: Atlas, asked: str) -> list[Hit]:
    """What a search finds; things called exactly so come first."""
    exact = known.by_name.get(fold(asked), ())
    return sorted(search(known, asked, FOUND), key=lambda hit: hit.id not in exact)


@member_only
def region(request: HttpRequest, region: str) -> HttpResponse:
    """Everything of one region, by kind."""
    if region not in words.REGIONS:
        raise Http404(f"The atlas has no region {region!r}.")
    groups = browse.by_kind(the_atlas(), browse.in_region(the_atlas(), region))
    return render(request, "library/region.html", {"region": region, "groups": groups})


@member_only
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything of one kind, by region or sort."""
    known = the_atlas()
    if kind not in known.by_kind:
        raise Http404(f"The atlas has no kind {kind!r}.")
    return render(request, "library/kind.html", {"kind": kind, "groups": browse.by_heading(known, kind)})


@member_only
def movements(request: HttpRequest) -> HttpResponse:
    """Joint and motion, and the muscles that make it."""
    return render(request, "library/movements.html", {"joints": browse.movements(the_atlas())})


@member_only
def nerves(request: HttpRequest) -> HttpResponse:
    """Roots and nerves with what they supply and where they are pressed."""
    known = the_atlas()
    return render(request, "library/nerves.html", {"roots": browse.roots(known), "nerves": browse.nerves(known)})


@member_only
def body_search(request: HttpRequest) -> HttpResponse:
    """Tap the body where it hurts: what can be felt there."""
    known = the_atlas()
    view = request.GET.get("view", "front")
    view = view if view in BODY_VIEWS else "front"
    context: dict[str, Any] = {
        "view": view,
        "views": [(name, pictures.titles()[name]) for name in BODY_VIEWS],
        "box": view_box(view),
        "base": mark_safe(chart_svg(view)),  # noqa: S308 (built by our own tools)
        "zones": browse.tappable(view),
        "areas": browse.areas(known),
    }
    asked, side = request.GET.get("zone", ""), request.GET.get("side", "")
    if asked:
        try:
            place = zone(f"{asked}/{side}")
        except (UnknownZone, BadId) as unknown:
            raise Http404(str(unknown)) from None
        context |= {"outline": browse.outline(view, place), "place": place.plain, "side": str(place.side)}
        context |= {"found": hurts.sources_at(known, [place]), "named": hurts.named_places(known, place)[:4]}
    return render(request, "library/body.html", context)


@member_only
def gallery(request: HttpRequest) -> HttpResponse:
    """All drawn fields of a region side by side, for the reviewing eye."""
    known = the_atlas()
    region = request.GET.get("region", "shoulder")
    if region not in words.REGIONS:
        raise Http404(f"The atlas has no region {region!r}.")
    shown = [(id, picture) for id in browse.in_region(known, region) for picture in _pictures(known, id)]
    plates = [plate for _id, picture in shown for plate in picture.plates]
    context = {"region": region, "regions": words.REGIONS.items(), "shown": shown, "bases": pictures.bases(plates)}
    return render(request, "library/fields.html", context)


def _pictures(known: Atlas, id: str) -> Iterable[pictures.Shown]:
    points = [p.id for p in getattr(known.records[id], "trigger_points", ())]
    if kind_of(id) == "root":
        found = [pictures.of_key(known, id, "dermatome"), pictures.of_key(known, id, "pain_field")]
    else:
        found = [pictures.of_point(known, point) for point in points] or [pictures.whole(known, known.records[id])]
    return (picture for picture in found if picture)


@member_only
def coverage_page(request: HttpRequest) -> HttpResponse:
    """What the atlas holds and how much of it we have read."""
    known = the_atlas()
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in coverage(known):
        kinds[row["kind"]].append(
            row | {"percent": _percent(row["read"], row["facts"]), "unread": row["facts"] - row["read"]}
        )
    totals = [_total(kind, rows) for kind, rows in kinds.items()]
    context = {
        "totals": totals,
        "all": _total("all", [row for rows in kinds.values() for row in rows]),
        "sources": len(known.sources),
        "areas": len(known.areas),
        "trouble": known.errors,
    }
    return render(request, "library/coverage.html", context)


def _total(kind: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    keys = ("things", "points", "facts", "read", "field_parts", "field_parts_read")
    total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in keys}
    return total | {"kind": kind, "rows": rows, "percent": _percent(total["read"], total["facts"])}


def _percent(part: int, of: int) -> int:
    return round(100 * part / of) if of else 0


@member_only
def thing(request: HttpRequest, id: str) -> HttpResponse:
    """One thing of the atlas. A retired id leads to its replacement, a point to its muscle."""
    known = the_atlas()
    now = known.current(id)
    if now in known.points:
        return redirect(f"{page.address(known.points[now][1])}#{now}")
    if now != id:
        return redirect(page.address(now))
    try:
        found = known.get(id)
    except (UnknownId, BadId) as unknown:
        raise Http404(str(unknown)) from None
    if kind_of(id) == "area":
        context = {"area": found, "found": hurts.sources_at(known, hurts.place_of(known, id))}
        return render(request, "library/area.html", context)
    return render(request, "library/thing.html", page.of_record(known, id))


@member_only
def print_out(request: HttpRequest, id: str) -> HttpResponse:
    """A muscle, an exercise or a page of education in plain words for a client, to be printed."""
    known = the_atlas()
    record = known.records.get(known.current(id))
    if isinstance(record, Selfcare):
        return render(request, "library/exercise.html", page.home_page(known, record))
    if isinstance(record, Education):
        return render(request, "library/lesson.html", page.lesson(known, record))
    if not isinstance(record, Muscle):
        raise Http404("Only muscles, exercises and pages of education have a page for clients.")
    return render(request, "library/print.html", page.for_client(known, record.id))
