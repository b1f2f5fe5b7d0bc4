"""Prints the moments at which nobody would hear a SIGTERM; for a process of its own, whose sockets it leaves behind."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from jsm_sla_bot.daemon.ending import signals

MOMENTS = 60
"""So many calls, at least, are made until the signals are listened to."""


class LeftError(Exception):
    """What the handler does that stood before."""


def leave(_number: int, _frame: FrameType | None) -> None:
    """Leave as `demo` does."""
    raise LeftError


@contextmanager
def sent_at(moment: int) -> Iterator[list[int]]:
    """Send SIGTERM to this thread once that many functions were called or left."""
    seen: list[int] = []

    def count(_frame: FrameType, _event: str, _of: object) -> None:
        seen.append(1)
        if len(seen) == moment:
            signal.raise_signal(signal.SIGTERM)

    sys.setprofile(count)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def is_lost(moment: int) -> bool:
    """Return whether nobody hears a signal that comes at that moment of the beginning."""
    stopped = Event()
    signal.signal(signal.SIGTERM, leave)
    try:
        with sent_at(moment) as seen, signals(stopped.set):
            sys.setprofile(None)
            return len(seen) >= moment and not stopped.wait(2)
    except LeftError:
        return False
    finally:
        signal.set_wakeup_fd(-1)


if __name__ == "__main__":
    lost = [moment for moment in range(1, MOMENTS) if is_lost(moment)]
    sys.stdout.write(f"{lost}\n")
