"""Why not, what competes, what would change: each checked against the engine asked again by another road."""

from math import log

import pytest

from tautband.findings import Drawing, Finding, Mark, Picture, State
from tautband.reasoning import Answer, Reasoner
from tautband.reasoning.contrast import answered, not_told_apart, open_source, posterior_of, why_not
from tautband.terms.sides import Side

DRAWING = Drawing((Mark("area.shoulder_front", Side.LEFT), Mark("area.forearm", Side.LEFT)), complete=False)
FOUND = (Finding("exam.familiar", Side.LEFT), Finding("exam.spurling", Side.LEFT, State.ABSENT))
PICTURE = Picture(drawing=DRAWING, findings=FOUND)
FRONT, ROOT = "trp.front.1/left", "root.c6/left"


@pytest.fixture
def answer(small_reasoner: Reasoner) -> Answer:
    return small_reasoner.consider(PICTURE)


def odds(p: float) -> float:
    return log(p / (1 - p))


def test_all_terms_of_a_contrast_add_up_to_the_difference_of_both_ledgers(answer: Answer) -> None:
    sums = {s.key: sum(r.nats for r in s.reasons) for s in answer.suspects}
    terms = why_not(answer, FRONT, ROOT, least_nats=0.0)
    assert sum(t.nats for t in terms) == pytest.approx(sums[FRONT] - sums[ROOT])
    back = why_not(answer, ROOT, FRONT, least_nats=0.0)
    assert sum(t.nats for t in back) == pytest.approx(sums[ROOT] - sums[FRONT])


def test_a_contrast_names_what_parts_the_two_and_leaves_small_terms_out(answer: Answer) -> None:
    terms = why_not(answer, FRONT, ROOT)
    assert all(abs(term.nats) >= 0.2 for term in terms)
    assert any(t.text.startswith("Familiar: present (left): speaks for the first") for t in terms)
    assert any(t.text == "Spurling: absent (left): says little of the first, speaks against the second" for t in terms)
    with pytest.raises(KeyError, match="not among the suspects"):
        why_not(answer, FRONT, "root.c9/left")


def test_leaving_one_out_is_the_difference_of_two_full_answers(small_reasoner: Reasoner, answer: Answer) -> None:
    opened = open_source(small_reasoner.model, PICTURE, answer, FRONT)
    (familiar,) = [w for w in opened.without if w.text == "Familiar: present"]
    plain = small_reasoner.consider(Picture(drawing=DRAWING, findings=FOUND[1:]), shown=99)
    chance = {s.key: s.probability for s in (*plain.suspects,)}[FRONT]
    now = next(s.probability for s in answer.suspects if s.key == FRONT)
    assert familiar.nats == pytest.approx(odds(now) - odds(chance), abs=1e-6)


def test_what_would_change_it_is_what_changes_when_the_test_is_done(small_reasoner: Reasoner, answer: Answer) -> None:
    opened = open_source(small_reasoner.model, PICTURE, answer, FRONT)
    assert opened.changes
    for change in opened.changes:
        assert not change.test.closed_by
        assert change.if_absent <= change.now <= change.if_present or change.if_present <= change.now
        done = small_reasoner.consider(answered(PICTURE, change.test, State.PRESENT), shown=99)
        assert {s.key: s.probability for s in done.suspects}[FRONT] == pytest.approx(change.if_present, abs=1e-6)


def test_rivals_share_a_finding_and_who_shares_none_is_no_rival(real_reasoner: Reasoner) -> None:
    marks = (Mark("area.shoulder_front", Side.LEFT), Mark("area.calf_upper", Side.RIGHT))
    picture = Picture(drawing=Drawing(marks, complete=False))
    answer = real_reasoner.consider(picture)
    opened = open_source(real_reasoner.model, picture, answer, "trp.infraspinatus.1/left")
    assert opened.rivals
    network = real_reasoner.model.network
    positive = {network.finding_ids[f] for f, _ in posterior_of(real_reasoner.model, picture).state.positives}
    for rival in opened.rivals:
        assert any({rival.key, opened.key} <= set(network.parents_of(f)) for f in positive)


def test_pairs_not_told_apart_overlap_and_get_an_open_test(real_reasoner: Reasoner) -> None:
    picture = Picture(drawing=Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False))
    answer = real_reasoner.consider(picture)
    pairs = not_told_apart(real_reasoner.model, picture, answer)
    suspects = {s.key: s for s in answer.suspects}
    assert pairs
    for pair in pairs:
        one, other = suspects[pair.one], suspects[pair.other]
        assert one.low <= other.high
        assert other.low <= one.high
        assert pair.test is None or not pair.test.closed_by
    assert any(pair.test for pair in pairs)
