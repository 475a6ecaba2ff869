"""The examination grids: one panel of one region at a time, one tap a result, values kept with the next tap."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tautband.clinic.charts import actions, gridding, queries
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.safety import regions_of
from tautband.clinic.charts.views.findings import value_of
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.people.http import member_only
from tautband.findings import BadFinding
from tautband.knowledge import atlas
from tautband.knowledge.grids import grid_of
from tautband.knowledge.records import Exam

FIELD = "v|"
ASK_AGAIN, UNPROCESSABLE = 409, 422
Wrong = dict[gridding.Key, str]
"""Examination and side of a field -> why what stands in it cannot be kept."""


@member_only
@refusing
def grid(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Show a panel; record what was tapped and what was measured."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    sent = request.POST if request.method == "POST" else request.GET
    region, panel = _place(visit, sent.get("region", ""), sent.get("panel", ""))
    if request.method != "POST":
        return _show(request, visit, region, panel)
    wrong: Wrong = {}
    wanted = _wanted(visit, region, panel, request.POST, wrong)
    doubts = [] if sent.get("sure") else _doubts(request, visit, wanted)
    if doubts:
        typed = _typed(sent)
        return _show(
            request, visit, region, panel, doubts=doubts, sent=list(sent.items()), typed=typed, status=ASK_AGAIN
        )
    key = sent.get("key") or None
    taken = [one for one in wanted if one["state"] == ""]
    kept = [one for one in wanted if one["state"]]
    if kept:
        actions.record_line(by=member, visit=visit, findings=kept, key=key)
    for one in taken:
        actions.take_back_finding(by=member, visit=visit, finding=one["finding"], side=one["side"])
    if wrong:  # what could be kept is kept; what could not stands in its field with the reason
        typed = {key: text for key, text in _typed(sent).items() if key in wrong}
        return _show(request, visit, region, panel, typed=typed, wrong=wrong, status=UNPROCESSABLE)
    if request.htmx:  # type: ignore[attr-defined]
        return _show(request, visit, region, panel)
    return redirect(f"{reverse('charts:grid', args=[visit.pk])}?{urlencode({'region': region, 'panel': panel})}")


def _place(visit: Visit, region: str, panel: str) -> tuple[str, str]:
    """Region and panel that are asked for; without, the first the drawing touches."""
    if region not in gridding.REGIONS:
        touched = regions_of(picture_of(visit))
        region = next((name for name in gridding.REGIONS if name in touched), "neck")
    names = [p.name for p in grid_of(atlas(), region)]
    return region, panel if panel in names else "rom" if "rom" in names else next(iter(names), "")


def _typed(sent: Any) -> dict[gridding.Key, str]:
    """What stood in the fields: examination and side -> text."""
    fields = ((name.removeprefix(FIELD).split("|"), text) for name, text in sent.items() if name.startswith(FIELD))
    return {(key[0], key[1]): str(text)[:20] for key, text in fields if len(key) == 2}


def _wanted(visit: Visit, region: str, panel: str, sent: Any, wrong: Wrong) -> list[dict[str, Any]]:
    """What is to be recorded: copied results, values that changed, then the tap. Raises BadFinding for a false tap.

    wrong   is filled with the fields whose value cannot be kept
    """
    page = gridding.sheet(visit, region, panel)
    held = {(m.exam.id, m.side): m for line in page.lines for _c, marks in line.cells for m in marks}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    if "copy" in sent:
        found |= {(one["finding"], one["side"]): dict(one) for one in page.copies}
    for name, text in sent.items():
        mark = held.get(tuple(name.removeprefix(FIELD).split("|"))) if name.startswith(FIELD) else None  # type: ignore[call-overload]
        if mark is not None and text.strip() != mark.value:
            try:
                found[mark.exam.id, mark.side] = _measured(mark, text)
            except BadFinding as bad:
                wrong[mark.exam.id, mark.side] = str(bad)
    if sent.get("tap"):
        one = _tapped(held, sent["tap"], found)
        found[one["finding"], one["side"]] = one
    return list(found.values())


def _measured(mark: gridding.Mark, text: str) -> dict[str, Any]:
    value = value_of(text, mark.exam.unit)
    state = mark.row.state if mark.row else "unknown"
    if value is None and state == "unknown":
        state = ""  # nothing is left of it
    note = gridding.grade_of(mark.exam, mark.row)
    unit = mark.exam.unit[:20] if value is not None else ""
    return {"finding": mark.exam.id, "side": mark.side, "state": state, "value": value, "unit": unit, "note": note}


def _tapped(held: Any, sent: str, found: Any) -> dict[str, Any]:
    """A tap as a finding; the same tap again takes the result back. Raises BadFinding for what is no button."""
    exam, side, state, grade = (*sent.split("|"), "", "", "")[:4]
    mark = held.get((exam, side))
    option = next((o for o in mark.options if o.value == sent), None) if mark else None
    if mark is None or option is None:
        raise BadFinding(_("This is not in the grid. Load the page again."))
    before = found.get((exam, side))
    row = mark.row
    value = before["value"] if before else (row.value if row and mark.exam.unit else None)
    if option.pressed and not before:
        measured = value is not None
        state, grade = ("unknown" if measured else ""), ""
    if grade and gridding.is_strength(mark.exam):
        return _finding(exam, side, state, float(grade[0]), gridding.STRENGTH, "")
    return _finding(exam, side, state, value, mark.exam.unit[:20] if value is not None else "", grade)


def _finding(exam: str, side: str, state: str, value: float | None, unit: str, note: str) -> dict[str, Any]:
    return {"finding": exam, "side": side, "state": state, "value": value, "unit": unit, "note": note}


def _doubts(request: HttpRequest, visit: Visit, wanted: list[dict[str, Any]]) -> list[str]:
    """What is asked before it is kept: a value nobody has, a result somebody else has just recorded."""
    known, me = atlas(), request.member  # type: ignore[attr-defined]
    base = request.POST.get("base", "")
    doubts = []
    for one in wanted:
        exam = known.records.get(known.current(one["finding"]))
        if not isinstance(exam, Exam):
            continue
        if one["value"] is not None and exam.unit and gridding.is_far(exam, one["value"]):
            words = _("%(name)s: %(value)g %(unit)s is far outside what was ever measured there. Keep it?")
            doubts.append(words % {"name": exam.name.en, "value": one["value"], "unit": gridding.unit_word(exam.unit)})
        theirs = _theirs(visit, one, me.pk, base)
        if theirs:
            words = _("%(who)s has just recorded %(name)s: %(said)s. Put yours in its place?")
            said = gridding.said(exam, theirs)
            doubts.append(words % {"who": theirs.by.display_name, "name": exam.name.en, "said": said})
    return doubts


def _theirs(visit: Visit, one: dict[str, Any], me: int, base: str) -> RecordedFinding | None:
    """What a colleague recorded in this place since the page was opened."""
    if not base.isdecimal():
        return None
    rows = visit.findings.filter(ended_at=None, finding=one["finding"], side=one["side"], of="", pk__gt=int(base))
    return rows.exclude(by_id=me).select_related("by").first()


def _show(
    request: HttpRequest,
    visit: Visit,
    region: str,
    panel: str,
    status: int = 200,
    typed: dict[gridding.Key, str] | None = None,
    wrong: Wrong | None = None,
    **more: Any,
) -> HttpResponse:
    newest = visit.findings.order_by("-id").values_list("pk", flat=True).first() or 0
    page = gridding.with_typed(gridding.sheet(visit, region, panel), typed or {}, wrong or {})
    names = list(page.done)
    following = names[names.index(page.panel) + 1] if page.panel in names[:-1] else ""
    context = visit_page(
        request,
        visit,
        "examine",
        sheet=page,
        base=newest,
        wrong_count=len(wrong or {}),
        region=region,
        regions=[(key, word, key == region) for key, word in gridding.REGIONS.items()],
        panels=[(key, gridding.PANELS[key], page.done[key], key == page.panel) for key in names],
        following=(following, gridding.PANELS[following]) if following else None,
        **more,
    )
    part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "charts/_grid.html" if part else "charts/grid.html", context, status=status)
