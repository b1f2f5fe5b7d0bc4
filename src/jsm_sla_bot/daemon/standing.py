"""How the daemon stands by a clock that nobody sets: does its loop go round, was Jira reached, did a pass succeed."""

from collections.abc import Callable
from datetime import timedelta

from jsm_sla_bot.ports.journal import PassKind, PassOutcome, PassReport

OVERDUE = timedelta(minutes=2)
"""Without a good pass for so long, or five polls, the health says so."""

STILL_SECONDS = 60.0
"""The daemon's own loop goes round once a second; one that has not for so long hangs."""


class Standing:
    """What went well last. `monotonic` is in seconds."""

    def __init__(
        self, poll_interval: timedelta, monotonic: Callable[[], float]
    ) -> None:
        self._patience = max(5 * poll_interval, OVERDUE).total_seconds()
        self._monotonic = monotonic
        self._good_at = self._beat_at = monotonic()
        self._has_worked = False
        self._unreached: str | None = "Jira has not answered yet"
        self._held_back: str | None = None

    def begin(self) -> None:
        """Count from now."""
        self._good_at = self._beat_at = self._monotonic()

    def beat(self) -> None:
        """Take note that the loop has gone round."""
        self._beat_at = self._monotonic()

    def passed(self, report: PassReport, *, reached: bool) -> None:
        """Take note of a pass over the desk; `reached` tells that a failure was none of the site's."""
        if report.kind is PassKind.DUE:
            return
        if report.outcome is not PassOutcome.FAILED:
            self._good_at = self._monotonic()
            self._has_worked = True
            self._unreached = None
        elif not reached:
            self._unreached = report.failed
        if report.refused:
            self._held_back = report.refused

    def overdue(self) -> str | None:
        """Tell when no pass was good for too long."""
        age = self._monotonic() - self._good_at
        return (
            f"no pass has succeeded for {age:.0f} s" if age > self._patience else None
        )

    def unproven(self) -> str | None:
        """Tell that nothing has worked yet: a daemon that has just started is not well."""
        return None if self._has_worked else "no pass has succeeded yet"

    def unreached(self) -> str | None:
        """Tell why Jira can't be reached."""
        return self._unreached

    def held_back(self, in_force: str | None) -> str | None:
        """Tell what is waited for where no policy is in force."""
        if in_force:
            return None
        return self._held_back or "no policy has been let through yet"

    def still(self) -> str | None:
        """Tell that the daemon's loop hangs."""
        age = self._monotonic() - self._beat_at
        why = f"the daemon's loop has stood still for {age:.0f} s"
        return why if age > STILL_SECONDS else None
