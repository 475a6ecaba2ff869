"""A therapist's own way of doing a technique."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.people.http import member_only
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.forms import WayForm
from tautband.clinic.treatments.ways import own_steps, way_of
from tautband.knowledge import atlas
from tautband.knowledge.records import Technique
from tautband.planning import OwnStep

CONFLICT, UNPROCESSABLE = 409, 422


@member_only
def way(request: HttpRequest, technique: str) -> HttpResponseBase:
    """See and change the own steps of a technique; the taught ones stand beside them."""
    found = atlas().get(technique) if technique in atlas() else None
    if not isinstance(found, Technique):
        raise Http404(_("The atlas has no such technique."))
    member = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, found, _fresh(request, found))
    form = WayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, UNPROCESSABLE)
    try:
        actions.save_way(
            by=member,
            technique=found.id,
            steps=form.steps(),
            seen=form.cleaned_data["seen"],
            key=form.cleaned_data["key"] or None,
        )
    except (actions.ChangedMeanwhile, KeyReused):
        return _page(request, found, form, CONFLICT, trouble=True)
    messages.success(request, _("Your own steps are kept. They are used in your sessions."))
    return redirect("treatments:way", found.id)


def _fresh(request: HttpRequest, technique: Technique) -> WayForm:
    member = request.member  # type: ignore[attr-defined]
    newest = way_of(member, technique.id)
    steps = own_steps(member, technique.id) or tuple(
        OwnStep(s.say_therapist, s.say_client, float(s.seconds or 30), s.ask == "tolerance") for s in technique.steps
    )
    return WayForm(initial={"seen": newest.number if newest else 0}, steps=steps[:8])


def _page(
    request: HttpRequest, technique: Technique, form: WayForm, status: int = 200, *, trouble: bool = False
) -> HttpResponseBase:
    member = request.member  # type: ignore[attr-defined]
    context = {
        "technique": technique,
        "form": form,
        "trouble": trouble,
        "is_own": bool(own_steps(member, technique.id)),
    }
    return render(request, "treatments/way.html", context, status=status)
