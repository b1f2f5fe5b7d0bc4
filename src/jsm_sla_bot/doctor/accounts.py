"""The check of the accounts that the YAML names: whether each is on the site and can be what it is named for."""

from collections.abc import Iterator

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, ok
from jsm_sla_bot.ports.accounts import (
    AccountKind,
    Listed,
    ListedAs,
    PersonFacts,
)

_CUSTOMERS_MAY_NOT = frozenset(
    {ListedAs.AGENT, ListedAs.FORMER_AGENT, ListedAs.CSM}
)
_APPS_MAY_NOT = frozenset(
    {ListedAs.AGENT, ListedAs.CSM, ListedAs.REPRESENTATIVE}
)
_MUST_BE_ACTIVE = frozenset(
    {ListedAs.AGENT, ListedAs.CSM, ListedAs.REPRESENTATIVE}
)
_UNKNOWN = {
    ListedAs.AGENT: "what that agent does acknowledges nothing",
    ListedAs.FORMER_AGENT: "what that agent did acknowledges nothing",
    ListedAs.AUTOMATION: "what that automation does may count as an agent's",
    ListedAs.CSM: "nobody is notified of an escalation",
    ListedAs.REPRESENTATIVE: "what that person reports can be flagged",
}
_CUSTOMER = {
    ListedAs.AGENT: "what that customer writes would acknowledge requests",
    ListedAs.FORMER_AGENT: "what that customer wrote acknowledges requests",
    ListedAs.CSM: "internal notes would mention a customer",
}
_INACTIVE = {
    ListedAs.AGENT: "list one who has left under agents.former in jira.yaml",
    ListedAs.CSM: "name who looks after the organization now, or leave csm out",
    ListedAs.REPRESENTATIVE: "name who speaks for the organization now",
}


def people(examination: Examination) -> Verdict:
    """Prove that each account of the YAML is on the site and can be what it is named for (R14, D4, D35)."""
    listed = examination.desk.people
    if not listed:
        return ok("the YAML names no accounts")
    known = needed(examination.survey.people)
    looked_at = [each for each in listed if each.account in known]
    problems: list[Detail] = []
    warnings: list[Detail] = []
    for each in looked_at:
        person = known[each.account]
        problems += _problems(each, person, examination.links.users())
        warnings += _warnings(each, person)
    left = len(listed) - len(looked_at)
    rest = f"; not looked at: {left}" if left else ""
    return judged(
        f"accounts that the YAML names, all on the site: {len(looked_at)}{rest}",
        problems,
        warnings,
    )


def _problems(
    each: Listed, person: PersonFacts | None, where: str
) -> Iterator[Detail]:
    if person is None:
        yield Detail(
            f"{_named(each)}: the site has no account {each.account!r}: {_UNKNOWN[each.listed_as]}",
            f"correct the account id, or take it out; accounts are at {where}",
        )
        return
    is_customer = person.kind is AccountKind.CUSTOMER
    if is_customer and each.listed_as in _CUSTOMERS_MAY_NOT:
        yield Detail(
            f"{_named(each)}: {person.name} ({person.id}) has a customer's account: {_CUSTOMER[each.listed_as]}",
            f"name a person with an agent's account, or take it out; accounts are at {where}",
        )


def _warnings(each: Listed, person: PersonFacts | None) -> Iterator[Detail]:
    if person is None:
        return
    who = f"{_named(each)}: {person.name} ({person.id})"
    if not person.is_active and each.listed_as in _MUST_BE_ACTIVE:
        yield Detail(f"{who} is inactive", _INACTIVE[each.listed_as])
    if person.kind is AccountKind.APP and each.listed_as in _APPS_MAY_NOT:
        yield Detail(
            f"{who} is an app, not a person",
            "list an app under agents.automations in jira.yaml"
            if each.listed_as is ListedAs.AGENT
            else "name a person",
        )
    is_customer = person.kind is AccountKind.CUSTOMER
    if is_customer and each.listed_as is ListedAs.AUTOMATION:
        yield Detail(
            f"{who} has a customer's account: what that customer writes counts for nobody",
            "take it out of agents.automations, unless it is a machine's",
        )


def _named(each: Listed) -> str:
    """Return where an account is named, and for what."""
    whose = f" of {each.organization}" if each.organization else ""
    return f"{each.place}: {each.listed_as}{whose}"
