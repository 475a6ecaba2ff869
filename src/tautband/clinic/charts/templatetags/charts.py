"""Small words and numbers for the pages of the chart."""

import uuid
from collections.abc import Iterable

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tautband.clinic.charts import drawn
from tautband.clinic.charts.advice import meant_for
from tautband.clinic.charts.figure import laid_over
from tautband.clinic.charts.rows import name_of
from tautband.clinic.charts.since import LAYER_WORDS
from tautband.knowledge import atlas
from tautband.reasoning import Alert
from tautband.surface import chart_svg
from tautband.terms.probability import band

register = template.Library()

SIDES = {"left": _("left"), "right": _("right"), "midline": "", "bilateral": _("both sides")}


@register.simple_tag
def fresh_key() -> SafeString:
    """A hidden field with a new idempotency key: a form that is sent twice is saved once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4().hex)


@register.filter
def sentences(lines: Iterable[str]) -> str:
    """Several lines as sentences: capital first letter, full stop at the end."""
    return " ".join(sentence(line) for line in lines if line)


@register.filter
def sentence(line: str) -> str:
    """One line as a sentence."""
    line = line.strip()
    return f"{line[:1].upper()}{line[1:]}{'' if line[-1:] in '.?!:' else '.'}" if line else ""


@register.filter
def percent(share: float) -> int:
    """A share (0..1) as whole percent."""
    return round(100 * share)


@register.filter
def percent_fine(share: float) -> str:
    """A share (0..1) as percent, with one decimal where it is small."""
    return formats.number_format(100 * share, 0 if share >= 0.1 else 1)


@register.filter
def points(share: float) -> str:
    """A small difference of chances in 100: "less than 0.1", "0.4", "2"."""
    if share < 0.001:
        return str(_("less than 0.1"))
    return formats.number_format(100 * share, 1 if share < 0.02 else 0)


@register.filter
def minutes(seconds: int) -> str:
    """How long an examination takes: "30 s", "1 min"."""
    return _("%(n)d s") % {"n": seconds} if seconds < 60 else _("%(n)d min") % {"n": -(-seconds // 60)}


@register.filter
def side_word(side: str) -> str:
    """The side in words; nothing for what has none."""
    return str(SIDES.get(str(side), ""))


@register.simple_tag
def base_figure(view: str) -> SafeString:
    """The figure of a view, without its frame."""
    return mark_safe(chart_svg(view))  # noqa: S308 (built by our own tools from numbers)


@register.simple_tag
def overlay(layers: drawn.Overlay, view: str, prefix: str = "o", ink: bytes = b"") -> SafeString:
    """What is drawn over the figure of a view; `ink` as stored where it was painted and shall be shown so."""
    return laid_over(layers, view, prefix, ink)


@register.filter
def todo(alert: Alert) -> tuple[str, ...]:
    """What to do now, for the urgency the alert has."""
    return meant_for(alert.do, alert.urgency.value)


@register.filter
def to_say(alert: Alert) -> tuple[str, ...]:
    """The words to say, for the urgency the alert has."""
    return meant_for(alert.say, alert.urgency.value)


@register.filter
def alert_text(alert: Alert) -> str:
    """What was found, then the first thing to do; the rest is one tap away."""
    return f"{sentences(alert.because[:2])} {sentences(todo(alert)[:1])}"


@register.simple_tag
def percent_of(share: float) -> int:
    """A share (0..1) as whole percent, to be kept under a name."""
    return round(100 * share)


@register.filter
def finding_name(id: str) -> str:
    """A finding by name, as the atlas calls it."""
    return name_of(atlas(), id, "")


@register.filter
def answer_word(state: str) -> str:
    """What was answered, for reading: yes, no, not sure, not asked."""
    return str({"present": _("yes"), "absent": _("no"), "unknown": _("not sure")}.get(state, _("not asked")))


@register.filter
def weight(nats: float) -> int:
    """How much a reason moves a suspect: 1 a little, 2 clearly, 3 strongly (from 0.5 and from 1.5 nats)."""
    return 1 + (abs(nats) >= 0.5) + (abs(nats) >= 1.5)


@register.filter
def weight_word(nats: float) -> str:
    """The weight in words."""
    return str((_("a little"), _("clearly"), _("strongly"))[weight(nats) - 1])


@register.filter
def band_word(probability: float) -> str:
    """The word for how likely something is."""
    return band(min(max(probability, 0.0), 1.0)).value


@register.filter
def layer_word(layer: str) -> str:
    """A layer in words."""
    return str(LAYER_WORDS.get(layer, layer))
