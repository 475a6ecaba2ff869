"""The question for a second step, and the PIN for the lock."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tautband.clinic.people import actions
from tautband.clinic.people.forms import PinForm
from tautband.clinic.people.http import member_only, path_of_ours
from tautband.clinic.people.second_step import ASKED, STATE, has_second_step, must_have_one

UNPROCESSABLE = 422


def target_of(request: HttpRequest) -> str:
    """Where somebody wanted to go: a path of this site, else Today."""
    return path_of_ours(request, request.POST.get("next") or request.GET.get("next") or "/")


@member_only
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Set one up, or not now."""
    target, forced = target_of(request), must_have_one(request.member)
    if has_second_step(request.member) or (request.method == "POST" and not forced):
        request.session[STATE] = ASKED
        return redirect(target)
    return render(request, "people/second_step.html", {"next": target, "forced": forced})


@member_only
@never_cache
def pin(request: HttpRequest) -> HttpResponse:
    """Choose, change or remove the PIN; the password, when there is one, shows that it is you."""
    form = PinForm(request.POST or None)
    member = request.member
    if request.method == "POST":
        if member.user.has_usable_password() and not _knows_password(request):
            form.add_error(None, _("That is not your password now."))
        elif "remove" in request.POST:
            actions.set_pin(by=member, password=None)
            return redirect("mfa_index")
        elif form.is_valid():
            actions.set_pin(by=member, password=form.cleaned_data["pin"])
            return redirect("mfa_index")
    return render(request, "people/pin.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _knows_password(request: HttpRequest) -> bool:
    allowed = ratelimit.consume(request, action="reauthenticate", user=request.user)
    return bool(allowed) and request.user.check_password(request.POST.get("password", ""))
