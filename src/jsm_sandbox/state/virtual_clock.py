"""The sandbox's time: as fast as wanted, stopped, or set to another day, and shared with whoever takes a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from jsm_sandbox.state import instants


class VirtualClock:
    """A clock with hands that can be moved; no thread ever sleeps by it.

    ``speed`` says how many seconds pass here in one second of the machine's: 0 stops the time, 1 is everyday
    life, 3600 lets an hour pass in a second. All instants are aware UTC.
    """

    def __init__(
        self,
        start: datetime | None = None,
        speed: float | None = None,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Stand at ``start``; without one, go with the machine's own time."""
        self._ticks = ticks
        self._lock = Lock()
        self._shown = (start or instants.machine_utc()).astimezone(UTC)
        self._read = ticks()
        self._speed = float(start is None) if speed is None else speed

    def now(self) -> datetime:
        """Give the time, aware UTC."""
        with self._lock:
            return self._now()

    __call__ = now

    @property
    def speed(self) -> float:
        """Give how fast the time goes here."""
        return self._speed

    def advance(self, **span: float) -> datetime:
        """Let time pass: ``advance(hours=2)``."""
        with self._lock:
            self._stand_at(self._now() + timedelta(**span))
            return self._shown

    def set(
        self, instant: datetime | None = None, *, speed: float | None = None
    ) -> datetime:
        """Move the hands, the speed or both. Raises ValueError for a naive instant or a negative speed."""
        if instant is not None and instant.tzinfo is None:
            raise ValueError(
                f"{instant} has no time zone: write it like 2026-03-02T09:00:00Z"
            )
        if speed is not None and speed < 0:
            raise ValueError(f"time does not run backwards: speed {speed}")
        with self._lock:
            self._stand_at(
                self._now() if instant is None else instant.astimezone(UTC)
            )
            self._speed = self._speed if speed is None else speed
            return self._shown

    def _now(self) -> datetime:
        return self._shown + timedelta(
            seconds=(self._ticks() - self._read) * self._speed
        )

    def _stand_at(self, instant: datetime) -> None:
        self._shown = instant
        self._read = self._ticks()
