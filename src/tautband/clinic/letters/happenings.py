"""What letters have to tell for the timeline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.episodes.happenings import Happening
from tautband.clinic.letters.content import document
from tautband.clinic.letters.models import SignedLetter, SignedReport
from tautband.clinic.people.models import Client


def letters(client: Client) -> Iterator[Happening]:
    """Signed letters, whole."""
    for signed in SignedLetter.objects.filter(letter__visit__client=client).select_related("letter"):
        told = document(signed)["letter"]
        url = reverse("letters:letter", args=[signed.letter.visit_id, signed.letter_id])
        title = _("Letter to %(name)s") % {"name": told["to_name"]}
        text = " ".join([told["title"], told["question"], told["feels"], told["thought"], told["meanwhile"]])
        yield Happening(signed.at, "letter", "file-text", title, text, url)


def reports(client: Client) -> Iterator[Happening]:
    """Signed case reports, whole, so that a search finds what stands in them."""
    for signed in SignedReport.objects.filter(report__episode__client=client).select_related("report__episode"):
        words = " ".join(document(signed)["sections"].values())
        url = reverse("letters:report", args=[client.pk, signed.report_id])
        title = _("Case report signed by %(name)s") % {"name": signed.by_name}
        yield Happening(signed.at, "letter", "book-open", title, words, url)
