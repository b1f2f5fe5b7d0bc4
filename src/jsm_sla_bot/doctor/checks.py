"""Every check by name, in the order in which they are made."""

from collections.abc import Iterable, Sequence

from jsm_sla_bot.doctor import (
    connection,
    contract,
    desk,
    fields,
    operation,
    rights,
)
from jsm_sla_bot.doctor.check import Check, Group
from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.verdict import Verdict, skipped
from jsm_sla_bot.ports.survey import Part

_FIELDS = frozenset({Part.SITE, Part.FIELDS})
_OPTIONS = frozenset({*_FIELDS, Part.REQUESTS})


CHECKS: Sequence[Check] = (
    Check(
        "site",
        Group.CONNECTION,
        "a Jira Cloud site answers at the address",
        "all",
        frozenset({Part.SITE}),
        connection.site,
    ),
    Check(
        "account",
        Group.CONNECTION,
        "Jira knows who we are, and the account is active",
        "all",
        frozenset({Part.SITE, Part.ACCOUNT}),
        connection.account,
    ),
    Check(
        "token",
        Group.CONNECTION,
        "the credential lasts for a month at least",
        "all",
        frozenset({Part.SITE, Part.ACCOUNT}),
        connection.token,
    ),
    Check(
        "clock",
        Group.CONNECTION,
        "this machine's clock agrees with the site's",
        "R10",
        frozenset({Part.SITE}),
        connection.clock,
    ),
    Check(
        "projects",
        Group.RIGHTS,
        "each project is a service desk that our account serves",
        "all",
        frozenset({Part.SITE, Part.PROJECTS}),
        desk.projects,
    ),
    Check(
        "permissions",
        Group.RIGHTS,
        "our account may do in each project what the bot does",
        "R4, R10",
        frozenset({Part.SITE, Part.PROJECTS, Part.PERMISSIONS}),
        rights.permissions,
    ),
    Check(
        "agent-licence",
        Group.RIGHTS,
        "our account is an agent: it reads queues and writes internal notes",
        "R10",
        frozenset({Part.SITE, Part.PROJECTS, Part.QUEUES}),
        rights.agent_licence,
    ),
    Check(
        "on-a-request",
        Group.RIGHTS,
        "the permissions hold on a real request too",
        "R4, R10",
        frozenset({Part.SITE, Part.PROJECTS, Part.FIELDS, Part.REQUESTS}),
        rights.on_a_request,
    ),
    Check(
        "roles",
        Group.RIGHTS,
        "the bot knows who is an agent",
        "R4",
        frozenset({Part.SITE, Part.PROJECTS, Part.ROLES}),
        rights.roles,
    ),
    Check(
        "field-presence",
        Group.FIELDS,
        "the site has every field that jira.yaml names",
        "R1, R6",
        _FIELDS | {Part.TRASH},
        fields.exist,
    ),
    Check(
        "field-names",
        Group.FIELDS,
        "each name means one field",
        "R1, R6",
        _FIELDS,
        fields.unique,
    ),
    Check(
        "field-types",
        Group.FIELDS,
        "each field is of a type that fits",
        "R1, R3",
        _FIELDS,
        fields.types,
    ),
    Check(
        "field-search",
        Group.FIELDS,
        "queues and filters can use what the bot writes",
        "R10",
        _FIELDS,
        fields.searchable,
    ),
    Check(
        "field-screens",
        Group.FIELDS,
        "agents see the fields: each is on a screen",
        "R10",
        _FIELDS,
        fields.on_screens,
    ),
    Check(
        "field-options",
        Group.FIELDS,
        "the options are those of jira.yaml, the severest first",
        "R1, D10",
        _OPTIONS | {Part.PROJECTS},
        fields.options,
    ),
    Check(
        "phone-call",
        Group.FIELDS,
        "the words for a phone call are options of its field",
        "R3",
        _OPTIONS | {Part.PROJECTS},
        fields.called,
    ),
    Check(
        "field-association",
        Group.FIELDS,
        "the fields belong to every work type of each project",
        "R1",
        _FIELDS | {Part.PROJECTS, Part.AVAILABLE},
        fields.available,
    ),
    Check(
        "field-editing",
        Group.FIELDS,
        "a real request lets the bot write each field",
        "R1",
        _OPTIONS | {Part.PROJECTS},
        fields.settable,
    ),
    Check(
        "portal-forms",
        Group.DESK,
        "customers can choose severity and product on the portal",
        "R2, D10",
        _FIELDS | {Part.PROJECTS, Part.FORMS},
        desk.forms,
    ),
    Check(
        "organizations-visible",
        Group.DESK,
        "our account sees the customers' organizations",
        "R6",
        frozenset({Part.SITE, Part.ORGANIZATIONS}),
        desk.organizations_are_visible,
    ),
    Check(
        "priorities",
        Group.DESK,
        "a breach can raise the priority",
        "R10",
        _OPTIONS | {Part.PROJECTS},
        desk.priorities,
    ),
    Check(
        "closed-editable",
        Group.DESK,
        "a done request still takes edits",
        "R4",
        _OPTIONS | {Part.PROJECTS},
        desk.closed_is_editable,
    ),
    Check(
        "native-sla",
        Group.DESK,
        "the bot's comments stop none of Jira's own clocks",
        "D12",
        frozenset(),
        desk.native_sla,
    ),
    Check(
        "resolution",
        Group.DESK,
        "done requests have a resolution",
        "R9",
        _OPTIONS | {Part.PROJECTS},
        desk.resolution,
    ),
    Check(
        "organizations",
        Group.POLICY,
        "the organizations of the YAML are those of the site",
        "R6, R7",
        frozenset({Part.SITE, Part.ORGANIZATIONS}),
        contract.organizations,
    ),
    Check(
        "products",
        Group.POLICY,
        "the products of the policy are those of the site",
        "R2, D1",
        _OPTIONS | {Part.PROJECTS},
        contract.products,
    ),
    Check(
        "statuses",
        Group.POLICY,
        "the site has each status that the YAML names",
        "R4, R10",
        frozenset({Part.SITE, Part.STATUSES}),
        contract.statuses,
    ),
    Check(
        "request-types",
        Group.POLICY,
        "the site has each request type that the policy names",
        "R8",
        frozenset({Part.SITE, Part.PROJECTS, Part.FIELDS, Part.FORMS}),
        contract.request_types,
    ),
    Check(
        "agents",
        Group.POLICY,
        "whose answers acknowledge, by name",
        "R4",
        frozenset({Part.SITE, Part.ACCOUNT, Part.PROJECTS, Part.ROLES}),
        contract.agents,
    ),
    Check(
        "journal",
        Group.OPERATION,
        "the journal can be opened and is of a known version",
        "all",
        frozenset(),
        operation.journal,
    ),
    Check(
        "calendars",
        Group.OPERATION,
        "each calendar reaches far enough",
        "R1, D15",
        frozenset(),
        operation.calendars,
    ),
)


_FOR_AGENTS = frozenset(
    {
        "permissions",
        "on-a-request",
        "organizations-visible",
        "organizations",
        "field-editing",
        "closed-editable",
        "priorities",
    }
)
"""Checks of what only an agent's account may do or see."""


def by_name(wanted: Sequence[str]) -> Sequence[Check]:
    """Return the checks of these names or groups, all where none is named; raises KeyError for an unknown name."""
    if not wanted:
        return CHECKS
    known = names()
    for name in wanted:
        if name not in known:
            raise KeyError(name)
    return [
        each for each in CHECKS if each.name in wanted or each.group in wanted
    ]


def cheap() -> Sequence[Check]:
    """Return those that the daemon makes at each start and for each new configuration."""
    return [each for each in CHECKS if each.is_cheap]


def parts_of(checks: Iterable[Check]) -> frozenset[Part]:
    """Return everything that has to be read for these checks."""
    return frozenset(part for each in checks for part in each.parts)


def examined(
    checks: Iterable[Check], examination: Examination
) -> Sequence[tuple[Check, Verdict]]:
    """Make the checks, and return each with its verdict.

    What Jira shows to nobody, or to somebody who is no agent, says nothing about the site: such checks are skipped.
    """
    return [(each, _verdict(each, examination)) for each in checks]


def _verdict(check: Check, examination: Examination) -> Verdict:
    asks_as_us = check.group not in {Group.CONNECTION, Group.OPERATION}
    if asks_as_us and not examination.is_signed_in:
        return skipped("Jira takes us for nobody: see the check account")
    if check.name in _FOR_AGENTS and not examination.is_agent:
        return skipped("our account is no agent: see the check agent-licence")
    return check.verdict(examination)


def names() -> Sequence[str]:
    """Return what can be named: each check, then each group."""
    checks = [each.name for each in CHECKS]
    groups = dict.fromkeys(each.group.value for each in CHECKS)
    return [*checks, *groups]
