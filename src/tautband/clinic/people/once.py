"""What several parts of one page ask for is asked of the database once.

    visits = once(("visits", client.pk), lambda: list(client.visits.all()))

Kept while one GET is answered and no longer, so what a form has just changed is never an old answer. Outside of a
request (commands, errands, tests of actions) nothing is kept.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Found = TypeVar("Found")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked_once", default=None)


def once(key: Hashable, ask: Callable[[], Found]) -> Found:
    """What `ask` answered the first time under this key. The key names what is asked, of whom, and by whom."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return cast(Found, kept[key])


@contextmanager
def one_page(*, keeps: bool) -> Iterator[None]:
    """While a page is made; `keeps` is False for whatever may change something."""
    token = _kept.set({} if keeps else None)
    try:
        yield
    finally:
        _kept.reset(token)
