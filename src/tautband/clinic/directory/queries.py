"""Searching the directory. Nobody can pay to stand higher: the nearest first, without a place the best match first."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from tautband.clinic.directory.gazetteer import Place, distance_km, fold
from tautband.clinic.directory.models import Practitioner
from tautband.knowledge import atlas

RADII_KM = (5, 25, 100, 500)
FILLERS = frozenset({"and", "the", "my", "in", "of", "a", "is", "it", "for", "with", "when", "i"})


@dataclass(frozen=True)
class Hit:
    """One entry as the list shows it. `sees` are the needs it names, those that were asked for first."""

    entry: Practitioner
    km: float | None
    sees: tuple[str, ...]
    matched: int


def public_entries() -> QuerySet[Practitioner]:
    """Entries anybody may read."""
    shown = Practitioner.objects.filter(public=True)
    shown = shown.exclude(member__active=False).select_related("signer", "member__practice")
    return shown.prefetch_related("credentials")


def names_of(ids: list[str]) -> list[str]:
    """Plain names of atlas ids; what the atlas does not know is left out."""
    known = atlas()
    return [known.plain_name(known.current(id)) for id in ids if known.current(id) in known]


def search(need: str = "", where: Place | None = None, radius_km: float = 25, technique: str = "") -> list[Hit]:
    """Who works within the radius, offers the technique and names what was asked for, in any of its words."""
    words = [word for word in fold(need).split() if word not in FILLERS]
    hits = []
    for entry in public_entries():
        if technique and technique not in entry.techniques:
            continue
        km = _km(entry, where)
        if where is not None and (km is None or km > radius_km):
            continue
        sees = names_of(entry.conditions)
        hay = fold(" ".join([*sees, *(str(id).replace("_", " ") for id in entry.conditions), entry.about, entry.name]))
        matched = sum(1 for word in words if word in hay or (len(word) > 5 and word[:-2] in hay))
        if words and not matched:
            continue
        asked = sorted(sees, key=lambda name: -sum(1 for word in words if word in fold(name)))
        hits.append(Hit(entry, km, tuple(asked), matched))
    return sorted(hits, key=lambda h: (0 if h.km is None else h.km, -h.matched, h.entry.name))


def _km(entry: Practitioner, where: Place | None) -> float | None:
    if where is None or entry.lat_deg is None or entry.lon_deg is None:
        return None
    return distance_km(where.lat_deg, where.lon_deg, entry.lat_deg, entry.lon_deg)


def ended(entry: Practitioner) -> set[int]:
    """Credentials of this entry that no longer hold today."""
    today = timezone.localdate()
    return {c.pk for c in entry.credentials.all() if c.expires_on and c.expires_on < today}
