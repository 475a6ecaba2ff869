"""The plan page: see, change, add, agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.intake.queries import is_minor
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import SIGNING_ROLES
from tautband.clinic.treatments import actions, targets
from tautband.clinic.treatments.drafting import DECLINED, area_words
from tautband.clinic.treatments.figure import plan_figure
from tautband.clinic.treatments.forms import ConsentForm, GoalsForm, LimitsForm, OverrideForm, StepForm
from tautband.clinic.treatments.plans import BY_HAND, Body, Current, current_plan, judged, restored
from tautband.clinic.treatments.positions import positions_of
from tautband.clinic.treatments.rows import bar_of, step_rows
from tautband.clinic.treatments.ways import techniques_of
from tautband.knowledge import UnknownId, atlas
from tautband.planning import Override, moved, overridden, put_in, swapped, taken_out
from tautband.terms.sides import Side

CONFLICT, UNPROCESSABLE = 409, 422
MOVED_ON = _(
    "The chart or the plan was changed meanwhile. This is the plan as it is now; nothing of yours was applied."
)


@member_only
def plan(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The plan of a visit."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    return _page(request, visit, current_plan(visit))


def _page(request: HttpRequest, visit: Visit, now: Current, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page, or with htmx its inner part."""
    excluded = area_words(now.body.excluded)
    limits = {
        "minutes": now.body.minutes,
        "tolerance": now.body.tolerance,
        "protocol": now.body.protocol,
        "excluded": now.body.excluded,
        "declined": now.body.declined,
        "since": now.body.since,
    }
    rows = step_rows(now.plan)
    context = {
        "now": now,
        "rows": rows,
        "bar": bar_of(now),
        "figure": plan_figure(rows),
        "limits_form": LimitsForm(initial=limits),
        "consent_form": ConsentForm(minor=is_minor(visit.client)),
        "areas": area_words(now.plan.regions),
        "excluded": excluded,
        "declined": ", ".join(str(DECLINED.get(wish, wish)) for wish in now.body.declined),
        "techniques": ", ".join(atlas().name(id).lower() for id in now.techniques),
        "agreed_areas": area_words(now.consent.areas) if now.consent else "",
        "can_change": visit.closed_at is None and not now.closing,
        "by_hand": now.body.protocol == BY_HAND,
        "answer": now.answer,
        "suggestions": targets.suggested(now),
        "series": now.series,
        "own_ways": techniques_of(request.member),  # type: ignore[attr-defined]
        "goals_form": GoalsForm(initial={"goals": "\n".join(now.body.goals)}),
        "may_override": request.member.role in SIGNING_ROLES,  # type: ignore[attr-defined]
        **more,
    }
    template = "treatments/_plan.html" if _is_part(request) else "treatments/plan.html"
    return render(request, template, visit_page(request, visit, "plan", **context), status=status)


def _is_part(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


@member_only
@require_POST
def change_plan(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """One change to the plan; a new version is kept."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    now = current_plan(visit, _minutes(request))
    if targets.used_key(request.POST.get("key", ""), visit):
        return _done(request, visit)
    if request.POST.get("seen") != now.seen:
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    operation = request.POST.get("do", "")
    if operation == "stage":
        wanted = now.usual_stage
        if wanted is None:
            return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
        body = _drafted(visit, replace(now.body, protocol=wanted.id, edited=False, restored=None), now.number)
        return _kept(request, visit, now, body)
    if operation == "limits":
        form = LimitsForm(request.POST)
        if not form.is_valid():
            return _page(request, visit, now, UNPROCESSABLE, limits_form=form)
        body = _limited(now, form.cleaned_data)
    elif operation == "goals":
        goals = GoalsForm(request.POST)
        if not goals.is_valid():
            return _page(request, visit, now, UNPROCESSABLE, goals_form=goals)
        body = replace(now.kept, goals=goals.cleaned_data["goals"], restored=None)
    elif operation == "override":
        return _override(request, visit, now)
    elif operation == "undo":
        try:
            body = restored(now)
        except LookupError:
            return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    elif operation == "anew":
        body = _drafted(visit, replace(now.body, edited=False, restored=None), now.number)
    elif operation in _STEPS:
        try:
            body = _edited(now, _STEPS[operation](now, request))
        except (IndexError, ValueError, UnknownId):
            return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    else:
        return _page(request, visit, now, UNPROCESSABLE, trouble=_("This page is too old. Load it again."))
    return _kept(request, visit, now, body, **_chosen(operation, request, now))


def _override(request: HttpRequest, visit: Visit, now: Current) -> HttpResponseBase:
    """A therapist's reason against a guard that closes a step; it stands in the note."""
    member = request.member  # type: ignore[attr-defined]
    form = OverrideForm(request.POST)
    try:
        place = _place(request)
        verdict = now.plan.steps[place].verdict
    except (IndexError, ValueError):
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    if member.role not in SIGNING_ROLES or not verdict.can_be_overridden:
        return _page(request, visit, now, UNPROCESSABLE, trouble=_("This step stays closed: no reason opens it."))
    if not form.is_valid():
        return _page(request, visit, now, UNPROCESSABLE, chosen=place, override_form=form)
    at = timezone.now().isoformat(timespec="seconds")
    given = Override(form.cleaned_data["reason"], verdict.stopping, member.display_name, at)
    choices = overridden(now.plan.choices, place, given)
    return _kept(request, visit, now, _edited(now, choices))


def _chosen(operation: str, request: HttpRequest, now: Current) -> dict[str, Any]:
    """The step that was changed stays open where it went, so that it can be moved again."""
    if operation == "move":
        return {"gripped": _to(request)}
    shift = {"earlier": -1, "later": 1, "swap": 0}
    if operation not in shift:
        return {}
    last = len(now.plan.steps) - 1
    return {"chosen": min(max(_place(request) + shift[operation], 0), last), "done": operation}


def _minutes(request: HttpRequest) -> int | None:
    """The minutes the draft on the screen was made for; only read while nothing was kept yet."""
    given = request.POST.get("for_minutes", "")
    return int(given) if given.isdecimal() and 15 <= int(given) <= 180 else None


def _place(request: HttpRequest) -> int:
    return int(request.POST.get("place", ""))


def _to(request: HttpRequest) -> int:
    return int(request.POST.get("to", ""))


_STEPS: dict[str, Callable[[Current, HttpRequest], Any]] = {
    "earlier": lambda now, request: moved(now.plan.choices, _place(request), -1),
    "later": lambda now, request: moved(now.plan.choices, _place(request), 1),
    "move": lambda now, request: moved(now.plan.choices, _place(request), _to(request) - _place(request)),
    "close": lambda now, request: overridden(now.plan.choices, _place(request), None),
    "remove": lambda now, request: taken_out(now.plan.choices, _place(request)),
    "swap": lambda now, request: swapped(now.plan.choices, _place(request), _technique(request)),
}


def _technique(request: HttpRequest) -> str:
    id = request.POST.get("technique", "")
    if id not in {technique.id for technique in atlas().techniques}:
        raise ValueError(f"{id!r} is no technique.")
    return id


def _edited(now: Current, choices: Any) -> Body:
    return replace(now.body, edited=True, choices=tuple(choices), restored=None)


def _limited(now: Current, given: dict[str, Any]) -> Body:
    """New limits: an untouched draft is drafted anew, steps chosen by hand are kept and judged."""
    body = replace(
        now.body,
        minutes=given["minutes"],
        tolerance=given["tolerance"],
        excluded=tuple(given["excluded"]),
        declined=tuple(given["declined"]),
        protocol=given["protocol"],
        since=given["since"],
        restored=None,
    )
    if given["protocol"] != now.body.protocol or not body.edited:
        return _drafted(now.visit, replace(body, edited=False), now.number)
    return replace(body, choices=now.plan.choices)


def _drafted(visit: Visit, body: Body, number: int) -> Body:
    """The body with freshly drafted steps; a plan by hand keeps what it has."""
    if body.protocol == BY_HAND:
        return replace(body, edited=True)
    fresh = judged(visit, body, number, anew=True)
    return replace(body, choices=fresh.plan.choices)


def _kept(request: HttpRequest, visit: Visit, now: Current, body: Body, **more: Any) -> HttpResponseBase:
    member, key = request.member, request.POST.get("key") or None  # type: ignore[attr-defined]
    try:
        actions.save_plan(by=member, visit=visit, body=body.as_json(), seen=now.number, key=key)
    except VisitClosed:
        return _page(request, visit, now, CONFLICT, trouble=_("This visit is closed; its plan no longer changes."))
    except (actions.ChangedMeanwhile, KeyReused):
        return _page(request, visit, current_plan(visit), CONFLICT, trouble=MOVED_ON)
    return _done(request, visit, **more)


def _done(request: HttpRequest, visit: Visit, **more: Any) -> HttpResponseBase:
    """The plan as it is now: in place with htmx, else on its page."""
    if _is_part(request):
        return _page(request, visit, current_plan(visit), **more)
    return redirect("treatments:plan", visit.pk)


@member_only
def add_step(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Find what to treat, choose how, on which side and how long."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    now = current_plan(visit, _minutes(request))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    form = StepForm(request.POST or None, initial={"minutes": 3, **_suggested(request)})
    found = targets.found(words) if words else targets.suggested(now)
    context = {"form": form, "words": words, "targets": found, "now": now, "answer": now.answer}
    context["chosen"] = targets.named(form["target"].value() or request.GET.get("target", ""))
    if request.method == "POST" and targets.used_key(request.POST.get("key", ""), visit):
        return redirect("treatments:plan", visit.pk)
    if request.method == "POST" and form.is_valid():
        choice = form.choice()
        other = targets.found_on_other_side(now, choice)
        if other and form.cleaned_data["sure_of_side"] != choice.side:
            context["other_side"], context["asked_side"] = other.value, choice.side.value
            return _add_page(request, visit, context, CONFLICT)
        return _kept(request, visit, now, _edited(now, put_in(now.plan.choices, choice)))
    if _is_part(request):
        return render(request, "treatments/_targets.html", {**context, "visit": visit})
    return _add_page(request, visit, context, UNPROCESSABLE if form.errors else 200)


def _suggested(request: HttpRequest) -> dict[str, str]:
    """A step that a link proposes: its target, its side, its technique."""
    return {name: request.GET[name] for name in ("target", "side", "technique") if name in request.GET}


def _add_page(request: HttpRequest, visit: Visit, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "treatments/add_step.html", visit_page(request, visit, "plan", **context), status=status)


@member_only
def positions(request: HttpRequest) -> HttpResponse:
    """The positions a technique uses for a muscle on a side, as pictures; nothing of any client is in it."""
    target, technique = request.GET.get("target", ""), request.GET.get("technique", "")
    side = request.GET.get("side", "")
    shown = positions_of(target, technique, Side(side) if side in list(Side) else Side.RIGHT)
    template = "treatments/_positions.html" if _is_part(request) else "treatments/positions.html"
    name = atlas().name(target) if target in atlas() else ""
    return render(request, template, {"shown": shown, "name": name, "side": side})


@member_only
@require_POST
def use_plan(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Record the consent for today; the plan on the screen is the one agreed to."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    now = current_plan(visit, _minutes(request))
    form = ConsentForm(request.POST, minor=is_minor(visit.client))
    valid = form.is_valid()
    if targets.used_key(request.POST.get("key", ""), visit):
        return redirect("treatments:plan", visit.pk)  # the same consent sent twice
    if request.POST.get("seen") != now.seen:
        return _page(request, visit, now, CONFLICT, trouble=MOVED_ON)
    if not valid:
        words = _("Not recorded yet: tick what you told and that the client agreed. Without it there is no touch.")
        return _page(request, visit, now, UNPROCESSABLE, consent_form=form, consent_trouble=words)
    given = {name: form.cleaned_data[name] for name in ("told_areas", "told_touch", "told_stop", "agreed")}
    try:
        actions.use_plan(
            by=request.member,  # type: ignore[attr-defined]
            visit=visit,
            body=now.kept.as_json(),
            seen=now.number,
            key=form.cleaned_data["key"] or None,
            again=form.cleaned_data["again"],
            guardian=form.cleaned_data.get("guardian", ""),
            **given,
        )
    except VisitClosed:
        return _page(request, visit, now, CONFLICT, trouble=_("This visit is closed; its plan no longer changes."))
    except actions.PlanBlocked:
        return _page(request, visit, now, CONFLICT, trouble=_("An alert closes the plan. Answer it first."))
    except actions.NothingToUse:
        return _page(request, visit, now, UNPROCESSABLE, consent_trouble=_("No step of this plan is open."))
    except (actions.ChangedMeanwhile, KeyReused):
        return _page(request, visit, current_plan(visit), CONFLICT, trouble=MOVED_ON)
    messages.success(request, _("Agreed. The plan is in use for today."))
    return redirect("treatments:plan", visit.pk)
