"""The shape of `organizations.yaml`: who has bought what, until when (R6, R7, R12)."""

from typing import Annotated, Self

from pydantic import (
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from jsm_sla_bot.config.schema.base import (
    AccountId,
    Day,
    OrganizationId,
    Reopen,
    Shape,
    Text,
    wrong,
)
from jsm_sla_bot.config.schema.contract import (
    SomeAcknowledgement,
    SomePhone,
    SomeSeverityChange,
    SomeTargets,
)
from jsm_sla_bot.config.schema.dormancy import AnySomeDormancy
from jsm_sla_bot.config.schema.notes import NotesShape


class Overrides(Shape):
    """What one organization's own contract changes: it takes precedence (R12)."""

    targets: SomeTargets | None = None
    """Other response targets, for the severities named."""
    calendar: Text | None = None
    """Another calendar of business hours."""
    round_the_clock_products: list[Text] | None = None
    """Another list of products whose targets can run round the clock."""
    phone: SomePhone | None = None
    """Another phone rule."""
    severity_change: SomeSeverityChange | None = None
    """Another severity rule."""
    acknowledgement: SomeAcknowledgement | None = None
    """Another rule of what stops the clock."""
    reopen: Reopen | None = None
    """Another rule for reopened requests."""
    pauses_in: list[Text] | None = None
    """Statuses in which its clock stands still until the acknowledgement; no clock pauses otherwise (D7)."""
    notes: NotesShape | None = None
    """Other public notes, for the kinds named: on or off, or for other severities (D12)."""
    dormancy: AnySomeDormancy | None = None
    """Other steps for its dormant requests, `true` for those of policy.yaml, `false` for none (R11)."""
    flag_other_reporters: bool | None = None
    """Whether a request by another than its representatives is flagged to the agents (D31)."""


class PeriodShape(Shape):
    """One period of an organization's agreement, where there are several."""

    tier: Text
    """The service level bought for that period: one of policy.yaml."""
    valid_from: Day | None = None
    """The first day of the period, in the zone of its calendar; only the first period may leave it out."""
    valid_until: Day | None = None
    """The last day of the period, that day included; only the last period may leave it out."""
    suspended: bool = False
    """Whether support is suspended in that period."""
    overrides: Overrides | None = None
    """What the organization's own contract changes in that period."""


class OrganizationShape(Shape):
    """One customer's organization."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["tier"]}, {"required": ["periods"]}]
        }
    )

    id: OrganizationId
    """Its id in Jira Service Management: that is how it is known, names may change."""
    name: Text
    """Its name, for people."""
    periods: Annotated[list[PeriodShape], Field(min_length=1)] | None = None
    """The periods of its agreement, each with its own tier, days and overrides; between them no support is owed."""
    tier: Annotated[Text | None, Field(validate_default=True)] = None
    """The service level that it has bought: one of policy.yaml."""
    valid_from: Day | None = None
    """The first day of its agreement, in the zone of its calendar."""
    valid_until: Day | None = None
    """The last day of its agreement, that day included."""
    suspended: bool = False
    """Whether support is suspended, for example because a fee is not paid; next to `periods`: in all of them."""
    overrides: Overrides | None = None
    """What its own contract changes."""
    csm: AccountId | None = None
    """The account id of its Customer Success Manager (R14)."""
    representatives: list[AccountId] = Field(default_factory=list)
    """The account ids of those who speak for it (R14)."""

    @field_validator("tier", mode="after")
    @classmethod
    def _bought(cls, tier: str | None, info: ValidationInfo) -> str | None:
        # Periods that are wrong themselves are not in the data: they are given all the same.
        given = info.data.get("periods", ()) is not None
        if tier is None and not given:
            raise PydanticCustomError("missing", "no tier")
        return tier

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Refuse next to periods what each of them has for itself."""
        for name in ("tier", "valid_from", "valid_until", "overrides"):
            if self.periods is not None and getattr(self, name) is not None:
                raise wrong(
                    "nothing here: each of the periods has its own", at=(name,)
                )
        return self


class OrganizationsShape(Shape):
    """The customers' organizations."""

    organizations: list[OrganizationShape]
    """One entry for each; a request of any other has the default tier and is flagged (D11)."""
