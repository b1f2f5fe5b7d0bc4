"""The shape of `organizations.yaml`: who has bought what, until when (R6, R7, R12)."""

from jsm_sla_bot.config.schema.base import Day, OrganizationId, Reopen, Shape, Text
from jsm_sla_bot.config.schema.contract import (
    SomeAcknowledgement,
    SomePhone,
    SomeSeverityChange,
    SomeTargets,
)


class Overrides(Shape):
    """What one organization's own contract says otherwise: it takes precedence (R12)."""

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


class OrganizationShape(Shape):
    """One customer's organization."""

    id: OrganizationId
    """Its id in Jira Service Management: that is how it is known, names may change."""
    name: Text
    """Its name, for people."""
    tier: Text
    """The service level that it has bought: one of policy.yaml."""
    valid_from: Day | None = None
    """The first day of its agreement, in the zone of its calendar."""
    valid_until: Day | None = None
    """The last day of its agreement, that day included."""
    suspended: bool = False
    """Whether support is suspended, for example because a fee is not paid."""
    overrides: Overrides | None = None
    """What its own contract says otherwise."""


class OrganizationsShape(Shape):
    """The customers' organizations."""

    organizations: list[OrganizationShape]
    """One entry for each; a request of any other has the default tier and is flagged (D11)."""
