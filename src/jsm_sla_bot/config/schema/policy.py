"""The shape of `policy.yaml`: what is promised to whom (R1-R8, R10)."""

from typing import Annotated

from pydantic import Field

from jsm_sla_bot.config.schema.base import (
    OrganizationId,
    Reopen,
    Several,
    Shape,
    Share,
    Text,
)
from jsm_sla_bot.config.schema.contract import (
    Acknowledgement,
    Phone,
    SeverityChange,
    Targets,
)
from jsm_sla_bot.config.schema.dormancy import AnyDormancy
from jsm_sla_bot.config.schema.names import Label
from jsm_sla_bot.config.schema.notes import NotesShape
from jsm_sla_bot.config.schema.reviews import ReviewsShape
from jsm_sla_bot.config.schema.severity import BySomeSeverities, SeverityName

RungName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Tier(Shape):
    """A service level that an organization can buy."""

    targets: Targets
    """How soon a request is acknowledged, by severity."""


class Defaults(Shape):
    """What counts where a request has no value of its own."""

    tier: Text
    """The tier for a request without an organization, or with one that is not in organizations.yaml (D11)."""
    severity: SeverityName
    """The severity for a request that has none (D10)."""


class Named(Shape):
    """A kind of request that is not measured, by name."""

    name: Text
    """The name as Jira shows it."""
    reason: Text
    """Why it is not measured: the reason that the request shows."""


class NamedByLabel(Shape):
    """A kind of request that is not measured, by a label."""

    name: Label
    """The label."""
    reason: Text
    """Why it is not measured: the reason that the request shows."""


class NamedById(Shape):
    """An organization whose requests are not measured."""

    id: OrganizationId
    """The organization's id in Jira Service Management."""
    reason: Text
    """Why its requests are not measured: the reason that they show."""


class NotMeasured(Shape):
    """What has no response target at all (R8)."""

    request_types: list[Named] = Field(default_factory=list)
    """Request types of the portal."""
    channels: list[Named] = Field(default_factory=list)
    """Ways a request came in: portal, email, chat."""
    labels: list[NamedByLabel] = Field(default_factory=list)
    """Labels that an agent puts on a request."""
    organizations: list[NamedById] = Field(default_factory=list)
    """Organizations that have an agreement of their own."""


class RungShape(Shape):
    """A step of the escalation ladder (R10)."""

    name: RungName
    """Lower case, digits and underscores; it goes into the markers of notes, so do not rename it lightly."""
    share: Share
    """How much of the target has passed, on the target's own clock; 100 % is the due time."""
    escalate: bool
    """Whether the priority is raised to the highest and the escalation transition made."""
    contact: Text | None = None
    """Whom its note asks agents to phone, as they are to read it: `the duty manager, +46 8 000 00 00`."""


class Escalation(Shape):
    """What happens while nobody answers (R10)."""

    rungs: list[RungShape]
    """The steps, in the order in which they are reached."""


class BudgetShape(Shape):
    """How many promises one pass may move before a person has to let it through."""

    share: Share
    """The share of the open requests."""
    at_least: Annotated[int, Field(ge=0)]
    """So many may always move, however small the desk."""


class Meanings(BySomeSeverities[Text]):
    """What those severities mean that are named (R15)."""


class PolicyShape(Shape):
    """The contract: what is owed, from when the clock runs, and what happens as time runs out."""

    tiers: Annotated[dict[Text, Tier], Field(min_length=1)]
    """The service levels by name, as the field *Support tier* shows them (R1)."""
    defaults: Defaults
    """What counts where a request has no value of its own."""
    calendar: Text
    """The calendar of business hours: the name of a file in `calendars` (D15)."""
    round_the_clock_products: list[Text]
    """The products whose targets can run round the clock (R2)."""
    products: list[Text]
    """The other products that are known; anything else is flagged as unknown and counts as these (D1)."""
    phone: Phone
    """What holds for a target that waits for the customer's call (R3)."""
    severity_change: SeverityChange
    """How a changed severity counts (D8)."""
    acknowledgement: Acknowledgement
    """What stops the clock (D4)."""
    reopen: Reopen
    """Whether a reopened request keeps its answer or starts a new clock (D14)."""
    several_organizations: Several
    """Which of several organizations on one request decides (D11)."""
    not_measured: NotMeasured
    """What has no response target at all (R8)."""
    escalation: Escalation
    """What happens while nobody answers (R10)."""
    notes: NotesShape | None = None
    """What the customer reads on a request; left out: nothing (D12)."""
    dormancy: AnyDormancy | None = None
    """When a customer who does not answer is reminded, and the request closed; left out or `false`: never (R11)."""
    flag_other_reporters: bool = False
    """Whether a request by another than its organization's representatives is flagged to the agents (D31)."""
    severity_definitions: Meanings = Meanings()
    """What each severity means, as customers and agents read it; one that is left out is not explained (R15)."""
    tell_severity_changes: bool = False
    """Whether a public note at the beginning says that an agent changed the severity (R15)."""
    reviews: ReviewsShape | None = None
    """When each organization's service review and health check are due; left out: never (R13)."""
    budget: BudgetShape
    """How much one pass may rewrite: the guard against a slip in these files."""
