"""What the pass needs of the world, as protocols, and the two kinds of error that cross them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from jsm_sla_bot.plan.change import Plan, Shown, SlaField
from jsm_sla_bot.sla.request import Phase, RequestSnapshot


class TransientError(Exception):
    """It may go better later. `retry_after` is in seconds; None where the other side gave no advice.

    `wrote` counts what was written before it: where that is anything, only a part is missing, and the site is there.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.wrote = 0


class TerminalError(Exception):
    """It will not go better without somebody doing something; the message says what."""


class IdentityError(TerminalError):
    """Jira does not take us for the account we are: nothing it says may be believed, nothing written."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What `jira.yaml` says of the site: which projects, and what things are called there.

    A field is given by name or by id (`customfield_10001`); None means: found by its type (organizations,
    request type, participants) or not used (product, called). Names are compared without regard to case.
    """

    projects: tuple[str, ...]
    """Project keys; empty: every service desk that the account serves."""
    severity_field: str
    severities: Mapping[str, int]
    """Severity by option text or option id."""
    product_field: str | None
    called_field: str | None
    called_values: frozenset[str]
    """For a select or checkbox: the options that mean "has called". A datetime field needs none."""
    called_label: str | None
    organizations_field: str | None
    request_type_field: str | None
    participants_field: str | None
    sla_fields: Mapping[SlaField, str]
    agent_role: str
    agents: frozenset[str]
    """Account ids that are agents besides those in the role."""
    automations: frozenset[str]
    """Account ids that are never agents, whatever role they hold."""
    statuses: Mapping[str, Phase]
    """Phase by status name or id; any other status is open, or closed if its category is done."""
    escalation_status: str | None
    ignore_label: str
    lookback: timedelta
    """How far back a first pass looks for requests that are already done."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that a search found. `updated` is aware UTC; None where the search did not say."""

    id: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One request as Jira has it now: for the engine, and for the comparison."""

    id: str
    key: str
    updated: datetime
    snapshot: RequestSnapshot
    shown: Shown


@dataclass(frozen=True, slots=True)
class SetAside:
    """A request that could not be understood, and why (no text of a customer's).

    `updated` (aware UTC) tells when somebody has touched it since; None where it could not be read.
    """

    id: str
    key: str
    reason: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to `fetch`. `gone` are ids that Jira says do not exist (or may not be seen)."""

    sightings: Sequence[Sighting]
    set_aside: Sequence[SetAside] = ()
    gone: Sequence[str] = ()
    left: Sequence[str] = ()
    """The ids of requests in projects that are not served (any more)."""
    ignored: Sequence[str] = ()
    """The ids of requests that can't be understood and need not be: they carry the ignore label."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was really written for one plan. `refused` are parts the site refused, each with its reason."""

    key: str
    writes: int
    notes: Mapping[str, str]
    refused: Sequence[str] = ()


class Clock(Protocol):
    """Where `now` comes from: aware UTC."""

    def now(self) -> datetime: ...


class RequestSource(Protocol):
    """Where requests come from. Raises TransientError, TerminalError, IdentityError."""

    def check_identity(self) -> str:
        """Make sure that Jira answers as to our own account, and return its id."""

    def server_time(self) -> datetime:
        """Return the site's own time, aware UTC (for the watermark)."""

    def scope(self) -> frozenset[str]:
        """Return the keys of the projects served."""

    def warnings(self) -> Sequence[str]:
        """Return what of `jira.yaml` the site does not have and is done without, as far as is known by now."""

    def changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find requests updated at or after `since` (a lower bound only), in whatever state."""

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find every request that is not done, and any updated at or after `since`, in one search."""

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests from the database (not the search index), with history where it matters."""


class Intents(Protocol):
    """The part of the journal that a writer needs: what it was about to do, and how it ended."""

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note to that request has an unknown outcome, or the journal is too new to know."""

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns."""

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands."""

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted: the request's comments have been looked through."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of one request after a pass. Instants are aware UTC.

    `remark` says which of its fields are left as they are, and why; None for nearly all.
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


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did; `refused` and `failed` say why nothing, or not all, was written."""

    kind: str
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
    """The address of the site that the journal is about."""
    SCOPE = "scope"
    """The keys of the projects that a completed pass has covered, as a JSON list."""
    CONFIGURATION = "configuration"
    """The files of the configuration that was let through last, as JSON."""


class Journal(Intents, Protocol):
    """A cache and a history: deleted, it is rebuilt from Jira, where the truth lives."""

    def ensure(self) -> None:
        """Make sure that the journal is there; one that was lost is made anew. Raises TransientError."""

    def watermark(self) -> datetime | None:
        """Return the server time at which the last completely applied pass began."""

    def advance(self, watermark: datetime) -> None:
        """Move the watermark."""

    def updated_of(self, ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return the `updated` with which these requests were last worked through."""

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


class ChangeSink(Protocol):
    """Where changes go. Raises TransientError, TerminalError, IdentityError."""

    def apply(self, plan: Plan) -> Receipt:
        """Write one plan: safe to repeat after any outcome."""

    def tidy(self, request_id: str) -> int:
        """Delete notes that a customer can read, and the younger of those that stand twice; return how many.

        Raises TransientError where a public one still stands.
        """
