"""Pages of the house itself: theme, sign-out, the component gallery, health."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tautband.clinic.people.http import member_only, path_of_ours
from tautband.clinic.people.queries import the_practice
from tautband.clinic.project import gallery as samples
from tautband.clinic.project.context import THEME_COOKIE, THEMES

YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark, room or the device's own choice in this browser."""
    theme = request.POST.get("theme", "auto")
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        response = redirect(path_of_ours(request, request.POST.get("next", "/")))
    response.set_cookie(
        THEME_COOKIE,
        theme if theme in THEMES else "auto",
        max_age=YEAR_S,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and let the browser forget the pages it kept."""
    logout(request)
    response = redirect("account_login")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@login_not_required
def lost_password(request: HttpRequest) -> HttpResponse:
    """What to do without a password: nothing is mailed from here."""
    return render(request, "account/lost_password.html")


@member_only
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, live."""
    return render(request, "project/gallery.html", samples.samples())


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answers when the server and its database are up."""
    the_practice()
    return HttpResponse("ok", content_type="text/plain")
