"""Places where rooms above this one add to its pages: navigation, blocks on a page, demo history.

`people` must not know `charts`, so `charts` registers what it adds, once, in its `AppConfig.ready`:

    slots.add_block(slots.Block("client.main", "charts/_client_visits.html", visits_context, order=10))
    slots.add_nav(slots.NavItem(_("Atlas"), "book-open", "library:home", order=30))
    slots.add_verbs({"visit.opened": _("Visit opened")})    # how the audit log reads
    slots.on_demo_history(make_visits)      # make_visits(practice=..., clients=..., by=..., now=...)
    slots.on_demo_removal(forget_visits)    # forget_visits(practice=...), before the clients are deleted

Places: `today.next`, `today.needs_you`, `today.aside`, `client.alerts`, `client.action`, `client.main`,
`client.aside`, `client.row` (in the clients list), `settings.main`, `episode.acts` (gives `episode`),
`note.aside` (beside a note) and `story.main` (on
the story page); these two give the context function `visit`. The `client.*` places give it `client`; blocks of a chart
(`client.alerts`, `client.action`, `client.main`) are shown to its care team only.

The client's own page (`/my/`) has the places `my.alerts` (what must be read first), `my.today` (what to do today),
`my.next` (the next visit), `my.main` (the rest, quietly) and `my.data` (on "everything we hold about you"); each gives
`client`, who is the one looking, so words there are for clients. Pages behind the door extend `my.html`, and
`add_my_nav` puts them into the client's navigation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

PLACES = frozenset(
    {
        "today.next",
        "today.needs_you",
        "today.aside",
        "client.alerts",
        "client.action",
        "client.main",
        "client.aside",
        "client.row",
        "settings.main",
        "episode.acts",
        "note.aside",
        "my.alerts",
        "my.today",
        "my.next",
        "my.main",
        "my.data",
        "story.main",
    }
)


def nothing_more(request: HttpRequest, **given: Any) -> dict[str, Any] | None:
    """The context of a block that needs no more than what its page gives it."""
    return {}


@dataclass(frozen=True)
class Block:
    """One template in one place. `context(request, **given)` returns its variables, or None to stay away."""

    place: str
    template: str
    context: Callable[..., dict[str, Any] | None] = nothing_more
    order: int = 50


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation. `icon` is a Lucide name in the sprite, `url_name` a URL without arguments."""

    label: str | Promise
    icon: str
    url_name: str
    order: int = 50


_blocks: list[Block] = []
_nav: list[NavItem] = []
_my_nav: list[NavItem] = []
_histories: list[Callable[..., None]] = []
_removals: list[Callable[..., None]] = []
_verbs: dict[str, str | Promise] = {}
_pages: dict[str, str | Promise] = {}


def add_block(block: Block) -> None:
    """Add a block to a place. Raises ValueError for a place no page has."""
    if block.place not in PLACES:
        raise ValueError(f"No page has a place {block.place!r}. Places: {', '.join(sorted(PLACES))}.")
    if block not in _blocks:
        _blocks.append(block)


def blocks(place: str) -> list[Block]:
    """The blocks of a place, in order."""
    return sorted((block for block in _blocks if block.place == place), key=lambda block: block.order)


def add_nav(item: NavItem) -> None:
    """Add an entry to the navigation."""
    if item not in _nav:
        _nav.append(item)


def nav() -> Iterator[NavItem]:
    """The navigation, in order."""
    return iter(sorted(_nav, key=lambda item: item.order))


def add_my_nav(item: NavItem) -> None:
    """Add an entry to the navigation of the client's own pages."""
    if item not in _my_nav:
        _my_nav.append(item)


def my_nav() -> Iterator[NavItem]:
    """The navigation of the client's own pages, in order."""
    return iter(sorted(_my_nav, key=lambda item: item.order))


def add_verbs(words: Mapping[str, str | Promise]) -> None:
    """Say how audit verbs read to people: `{"visit.opened": _("Visit opened")}`."""
    _verbs.update(words)


def verb_in_words(verb: str) -> str:
    """An audit verb as a person reads it; one that nobody named is spelt out."""
    return str(_verbs.get(verb) or verb.replace(".", ", ").replace("_", " "))


def add_pages(words: Mapping[str, str | Promise]) -> None:
    """Say how pages read in the list of who looked: `{"charts:visit": _("a visit")}`."""
    _pages.update(words)


def page_in_words(url_name: str) -> str:
    """A page as a person reads it; one that nobody named is spelt out."""
    return str(_pages.get(url_name) or url_name.replace(":", ", ").replace("_", " "))


def on_demo_history(make: Callable[..., None]) -> None:
    """Let a room write weeks of history for the demo clients (called as `make(practice, clients, by, now)`)."""
    if make not in _histories:
        _histories.append(make)


def on_demo_removal(forget: Callable[..., None]) -> None:
    """Let a room delete its demo records before the demo clients go (called as `forget(practice)`)."""
    if forget not in _removals:
        _removals.append(forget)


def demo_histories() -> tuple[Callable[..., None], ...]:
    """All demo history makers, in the order they came."""
    return tuple(_histories)


def demo_removals() -> tuple[Callable[..., None], ...]:
    """All demo removers, the newest first, since later rooms build on earlier ones."""
    return tuple(reversed(_removals))
