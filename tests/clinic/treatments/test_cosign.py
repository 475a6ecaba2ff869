"""A supervisor's second signature: who may give it, that it stands for good, and where it is shown."""

import io
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from tautband.clinic.audit.log import verify
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.letters.printing import signed_note_pdf
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.content import cosigned
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.models import CoSignature, SignedNote


@pytest.fixture
def supervisor(owner: Member, therapist: Member) -> Member:
    """Lena, who supervises Daniel."""
    member = people.add_member(by=owner, display_name="Lena Sand", login="lena", role="supervisor")
    people.change_member(
        by=owner, member=therapist, display_name=therapist.display_name, role="therapist", supervisor=member
    )
    return member


@pytest.fixture
def signed(supervisor: Member, visit: Visit) -> SignedNote:
    """Daniel's signed note."""
    visit.by.refresh_from_db()
    draft = draft_note(visit, answer_for(visit))
    sections = {**draft.texts(), "plan": "Rest.", "assessment": "Shoulder."}
    actions.save_note(by=visit.by, visit=visit, said="", sections=sections, drafted=draft.lines(), seen=0)
    return actions.sign_note(by=visit.by, visit=visit, seen=1)


def test_it_waits_on_the_supervisors_day_and_stands_on_page_and_paper(
    signed: SignedNote, supervisor: Member, browser_of: Callable[..., Browser]
) -> None:
    lena, note = browser_of(supervisor), reverse("treatments:note", args=[signed.visit_id])
    cosign = reverse("treatments:cosign", args=[signed.visit_id])
    assert "Note to co-sign" in lena.get("/").content.decode()
    assert cosign in lena.get(note).content.decode()
    assert cosign not in browser_of(signed.by).get(note).content.decode()
    assert browser_of(signed.by).post(cosign).status_code == 403
    assert [lena.post(cosign).status_code for _ in range(2)] == [302, 302]
    assert CoSignature.objects.count() == 1
    shown = lena.get(note).content.decode()
    assert "Co-signed on" in shown
    assert cosign not in shown
    assert "Note to co-sign" not in lena.get("/").content.decode()
    assert verify(signed.visit.client.chart_key).intact
    paper = PdfReader(io.BytesIO(signed_note_pdf(signed)))
    assert "Co-signed by Lena Sand" in " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_it_covers_what_stood_there_and_is_never_changed(signed: SignedNote, supervisor: Member) -> None:
    actions.add_correction(by=signed.by, note=signed, text="The left one.")
    row = actions.cosign_note(by=supervisor, note=signed)
    actions.add_correction(by=signed.by, note=signed, text="Both.")
    assert [(each["later"], each["intact"]) for each in cosigned(signed)] == [(1, True)]
    for wrong in (
        lambda: CoSignature.objects.filter(pk=row.pk).update(by_name="Another"),
        lambda: CoSignature.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    CoSignature(note=signed, by=signed.by, by_name="Forged", corrections=0, hash="0" * 64, at=row.at).save()
    assert [each["intact"] for each in cosigned(signed)] == [True, False]
