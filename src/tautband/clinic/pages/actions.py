"""Writing what a practice publishes."""

from datetime import datetime

from django.core import signing
from django.utils import timezone
from django.utils.text import slugify

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import System, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.pages.models import Article, ArticleVersion, Comment, Newsletter, Subscriber
from tautband.clinic.people.models import Member, Practice

CONFIRM_DAYS = 3
_CONFIRM, _LEAVE = "pages.confirm", "pages.leave"


class ChangedMeanwhile(Exception):
    """Somebody saved the article while this form was open."""


def _article_of(event: AuditEvent) -> Article:
    return Article.objects.get(pk=event.target.removeprefix("article/"))


@action(again=_article_of)
def keep_article(
    *, by: Member, title: str, body: str, article: Article | None = None, version: int = 0, at: datetime | None = None
) -> Article:
    """Keep an article, new or changed. Raises ChangedMeanwhile when another version was saved since."""
    now = at or timezone.now()
    if article is None:
        article = Article.objects.create(
            practice=by.practice, title=title, slug=_free_slug(title), body=body, by=by, changed_at=now
        )
    else:
        fields = {"title": title, "body": body, "changed_at": now, "by": by, "version": version + 1}
        if not Article.objects.filter(pk=article.pk, version=version).update(**fields):
            raise ChangedMeanwhile
        article.refresh_from_db()
    ArticleVersion.objects.create(
        article=article, number=article.version, title=article.title, body=article.body, by=by, at=now
    )
    record(verb="article.kept", target=f"article/{article.pk}", by=by)
    return article


def restore_version(*, by: Member, version: ArticleVersion, seen: int, key: str | None = None) -> Article:
    """Let an article say again what it said; a new version, and nothing in between is lost.

    seen  the version that was on the screen; raises ChangedMeanwhile when there is a newer one
    """
    said = {"title": version.title, "body": version.body}
    kept: Article = keep_article(by=by, article=version.article, version=seen, key=key, **said)
    return kept


def _free_slug(title: str) -> str:
    start = slugify(title)[:60] or "article"
    taken = set(Article.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(slug for slug in (start, *(f"{start}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@action(again=_article_of)
def publish(*, by: Member, article: Article, on: bool, at: datetime | None = None) -> Article:
    """Let everybody read it, or nobody."""
    article.published_at = (article.published_at or at or timezone.now()) if on else None
    article.save(update_fields=["published_at"])
    record(verb="article.published" if on else "article.withdrawn", target=f"article/{article.pk}", by=by)
    return article


@action(again=lambda event: Comment.objects.get(pk=event.target.removeprefix("comment/")))
def comment(*, article: Article, name: str, text: str) -> Comment:
    """A reader's comment; it waits."""
    made = Comment.objects.create(article=article, name=name, text=text, at=timezone.now())
    record(verb="comment.written", target=f"comment/{made.pk}", by=System())
    return made


@action(again=lambda event: None)
def moderate(*, by: Member, comment: Comment, show: bool) -> None:
    """Let a comment through or keep it out."""
    comment.shown = show
    comment.save(update_fields=["shown"])
    record(verb="comment.shown" if show else "comment.kept_out", target=f"comment/{comment.pk}", by=by)


# --- Newsletter ---------------------------------------------------------------------------------------------------


@action(again=lambda event: None)
def ask_for_news(*, practice: Practice, email: str) -> str | None:
    """The first yes. A token for the second, or None for somebody who reads it already."""
    address = email.strip().lower()
    found, _new = Subscriber.objects.get_or_create(
        email=address, defaults={"practice": practice, "asked_at": timezone.now()}
    )
    if found.confirmed_at:
        return None
    record(verb="news.asked", target=f"subscriber/{found.pk}", by=System())
    return signing.dumps(found.pk, salt=_CONFIRM)


def _reader(token: str, salt: str, max_age_s: int | None = None) -> Subscriber | None:
    try:
        return Subscriber.objects.filter(pk=signing.loads(token, salt=salt, max_age=max_age_s)).first()
    except signing.BadSignature:
        return None


def reader_to_confirm(token: str) -> Subscriber | None:
    """Whose second yes this is; None for a forged or old one."""
    return _reader(token, _CONFIRM, CONFIRM_DAYS * 86_400)


def reader_to_leave(token: str) -> Subscriber | None:
    """Who leaves by this link; it never grows old."""
    return _reader(token, _LEAVE)


def leave_token(reader: Subscriber) -> str:
    """The secret part of the link with which this reader leaves."""
    return signing.dumps(reader.pk, salt=_LEAVE)


@action(again=lambda event: None)
def confirm(*, reader: Subscriber) -> None:
    """The second yes."""
    reader.confirmed_at = reader.confirmed_at or timezone.now()
    reader.save(update_fields=["confirmed_at"])
    record(verb="news.confirmed", target=f"subscriber/{reader.pk}", by=System())


@action(again=lambda event: None)
def leave(*, reader: Subscriber) -> None:
    """Gone at once: the address is deleted, not only marked."""
    record(verb="news.left", target=f"subscriber/{reader.pk}", by=System())
    reader.delete()


@action(again=lambda event: Newsletter.objects.get(pk=event.target.removeprefix("newsletter/")))
def send_newsletter(*, by: Member, subject: str, body: str) -> Newsletter:
    """Keep the newsletter; the mails themselves are errands."""
    readers = Subscriber.objects.filter(practice=by.practice, confirmed_at__isnull=False).count()
    made = Newsletter.objects.create(
        practice=by.practice, subject=subject, body=body, by=by, sent_at=timezone.now(), readers=readers
    )
    record(verb="news.sent", target=f"newsletter/{made.pk}", by=by, details={"readers": readers})
    return made
