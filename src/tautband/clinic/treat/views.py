"""The guided session: begin, run, log, finish; the same as a plain list without script."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.people.forms import new_key
from tautband.clinic.people.http import member_only
from tautband.clinic.treat import actions, events, queries
from tautband.clinic.treat.forms import StepForm
from tautband.clinic.treat.models import Session
from tautband.clinic.treat.place import place_of
from tautband.clinic.treat.run import Event, Run
from tautband.clinic.treat.shown import step_rows
from tautband.clinic.treat.steps import closed_now
from tautband.clinic.treat.words import run_words
from tautband.clinic.treatments.plans import current_plan
from tautband.clinic.treatments.positions import Shown, positions_of
from tautband.findings import BadFinding
from tautband.terms.sides import Side

WORKER = Path(__file__).parent / "static" / "js" / "treat" / "worker.js"
LIST = "list-without-script"
"""Name of the screen of whoever fills in the list."""


@member_only
@require_GET
def treat(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The session of a visit as it stands."""
    return _page(request, _visit(request, visit_id))


def _visit(request: HttpRequest, visit_id: UUID) -> Visit:
    return visit_for(request.member, visit_id)  # type: ignore[attr-defined]


def _page(request: HttpRequest, visit: Visit, status: int = 200, **more: Any) -> HttpResponse:
    session = queries.session_of(visit)
    run = queries.run_of_session(session) if session else None
    now = current_plan(visit)
    running = session is not None and run is not None and not run.is_finished
    closed = closed_now(visit, session.steps, session.by) if session and running else {}
    wants_list = "list" in request.GET or request.method == "POST"
    forms = more.pop("forms", {})
    rows = step_rows(session.steps, run, closed) if session else []
    context = {
        "now": now,
        "session": session,
        "run": run,
        "running": running,
        "rows": [(row, _form(row.step, forms) if running and not row.closed else None) for row in rows],
        "given": [(row, dose) for row in rows for dose in row.doses],
        "new_key": new_key(),
        "answer": now.answer,
        **more,
    }
    if session is not None and running and not wants_list:
        context.update(_screen(request, session, closed))
        screen = render(request, "treat/run.html", visit_page(request, visit, "treat", **context))
        screen.headers["X-Tautband-Keep"] = "session"  # the worker of this page may keep it while the session runs
        return screen
    return render(request, "treat/treat.html", visit_page(request, visit, "treat", **context), status=status)


def _screen(request: HttpRequest, session: Session, closed: dict[str, str]) -> dict[str, Any]:
    """What the guided screen needs beside the list: everything, so that it can go on without us."""
    sides = ("right", "left")
    open_steps = [step for step in session.steps if not step["closed"]]
    made = [
        place_of(step, side)
        for step in open_steps
        for side in (sides if step["found_side"] else (step["side"],))
        if step["stage"] == "treat"
    ]
    places = [place for place in made if place is not None]
    return {
        "places": places,
        "poses": _poses_of(open_steps),
        "views": sorted({place.view for place in places}),
        "words": run_words(),
        "data": {
            "session": session.pk,
            "device": session.device,
            "steps": session.steps,
            "events": rows_of(session),
            "closed": closed,
            "clock_ms": queries.clock_ms(session),
        },
        # The room is dim unless somebody chose otherwise for this device.
        "theme": request.COOKIES.get("tautband_theme") or "room",
    }


def _poses_of(steps: list[dict[str, Any]]) -> list[tuple[str, list[Shown]]]:
    """The positions of each step, on each side it may be done on."""
    made = []
    for step in steps:
        for side in ("right", "left") if step["found_side"] else (step["side"],):
            shown = positions_of(step["target"], step["technique"], Side(side))
            if shown:
                made.append((f"{step['key']}-{side}", shown))
    return made


@member_only
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page of a running session on its device. It holds nothing of anybody."""
    headers = {"Service-Worker-Allowed": "/visits/", "Cache-Control": "no-cache"}
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


def _form(step: Any, forms: dict[str, StepForm]) -> StepForm:
    return forms.get(step["key"]) or StepForm(step)


@member_only
@require_POST
def begin(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Begin the session; a second screen is told that one runs already."""
    visit = _visit(request, visit_id)
    device = request.POST.get("device", "") or LIST
    try:
        events.read({"key": "x" * 8, "device": device, "kind": "took", "seq": 1, "t_ms": 0})
        key = request.POST.get("key") or None
        actions.begin_session(by=request.member, visit=visit, device=device, key=key)  # type: ignore[attr-defined]
    except actions.AlreadyRunning as running:
        return _page(request, visit, HTTPStatus.CONFLICT, already=running.session)
    except VisitClosed:
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=_("This visit is closed. Open a new one to treat."))
    except actions.SessionBlocked:
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=_("An alert closes the session. Answer it first."))
    except actions.NoConsent:
        words = _("The client has not agreed to this plan yet. Without it there is no touch.")
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=words)
    except actions.NothingOpen:
        words = _("No step of this plan is open. Offer a referral, or use the hour to explain.")
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=words)
    except (KeyReused, events.BadEvent):
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=_("This page is too old. Load it again."))
    return _back(visit)


@member_only
@require_POST
def log(request: HttpRequest, visit_id: UUID) -> JsonResponse:
    """Take events of a screen. Answers which are kept, which cannot be and why, and what is closed now."""
    visit = _visit(request, visit_id)
    try:
        sent = json.loads(request.POST.get("events", ""))
        session = visit.sessions.select_related("visit__client").get(pk=int(request.POST.get("session", "")))
    except (ValueError, Session.DoesNotExist):
        return JsonResponse({"ok": False, "wrong": _("This page is too old. Load it again.")}, status=422)
    if not isinstance(sent, list) or len(sent) > events.MOST_AT_ONCE:
        return JsonResponse({"ok": False, "wrong": _("That is too much at once.")}, status=422)
    good, refused = _read(sent)
    actions.log_events(by=request.member, session=session, events=good)  # type: ignore[attr-defined]
    if any(event.kind == "finished" for event, _wall in good):
        actions.keep_elicited(by=request.member, session=session)  # type: ignore[attr-defined]
    _keep_tests(request, session, good)
    run = queries.run_of_session(session)
    return JsonResponse(
        {
            "ok": True,
            "kept": [event.key for event, _wall in good],
            "refused": refused,
            "driver": run.driver,
            "closed": closed_now(visit, session.steps, session.by),
            "clock_ms": queries.clock_ms(session),
        }
    )


def _keep_tests(request: HttpRequest, session: Session, good: list[Any]) -> None:
    """A test that was owed and was done at the table becomes a finding of the visit."""
    steps = {step["key"]: step for step in session.steps}
    doses = {dose.key: dose for dose in queries.run_of_session(session).doses}
    for event, _wall in good:
        dose = doses.get(str(event.data.get("go", "")))
        if event.kind != "tested" or dose is None or not event.data.get("state"):
            continue
        _keep_test(request, session.visit, steps[dose.step], dose.side, event.data["state"], event.key)


def _keep_test(request: HttpRequest, visit: Visit, step: dict[str, Any], side: str, state: str, key: str) -> None:
    given = {"finding": step["target"], "side": side, "state": state}
    try:
        charts.record_finding(by=request.member, visit=visit, key=f"test.{key}"[:64], **given)  # type: ignore[attr-defined]
    except (VisitClosed, BadFinding, KeyReused):
        return  # it stands in the log; the chart takes nothing more, or not this


def _read(sent: list[Any]) -> tuple[list[Any], dict[str, str]]:
    good, refused = [], {}
    for row in sent:
        try:
            good.append(events.read(row))
        except events.BadEvent as bad:
            refused[str(row.get("key", ""))[:40] if isinstance(row, dict) else ""] = str(bad)
    return good, refused


@member_only
@require_GET
def state(request: HttpRequest, visit_id: UUID) -> JsonResponse:
    """Every event of the newest session, for a screen that takes over or follows."""
    visit = _visit(request, visit_id)
    session = queries.session_of(visit)
    if session is None:
        return JsonResponse({"ok": False, "wrong": _("There is no session.")}, status=404)
    told = {"ok": True, "session": session.pk, "events": rows_of(session), "clock_ms": queries.clock_ms(session)}
    return JsonResponse({**told, "closed": closed_now(visit, session.steps, session.by)})


def rows_of(session: Session) -> list[dict[str, Any]]:
    """Events as a screen keeps them."""
    return [
        {"key": e.key, "device": e.device, "seq": e.seq, "t_ms": e.t_ms, "kind": e.kind, "data": dict(e.data)}
        for e in queries.events_of(session)
    ]


@member_only
@require_POST
def enter(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """One step of the list: done with its times typed, or skipped."""
    visit = _visit(request, visit_id)
    session, run = _running(visit)
    step = next((s for s in session.steps if s["key"] == request.POST.get("of")), None) if session else None
    if session is None or run is None or step is None:
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=_("This session is not running any more."))
    why = closed_now(visit, session.steps, session.by).get(step["key"])
    if why:
        return _page(request, visit, HTTPStatus.CONFLICT, trouble=_("Closed: %(why)s.") % {"why": why})
    form, skipped = StepForm(step, request.POST), "skip" in request.POST
    if not form.is_valid():
        return _page(request, visit, HTTPStatus.UNPROCESSABLE_ENTITY, forms={step["key"]: form}, wrong_step=step["key"])
    _add(request, session, run, "typed", form.event_data(skipped=skipped), form.cleaned_data["key"])
    if step["stage"] == "assess" and not skipped and form.cleaned_data.get("state"):
        state = form.cleaned_data["state"].replace("cannot", "unknown")
        _keep_test(request, visit, step, step["side"], state, form.cleaned_data["key"])
    return redirect(reverse("treat:treat", args=[visit.pk]) + "?list=1")


@member_only
@require_POST
def finish(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """End the session; what was given stands in the note."""
    visit = _visit(request, visit_id)
    session, run = _running(visit)
    if session is not None and run is not None:
        _add(request, session, run, "finished", {}, request.POST.get("key", ""))
        actions.keep_elicited(by=request.member, session=session)  # type: ignore[attr-defined]
    return _back(visit)


def _running(visit: Visit) -> tuple[Session | None, Run | None]:
    session = queries.session_of(visit)
    run = queries.run_of_session(session) if session else None
    return (session, run) if run is not None and not run.is_finished else (None, None)


def _add(request: HttpRequest, session: Session, run: Run, kind: str, data: dict[str, Any], key: str) -> None:
    """One event of the list. It counts whichever screen drives: the list takes over by being used."""
    at = max(queries.clock_ms(session), run.last_ms + 1)
    seq = session.events.filter(device=LIST).count() + 1
    made = [Event(key or new_key(), LIST, seq + 1, at, kind, data)]
    if run.driver and run.driver != LIST:
        made.insert(0, Event(f"{made[0].key[:36]}.by", LIST, seq, at, "took", {}))
    actions.log_events(by=request.member, session=session, events=[(e, None) for e in made])  # type: ignore[attr-defined]


def _back(visit: Visit) -> HttpResponseBase:
    return redirect("treat:treat", visit.pk)
