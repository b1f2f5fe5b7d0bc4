"""The end of the process within ten seconds of SIGTERM or SIGINT, even if the site, the database or a thread hangs.

A thread of its own waits for signals, so it does not matter what the main thread hangs in: the interpreter writes the
signal's number to a socket at once, while a handler has to wait for the main thread's next step. `arm` is the last
resort: when draining and closing have had their time, the process ends hard. Nothing is lost by that, a kill loses
no more: the journal knows what was begun, and the next start finds out what became of it.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import FrameType

import structlog

HARD_SECONDS = 8.0
"""After this long the process ends, whatever hangs."""
LAST_LINE_SECONDS = 0.3
"""The time that the last line of the log has."""

log = structlog.get_logger()


@contextmanager
def signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop`, in a thread of its own, at each SIGTERM and SIGINT; only for the main thread."""
    listening, signalling = socket.socketpair()
    signalling.settimeout(0)
    listener = Thread(
        target=_listen, args=(listening, stop), name="signals", daemon=True
    )
    listener.start()
    # Somebody hears before anybody is told that a signal is only noticed: one that comes in between is not lost.
    descriptor = signal.set_wakeup_fd(
        signalling.fileno(), warn_on_full_buffer=False
    )
    before = {
        number: signal.signal(number, _noticed)
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(descriptor)
        signalling.close()
        listener.join(1)
        listening.close()


def arm(seconds: float = HARD_SECONDS) -> None:
    """End the process after so many seconds, unless it has ended by then."""
    Thread(target=_end, args=(seconds,), name="end", daemon=True).start()


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the interpreter has written to the socket already."""


def _listen(listening: socket.socket, stop: Callable[[], None]) -> None:
    while listening.recv(16):
        stop()


def _end(seconds: float) -> None:
    time.sleep(seconds)
    # Writing to the log may hang as well, so it has a thread of its own.
    Thread(target=_log_hard_end, daemon=True).start()
    time.sleep(LAST_LINE_SECONDS)
    os._exit(0)


def _log_hard_end() -> None:
    log.warning(
        "daemon_ends_hard",
        why="something did not end; the next start finds out what became of it",
    )
