"""The encounter: body, suspects and tests on one screen, and the sheet that tells about one suspect."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tautband.clinic.charts import blocks, drawn, queries, rows
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import ElicitedReferral, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.thinking import consider, priors_used, reasoner_for
from tautband.clinic.charts.views.typed_lines import typed_context
from tautband.clinic.people.http import member_only
from tautband.findings import Picture
from tautband.knowledge import atlas
from tautband.reasoning import Answer, Suspect, contrast
from tautband.surface import view_box

CHANGES = 6
VIEW_WORDS = {"front": _("Front"), "back": _("Back"), "right": _("Right"), "left": _("Left")}


@member_only
def encounter(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Everything at a glance."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    return render(request, "charts/encounter.html", encounter_context(request, visit, request.GET))


def encounter_context(request: HttpRequest, visit: Visit, asked: Any) -> dict[str, Any]:
    """What the encounter and its parts show.

    asked  `chosen` (key of a suspect), `view` (front, back, right, left), `widen` (1: all that are suspected)
    """
    picture = picture_of(visit)
    answer = consider(picture)
    chosen = rows.chosen_of(answer, asked.get("chosen", ""))
    suspect = next((s for s in answer.suspects if s.key == chosen), None)
    marks = picture.drawing.marks
    overlay = drawn.overlay_of(marks, suspect.zones if suspect else (), answer.unexplained.zones)
    view = asked.get("view") if asked.get("view") in drawn.BODY_VIEWS else drawn.first_view(overlay)
    second = drawn.second_view(overlay, view)
    states = rows.states_of(visit)
    widen = asked.get("widen") == "1"
    few = rows.ROWS - bool(answer.alerts)
    all_rows = rows.widened_rows(answer, chosen) if widen else rows.suspect_rows(answer, chosen, few)
    done = rows.recorded(visit)
    return visit_page(
        request,
        visit,
        "examine" if blocks.was_examined(visit) else "suspects",
        answer=answer,
        own_figures=priors_used(),
        chosen=chosen,
        suspect=suspect,
        overlay=overlay,
        has_drawing=bool(marks),
        drawing_words=drawn.in_words(marks),
        view=view,
        views=[(name, words, drawn.crop(overlay, name)) for name, words in VIEW_WORDS.items()],
        second=second,
        second_box=view_box(second) if second else "",
        drawn=(shown := drawn.digest_of(overlay, view, second)),
        chart_stands=asked.get("drawn") == shown,
        legend=[name for name in drawn.LAYER_NAMES.values() if name in overlay.marks],
        suspects=all_rows,
        widen=widen,
        unexplained_places=rows.places_of(answer.unexplained.zones, 1),
        tests=looked_ahead(picture, answer, states) if asked.get("ahead") == "1" else rows.rows_to_test(answer, states),
        ahead=asked.get("ahead") == "1",
        recorded=done,
        last=done[0] if done else None,
        **typed_context(visit, asked),
    )


def instead_of(answer: Answer, found: Suspect) -> dict[str, Any] | None:
    """Why the next one up stands above this suspect, or this one above the second: the terms that differ most."""
    first = answer.suspects[0]
    others = [s for s in answer.suspects if s.key != found.key]
    if not others:
        return None
    other = first if first.key != found.key else others[0]
    terms = contrast.why_not(answer, found.key, other.key)[:4]
    return {"other": other, "terms": terms} if terms else None


def looked_ahead(picture: Picture, answer: Answer, states: Any) -> list[rows.RowToTest]:
    """The first tests in the order the engine gives when it thinks both outcomes through, with what they change."""
    model = reasoner_for(picture.elicited).model
    tests = contrast.refined(model, picture, answer.next_tests)
    names = {s.key: s.name for s in answer.suspects}
    changes = {
        test.key: rows.change_in_words(change, names[test.parts[0]])
        for test in tests[: rows.TESTS]
        if test.parts and test.parts[0] in names
        for change in contrast.what_would_change(model, picture, test.parts[0], [test])
    }
    return rows.rows_to_test(answer, states, tests=tests, changes=changes)


@member_only
def suspects(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The list and the chart for another chosen suspect, or the widened list; the whole page without script."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    context = encounter_context(request, visit, request.GET)
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "charts/_chosen.html" if part else "charts/encounter.html", context)


@member_only
def suspect(request: HttpRequest, visit_id: UUID, source: str, side: str) -> HttpResponse:
    """One suspect: what supports it, what speaks against it, who looks alike, where that is from."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    picture = picture_of(visit)
    answer = consider(picture)
    found = next((s for s in answer.suspects if s.key == f"{source}/{side}"), None)
    if found is None:
        raise Http404("Not suspected at this visit.")
    known = atlas()
    keys = dict.fromkeys(key for reason in found.reasons for key in reason.citations)
    context = visit_page(
        request,
        visit,
        "suspects",
        answer=answer,
        suspect=found,
        kind=rows.KINDS.get(found.kind, found.kind),
        pressed_by=rows.pressed_by(found),
        ledger=rows.ledger(found),
        rivals=rows.rivals_of(found, answer),
        changes=contrast.what_would_change(
            reasoner_for(picture.elicited).model, picture, found.key, answer.next_tests[:CHANGES]
        ),
        instead=instead_of(answer, found),
        elicited=ElicitedReferral.objects.filter(
            visit__client=visit.client, point__in=(found.of, found.id), side=found.side.value, ended_at=None
        ),
        places=rows.places_of(found.zones, 6),
        sources=[(key, known.sources[key]) for key in keys if key in known.sources],
    )
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "charts/_suspect.html" if part else "charts/suspect.html", context)
