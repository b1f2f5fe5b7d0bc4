"""Checks by name, and what comes out of making them."""

from collections.abc import Iterable, Sequence

from jsm_sla_bot.doctor.check import Check, Group
from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.registry import CHECKS
from jsm_sla_bot.doctor.scopes import refused
from jsm_sla_bot.doctor.verdict import Verdict, skipped
from jsm_sla_bot.ports.survey import Part

__all__ = [
    "CHECKS",
    "by_name",
    "cheap",
    "examined",
    "names",
    "parts_of",
]

_SCOPES = "scopes"
_FOR_AGENTS = frozenset(
    {
        "permissions",
        "on-a-request",
        "organizations-visible",
        "organizations",
        "field-editing",
        "closed-editable",
        "escalation",
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
    lacking = check.parts & refused(examination.survey).keys()
    if lacking and check.name != _SCOPES:
        return skipped("our token lacks a scope: see the check scopes")
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
