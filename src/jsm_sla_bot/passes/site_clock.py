"""The time by which requests are judged: the site's, where our own clock is wrong."""

from datetime import datetime, timedelta

import structlog

from jsm_sla_bot.ports.site import Clock

TOLERATED = timedelta(seconds=2)
"""A difference up to this may be the way of the answer; our own clock is believed."""

log = structlog.get_logger()


class SiteClock:
    """The machine's clock, corrected by what the site says. Safe to use from several threads."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self.skew = timedelta(0)
        """How far the site's clock is ahead of the machine's, as last measured."""

    @property
    def correction(self) -> timedelta:
        """What is added to the machine's time."""
        return self.skew if abs(self.skew) > TOLERATED else timedelta(0)

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return self._machine.now() + self.correction

    def measured(self, site: datetime) -> None:
        """Take note of the site's time, asked for just now."""
        before = self.correction
        self.skew = site - self._machine.now()
        if abs(self.correction - before) > TOLERATED:
            log.warning(
                "clock_is_wrong",
                ahead_of_us=self.skew.total_seconds(),
                why="the site's clock is believed",
            )
