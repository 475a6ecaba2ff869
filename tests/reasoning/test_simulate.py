"""Simulated clients: the same seed gives the same client, and what is said of them is as true as it is likely."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import State
from tautband.reasoning import Reasoner
from tautband.reasoning.calibration import expected_calibration_error, reliability
from tautband.reasoning.evidence import read_picture
from tautband.reasoning.inference import absorb, query
from tautband.reasoning.simulate import SimulatedClient, askable, simulate


def said_and_true(reasoner: Reasoner, client: SimulatedClient) -> tuple[np.ndarray, list[bool]]:
    model = reasoner.model
    reading = read_picture(client.picture, model)
    posterior = query(model.network, absorb(model.network, reading.levels, reading.total_shift))
    return posterior.marginals, [h.key in client.active for h in model.hypotheses.every]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_a_seed_is_a_client(small_reasoner: Reasoner, seed: int) -> None:
    model = small_reasoner.model
    one, other = simulate(model, seed, exams=6), simulate(model, seed, exams=6)
    assert one == other
    assert not read_picture(one.picture, model).set_aside
    assert all(f.state is not State.UNKNOWN for f in one.picture.findings)
    assert one.picture.contradictions() == ()


def test_clients_of_the_small_atlas_are_calibrated(small_reasoner: Reasoner) -> None:
    bands = reliability(said_and_true(small_reasoner, simulate(small_reasoner.model, seed, 6)) for seed in range(1500))
    assert all(abs(band.z) < 4 for band in bands), bands
    assert expected_calibration_error(bands, least=0.01) < 0.02


def test_clients_of_the_real_atlas_are_calibrated(real_reasoner: Reasoner) -> None:
    """A smaller run of what benchmarks/reasoning.py does in full."""
    bands = reliability(said_and_true(real_reasoner, simulate(real_reasoner.model, seed)) for seed in range(60))
    assert all(abs(band.z) < 4 for band in bands), bands


def test_the_check_would_notice_overconfidence(small_reasoner: Reasoner) -> None:
    """Sharpened probabilities fail the very check that the engine passes."""

    def sharpened(seed: int) -> tuple[np.ndarray, list[bool]]:
        said, true = said_and_true(small_reasoner, simulate(small_reasoner.model, seed, 6))
        odds = (np.clip(said, 1e-9, 1 - 1e-9) / (1 - np.clip(said, 1e-9, 1 - 1e-9))) ** 1.6
        return odds / (1 + odds), true

    bands = reliability(sharpened(seed) for seed in range(1500))
    assert any(abs(band.z) > 4 for band in bands)


def test_clients_made_for_teaching_have_the_sources_asked_for_and_most_can_be_solved(real_reasoner: Reasoner) -> None:
    """Of 60 such clients 70 to 75 in 100 have one of the two sources among the first five of more than a thousand."""
    wanted = {"trp.infraspinatus.1/left", "root.c6/left"}
    solved = 0
    for seed in range(8):
        client = simulate(real_reasoner.model, seed, active=wanted)
        assert client.active == wanted
        first = {s.of for s in real_reasoner.consider(client.picture).suspects[:5]}
        solved += bool(first & {"muscle.infraspinatus", "root.c6"})
    assert solved >= 4
    with pytest.raises(KeyError):
        simulate(real_reasoner.model, 3, active=["trp.nowhere.9/left"])


def test_only_questions_with_a_side_of_their_own_are_asked(real_reasoner: Reasoner) -> None:
    questions = askable(real_reasoner.model)
    assert len({q.id() for q in questions}) == len(questions)
    assert not {(q.exam, q.of) for q in questions if q.side == "midline"} & {
        (q.exam, q.of) for q in questions if q.side != "midline"
    }


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bands_hold_every_statement_once(rows: list[tuple[float, bool]]) -> None:
    bands = reliability([([p], [t]) for p, t in rows])
    assert sum(band.n for band in bands) == len(rows)
    assert all(a.high <= b.low for a, b in pairwise(bands))
    assert sum(band.n * band.said for band in bands) == pytest.approx(sum(p for p, _ in rows))
    assert sum(band.n * band.true for band in bands) == pytest.approx(sum(t for _, t in rows))


def test_a_statement_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="no probability"):
        reliability([([1.2], [1])])
    assert reliability([]) == ()
