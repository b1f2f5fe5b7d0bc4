"""In which capacity somebody acted on a request (D4): a matter of this request, not of the account's type."""

from collections.abc import Iterable
from dataclasses import dataclass

from jsm_sla_bot.jsm.json_values import Json, mapping, text
from jsm_sla_bot.sla.request import Role

_APP = "app"
_PERSON = "atlassian"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who on one request, by account id. `agents` hold the agents' role there or are listed."""

    own: str
    agents: frozenset[str] = frozenset()
    automations: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()
    """Those among the agents who have left."""
    customers: frozenset[str] = frozenset()
    """The reporter and the participants: customers of this request, whatever role they hold."""
    members: frozenset[str] = frozenset()
    """The customers of the request's organizations, as far as they had to be asked for."""

    def role(self, user: Json) -> Role:
        """Tell the role of an author as Jira shows one.

        An author that is missing, deleted or anonymous counts as automation: nobody can be shown to have
        answered.
        """
        account = account_id(user)
        if account is None:
            return Role.AUTOMATION
        if account == self.own:
            return Role.BOT
        if (
            account in self.automations
            or mapping(user).get("accountType") == _APP
        ):
            return Role.AUTOMATION
        if account in self.customers:
            return Role.CUSTOMER
        return Role.AGENT if account in self.agents else Role.CUSTOMER

    def is_ours(self, account: str) -> bool:
        """Tell whether an account is ours, whatever it does on this request: an agent, an automation, the bot."""
        return account in self.agents | self.automations | {self.own}

    def may_be_agent(self, user: Json) -> bool:
        """Tell whether a person with an Atlassian account is neither an agent nor of the customer's side (D35)."""
        is_person = mapping(user).get("accountType") == _PERSON
        known = self.customers | self.members
        return (
            is_person
            and self.role(user) is Role.CUSTOMER
            and account_id(user) not in known
        )


def account_id(user: Json) -> str | None:
    """Take the account id of a user as Jira shows one."""
    return text(mapping(user).get("accountId"))


def display_name(user: Json) -> str:
    """Take the name of a user as Jira shows one; empty where it shows none."""
    return text(mapping(user).get("displayName")) or ""


def account_ids(users: Iterable[Json]) -> frozenset[str]:
    """Take the account ids of several users."""
    return frozenset(found for user in users if (found := account_id(user)))


def reporter(user: Json, cast: Cast) -> dict[str, str]:
    """Tell who reported a request, by account and name; nothing where one of ours did for the customer (R14)."""
    account = account_id(user) or ""
    if not account or cast.is_ours(account):
        return {}
    return {"reporter": account, "reporter_name": display_name(user)}
