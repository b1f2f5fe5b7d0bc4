"""When a sweep is owed: at the start, for a policy that is not in force yet, and again after one that failed."""

from collections.abc import Callable
from datetime import timedelta

from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.journal import PassKind, PassOutcome, PassReport

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
        self._is_refused = False

    @property
    def has_swept(self) -> bool:
        """Whether a sweep has succeeded, and none has failed since."""
        return self._has_swept

    @property
    def is_time(self) -> bool:
        """Whether the wait after a failed sweep is over."""
        return self._monotonic() >= self._not_before

    @property
    def is_refused(self) -> bool:
        """Whether the policy that is offered was refused by the last pass that judged it."""
        return self._is_refused

    def offered(self) -> None:
        """Note that a policy is offered: it is swept in at once, whatever became of the one before."""
        self._is_refused = False
        self._not_before = float("-inf")

    def judged(self, *, refused: bool) -> None:
        """Note what became of the policy that is offered."""
        self._is_refused = refused

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


def settles(report: PassReport) -> bool:
    """Tell whether a pass shows what becomes of its policy: a completed sweep, or any refusal."""
    is_sweep = report.kind is PassKind.SWEEP
    is_done = report.outcome is PassOutcome.DONE
    return (is_sweep and is_done) or bool(report.refused)
