"""Jira's answers as they look on the wire, written by hand, and the desk that the tests are about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jsm_sla_bot.jsm.decode.fields import (
    ORGANIZATIONS_TYPE,
    PARTICIPANTS_TYPE,
    REQUEST_TYPE_TYPE,
    resolve,
)
from jsm_sla_bot.jsm.decode.request import Project, Site
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.request import Phase

BOT, MIA, ANNA, RUTH, ROBOT = (
    "acc-bot",
    "acc-mia",
    "acc-anna",
    "acc-ruth",
    "acc-robot",
)
CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"

DESK = Desk(
    projects=("SUP",),
    severity_field="Severity",
    severities={
        "S1 - Critical": 1,
        "S2 - Major": 2,
        "10013": 3,
        "S4 - Low": 4,
    },
    product_field="Product",
    called_field="Customer called at",
    called_values=frozenset(),
    called_label=None,
    organizations_field=None,
    request_type_field=None,
    participants_field=None,
    sla_fields={
        SlaField.SUPPORT_TIER: "Support tier",
        SlaField.RESPONSE_DUE: "Response due",
        SlaField.RESPONSE_TARGET: "Response target",
        SlaField.SLA_BASIS: "SLA basis",
    },
    agent_role="Service Desk Team",
    agents=frozenset(),
    automations=frozenset({ROBOT}),
    statuses={"in progress": Phase.ACKNOWLEDGED, "10006": Phase.DECLINED},
    escalation_status="Escalated",
    ignore_label="no-sla",
    lookback=timedelta(days=30),
)


def desk(**changes: Any) -> Desk:
    """Return the desk, with some of it changed."""
    return replace(DESK, **changes)


def field(number: int, name: str, custom: str, **more: Any) -> dict[str, Any]:
    """Return one row of `GET field`."""
    return {
        "id": f"customfield_{number}",
        "name": name,
        "custom": True,
        "schema": {"custom": custom},
        **more,
    }


def fields() -> list[dict[str, Any]]:
    """Return the answer of `GET field`."""
    return [
        {
            "id": "priority",
            "name": "Priority",
            "schema": {"type": "priority", "system": "priority"},
        },
        {
            "id": "created",
            "name": "Created",
            "schema": {"type": "datetime", "system": "created"},
        },
        field(10001, "Severity", f"{CUSTOM}select"),
        field(10002, "Product", f"{CUSTOM}select"),
        field(10003, "Customer called at", f"{CUSTOM}datetime"),
        field(10004, "Organisationen", ORGANIZATIONS_TYPE),
        field(10005, "Kundenanfragetyp", REQUEST_TYPE_TYPE),
        field(10006, "Teilnehmer", PARTICIPANTS_TYPE),
        field(10008, "Support tier", f"{CUSTOM}select"),
        field(10009, "Response due", f"{CUSTOM}datetime"),
        field(10011, "Response target", f"{CUSTOM}textfield"),
        field(10013, "SLA basis", f"{CUSTOM}textarea"),
        field(10020, "Phoned", f"{CUSTOM}multicheckboxes"),
    ]


def statuses() -> list[dict[str, Any]]:
    """Return the answer of `GET status`."""
    named = {
        "10001": ("Waiting for support", "new"),
        "10002": ("In progress", "indeterminate"),
        "10004": ("Escalated", "indeterminate"),
        "10005": ("Resolved", "done"),
        "10006": ("Abgelehnt", "done"),
    }
    return [
        {"id": n, "name": name, "statusCategory": {"key": key}}
        for n, (name, key) in named.items()
    ]


def site(**changes: Any) -> Site:
    """Return what decoding needs to know of the site."""
    words = desk(**changes)
    return Site(
        words, resolve(fields(), words), Vocabulary.of(words, statuses()), BOT
    )


PROJECT = Project(frozenset({MIA, ANNA}), ("1", "2", "3"))


def user(
    account: str | None, kind: str = "atlassian", **more: Any
) -> dict[str, Any]:
    """Return a user as Jira shows one."""
    return {
        "accountId": account,
        "accountType": kind,
        "displayName": "Secret Name",
        **more,
    }


def status(
    number: str, name: str, category: str = "indeterminate"
) -> dict[str, Any]:
    """Return a status as a request shows it."""
    return {"id": number, "name": name, "statusCategory": {"key": category}}


def comment(
    number: int, at: str, by: str = MIA, **more: Any
) -> dict[str, Any]:
    """Return a comment that the customer can see."""
    return {
        "id": str(number),
        "created": at,
        "author": user(by),
        "jsdPublic": True,
        "body": {},
        **more,
    }


def changed(
    number: int, at: object, *items: dict[str, Any], by: str | None = MIA
) -> dict[str, Any]:
    """Return one entry of a changelog."""
    return {
        "id": str(number),
        "created": at,
        "author": user(by),
        "items": list(items),
    }


def item(
    name: str,
    *values: str | None,
    field_id: str | None = None,
    strings: tuple[str | None, str | None] = ("", ""),
) -> dict[str, Any]:
    """Return one changed field: `values` are from and to."""
    before, after = values
    shown = {
        "field": name,
        "from": before,
        "to": after,
        "fromString": strings[0],
        "toString": strings[1],
    }
    return shown | ({"fieldId": field_id} if field_id else {})


def issue(**more: Any) -> dict[str, Any]:
    """Return a request as `issue/bulkfetch` gives it; `more` replaces fields, None takes one away."""
    shown: dict[str, Any] = {
        "created": "2026-03-06T22:10:00.000+0100",
        "updated": "2026-03-06T22:30:00.123+0100",
        "status": status("10001", "Waiting for support", "new"),
        "priority": {"id": "3", "name": "P3"},
        "labels": [],
        "reporter": user(RUTH, "customer"),
        "project": {"id": "10000", "key": "SUP"},
        "comment": {"comments": [], "total": 0, "maxResults": 0, "startAt": 0},
        "customfield_10001": {"id": "10011", "value": "S1 - Critical"},
        "customfield_10002": {"id": "1", "value": "Outscan NX"},
        "customfield_10003": None,
        "customfield_10004": [{"id": "27", "name": "Acme"}],
        "customfield_10005": {
            "requestType": {"id": "1", "name": "Report a problem"}
        },
        "customfield_10006": [],
        "customfield_10008": None,
        "customfield_10009": None,
        "customfield_10011": None,
    }
    shown.update(more)
    properties = {"request.channel.type": {"value": "portal"}}
    return {
        "id": "10042",
        "key": "SUP-1",
        "fields": shown,
        "properties": properties,
    }


def utc(text: str) -> datetime:
    """Read `2026-03-06 21:10[:00[.000]]` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
