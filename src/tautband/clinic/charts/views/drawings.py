"""A client's drawings by date: compare two, save one as a file, bring one in from a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import actions
from tautband.clinic.charts.drawings import FORMATS, TYPES, Sheet, file_of, scores, sheets_of
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.since import compare_sheets
from tautband.clinic.charts.views.refusals import CONFLICT, UNPROCESSABLE
from tautband.clinic.people.forms import OnceForm
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import chart_for
from tautband.findings import BadFinding, drawing_file
from tautband.surface import SurfaceError

MOST_BYTES = 2_000_000
RECENT = 20


class ImportForm(OnceForm):
    """A drawing from a file, for the open visit."""

    file = forms.FileField(
        label=gettext_lazy("Drawing as JSON"),
        help_text=gettext_lazy("A file that was saved here or by a program that writes the same format."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    drawn_by = forms.ChoiceField(
        label=gettext_lazy("Who drew it"),
        choices=[("client", gettext_lazy("The client")), ("therapist", gettext_lazy("The therapist"))],
    )

    def clean_file(self) -> str:
        """The file as text."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 2 MB; a drawing is far smaller."))
        try:
            text: str = given.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This is no text. Choose the JSON file, not a picture or a PDF.")) from None
        return text


@member_only
def drawings(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """Every day's drawing, and two of them beside each other; a post brings one in from a file."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _import(request, client)
    return render(request, "charts/drawings.html", _context(request, client, ImportForm()))


def _context(request: HttpRequest, client: Client, form: ImportForm) -> dict[str, Any]:
    sheets = sheets_of(client)
    by_key = {sheet.key: sheet for sheet in sheets}
    after = by_key.get(request.GET.get("after", ""), sheets[0] if sheets else None)
    older = [sheet for sheet in sheets if after and sheet.at < after.at]
    before = by_key.get(request.GET.get("before", ""), older[0] if older else None)
    compared = compare_sheets(before, after) if before and after and before.key != after.key else None
    shown = sheets if request.GET.get("all") else sheets[:RECENT]
    return {
        "client": client,
        "sheets": sheets,
        "shown": list(zip(shown, _draws_figure(shown), strict=True)),
        "more": len(sheets) - len(shown),
        "before": before,
        "after": after,
        "since": compared,
        "scores": scores(after) if after else [],
        "formats": FORMATS,
        "form": form,
        "open_visit": _open_visit(client),
    }


def _draws_figure(sheets: list[Sheet]) -> list[bool]:
    """The first sheet of each view draws the figure, the others use that one."""
    views = [sheet.view for sheet in sheets]
    return [view not in views[:n] for n, view in enumerate(views)]


def _open_visit(client: Client) -> Visit | None:
    return client.visits.filter(closed_at=None).first()


def _import(request: HttpRequest, client: Client) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES)
    visit = _open_visit(client)
    status = UNPROCESSABLE
    if visit is None:
        form.add_error(None, _("No visit is open. Start a visit; what you bring in becomes its drawing."))
    elif form.is_valid():
        try:
            marks, ink = drawing_file.read(form.cleaned_data["file"])
            actions.bring_drawing(
                by=request.member,  # type: ignore[attr-defined]
                visit=visit,
                marks=marks,
                ink=ink,
                drawn_by=form.cleaned_data["drawn_by"],
                key=form.cleaned_data["key"],
            )
        except (BadFinding, SurfaceError) as bad:
            form.add_error("file", str(bad))
        except KeyReused:
            form.fresh()
            form.add_error(None, _("This form was sent before with another file. Choose the file again."))
            status = CONFLICT
        else:
            messages.success(request, _("The drawing was brought in. It is now the drawing of the open visit."))
            return redirect("charts:drawings", client.pk)
    return render(request, "charts/drawings.html", _context(request, client, form), status=status)


@require_GET
@member_only
def drawing_file_of(request: HttpRequest, client_id: UUID, sheet: str, ending: str) -> HttpResponse:
    """One drawing as a file."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    found: Sheet | None = next((each for each in sheets_of(client) if each.key == sheet), None)
    if found is None or ending not in FORMATS:
        raise Http404("No such drawing.")
    response = HttpResponse(file_of(found, ending, client), content_type=TYPES[ending])
    name = f"{slugify(client.name)}-drawing-{timezone.localtime(found.at):%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
