"""The shape of `dormancy`: when a customer who does not answer is reminded, and the request closed (R11, D23-D27)."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from jsm_sla_bot.config.business_days import business_days
from jsm_sla_bot.config.schema.base import (
    LongSpan,
    Shape,
    Text,
    worded,
    wrong,
)
from jsm_sla_bot.config.schema.severity import SeverityName, switched

BusinessDays = Annotated[
    int,
    PlainValidator(worded(business_days)),
    WithJsonSchema({"type": "string"}),
]
Reminders = Annotated[list[BusinessDays], Field(min_length=1)]
Severities = Annotated[list[SeverityName], Field(min_length=1)]
TierNames = Annotated[list[Text], Field(min_length=1)]


def _off(value: object) -> object:
    """Read the short form: `false` turns it off."""
    if value is False:
        return None
    if value is None or isinstance(value, dict | DormancyShape):
        return value
    raise wrong("false or keys with values")


def _switched(value: object) -> object:
    """Read an organization's short forms: `true` as for the tiers of the policy, `false` for no severity."""
    return switched(value, SomeDormancy)


def _lower_half() -> list[SeverityName]:
    """Return the severities for which nothing stands still in production (D23)."""
    return ["S3", "S4"]


class DormancyShape(Shape):
    """When a request that waits for its customer is taken up with them, and closed in the end (R11)."""

    tiers: TierNames | None = None
    """The tiers whose requests can go dormant; left out: all."""
    severities: Severities = Field(default_factory=_lower_half)
    """The severities that can go dormant; left out: S3 and S4 (D23)."""
    reminders: Reminders
    """The reminders in order, each so many business days after the one before: `[3 business days]` (D25)."""
    close_after: BusinessDays
    """The request is closed so many business days after the last reminder."""
    reopen_within: BusinessDays = 10
    """So long after the closing a comment of the customer reopens it; left out: 10 business days (D27)."""
    flag_after: LongSpan = timedelta(minutes=15)
    """Agents are flagged so long after an act of the customer that nobody answered; left out: 15 min (D24)."""


class SomeDormancy(Shape):
    """The part of the dormancy rule that one organization's own contract changes (R12)."""

    severities: list[SeverityName] | None = None
    """Other severities that can go dormant; an empty list, or `dormancy: false`: none."""
    reminders: Reminders | None = None
    """Other reminders."""
    close_after: BusinessDays | None = None
    """Another time after the last reminder until the closing."""
    reopen_within: BusinessDays | None = None
    """Another time in which a comment reopens a closed request."""
    flag_after: LongSpan | None = None
    """Another time after which an unanswered act of the customer is flagged."""


AnyDormancy = Annotated[
    DormancyShape | None,
    BeforeValidator(_off, json_schema_input_type=bool | DormancyShape | None),
]
AnySomeDormancy = Annotated[
    SomeDormancy,
    BeforeValidator(_switched, json_schema_input_type=bool | SomeDormancy),
]
