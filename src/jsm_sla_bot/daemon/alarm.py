"""When the next pass over due requests runs: at the agenda's next instant, but not at once after a failure."""

from datetime import datetime, timedelta
from threading import Lock

SOON = timedelta(milliseconds=200)
"""An instant that is over is met this much later: a pass that changes nothing must not follow itself without rest."""


class Alarm:
    """Remembers for which instant it is set. All instants are aware UTC. Safe to use from several threads."""

    def __init__(self, poll_interval: timedelta) -> None:
        self._poll_interval = poll_interval
        self._lock = Lock()
        self._set_for: datetime | None = None
        self._not_before: datetime | None = None

    def next(self, upcoming: datetime, now: datetime) -> datetime | None:
        """Return when to ring for the agenda's next instant; None while the alarm is set for it already."""
        with self._lock:
            at = upcoming
            if self._not_before is not None:
                at = max(upcoming, self._not_before)
            if at == self._set_for and at > now:
                return None
            self._set_for = at
            return max(at, now + SOON)

    def wait_for_poll(self, now: datetime) -> None:
        """Do not ring before the next poll: a pass has just failed, and would fail again."""
        with self._lock:
            self._not_before = now + self._poll_interval

    def need_not_wait(self) -> None:
        """Ring at the agenda's instants again: a pass has succeeded."""
        with self._lock:
            self._not_before = None

    def clock_was_set(self) -> None:
        """Forget every instant of the clock as it was before."""
        with self._lock:
            self._set_for = None
            self._not_before = None
