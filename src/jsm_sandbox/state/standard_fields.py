"""The fields of the site that the sandbox comes with."""

from __future__ import annotations

from jsm_sandbox.state.custom_fields import Field, Option, Shape
from jsm_sandbox.state.json_types import JsonObject

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


_SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"


_DATETIME = "com.atlassian.jira.plugin.system.customfieldtypes:datetime"


_TEXT = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"


_DESK = "com.atlassian.servicedesk:"


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


def custom_fields() -> list[Field]:
    """Return the custom fields, those of a service desk among them."""
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


def system_fields() -> list[Field]:
    """Return Jira's own fields."""
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
