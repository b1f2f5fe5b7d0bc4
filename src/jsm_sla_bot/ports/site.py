"""What the pass needs of the world, as protocols. The errors that cross them are those of `ports.errors`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.accounts import Listed
from jsm_sla_bot.ports.review_names import ReviewNames
from jsm_sla_bot.ports.site_identity import SiteIdentity
from jsm_sla_bot.ports.site_problems import SiteProblems
from jsm_sla_bot.sla.request import Phase, RequestSnapshot
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside


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
    former_agents: frozenset[str] = field(
        default_factory=frozenset, kw_only=True
    )
    """Account ids of agents who have left; their deeds count (D35)."""
    statuses: Mapping[str, Phase]
    """Phase by status name or id; any other status is open, or closed if its category is done."""
    escalation_status: str | None
    ignore_label: str
    lookback: timedelta
    """How far back a first pass looks for requests that are already done."""
    why_label: str = field(default="", kw_only=True)
    """The label by which agents ask why; empty where they can't."""
    waiting: frozenset[str] = field(default_factory=frozenset, kw_only=True)
    """The statuses, by name or id, in which a request waits for the customer (D23)."""
    eta_field: str | None = field(default=None, kw_only=True)
    """The field in which agents say when the request will be solved: a date or an instant (D21)."""
    close_to: str | None = field(default=None, kw_only=True)
    """Where a dormant request goes in the end (D26)."""
    reopen_to: str | None = field(default=None, kw_only=True)
    """Where a request that R11 closed goes when its customer writes again (D27)."""
    reviews: ReviewNames | None = field(default=None, kw_only=True)
    """What the requests for reviews are called; None where there are none (R13)."""
    pausing: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """The statuses in which a clock stands still, each after the setting that names it: its names, not ids (D7)."""
    people: tuple[Listed, ...] = field(default=(), kw_only=True, compare=False)
    """The accounts that the files name, each with its place."""


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

    `updated` (aware UTC) tells when somebody has touched it since; None where it could not be read. `fault` is the
    type of an error of our own that nobody expected; None for nearly all. `answer` tells an agent who asked why.
    """

    id: str
    key: str
    reason: str
    updated: datetime | None = None
    fault: str | None = None
    answer: Plan | None = None

    def __post_init__(self) -> None:
        """Keep nothing that the request could do to who reads it."""
        object.__setattr__(self, "key", outside(self.key))
        object.__setattr__(
            self, "reason", outside(self.reason, LONGEST_MESSAGE)
        )


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
    """What was really written for one plan. `refused` are parts the site refused, each with its reason.

    `is_frozen`: the request is done and its status takes no edit at all.
    """

    key: str
    writes: int
    notes: Mapping[str, str]
    refused: Sequence[str] = ()
    is_frozen: bool = False


class Clock(Protocol):
    """Where `now` comes from: aware UTC."""

    def now(self) -> datetime: ...


class RequestSource(Protocol):
    """Where requests come from. Raises TransientError, TerminalError, IdentityError."""

    def check_identity(self) -> str:
        """Make sure that Jira answers as to our own account, and return its id."""

    def server_time(self) -> datetime:
        """Return the site's own time, aware UTC (for the watermark)."""

    def site(self) -> SiteIdentity:
        """Return which site has answered, by its own word."""

    def scope(self) -> frozenset[str]:
        """Return the keys of the projects served."""

    def warnings(self) -> Sequence[str]:
        """Return what of `jira.yaml` the site does not have and is done without, as far as is known by now."""

    def problems(self) -> SiteProblems:
        """Return what is wrong with single projects, as far as is known by now; asks nothing."""

    def changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find requests updated at or after `since` (a lower bound only), in whatever state."""

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find every request that is not done, and any updated at or after `since`, in one search."""

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests from the database (not the search index), with history where it matters."""


class HistorySource(Protocol):
    """Where the requests of a period come from. Raises TransientError, TerminalError, IdentityError."""

    def check_identity(self) -> str:
        """Make sure that Jira answers as to our own account, and return its id."""

    def site(self) -> SiteIdentity:
        """Return which site has answered, by its own word."""

    def reported_between(
        self, begins: datetime, ends: datetime
    ) -> Iterable[Seen]:
        """Find every request reported at or after `begins` and before `ends` (aware), in whatever state, each once."""

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find every request that is not done, and any updated at or after `since`, in one search."""

    def labelled(self, labels: Collection[str]) -> Iterable[Seen]:
        """Find every request that carries one of these labels, in whatever state, each once."""

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests from the database (not the search index), with all of their history."""


class ChangeSink(Protocol):
    """Where changes go. Raises TransientError, TerminalError, IdentityError."""

    def apply(self, plan: Plan) -> Receipt:
        """Write one plan: safe to repeat after any outcome."""

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return which markers comments of ours carry, with the comment's id; asks only where a claim is not known."""

    def tidy(self, request_id: str) -> int:
        """Delete notes that a customer can read, and the younger of those that stand twice; return how many.

        Raises TransientError where a public one still stands.
        """
