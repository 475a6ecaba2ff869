"""The atlas: search as you type, and a card of each thing with every fact, its source and whether we read it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe

from tautband.clinic.charts import rows, thinking
from tautband.clinic.people.http import member_only
from tautband.knowledge import Atlas, UnknownId
from tautband.knowledge import atlas as the_atlas
from tautband.knowledge.card import card_json
from tautband.knowledge import drawn as drawn_fields
from tautband.knowledge.search import search
from tautband.surface import best_view, describe, field_from_parts, field_svg, view_box
from tautband.terms.sides import Side

FOUND = 40


@member_only
def atlas(request: HttpRequest) -> HttpResponse:
    """Find anything."""
    words = request.GET.get("q", "").strip()[:80]
    known = the_atlas()
    hits = search(known, words, FOUND) if words else ()
    context = {
        "words": words,
        "hits": [{"hit": hit, "kind": rows.KINDS.get(hit.kind, hit.kind)} for hit in hits],
        "counts": sorted(((kind, len(ids)) for kind, ids in known.by_kind.items()), key=lambda pair: -pair[1]),
        "atlas_trouble": thinking.atlas_trouble(),
    }
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(request, "charts/_atlas_hits.html" if part else "charts/atlas.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@member_only
def atlas_card(request: HttpRequest, id: str) -> HttpResponse:
    """One thing of the atlas."""
    known = the_atlas()
    try:
        card = card_json(known, id)
    except UnknownId as unknown:
        raise Http404(str(unknown)) from None
    groups: dict[str, list[Any]] = {}
    for fact in card.get("facts", ()):
        groups.setdefault(fact["about"], []).append(fact)
    links = {role: [(id, known.name(id)) for id in dict.fromkeys(ids)] for role, ids in card.get("links", {}).items()}
    context = {
        "card": card,
        "figures": [] if card["kind"] == "area" else _figure(known, id),
        "fact_groups": list(groups.items()),
        "link_groups": list(links.items()),
    }
    return render(request, "charts/atlas_card.html", context)


def _figure(known: Atlas, id: str) -> list[dict[str, Any]]:
    """Each drawn field of a thing on the view that shows it best, on the right side of the body."""
    figures = []
    for owner, _place, parts in drawn_fields.fields_of(known.record(id)):
        if known.current(id) in known.points and owner != known.current(id):
            continue
        field = field_from_parts(drawn_fields.paintable(parts), Side.RIGHT)
        view = best_view(field)
        figures.append(
            {
                "name": known.name(owner),
                "view": view,
                "box": view_box(view),
                "field": mark_safe(field_svg(field, view)),  # noqa: S308 (path data of our own)
                "words": describe(field),
            }
        )
    return figures
