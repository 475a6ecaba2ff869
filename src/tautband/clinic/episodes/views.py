"""The course of care and the timeline of one client."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.episodes import actions, happenings
from tautband.clinic.episodes.course import again_and_again, course_of, drafted_summary
from tautband.clinic.episodes.forms import ClosingForm, EpisodeForm, GoalForm, GoalStateForm
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import chart_for

UNPROCESSABLE = 422
KINDS = {
    "": _("Everything"),
    "visit": _("Visits"),
    "found": _("Found"),
    "intake": _("Intake"),
    "note": _("Notes"),
    "session": _("Treated"),
    "measured": _("Measured"),
    "letter": _("Letters"),
    "photo": _("Photos and documents"),
    "alert": _("Alerts"),
}


@member_only
def course(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """What the client comes for: open problems with goals and what changed, then closed ones. A POST takes one on."""
    member = request.member  # type: ignore[attr-defined]
    client = chart_for(member, client_id)
    form = EpisodeForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid():
        given = {key: form.cleaned_data.get(key) for key in ("title", "region", "began", "returned")}
        try:
            actions.open_episode(by=member, client=client, key=form.cleaned_data["key"] or None, **given)
        except KeyReused:
            messages.info(request, _("This was saved before."))
        return redirect("episodes:course", client.pk)
    return _page(request, client, form, UNPROCESSABLE if form.is_bound else 200)


def _page(request: HttpRequest, client: Client, form: EpisodeForm, status: int = 200) -> HttpResponse:
    courses = [course_of(each) for each in Episode.objects.filter(client=client).prefetch_related("goals")]
    context = {
        "client": client,
        "open_courses": [(each, GoalForm(), again_and_again(each.episode)) for each in courses if each.episode.is_open],
        "closed_courses": [each for each in courses if not each.episode.is_open],
        "form": form,
        "states": Goal.State.choices,
    }
    return render(request, "episodes/course.html", context, status=status)


def _episode(request: HttpRequest, client_id: UUID, number: int) -> Episode:
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    return get_object_or_404(Episode.objects.select_related("client"), client=client, pk=number)


@member_only
@require_POST
def add_goal(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Write a goal down."""
    episode = _episode(request, client_id, number)
    form = GoalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what they want to be able to do again."))
        return redirect("episodes:course", client_id)
    try:
        actions.add_goal(
            by=request.member,  # type: ignore[attr-defined]
            episode=episode,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"] or None,
        )
    except actions.EpisodeClosed:
        messages.error(request, _("This is closed. Take it on again first."))
    except KeyReused:
        messages.info(request, _("This was saved before."))
    return redirect("episodes:course", client_id)


@member_only
@require_POST
def set_goal(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Say where a goal stands."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    goal = get_object_or_404(Goal.objects.select_related("episode__client"), pk=number, episode__client=client)
    form = GoalStateForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_goal(
                by=request.member,  # type: ignore[attr-defined]
                goal=goal,
                state=given["state"],
                said=given["said"],
                key=given["key"] or None,
            )
        except KeyReused:
            messages.info(request, _("This was saved before."))
    else:
        messages.error(request, _("Choose where the goal stands."))
    return redirect("episodes:course", client_id)


@member_only
def close(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Let a problem go, with a summary drafted from the record."""
    episode = _episode(request, client_id, number)
    if not episode.is_open:
        messages.info(request, _("This is closed already."))
        return redirect("episodes:course", client_id)
    told = course_of(episode)
    form = ClosingForm(request.POST if request.method == "POST" else None, initial={"summary": drafted_summary(told)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.close_episode(
                by=request.member,  # type: ignore[attr-defined]
                episode=episode,
                closing=given["closing"],
                summary=given["summary"],
                key=given["key"] or None,
            )
            messages.success(request, _("Closed. What is to be remembered stands with it."))
        except (actions.EpisodeClosed, KeyReused):
            messages.info(request, _("This is closed already."))
        return redirect("episodes:course", client_id)
    context = {"client": episode.client, "course": told, "form": form}
    return render(request, "episodes/close.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@member_only
@require_POST
def reopen(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Take a closing back."""
    actions.reopen_episode(by=request.member, episode=_episode(request, client_id, number))  # type: ignore[attr-defined]
    messages.success(request, _("Open again."))
    return redirect("episodes:course", client_id)


@member_only
def timeline(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Everything that happened, the newest first; searched as one types."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KINDS else ""
    found = happenings.timeline(client, words, kind)
    context = {"client": client, "q": words, "kind": kind, "kinds": KINDS.items(), "happenings": found}
    return render(request, "episodes/timeline.html", context)
