"""What an administrator has set up: statuses, workflow, priorities, projects, organizations, and all of it: a site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from jsm_sandbox.state.custom_fields import WORK_TYPE, Field
from jsm_sandbox.state.people import Account, Group, Role

BASE = "https://sandbox.example"
"""The address in ``self`` links: opaque, as nobody should follow or compare them."""

AGENTS = "Service Desk Team"
CUSTOMERS = "Service Desk Customers"
MEMBERS = "Member"


@dataclass(frozen=True, slots=True)
class Status:
    """A status; ``category`` is the key of its status category."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from some statuses to one, by status names. No ``sources`` means from anywhere."""

    id: str
    name: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority of the site; which of them a project has is the project's scheme."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer organization. ``numeric_id``: issue fields show its id as a number, as some sites do."""

    id: int
    name: str
    numeric_id: bool = False


@dataclass(frozen=True, slots=True)
class RequestType:
    """A request type of a service desk."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type (issue type); every company-managed project has all of them."""

    id: str
    name: str


@dataclass(slots=True)
class Project:
    """A service project with its desk, roles and priority scheme (highest first)."""

    id: str
    key: str
    name: str
    desk_id: str
    roles: list[Role]
    priorities: list[str]
    counter: int = 0
    team_managed: bool = False

    def next_key(self) -> str:
        """Number a new request and give its key."""
        self.counter += 1
        return f"{self.key}-{self.counter}"

    @property
    def names(self) -> tuple[str, str, str]:
        """Give whatever a project may be called by: key, id and name, without capitals."""
        return (self.key.casefold(), self.id, self.name.casefold())

    def role(self, name: str) -> Role:
        """Find a role by its name."""
        return next(role for role in self.roles if role.name == name)

    @property
    def agents_role(self) -> Role:
        """Give the role of those who work on requests: a team-managed project has its members."""
        return self.role(MEMBERS if self.team_managed else AGENTS)


@dataclass(slots=True)
class Site:
    """Everything that is set up. Loading a file may add to it and move ids."""

    zone: ZoneInfo
    fields: list[Field]
    statuses: list[Status]
    transitions: list[Transition]
    priorities: list[Priority]
    request_types: list[RequestType]
    projects: list[Project]
    organizations: list[Organization]
    accounts: dict[str, Account]
    groups: list[Group]
    bot: Account
    automation: Account
    administrator: Account
    off_screen: set[str] = field(default_factory=set)
    """Ids of fields that no edit screen shows; ``10005/customfield_1``: none of that work type."""
    work_types: list[WorkType] = field(
        default_factory=lambda: [WorkType(WORK_TYPE, "Service request")]
    )

    def is_off_screen(self, field_id: str, work_type: str) -> bool:
        """Return whether the edit screen of a work type does not show a field."""
        names = {field_id, f"{work_type}/{field_id}"}
        return bool(names & self.off_screen)

    def field(self, id_or_name: str) -> Field | None:
        """Find a field by id, else by name without regard to case."""
        return self.field_by_id(id_or_name) or self._field_by_name(id_or_name)

    @property
    def is_uniform(self) -> bool:
        """Return whether all projects share the site's fields: none is team-managed."""
        return not any(each.team_managed for each in self.projects)

    @property
    def field_ids(self) -> set[str]:
        """Give the ids of all fields."""
        return {each.id for each in self.fields}

    def field_by_id(self, field_id: str) -> Field | None:
        """Find a field by its id."""
        return next(
            (each for each in self.fields if each.id == field_id), None
        )

    def _field_by_name(self, name: str) -> Field | None:
        wanted = name.casefold()
        named = (
            each for each in self.fields if each.name.casefold() == wanted
        )
        return next(named, None)

    def field_id(self, name: str) -> str:
        """Give the id of one of the standard fields, by its name."""
        found = self.field(name)
        if found is None:
            raise LookupError(f"the sandbox has no field named {name!r}")
        return found.id

    def status(self, name_or_id: str) -> Status | None:
        """Find a status by id or name."""
        return _by_id_or_name(self.statuses, name_or_id)

    def priority(self, name_or_id: str) -> Priority | None:
        """Find a priority by id or name."""
        return _by_id_or_name(self.priorities, name_or_id)

    def project(self, key_or_id: str) -> Project | None:
        """Find a project by key, id or name."""
        wanted = key_or_id.casefold()
        called = (each for each in self.projects if wanted in each.names)
        return next(called, None)

    def organization(self, org_id: object) -> Organization | None:
        """Find an organization by its id, number or text."""
        wanted = str(org_id)
        found = (each for each in self.organizations if str(each.id) == wanted)
        return next(found, None)

    def request_type(self, id_or_name: str) -> RequestType | None:
        """Find a request type by id or name."""
        return _by_id_or_name(self.request_types, id_or_name)

    def person(self, who: str) -> Account | None:
        """Find an account by id, name or mail address."""
        if who in self.accounts:
            return self.accounts[who]
        for each in self.accounts.values():
            if who in (each.name, each.email):
                return each
        return None

    def person_with_mail(self, mail: str) -> Account | None:
        """Find an account by its mail address; of two with one address the later one counts."""
        if not mail:
            return None
        everyone = reversed(self.accounts.values())
        return next((each for each in everyone if each.email == mail), None)

    def is_agent(self, account: Account, project: Project) -> bool:
        """Return whether an account holds the project's agents role, itself or through a group."""
        return account.account_id in self.holders_of(project.agents_role)

    def holders_of(self, role: Role) -> list[str]:
        """List the ids of the accounts that hold a role, themselves or through a group."""
        groups = [each for each in self.groups if each.name in role.groups]
        members = [member for each in groups for member in each.members]
        return [*role.users, *members]

    def is_in_workflow(self, status: str) -> bool:
        """Return whether any transition leads on from a status."""
        return any(status in each.sources for each in self.transitions)

    def replace_field(self, old: Field, **changes: object) -> Field:
        """Exchange a field for a changed one, at the same place."""
        new: Field = replace(old, **changes)  # type: ignore[arg-type]
        self.fields[self.fields.index(old)] = new
        return new

    def rename_organization(self, org_id: int, name: str) -> None:
        """Rename an organization, as administrators do without notice."""
        self.organizations = [
            replace(o, name=name) if o.id == org_id else o
            for o in self.organizations
        ]


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


_NamedT = TypeVar("_NamedT", bound=_Named)


def _by_id_or_name(
    every: Iterable[_NamedT], id_or_name: str
) -> _NamedT | None:
    """Find one by its id, or by its name without regard to case."""
    wanted = id_or_name.casefold()
    for each in every:
        if each.id == id_or_name or each.name.casefold() == wanted:
            return each
    return None
