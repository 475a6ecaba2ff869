"""The doors of the workbench. Everything needs a sign-in unless its view says otherwise."""

from allauth.account import views as account
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from tautband.clinic.project import errors, views

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


def closed(request: HttpRequest) -> HttpResponse:
    """Sign-up and e-mail pages of the account package are closed; they lead to the sign-in page."""
    return redirect("account_login")


closed.login_required = False  # type: ignore[attr-defined]

urlpatterns = [
    path("", include("tautband.clinic.people.urls")),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-up/", closed, name="account_signup"),
    path("sign-in/help/", views.lost_password, name="account_reset_password"),
    path("sign-in/set/", closed, name="account_set_password"),
    path("sign-in/email/", closed, name="account_email"),
    path("sign-in/sent/", closed, name="account_email_verification_sent"),
    path("sign-in/own/", include("allauth.mfa.urls")),
    path("sign-in/browsers/", include("allauth.usersessions.urls")),
    path("theme/", views.choose_theme, name="theme"),
    path("gallery/", views.gallery, name="gallery"),
    path("healthz", views.health, name="health"),
    *(
        path("", include(f"tautband.clinic.{room}.urls"))
        for room in settings.ROOMS
        if room not in ("people", "audit", "errands", "sealing")  # people stands first, the others have no pages
    ),
]
