"""What a practice publishes. Written only by `actions.py`."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Member, Practice


class Article(models.Model):
    """A page in Markdown; nobody outside reads it before it is published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="articles")
    title = models.CharField(_("Title"), max_length=120)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    body = models.TextField(_("Text"), max_length=60_000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first."""

        ordering = ("-published_at", "-changed_at")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class ArticleVersion(models.Model):
    """What an article said at one time. Never changed; going back to it makes a new one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=60_000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first; each number once."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("article", "number"), name="article_version_once")]

    def __str__(self) -> str:
        """Which."""
        return f"{self.title}, {self.number}"


class Comment(models.Model):
    """What a reader wrote under an article; shown once somebody of the practice let it through."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(_("Your name, or any name"), max_length=60)
    text = models.TextField(_("Comment"), max_length=2_000)
    at = models.DateTimeField()
    shown = models.BooleanField(null=True, help_text="None: nobody has looked yet.")

    class Meta:
        """As they came."""

        ordering = ("at", "id")


class Subscriber(models.Model):
    """Who gets the newsletter: only after the second yes, and until they leave."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="subscribers")
    email = models.EmailField(unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)


class Newsletter(models.Model):
    """One mail to all who said yes twice."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="newsletters")
    subject = models.CharField(_("Subject"), max_length=120)
    body = models.TextField(_("Text"), max_length=20_000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    readers = models.PositiveIntegerField()
