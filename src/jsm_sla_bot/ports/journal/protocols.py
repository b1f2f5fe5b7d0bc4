"""The journal as five small ports; who uses it asks for those that it needs and for no more.

Needs: a database, and nothing from Jira. Promises: a cache and a history. Deleted, it is rebuilt from Jira, where the
truth lives. Every method raises JournalError, and any of them may be called from several threads. Only an intent has
to be on disk before its writer goes on; what else is lost, the next sweep finds out again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from jsm_sla_bot.ports.journal.marks import M, Mark
from jsm_sla_bot.ports.journal.values import Entry, Failure, PassReport
from jsm_sla_bot.ports.site_identity import SiteIdentity


class Agenda(Protocol):
    """What is to be done later without anybody's touch: changes by time, and requests to be tried again."""

    def agenda(self, now: datetime) -> Sequence[str]:
        """Return the ids whose status changes by `now`, and those set aside whose time has come."""

    def next_change_at(self) -> datetime | None:
        """Return the next instant at which the agenda has something to do."""

    def set_aside(self, failures: Sequence[Failure]) -> None:
        """Keep these failures."""

    def set_aside_requests(self) -> Sequence[Failure]:
        """Return every request that is set aside."""

    def failures_of(self, ids: Sequence[str]) -> Mapping[str, Failure]:
        """Return those of these requests that are set aside, by id."""

    def pardon(self, ids: Sequence[str]) -> None:
        """No longer keep these requests as set aside, and await nothing of them until somebody touches them."""


class SeenRequests(Protocol):
    """What was last seen and written of each request."""

    def record(self, entries: Sequence[Entry]) -> None:
        """Keep the outcome for these requests; a request recorded is no longer set aside."""

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""

    def changes_of(
        self, ids: Sequence[str], after: datetime
    ) -> Mapping[str, datetime]:
        """Return when the status of these requests changes by itself, of those where that is `after` an instant."""

    def frozen_in(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the status in which the site took no edit, of those of these requests that were given up."""

    def remarked(self) -> Sequence[Entry]:
        """Return the requests of which something is left as it is, by key."""

    def open_ids(self) -> Sequence[str]:
        """Return the ids of the requests that were open when last seen."""

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that Jira says are gone, or that are no longer ours."""


class PassLog(Protocol):
    """How far the passes have come, and what the last ones did."""

    def watermark(self) -> datetime | None:
        """Return the server time at which the last completely applied pass began."""

    def advance(self, watermark: datetime) -> None:
        """Move the watermark, never back."""

    def policy(self) -> str | None:
        """Return the hash of the policy under which the last sweep was completed."""

    def swept(self, policy: str) -> None:
        """Remember the policy of a completed sweep, which settles what an earlier one did not believe."""

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass."""

    def passes(self, limit: int) -> Sequence[PassReport]:
        """Return the last passes, newest first."""


class Intents(Protocol):
    """What a writer was about to do, and how it ended.

    Raises JournalError; of what can't be kept only an intent is worth stopping for.
    """

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note to that request has an unknown outcome, or the journal is too new to know."""

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns."""

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands."""

    def resolved(self, request_id: str) -> Mapping[str, str]:
        """Return the comment by marker of the notes to that request that are known to stand, or to have stood."""

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted: the request's comments have been looked through."""


class Marks(Protocol):
    """Single facts that outlive a pass: at most one of each class."""

    def recall(self, kind: type[M]) -> M | None:
        """Return the mark of that class; None where there is none."""

    def remember(self, mark: Mark) -> None:
        """Keep a mark in place of the one before it."""

    def clear(self, *kinds: type[Mark]) -> None:
        """Keep no mark of these classes any more."""


class Journal(Agenda, SeenRequests, PassLog, Intents, Marks, Protocol):
    """The journal as a whole, for who makes a pass begin and end."""

    def ensure(self) -> None:
        """Make sure that the journal is there; one that was lost is made again. Raises JournalError."""

    def bind(self, site: SiteIdentity) -> None:
        """Make sure that the journal is about that site, once it has answered; remember it.

        Raises ForeignJournalError where it is about another one, and changes nothing then.
        """
