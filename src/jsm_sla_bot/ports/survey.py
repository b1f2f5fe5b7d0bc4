"""What a look at a whole site found, as values. The doctor judges them and asks nothing itself.

What could not be read is `Unread`, with the reason; it never stands for "there is none". Instants are aware UTC.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias, TypeVar

from jsm_sla_bot.ports.accounts import PersonFacts

T = TypeVar("T")
_GATEWAY = "api.atlassian.com"


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read. `is_forbidden`: our account lacks the right.

    `is_failure`: it was asked for, and the site did not answer as it should. `lacks_scope`: the token lacks the scope.
    """

    why: str
    is_forbidden: bool = False
    is_failure: bool = False
    lacks_scope: bool = False


Read: TypeAlias = T | Unread


class Part(StrEnum):
    """The parts of a site that are read one by one; a check names those that it needs."""

    SITE = "site"
    ACCOUNT = "account"
    PROJECTS = "projects"
    PERMISSIONS = "permissions"
    QUEUES = "queues"
    ROLES = "roles"
    FIELDS = "fields"
    TRASH = "trash"
    AVAILABLE = "available"
    REQUESTS = "requests"
    FORMS = "forms"
    ORGANIZATIONS = "organizations"
    STATUSES = "statuses"
    PRIORITIES = "priorities"
    PEOPLE = "people"


class Credential(StrEnum):
    """How the bot signs in."""

    API_TOKEN = "an e-mail address with an API token"  # noqa: S105 - a name, no secret
    BEARER = "a bearer token"
    CLIENT = "a service account's client id and secret"


def is_gateway(address: str) -> bool:
    """Tell whether an address is that of Atlassian's gateway, behind which all sites stand."""
    return f"//{_GATEWAY}/" in f"{address}/"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The site by its own word. `asked_at` is this machine's clock when `server_time` was read."""

    address: str
    is_gateway: bool
    deployment: str
    base_url: str | None
    server_time: datetime | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The account that the bot signs in as. `kind` is Jira's word: atlassian, app, customer."""

    id: str | None
    name: str
    kind: str
    is_active: bool
    zone: str | None
    credential: Credential
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An account that holds a role."""

    id: str
    name: str
    is_app: bool = False


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type (issue type) of a project."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project. `desk_id` is None where it is no service desk that our account serves."""

    key: str
    id: str
    name: str
    desk_id: str | None
    is_team_managed: bool = False
    work_types: Sequence[WorkType] = ()


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of the site. `type` is the last part of its type's key (`datetime`, `select`), else the schema's type.

    `screens` counts the screens that it is on; None where the site does not say. `project_id` is the team-managed
    project that it belongs to.
    """

    id: str
    name: str
    type: str
    is_searchable: bool = True
    is_custom: bool = True
    screens: int | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class FieldMeta:
    """A field as one real request offers it for editing: its options in the site's order."""

    id: str
    name: str
    options: Sequence[str] = ()
    option_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One real request, looked at as an example, in a status of that name. It names no customer's words.

    `has` are the ids of the fields that it carries, empty or not; `settable` what may be edited now.
    """

    key: str
    project: str
    work_type: str
    is_done: bool
    has: frozenset[str]
    settable: Read[Mapping[str, FieldMeta]]
    permissions: Read[frozenset[str]]
    status: str = ""


@dataclass(frozen=True, slots=True)
class TransitionFacts:
    """A transition that a request offers to our account now. `to` has the name and the id of the status it leads to.

    `asks_for` names the fields without which Jira refuses it.
    """

    to: frozenset[str]
    asks_for: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MovesFacts:
    """What an open request that nobody has taken up offers. `is_permitted`: our account may make transitions on it."""

    key: str
    project: str
    status: str
    offered: Read[Sequence[TransitionFacts]]
    is_permitted: bool = True


@dataclass(frozen=True, slots=True)
class RequestsFacts:
    """The newest open request of each project, by project key, those of further work types, and done ones.

    `done` has the newest of each project, and of each status one: a workflow may freeze some of them only.
    """

    open: Mapping[str, RequestFacts] = field(default_factory=dict)
    of_other_types: Sequence[RequestFacts] = ()
    left_out: Sequence[str] = ()
    """Keys of open requests of further work types for which no call was left."""
    moves: Sequence[MovesFacts] = ()
    """Of each project the youngest open request that nobody has taken up, where one was seen."""
    done: Mapping[str, RequestFacts] = field(default_factory=dict)
    resolved: Mapping[str, bool] = field(default_factory=dict)
    """Whether any done request that was seen carries a resolution, by project key."""

    def looked_at(self) -> Iterable[RequestFacts]:
        """Return all of them."""
        return (
            *self.open.values(),
            *self.of_other_types,
            *self.done.values(),
        )


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a portal form. `values` are what a customer can choose."""

    id: str
    name: str
    is_required: bool
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The portal form of a request type. `fields` is Unread where it was not looked at."""

    name: str
    fields: Read[Sequence[FormField]]


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """A customer's organization."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """A workflow status."""

    id: str
    name: str
    is_done: bool


NOT_ASKED = Unread("not asked")
"""What no check needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that was read. What no check needed is Unread."""

    address: str = ""
    """Where the site is asked, whatever comes of it."""
    site: Read[SiteFacts] = NOT_ASKED
    account: Read[AccountFacts] = NOT_ASKED
    projects: Read[Sequence[ProjectFacts]] = NOT_ASKED
    unseen_projects: Sequence[str] = ()
    """Keys of `jira.yaml` that the site does not show to our account."""
    permissions: Read[Mapping[str, frozenset[str]]] = NOT_ASKED
    """By permission key: the ids of the projects in which our account holds it."""
    queues: Mapping[str, Read[bool]] = field(default_factory=dict)
    """Whether our account reads a project's queues, as agents do; by project key."""
    roles: Mapping[str, Read[Mapping[str, Sequence[Person]]]] = field(
        default_factory=dict
    )
    """Who holds the agents' role, by project key, then by role name; other roles are empty."""
    fields: Read[Sequence[FieldFacts]] = NOT_ASKED
    trash: Read[Sequence[FieldFacts]] = NOT_ASKED
    available: Mapping[str, Read[Mapping[str, frozenset[str]]]] = field(
        default_factory=dict
    )
    """By project key, then work type id: the ids of the fields that it has."""
    requests: Read[RequestsFacts] = NOT_ASKED
    forms: Mapping[str, Read[Sequence[FormFacts]]] = field(
        default_factory=dict
    )
    organizations: Read[Sequence[OrganizationFacts]] = NOT_ASKED
    statuses: Read[Sequence[StatusFacts]] = NOT_ASKED
    priorities: Read[Sequence[str]] = NOT_ASKED
    """The names of the site's priorities, the highest first."""
    people: Read[Mapping[str, PersonFacts | None]] = NOT_ASKED
    """The accounts that the YAML names, by id; None for one that the site does not know."""
    calls: int = 0


class Surveyor(Protocol):
    """Looks at a whole site, reading only. What can't be read becomes Unread; nothing is raised but at the start.

    Raises TransientError and TerminalError where the site can't be reached at all.
    """

    def survey(
        self, parts: frozenset[Part], progress: Callable[[str], None]
    ) -> Survey:
        """Read these parts of the site; `progress` is called with what is read next."""
