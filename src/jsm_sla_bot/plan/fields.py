"""The fields that the bot owns, in one table: what each is called, what it holds, and how its value comes about.

A new field is a member of `SlaField`, a row of `FIELDS`, and a line in the shape of `jira.yaml`. Each belongs to one
SLA metric.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeAlias

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.basis import basis
from jsm_sla_bot.plan.ledger import MetricLedger, Settled
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, Measurement, MetricName

FieldValue: TypeAlias = str | datetime | None


class SlaField(StrEnum):
    """The fields that the bot owns, by their names in `jira.yaml`."""

    SUPPORT_TIER = "support_tier"
    RESPONSE_DUE = "response_due"
    RESPONSE_SLA = "response_sla"
    RESPONSE_TARGET = "response_target"
    ACKNOWLEDGED_AT = "acknowledged_at"
    SLA_BASIS = "sla_basis"


class FieldKind(StrEnum):
    """What a field holds."""

    INSTANT = "instant"
    WORDS = "words"


def _acknowledged_at(kept: MetricLedger) -> datetime | None:
    return kept.settled.acknowledged_at if kept.settled else None


@dataclass(frozen=True, slots=True)
class OwnField:
    """One field of the bot's.

    `shows` gives its value from what the engine measured by its metric (instants aware UTC), in the zone in which
    people read; `settled` gives it from what the ledger keeps of a settled request. `written` is the instant that the
    ledger claims for it. `is_promise`: customers rely on it, so the budget counts who changes it. `promise` is the part
    of a text that is promised.
    """

    name: SlaField
    title: str
    kind: FieldKind
    shows: Callable[[Measurement, tzinfo], FieldValue]
    settled: Callable[[Settled], FieldValue]
    written: Callable[[MetricLedger], datetime | None] = lambda _: None
    is_promise: bool = False
    promise: Callable[[FieldValue], FieldValue] = lambda value: value
    metric: MetricName = FIRST_RESPONSE


FIELDS = (
    OwnField(
        SlaField.SUPPORT_TIER,
        "Support tier",
        FieldKind.WORDS,
        shows=lambda measured, _: measured.tier,
        settled=lambda settled: settled.tier or None,
        is_promise=True,
    ),
    OwnField(
        SlaField.RESPONSE_DUE,
        "Response due",
        FieldKind.INSTANT,
        shows=lambda measured, _: measured.due,
        settled=lambda settled: settled.due,
        written=lambda kept: kept.due,
        is_promise=True,
    ),
    OwnField(
        SlaField.RESPONSE_SLA,
        "Response SLA",
        FieldKind.WORDS,
        shows=lambda measured, _: str(measured.status),
        settled=lambda settled: settled.status,
    ),
    OwnField(
        SlaField.RESPONSE_TARGET,
        "Response target",
        FieldKind.WORDS,
        shows=lambda measured, _: wording.target_field(measured),
        settled=lambda settled: settled.target or None,
        is_promise=True,
        promise=wording.promised_target,
    ),
    OwnField(
        SlaField.ACKNOWLEDGED_AT,
        "Acknowledged at",
        FieldKind.INSTANT,
        shows=lambda measured, _: measured.acknowledged_at,
        settled=lambda settled: settled.acknowledged_at,
        written=_acknowledged_at,
    ),
    OwnField(
        SlaField.SLA_BASIS,
        "SLA basis",
        FieldKind.WORDS,
        shows=basis,
        settled=lambda settled: settled.basis,
    ),
)
"""All of them, in the order in which people read them."""

FieldTable: TypeAlias = Mapping[SlaField, OwnField]
BY_NAME: FieldTable = {each.name: each for each in FIELDS}


def due_field(metric: MetricName, table: FieldTable) -> OwnField | None:
    """Return the field that shows a metric's due time, the instant that is promised, if the bot owns one."""
    for own in table.values():
        is_instant = own.kind is FieldKind.INSTANT
        if own.metric == metric and own.is_promise and is_instant:
            return own
    return None
