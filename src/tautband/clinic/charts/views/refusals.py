"""How a write that cannot be is refused: in words, in place, with nothing lost."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.actions import NothingToUndo, VisitClosed
from tautband.findings import BadFinding

CONFLICT, UNPROCESSABLE = 409, 422
VISIT_CLOSED = _("This visit is closed, so nothing was changed. Start a new visit for what comes now.")


def refusing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Turn what an action refuses into words on the page. The view's URL has a `visit_id`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **options)
        except VisitClosed:
            return refuse(request, VISIT_CLOSED, CONFLICT, **options)
        except NothingToUndo:
            return refuse(request, _("There is nothing left to undo at this visit."), CONFLICT, **options)
        except KeyReused as repeat:
            return refuse(request, _("%(why)s Load the page again.") % {"why": repeat}, CONFLICT, **options)
        except BadFinding as bad:
            return refuse(request, str(bad), UNPROCESSABLE, **options)

    return guarded


def refuse(request: HttpRequest, words: str, status: int, **options: Any) -> HttpResponse:
    """Say why, without leaving the page where there is script, else on the encounter."""
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "charts/_refusal.html", {"words": words}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#said", "innerHTML"
        return response
    messages.error(request, words)
    return redirect("charts:encounter", options["visit_id"])
