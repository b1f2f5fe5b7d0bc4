"""When a sweep is owed: at the start, for a policy that is not in force yet, and again after one that failed."""

from collections.abc import Callable
from datetime import timedelta

from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.journal import PassOutcome, PassReport

RETRY = timedelta(minutes=10)
"""A sweep that failed is tried again after this long at the latest."""


class OwedSweep:
    """Counts failed sweeps. `monotonic` is in seconds. One caller at a time."""

    def __init__(
        self, poll_interval: timedelta, monotonic: Callable[[], float]
    ) -> None:
        self._poll_interval = poll_interval
        self._monotonic = monotonic
        self._has_swept = False
        self._failures = 0
        self._not_before = float("-inf")

    @property
    def has_swept(self) -> bool:
        """Whether a sweep has succeeded, and none has failed since."""
        return self._has_swept

    @property
    def is_time(self) -> bool:
        """Whether the wait after a failed sweep is over."""
        return self._monotonic() >= self._not_before

    def offered(self) -> None:
        """Note that a policy is offered: it is swept in at once, whatever became of the one before."""
        self._not_before = float("-inf")

    def swept(self, report: PassReport, journal_trouble: str | None) -> None:
        """Note what a sweep came to.

        After a failure the next one waits longer each time: a person may have to end what it failed at.
        """
        if report.outcome is PassOutcome.FAILED:
            self._has_swept = False
        elif report.outcome is PassOutcome.DONE:
            self._has_swept = True
        wait = timedelta(0)
        if report.failed or journal_trouble:
            self._failures += 1
            wait = backoff(self._poll_interval, RETRY, self._failures)
        else:
            self._failures = 0
        self._not_before = self._monotonic() + wait.total_seconds()
