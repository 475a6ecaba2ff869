"""What every page knows: theme, navigation, the practice, and who is signed in."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tautband.clinic.people import lock, slots

THEMES = ("auto", "light", "dark", "room")
THEME_COOKIE = "tautband_theme"


def theme_of(request: HttpRequest) -> str:
    """The theme this browser chose: light, dark, room, or auto for what the device says."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template."""
    member = getattr(request, "member", None)
    return {
        "theme": theme_of(request),
        "member": member,
        "practice": getattr(request, "practice", None),
        "nav": _nav(request) if member else [],
        "idle_lock_s": lock.idle_s(member.practice if member else None),
    }


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    entries = []
    for item in slots.nav():
        url = reverse(item.url_name)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append({"label": item.label, "icon": item.icon, "url": url, "current": here})
    return entries
