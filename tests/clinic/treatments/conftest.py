"""What the note form sends."""

from collections.abc import Callable

import pytest


@pytest.fixture
def note_data() -> Callable[..., dict[str, str]]:
    """The fields of a note form with everything filled."""

    def data(**changed: str) -> dict[str, str]:
        filled = {"subjective": "s", "objective": "o", "assessment": "a", "plan": "p", "said": "", "drafted": "{}"}
        return {**filled, "seen": "0", "key": "", **changed}

    return data
