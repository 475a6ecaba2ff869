"""Calendars out, by a secret address; busy times in, from a file or pasted."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.diary import actions, icalendars, queries
from tautband.clinic.diary.models import Block, CalendarLink
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Member

GONE = 410


@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar to subscribe to; whoever holds the address reads it. An address that was replaced is gone."""
    link = CalendarLink.objects.select_related("member__practice", "client__practice").filter(token=token).first()
    if link is None or (link.member and not link.member.active) or (link.client and link.client.archived):
        return HttpResponse(_("This calendar has a new address, or none."), status=GONE, content_type="text/plain")
    owner: Any = link.member or link.client
    visits = queries.calendar_of(member=link.member, client=link.client)
    body = icalendars.feed(
        visits, _("Visits") if link.client else owner.practice.name, for_client=link.client is not None
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer


@member_only
def calendars(request: HttpRequest) -> HttpResponse:
    """One's own calendar: the secret address, a new one, and busy times taken over from another calendar."""
    member: Member = request.member  # type: ignore[attr-defined]
    wrong = ""
    if request.method == "POST":
        if request.POST.get("do") == "link":
            actions.new_calendar_link(by=member, member=member)
            messages.success(request, _("A new address. The old one, if there was one, has ended."))
            return redirect("diary:calendars")
        wrong = _taken_over(request, member)
        if not wrong:
            return redirect("diary:calendars")
    link = CalendarLink.objects.filter(member=member).first()
    address = request.build_absolute_uri(reverse("diary:feed", args=[link.token])) if link else ""
    busy = Block.objects.filter(member=member).exclude(source="").count()
    context = {"address": address, "busy": busy, "wrong": wrong, "section": "diary"}
    return render(request, "diary/calendars.html", context, status=422 if wrong else 200)


def _taken_over(request: HttpRequest, member: Member) -> str:
    """Take over busy times; what is wrong with them, or nothing."""
    given = request.FILES.get("file")
    text = given.read(icalendars.MOST_BYTES + 1) if given else request.POST.get("text", "").strip().encode()
    if not text:
        return _("Choose a file that ends in .ics, or paste what is in it.")
    try:
        busy = icalendars.busy_times(text, queries.zone_of(member.practice), datetime.now(UTC))
    except icalendars.NotACalendar as refusal:
        return str(refusal)
    actions.import_busy(by=member, member=member, busy=busy)
    messages.success(
        request, _("%(count)d busy times taken over. Titles and notes were not read.") % {"count": len(busy)}
    )
    return ""
