"""Paper: the PDF says what the record says and is tagged; a signed letter never changes."""

import io
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.utils import timezone
from pypdf import PdfReader

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.figure import figure_svg, ink_signed
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.letters import actions, content, printing
from tautband.clinic.letters.drafting import Body, draft_letter
from tautband.clinic.letters.models import Letter, LetterVersion, SignedLetter
from tautband.clinic.paper import PaperError, pdf
from tautband.clinic.people.models import Member
from tautband.findings import Layer
from tautband.findings.ink import Coat, Ink, Says, encode
from tautband.surface import Field, body, chart_zones, landmark_vertex
from tautband.terms.sides import Side

BrowserOf = Callable[[Member | None], Browser]


@pytest.fixture
def letter(visit: Visit, therapist: Member) -> Letter:
    body = draft_letter(visit, answer_for(visit))
    return actions.begin_letter(by=therapist, visit=visit, body=body.as_json())


def text_of(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def test_a_note_on_paper_says_what_the_note_says_and_is_tagged(visit: Visit) -> None:
    made = printing.note_pdf(visit)
    read = PdfReader(io.BytesIO(made))
    text = text_of(made)
    assert "By the second movement" in text
    assert "Draft, not signed" in text
    assert "Painful arc" in text
    assert read.root_object["/MarkInfo"]["/Marked"]
    assert read.root_object["/Lang"] == "en"
    assert "pdfuaid:part" in read.root_object["/Metadata"].get_object().get_data().decode()
    assert visit.client.name in str(read.metadata and read.metadata.title)


def test_words_of_a_person_are_never_markup(visit: Visit, therapist: Member) -> None:
    body = Body(to_name="#panic() *Dr* $x$ <a>", question='= [x] #import "/etc"\\ @ref `raw` ~~', title="_t_")
    letter = actions.begin_letter(by=therapist, visit=visit, body=body.as_json())
    text = text_of(printing.letter_pdf(letter))
    assert "#panic() *Dr* $x$ <a>" in text
    assert '#import "/etc"\\ @ref `raw` ~~' in text


def test_a_template_that_lacks_data_says_which() -> None:
    with pytest.raises(PaperError, match=r"letters/typst/note\.typ"):
        pdf("letters/typst/note.typ", {"words": {}}, timezone.now())


def test_the_same_letter_gives_the_same_bytes(letter: Letter, therapist: Member) -> None:
    _addressed(letter, therapist)
    actions.sign_letter(by=therapist, letter=letter, seen=2, client_agrees=True)
    assert printing.letter_pdf(letter) == printing.letter_pdf(letter)


def test_a_draft_holds_every_result_with_its_side_and_what_was_said(letter: Letter) -> None:
    body = Body.read(letter.versions.get().body)
    assert [(row.side, row.result) for row in body.found] == [("right", "Positive"), ("right", "Negative")]
    assert len(body.found) == letter.visit.findings.count()
    assert "By the second movement" in body.feels


def _addressed(letter: Letter, by: Member) -> None:
    body = {**letter.versions.first().body, "to_name": "Dr A. Byrne", "question": "Please look."}  # type: ignore[union-attr]
    actions.save_letter(by=by, letter=letter, body=body, seen=1)


def test_signing_needs_a_reader_a_question_and_the_clients_agreement(letter: Letter, therapist: Member) -> None:
    with pytest.raises(actions.NotReady) as refusal:
        actions.sign_letter(by=therapist, letter=letter, seen=1, client_agrees=False)
    assert set(refusal.value.missing) == {"to_name", "agreed"}
    assert not SignedLetter.objects.exists()


def test_a_signed_letter_stays_and_its_seal_shows_any_change(letter: Letter, therapist: Member) -> None:
    _addressed(letter, therapist)
    signed = actions.sign_letter(by=therapist, letter=letter, seen=2, client_agrees=True)
    assert content.seal_of(signed).intact
    for attempt in (
        lambda: SignedLetter.objects.filter(pk=signed.pk).update(content="{}"),
        lambda: SignedLetter.objects.filter(pk=signed.pk).delete(),
        lambda: LetterVersion.objects.create(letter=letter, number=3, body={}, by=therapist, at=timezone.now()),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    signed.content = json.dumps({**json.loads(signed.content), "practice": "Another"})
    assert not content.seal_of(signed).intact


def test_two_windows_do_not_overwrite_each_other(letter: Letter, therapist: Member, browser_of: BrowserOf) -> None:
    _addressed(letter, therapist)
    page = browser_of(therapist).post(
        f"/visits/{letter.visit_id}/letters/{letter.pk}/", {"seen": "1", "to_name": "Dr Other", "key": "k1"}
    )
    assert page.status_code == 409
    assert "Dr Other" in page.content.decode()
    assert letter.versions.count() == 2


def test_the_whole_way_by_plain_forms(visit: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser = browser_of(therapist)
    for _again in range(2):
        page = browser.post(f"/visits/{visit.pk}/letters/", {"key": "once"}, follow=True)
    letter = Letter.objects.get()
    assert page.status_code == 200
    where = f"/visits/{visit.pk}/letters/{letter.pk}/"
    typed: dict[str, Any] = {
        "seen": "1",
        "key": "a",
        "to_name": "Dr A. Byrne",
        "question": "Please look.",
        "found": ["0"],
    }
    page = browser.post(where, {**typed, "sign": "1"})
    assert page.status_code == 422
    assert "tick that they agree" in page.content.decode()
    page = browser.post(
        where, {**typed, "seen": "2", "key": "b", "sign": "1", "agreed": "1", "found": ["0"]}, follow=True
    )
    assert "Signed" in page.content.decode()
    browser.post(where + "sent/", {"how": "client", "key": "c"})
    page = browser.get(where)
    assert "Given to the client" in page.content.decode()
    made = browser.get(where + "letter.pdf")
    assert made.headers["Content-Type"] == "application/pdf"
    text = text_of(made.content)
    assert "Dr A. Byrne" in text
    assert text.count("examined at") == 1


def test_paper_is_for_the_care_team(visit: Visit, letter: Letter, owner: Member, browser_of: BrowserOf) -> None:
    stranger = browser_of(owner)
    for path in ("note.pdf", f"letters/{letter.pk}/", f"letters/{letter.pk}/letter.pdf"):
        assert stranger.get(f"/visits/{visit.pk}/{path}").status_code == 403


def _spot(radius_m: float) -> str:
    """Ink around the left kneecap, as the painter sends it."""
    points = body().points_m
    near = np.linalg.norm(points - points[landmark_vertex("patella", Side.LEFT)], axis=1) < radius_m
    coat = Coat(Says(Layer.PAIN, 7.0), Field.from_dense(np.where(near, 255, 0)))
    return urlsafe_b64encode(encode(Ink((coat,)))).decode()


def test_paper_shows_the_ink_where_it_was_painted_and_only_the_ink_that_was_signed(
    visit: Visit, letter: Letter, therapist: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(printing, "pdf", lambda _template, data, _at: made.append(data) or b"")

    def figures(print_it: Callable[[], bytes]) -> list[str]:
        print_it()
        return [figure["svg"] for figure in made[-1]["figures"]]

    tapped = figures(lambda: printing.note_pdf(visit))
    assert any(zone in tapped[0] for zone in chart_zones("front").values()), "zones where it was tapped"
    first = charts.save_drawing(by=therapist, visit=visit, ink=_spot(0.04))
    (painted,) = figures(lambda: printing.note_pdf(visit))
    assert not any(zone in painted for zone in chart_zones("front").values()), "the ink itself, not its zones"
    assert "mk-pain" in painted
    assert "left" in painted.split("<title>")[1].split("</title>")[0]
    zones_of_it = figure_svg(marks_of(first.marks), "front", "p0")
    assert zones_of_it != painted
    _addressed(letter, therapist)
    actions.sign_letter(by=therapist, letter=letter, seen=2, client_agrees=True)
    (signed,) = figures(lambda: printing.letter_pdf(letter))
    charts.save_drawing(by=therapist, visit=visit, ink=_spot(0.02))
    assert figures(lambda: printing.letter_pdf(letter)) == [signed], "what was signed, not what was painted later"
    assert figures(lambda: printing.note_pdf(visit)) != [painted]
    assert ink_signed(visit, {"marks": first.marks}) == b"", "a document that names no ink shows its zones"
