"""Which instruments to offer: what was used before, then those of the regions where it hurts, then all."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tautband.clinic.charts.picture import marks_of
from tautband.clinic.measures import queries
from tautband.clinic.people.models import Client
from tautband.knowledge import atlas
from tautband.knowledge.records import Instrument

REGIONS = {
    "head": ("head_jaw", "neck"),
    "neck": ("neck", "head_jaw"),
    "shoulder": ("shoulder",),
    "scapula": ("shoulder", "upper_back"),
    "arm": ("arm_elbow", "shoulder"),
    "elbow": ("arm_elbow",),
    "forearm": ("forearm_hand", "arm_elbow"),
    "wrist": ("forearm_hand",),
    "hand": ("forearm_hand",),
    "chest": ("thorax",),
    "back": ("upper_back", "low_back"),
    "belly": ("abdomen", "low_back"),
    "pelvis": ("pelvis", "low_back"),
    "buttock": ("hip_buttock", "low_back"),
    "hip": ("hip_buttock",),
    "thigh": ("thigh", "hip_buttock", "knee"),
    "knee": ("knee",),
    "leg": ("leg", "knee", "ankle_foot"),
    "ankle": ("ankle_foot",),
    "foot": ("ankle_foot",),
}
"""Part of the body that a chart zone names -> regions whose instruments fit."""


@dataclass(frozen=True)
class Group:
    """Some instruments under a heading."""

    title: str
    instruments: tuple[Instrument, ...]


def groups(client: Client, asked: str) -> list[Group]:
    """Instruments to choose from; with words, those whose name, plain name or synonym holds every word."""
    every = sorted(atlas().instruments, key=lambda each: each.name.en.lower())
    if asked:
        return [Group(_("Found"), tuple(each for each in every if _named(each, asked)))]
    used = {series.instrument.id: series.instrument for series in queries.series_of(client)}
    regions = _regions(client)
    fitting = [e for e in every if e.id not in used and regions & {e.region, *e.regions}]
    general = [e for e in every if e.id not in used and e.region == "general"]
    rest = [e for e in every if e.id not in used and e not in fitting and e not in general]
    made = [
        Group(_("Used before"), tuple(used.values())),
        Group(_("For where it hurts"), tuple(fitting)),
        Group(_("For everybody"), tuple(general)),
        Group(_("All others"), tuple(rest)),
    ]
    return [group for group in made if group.instruments]


def _named(instrument: Instrument, asked: str) -> bool:
    text = " ".join([instrument.name.en, instrument.name.plain or "", *instrument.synonyms]).lower()
    return all(word in text for word in asked.lower().split())


def _regions(client: Client) -> set[str]:
    """Regions of the last drawing."""
    visit = client.visits.first()
    drawing = visit.drawings.first() if visit else None
    places = [mark.place for mark in marks_of(drawing.marks)] if drawing else []
    return {region for place in places for region in REGIONS.get(place.split(".")[1], ())}
