"""The shape of `jira.yaml`: what things are called on the site. No rule of the contract stands here."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from jsm_sla_bot.config.schema.base import (
    AccountId,
    Id,
    LongSpan,
    Shape,
    Text,
)
from jsm_sla_bot.config.schema.names import Label, ProjectKey
from jsm_sla_bot.config.schema.reviews import ReviewNamesShape
from jsm_sla_bot.config.schema.severity import BySeverity

IGNORE_LABEL = "sla-bot-ignore"
Options = Annotated[list[Id], Field(min_length=1)]


class Fields(Shape):
    """The fields that are read, by name or by id (`customfield_10001`)."""

    severity: Text
    """The field that holds the severity."""
    product: Text | None = None
    """The field that holds the product; without it every product is unknown (D1)."""
    organizations: Text | None = None
    """The organizations; found by its type when left out."""
    request_type: Text | None = None
    """The request type; found by its type when left out."""
    participants: Text | None = None
    """The request participants; found by its type when left out."""
    eta: Text | None = None
    """The field in which agents set the ETA: a date, or a datetime (D21). Left out: requests have none."""


class Called(Shape):
    """How a request shows that the customer has called (R3)."""

    field: Text | None = None
    """A datetime field; or a select or checkbox, whose history gives the instant."""
    values: list[Text] = Field(default_factory=list)
    """For a select or checkbox: the options that mean "has called"."""
    label: Label | None = None
    """A label that means "has called"; its history gives the instant."""


class SlaFields(Shape):
    """The fields that the bot writes, by name or by id. One that is left out is not written."""

    support_tier: Text | None = None
    """The tier that decided: a select or text field."""
    response_due: Text | None = None
    """Until when the request is to be acknowledged: a datetime field."""
    response_sla: Text | None = None
    """Running, At risk, Breached, Met, Met late, Not applicable, Not entitled: a select or text field."""
    response_target: Text | None = None
    """The target in words: a text field."""
    acknowledged_at: Text | None = None
    """When the request was acknowledged: a datetime field."""
    sla_basis: Text | None = None
    """One sentence why: a text field."""


class Severities(BySeverity[Options]):
    """The options of the severity field, by text or id."""


class Agents(Shape):
    """Who acknowledges (D4)."""

    role: Text
    """The project role that the agents hold."""
    accounts: list[AccountId] = Field(default_factory=list)
    """Account ids of other agents, who do not hold the role."""
    former: list[AccountId] = Field(default_factory=list)
    """Account ids of agents who have left: what they did counts as an agent's (D35)."""
    automations: list[AccountId] = Field(default_factory=list)
    """Account ids that are never agents, whatever role they hold: apps, integrations, people who answer nobody."""


class Statuses(Shape):
    """What a workflow status means, by name or id; any other is open, or closed if Jira counts it as done."""

    acknowledged: list[Id] = Field(default_factory=list)
    """An agent who moves a request here has acknowledged it (D4)."""
    closed: list[Id] = Field(default_factory=list)
    """The request is done (D17)."""
    declined: list[Id] = Field(default_factory=list)
    """The request was declined as outside of the service (R8)."""
    open: list[Id] = Field(default_factory=list)
    """Still open although Jira counts it as done."""
    waiting: list[Id] = Field(default_factory=list)
    """The request waits for the customer (D23); a status can be acknowledged or open, and waiting as well."""


class EscalationStatus(Shape):
    """Where an escalated request goes."""

    status: Text | None = None
    """The status, where the workflow offers a transition to it; left out: no transition."""


class DormancyNames(Shape):
    """What the handling of dormant requests is called on the site (R11)."""

    close_to: Text | None = None
    """The status to which a dormant request is closed; left out: agents are flagged in its place (D26)."""
    reopen_to: Text | None = None
    """The status to which a customer's comment reopens it; left out: agents are flagged in its place (D27)."""
    keep_open_label: Label = "keep-open"
    """A request with this label never goes dormant (D23)."""


class JiraShape(Shape):
    """What things are called on the site."""

    projects: list[ProjectKey] = Field(default_factory=list)
    """Project keys; empty or left out: every service desk that the account serves."""
    fields: Fields
    """The fields that are read."""
    called: Called = Called()
    """How a request shows that the customer has called (R3)."""
    sla_fields: SlaFields
    """The fields that the bot writes."""
    severities: Severities
    """The options of the severity field."""
    agents: Agents
    """Who acknowledges (D4)."""
    statuses: Statuses
    """What a workflow status means."""
    escalation: EscalationStatus = EscalationStatus()
    """Where an escalated request goes (R10)."""
    dormancy: DormancyNames = DormancyNames()
    """Where a dormant request goes, and the label that keeps it open (R11)."""
    reviews: ReviewNamesShape | None = None
    """What the requests for service reviews and health checks are called; left out: there are none (R13)."""
    ignore_label: Label = IGNORE_LABEL
    """The bot leaves a request with this label alone."""
    why_label: Label | None = None
    """An agent who sets this label asks why: a note explains the answer and the label goes; left out: nobody asks."""
    lookback: LongSpan = timedelta(days=14)
    """How far back a first pass looks for requests that are already done: `14 days`."""
