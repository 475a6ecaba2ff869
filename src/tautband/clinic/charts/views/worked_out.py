"""How the list of a visit was worked out: method, likely error, what was cut, which priors; and the referee."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tautband.clinic.charts import queries
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.thinking import consider, priors_used, reasoner_for
from tautband.clinic.people.http import member_only
from tautband.reasoning.referee import refereed, worked


@member_only
def worked_out(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The page; with `referee=1` what the sampler says, which takes a second or two."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    picture = picture_of(visit)
    reasoner = reasoner_for(picture.elicited)
    posterior = reasoner.posterior(picture)
    asked = request.GET.get("referee") == "1"
    context = visit_page(
        request,
        visit,
        "suspects",
        answer=consider(picture),
        worked=worked(posterior, reasoner.model),
        used=priors_used(),
        referee=refereed(posterior, reasoner.model) if asked else None,
    )
    part = asked and request.htmx  # type: ignore[attr-defined]
    return render(request, "charts/_referee.html" if part else "charts/worked_out.html", context)
