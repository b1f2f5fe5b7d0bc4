"""The parts of the contract: in full for the policy, in part for an organization's overrides (R1-R5, R12)."""

from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from jsm_sla_bot.config.durations import Span, counted, span
from jsm_sla_bot.config.schema.base import (
    Clock,
    Count,
    Shape,
    Starts,
    Text,
    worded,
    wrong,
)
from jsm_sla_bot.config.schema.severity import BySeverity, BySomeSeverities
from jsm_sla_bot.sla.contract import ClockKind, Target

Length = Annotated[
    Span,
    PlainValidator(worded(span)),
    WithJsonSchema({"type": "string"}),
]


class TargetShape(Shape):
    """A response target written out (R1)."""

    within: Length
    """How long: `2 h`, `90 min`, `1 h 30 min`, `8 business hours`."""
    clock: Clock | None = None
    """How the hours are counted, unless `within` names the clock: business hours, or round the clock."""
    phone: bool = False
    """Whether the target holds only once the customer has called (R3)."""

    @model_validator(mode="after")
    def _one_clock(self) -> Self:
        if (
            self.clock
            and self.within.clock
            and self.clock is not self.within.clock
        ):
            raise wrong(
                "the clock that 'within' names",
                suggestion=self.within.clock.value,
                at=("clock",),
            )
        if not (self.clock or self.within.clock):
            raise wrong(
                "'business hours' or 'round the clock'",
                suggestion=None,
                at=("clock",),
            )
        return self

    def target(self) -> Target:
        """Return the target as the engine knows it."""
        clock = self.clock or self.within.clock or ClockKind.BUSINESS
        return Target(self.within.length, clock, phone=self.phone)


def _written_out(value: object) -> object:
    """Read the short form, `8 business hours`, which names its clock."""
    if isinstance(value, dict | TargetShape):
        return value
    worded(counted)(value)
    return {"within": value}


AnyTarget = Annotated[
    TargetShape,
    BeforeValidator(_written_out, json_schema_input_type=str | TargetShape),
]


class Targets(BySeverity[AnyTarget]):
    """A tier's response targets, one for each severity (R1). Short form: `8 business hours`."""


class SomeTargets(BySomeSeverities[AnyTarget]):
    """The response targets that one organization's own contract changes (R12)."""


class Phone(Shape):
    """What holds for a target that waits for the customer's call (R3)."""

    fallback_tier: Text
    """The tier whose targets hold until the customer has called, and if nobody ever calls."""
    clock_starts: Starts
    """From when the called target runs: from the call, or from the report (D2)."""


class SeverityChange(Shape):
    """How a changed severity counts (R5, D8)."""

    raised: Count
    """Made more severe: the new target counts from the change, or retroactively from the report."""
    lowered: Count
    """Made less severe: the same choice."""


class Acknowledgement(Shape):
    """Which deeds of an agent acknowledge a request (D4)."""

    public_comment: bool
    """A public comment."""
    status: bool
    """A transition into one of the acknowledged statuses of jira.yaml."""
    severity: bool
    """Setting or confirming the severity."""


class SomePhone(Shape):
    """The part of the phone rule that one organization's own contract changes (R12)."""

    fallback_tier: Text | None = None
    """The tier whose targets hold until the customer has called."""
    clock_starts: Starts | None = None
    """From when the called target runs: from the call, or from the report."""


class SomeSeverityChange(Shape):
    """The part of the severity rule that one organization's own contract changes (R12)."""

    raised: Count | None = None
    """Made more severe: the new target counts from the change, or retroactively from the report."""
    lowered: Count | None = None
    """Made less severe: the same choice."""


class SomeAcknowledgement(Shape):
    """The part of the acknowledgement rule that one organization's own contract changes (R12)."""

    public_comment: bool | None = None
    """A public comment."""
    status: bool | None = None
    """A transition into one of the acknowledged statuses of jira.yaml."""
    severity: bool | None = None
    """Setting or confirming the severity."""
