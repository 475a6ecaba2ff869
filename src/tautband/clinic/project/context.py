"""What every page knows: theme, navigation, the practice, and who is signed in."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tautband.clinic.people import lock, slots

THEMES = ("auto", "light", "dark", "room")
FIRST_PAGES = ("/", "/my/")
THEME_COOKIE = "tautband_theme"


def theme_of(request: HttpRequest) -> str:
    """The theme this browser chose: light, dark, room, or auto for what the device says."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template."""
    member = getattr(request, "member", None)
    client = getattr(request, "client_person", None)
    return {
        "theme": theme_of(request),
        "member": member,
        "practice": getattr(request, "practice", None),
        "client_person": client,
        "nav": _navigation(request, "nav", slots.nav) if member else [],
        "my_nav": _navigation(request, "my_nav", slots.my_nav) if client else [],
        "idle_lock_s": lock.idle_s(member.practice if member else None),
    }


def _navigation(request: HttpRequest, name: str, items: Callable[[], Iterable[slots.NavItem]]) -> list[dict[str, Any]]:
    """The entries of a navigation, made once a request: every part of a page is drawn with this context."""
    kept: list[dict[str, Any]] | None = request.__dict__.get(f"_{name}")
    if kept is None:
        kept = request.__dict__[f"_{name}"] = _entries(request, items())
    return kept


def _entries(request: HttpRequest, items: Iterable[slots.NavItem]) -> list[dict[str, Any]]:
    """The entries of a navigation; a first page (`/`, `/my/`) is the current one only when it is the page itself."""
    entries = []
    for item in items:
        url = reverse(item.url_name)
        here = request.path == url or (url not in FIRST_PAGES and request.path.startswith(url))
        entries.append({"label": item.label, "icon": item.icon, "url": url, "current": here})
    return entries
