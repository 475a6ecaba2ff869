"""Practice on an invented client: read, choose tests, say what you think, then see what was true. Nothing is kept."""

import secrets
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from tautband.clinic.charts import drawn, rows
from tautband.clinic.charts.thinking import consider, the_reasoner
from tautband.clinic.people.http import member_only
from tautband.findings import Finding, Picture
from tautband.knowledge import atlas
from tautband.reasoning import Answer, contrast
from tautband.reasoning.network.build import Model
from tautband.reasoning.practice import Invented, invent, question_of, result
from tautband.terms.probability import band

SEEDS = 1_000_000
MOST_ASKED = 20
OFFERED, NAMED = 12, 12


@member_only
def practise(request: HttpRequest) -> HttpResponseBase:
    """One invented client; the whole state stands in the address: who, what was tested, what was guessed."""
    wanted = request.GET.get("client", "")
    if not wanted.isdecimal() or int(wanted) >= SEEDS:
        return redirect(f"{reverse('charts:practise')}?client={secrets.randbelow(SEEDS)}")
    return _page(request, int(wanted))


def _page(request: HttpRequest, seed: int) -> HttpResponse:
    model = the_reasoner().model
    client = invent(model, seed)
    keys = list(dict.fromkeys(request.GET.getlist("test")))[:MOST_ASKED]
    found = {key: result(model, client, question) for key in keys if (question := question_of(model, key))}
    picture = replace(client.picture, findings=(*client.picture.findings, *found.values()))
    answer = consider(picture)
    first = consider(client.picture)
    overlay = drawn.overlay_of(picture.drawing.marks)
    view = drawn.first_view(overlay)
    guess = request.GET.get("guess", "")
    context: dict[str, Any] = {
        "seed": seed,
        "overlay": overlay,
        "view": view,
        "box": drawn.crop(overlay, view),
        "drawing_words": drawn.in_words(picture.drawing.marks),
        "told": [told_in_words(one) for one in client.picture.findings],
        "tested": [(key, told_in_words(one)) for key, one in found.items()],
        "offered": offered(first, answer, set(found)),
        "choices": choices(answer, client, model),
        "guess": guess,
        "kept": list(found),
    }
    if guess:
        context |= revealed(model, client, client.picture, first, answer, guess)
    return render(request, "charts/practise.html", context)


def told_in_words(found: Finding) -> dict[str, str]:
    """A finding as a line: what, which side, which result."""
    question = rows.is_question(found.id)
    words = {"present": ("yes", "positive"), "absent": ("no", "negative")}[found.state.value]
    return {
        "name": rows.name_of(atlas(), found.id, found.of),
        "side": "" if found.side.value == "midline" else found.side.value,
        "result": words[0 if question else 1],
    }


def offered(first: Answer, now: Answer, done: set[str]) -> list[tuple[str, str, str]]:
    """Tests to choose from, by name: key, name, side. By name, because their order would give the answer away."""
    tests = {test.key: test for test in (*now.next_tests, *first.next_tests) if test.key not in done}
    named = [(key, test.name, test.side.value) for key, test in list(tests.items())[:OFFERED]]
    return sorted(named, key=lambda row: (row[1], row[2]))


def choices(answer: Answer, client: Invented, model: Model) -> list[tuple[str, str]]:
    """Sources to choose from: the head of the list and the true ones, by name."""
    found = {f"{s.of}/{s.side}": f"{s.name}, {s.side.value}" for s in answer.suspects[:NAMED]}
    for key in client.active:
        h = model.hypothesis(key)
        found.setdefault(f"{h.of}/{h.side}", f"{h.name}, {h.side.value}")
    return sorted(found.items(), key=lambda row: row[1])


def revealed(
    model: Model, client: Invented, before: Picture, first: Answer, answer: Answer, guess: str
) -> dict[str, Any]:
    """What was true, where the list had it, and what each test on offer would have told of it."""
    true = [model.hypothesis(key) for key in client.active]
    places = {f"{s.of}/{s.side}": n for n, s in enumerate(answer.suspects, 1)}
    tests = []
    for test in first.next_tests:
        question = question_of(model, test.key)
        for change in contrast.what_would_change(model, before, true[0].key, [test]) if question else ():
            finding = result(model, client, question) if question else None
            after = change.if_present if finding and finding.state.value == "present" else change.if_absent
            tests.append({"name": test.name, "side": test.side.value, "word": band(after).value, "after": after})
    return {
        "right": any(f"{h.of}/{h.side}" == guess for h in true),
        "true": [{"h": h, "place": places.get(f"{h.of}/{h.side}")} for h in true],
        "would_tell": sorted(tests, key=lambda t: -float(str(t["after"]))),
        "ranked": answer.suspects[:5],
    }
