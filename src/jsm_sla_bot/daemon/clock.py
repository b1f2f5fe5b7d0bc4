"""The machine's clock: time enters here, behind the port `Clock`. And what happens when somebody sets it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

JUMP = timedelta(seconds=5)
"""Clocks drift and are slewed; one that moves by more than this between two looks, a second apart, was set."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return datetime.now(UTC)


class JumpWatch:
    """Compares the machine's clock with one that nobody can set (`monotonic`, in seconds)."""

    def __init__(
        self, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._difference = self._measured()

    def jump(self) -> timedelta:
        """Return by how much the clock was set since the last look: zero for what clocks do by themselves."""
        before = self._difference
        self._difference = self._measured()
        moved = self._difference - before
        return moved if abs(moved) > JUMP else timedelta(0)

    def _measured(self) -> datetime:
        return self._now() - timedelta(seconds=self._monotonic())


def after_jump(
    planned: datetime, now: datetime, interval: timedelta
) -> datetime:
    """Return when a job runs that was planned by the clock before it was set; all instants aware UTC.

    Never before `now`, and at most an interval later.
    """
    return min(max(planned, now), now + interval)
