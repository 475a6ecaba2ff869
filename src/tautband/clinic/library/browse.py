"""Ways through the atlas: by region, kind, movement, nerve, and by place on the body."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tautband.clinic.library import words
from tautband.knowledge import Atlas
from tautband.knowledge.records import Record
from tautband.surface import Zone, chart_zones, zone
from tautband.terms.ids import kind_of


@lru_cache(maxsize=16)
def tappable(view: str) -> SafeString:
    """The zones seen in a view as links to what can be felt there; put together once, since there are hundreds."""
    places = ((zone(name), path) for name, path in chart_zones(view).items())
    return format_html_join(
        "",
        '<a href="?view={}&amp;zone={}&amp;side={}#found" aria-label="{}"><path class="tap" d="{}"/></a>',
        ((view, place.id, str(place.side), place.label, path) for place, path in places),
    )


def outline(view: str, place: Zone) -> str:
    """The outline of a zone in a view; empty where it is not seen."""
    return chart_zones(view).get(str(place), "")


@lru_cache(maxsize=4)
def region_counts(atlas: Atlas) -> tuple[tuple[str, int], ...]:
    """Regions in the order of the body with the number of muscles in each."""
    counts = Counter(muscle.region for muscle in atlas.muscles)
    return tuple((region, counts[region]) for region in words.REGIONS if region != "general")  # type: ignore[index]


def in_region(atlas: Atlas, region: str) -> tuple[str, ...]:
    """Ids of a region, kinds in their order, then by name."""
    order = {kind: n for n, kind in enumerate(words.KINDS)}
    found = [id for id, record in atlas.records.items() if getattr(record, "region", "") == region]
    return tuple(sorted(found, key=lambda id: (order[kind_of(id)], atlas.name(id).lower())))


def by_kind(atlas: Atlas, ids: Iterable[str]) -> dict[str, list[str]]:
    """Ids grouped by kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        found[kind_of(id)].append(id)
    return dict(found)


def by_heading(atlas: Atlas, kind: str) -> list[tuple[str, list[str]]]:
    """Things of a kind under the heading they are looked for: method, sort or region."""
    found: dict[str, list[str]] = defaultdict(list)
    for id in atlas.by_kind[kind]:
        found[heading(atlas.records[id])].append(id)
    order = {region: n for n, region in enumerate(words.REGIONS)}
    names = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return [(name, sorted(found[name], key=lambda id: atlas.name(id).lower())) for name in names]


def heading(record: Record) -> str:
    """What a record stands under in a list of its kind."""
    kind = kind_of(record.id)
    keys = {
        "exam": "method",
        "factor": "sort",
        "guard": "level",
        "technique": "pressure",
        "selfcare": "sort",
        "protocol": "stage",
    }
    return str(getattr(record, keys.get(kind, "region"), "") or getattr(record, "region", "") or "general")


@lru_cache(maxsize=4)
def movements(atlas: Atlas) -> tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]:
    """Joint -> motion -> muscles."""
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for muscle in atlas.muscles:
        for action in muscle.actions:
            found[action.joint][action.motion][muscle.id] = None
    return tuple(
        (joint, tuple((motion, tuple(sorted(found[joint][motion], key=atlas.name))) for motion in sorted(found[joint])))
        for joint in sorted(found)
    )


@lru_cache(maxsize=4)
def roots(atlas: Atlas) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Roots from the neck down, each with its muscles."""
    order = sorted(atlas.roots, key=lambda root: ("CTLS".find(root.level[:1]), int(root.level[1:2] or 0), root.level))
    order.sort(key=lambda root: ("CTLS".find(root.level[:1]), int("".join(filter(str.isdigit, root.level)) or 0)))
    return tuple((root.id, atlas.muscles_of(root.id)) for root in order)


@lru_cache(maxsize=4)
def nerves(atlas: Atlas) -> tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]:
    """Nerves by region, each with the number of muscles and of places where it is pressed."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for nerve in atlas.nerves:
        pressed = atlas.mentions(nerve.id, kind="entrapment", role="nerve")
        found[nerve.region].append((nerve.id, len(atlas.muscles_of(nerve.id)), len(pressed)))
    return tuple((region, tuple(found[region])) for region in words.REGIONS if region in found)


@lru_cache(maxsize=4)
def areas(atlas: Atlas) -> SafeString:
    """Named places as a list of links, by plain name."""
    ids = sorted((id for id in atlas.areas if id != "area.all_over"), key=atlas.plain_name)
    links = ((reverse("library:thing", args=[id]), atlas.plain_name(id)) for id in ids)
    return format_html_join("", '<li><a href="{}">{}</a></li>', links)
