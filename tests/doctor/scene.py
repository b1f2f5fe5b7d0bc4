"""A site on which nothing is wrong, as a survey found it, and the shipped configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.doctor.examination import Examination, Operation
from jsm_sla_bot.doctor.rights import NEEDED
from jsm_sla_bot.ports.survey import (
    AccountFacts,
    Credential,
    FieldFacts,
    FieldMeta,
    FormFacts,
    FormField,
    MovesFacts,
    OrganizationFacts,
    Person,
    ProjectFacts,
    RequestFacts,
    RequestsFacts,
    SiteFacts,
    StatusFacts,
    Survey,
    TransitionFacts,
    WorkType,
)
from jsm_sla_bot.sla.assessment import SlaStatus

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEVERITIES = ("S1 - Critical", "S2 - Major", "S3 - Medium", "S4 - Low")
STATUSES = (
    "Open",
    "In progress",
    "Resolved",
    "Closed",
    "Declined",
    "Escalated",
)


@cache
def configuration() -> Configuration:
    """Read the shipped configuration once."""
    return load(CONFIG)


def field(number: int, name: str, kind: str, **changes: Any) -> FieldFacts:
    """Make a custom field that is on a screen."""
    identity = f"customfield_{number}"
    made = FieldFacts(identity, name, kind, screens=2)
    return replace(made, **changes)


FIELDS = (
    field(1, "Severity", "select"),
    field(2, "Product", "select"),
    field(3, "Customer called at", "datetime"),
    field(4, "Organizations", "sd-customer-organizations"),
    field(5, "Request Type", "vp-origin"),
    field(6, "Request participants", "sd-request-participants"),
    field(7, "Support tier", "select"),
    field(8, "Response due", "datetime"),
    field(9, "Response SLA", "select"),
    field(10, "Response target", "textfield"),
    field(11, "Acknowledged at", "datetime"),
    field(12, "SLA basis", "textfield"),
)
ACCOUNT = AccountFacts(
    id="712020:bot",
    name="SLA Bot",
    kind="atlassian",
    is_active=True,
    zone="UTC",
    credential=Credential.API_TOKEN,
)
PROJECT = ProjectFacts(
    "SUP", "10000", "Support", "1", work_types=[WorkType("1", "Incident")]
)
SITE = SiteFacts(
    address="https://example.atlassian.net",
    is_gateway=False,
    deployment="Cloud",
    base_url="https://example.atlassian.net",
    server_time=NOW,
    asked_at=NOW,
)


def options() -> Mapping[str, Sequence[str]]:
    """Return the options of each select, by field id."""
    return {
        "customfield_1": SEVERITIES,
        "customfield_2": configuration().policy.product_names,
        "customfield_7": list(configuration().policy.tiers),
        "customfield_9": [str(each) for each in SlaStatus],
        "priority": ("Highest", "High", "Medium"),
    }


def meta(**changes: Sequence[str]) -> Mapping[str, FieldMeta]:
    """Return what a request offers for editing: all fields; options may be changed by field id."""
    offered = {**options(), **changes}
    names = [each.id for each in FIELDS] + ["priority"]
    return {
        name: FieldMeta(name, name, offered.get(name, ())) for name in names
    }


def a_request(key: str, **changes: Any) -> RequestFacts:
    """Make a request on which everything may be done."""
    made = RequestFacts(
        key=key,
        project="SUP",
        work_type="1",
        is_done=False,
        has=frozenset(each.id for each in FIELDS),
        settable=meta(),
        permissions=frozenset(NEEDED),
    )
    return replace(made, **changes)


def moves(**changes: Any) -> MovesFacts:
    """Make what an open request offers: a transition to Escalated that asks for nothing."""
    offered = [
        TransitionFacts(frozenset({"In progress", "3"})),
        TransitionFacts(frozenset({"Escalated", "9"})),
    ]
    made = MovesFacts("SUP-1", "SUP", "Open", offered)
    return replace(made, **changes)


def form(name: str = "Report a vulnerability", *fields: str) -> FormFacts:
    """Make a portal form with these fields; all that are wanted where none is named."""
    shown = fields or (
        "customfield_1",
        "customfield_2",
        "customfield_3",
        "summary",
    )
    return FormFacts(
        name, [FormField(each, each, is_required=False) for each in shown]
    )


def good_survey() -> Survey:
    """Return a survey of a site on which nothing is wrong."""
    mapped = configuration().policy.organizations.values()
    listed = [OrganizationFacts(each.id, each.name) for each in mapped]
    return Survey(
        site=SITE,
        account=ACCOUNT,
        projects=[PROJECT],
        permissions=dict.fromkeys(NEEDED, frozenset({"10000"})),
        queues={"SUP": True},
        roles={"SUP": {"Service Desk Team": [Person("1", "Mia Lindqvist")]}},
        fields=FIELDS,
        trash=[],
        available={"SUP": {"1": frozenset(each.id for each in FIELDS)}},
        requests=RequestsFacts(
            open={"SUP": a_request("SUP-1")},
            moves=[moves()],
            done={"SUP": a_request("SUP-2", is_done=True)},
            resolved={"SUP": True},
        ),
        forms={"SUP": [form(), form("Feature request", "summary")]},
        organizations=listed,
        priorities=["Highest", "High", "Medium"],
        statuses=[StatusFacts(name, name, is_done=False) for name in STATUSES],
    )


def examination(**changes: Any) -> Examination:
    """Return an examination of that site; parts of the survey may be changed by name."""
    survey = replace(good_survey(), **changes)
    found = configuration()
    operation = Operation(None, "the journal")
    return Examination(survey, found.policy, found.desk, operation, NOW)
