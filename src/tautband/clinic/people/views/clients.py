"""Clients: find, add, look, change, share, put away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.queries import history
from tautband.clinic.people import actions, queries
from tautband.clinic.people.forms import ClientForm, HandOverForm, KeeperForm, ReasonForm, ShareForm
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client

PAGE_SIZE = 30
UNPROCESSABLE = 422


@member_only
def clients(request: HttpRequest) -> HttpResponse:
    """The list, narrowed while one types."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    archived = request.GET.get("archived") == "1"
    found = queries.search_clients(request.member, words, archived=archived).prefetch_related("team__member")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "archived": archived, "today": timezone.localdate()}
    part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, "people/_client_rows.html" if part else "people/clients.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@member_only
def new_client(request: HttpRequest) -> HttpResponse:
    """Add a client; whoever does not keep charts names the colleague who will."""
    form = ClientForm(request.POST or None)
    whose = None if request.member.may_sign else KeeperForm(request.POST or None, member=request.member)
    context: dict[str, Any] = {"keeper_form": whose}
    if request.method == "POST" and all([form.is_valid(), whose is None or whose.is_valid()]):
        key = form.cleaned_data["key"]
        try:
            if whose is None:
                client = actions.create_client(by=request.member, key=key, **form.values())
            else:
                keeper = whose.cleaned_data["keeper"]
                client = actions.create_client_for(by=request.member, keeper=keeper, key=key, **form.values())
        except KeyReused as repeat:
            return _saved_before(request, form, repeat, "people/client_form.html", context)
        messages.success(request, _("%(name)s is saved.") % {"name": client.name})
        return redirect("people:client", client.pk)
    return _form_page(request, form, context)


@member_only
def client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """One client: who they are, and what the rooms above add."""
    client = queries.client_for(request.member, client_id)
    team = list(queries.care_team(client))
    may_open = queries.may_open_chart(request.member, client)
    mine = next((seat for seat in team if seat.member_id == request.member.pk), None)
    may_share = mine is not None and mine.until is None
    keeps = mine is not None and mine.keeper
    context = {
        "client": client,
        "age": client.age_years(timezone.localdate()),
        "team": team,
        "may_open": may_open,
        "mine": mine,
        "keeps": keeps,
        "share_form": ShareForm(client=client) if may_share else None,
        "hand_over_form": HandOverForm(member=request.member) if keeps or request.member.is_owner else None,
        "reason_form": None if may_open or not queries.may_open_with_reason(request.member) else ReasonForm(),
        "to_note": list(queries.openings_of(client)) if keeps else [],
        "history": history(client.chart_key, limit=8) if may_open else [],
    }
    return render(request, "people/client.html", context)


@member_only
def edit_client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Change a client's details; a change made meanwhile is shown beside, never overwritten silently."""
    client = queries.chart_for(request.member, client_id)
    form = ClientForm(request.POST or None, instance=client)
    context: dict[str, Any] = {"client": client}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_client(
                by=request.member,
                client=client,
                version=form.cleaned_data["version"] or 0,
                key=form.cleaned_data["key"],
                **form.values(),
            )
        except KeyReused as repeat:
            return _saved_before(request, form, repeat, "people/client_form.html", context)
        except actions.ChangedMeanwhile as meanwhile:
            return _conflict(request, form, meanwhile.current)
        messages.success(request, _("Saved."))
        return redirect("people:client", client.pk)
    return _form_page(request, form, context)


def _form_page(request: HttpRequest, form: ClientForm, context: dict[str, Any]) -> HttpResponse:
    whose = context.get("keeper_form")
    status = UNPROCESSABLE if form.errors or (whose and whose.errors) else 200
    return render(request, "people/client_form.html", {"form": form, **context}, status=status)


def _saved_before(
    request: HttpRequest, form: ClientForm, repeat: KeyReused, template: str, context: dict[str, Any]
) -> HttpResponse:
    form.fresh()
    context |= {"form": form, "saved_before": repeat.event}
    return render(request, template, context, status=409)


def _conflict(request: HttpRequest, form: ClientForm, current: Client) -> HttpResponse:
    differing = [
        {"label": form.fields[name].label, "theirs": _shown(current, name), "yours": form.cleaned_data[name]}
        for name in actions.CLIENT_FIELDS
        if getattr(current, name) != form.cleaned_data[name]
    ]
    form.fresh()
    form.data["version"] = str(current.version)
    context = {"form": form, "client": current, "conflict": differing}
    return render(request, "people/client_form.html", context, status=409)


def _shown(client: Client, name: str) -> Any:
    return client.get_recorded_sex_display() if name == "recorded_sex" else getattr(client, name)


@member_only
@require_POST
def archive_client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Put a client away, or bring them back."""
    client = queries.chart_for(request.member, client_id)
    actions.archive_client(by=request.member, client=client, archived=request.POST.get("archived") == "1")
    return redirect("people:client", client.pk)


@member_only
@require_POST
def share_chart(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Share a chart with a colleague."""
    client = queries.chart_for(request.member, client_id)
    form = ShareForm(request.POST, client=client)
    if form.is_valid():
        colleague = form.cleaned_data["member"]
        actions.share_chart(by=request.member, client=client, member=colleague, key=form.cleaned_data["key"])
        messages.success(request, _("%(name)s can now open this chart.") % {"name": colleague.display_name})
    return redirect("people:client", client.pk)


@member_only
@require_POST
def hand_over(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The keeper, or the owner, makes a colleague the keeper."""
    client = queries.client_for(request.member, client_id)
    form = HandOverForm(request.POST, member=request.member)
    if form.is_valid():
        to = form.cleaned_data["keeper"]
        try:
            actions.hand_over_chart(by=request.member, client=client, to=to, key=form.cleaned_data["key"])
        except actions.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        messages.success(request, _("%(name)s keeps this chart now.") % {"name": to.display_name})
    return redirect("people:client", client.pk)


@member_only
@require_POST
def unshare_chart(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Take a colleague off the care team, or leave it."""
    client = queries.chart_for(request.member, client_id)
    seat = next((s for s in queries.care_team(client) if str(s.member_id) == request.POST.get("member")), None)
    if seat is not None:
        try:
            actions.unshare_chart(by=request.member, client=client, member=seat.member)
        except actions.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
    if seat is not None and seat.member_id == request.member.pk:
        return redirect("people:clients")
    return redirect("people:client", client.pk)


@member_only
@require_POST
def note_opening(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The keeper has read who opened the chart, and why."""
    client = queries.chart_for(request.member, client_id)
    for seat in queries.openings_of(client):
        try:
            actions.note_opening(by=request.member, seat=seat)
        except actions.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
    return redirect("people:client", client.pk)


@member_only
@require_POST
def open_chart(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Open a chart that nobody shared, for a day, with a reason that stays in the record and is shown to the keeper."""
    client = queries.client_to_open(request.member, client_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in your words. It is written in the record."))
        return redirect("people:client", client.pk)
    try:
        actions.open_chart_with_reason(
            by=request.member, client=client, reason=form.cleaned_data["reason"], key=form.cleaned_data["key"]
        )
    except actions.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return redirect("people:client", client.pk)
