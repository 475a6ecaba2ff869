"""Money, small: what is paid, receipts, packages, a list for the accounts. No cards."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.diary import actions, engine, queries
from tautband.clinic.diary.models import Appointment, Package, State
from tautband.clinic.diary.templatetags.diary import money as in_words
from tautband.clinic.paper.engine import pdf
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Member
from tautband.clinic.people.queries import client_for

TEMPLATE = "diary/typst/receipt.typ"
HOWS = ("cash", "transfer", "card", "package")
DUE = (State.CAME, State.LATE, State.MISSED)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _month(request: HttpRequest) -> date:
    try:
        return engine.day_of(request.GET.get("month", "") + "-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _due_in(request: HttpRequest, month: date) -> QuerySet[Appointment]:
    """What was earned in a month: one's own, of everybody for the owner and reception."""
    member: Member = request.member  # type: ignore[attr-defined]
    zone = queries.zone_of(member.practice)
    after = (month + timedelta(days=32)).replace(day=1)
    low, high = (engine.instant(day, time.min, zone) for day in (month, after))
    found = Appointment.objects.filter(practice=member.practice, state__in=DUE, start__gte=low, start__lt=high)
    found = found.exclude(price_minor=0).select_related("client", "member", "package")
    return found if member.sees_contacts else found.filter(member=member)


@member_only
def money(request: HttpRequest) -> HttpResponse:
    """A month: paid, and not yet."""
    member: Member = request.member  # type: ignore[attr-defined]
    month = _month(request)
    rows = list(_due_in(request, month))
    rules = queries.rules_of(member.practice)
    context = {
        "rows": rows,
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=32)).replace(day=1),
        "paid": sum(one.price_minor for one in rows if one.paid_at),
        "open": sum(one.price_minor for one in rows if not one.paid_at),
        "currency": rules.currency,
        "services": queries.services_for(member.practice),
        "section": "diary",
    }
    with timezone.override(queries.zone_of(member.practice)):
        return render(request, "diary/money.html", context)


@member_only
def as_csv(request: HttpRequest) -> HttpResponse:
    """The month as a table for the accounts. No words that a spreadsheet would take for a formula."""
    month = _month(request)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["date", "receipt", "client", "service", "therapist", "amount", "currency", "paid_on", "how"])
    zone = queries.zone_of(request.practice)  # type: ignore[attr-defined]
    for one in _due_in(request, month):
        row: list[Any] = [
            f"{one.start.astimezone(zone):%Y-%m-%d}",
            one.receipt or "",
            one.who,
            one.service_name,
            one.member.display_name,
            f"{one.price_minor / 100:.2f}",
            one.currency,
            f"{one.paid_at.astimezone(zone):%Y-%m-%d}" if one.paid_at else "",
            one.paid_how,
        ]
        writer.writerow([plain(cell) for cell in row])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="money-{month:%Y-%m}.csv"'
    return answer


def plain(cell: Any) -> Any:
    """A cell that a spreadsheet reads as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


@member_only
@require_POST
def pay(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Note that a visit is paid, or that it is not after all."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = queries.appointment_for(member, appointment_id)
    how = request.POST.get("how", "")
    try:
        if how == "not":
            actions.unpay(by=member, appointment=one)
        elif how.startswith("package/"):
            key = how.removeprefix("package/")
            package = get_object_or_404(Package, pk=UUID(key), client=one.client_id)
            actions.pay(by=member, appointment=one, how="package", package=package)
        elif how in HOWS:
            actions.pay(by=member, appointment=one, how=how)
    except (NotAllowed, ValueError) as refusal:
        messages.error(request, str(refusal))
    return redirect("diary:appointment", one.pk)


@member_only
def receipt(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The receipt on paper."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = queries.appointment_for(member, appointment_id)
    if one.paid_at is None:
        raise Http404("Not paid yet.")
    body = pdf(TEMPLATE, on_paper(one), one.paid_at)
    answer = HttpResponse(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{one.receipt}.pdf"'
    return answer


def on_paper(one: Appointment) -> dict[str, Any]:
    """What stands on a receipt. Nothing about health: the name of the service, as the price list has it."""
    zone = queries.zone_of(one.practice, one.location)
    paid = one.paid_at or datetime.now(UTC)
    hows = {
        "cash": _("in cash"),
        "transfer": _("by transfer"),
        "card": _("by card"),
        "package": _("from visits paid ahead"),
    }
    with timezone.override(zone):
        return {
            "title": _("Receipt %(number)d") % {"number": one.receipt},
            "practice": one.practice.name,
            "address": one.location.address.splitlines() if one.location else [],
            "words": {"page": _("Page")},
            "lang": "en",
            "rows": [
                [_("For"), one.who],
                [_("What"), one.service_name],
                [_("Visit on"), date_format(timezone.localtime(one.start, zone), "j F Y")],
                [_("With"), one.member.display_name],
                [_("Paid on"), date_format(timezone.localtime(paid, zone), "j F Y")],
                [_("How"), hows.get(one.paid_how, one.paid_how)],
            ],
            "amount": in_words(one.price_minor, one.currency),
            "total": _("Amount"),
            "note": _("Taxes: see what the practice has told you."),
        }


@member_only
@require_POST
def package(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Note visits paid ahead."""
    member: Member = request.member  # type: ignore[attr-defined]
    client = client_for(member, client_id)
    try:
        visits, price = int(request.POST.get("visits", "")), float(request.POST.get("price", "").replace(",", "."))
        if not (1 <= visits <= 50 and 0 <= price < 1_000_000):
            raise ValueError(visits)
    except ValueError:
        messages.error(request, _("Say how many visits, from 1 to 50, and what they cost together."))
        return redirect("people:client", client.pk)
    name = _("%(count)d visits") % {"count": visits}
    rules = queries.rules_of(member.practice)
    actions.sell_package(
        by=member, client=client, name=name, visits=visits, price_minor=round(price * 100), currency=rules.currency
    )
    messages.success(request, _("%(count)d visits are paid ahead.") % {"count": visits})
    return redirect("people:client", client.pk)
