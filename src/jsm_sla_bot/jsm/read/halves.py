"""Asks for many at once, and finds the one to blame where that fails."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from jsm_sla_bot.jsm.errors import (
    NotSentError,
    RateLimitedError,
    StoppedError,
    TransientError,
)
from jsm_sla_bot.jsm.read.found import Found

T = TypeVar("T")


def in_halves(
    ids: Sequence[str],
    ask: Callable[[Sequence[str]], Iterable[T]],
    found: Found,
) -> Iterator[T]:
    """Ask for all at once; if that fails for one of them, for each half, down to the one to blame."""
    if not ids:
        return
    try:
        answer = list(ask(ids))
    except (NotSentError, RateLimitedError, StoppedError):
        raise
    except TransientError as error:
        found.blame(error)
        if len(ids) == 1:
            found.leave(ids[0], str(error))
            return
        middle = len(ids) // 2
        yield from in_halves(ids[:middle], ask, found)
        yield from in_halves(ids[middle:], ask, found)
    else:
        found.answered = True
        yield from answer
