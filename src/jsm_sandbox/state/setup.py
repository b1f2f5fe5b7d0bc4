"""What an administrator has set up: fields, statuses, workflow, priorities, projects, organizations."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.people import Account, Group, Role

BASE = "https://sandbox.example"
"""The address in ``self`` links: opaque, as nobody should follow or compare them."""

AGENTS = "Service Desk Team"
CUSTOMERS = "Service Desk Customers"
MEMBERS = "Member"


class Shape(StrEnum):
    """How a field's value looks on the wire."""

    SELECT = "select"
    DATETIME = "datetime"
    TEXT = "text"
    RICH = "rich"
    ORGANIZATIONS = "organizations"
    REQUEST_TYPE = "request type"
    PEOPLE = "people"
    PERSON = "person"
    SLA = "sla"
    PRIORITY = "priority"
    LABELS = "labels"
    FIXED = "fixed"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a select field. Nobody can choose a disabled one; requests that have it keep it."""

    id: str
    value: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Options that a select field has in some projects (by key) in place of its own; empty: in every project.

    ``types`` are the ids of the work types for which it holds; empty: all.
    """

    id: str
    name: str
    projects: tuple[str, ...]
    options: tuple[Option, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its id on this site, its name and what it holds. ``scope``: the id of its only project.

    ``everywhere``: it has a global context besides those of single projects.
    """

    id: str
    name: str
    shape: Shape
    schema: JsonObject
    options: tuple[Option, ...] = ()
    contexts: tuple[Context, ...] = ()
    scope: str = ""
    description: str = ""
    searchable: bool = True
    everywhere: bool = True

    def options_in(self, project_key: str) -> tuple[Option, ...]:
        """Give the options that a project offers, disabled ones left out."""
        context = self.context_in(project_key)
        found = self.options if self.everywhere else ()
        if context is not None:
            found = context.options
        return tuple(each for each in found if not each.disabled)

    def context_in(self, project_key: str) -> Context | None:
        """Give the context of its own that a project has."""
        own = (
            each
            for each in self.contexts
            if project_key in each.projects or not each.projects
        )
        return next(own, None)

    def holds_in(self, project_key: str) -> bool:
        """Return whether any context covers a project."""
        return self.everywhere or self.context_in(project_key) is not None

    @property
    def custom(self) -> bool:
        """Return whether this is a custom field and not one of Jira's own."""
        return self.id.startswith("customfield_")

    @property
    def kind(self) -> str:
        """Give the last part of the type's key, such as ``select``; empty for Jira's own fields."""
        return str(self.schema.get("custom") or "").rpartition(":")[2]

    @property
    def number(self) -> str:
        """Give the N of ``customfield_N``, as in ``cf[N]``."""
        return self.id.removeprefix("customfield_")


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
            text = f"the sandbox has no field named {name!r}"
            raise LookupError(text)
        return found.id

    def status(self, name_or_id: str) -> Status | None:
        """Find a status by id or name."""
        wanted = name_or_id.casefold()
        for each in self.statuses:
            if each.id == name_or_id or each.name.casefold() == wanted:
                return each
        return None

    def priority(self, name_or_id: str) -> Priority | None:
        """Find a priority by id or name."""
        wanted = name_or_id.casefold()
        for each in self.priorities:
            if each.id == name_or_id or each.name.casefold() == wanted:
                return each
        return None

    def project(self, key_or_id: str) -> Project | None:
        """Find a project by key, id or name."""
        wanted = key_or_id.casefold()
        for each in self.projects:
            if wanted in (each.key.casefold(), each.id, each.name.casefold()):
                return each
        return None

    def organization(self, org_id: object) -> Organization | None:
        """Find an organization by its id, number or text."""
        wanted = str(org_id)
        for each in self.organizations:
            if str(each.id) == wanted:
                return each
        return None

    def request_type(self, id_or_name: str) -> RequestType | None:
        """Find a request type by id or name."""
        wanted = id_or_name.casefold()
        for each in self.request_types:
            if each.id == id_or_name or each.name.casefold() == wanted:
                return each
        return None

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
        role = project.agents_role
        if account.account_id in role.users:
            return True
        groups = [each for each in self.groups if each.name in role.groups]
        return any(account.account_id in each.members for each in groups)

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
