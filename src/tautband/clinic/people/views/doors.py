"""The doors: first visit, the demo, choosing a password."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from tautband.clinic.people import actions, queries
from tautband.clinic.people.demo import DEMO_CLIENTS, DEMO_LOGIN, create_demo_practice
from tautband.clinic.people.forms import FirstVisitForm, SetPasswordForm
from tautband.clinic.people.http import owner_only, this_computer_only
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.second_step import has_second_step

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _enter(request: HttpRequest, member: Member) -> HttpResponse:
    login(request, member.user, backend=BACKEND)
    return redirect("people:today")


@login_not_required
def first_visit(request: HttpRequest) -> HttpResponse:
    """Create the practice and its owner, once."""
    if queries.the_practice() is not None:
        return redirect("people:today")
    return _found_practice(request)


@this_computer_only
def _found_practice(request: HttpRequest) -> HttpResponse:
    form = FirstVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = actions.open_practice(**{name: value for name, value in form.cleaned_data.items() if name != "key"})
        except actions.AlreadySetUp:
            return redirect("people:today")  # another tab was quicker; the sign-in page is next
        return _enter(request, owner)
    return render(request, "people/first_visit.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_POST
@this_computer_only
def start_demo(request: HttpRequest) -> HttpResponse:
    """Create the demo practice and go in."""
    try:
        owner = create_demo_practice()
    except actions.AlreadySetUp:
        return open_demo(request)
    return _enter(request, owner)


@login_not_required
@require_POST
@this_computer_only
def open_demo(request: HttpRequest) -> HttpResponse:
    """Go into the demo practice; it needs no password, since nobody in it is real."""
    practice = queries.the_practice()
    if practice is None or not practice.demo:
        return redirect("people:today")
    return _enter(request, practice.members.get(user__username=DEMO_LOGIN))


@owner_only
def remove_demo(request: HttpRequest) -> HttpResponse:
    """Remove the demo with one click; asks first only when somebody added people of their own."""
    invented = [person.name for person in DEMO_CLIENTS]
    added = Client.objects.filter(practice=request.practice).exclude(name__in=invented).count()
    if request.method != "POST" or (added and "sure" not in request.POST):
        return render(request, "people/remove_demo.html", {"added": added})
    try:
        actions.remove_demo(by=request.member)
    except actions.NotAllowed:
        return redirect("people:settings")
    request.session.flush()
    return redirect("people:first_visit")


@method_decorator(login_not_required, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """Choose a password by a one-time link, and go in."""

    form_class = SetPasswordForm
    template_name = "people/set_password.html"
    success_url = reverse_lazy("people:today")
    post_reset_login = True
    post_reset_login_backend = BACKEND

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and leave a trace."""
        member = Member.objects.get(user=form.user)
        self.post_reset_login = not has_second_step(member)  # a link alone never replaces a passkey or a code
        response = super().form_valid(form)
        actions.record_password_set(by=member)
        return response
