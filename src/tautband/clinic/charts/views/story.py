"""What the client says, in their words, and the questions that must not be forgotten."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tautband.clinic.charts import actions, drawn, queries, retesting, rows, safety
from tautband.clinic.charts.blocks import visit_row
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Story, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.thinking import consider
from tautband.clinic.charts.views.refusals import UNPROCESSABLE, refusing
from tautband.clinic.people.http import member_only
from tautband.knowledge import atlas

LONGEST = 20_000


@member_only
@refusing
def story(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Hear the client: words, drawing, safety questions."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    wrong = ""
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        if len(text) <= LONGEST:
            return _saved(request, visit, text)
        wrong = _("At most %(most)d characters; these are %(n)d. Nothing was cut.") % {"most": LONGEST, "n": len(text)}
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "charts/_story_wrong.html", {"wrong": wrong}, status=UNPROCESSABLE)
    context = story_context(request, visit)
    if wrong:
        context |= {"text": request.POST["text"], "wrong": wrong}
    return render(request, "charts/story.html", context, status=UNPROCESSABLE if wrong else 200)


def _saved(request: HttpRequest, visit: Visit, text: str) -> HttpResponse:
    newest = queries.story_of(visit)
    base = request.POST.get("base", "")
    mine = newest is None or str(newest.pk) == base or newest.text == text
    if newest is None or newest.text != text:
        newest = actions.save_story(
            by=request.member,  # type: ignore[attr-defined]
            visit=visit,
            text=text,
            key=request.POST.get("key") or None,
        )
    if request.headers.get("X-Requested-With") == "fetch":
        before = _other(visit, newest, base) if not mine else None
        return JsonResponse({"version": newest.pk, "other": before.text if before else ""})
    return redirect("charts:story", visit.pk)


def _other(visit: Visit, mine: Story, base: str) -> Story | None:
    """The version somebody else kept since this page was opened; both stay on file, and both are shown."""
    since = visit.stories.exclude(pk=mine.pk)
    return (since.filter(pk__gt=int(base)) if base.isdecimal() else since).first()


def story_context(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """Words, drawing and questions of a visit."""
    picture = picture_of(visit)
    answer = consider(picture)
    kept = queries.story_of(visit)
    before = visit.client.visits.filter(number__lt=visit.number).first()
    states = rows.states_of(visit)
    asked = safety.questions(picture, answer, atlas())
    return visit_page(
        request,
        visit,
        "story",
        answer=answer,
        text=kept.text if kept else "",
        base=kept.pk if kept else "",
        versions=visit.stories.count(),
        before=visit_row(before) if before else None,
        drawing=visit_row(visit),
        repeatable=None if visit.closed_at else retesting.drawing_to_repeat(visit),
        repeated=retesting.repeats(visit),
        retestable=bool(visit.closed_at is None and retesting.before(visit)),
        plates=plates(drawn.overlay_of(picture.drawing.marks)),
        questions=[(exam, states.get((exam.id, "", "midline"), "")) for exam in asked],
        open_count=sum(1 for exam in asked if (exam.id, "", "midline") not in states),
        longest=LONGEST,
    )


def plates(overlay: drawn.Overlay) -> list[tuple[str, str]]:
    """The one or two views that show a drawing, each with its viewBox."""
    first = drawn.first_view(overlay)
    second = drawn.second_view(overlay, first)
    return [(view, drawn.crop(overlay, view)) for view in (first, second) if view]


def question_context(request: HttpRequest, visit: Visit, finding: str) -> dict[str, Any]:
    """One question after a tap, and the alerts it may have raised."""
    known = atlas()
    exam = known.records.get(known.current(finding))
    if exam is None:
        raise Http404("No such question.")
    state = rows.states_of(visit).get((exam.id, "", "midline"), "")
    return story_context(request, visit) | {"exam": exam, "state": state}
