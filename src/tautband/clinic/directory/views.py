"""The public list and profiles, and the practice's own page of the directory."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.directory import actions, cards, free, gazetteer, queries
from tautband.clinic.directory.forms import CardsForm, CredentialForm, EntryForm
from tautband.clinic.directory.models import Access, Practitioner, Signer
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.models import Member
from tautband.knowledge import atlas

PAGE_SIZE, UNPROCESSABLE = 20, 422
MOST_BYTES = 20_000_000
MEDIA = {"json": "application/json", "csv": "text/csv", "vcf": "text/vcard"}


def when_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Anybody may read while the owner has the directory open; otherwise only people of the practice."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        practice = request.practice
        if request.member is None and not (practice and actions.the_directory(practice).open):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **options)

    return login_not_required(require_GET(guarded))


@when_open
def find(request: HttpRequest) -> HttpResponse:
    """Who is near and sees what one has."""
    where_words = request.GET.get("where", "").replace("\x00", "").strip()[:80]
    need = request.GET.get("need", "").replace("\x00", "").strip()[:120]
    technique = request.GET.get("technique", "")[:80]
    asked_km = request.GET.get("km", "")
    km = int(asked_km) if asked_km in {str(each) for each in queries.RADII_KM} else 25
    places = gazetteer.find(where_words) if where_words else []
    where = places[0] if places else None
    hits = [] if where_words and where is None else queries.search(need, where, km, technique)
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get("page"))
    times = free.next_free([hit.entry.member for hit in page])
    rows = [{"hit": hit, "free": times.get(hit.entry.member_id), "access": _access(hit.entry)} for hit in page]
    techniques = [(t.id, t.name.plain or t.name.en) for t in atlas().techniques]
    context = {
        "where_words": where_words,
        "where": where,
        "others": places[1:],
        "need": need,
        "km": km,
        "radii": queries.RADII_KM,
        "techniques": sorted(techniques, key=lambda row: row[1]),
        "technique": technique,
        "page": page,
        "rows": rows,
        "total": len(hits),
        "asked": bool(where_words or need or technique),
        "open": actions.the_directory(request.practice).open,
    }
    return render(request, "directory/find.html", context)


def _access(entry: Practitioner) -> list[str]:
    return [str(Access(each).label) for each in entry.access if each in Access.values]


@when_open
def profile(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One practitioner, with who says what."""
    entry = queries.public_entries().filter(pk=entry_id).first()
    if entry is None:
        raise Http404("Nobody of that name is in the directory.")
    context = {
        "entry": entry,
        "free": free.next_free([entry.member]).get(entry.member_id),
        "access": _access(entry),
        "sees": queries.names_of(entry.conditions),
        "works": queries.names_of(entry.techniques),
        "ended": queries.ended(entry),
        "data": _linked_data(request, entry),
    }
    return render(request, "directory/profile.html", context)


def _linked_data(request: HttpRequest, entry: Practitioner) -> str:
    """The profile for search engines (schema.org). A data block, which no browser runs, so the policy stays strict."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "HealthAndBeautyBusiness",
        "name": f"{entry.name}, {entry.practice_name}",
        "url": request.build_absolute_uri(reverse("directory:profile", args=[entry.pk])),
        "description": entry.about,
        "telephone": entry.phone,
        "address": {"@type": "PostalAddress", "streetAddress": entry.address, "addressLocality": entry.town},
        "employee": {"@type": "Person", "name": entry.name, "knowsLanguage": entry.languages},
    }
    if entry.lat_deg is not None:
        told["geo"] = {"@type": "GeoCoordinates", "latitude": entry.lat_deg, "longitude": entry.lon_deg}
    text = json.dumps(told, ensure_ascii=False)
    for sign, safe in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, safe)
    return mark_safe(text)  # noqa: S308 - escaped as json_script does


# --- The practice's own page --------------------------------------------------------------------------------------


@member_only
@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """The switch, the entries of the practice, cards in and out."""
    directory = actions.the_directory(request.practice)
    members = request.practice.members.filter(active=True).select_related("entry").order_by("display_name")
    context = {
        "directory": directory,
        "members": [
            (m, getattr(m, "entry", None), actions.may_keep(request.member, m)) for m in members if m.is_clinical
        ],
        "signers": Signer.objects.order_by("name"),
        "taken": Practitioner.objects.filter(member=None).count(),
        "fingerprint": cards.fingerprint(cards.public_key(directory.seed)),
        "form": CardsForm(),
    }
    return render(request, "directory/manage.html", context)


@owner_only
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Open or close it."""
    on = request.POST.get("on") == "1"
    actions.switch(by=request.member, on=on)
    messages.success(request, _("Anybody can read the directory now.") if on else _("The directory is closed."))
    return redirect("directory:manage")


@member_only
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, member_id: int) -> HttpResponse:
    """Change an entry: one's own, or as the owner anybody's."""
    member = get_object_or_404(Member, pk=member_id, practice=request.practice)
    if not actions.may_keep(request.member, member):
        raise PermissionDenied(_("Everybody keeps their own entry; the owner may help."))
    kept = Practitioner.objects.filter(member=member).first()
    start = kept or Practitioner(member=member, name=member.display_name, practice_name=request.practice.name)
    form = EntryForm(request.POST or None, instance=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_entry(by=request.member, member=member, values=form.values(), key=form.cleaned_data["key"])
        except KeyReused:
            form.fresh()
            form.add_error(None, _("This page was saved already with other words. Save again to keep these."))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:entry", member.pk)
    context = {"form": form, "whose": member, "entry": kept, "credential_form": CredentialForm(auto_id="c_%s")}
    return render(request, "directory/entry.html", context, status=UNPROCESSABLE if form.errors else 200)


@member_only
@require_POST
def credential(request: HttpRequest, member_id: int) -> HttpResponse:
    """Add a credential, or take one off."""
    kept = get_object_or_404(Practitioner.objects.select_related("member"), member=member_id)
    if kept.member is None or not actions.may_keep(request.member, kept.member):
        raise PermissionDenied(_("Everybody keeps their own entry; the owner may help."))
    if request.POST.get("drop", "").isdecimal():
        actions.drop_credential(by=request.member, entry=kept, number=int(request.POST["drop"][:15]))
        messages.success(request, _("Taken off."))
        return redirect("directory:entry", member_id)
    form = CredentialForm(request.POST, auto_id="c_%s")
    if not form.is_valid():
        context = {"form": EntryForm(instance=kept), "whose": kept.member, "entry": kept, "credential_form": form}
        return render(request, "directory/entry.html", context, status=UNPROCESSABLE)
    if form.cleaned_data["stated_by"] == "document" and not request.member.is_owner:
        raise PermissionDenied(_("That a document was seen is said by the owner, not by oneself."))
    actions.add_credential(by=request.member, entry=kept, values=form.values())
    messages.success(request, _("Saved."))
    return redirect("directory:entry", member_id)


@member_only
@require_GET
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The practice's public entries as signed cards."""
    if ending not in MEDIA:
        raise Http404("Cards come as json, csv or vcf.")
    directory = actions.the_directory(request.practice)
    own = queries.public_entries().filter(member__practice=request.practice)
    signed = [actions.card_of(each, directory) for each in own]
    text = {"json": cards.as_json, "csv": cards.as_csv, "vcf": cards.as_vcard}[ending](signed)
    answer = HttpResponse(text, content_type=f"{MEDIA[ending]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="practitioner-cards.{ending}"'
    return answer


@owner_only
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Take cards of other practices in; an unknown signature is shown with its fingerprint first."""
    form = CardsForm(request.POST, request.FILES)
    text = request.POST.get("cards", "")
    try:
        if text:
            data = text.encode()
        elif form.is_valid() and form.cleaned_data["file"].size <= MOST_BYTES:
            data = form.cleaned_data["file"].read()
        else:
            raise cards.BadCard(_("Choose a file with cards, at most 20 MB."))
        found = cards.read(data)
        known = set(Signer.objects.values_list("key", flat=True))
        accepted = set(request.POST.getlist("accept"))
        unknown = {card["key"]: card["practice"] for card in found if card["key"] not in known | accepted}
        if unknown:
            rows = [(key, str(name)[:120], cards.fingerprint(key)) for key, name in unknown.items()]
            context = {"rows": rows, "count": len(found), "cards": cards.as_json(found)}
            return render(request, "directory/accept.html", context)
        taken, left = actions.take_in(by=request.member, found=found, accept=sorted(accepted))
    except cards.BadCard as bad:
        messages.error(request, _("Nothing was taken in. %(why)s") % {"why": bad})
        return redirect("directory:manage")
    messages.success(request, _("%(taken)s taken in, %(left)s known already.") % {"taken": taken, "left": left})
    return redirect("directory:manage")
