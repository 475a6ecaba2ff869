"""Registers the pages room."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Comments that nobody has read yet."""
    from tautband.clinic.pages.models import Comment

    number = Comment.objects.filter(article__practice=request.member.practice_id, shown=None).count()  # type: ignore[attr-defined]
    return {"number": number} if number else None


class PagesConfig(AppConfig):
    """What a practice publishes: articles, moderated comments, a newsletter with double opt-in."""

    name = "tautband.clinic.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.pages import demo, mailing  # noqa: F401 - mailing registers its errands
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("settings.main", "pages/slots/settings.html", order=55))
        slots.add_block(slots.Block("today.needs_you", "pages/slots/waiting.html", waiting, order=60))
        slots.add_verbs(
            {
                "article.kept": _("Article saved"),
                "article.published": _("Article published"),
                "article.withdrawn": _("Article withdrawn"),
                "comment.written": _("Comment of a reader"),
                "comment.shown": _("Comment let through"),
                "comment.kept_out": _("Comment kept out"),
                "news.asked": _("Newsletter asked for"),
                "news.confirmed": _("Newsletter confirmed"),
                "news.left": _("Newsletter left"),
                "news.sent": _("Newsletter sent"),
            }
        )
        slots.on_demo_history(demo.make)
        slots.on_demo_removal(demo.forget)
