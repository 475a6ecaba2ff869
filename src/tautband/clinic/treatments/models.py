"""Plans, consent, notes, phrases, visits in the wrong chart. Written only by `actions.py`; rows are only ever added.

A plan and a note draft are versions, the newest counts. A signed note holds its own text, so nothing that happens
later can change what was signed. The database itself refuses UPDATE and DELETE (see the second migration).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member, Practice


class PlanVersion(models.Model):
    """One version of a visit's plan; the newest counts. `body` is read and written by `plans.py`."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("visit", "number"), name="plan_number_once")]


class Consent(models.Model):
    """What the client agreed to before treatment began today: areas, touch, and the right to stop, each said aloud.

    areas     regions that may be worked in; excluded are those the client does not want touched today
    basis     what else it rests on, as `plans.Current.basis` gives it; None where it was given before that was kept
    """

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="consents")
    areas = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    basis = models.JSONField(null=True)
    told_areas = models.BooleanField()
    told_touch = models.BooleanField()
    told_stop = models.BooleanField()
    agreed = models.BooleanField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first; there is no half a consent."""

        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(told_areas=True, told_touch=True, told_stop=True, agreed=True), name="consent_is_whole"
            )
        ]


class Licence(models.Model):
    """A therapist's licence to work inside the body, as they state it; the newest counts, no places means none.

    places  mouth, pelvic_floor
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="licences")
    issuer = models.CharField(max_length=160)
    number = models.CharField(max_length=80)
    places = models.JSONField(default=list)
    expires_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class InsideConsent(models.Model):
    """What a client signed about work inside the body at one visit, or that they took it back; the newest counts.

    words      the text they read, as it stood
    signed     their name as they wrote it; empty where it is taken back
    chaperone  who was in the room with them; empty where they were asked and wanted nobody
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="inside_consents")
    place = models.CharField(max_length=16)
    given = models.BooleanField()
    words = models.TextField(blank=True)
    signed = models.CharField(max_length=120, blank=True)
    chaperone = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first; who agrees has read and signed."""

        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(given=False) | (~Q(words="") & ~Q(signed="")), name="inside_consent_is_signed"
            )
        ]


class OwnWay(models.Model):
    """How one therapist does a technique: their own steps, newest version first; no steps means as it is taught.

    steps   rows of `planning.OwnStep`: do, say, seconds, asks_number
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ways")
    technique = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    steps = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("member", "technique", "number"), name="own_way_number_once")]


class NoteVersion(models.Model):
    """One version of a visit's note; the newest counts until it is signed.

    said      the client's own words as quoted
    sections  section key -> text
    drafted   section key -> lines as the data gave them when this note was last drafted
    """

    class How(models.TextChoices):
        """How this version came to be."""

        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Edited")
        MOVED = "moved", _("From another chart")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="notes")
    number = models.PositiveIntegerField()
    said = models.TextField(blank=True)
    sections = models.JSONField()
    drafted = models.JSONField()
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("visit", "number"), name="note_number_once")]


class SignedNote(models.Model):
    """The note as it was signed. `content` is canonical JSON and whole in itself; `hash` is its SHA-256 (hex).

    The same hash stands in the audit chain of the chart, so a changed note is found even if somebody could change it.
    """

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="signed_note")
    version = models.OneToOneField(NoteVersion, on_delete=models.CASCADE, related_name="+")
    content = models.TextField()
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()


class Addendum(models.Model):
    """A dated correction below a signed note; the original stays as it is. `hash` covers it and what it follows."""

    note = models.ForeignKey(SignedNote, on_delete=models.CASCADE, related_name="addenda")
    number = models.PositiveIntegerField()
    text = models.TextField(_("Correction"), max_length=20_000)
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        """In the order they were written."""

        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("note", "number"), name="addendum_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="addendum_has_text"),
        ]


class CoSignature(models.Model):
    """A supervisor's signature under a colleague's signed note.

    `hash` covers the note, the corrections that stood below it, and who signed when; it stands in the chart's chain.
    """

    note = models.ForeignKey(SignedNote, on_delete=models.CASCADE, related_name="cosignatures")
    corrections = models.PositiveIntegerField(help_text="How many corrections had been written then.")
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        """In the order they were given, one a person."""

        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=("note", "by"), name="cosigned_once")]


class Phrase(models.Model):
    """A ready sentence for notes, by its code; one version. `ended_at` is set when it was changed or removed.

    member   whose own it is; None for a phrase of the whole practice
    code     small letters, digits and hyphens, begins with a letter; typed as `.code`
    section  section of the note it belongs to; empty for all
    text     may hold `{client}` and the like, which are filled in, and `{blanks}`, which somebody fills
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="phrases")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="phrases")
    code = models.CharField(_("Short code"), max_length=16)
    section = models.CharField(max_length=12, blank=True)
    text = models.TextField(_("What it writes"), max_length=1000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """By code; one standing phrase for a code of a person, and of the practice."""

        ordering = ("code", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("member", "code"),
                condition=Q(ended_at=None, member__isnull=False),
                name="phrase_code_of_member",
            ),
            models.UniqueConstraint(
                fields=("practice", "code"), condition=Q(ended_at=None, member=None), name="phrase_code_of_practice"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(text=""), name="phrase_is_whole"),
        ]


class VisitMove(models.Model):
    """The trace of a visit that was written in the wrong chart: one row in each of the two charts.

    pair      the same in both rows
    way       out of this chart, or into it
    visit     into: the visit as it stands here now. Out: what had been sealed and therefore stays to be read; else None
    number    of the visit in this chart
    other     chart key of the other chart; its name is looked up when somebody may see it, and kept nowhere here
    undone_at when it was taken back
    """

    class Way(models.TextChoices):
        """Which of the two charts this is."""

        OUT = "out", _("Moved to another chart")
        IN = "in", _("Moved here from another chart")

    pair = models.UUIDField(default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="visit_moves")
    way = models.CharField(max_length=3, choices=Way.choices)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.CASCADE, related_name="moves")
    number = models.PositiveIntegerField()
    other = models.CharField(max_length=60)
    reason = models.CharField(_("Why"), max_length=400)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("pair", "way"), name="visit_move_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="visit_move_has_reason"),
        ]
