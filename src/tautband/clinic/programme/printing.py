"""The programme on paper: one A4 page where it fits, large type, pictures with the place where it is felt."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tautband.clinic.paper import pdf
from tautband.clinic.programme import mine, words
from tautband.clinic.programme.models import ProgrammeVersion
from tautband.clinic.programme.offer import Body
from tautband.knowledge import atlas
from tautband.knowledge.records import Selfcare
from tautband.planning.home import HomeChoice

CARD = "programme/typst/card.typ"
# On paper a picture brings its own colours: a style sheet does not reach it.
PAPER = (
    "<style>.sil{fill:#EFF2EF}.s1,.s2{fill:#7F9490;opacity:.28}.ln,.ol{fill:none;stroke:#4A5B5C;stroke-width:2.6px;"
    "stroke-linejoin:round;stroke-linecap:round}.felt{fill:#0E5C50;opacity:.42}.prop{fill:#DDE4E0;stroke:#4A5B5C;"
    "stroke-width:2px;opacity:.75}.prop-line{fill:none;stroke:#4A5B5C;stroke-width:3px;stroke-linecap:round;opacity:.75}"
    ".prop-line.thin{stroke-width:1.4px}.prop-line.cloth{stroke:#0E5C50;stroke-width:6px}</style>"
)


def on_paper(svg: str) -> str:
    """A picture with its own colours, as a file of its own."""
    head, tag, rest = svg.partition(">")
    named = head if "xmlns=" in head else head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{named}{tag}{PAPER}{rest}"


def card_pdf(version: ProgrammeVersion) -> bytes:
    """The programme as it was given."""
    known = atlas()
    client = version.client
    things = [
        _thing(record, choice)
        for choice in Body.read(version.body).choices
        if choice.item in known and isinstance(record := known.record(choice.item), Selfcare)
    ]
    place = client.practice.locations.filter(active=True).exclude(phone="").first()
    language = (get_language() or "en").split("-")[0]
    ring = _("Ring us: %(phone)s") % {"phone": place.phone} if place else _("Ring us")
    number = client.practice.emergency_number
    data = {
        "lang": language,
        "words": {
            "page": _("Page"),
            "nothing": _("Nothing."),
            "stop": _("Stop if there is"),
            "need": _("You need:"),
            "felt": _("You feel it here:"),
            "for": _("Why:"),
        },
        "title": _("At home, %(name)s") % {"name": client.name},
        "heading": _("At home"),
        "lead": _("A few things, as far as they do you good. Less is fine; pain is no goal."),
        "practice": client.practice.name,
        "address": [place.address] if place else [],
        "author": version.by.display_name,
        "who": client.name,
        "day": date_format(timezone.localtime(version.at), "j F Y"),
        "things": things,
        "ring_head": ring,
        "ring": [
            _("the pain spreads, or is 3 or more above what it was"),
            _("an arm, hand or leg gets weak, numb or clumsy"),
            _("you are still sore after two days"),
        ],
        "emergency": _("If you cannot walk, or lose control of bladder or bowel, call %(number)s now.")
        % {"number": number or _("emergency services")},
        "foot": _("%(name)s, given by %(by)s") % {"name": client.name, "by": version.by.display_name},
    }
    return pdf(CARD, data, version.at)


def _thing(record: Selfcare, choice: HomeChoice) -> dict[str, Any]:
    card = mine.card(record, choice)
    both = f" {_('Shown on the right. Do both sides.')}" if card.both else ""
    return {
        "name": card.name,
        "side": card.side,
        "figures": [{"svg": on_paper(str(p.svg)), "alt": p.label} for p in card.pictures[:2]],
        "cells": [[cell.value, cell.unit] for cell in card.cells],
        "often": f"{card.often}.{both}",
        "how": list(card.how),
        "stop": "; ".join(card.stop),
        "care": " ".join(card.cautions),
        "need": card.need,
        "felt": card.felt,
        "what_for": card.what_for,
        "many": words.much(record, choice),
    }
