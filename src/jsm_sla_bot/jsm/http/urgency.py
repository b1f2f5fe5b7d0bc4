"""Which calls go first where a limit makes them queue: those made while something urgent is being written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ORDINARY = 2
_current: ContextVar[int] = ContextVar("urgency", default=ORDINARY)


def current_urgency() -> int:
    """Return the urgency of the calls that this thread makes now: the lower, the sooner."""
    return _current.get()


@contextmanager
def urgency(value: int) -> Iterator[None]:
    """Give every call that this thread makes meanwhile that urgency."""
    before = _current.set(value)
    try:
        yield
    finally:
        _current.reset(before)
