"""The accounts that the configuration names, and what the site says of each (R14, D4, D35)."""

from dataclasses import dataclass
from enum import StrEnum


class ListedAs(StrEnum):
    """What an account is named for; the value is the setting."""

    AGENT = "agents.accounts"
    FORMER_AGENT = "agents.former"
    AUTOMATION = "agents.automations"
    CSM = "csm"
    REPRESENTATIVE = "representatives"


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as it is named at one place (`file:line:column`); `organization` is whose, where it is anybody's."""

    account: str
    listed_as: ListedAs
    place: str
    organization: str = ""


class AccountKind(StrEnum):
    """What kind of account it is, by Jira's word; any other word is no kind."""

    PERSON = "atlassian"
    CUSTOMER = "customer"
    APP = "app"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """An account of the site. `kind` is None where Jira does not say."""

    id: str
    name: str
    kind: AccountKind | None
    is_active: bool = True
