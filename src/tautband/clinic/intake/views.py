"""The client's pages, one question a page, and what the practice sees of it. All of them work as plain forms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import queries as charts
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.intake import actions, queries
from tautband.clinic.intake.models import Filler, Round
from tautband.clinic.intake.questions import BY_KEY, CHAPTERS, Question
from tautband.clinic.people import lock
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.forms import new_key
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import chart_for

LONGEST = 2_000
YES_NO = ("yes", "no", "unsure")


class NotAnswered(ValueError):
    """Nothing usable was sent; the message says what to do."""


def _client(request: HttpRequest) -> Client:
    client: Client = request.client_person  # type: ignore[attr-defined]
    return client


def _page(
    request: HttpRequest, name: str, context: Mapping[str, Any], round: Round | None = None, status: int = 200
) -> HttpResponse:
    """A client's page: nothing of the practice's own navigation, even on a tablet that a member handed over."""
    handed = bool(request.session.get(lock.HANDED))
    shown = {"member": None, "nav": [], "client": _client(request), "round": round, "handed": handed, "key": new_key()}
    return render(request, f"intake/{name}.html", {**shown, **context}, status=status)


def _round(request: HttpRequest) -> Round:
    found = queries.current_round(_client(request))
    if found is None or found.finished_at is not None:
        raise Http404("Nothing is being asked.")
    return found


@client_only
@never_cache
def my_start(request: HttpRequest) -> HttpResponse:
    """Begin, go on, or look at what was told."""
    round = queries.current_round(_client(request))
    if round and queries.warning_tonight(round):
        return redirect("intake:my_urgent")
    going_on = round is not None and round.finished_at is None
    answers = queries.answers_of(round) if round and going_on else {}
    following = queries.next_open(round, answers) if round and going_on else None
    due = queries.aged(_client(request)) if round and not going_on else []
    context = {"going_on": going_on, "answered": len(answers), "following": following, "finished": round, "due": due}
    return _page(request, "start", context, round)


@client_only
@require_POST
def my_begin(request: HttpRequest) -> HttpResponse:
    """Open a round, or go on with the open one."""
    client = _client(request)
    round = queries.current_round(client)
    if round is None or (round.finished_at is not None and not queries.warning_tonight(round)):
        round = actions.open_round(by=client, client=client, key=request.POST.get("key") or None)
    return _onward(round)


def _onward(round: Round, after: str = "") -> HttpResponse:
    if queries.warning_tonight(round):
        return redirect("intake:my_urgent")
    following = queries.next_open(round, queries.answers_of(round), after)
    return redirect("intake:my_question", following.key) if following else redirect("intake:my_done")


@client_only
@never_cache
def my_question(request: HttpRequest, question: str) -> HttpResponse:
    """Ask one question; keep the answer and go on, or show at once what the answer makes urgent."""
    round, asked = _round(request), BY_KEY.get(question)
    if queries.warning_tonight(round):
        return redirect("intake:my_urgent")
    answers = queries.answers_of(round)
    order = queries.sequence(round, answers)
    if asked is not None and asked not in order and queries.is_minor(_client(request)) and len(order) == 1:
        return redirect("intake:my_question", "who")
    if asked is None or asked not in order:
        raise Http404("No such question.")
    wrong = ""
    if request.method == "POST":
        try:
            value = _value(asked, request.POST, minor=queries.is_minor(_client(request)))
            actions.give(
                by=_client(request),
                round=round,
                question=asked.key,
                value=value,
                key=request.POST.get("key") or None,
            )
            return _onward(round, asked.key)
        except NotAnswered as refusal:
            wrong = str(refusal)
        except KeyReused:
            wrong = _("You had answered this before. Choose again, and it is changed.")
    minor = queries.is_minor(_client(request))
    context = _question_context(asked, order, answers) | {"wrong": wrong, "minor": minor}
    if minor and asked.kind == "who":
        context["options"] = [option for option in context["options"] if option[0] == Filler.GUARDIAN]
    if wrong:
        context["text"] = request.POST.get("text", "")[: LONGEST * 2]
    return _page(request, "question", context, round, status=422 if wrong else 200)


def _value(asked: Question, sent: Any, *, minor: bool) -> dict[str, Any]:
    """What was sent, as it is kept. Raises NotAnswered."""
    text = sent.get("text", "").replace("\r\n", "\n").strip()
    if asked.kind == "who" and minor and sent.get("answer") != Filler.GUARDIAN:
        raise NotAnswered(_("For somebody under 18 a parent or guardian answers. Please hand this to them."))
    if "skip" in sent:
        return {"is": "skip"}
    if len(text) > LONGEST:
        raise NotAnswered(_("At most %(most)d letters, please; nothing was cut.") % {"most": LONGEST})
    if asked.kind == "text":
        if not text:
            raise NotAnswered(_("Write a few words, or skip."))
        return {"is": "told", "text": text}
    if asked.kind == "many":
        known = [key for key, _word, _small in asked.options]
        many = [key for key in sent.getlist("many") if key in known]
        return {"is": "told", "many": many} | ({"text": text} if text else {})
    given = sent.get("answer", "")
    if given not in (YES_NO if asked.kind == "yesno" else [key for key, _word, _small in asked.options]):
        raise NotAnswered(_("Choose one answer, or skip."))
    if asked.kind == "who" and given != "self" and not text:
        raise NotAnswered(_("Write your name, so that we know who answered."))
    return {"is": given} | ({"text": text} if text else {})


def _question_context(asked: Question, order: list[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    chapter = [q for q in order if q.chapter == asked.chapter]
    place = order.index(asked)
    following = order[place + 1] if place + 1 < len(order) else None
    given = answers.get(asked.key, {})
    chosen = str(given.get("is", ""))
    names = list(dict.fromkeys(q.chapter for q in order))
    here = names.index(asked.chapter)
    return {
        "asked": asked,
        "chapter": CHAPTERS[asked.chapter],
        "number": chapter.index(asked) + 1,
        "of": len(chapter),
        "permille": round_permille(place, len(order)),
        "before": order[place - 1] if place else None,
        "following": following,
        "next_chapter": CHAPTERS[following.chapter] if following and following.chapter != asked.chapter else "",
        "options": [
            (key, word, small, key == chosen or key in given.get("many", ())) for key, word, small in asked.options
        ],
        "chosen": chosen,
        "text": given.get("text", ""),
        "rail": [(CHAPTERS[name], "done" if n < here else "here" if n == here else "") for n, name in enumerate(names)],
        "longest": LONGEST,
    }


def round_permille(place: int, count: int) -> int:
    """How far the questions are, in thousandths of the whole."""
    return round(1000 * place / max(count, 1))


@client_only
@never_cache
def my_urgent(request: HttpRequest) -> HttpResponse:
    """What to do now, whom to call, what to say. Nothing else is asked tonight."""
    round = queries.current_round(_client(request))
    warning = queries.warning_tonight(round) if round else None
    if round is None or warning is None:
        return redirect("intake:my_start")
    asked = queries.reasons(warning)
    context = {
        "warning": warning,
        "asked": asked,
        "again": next((q for q in asked if q.key == warning.question), asked[0] if asked else None),
        "suicidal": warning.flag == "flag.suicidality",
        "number": _client(request).practice.emergency_number,
    }
    return _page(request, "urgent", context, round)


@client_only
@require_POST
def my_correct(request: HttpRequest) -> HttpResponse:
    """It was the wrong button: the answer is taken back and asked again. Or: when it was, kept beside the warning."""
    client = _client(request)
    round = queries.current_round(client)
    warning = queries.warning_tonight(round) if round else None
    if round is None or warning is None:
        return redirect("intake:my_start")
    key = request.POST.get("key") or None
    words = request.POST.get("words", "").strip()[:300]
    if words:
        actions.add_words(by=client, warning=warning, words=words, key=key)
        return redirect("intake:my_urgent")
    wanted = request.POST.get("question", "")
    if wanted not in {q.key for q in queries.reasons(warning)}:
        return redirect("intake:my_urgent")
    actions.give(by=client, round=round, question=wanted, value={"is": "withdrawn"}, key=key)
    if queries.warning_tonight(round):
        return redirect("intake:my_urgent")
    return redirect("intake:my_question", wanted)


@client_only
@require_POST
def my_stop(request: HttpRequest) -> HttpResponse:
    """Stop here; what was told is kept."""
    messages.success(request, _("We have kept what you told. Go on whenever you like."))
    return redirect("intake:my_start")


@client_only
@never_cache
def my_done(request: HttpRequest) -> HttpResponse:
    """Look over what was told, change it, and send it off."""
    client = _client(request)
    round = queries.current_round(client)
    if round is None:
        return redirect("intake:my_start")
    if queries.warning_tonight(round):
        return redirect("intake:my_urgent")
    if request.method == "POST" and round.finished_at is None:
        actions.finish(by=client, round=round, key=request.POST.get("key") or None)
        return redirect("intake:my_done")
    answers = queries.newest(round)
    order = queries.sequence(round, {key: given.value for key, given in answers.items()})
    rows = [
        queries.Told(q, answers[q.key].value if q.key in answers else {}, None, "")
        for q in order
        if not q.private  # not read out again on a page that somebody may look at over a shoulder
    ]
    return _page(request, "done", {"rows": rows, "open": [row for row in rows if not row.value]}, round)


@client_only
@never_cache
def my_back(request: HttpRequest) -> HttpResponse:
    """The tablet goes back: only its member opens it again."""
    member, client = request.member, _client(request)  # type: ignore[attr-defined]
    if member is None:
        return redirect("intake:my_start")
    chart = reverse("people:client", args=[client.pk])
    if member.practice.demo:
        lock.unlock(request)  # the invented practice has no secrets, and its members no password
        return redirect(chart)
    return redirect(f"{reverse('people:lock')}?{urlencode({'next': chart})}")


# --- The practice's side ------------------------------------------------------------------------------------------


@member_only
@require_POST
def hand_over(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Give the tablet to the client; everything but their own pages locks."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    lock.hand_over(request, str(client.pk))
    return redirect("intake:my_start")


@member_only
def told(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """All that the client told, by chapter; a row of expected "no" is folded, and so is what was not asked."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    return render(request, "intake/told.html", {"client": client, "chapters": queries.read_by(client)})


@member_only
@require_POST
def note_warning(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Take note of the urgent answers of a client."""
    member = request.member  # type: ignore[attr-defined]
    client = chart_for(member, client_id)
    for warning in queries.waiting_for(member).filter(round__client=client):
        actions.note_warning(by=member, warning=warning)
    return redirect("people:client", client.pk)


@member_only
@require_POST
@refusing
def take_over(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Record the client's answers as findings of this visit, each saying that it comes from the intake."""
    member = request.member  # type: ignore[attr-defined]
    visit = charts.visit_for(member, visit_id)
    done = actions.take_over(by=member, visit=visit, key=request.POST.get("key") or None)
    messages.success(
        request,
        ngettext("%(n)d answer of the client taken over.", "%(n)d answers of the client taken over.", len(done))
        % {"n": len(done)},
    )
    return redirect("charts:story", visit.pk)
