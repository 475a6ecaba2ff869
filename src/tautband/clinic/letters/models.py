"""Letters that leave the practice. Written only by `actions.py`; every row is only ever added.

A letter's text is versions, the newest counts. A signed letter holds its own content, so nothing that happens later can
change what was sent; the database itself refuses UPDATE and DELETE (see the second migration).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.models import Episode
from tautband.clinic.people.models import Member


class Letter(models.Model):
    """A letter about one visit, to somebody outside."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="letters")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class LetterVersion(models.Model):
    """One version of a letter's text. `body` is read and written by `drafting.Body`."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("letter", "number"), name="letter_version_once")]


class SignedLetter(models.Model):
    """The letter as it was signed: canonical JSON, whole in itself, and its SHA-256 (hex); the audit chain holds it."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="signed")
    version = models.OneToOneField(LetterVersion, on_delete=models.CASCADE, related_name="+")
    content = models.TextField()
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()


class Sending(models.Model):
    """How and when a signed letter left: said by the therapist, since paper and post are outside the program."""

    class How(models.TextChoices):
        """The ways a letter goes."""

        CLIENT = "client", _("Given to the client")
        POST = "post", _("By post or by hand")
        MAIL = "mail", _("By secure mail, outside this program")

    letter = models.ForeignKey(SignedLetter, on_delete=models.CASCADE, related_name="sendings")
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In the order they went."""

        ordering = ("id",)


class Report(models.Model):
    """A case report of one problem, as CARE orders it."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class ReportVersion(models.Model):
    """One version of a report; the newest counts.

    sections  item of `care.ITEMS` -> text
    drafted   item -> text as the record gave it when this was last drafted
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sections = models.JSONField()
    drafted = models.JSONField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("report", "number"), name="report_version_once")]


class SignedReport(models.Model):
    """The report as it was signed: canonical JSON, whole in itself, and its SHA-256 (hex); the audit chain holds it.

    publishing  the client agreed that it is published, as the signer states
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="signed")
    version = models.OneToOneField(ReportVersion, on_delete=models.CASCADE, related_name="+")
    content = models.TextField()
    hash = models.CharField(max_length=64)
    publishing = models.BooleanField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
