"""What the engine knows of one request: its present state and its history.

A snapshot is neutral: it names no Jira field and no wire shape. `jsm.decode` makes snapshots from
Jira, the what-if commands make them from a line of JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """In which capacity somebody acted on this request (D4)."""

    AGENT = "agent"
    PROBABLE_AGENT = "probable_agent"
    """A person with an Atlassian account who is no agent, nor of the customer's side: a former agent, perhaps (D35)."""
    CUSTOMER = "customer"
    AUTOMATION = "automation"
    BOT = "bot"


class Deed(StrEnum):
    """What a history entry is about."""

    PUBLIC_COMMENT = "public_comment"
    INTERNAL_NOTE = "internal_note"
    SEVERITY = "severity"
    STATUS = "status"
    CALLED = "called"
    ORGANIZATIONS = "organizations"
    LABELS = "labels"
    PRODUCT = "product"
    ETA = "eta"
    OTHER_CHANGE = "other_change"
    """Something of the request that the contract does not speak of; told of the customer's side only (D24)."""


class Phase(StrEnum):
    """What a workflow status means to the contract."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    DECLINED = "declined"


_DONE = frozenset({Phase.CLOSED, Phase.DECLINED})


@dataclass(frozen=True, slots=True)
class Status:
    """A workflow status: its name for people, its phase for the contract.

    `is_waiting`: a request in it waits for the customer (D23).
    """

    name: str
    phase: Phase = Phase.OPEN
    is_waiting: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether the request is no longer worked on."""
        return self.phase in _DONE


Value: TypeAlias = (
    int
    | str
    | datetime
    | date
    | Status
    | frozenset[str]
    | tuple[str, ...]
    | None
)
"""What a history entry may carry before and after: a severity is an `int`, a status a `Status`, a call
the instant of the call (aware) or `None`, organizations a tuple of ids, labels a frozenset, a product a name,
an ETA an instant (aware) or a date (D21). A public comment by the bot may carry, after, the step of R11
that it is ("reminder 1", "closing")."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that somebody did to the request. `at` is aware UTC, to the millisecond.

    `by` is an account id, `name` what people call that account: both are empty where they are not known.
    """

    at: datetime
    role: Role
    what: Deed
    before: Value = None
    after: Value = None
    by: str = ""
    name: str = ""


CHANGES: Mapping[Deed, str] = {
    Deed.SEVERITY: "severity",
    Deed.STATUS: "status",
    Deed.ORGANIZATIONS: "organizations",
    Deed.PRODUCT: "product",
    Deed.LABELS: "labels",
    Deed.ETA: "eta",
}
"""The part of a snapshot that a deed changes; the other deeds change none."""


@dataclass(frozen=True, slots=True)
class RequestSnapshot:
    """One request as it stands, with the history that led there.

    `reported` is aware UTC. The history may come in any order; the engine sorts it by instant. A field that
    has no history entry has held its present value since the report. `organization_names` are pairs of an id and
    the name that the request shows for it: for people only. `eta` is an instant (aware UTC) or a date (D21).
    """

    key: str
    reported: datetime
    severity: int | None = None
    organizations: tuple[str, ...] = ()
    product: str | None = None
    request_type: str | None = None
    channel: str | None = None
    labels: frozenset[str] = frozenset()
    status: Status = Status("Open")
    history: tuple[HistoryEntry, ...] = field(default=())
    organization_names: tuple[tuple[str, str], ...] = ()
    eta: datetime | date | None = None
    reporter: str = ""
    """The account that reported it for the customer; empty where it is not known, or was one of ours (R14)."""
    reporter_name: str = ""

    def name_of(self, organization: str) -> str:
        """Return the name that the request shows for an organization, or an empty string."""
        return dict(self.organization_names).get(organization, "")
