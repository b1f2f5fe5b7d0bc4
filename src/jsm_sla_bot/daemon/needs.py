"""What the daemon needs of the site and of its journal, beyond what a pass needs: the adapters fit these protocols."""

from collections.abc import Mapping
from typing import Protocol, Self

from jsm_sla_bot.ports.journal import ForeignJournalError, Journal
from jsm_sla_bot.ports.review_desk import ReviewDesk
from jsm_sla_bot.ports.site import ChangeSink, Desk, RequestSource


class SiteConnection(Protocol):
    """A site, read as one `jira.yaml` says."""

    @property
    def source(self) -> RequestSource:
        """Where requests come from."""

    @property
    def sink(self) -> ChangeSink:
        """Where changes go."""

    @property
    def reviews(self) -> ReviewDesk:
        """Where requests for reviews are raised (D29)."""

    def serving(self, desk: Desk) -> Self:
        """Return the same site as another `jira.yaml` reads it."""

    def check(self) -> None:
        """Raise TerminalError where `jira.yaml` does not fit the site, TransientError where it does not answer."""

    def calls(self) -> Mapping[str, tuple[int, float]]:
        """Return how often each endpoint was called, and how many seconds callers waited for the limiter."""

    def answers(self) -> Mapping[tuple[str, str], int]:
        """Return how often each endpoint answered with which status; `none` where no answer came."""

    def notes_stopped(self) -> str | None:
        """Return why no notes are written any more, None while they are."""

    def end_waits(self) -> None:
        """End every wait between two attempts at once, and allow no other."""

    def abort(self) -> None:
        """Hang up on the site: what is under way ends at once, its outcome unknown."""


class DaemonJournal(Journal, Protocol):
    """The journal, with what the daemon reports about it."""

    @property
    def foreign(self) -> ForeignJournalError | None:
        """Why nothing may be written to it: it is about another site."""

    def trouble(self) -> str | None:
        """Return why it can't be read or written, None while it can."""
