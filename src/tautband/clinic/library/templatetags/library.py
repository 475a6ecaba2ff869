"""Small tags of the library's pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tautband.clinic.library import words
from tautband.clinic.library.facts import Group, Piece
from tautband.knowledge import atlas
from tautband.terms.ids import kind_of

register = template.Library()


@register.simple_tag
def pieces(line: Any) -> SafeString:
    """One fact: words, and links where it names other things of the atlas."""
    parts = list(line.pieces)
    if parts and not parts[0].id:
        parts[0] = Piece(parts[0].text[:1].upper() + parts[0].text[1:])
    return format_html_join("", "{}", ((_piece(piece),) for piece in parts if piece.text))


def _piece(piece: Piece) -> str | SafeString:
    if not piece.id:
        return piece.text
    return format_html('<a href="{}">{}</a>', reverse("library:thing", args=[piece.id]), piece.text)


@register.inclusion_tag("library/_cited.html")
def cited(group: Group) -> dict[str, Any]:
    """The line under facts: sources (one tap to the full citation), grade, and whether we read it."""
    return {"group": group}


@register.filter
def name_of(id: str) -> str:
    """The clinical name of a thing."""
    return atlas().name(id)


@register.filter
def plain_of(id: str) -> str:
    """The plain name of a thing."""
    return atlas().plain_name(id)


@register.filter
def kind_word(id: str) -> str:
    """The kind of a thing, in a word."""
    return str(words.KINDS[kind_of(id)][0])


@register.filter
def kind_name(kind: str) -> str:
    """A kind in the plural."""
    return str(words.KINDS[kind][1])


@register.filter
def region_name(region: str) -> str:
    """A region in words."""
    return str(words.REGIONS.get(region, region.replace("_", " ").capitalize()))


@register.filter
def spaced(word: str) -> str:
    """`external_rotation` as words."""
    return word.replace("_", " ")
