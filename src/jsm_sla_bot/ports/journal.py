"""The journal as a port: what is kept of requests and passes, and what a writer tells it before and after a note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jsm_sla_bot.ports.site import SiteIdentity, TerminalError, TransientError
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside


class JournalError(TransientError):
    """The journal can't be read or written at the moment; the message is one sentence with the cause.

    It is no fault of the site's, and none of a request's.
    """


class ForeignJournalError(TerminalError):
    """The journal is about another site: it is neither used nor erased without a person's word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of one request after a pass. Instants are aware UTC.

    `remark` says which of its fields are left as they are, and why; None for nearly all. `frozen_in` names the done
    status in which the site takes no edit of it, so that none is tried while it stays there.
    """

    id: str
    key: str
    updated: datetime
    status: str
    due: datetime | None
    next_change_at: datetime | None
    is_open: bool
    policy: str
    remark: str | None = None
    frozen_in: str | None = None

    def __post_init__(self) -> None:
        """Keep nothing that the request could do to who reads it."""
        object.__setattr__(self, "key", outside(self.key))
        if self.remark is not None:
            object.__setattr__(self, "remark", outside(self.remark, LONGEST_MESSAGE))


@dataclass(frozen=True, slots=True)
class Failure:
    """A request set aside: why, for the how-manieth time, and when to look at it again (aware UTC).

    `updated` (aware UTC) is what it showed when it failed; None where that could not be read.
    """

    id: str
    key: str
    reason: str
    failures: int
    retry_at: datetime
    updated: datetime | None = None

    def __post_init__(self) -> None:
        """Keep nothing that the request could do to who reads it."""
        object.__setattr__(self, "key", outside(self.key))
        object.__setattr__(self, "reason", outside(self.reason, LONGEST_MESSAGE))


class PassKind(StrEnum):
    """Which requests a pass looks at."""

    CHANGED = "changed"
    """Those updated since the watermark."""
    DUE = "due"
    """Those whose status changes by the mere passing of time, and those to be tried again."""
    SWEEP = "sweep"
    """Every open request."""


class PassOutcome(StrEnum):
    """How a pass ended."""

    DONE = "done"
    REFUSED = "refused"
    """Its policy may not be written."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did; `refused` and `failed` say why nothing, or not all, was written."""

    kind: PassKind
    started: datetime
    ended: datetime
    seen: int
    read: int
    differing: int
    writes: int
    set_aside: int
    refused: str | None = None
    failed: str | None = None
    policy: str = ""
    """The hash of the policy it went by, or was refused for."""

    @property
    def outcome(self) -> PassOutcome:
        """How the pass ended."""
        if self.failed:
            return PassOutcome.FAILED
        return PassOutcome.REFUSED if self.refused else PassOutcome.DONE

    @property
    def seconds(self) -> float:
        """How long it took, to the millisecond."""
        return round((self.ended - self.started).total_seconds(), 3)

    @property
    def because(self) -> str | None:
        """Why it did not get through; None where it did."""
        return self.failed or self.refused


class Mark(StrEnum):
    """What the journal remembers besides requests and passes."""

    ADMITTED = "admitted"
    """The hash of the last policy that was let through to the desk."""
    REFUSED = "refused"
    """The hash of the policy that is held back, with the reason after a space."""
    ALLOWED = "allowed"
    """The hash of the policy that a person lets through once."""
    GONE = "gone"
    """Why requests that can't be seen any more are not believed to be gone."""
    GONE_IDS = "gone_ids"
    """Which requests these are: their ids, as a JSON list."""
    GONE_ALLOWED = "gone_allowed"
    """The ids of those that a person has said are gone indeed, as a JSON list."""
    FACTS = "facts"
    """What the daemon knows of itself and the site, as JSON, for `status`."""
    SITE = "site"
    """The address under which the site was last reached that the journal is about."""
    IDENTITY = "identity"
    """What that site calls itself, as JSON: its cloud id and its base URL."""
    SCOPE = "scope"
    """The keys of the projects that a completed pass has covered, as a JSON list."""
    FIRST_SWEEP = "first_sweep"
    """Until a first sweep has completed: from when it owes done requests, and when the last try began, as JSON."""
    LOOKED_BACK = "looked_back"
    """When a *changed* pass last looked far behind the watermark."""
    CONFIGURATION = "configuration"
    """The files of the configuration that was let through last, as JSON."""


class Intents(Protocol):
    """The part of the journal that a writer needs: what it was about to do, and how it ended.

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


class Journal(Intents, Protocol):
    """A cache and a history: deleted, it is rebuilt from Jira, where the truth lives.

    Every method raises JournalError.
    """

    def ensure(self) -> None:
        """Make sure that the journal is there; one that was lost is made anew. Raises JournalError."""

    def bind(self, site: SiteIdentity) -> None:
        """Make sure that the journal is about that site, once it has answered; remember it.

        Raises ForeignJournalError where it is about another one, and changes nothing then.
        """

    def watermark(self) -> datetime | None:
        """Return the server time at which the last completely applied pass began."""

    def advance(self, watermark: datetime) -> None:
        """Move the watermark."""

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""

    def frozen_in(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the status in which the site took no edit, of those of these requests that were given up."""

    def remarked(self) -> Sequence[Entry]:
        """Return the requests of which something is left as it is, by key."""

    def record(self, entries: Sequence[Entry]) -> None:
        """Keep the outcome for these requests; a request recorded is no longer set aside."""

    def set_aside(self, failures: Sequence[Failure]) -> None:
        """Keep these failures."""

    def set_aside_requests(self) -> Sequence[Failure]:
        """Return every request that is set aside."""

    def failures_of(self, ids: Sequence[str]) -> Mapping[str, Failure]:
        """Return those of these requests that are set aside, by id."""

    def changes_of(self, ids: Sequence[str], after: datetime) -> Mapping[str, datetime]:
        """Return when the status of these requests changes by itself, of those where that is `after` an instant."""

    def agenda(self, now: datetime) -> Sequence[str]:
        """Return the ids whose status changes by `now`, and those set aside whose time has come."""

    def next_change_at(self) -> datetime | None:
        """Return the next instant at which the agenda has something to do."""

    def open_ids(self) -> Sequence[str]:
        """Return the ids of the requests that were open when last seen."""

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that Jira says are gone, or that are no longer ours."""

    def pardon(self, ids: Sequence[str]) -> None:
        """No longer keep these requests as set aside, and await nothing of them until somebody touches them."""

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass."""

    def passes(self, limit: int) -> Sequence[PassReport]:
        """Return the last passes, newest first."""

    def policy(self) -> str | None:
        """Return the hash of the policy under which the last sweep was completed."""

    def swept(self, policy: str) -> None:
        """Remember the policy of a completed sweep; whatever one before it did not believe is settled by it."""

    def recall(self, mark: Mark) -> str | None:
        """Return what was remembered under that mark, None when nothing was."""

    def remember(self, mark: Mark, text: str) -> None:
        """Remember a text under that mark."""
