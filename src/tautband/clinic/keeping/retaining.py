"""Pages about how long a record is kept: the owner's list, one client's page, certificates; and the chart's line."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.log import verify
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.keeping import actions, queries
from tautband.clinic.keeping.forms import EraseForm, HoldForm, ReleaseForm, RuleForm
from tautband.clinic.keeping.models import Erasure
from tautband.clinic.people.http import owner_only
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import client_for

UNPROCESSABLE = 422


def client_line(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """Until when this record is kept; nothing while the practice has not said how long, except to its owner."""
    is_owner: bool = request.member.is_owner  # type: ignore[attr-defined]
    kept, hold = queries.kept_of(client), queries.hold_of(client)
    if kept is None and hold is None and not is_owner:
        return None
    return {"kept": kept, "hold": hold, "is_owner": is_owner, "over": bool(kept and kept.is_over(timezone.localdate()))}


@owner_only
def retention(request: HttpRequest) -> HttpResponse:
    """The rule, whose time is over, what is held, what was erased."""
    practice = request.practice  # type: ignore[attr-defined]
    rule = queries.rule_of(practice)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.set_rule(
                by=request.member,  # type: ignore[attr-defined]
                years=told["years"],
                adult_at_years=told["adult_at_years"],
                because=told["because"],
                key=told["key"],
            )
        except KeyReused:
            messages.info(request, _("This was saved before. Look at it, then change it again."))
        else:
            messages.success(request, _("Saved."))
        return redirect("keeping:retention")
    context = {
        "form": form,
        "rule": queries.rule_of(practice),
        "due": queries.due(practice, timezone.localdate()),
        "holds": queries.holds_of(practice),
        "erasures": Erasure.objects.exclude(done_at=None)[: queries.MOST],
    }
    return render(request, "keeping/retention.html", context, status=UNPROCESSABLE if form.errors else 200)


@owner_only
def keep_client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """One client: until when, hold, erase."""
    gone = Erasure.objects.filter(erased=client_id).first()
    if gone is not None:
        return redirect("keeping:certificate", gone.pk)
    client = client_for(request.member, client_id)  # type: ignore[attr-defined]
    wish = request.POST.get("do", "") if request.method == "POST" else ""
    kept, hold = queries.kept_of(client), queries.hold_of(client)
    over = bool(kept and kept.is_over(timezone.localdate()))
    forms: dict[str, Any] = {
        "hold": HoldForm(request.POST if wish == "hold" else None, prefix="hold"),
        "release": ReleaseForm(request.POST if wish == "release" else None, prefix="release"),
        "erase": EraseForm(request.POST if wish == "erase" else None, prefix="erase", client=client, over=over),
    }
    if wish in forms and forms[wish].is_valid():
        answer = _done(request, client, wish, forms[wish])
        if answer is not None:
            return answer
    context = {
        "client": client,
        "kept": kept,
        "over": over,
        "hold": hold,
        "forms": forms,
        "past": client.holds.exclude(released_at=None),  # type: ignore[attr-defined]
        "counts": sum(actions.count_rows(client).values()),
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "keeping/keep_client.html", context, status=UNPROCESSABLE if failed else 200)


def _done(request: HttpRequest, client: Client, wish: str, form: Any) -> HttpResponse | None:
    by, told = request.member, form.cleaned_data  # type: ignore[attr-defined]
    try:
        if wish == "hold":
            actions.place_hold(by=by, client=client, reason=told["reason"], key=told["key"])
            messages.success(request, _("Held. Nothing of this client can be erased until you end it."))
            return redirect("keeping:keep_client", client.pk)
        if wish == "release":
            standing = queries.hold_of(client)
            if standing is not None:
                actions.release_hold(by=by, hold=standing, because=told["because"], key=told["key"])
            messages.success(request, _("The hold has ended."))
            return redirect("keeping:keep_client", client.pk)
        erasure = actions.erase_client(
            by=by, client=client, ground=told["ground"], early=told.get("early", False), key=told["key"]
        )
    except actions.Held:
        form.add_error(None, _("A legal hold stands. End it first, if it may end."))
    except actions.StillKept:
        form.add_error(None, _("The time of this record is not over."))
    except actions.NotAllowed as refusal:
        form.add_error(None, str(refusal))
    except KeyReused:
        form.fresh()
        form.add_error(None, _("This was sent before with other words. Look again, then send it once more."))
    else:
        return redirect("keeping:certificate", erasure.pk)
    return None


@owner_only
@require_GET
def certificate(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """What was erased, when, and that the log is still whole; to print."""
    erasure = get_object_or_404(Erasure, pk=erasure_id)
    chain = verify(erasure.chart)
    reasons = AuditEvent.objects.filter(chart=erasure.chart, details__contains='"reason"').count()
    context = {"erasure": erasure, "told": json.loads(erasure.certificate), "chain": chain, "reasons": reasons}
    return render(request, "keeping/certificate.html", context)
