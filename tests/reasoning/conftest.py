"""One small reasoner, and the real one, each built once."""

import pytest
from small_atlas import EVERYTHING, write

from tautband.knowledge import Atlas
from tautband.reasoning import Reasoner, build_model
from tautband.reasoning.loading import reasoner as usual_reasoner


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return write(tmp_path_factory.mktemp("atlas"), *EVERYTHING)


@pytest.fixture(scope="session")
def small_reasoner(small: Atlas) -> Reasoner:
    return Reasoner(build_model(small))


@pytest.fixture(scope="session")
def real_reasoner() -> Reasoner:
    return usual_reasoner()
