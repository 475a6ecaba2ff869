"""The components, as template tags. A built-in library: no `{% load %}` needed.

Inline:   icon, side, band, word_band, save_state, live_state, grade, source, verdict, swatch, taps, hour, field, slots
Blocks:   alert, card, empty, sheet, closed  (content between tag and end tag)

Each one draws a partial in `templates/components/`; the gallery page shows them all.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people import slots as registry
from tautband.clinic.project import drawing
from tautband.terms.probability import band as band_of

register = template.Library()

URGENCIES = {
    "emergency": ("octagon-alert", _("Emergency")),
    "same_day": ("clock-alert", _("Same day")),
    "urgent_days": ("clipboard-list", _("Within days")),
    "routine": ("sticky-note", _("At next chance")),
}
SAVE_STATES = {
    "saved": ("check", _("Saved")),
    "saving": ("circle-dashed", _("Saving")),
    "offline": ("cloud-off", _("Offline, kept here")),
    "not_saved": ("triangle-alert", _("Not saved")),
    "cut_off": ("triangle-alert", _("Not saved: no connection")),
}
VERDICTS = {
    "changed": _("Changed"),
    "not_proven": _("Not proven"),
    "noise": _("Noise"),
    "no_verdict": _("No verdict"),
}
GRADES = {
    "expert_opinion": (1, _("expert opinion")),
    "case_series": (2, _("case series")),
    "cohort": (3, _("cohort")),
    "trial": (4, _("trial")),
}
LAYERS = {
    "pain": _("Pain"),
    "numbness": _("Numb"),
    "tingling": _("Tingling"),
    "allodynia": _("Touch hurts"),
    "unexplained": _("Not explained"),
    "chosen": _("Chosen row explains"),
}
HOUR = {
    "story": _("Story"),
    "suspects": _("Suspects"),
    "examine": _("Examine"),
    "plan": _("Plan"),
    "treat": _("Treat"),
    "note": _("Note"),
    "home": _("Home"),
}
RESULTS = ("absent", "present", "unknown")


def _known(value: str, table: dict[str, Any], what: str) -> Any:
    if value not in table:
        raise template.TemplateSyntaxError(f"{what} {value!r} is not one of {', '.join(table)}.")
    return table[value]


# --- Inline -------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Lucide icon from the sprite. Decoration unless it carries a `label`."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="i {}" {} focusable="false"><use href="{}#{}"/></svg>',
        css,
        spoken,
        static("icons/lucide.svg"),
        name,
    )


@register.inclusion_tag("components/side.html")
def side(value: str) -> dict[str, Any]:
    """The client's side: word, letter, shape, place. `value` is left, right, midline, bilateral or empty."""
    value = str(value or "")
    each = {"bilateral": ["right", "left"]}.get(value, [value] if value else [])
    return {"sides": each}


@register.inclusion_tag("components/band.html")
def band(low: float, peak: float, high: float) -> dict[str, Any]:
    """A taut band: how sure one source is. Three probabilities (0..1); width is doubt, the peak the best guess.

    The track has a third for each word, so the word a reader sees under the peak is the word we say.
    """
    word = str(band_of(peak))
    return {"path": drawing.spindle(low, peak, high), "word": gettext(word)}


@register.simple_tag
def word_band(probability: float) -> str:
    """The word for a probability: likely, possible, unlikely."""
    return gettext(str(band_of(probability)))


@register.inclusion_tag("components/save_state.html")
def save_state(state: str = "saved", text: str = "", live: bool = False) -> dict[str, Any]:
    """Saved, saving, offline or not_saved, in a sign and words. `text` replaces the words."""
    name, words = _known(state, SAVE_STATES, "State")
    return {"state": state, "icon": name, "text": text or words, "live": live}


@register.inclusion_tag("components/live_state.html")
def live_state(shown: str = "saved") -> dict[str, Any]:
    """The save state of the page, for its bar: follows every htmx write (see `page.js`); one a page."""
    _known(shown, SAVE_STATES, "State")
    return {"shown": shown, "states": [(state, "") for state in SAVE_STATES]}


@register.inclusion_tag("components/grade.html")
def grade(value: str) -> dict[str, Any]:
    """How strong the evidence is: four pips, expert opinion to trial, and the word."""
    filled, words = _known(value, GRADES, "Grade")
    return {"pips": [number <= filled for number in range(1, 5)], "text": words}


@register.inclusion_tag("components/source.html")
def source(text: str, grade: str = "", url: str = "", note: str = "", unread: bool = False) -> dict[str, Any]:
    """The small line under a claim: where it comes from, how strong that is, and whether we read it."""
    return {"text": text, "grade": grade, "url": url, "note": note, "unread": unread}


@register.inclusion_tag("components/verdict.html")
def verdict(value: str, note: str = "") -> dict[str, Any]:
    """Changed, not_proven, noise or no_verdict: whether a change is beyond the error of its measure."""
    return {"value": value, "text": _known(value, VERDICTS, "Verdict"), "note": note}


@register.inclusion_tag("components/swatch.html")
def swatch(layer: str) -> dict[str, Any]:
    """A sample of one symptom layer: pattern first, colour second. The page includes `layer_patterns.html` once."""
    _known(layer, LAYERS, "Layer")
    return {"layer": layer}


@register.simple_tag
def layer_name(layer: str) -> str:
    """The word for a symptom layer."""
    return str(_known(layer, LAYERS, "Layer"))


@register.inclusion_tag("components/taps.html")
def taps(
    label: str,
    state: str = "",
    name: str = "result",
    negative: str = "",
    positive: str = "",
    cannot: str = "",
) -> dict[str, Any]:
    """Three buttons for one examination: Negative, Positive, Can't. Stands inside a form.

    The pressed button submits `name` = absent | present | unknown, or an empty value when it was pressed already, so
    a second tap clears. `state` is what is recorded now; empty means not asked, which is never read as negative.
    """
    words = (negative or _("Negative"), positive or _("Positive"), cannot or _("Can’t"))
    buttons = [
        {"value": "" if state == value else value, "pressed": state == value, "text": text, "icon": sign}
        for value, text, sign in zip(RESULTS, words, ("minus", "plus", ""), strict=True)
    ]
    return {"label": label, "name": name, "buttons": buttons}


@register.inclusion_tag("components/hour.html")
def hour(current: str = "", done: Iterable[str] = (), urls: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The hour across the top; the spindle sits on the `current` step. `urls` by step; without one it is no link.

    Steps, always in this order: story, suspects, examine, plan, treat, note, home.
    """
    steps = drawing.hour_steps(current=current, done=done, urls=urls)
    return {"steps": [{"label": HOUR[step.key], "state": step.state, "url": step.url} for step in steps]}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """A form field with label, help, control, and what would be right if it is wrong."""
    if bound.errors:
        bound.field.widget.attrs["aria-invalid"] = "true"
    described = [f"{bound.auto_id}_error"] * bool(bound.errors) + [f"{bound.auto_id}_help"] * bool(bound.help_text)
    kind = getattr(bound.field.widget, "input_type", "text")
    grouped = kind == "radio"
    if described and not grouped:
        bound.field.widget.attrs["aria-describedby"] = " ".join(described)
    return {"field": bound, "kind": kind, "grouped": grouped, "css": css, "password": kind == "password"}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Above a form that did not pass: what is to be put right, each linked to its field. Takes the focus."""
    wrong = [bound for bound in form if bound.errors]
    return {"wrong": wrong, "general": form.non_field_errors(), "count": len(wrong)}


@register.filter
def in_words(verb: str) -> str:
    """An audit verb as a person reads it."""
    return registry.verb_in_words(verb)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser_in_words(agent: str) -> str:
    """What a browser calls itself, as a person would: "Firefox, Windows"; as much of it as is known."""
    found = [next((words for sign, words in table if sign in agent), "") for table in (BROWSERS, DEVICES)]
    return ", ".join(filter(None, found)) or gettext("A browser")


@register.simple_tag(takes_context=True)
def slots(context: Context, place: str, **given: Any) -> SafeString:
    """Everything that rooms above registered for a place; see `people/slots.py`."""
    request = context["request"]
    drawn = []
    for block in registry.blocks(place):
        added = block.context(request, **given)
        if added is not None:
            drawn.append(render_to_string(block.template, {**given, **added}, request))
    return SafeString("".join(drawn).strip())  # each part is rendered, so escaped, by its own template


# --- Blocks -------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def alert(
    content: str,
    urgency: str,
    title: str,
    text: str = "",
    lead: str = "",
    source: str = "",
    source_url: str = "",
    heading: int = 2,
) -> str:
    """The only inverted block. Content: the one button. `lead` replaces the first word: "Before any neck work"."""
    sign, word = _known(urgency, URGENCIES, "Urgency")
    given = {
        "urgency": urgency,
        "icon": sign,
        "lead": lead or word,
        "title": title,
        "text": text,
        "source": source,
        "source_url": source_url,
        "heading": heading,
        "content": SafeString(content.strip()),
    }
    return render_to_string("components/alert.html", given)


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", css: str = "", ident: str = "", tag: str = "section") -> str:
    """A card with a heading."""
    given = {"content": content, "title": title, "note": note, "css": css, "ident": ident, "tag": tag}
    return render_to_string("components/card.html", given)


@register.simple_block_tag
def empty(content: str, title: str, text: str = "") -> str:
    """Nothing here yet: the slack line, one sentence, and (content) one action."""
    return render_to_string(
        "components/empty.html", {"content": SafeString(content.strip()), "title": title, "text": text}
    )


@register.simple_block_tag
def sheet(content: str, ident: str, title: str) -> str:
    """A dialog. Opened by any `<button data-opens="ident">`, closed by Escape, its cross, or the page behind."""
    return render_to_string("components/sheet.html", {"content": content, "ident": ident, "title": title})


@register.simple_block_tag
def closed(content: str) -> str:
    """A door that a guard closed: it keeps its place, with the reason and what opens it."""
    return render_to_string("components/closed.html", {"content": content})
