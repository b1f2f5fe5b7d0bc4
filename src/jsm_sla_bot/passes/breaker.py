"""The circuit breaker of a site: an outage is the site's trouble, not that of a hundred thousand requests.

Requests that were well before and now fail in a row are no matter of single requests: writing stops, nobody is
set aside, and after a while one request is tried again.
"""

from datetime import datetime, timedelta
from threading import Lock

from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.errors import TransientError
from jsm_sla_bot.ports.site import Clock

IN_A_ROW = 16
"""So many different requests failing one after the other, twice as many as there are workers, are an outage."""
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)


class OutageError(TransientError):
    """The site as a whole takes no writes at the moment."""


class Breaker:
    """Opens after so many failures in a row; half open after a rest; closed by one success. Thread-safe."""

    def __init__(self, clock: Clock, in_a_row: int = IN_A_ROW) -> None:
        self._clock = clock
        self._in_a_row = in_a_row
        self._lock = Lock()
        self._failures = 0
        self._opened = 0
        self._until: datetime | None = None
        self._why = ""

    def check(self) -> None:
        """Raise OutageError while the breaker is open."""
        if why := self.open_because():
            raise OutageError(why)

    def open_because(self) -> str | None:
        """Return why nothing may be written at the moment, None when it may."""
        with self._lock:
            if self._until is None or self._clock.now() >= self._until:
                return None
            return f"taken for an outage of the site until {self._until:%H:%M:%S} UTC: {self._why}"

    def succeeded(self) -> None:
        """Take note that a request was written: the site is well."""
        with self._lock:
            self._failures = 0
            self._opened = 0
            self._until = None

    def failed(self, why: str) -> None:
        """Take note that a request that was well before could not be written, for a reason that may pass."""
        with self._lock:
            self._failures += 1
            now = self._clock.now()
            is_open = self._until is not None and now < self._until
            if is_open or self._failures < (
                1 if self._opened else self._in_a_row
            ):
                return
            rest = backoff(FIRST_REST, LONGEST_REST, self._opened)
            self._opened += 1
            self._until = now + rest
            self._why = f"{self._failures} requests in a row could not be written, the last: {why}"
