"""The client's own pages behind the door. Each reads `request.client_person` and nobody else's rows."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tautband.clinic.attachments import store
from tautband.clinic.attachments.views import served
from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.diary.actions import new_calendar_link
from tautband.clinic.diary.models import CalendarLink
from tautband.clinic.letters.printing import letter_pdf
from tautband.clinic.measures.actions import keep_reading
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.post import base_url
from tautband.clinic.people.queries import care_team
from tautband.clinic.portal import actions, queries
from tautband.clinic.portal.forms import MessageForm, PainForm, WishForm
from tautband.clinic.sealing.keys import KeysNotUsable
from tautband.clinic.sealing.seal import CannotUnseal

NOON_H, EVENING_H = 12, 18
UNPROCESSABLE, CONFLICT = 422, 409
LOOKS = 30


@client_only
@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """One page, phone first."""
    hour = timezone.localtime().hour
    part = "morning" if hour < NOON_H else "day" if hour < EVENING_H else "evening"
    name = request.client_person.name.split()[0]
    return render(request, "portal/home.html", {"client": request.client_person, "part": part, "first_name": name})


@client_only
@require_POST
def pain_now(request: HttpRequest) -> HttpResponse:
    """How strong it is now, by the client's own hand; an outcome reading like any other."""
    form = PainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a number from 0 to 10."))
        return redirect("portal:home")
    client = request.client_person
    try:
        keep_reading(
            by=client,
            client=client,
            instrument="instrument.nprs",
            of="now",
            value=form.cleaned_data["value"],
            key=form.cleaned_data["key"],
        )
    except KeyReused:
        messages.error(request, _("That was saved already, with another number. Press the number again."))
    else:
        messages.success(request, _("Thank you. Your therapist sees it before your next visit."))
    return redirect("portal:home")


@client_only
@never_cache
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest) -> HttpResponse:
    """Messages with the care team."""
    client = request.client_person
    form = MessageForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                actions.write_message(by=client, client=client, **form.cleaned_data)
            except KeyReused:
                form.fresh()
                form.add_error("text", _("An earlier version of this was sent already. Send it again to add this one."))
                status = CONFLICT
            else:
                messages.success(request, _("Sent. Your care team sees it when they next look."))
                return redirect("portal:messages")
    actions.saw_messages(by=client, client=client)
    context = {"client": client, "form": form, "thread": list(queries.messages_of(client)), "team": care_team(client)}
    return render(request, "portal/messages.html", context, status=status)


@client_only
@never_cache
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """What the care team released."""
    return render(request, "portal/documents.html", {"releases": queries.releases_of(request.client_person)})


@client_only
@never_cache
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """One of them: a letter as PDF, or the photo or document itself."""
    found = queries.release_for(request.client_person, number)
    if found.letter is not None:
        answer = HttpResponse(letter_pdf(found.letter), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="letter-{found.letter.at:%Y-%m-%d}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    try:
        data = store.read(found.attachment.pk, "")
    except (store.FileGone, CannotUnseal, KeysNotUsable):
        raise Http404("This document cannot be opened now. Ask us for it.") from None
    return served(found.attachment, data, save="save" in request.GET)


@client_only
@never_cache
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Everything we hold: read it, take a copy, ask for a correction or an erasure."""
    client = request.client_person
    form = WishForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                actions.ask(by=client, **form.cleaned_data)
            except KeyReused:
                form.fresh()
                status = CONFLICT
            else:
                messages.success(request, _("Asked. You find the answer here."))
                return redirect("portal:data")
    visits = client.visits.select_related("by").prefetch_related("stories")
    context = {
        "client": client,
        "form": form,
        "team": care_team(client),
        "visits": [{"visit": visit, "said": next((s.text for s in visit.stories.all()), "")} for visit in visits],
        "counts": _counts(client),
        "wishes": client.wishes.select_related("answered_by"),
        "looks": queries.events_of(client)[:LOOKS],
    }
    return render(request, "portal/data.html", context, status=status)


@client_only
@never_cache
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The visits in the calendar of one's own phone: a secret address, made when asked for and changed at any time."""
    client = request.client_person
    if request.method == "POST":
        new_calendar_link(by=client, client=client)
        messages.success(request, _("A new address. One you had before has ended."))
        return redirect("portal:calendar")
    link = CalendarLink.objects.filter(client=client).first()
    address = base_url(request) + reverse("diary:feed", args=[link.token]) if link else ""
    webcal = "webcal:" + address.partition(":")[2] if address else ""
    return render(request, "portal/calendar.html", {"client": client, "address": address, "webcal": webcal})


def _counts(client: object) -> list[tuple[str, int]]:
    from tautband.clinic.charts.models import DrawingVersion, RecordedFinding

    return [
        (_("Pain drawings"), DrawingVersion.objects.filter(visit__client=client).count()),
        (_("Test results and answers"), RecordedFinding.objects.filter(visit__client=client).count()),
        (_("Measurements"), client.readings.count()),  # type: ignore[attr-defined]
        (_("Photos and documents"), client.attachments.count()),  # type: ignore[attr-defined]
        (_("Messages"), queries.messages_of(client).count()),  # type: ignore[arg-type]
    ]
