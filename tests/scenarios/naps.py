"""The bot's waits for Jira in virtual time: skipped where everybody waits, real where an answer is on its way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.json_values import Json

_GLANCE = 0.0005
"""Seconds after which a waiting thread looks again whether the others wait as well."""


@dataclass(slots=True)
class Naps:
    """The seconds that were waited so far. Safe to use from several threads.

    Whoever wakes first is woken first, and not before everybody else with a call to make waits as well: else the
    time would run ahead of an answer that is on its way. Until it is here a wait takes its real time.
    """

    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _calling: set[int] = field(default_factory=set)
    _wakes: dict[int, float] = field(default_factory=dict)

    def take(self, seconds: float) -> None:
        """Wait for so many seconds of virtual time."""
        thread = threading.get_ident()
        latest = time.monotonic() + seconds
        with self._lock:
            wake = self.seconds + seconds
            self._wakes[thread] = wake
        while not self._woken(
            thread, wake, at_once=time.monotonic() >= latest
        ):
            time.sleep(_GLANCE)

    def follow(self, transport: Transport) -> None:
        """Know from now on which threads make a call."""
        ask = transport.ask

        def followed(
            method: Callable[..., Any], *args: object, **options: object
        ) -> Json:
            with self._call():
                return ask(method, *args, **options)

        transport.ask = followed  # type: ignore[method-assign]

    @contextmanager
    def _call(self) -> Iterator[None]:
        thread = threading.get_ident()
        with self._lock:
            self._calling.add(thread)
        try:
            yield
        finally:
            with self._lock:
                self._calling.discard(thread)

    def _woken(self, thread: int, wake: float, *, at_once: bool) -> bool:
        """Move the time on where this thread is the next to wake; return whether it was."""
        with self._lock:
            is_next = wake <= min(self._wakes.values())
            all_others_wait = self._calling <= self._wakes.keys()
            if not at_once and not (is_next and all_others_wait):
                return False
            del self._wakes[thread]
            self.seconds = max(self.seconds, wake)
            return True
