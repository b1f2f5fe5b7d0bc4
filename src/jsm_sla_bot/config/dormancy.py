"""When requests of one tier or one organization go dormant: the policy's rule with an override in its place (R11)."""

from dataclasses import dataclass, replace
from typing import TypeVar

from jsm_sla_bot.config.schema.dormancy import DormancyShape, SomeDormancy
from jsm_sla_bot.config.schema.severity import SEVERITIES
from jsm_sla_bot.sla.contract import DormancyRule

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of `jira.yaml` that keep a request from going dormant."""

    keep_open: str
    ignore: str


def of_tier(
    shape: DormancyShape | None, tier: str, labels: Labels
) -> DormancyRule | None:
    """Return the rule that holds for a tier; None where its requests never go dormant."""
    if shape is None:
        return None
    is_for_all = shape.tiers is None
    if not is_for_all and tier not in (shape.tiers or ()):
        return None
    return _rule(shape, labels)


def of_organization(
    own: SomeDormancy | None,
    policy: DormancyShape | None,
    base: DormancyRule | None,
    labels: Labels,
) -> DormancyRule | None:
    """Return the rule with an organization's own in its place (R12); what it leaves out is the policy's."""
    if own is None:
        return base
    rule = base or _otherwise(own, policy, labels)
    if rule is None:
        return None
    numbers = _numbers(own.severities)
    severities = rule.severities if numbers is None else numbers
    if not severities:
        return None
    reminders = own.reminders or rule.reminders
    return replace(
        rule,
        severities=severities,
        reminders=tuple(reminders),
        close_after=_either(own.close_after, rule.close_after),
        reopen_within=_either(own.reopen_within, rule.reopen_within),
        flag_after=_either(own.flag_after, rule.flag_after),
    )


def _otherwise(
    own: SomeDormancy, policy: DormancyShape | None, labels: Labels
) -> DormancyRule | None:
    """Return what an organization's own rule is based on where its tier has none."""
    if policy is not None:
        return _rule(policy, labels)
    if own.reminders is None or own.close_after is None:
        return None
    shape = DormancyShape(reminders=own.reminders, close_after=own.close_after)
    return _rule(shape, labels)


def _rule(shape: DormancyShape, labels: Labels) -> DormancyRule:
    return DormancyRule(
        severities=_numbers(shape.severities) or frozenset(),
        reminders=tuple(shape.reminders),
        close_after=shape.close_after,
        reopen_within=shape.reopen_within,
        flag_after=shape.flag_after,
        keep_open_label=labels.keep_open,
        ignore_label=labels.ignore,
    )


def _numbers(names: list[T] | None) -> frozenset[int] | None:
    if names is None:
        return None
    return frozenset(SEVERITIES[str(name)] for name in names)


def _either(own: T | None, otherwise: T) -> T:
    return otherwise if own is None else own
