"""All examinations: search the atlas, then record any of them, on any side, and palpation of any muscle."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tautband.clinic.charts import queries, rows
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.http import member_only
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.records import Exam, Factor, Muscle
from tautband.knowledge.search import search

FOUND = 24
KINDS = ("exam", "factor", "muscle")
PALPATION = "exam.palpation."


@member_only
def exams(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Search, and the card of what was chosen."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()[:80]
    show = request.GET.get("show", "")
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if part and request.GET.get("part") == "card":
        return render(request, "charts/_exam_card.html", card_context(request, visit, show))
    found = {"hits": find(words), "words": words, "show": show}
    if part:
        return render(request, "charts/_exam_hits.html", found | {"visit": visit})
    context = card_context(request, visit, show) | found
    return render(request, "charts/exams.html", context)


def find(words: str) -> list[dict[str, str]]:
    """What can be recorded and matches; muscles are there for palpation. Nothing typed gives nothing."""
    if not words:
        return []
    known = atlas()
    hits = search(known, words, FOUND, KINDS)
    return [{"id": hit.id, "name": hit.name, "kind": kind_word(known, hit.id)} for hit in hits if usable(known, hit.id)]


def usable(known: Atlas, id: str) -> bool:
    """Palpation signs are recorded on a muscle, so they are found through it."""
    return not id.startswith(PALPATION)


def kind_word(known: Atlas, id: str) -> str:
    """What sort of thing a hit is, in one word."""
    thing = known.records[id]
    return "palpation" if isinstance(thing, Muscle) else thing.method if isinstance(thing, Exam) else "factor"


def card_context(request: HttpRequest, visit: Visit, show: str) -> dict[str, Any]:
    """The rows to tap for one examination, question, factor or muscle. Unknown ids give an empty card that says so."""
    known = atlas()
    thing = known.records.get(known.current(show)) if show else None
    states, values = rows.states_of(visit), _values(visit)
    taps = [
        {
            "exam": exam,
            "of": of,
            "side": side,
            "state": states.get((exam.id, of, side), ""),
            "value": values.get((exam.id, of, side)),
            "question": rows.is_question(exam.id),
        }
        for exam, of in _wanted(known, thing)
        for side in _sides(exam)
    ]
    card = {
        "recorded": rows.recorded(visit),
        "thing": thing,
        "muscle": isinstance(thing, Muscle),
        "taps": taps,
        "show": show,
    }
    return visit_page(request, visit, "examine", **card)


def _values(visit: Visit) -> dict[tuple[str, str, str], float | None]:
    return {(f.finding, f.of, f.side): f.value for f in visit.findings.filter(ended_at=None)}


def _wanted(known: Atlas, thing: Any) -> list[tuple[Exam | Factor, str]]:
    if isinstance(thing, Muscle):
        return [(exam, thing.id) for exam in known.exams if exam.id.startswith(PALPATION)]
    return [(thing, "")] if isinstance(thing, Exam | Factor) else []


def _sides(exam: Exam | Factor) -> tuple[str, ...]:
    return ("right", "left") if isinstance(exam, Exam) and exam.sided else ("midline",)
