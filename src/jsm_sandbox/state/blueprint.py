"""The one site that the sandbox comes with. Its names and ids are relied on elsewhere: add, don't rename."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from jsm_sandbox.state.people import Account, Group, Kind, Role, account
from jsm_sandbox.state.setup import (
    AGENTS,
    CUSTOMERS,
    Organization,
    Priority,
    Project,
    RequestType,
    Site,
    Status,
    Transition,
)
from jsm_sandbox.state.standard_fields import custom_fields, system_fields

WAITING = "Waiting for support"
PROGRESS = "In progress"
CUSTOMER = "Waiting for customer"
ESCALATED = "Escalated"
RESOLVED = "Resolved"
CLOSED = "Closed"
DECLINED = "Declined"
DONE = (RESOLVED, CLOSED, DECLINED)


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
        fields=[*system_fields(), *custom_fields()],
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
