"""Who is on the site: accounts, groups and project roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_DNS, uuid5


class Kind(StrEnum):
    """Jira's account type. It is not a role: an employee who raises a request is ``atlassian`` too."""

    ATLASSIAN = "atlassian"
    APP = "app"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """The part that an author plays on a request."""

    BOT = "bot"
    AGENT = "agent"
    CUSTOMER = "customer"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. ``zone`` is the profile's, in which bare JQL literals are read."""

    account_id: str
    name: str
    email: str
    kind: Kind
    zone: str = "Europe/Stockholm"
    organizations: tuple[int, ...] = ()
    active: bool = True


ANONYMOUS = Account("", "Anonymous", "", Kind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of accounts, as an actor of a role."""

    group_id: str
    name: str
    members: tuple[str, ...]


@dataclass(slots=True)
class Role:
    """A project role and who holds it, by account and by group."""

    id: int
    name: str
    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


def account(  # noqa: PLR0913 - the parts of an account, all but two by name
    name: str,
    kind: Kind,
    *,
    email: str = "",
    zone: str = "Europe/Stockholm",
    organizations: tuple[int, ...] = (),
    prefix: str = "712020",
) -> Account:
    """Make an account whose id follows from its name, so that two runs agree on it."""
    mail = email or f"{name.lower().replace(' ', '.')}@example.com"
    return Account(
        f"{prefix}:{uuid5(NAMESPACE_DNS, name)}",
        name,
        mail,
        kind,
        zone,
        organizations,
    )
