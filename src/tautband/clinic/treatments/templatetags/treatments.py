"""Small words and shapes for the pages of plan and note."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tautband.clinic.charts import drawn
from tautband.clinic.charts.figure import laid_over
from tautband.clinic.people.forms import new_key
from tautband.clinic.treatments import rows
from tautband.clinic.treatments.inside import is_inside
from tautband.knowledge import atlas
from tautband.planning import Rule, Why
from tautband.surface import chart_svg, view_box
from tautband.surface.charts import chart_zones

register = template.Library()
FELT_LEAST, FELT_AIR = 360.0, 240.0
"""Least side of a small drawing, and the air around what is marked, in units of the chart."""


@register.filter
def gap(minutes: float, total: float) -> str:
    """Width of one piece of the bar, a hair narrower than its minutes so that the pieces stand apart."""
    return f"{max(minutes - total * 0.006, total * 0.004):.2f}"


@register.filter
def stage_word(stage: str) -> str:
    """What a step is for."""
    words = {"assess": _("Test"), "treat": _("Treat"), "retest": _("Retest"), "home": _("Home")}
    return words.get(stage, stage)


@register.filter
def stance_word(stance: str) -> str:
    """How far a claim is known."""
    return {"known": _("known"), "convention": _("convention"), "unknown": _("not known")}.get(stance, stance)


@register.filter
def band_word(band: str) -> str:
    """The word of a band."""
    return {"likely": _("likely"), "possible": _("possible"), "unlikely": _("unlikely")}.get(band, band)


@register.filter
def works_inside(technique: str) -> bool:
    """Whether a technique works inside the body."""
    return is_inside(technique)


@register.filter
def asked(why: Why) -> str:
    """What would settle a guard, by name."""
    return rows.asked(why)


@register.filter
def at(table: Mapping[str, Any], key: str) -> str:
    """The messages under a key of a form's errors."""
    return " ".join(str(message) for message in table.get(key, ()))


@register.filter
def layer_legend(layers: Iterable[str]) -> str:
    """What the patterns of a printed drawing mean."""
    words = {
        "pain": _("Solid is pain"),
        "numbness": _("dashes are numb"),
        "tingling": _("rings are tingling"),
        "allodynia": _("crosses are where touch hurts"),
    }
    named = [words[layer] for layer in words if layer in layers]
    text = ", ".join(named)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


@register.simple_tag(takes_context=True)
def plan_fields(context: Context) -> SafeString:
    """Hidden fields of every form that changes the plan: a fresh key, and what is on the screen."""
    now = context["now"]
    return format_html(
        '<input type="hidden" name="key" value="{}"><input type="hidden" name="seen" value="{}">'
        '<input type="hidden" name="for_minutes" value="{}">',
        new_key(),
        now.seen,
        now.body.minutes,
    )


@register.simple_tag
def plan_base(view: str) -> SafeString:
    """The figure of a view, without its frame."""
    return mark_safe(chart_svg(view))  # noqa: S308 (built by our own tools from numbers)


@register.simple_tag
def document_figure(overlay: drawn.Overlay, view: str, ink: bytes = b"") -> SafeString:
    """One whole figure with the drawing on it, its sides in words, for the document."""
    words = {"front": _("Front"), "back": _("Back")}[view]
    left, right = (_("Right"), _("Left")) if view == "front" else (_("Left"), _("Right"))
    inner = mark_safe(chart_svg(view) + laid_over(overlay, view, f"doc-{view}", ink))  # noqa: S308 (paths of our own)
    return format_html(
        '<div class="doc-body"><p class="xs q row between"><span>{}</span><b>{}</b><span>{}</span></p>'
        '<svg class="fig" viewBox="{}" role="img" aria-label="{}">{}</svg></div>',
        left,
        words,
        right,
        view_box(view),
        _("Pain drawing, %(view)s") % {"view": words.lower()},
        inner,
    )


@register.simple_tag
def felt_figure(overlay: drawn.Overlay) -> SafeString:
    """A small drawing: the part of each view, front or back, that shows some of it."""
    views = [view for view in ("front", "back") if drawn.shows(overlay, view)] or ["front"]
    return mark_safe("".join(_felt(overlay, view) for view in views))  # noqa: S308 (built by our own tools)


def _felt(overlay: drawn.Overlay, view: str) -> SafeString:
    words = {"front": _("Front"), "back": _("Back")}[view]
    left, right = (_("Right"), _("Left")) if view == "front" else (_("Left"), _("Right"))
    return format_html(
        '<div class="felt-view"><svg class="fig" viewBox="{}" role="img" aria-label="{}">{}</svg>'
        '<p class="xs q row between"><span>{}</span><b>{}</b><span>{}</span></p></div>',
        _box_around(overlay, view),
        _("What was drawn, %(view)s") % {"view": words.lower()},
        mark_safe(chart_svg(view) + drawn.svg(overlay, view, f"felt-{view}")),  # noqa: S308 (paths of our own)
        left,
        words,
        right,
    )


def _box_around(overlay: drawn.Overlay, view: str) -> str:
    """A square around the marked zones with air for what lies beside them; the whole view where none is shown."""
    paths = chart_zones(view)
    starts = [
        (float(x), float(y))
        for zone in overlay.zones & paths.keys()
        for x, y in re.findall(r"M\s*(-?[\d.]+)[ ,](-?[\d.]+)", paths[zone])
    ]
    if not starts:
        return view_box(view)
    spans = [(min(s[axis] for s in starts), max(s[axis] for s in starts)) for axis in (0, 1)]
    size = max(FELT_LEAST, *(high - low + FELT_AIR for low, high in spans))
    x, y = ((low + high - size) / 2 for low, high in spans)
    return f"{x:.0f} {y:.0f} {size:.0f} {size:.0f}"


@register.simple_tag
def rule_source(rule: Rule) -> SafeString:
    """What a rule of the series rests on: its source, read or not, or that it is convention."""
    if not rule.source:
        return format_html('<span class="xs q">{}</span>', _("Convention."))
    source = atlas().sources[rule.source]
    words = _("Convention, after %(source)s.") if rule.basis == "convention" else "%(source)s."
    return format_html('<span class="xs q">{}</span>', words % {"source": source.citation})
