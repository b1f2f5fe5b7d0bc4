"""The end of the process within ten seconds of SIGTERM or SIGINT, whoever is silent: the site, the database, a thread.

A signal is noticed by a thread of its own, whatever the main thread hangs in: the interpreter writes its number to a
socket at once, while a handler has to wait for the main thread's next step. `arm` is the last resort: what drains and
closes has its time, then the process ends hard. Nothing is lost by it, a kill loses no more: the journal knows what
was begun, and the next start looks up what became of it.
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
"""After so long the process ends, whatever hangs."""
LAST_WORD_SECONDS = 0.3

log = structlog.get_logger()


@contextmanager
def signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop`, in a thread of its own, at each SIGTERM and SIGINT; only for the main thread."""
    heard, told = socket.socketpair()
    told.settimeout(0)
    before = {
        number: signal.signal(number, _noticed)
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    descriptor = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    listener = Thread(target=_listen, args=(heard, stop), name="signals", daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, handler in before.items():
            signal.signal(number, handler)
        told.close()
        listener.join(1)
        heard.close()


def arm(seconds: float = HARD_SECONDS) -> None:
    """End the process after so many seconds, unless it has ended by then."""
    Thread(target=_end, args=(seconds,), name="end", daemon=True).start()


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the interpreter has written to the socket already."""


def _listen(heard: socket.socket, stop: Callable[[], None]) -> None:
    while heard.recv(16):
        stop()


def _end(seconds: float) -> None:
    time.sleep(seconds)
    # What the log goes to may hang as well, so it has a thread of its own.
    Thread(target=_last_word, daemon=True).start()
    time.sleep(LAST_WORD_SECONDS)
    os._exit(0)


def _last_word() -> None:
    log.warning(
        "daemon_ends_hard",
        why="something did not end; the next start looks up what became of it",
    )
