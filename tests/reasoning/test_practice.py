"""Invented clients: the same seed, the same client; a test answers the same whenever it is asked; the drawing fits."""

import pytest

from tautband.reasoning.loading import reasoner
from tautband.reasoning.practice import invent, question_of, result

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_is_one_client(seed: int) -> None:
    model = reasoner().model
    assert invent(model, seed) == invent(model, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_client_is_felt_somewhere_and_has_known_sources(seed: int) -> None:
    client = invent(reasoner().model, seed)
    assert client.picture.drawing.marks
    assert client.active
    assert not any(key.startswith("flag.") for key in client.active)


def test_a_result_does_not_depend_on_what_was_asked_before() -> None:
    model = reasoner().model
    client = invent(model, 4)
    question = question_of(model, "exam.spurling/left")
    assert question is not None
    assert result(model, client, question) == result(model, client, question)


def test_unknown_questions_are_none() -> None:
    assert question_of(reasoner().model, "exam.nothing/left") is None
