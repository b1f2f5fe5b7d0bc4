"""The bot's waits for Jira in virtual time: skipped where everybody waits, real where an answer is on its way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.json_values import Json


@dataclass(slots=True)
class Naps:
    """The seconds that were waited so far. Safe to use from several threads.

    Whoever wakes first is woken first, and not before everybody else with a call to make waits as well: else the
    time would run ahead of an answer that is on its way. Until it is here a wait takes its real time.
    """

    seconds: float = 0.0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _calling: set[int] = field(default_factory=set)
    _wakes: dict[int, float] = field(default_factory=dict)

    def take(self, seconds: float) -> None:
        """Wait for so many seconds of virtual time."""
        thread = threading.get_ident()
        with self._changed:
            wake = self.seconds + seconds
            self._wakes[thread] = wake
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_turn(wake), seconds)
            del self._wakes[thread]
            self.seconds = max(self.seconds, wake)
            self._changed.notify_all()

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
        with self._changed:
            self._calling.add(thread)
        try:
            yield
        finally:
            with self._changed:
                self._calling.discard(thread)
                self._changed.notify_all()

    def _is_turn(self, wake: float) -> bool:
        """Return whether nobody wakes earlier, and everybody with a call to make waits."""
        is_next = wake <= min(self._wakes.values())
        return is_next and self._calling <= self._wakes.keys()
