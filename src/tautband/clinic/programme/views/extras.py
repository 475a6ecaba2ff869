"""Paper, what to expect after a treatment, and a reminder for the client's own calendar."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from tautband.clinic.charts.queries import visit_for
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.clinic.programme import actions, printing, reminders
from tautband.clinic.programme.queries import programme_of
from tautband.clinic.programme.views.mine import _client, _foot
from tautband.knowledge import atlas
from tautband.knowledge.records import Education

LESSONS = ("education.what_to_expect_after", "education.ice_heat_creams")


def _as_pdf(client: Client) -> HttpResponse:
    version = programme_of(client)
    if version is None:
        raise Http404("Nothing was given yet.")
    response = HttpResponse(printing.card_pdf(version), content_type="application/pdf")
    name = slugify(_("at home %(name)s") % {"name": client.name}) or "at-home"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@member_only
def card(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The programme on one page of paper, in large type."""
    return _as_pdf(visit_for(request.member, visit_id).client)  # type: ignore[attr-defined]


@client_only
def my_card(request: HttpRequest) -> HttpResponse:
    """The same page for the client themselves."""
    return _as_pdf(_client(request))


@client_only
def my_aftercare(request: HttpRequest) -> HttpResponse:
    """What is usual after a treatment, what helps, and when to ring."""
    known = atlas()
    lessons = [record for id in LESSONS if id in known and isinstance(record := known.record(id), Education)]
    return render(request, "programme/aftercare.html", {"lessons": lessons, **_foot(_client(request))})


@client_only
def reminder(request: HttpRequest) -> HttpResponseBase:
    """Whether and when to be reminded: a daily entry for the client's own calendar."""
    client = _client(request)
    if request.method == "POST":
        hour, _colon, minute = request.POST.get("at", "").partition(":")
        given = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
        wanted = request.POST.get("do") == "on"
        at = int(hour) * 60 + int(minute) if given else 20 * 60
        by_mail = "by_mail" in request.POST if reminders.may_mail(client) else None
        key = request.POST.get("key") or None
        actions.wish_reminder(by=client, wanted=wanted, minute=at, by_mail=by_mail, key=key)
        return redirect("programme:reminder")
    wish = client.reminder_wishes.first()
    minute = wish.minute if wish else 20 * 60
    context = {
        "wish": wish,
        "may_mail": reminders.may_mail(client),
        "at": f"{minute // 60:02d}:{minute % 60:02d}",
        **_foot(client),
    }
    return render(request, "programme/reminder.html", context)


@client_only
def reminder_file(request: HttpRequest) -> HttpResponse:
    """A daily entry with an alarm. It names the practice and nothing about health: calendars are read by others."""
    client = _client(request)
    wish = client.reminder_wishes.first()
    if wish is None or not wish.wanted:
        raise Http404("No reminder was asked for.")
    response = HttpResponse(_calendar(client, wish.minute).to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="reminder.ics"'
    return response


def _calendar(client: Client, minute: int) -> Calendar:
    today = timezone.localdate()
    start = datetime(
        today.year, today.month, today.day, minute // 60, minute % 60
    )  # a floating time: where the phone is
    event, alarm, made = Event(), Alarm(), Calendar()
    event.add("uid", f"home-{client.pk}@tautband")
    event.add("dtstamp", timezone.now())
    event.add("summary", _("%(practice)s: a few minutes for yourself") % {"practice": client.practice.name})
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=10))
    event.add("rrule", {"freq": "daily", "count": 60})
    event.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("A few minutes for yourself"))
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    made.add("prodid", "-//Tautband//home//EN")
    made.add("version", "2.0")
    made.add_component(event)
    return made
