"""What this room adds to other pages: the letters of a client and of a visit, and the note on paper."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.models import Episode
from tautband.clinic.letters.models import Letter
from tautband.clinic.letters.queries import episode_of, letters_of, reports_of
from tautband.clinic.people.models import Client, Member

MOST = 6


def client_letters(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The client's letters; nothing where there is none."""
    letters, reports = list(letters_of(client)[:MOST]), list(reports_of(client)[:MOST])
    return {"letters": letters, "reports": reports, "client": client} if letters or reports else None


def visit_paper(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """The note as PDF, and the letters of this visit."""
    episode = episode_of(visit)
    return {
        "paper_visit": visit,
        "letters": list(visit.letters.select_related("signed").prefetch_related("versions")),
        "episode": episode,
        "reports": list(episode.reports.select_related("signed", "episode")) if episode else [],
    }


def unsent(request: HttpRequest) -> dict[str, Any] | None:
    """Letters of this member's that are begun and not signed, or signed and not sent."""
    member: Member = request.member  # type: ignore[attr-defined]
    mine = Letter.objects.filter(by=member, visit__client__team__member=member).select_related(
        "visit__client", "signed"
    )
    waiting = [*mine.filter(signed=None)[:MOST], *mine.exclude(signed=None).filter(signed__sendings=None)[:MOST]]
    return {"waiting_letters": waiting[:MOST]} if waiting else None


def episode_acts(request: HttpRequest, episode: Episode) -> dict[str, Any]:
    """A case report of a problem: the one there is, or the way to draft it."""
    return {"report": episode.reports.first(), "reported": episode}
