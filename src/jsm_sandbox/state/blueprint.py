"""The one site that the sandbox comes with. Its names and ids are relied on elsewhere: add, don't rename."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.people import Account, Group, Kind, Role, account
from jsm_sandbox.state.setup import (
    AGENTS,
    CUSTOMERS,
    Field,
    Option,
    Organization,
    Priority,
    Project,
    RequestType,
    Shape,
    Site,
    Status,
    Transition,
)

SEVERITIES = ("S1 - Critical", "S2 - Major", "S3 - Medium", "S4 - Low")
PRODUCTS = (
    "Outscan NX",
    "HIAB",
    "Appsec Scale",
    "EASM",
    "CyberFlex",
    "Specops Password Policy",
)
TIERS = ("Knowledge", "Expert Partner", "Expert")
SLA_STATES = (
    "Running",
    "At risk",
    "Paused",
    "Breached",
    "Met",
    "Met late",
    "Not applicable",
    "Not entitled",
)

WAITING = "Waiting for support"
PROGRESS = "In progress"
CUSTOMER = "Waiting for customer"
ESCALATED = "Escalated"
RESOLVED = "Resolved"
CLOSED = "Closed"
DECLINED = "Declined"
DONE = (RESOLVED, CLOSED, DECLINED)

_SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"
_DATETIME = "com.atlassian.jira.plugin.system.customfieldtypes:datetime"
_TEXT = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
_DESK = "com.atlassian.servicedesk:"

ORGANIZATIONS = {
    11: ("Nordbank AB", ("Anna Berglund", "Erik Holm")),
    12: ("Acme Industries", ("Ruth Calder", "Sam Okafor")),
    13: ("Fjord Logistics", ("Ingrid Dahl", "Lars Moen")),
    14: ("Helios Energy", ("Nikos Pappas", "Elena Vasile")),
    15: ("Kestrel Retail", ("Grace Whitford", "Tom Ashby")),
    16: ("Borealis Health", ("Aino Laine", "Mikko Salo")),
    17: ("Tulip Telecom", ("Daan de Vries", "Sanne Bakker")),
    18: ("Specops Reseller Oy", ("Juha Niemi", "Petra Koski")),
    19: ("Unmapped Ltd", ("Oliver Finch", "Holly Marsh")),
    20: ("Lighthouse Insurance", ("Clara Brandt", "Felix Kuhn")),
}
AGENT_NAMES = ("Mia Lindqvist", "Jonas Berg", "Priya Raman", "Tomas Novak")
EMPLOYEE = "Nina Ek"
ADMINISTRATOR = "Site Administrator"
LONER = "Walter Stone"


def blueprint() -> Site:
    """Set up a fresh site: project SUP, its people, fields, workflow and organizations."""
    people = _people()
    return Site(
        zone=ZoneInfo("Europe/Stockholm"),
        fields=[*_system_fields(), *_custom_fields()],
        statuses=_statuses(),
        transitions=_workflow(),
        priorities=_priorities(),
        request_types=_request_types(),
        projects=[project("10000", "SUP", "Customer Support", "1", people)],
        organizations=[
            Organization(n, name, numeric_id=n in (13, 16, 19))
            for n, (name, _) in ORGANIZATIONS.items()
        ],
        accounts={each.account_id: each for each in people.values()},
        groups=[
            Group(
                "9f0c4d1e-support-agents",
                "support-agents",
                (people["Tomas Novak"].account_id,),
            )
        ],
        bot=people["SLA Bot"],
        automation=people["Automation for Jira"],
        administrator=people[ADMINISTRATOR],
    )


def project(
    number: str, key: str, name: str, desk: str, people: dict[str, Account]
) -> Project:
    """Set up a service project with the agents' role and the usual priorities."""
    users = [
        people[n].account_id
        for n in (*AGENT_NAMES[:3], "SLA Bot")
        if n in people
    ]
    agents = Role(10100, AGENTS, users, ["support-agents"])
    roles = [agents, Role(10101, CUSTOMERS), Role(10002, "Administrators")]
    return Project(
        number, key, name, desk, roles, [f"1000{n}" for n in range(1, 5)]
    )


def _people() -> dict[str, Account]:
    bot = account(
        "SLA Bot",
        Kind.ATLASSIAN,
        email="bot@example.com",
        zone="America/New_York",
    )
    robot = account(
        "Automation for Jira",
        Kind.APP,
        email="automation@example.com",
        prefix="557058",
    )
    staff = [
        account(name, Kind.ATLASSIAN) for name in (*AGENT_NAMES, EMPLOYEE)
    ]
    admin = account(ADMINISTRATOR, Kind.ATLASSIAN, email="admin@example.com")
    customers = [
        account(name, Kind.CUSTOMER, organizations=(number,), prefix="qm")
        for number, (_, names) in ORGANIZATIONS.items()
        for name in names
    ]
    everyone = [
        bot,
        robot,
        *staff,
        admin,
        *customers,
        account(LONER, Kind.CUSTOMER, prefix="qm"),
    ]
    return {each.name: each for each in everyone}


def _statuses() -> list[Status]:
    categories = {WAITING: "new"} | dict.fromkeys(
        (PROGRESS, CUSTOMER, ESCALATED), "indeterminate"
    )
    categories |= dict.fromkeys(DONE, "done")
    return [
        Status(str(10001 + n), name, category)
        for n, (name, category) in enumerate(categories.items())
    ]


def _workflow() -> list[Transition]:
    open_ones = (WAITING, PROGRESS, CUSTOMER, ESCALATED)
    return [
        Transition(
            "11", "Start work", (WAITING, CUSTOMER, ESCALATED), PROGRESS
        ),
        Transition(
            "21", "Ask the customer", (WAITING, PROGRESS, ESCALATED), CUSTOMER
        ),
        Transition("31", "Back to support", (PROGRESS, CUSTOMER), WAITING),
        Transition("41", "Escalate", (WAITING, PROGRESS), ESCALATED),
        Transition("51", "Resolve", open_ones, RESOLVED),
        Transition("61", "Decline", open_ones, DECLINED),
        Transition("71", "Close", (*open_ones, RESOLVED), CLOSED),
        Transition("81", "Reopen", DONE, WAITING),
    ]


def _priorities() -> list[Priority]:
    own = [
        Priority(str(10001 + n), name)
        for n, name in enumerate(
            ("P1 Urgent", "P2 High", "P3 Normal", "P4 Low")
        )
    ]
    stock = [
        Priority(str(1 + n), name)
        for n, name in enumerate(
            ("Highest", "High", "Medium", "Low", "Lowest")
        )
    ]
    return [*own, *stock]


def _request_types() -> list[RequestType]:
    names = ("Report a problem", "Ask a question", "Feature request")
    return [
        RequestType(str(1 + n), name, name) for n, name in enumerate(names)
    ]


def _custom(
    number: int,
    name: str,
    shape: Shape,
    schema: JsonObject,
    options: tuple[str, ...] = (),
) -> Field:
    choices = tuple(
        Option(str(number * 10 + n), value)
        for n, value in enumerate(options, start=1)
    )
    return Field(
        f"customfield_{number}",
        name,
        shape,
        {**schema, "customId": number},
        choices,
    )


def _select(number: int, name: str, options: tuple[str, ...]) -> Field:
    return _custom(
        number,
        name,
        Shape.SELECT,
        {"type": "option", "custom": _SELECT},
        options,
    )


def _custom_fields() -> list[Field]:
    instant: JsonObject = {"type": "datetime", "custom": _DATETIME}
    text: JsonObject = {"type": "string", "custom": _TEXT}
    orgs = {
        "type": "array",
        "items": "sd-customerorganization",
        "custom": f"{_DESK}sd-customer-organizations",
    }
    kind = {"type": "sd-customerrequesttype", "custom": f"{_DESK}vp-origin"}
    people = {
        "type": "array",
        "items": "user",
        "custom": f"{_DESK}sd-request-participants",
    }
    sla = {
        "type": "sd-servicelevelagreement",
        "custom": f"{_DESK}sd-sla-field",
    }
    return [
        _select(10001, "Severity", SEVERITIES),
        _select(10002, "Product", PRODUCTS),
        _custom(10003, "Customer called at", Shape.DATETIME, instant),
        _custom(10004, "Organizations", Shape.ORGANIZATIONS, orgs),
        _custom(10005, "Request Type", Shape.REQUEST_TYPE, kind),
        _custom(10006, "Request participants", Shape.PEOPLE, people),
        _custom(10007, "Time to first response", Shape.SLA, sla),
        _select(10008, "Support tier", TIERS),
        _custom(10009, "Response due", Shape.DATETIME, instant),
        _select(10010, "Response SLA", SLA_STATES),
        _custom(10011, "Response target", Shape.TEXT, text),
        _custom(10012, "Acknowledged at", Shape.DATETIME, instant),
        _custom(10013, "SLA basis", Shape.TEXT, text),
    ]


def _system(
    name: str, title: str, shape: Shape, kind: str, items: str = ""
) -> Field:
    schema: JsonObject = {"type": kind, "system": name}
    return Field(
        name, title, shape, {**schema, "items": items} if items else schema
    )


def _system_fields() -> list[Field]:
    fixed = Shape.FIXED
    return [
        _system("summary", "Summary", Shape.TEXT, "string"),
        _system("description", "Description", Shape.RICH, "string"),
        _system("project", "Project", fixed, "project"),
        _system("issuetype", "Issue Type", fixed, "issuetype"),
        _system("status", "Status", fixed, "status"),
        _system(
            "statuscategorychangedate",
            "Status Category Changed",
            fixed,
            "datetime",
        ),
        _system("priority", "Priority", Shape.PRIORITY, "priority"),
        _system("labels", "Labels", Shape.LABELS, "array", "string"),
        _system("reporter", "Reporter", Shape.PERSON, "user"),
        _system("creator", "Creator", fixed, "user"),
        _system("assignee", "Assignee", Shape.PERSON, "user"),
        _system("created", "Created", fixed, "datetime"),
        _system("updated", "Updated", fixed, "datetime"),
        _system("resolution", "Resolution", fixed, "resolution"),
        _system("resolutiondate", "Resolved", fixed, "datetime"),
        _system("comment", "Comment", fixed, "comments-page"),
    ]
