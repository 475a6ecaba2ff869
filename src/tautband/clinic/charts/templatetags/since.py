"""The block that compares a drawing with the one before."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tautband.clinic.charts import since
from tautband.clinic.charts.models import Visit

register = template.Library()


@register.inclusion_tag("charts/_since.html")
def since_last_time(visit: Visit) -> dict[str, Any]:
    """Both drawings side by side with what changed; empty when there is nothing to compare."""
    found = since.since_last_time(visit)
    return {"since": found, "drawers": since.two_drawers(visit), "visit": visit}


@register.simple_tag
def changes(found: since.SinceLastTime) -> SafeString:
    """What changed, as paths over the figure."""
    return format_html_join("", '<path class="df df-{}" d="{}"/>', ((k, p) for k, p in found.changed.items()))


@register.simple_tag
def swatch(kind: str) -> SafeString:
    """A small sample of one kind of change for the legend."""
    box = mark_safe('<svg class="df-swatch" viewBox="0 0 24 16" aria-hidden="true" focusable="false">')
    return format_html('{}<rect class="df df-{}" x="2" y="2" width="20" height="12" rx="3"/></svg>', box, kind)
