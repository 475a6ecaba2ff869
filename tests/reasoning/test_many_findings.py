"""Long, muddled and mirrored records: they still get an answer, and muscle findings never cost an alert."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import Drawing, Finding, Layer, Mark, Picture, State
from tautband.findings.ink import Coat, Ink, Says
from tautband.knowledge.records import Muscle
from tautband.reasoning import Answer, Reasoner
from tautband.reasoning.alerts import judge_rules
from tautband.reasoning.evidence import read_picture
from tautband.reasoning.inference import absorb, query
from tautband.reasoning.network import Model
from tautband.reasoning.network.fields import surface_part
from tautband.reasoning.simulate import simulate
from tautband.surface import field_from_parts
from tautband.terms.sides import Side

PALPATED = ("exam.palpation.tenderness", "exam.palpation.familiar_pain", "exam.palpation.taut_band")


def many(reasoner: Reasoner, count: int, seed: int) -> tuple[Finding, ...]:
    """That many findings of all kinds, a third of them present."""
    random = np.random.default_rng(seed)
    questions = list(reasoner.model.questions.values())
    chosen = [questions[i] for i in random.choice(len(questions), count, replace=False)]
    states = [State.PRESENT if random.random() < 0.33 else State.ABSENT for _ in chosen]
    return tuple(Finding(q.exam, q.side, state, q.of) for q, state in zip(chosen, states, strict=True))


def test_two_hundred_findings_are_answered_and_what_contradicts_itself_is_named(real_reasoner: Reasoner) -> None:
    found = many(real_reasoner, 200, seed=7)
    opposite = {State.PRESENT: State.ABSENT, State.ABSENT: State.PRESENT}
    muddled = tuple(replace(f, state=opposite[f.state]) for f in found[:3])
    drawing = Drawing((Mark("area.shoulder_front", Side.RIGHT), Mark("area.low_back", Side.LEFT)), complete=False)
    answer = real_reasoner.consider(Picture(drawing=drawing, findings=(*found, *muddled, Finding("exam.nowhere"))))
    assert len(answer.suspects) >= 5
    assert all(0 <= s.low <= s.probability <= s.high <= 1 for s in answer.suspects if s.kind != "flag")
    aside = {one.finding: one.why for one in answer.set_aside}
    assert {f.id for f in muddled} <= set(aside)
    assert "at the same time" in aside[muddled[0].id]
    assert "not known" in aside["exam.nowhere"]


def painted(reasoner: Reasoner, source: str, *, mirrored: bool) -> Answer:
    """The answer to ink over the whole field of a source, or over its mirror image."""
    field = field_from_parts([surface_part(part) for part in reasoner.model.hypothesis(source).pain], Side.LEFT)
    ink = Ink((Coat(Says(Layer.PAIN, 6.0), field.mirrored() if mirrored else field),))
    return reasoner.consider(Picture(drawing=Drawing(ink.marks(), complete=True)))


@pytest.mark.parametrize("source", ["trp.infraspinatus.1/left", "root.l5/left"])
def test_mirrored_ink_has_the_mirrored_answer(real_reasoner: Reasoner, source: str) -> None:
    here, there = (painted(real_reasoner, source, mirrored=mirrored) for mirrored in (False, True))
    chances = {(s.id, s.side): s.probability for s in there.suspects}
    strong = [s for s in here.suspects if s.probability > 0.02 and s.kind != "flag"]
    assert strong
    for suspect in strong:
        assert chances[suspect.id, suspect.side.mirrored] == pytest.approx(suspect.probability, abs=1e-6)


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_muscle_findings_never_cost_an_alert(real_reasoner: Reasoner, seed: int) -> None:
    """A client with a danger, then with twelve muscles palpated: every alert of before is still there."""
    random = np.random.default_rng(seed)
    model = real_reasoner.model
    flag = model.hypotheses.every[random.choice([at for _, at in model.hypotheses.flags])].key
    bare = replace(simulate(model, seed, exams=30, active=[flag]).picture) if _is_felt(model, flag) else Picture()
    history = tuple(f for f in many(real_reasoner, 60, seed) if not f.of)
    before = replace(bare, findings=tuple({f.key: f for f in (*history, *bare.findings)}.values()))
    muscles = random.choice([m.id for m in model.atlas.of(Muscle)], 12, replace=False).tolist()
    sides, signs = random.choice(["left", "right"], 12).tolist(), random.choice(PALPATED, 12).tolist()
    palpated = tuple(
        Finding(sign, Side(side), State.PRESENT, muscle)
        for sign, side, muscle in zip(signs, sides, muscles, strict=True)
    )
    after = replace(before, findings=(*before.findings, *palpated))
    raised = {alert.flag for alert in real_reasoner.consider(before).alerts}
    assert raised <= {alert.flag for alert in real_reasoner.consider(after).alerts}


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_the_short_way_to_an_alert_decides_like_the_long_one(real_reasoner: Reasoner, seed: int) -> None:
    """Dangers without muscle findings are worked out in full only when they could alert: the alerts are the same."""
    model = real_reasoner.model
    picture = simulate(model, seed, exams=40).picture
    palpated = Finding(PALPATED[0], Side.LEFT, State.PRESENT, "muscle.infraspinatus")
    picture = replace(picture, findings=(*picture.findings, palpated, *many(real_reasoner, 30, seed)))
    reading = read_picture(picture, model)
    network = model.network
    posterior = query(network, absorb(network, reading.levels, reading.total_shift))
    judged = judge_rules(picture, model.atlas, real_reasoner._within)
    short = real_reasoner._flag_chances(posterior, reading, judged)
    levels = {id: level for id, level in reading.levels.items() if not reading_of_muscle(id)}
    without = query(network, absorb(network, levels, reading.total_shift)).marginals
    for id, at in model.hypotheses.flags:
        if id in judged.held or id not in real_reasoner._alert_from:
            continue
        full = max(float(posterior.marginals[at]), float(without[at]))
        least = real_reasoner._alert_from[id]
        assert (short[id] >= least) == (full >= least)


def reading_of_muscle(id: str) -> bool:
    """Whether a finding of the network was made on a muscle."""
    return "@muscle." in id or "@trp." in id


def _is_felt(model: Model, key: str) -> bool:
    h = model.hypothesis(key)
    return bool(h.pain or h.zones)
