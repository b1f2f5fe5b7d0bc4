"""A signal is heard from the first moment on, wherever it comes in."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

import pytest

from jsm_sla_bot.daemon.ending import signals

MOMENTS = 60
"""So many calls, at least, are made until the signals are listened to."""


class LeftError(Exception):
    """What the handler does that stood before."""


def leave(_number: int, _frame: FrameType | None) -> None:
    """Leave as `demo` does."""
    raise LeftError


@contextmanager
def handled(number: int, handler: Callable[..., Any]) -> Iterator[None]:
    """Handle a signal that way for a while."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def sent_at(moment: int) -> Iterator[list[int]]:
    """Send SIGTERM to this process once that many functions were called or left."""
    seen: list[int] = []

    def count(_frame: FrameType, _event: str, _of: object) -> None:
        seen.append(1)
        if len(seen) == moment:
            os.kill(os.getpid(), signal.SIGTERM)

    sys.setprofile(count)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def is_lost(moment: int) -> bool:
    """Return whether nobody hears a signal that comes at that moment of the beginning."""
    stopped = Event()
    try:
        with (
            handled(signal.SIGTERM, leave),
            sent_at(moment) as seen,
            signals(stopped.set),
        ):
            sys.setprofile(None)
            return len(seen) >= moment and not stopped.wait(2)
    except LeftError:
        return False
    finally:
        signal.set_wakeup_fd(-1)


# Whoever leaves half way ends the process, and its sockets with it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("moment", range(1, MOMENTS))
def test_a_signal_at_any_moment_of_the_beginning_is_heard(moment: int) -> None:
    """Either what handled it before does, or the daemon is told to stop."""
    assert not is_lost(moment)
