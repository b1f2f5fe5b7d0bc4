"""Whether the daemon works, by a clock that nobody can set: its loop turns, Jira answers, passes succeed."""

from collections.abc import Callable
from datetime import timedelta

from jsm_sla_bot.ports.journal import PassKind, PassOutcome, PassReport

OVERDUE = timedelta(minutes=2)
"""The health reports a problem when no pass has succeeded for this long, or for five polls if that is longer."""

HANGING_SECONDS = 60.0
"""The daemon's loop turns once a second; one that has not turned for this long hangs."""


class VitalSigns:
    """What succeeded last, and when. `monotonic` is in seconds. Passes and the loop report from their own threads."""

    def __init__(
        self, poll_interval: timedelta, monotonic: Callable[[], float]
    ) -> None:
        self._patience = max(5 * poll_interval, OVERDUE).total_seconds()
        self._monotonic = monotonic
        self._good_at = monotonic()
        self._beat_at = self._good_at
        self._has_worked = False
        self._unreached: str | None = "Jira has not answered yet"
        self._held_back: str | None = None

    def begin(self) -> None:
        """Count from now."""
        self._good_at = self._monotonic()
        self._beat_at = self._good_at

    def beat(self) -> None:
        """Note that the loop has turned."""
        self._beat_at = self._monotonic()

    def passed(self, report: PassReport, *, failed_by_journal: bool) -> None:
        """Note a pass over the desk; one that `failed_by_journal` says nothing about the site."""
        if report.kind is PassKind.DUE:
            return
        if report.outcome is not PassOutcome.FAILED:
            self._good_at = self._monotonic()
            self._has_worked = True
            self._unreached = None
        elif not failed_by_journal:
            self._unreached = report.failed
        if report.refused:
            self._held_back = report.refused

    def overdue(self) -> str | None:
        """Return since when no pass has succeeded, if that is too long ago."""
        age = self._monotonic() - self._good_at
        if age <= self._patience:
            return None
        return f"no pass has succeeded for {age:.0f} s"

    def unproven(self) -> str | None:
        """Return a reason while no pass has succeeded yet: a daemon that has just started is not well."""
        return None if self._has_worked else "no pass has succeeded yet"

    def unreached(self) -> str | None:
        """Return why Jira can't be reached."""
        return self._unreached

    def held_back(self, in_force: str | None) -> str | None:
        """Return what the daemon waits for while no policy is in force."""
        if in_force:
            return None
        return self._held_back or "no policy is in force yet"

    def hanging(self) -> str | None:
        """Return a reason when the daemon's loop has stopped turning."""
        age = self._monotonic() - self._beat_at
        if age <= HANGING_SECONDS:
            return None
        return f"the daemon's loop has stood still for {age:.0f} s"
