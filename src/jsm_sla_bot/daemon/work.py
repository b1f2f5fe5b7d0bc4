"""What the scheduler needs: the work to be done, and who is told that it goes on."""

from datetime import datetime
from typing import Protocol

from jsm_sla_bot.ports.journal import (
    PassKind,
)


class Work(Protocol):
    """What the daemon does: the scheduler knows when. Every method but the last two may raise JournalError."""

    def run(self, kind: PassKind) -> bool:
        """Run one pass; tell whether due requests may be tried again before the next poll.

        Raises ForeignJournalError, which ends the daemon.
        """

    def sweep_owed(self) -> bool:
        """Look whether the configuration has changed or the last sweep has failed."""

    def look_at_site(self) -> None:
        """Report what keeps the bot from its work on this site; asks it once for each configuration."""

    def next_due(self) -> datetime | None:
        """Return when time alone changes something next, aware UTC."""

    def stop(self) -> None:
        """Begin nothing more and end every wait; what is being written may finish."""

    def hang_up(self) -> None:
        """End at once what is under way; its outcome is unknown."""


class Pulse(Protocol):
    """Who is told that the daemon works."""

    def beat(self) -> None:
        """Note that the loop turns: about once a second."""

    def broken(self, job: str, why: str | None) -> None:
        """Note that a job failed in a way that nobody expected, or (None) that it works."""
