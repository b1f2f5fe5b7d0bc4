"""The marks: single facts that the journal remembers from one pass, and one start, to the next.

A mark is a value; its class says which mark it is. How each one is written down is known in one place, in the room
`journal`. Instants are aware UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class AdmittedPolicy:
    """The policy that was let through last: its hash, and the configuration's files by path."""

    policy: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The policy that may not be written, by its hash, and why."""

    policy: str
    because: str


@dataclass(frozen=True, slots=True)
class AllowedPolicy:
    """The policy that a person lets through once, by its hash."""

    policy: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """Requests that can't be seen any more, by id, and why they are not believed to be gone."""

    ids: frozenset[str]
    because: str


@dataclass(frozen=True, slots=True)
class AllowedGone:
    """The ids of requests of which a person has confirmed that they are gone."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """The keys of the projects that a completed pass has covered."""

    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class FirstSweep:
    """Kept until a first sweep has completed: from when on it owes done requests, and when the last try began."""

    owes: datetime
    began: datetime


@dataclass(frozen=True, slots=True)
class LookedBack:
    """When a *changed* pass last looked far behind the watermark."""

    at: datetime


@dataclass(frozen=True, slots=True)
class DormancyOn:
    """Since when a policy has been in force by which requests go dormant; kept while there is one (R11)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """Until when (aware UTC) nobody outside Jira is told of a request (by key) or an organization (by id), and why."""

    about: str
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Silences:
    """What people want to hear nothing of for a while."""

    each: tuple[Silence, ...] = ()

    def lasting(self, now: datetime) -> Sequence[Silence]:
        """Return those that are not over at `now`."""
        return [one for one in self.each if one.until > now]


@dataclass(frozen=True, slots=True)
class EndpointCalls:
    """How many HTTP calls went to an endpoint, and how many seconds they waited for the limiter."""

    calls: int
    waited_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonFacts:
    """What a daemon leaves about itself and the site at an instant (`at`), for readers that can't ask the daemon.

    Written after every pass. What a daemon of another version has not left is None.
    """

    at: datetime
    site: str | None = None
    """The site's address."""
    identity: str | None = None
    """The account that the bot writes as."""
    policy: str | None = None
    """The hash of the policy in force."""
    poll_seconds: float | None = None
    skew_seconds: float | None = None
    """How far the site's clock is ahead of this machine's."""
    problems: Mapping[str, str] | None = None
    """What is wrong, by subject of the health."""
    warnings: tuple[str, ...] | None = None
    """What the site lacks."""
    calls: Mapping[str, EndpointCalls] | None = None
    """By endpoint."""


Mark = (
    AdmittedPolicy
    | HeldBack
    | AllowedPolicy
    | Vanished
    | AllowedGone
    | Scope
    | FirstSweep
    | LookedBack
    | DormancyOn
    | Silences
    | DaemonFacts
)
M = TypeVar("M", bound=Mark)
