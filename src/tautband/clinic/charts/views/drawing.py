"""The pain drawing of a visit; the same drawing at home, by the client alone; and a sheet that hands one back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import actions, drawn, queries
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import DrawingVersion, HomeDrawing, Visit
from tautband.clinic.charts.mounting import draw_context, ink_text, sent_fields
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.views.refusals import CONFLICT, UNPROCESSABLE, VISIT_CLOSED, refusing
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.findings import BadFinding


@member_only
def drawing(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Show the drawing, or keep a version of it."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _keep(request, visit)
    return render(request, "charts/drawing.html", _visit_context(request, visit))


def _keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    script = _by_script(request)
    newest = visit.drawings.first()
    try:
        version = actions.save_drawing(
            by=request.member,  # type: ignore[attr-defined]
            visit=visit,
            **sent_fields(request.POST),
            base=version_of(visit, request.POST.get("base", "")),
            drawn_by="therapist" if request.POST.get("drawn_by") == "therapist" else "client",
            key=request.POST.get("key") or None,
        )
    except BadFinding as bad:
        return _refused(request, visit, str(bad), UNPROCESSABLE)
    except actions.VisitClosed:
        return _refused(request, visit, str(VISIT_CLOSED), CONFLICT)
    except KeyReused as repeat:
        return _refused(request, visit, load_again(repeat), CONFLICT)
    if script:
        return kept_answer(newest, request.POST.get("base", ""), version)
    return redirect("charts:story", visit.pk)


def load_again(repeat: KeyReused) -> str:
    """What is said when a key comes back with another drawing."""
    return _("%(why)s Load the page again.") % {"why": repeat}


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def kept_answer(newest: Any, base: str, mine: Any) -> JsonResponse:
    """The version that was kept, and the one that was kept elsewhere since the page was opened: it stays on file."""
    told: dict[str, Any] = {"version": mine.pk, "marks": mine.marks}
    if newest is not None and newest.pk != mine.pk and str(newest.pk) != base:
        by = getattr(newest, "by", None)
        told["other"] = {
            "version": newest.pk,
            "at": newest.at.isoformat(),
            "by": by.display_name if by else "",
            "marks": newest.marks,
            "ink": ink_text(newest.ink),
        }
    return JsonResponse(told)


def version_of(visit: Visit, number: str) -> DrawingVersion | None:
    """The version a page started from, if it says one of this visit."""
    return visit.drawings.filter(pk=int(number)).first() if number.isdecimal() else None


def _refused(request: HttpRequest, visit: Visit, words: str, status: int) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"wrong": words}, status=status)
    return render(request, "charts/drawing.html", _visit_context(request, visit, words), status=status)


def _visit_context(request: HttpRequest, visit: Visit, wrong: str = "") -> dict[str, Any]:
    kept = visit.drawings.first()
    draw = draw_context(
        name=str(visit.pk),
        post_to=reverse("charts:drawing", args=[visit.pk]),
        next_url=reverse("charts:story", args=[visit.pk]),
        base=str(kept.pk) if kept else "",
        marks=kept.marks if kept else [],
        ink=kept.ink if kept else None,
        layer=request.GET.get("layer", "pain"),
        asks_who_draws=True,
        wrong=wrong,
    )
    home = queries.home_drawing_to_take(visit)
    words = drawn.in_words(marks_of(home.marks)) if home else ""
    return visit_page(request, visit, "story", kept=kept, draw=draw, at_home=home, at_home_words=words)


@require_POST
@member_only
@refusing
def take_home_drawing(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Begin the visit's drawing with what the client drew at home."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    home = queries.home_drawing_of(visit.client, request.POST.get("home", ""))
    actions.take_home_drawing(
        by=request.member,  # type: ignore[attr-defined]
        visit=visit,
        home=home,
        key=request.POST.get("key") or None,
    )
    return redirect("charts:drawing", visit.pk)


@require_GET
@member_only
def drawing_sheet(request: HttpRequest) -> HttpResponseBase:
    """The drawing as a sheet for other pages: nothing of any client is in it, so a browser may keep it."""
    response = render(request, "charts/drawing_sheet.html", {"draw": draw_context(name="sheet", sheet=True)})
    patch_cache_control(response, private=True, max_age=3600)
    return response


# --- At home ---------------------------------------------------------------------------------------------------------


def home_drawing(request: HttpRequest, client: Client, *, template: str, next_url: str, **more: Any) -> HttpResponse:
    """A client draws for themselves: show the drawing of today, or keep a version of it.

    client    who acts; the calling view has let them in (`@client_only`) and noted the look
    template  a page that includes `charts/_drawing.html`; it gets `draw`, `more`, and `before`, the earlier drawing
    next_url  where Done goes

    The page posts to its own address.
    """
    today = timezone.localdate()
    kept = client.home_drawings.filter(day=today).first()
    wrong, status = "", 200
    if request.method == "POST":
        base = request.POST.get("base", "")
        try:
            mine = actions.save_home_drawing(
                by=client,
                client=client,
                **sent_fields(request.POST),
                base=queries.home_version(client, base),
                key=request.POST.get("key") or None,
            )
        except BadFinding as bad:
            wrong, status = str(bad), UNPROCESSABLE
        except KeyReused as repeat:
            wrong, status = load_again(repeat), CONFLICT
        else:
            return kept_answer(kept, base, mine) if _by_script(request) else redirect(next_url)
        if _by_script(request):
            return JsonResponse({"wrong": wrong}, status=status)
    draw = draw_context(
        name=f"home/{client.pk}",
        post_to=request.path,
        next_url=next_url,
        base=str(kept.pk) if kept else "",
        marks=kept.marks if kept else [],
        ink=kept.ink if kept else None,
        layer=request.GET.get("layer", "pain"),
        wrong=wrong,
    )
    before: HomeDrawing | None = client.home_drawings.filter(day__lt=today).first()
    return render(request, template, {"client": client, "draw": draw, "before": before, **more}, status=status)
