"""Pressing a muscle was felt elsewhere: record it, take it back. It shapes this client's fields only."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.charts import actions, queries
from tautband.clinic.charts.thinking import placeable, the_reasoner
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.people.http import member_only
from tautband.findings import BadFinding, Felt
from tautband.knowledge import atlas
from tautband.knowledge.lexicon import lexicon
from tautband.terms.ids import Sided
from tautband.terms.sides import Side


@member_only
@require_POST
@refusing
def elicited(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Record where it was felt, from the words typed; or take one back."""
    member, sent = request.member, request.POST  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    point, side = sent.get("point", ""), sent.get("side", "")
    if sent.get("remove", "").isdecimal():
        actions.take_back_elicited(by=member, visit=visit, pk=int(sent["remove"]))
    else:
        words = sent.get("words", "").strip()[:200]
        felt = places_in(words, side)
        one = Felt(point, _side(side), felt)
        if not felt or not placeable(the_reasoner(), one):
            raise BadFinding(_("Say where it was felt, in places of the body: outer elbow, thumb, back of the thigh."))
        key = sent.get("key") or None
        actions.record_elicited(by=member, visit=visit, point=point, side=side, felt=sorted(felt), words=words, key=key)
        messages.success(request, _("Kept. From now on this muscle counts as felt there, for this client only."))
    return redirect(reverse("charts:suspect", args=[visit.pk, sent.get("source", point), side]))


def _side(side: str) -> Side:
    if side not in ("left", "right"):
        raise BadFinding(_("Say on which side it was pressed."))
    return Side(side)


def places_in(words: str, side: str) -> frozenset[str]:
    """Areas named in the words, on the side they name, else on the side that was pressed."""
    known, found = atlas(), set()
    for reading in lexicon().read(words, "region").readings:
        area = known.areas.get(reading.id)
        if area is not None and reading.state == "present":
            own = Side.MIDLINE if area.side == "midline" else reading.side or Side(side)
            found |= {str(Sided(reading.id, one)) for one in own.each}
    return frozenset(found)
