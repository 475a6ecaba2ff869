"""The practice's own figures: counted once a client, pulled towards the atlas, used only after an owner's word."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts import actions, priors
from tautband.clinic.charts.models import PriorReview, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.charts.thinking import consider, priors_used, the_reasoner
from tautband.clinic.people.actions import create_client
from tautband.clinic.people.models import Member
from tautband.reasoning.counts import fingerprint

BrowserOf = Callable[..., Browser]
SIGN, MUSCLE = "exam.palpation.familiar_pain", "muscle.infraspinatus"
PAGE = "charts:priors"


@pytest.fixture
def pressed(therapist: Member) -> list[Visit]:
    """Infraspinatus pressed on both sides of six clients, found on the right each time."""
    visits = []
    for number in range(6):
        client = create_client(by=therapist, name=f"Client {number}")
        visits.append(actions.open_visit(by=therapist, client=client))
        for side, state in (("right", "present"), ("left", "absent")):
            actions.record_finding(by=therapist, visit=visits[-1], finding=SIGN, of=MUSCLE, side=side, state=state)
    return visits


@pytest.fixture
def proposed(pressed: list[Visit], owner: Member) -> PriorReview:
    model = the_reasoner().model
    rows = priors.rows_to_keep(model, priors.counted())
    return actions.propose_priors(by=owner, made_for=fingerprint(model), rows=rows)


def test_a_client_and_side_count_once(pressed: list[Visit], therapist: Member) -> None:
    again = actions.open_visit(by=therapist, client=pressed[0].client)
    actions.record_finding(by=therapist, visit=again, finding=SIGN, of=MUSCLE, side="left", state="present")
    (row,) = priors.counted()
    assert (row.muscle, row.found, row.pressed, row.examined) == (MUSCLE, 6, 12, 12)


def test_few_clients_move_little_and_too_few_say_nothing(pressed: list[Visit]) -> None:
    model = the_reasoner().model
    (line,) = priors.suggested(model, priors.counted())
    assert line.now < line.proposed < 0.2 * 6 / 12 + 0.8 * line.now
    assert line.low < line.proposed < line.high
    few = [priors.Counted(MUSCLE, 3, priors.LEAST_PRESSED - 1, 40)]
    assert priors.suggested(model, few) == ()


def test_the_list_uses_a_version_only_while_it_is_accepted(proposed: PriorReview, owner: Member, drawn: Visit) -> None:
    picture = picture_of(drawn)

    def chance() -> float:
        return next(s.probability for s in consider(picture).suspects if s.of == MUSCLE and s.side == "right")

    before = chance()
    assert priors_used() is None
    actions.decide_priors(by=owner, review=proposed, accepted=True, reason="six clients")
    assert priors_used() == proposed
    assert chance() > before
    actions.take_back_priors(by=owner, review=proposed, reason="too few")
    assert chance() == before
    with pytest.raises(actions.Decided):
        actions.decide_priors(by=owner, review=proposed, accepted=False, reason="again")


def test_a_version_made_for_another_atlas_is_not_used(proposed: PriorReview, owner: Member, drawn: Visit) -> None:
    PriorReview.objects.update(made_for="another")
    picture = picture_of(drawn)
    before = consider(picture).suspects
    actions.decide_priors(by=owner, review=proposed, accepted=True, reason="six clients")
    assert priors_used() is None
    assert consider(picture).suspects == before


def test_the_owner_proposes_reads_and_decides_on_one_page(
    pressed: list[Visit], owner: Member, therapist: Member, browser_of: BrowserOf
) -> None:
    path = reverse(PAGE)
    assert browser_of(therapist).get(path).status_code == 403
    mara = browser_of(owner)
    assert mara.post(path, {"act": "propose", "key": "p" * 20}).status_code == 302
    assert mara.post(path, {"act": "propose", "key": "p" * 20}).status_code == 302
    review = PriorReview.objects.get()
    assert mara.post(path, {"act": "accept", "number": review.number}).status_code == 422
    sent = {"act": "accept", "number": review.number, "reason": "read it with Daniel"}
    assert mara.post(path, sent).status_code == 302
    assert mara.post(path, sent).status_code == 409
    page = mara.get(path).content.decode()
    assert "read it with Daniel" in page
    assert mara.post(path, {"act": "reject", "number": "99", "reason": "x"}).status_code == 404
    assert mara.post(path, {"act": "take_back", "number": review.number, "reason": "a trial"}).status_code == 302


def test_how_a_list_was_worked_out_names_the_figures_and_the_referee(
    drawn: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    path = reverse("charts:worked_out", args=[drawn.pk])
    daniel = browser_of(therapist)
    assert "as the atlas has it" in daniel.get(path).content.decode()
    assert "The referee agrees." in daniel.get(path, {"referee": "1"}).content.decode()
