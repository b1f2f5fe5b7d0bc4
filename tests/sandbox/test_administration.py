"""What administrators change under the bot's feet."""

from __future__ import annotations

from typing import Any

import pytest

from jsm_sandbox.play.administration import (
    add_context,
    add_field,
    open_project,
    rename_priority,
    twin_field,
)
from tests.sandbox.callers import API, DESK, Site


def test_a_select_field_has_other_ids_in_another_project(
    site: Site, key: str
) -> None:
    """A context of one project gives the same labels other ids; each project takes only its own."""
    open_project(site.tracker, "OPS", "Operations")
    context = add_context(
        site.tracker, "Severity", "OPS", ["S1 - Critical", "S2 - Major"]
    )
    there, field = (
        site.tracker.raise_request("There", project="OPS", severity=1),
        site.field_id("Severity"),
    )
    assert site.issue(there)["fields"][field]["id"] == context.options[0].id
    ids = {
        each: [
            o["id"]
            for o in site.bot.get(f"{API}/issue/{each}/editmeta").json()[
                "fields"
            ][field]["allowedValues"]
        ]
        for each in (key, there)
    }
    assert len(ids[there]) == 2
    assert not set(ids[key]) & set(ids[there])
    assert (
        site.edit(
            there, {"fields": {field: {"id": ids[there][1]}}}
        ).status_code
        == 204
    )
    refused = site.edit(there, {"fields": {field: {"id": ids[key][0]}}})
    assert refused.json()["errors"] == {
        field: f"Option id '{ids[key][0]}' is not valid"
    }


def test_the_contexts_of_a_field(site: Site) -> None:
    """The contexts are listed, each with its own options, for administrators only."""
    open_project(site.tracker, "OPS", "Operations")
    add_context(site.tracker, "Severity", "OPS", ["Urgent"])
    path = f"{API}/field/{site.field_id('Severity')}/context"
    assert site.bot.get(path).status_code == 403
    with site.caller(("admin@example.com", "sandbox")) as admin:
        listed = admin.get(path).json()["values"]
        assert [each["isGlobalContext"] for each in listed] == [True, False]
        labels = [
            [
                option["value"]
                for option in admin.get(f"{path}/{each['id']}/option").json()[
                    "values"
                ]
            ]
            for each in listed
        ]
    assert labels == [
        ["S1 - Critical", "S2 - Major", "S3 - Medium", "S4 - Low"],
        ["Urgent"],
    ]


def test_a_context_is_made_widened_and_deleted(site: Site) -> None:
    """A project has one context of a field; the global one takes no projects and can't be deleted."""
    open_project(site.tracker, "OPS", "Operations")
    sup, ops = (each.id for each in site.tracker.site.projects)
    severity = site.field_id("Severity")
    path = f"{API}/field/{severity}/context"
    with site.caller(("admin@example.com", "sandbox")) as admin:
        made = admin.post(
            path,
            json={
                "name": "Ours",
                "projectIds": [sup],
                "issueTypeIds": ["10005"],
            },
        )
        assert made.status_code == 201
        own = f"{path}/{made.json()['id']}"
        statuses = [
            admin.put(f"{own}/project", json={"projectIds": [sup]}),
            admin.put(f"{own}/project", json={"projectIds": [ops]}),
            admin.put(f"{own}/issuetype", json={"issueTypeIds": ["10005"]}),
            admin.put(f"{own}/issuetype", json={"issueTypeIds": ["10004"]}),
            admin.put(own, json={"name": "Ours, renamed"}),
            admin.put(
                f"{path}/{severity.removeprefix('customfield_')}/project",
                json={"projectIds": [sup]},
            ),
            admin.delete(f"{path}/{severity.removeprefix('customfield_')}"),
        ]
        assert [each.status_code for each in statuses] == [
            400,
            204,
            400,
            204,
            204,
            400,
            400,
        ]
        found = site.tracker.site.field("Severity")
        assert found is not None
        (context,) = found.contexts
        assert (context.projects, context.types) == (
            ("SUP", "OPS"),
            ("10005", "10004"),
        )
        assert context.name == "Ours, renamed"
        assert admin.delete(own).status_code == 204
        assert admin.delete(own).status_code == 404
    found = site.tracker.site.field("Severity")
    assert found is not None
    assert not found.contexts


def test_an_option_is_disabled_and_renamed(site: Site, key: str) -> None:
    """Its id stays; a disabled one is offered to nobody; none is changed where one is not there."""
    severity = site.field_id("Severity")
    number = severity.removeprefix("customfield_")
    path = f"{API}/field/{severity}/context/{number}/option"
    found = site.tracker.site.field("Severity")
    assert found is not None
    first, second, *_ = found.options
    rows = [
        {"id": first.id, "value": "Blocker"},
        {"id": second.id, "disabled": True},
    ]
    with site.caller(("admin@example.com", "sandbox")) as admin:
        refused = admin.put(path, json={"options": [*rows, {"id": "1"}]})
        assert refused.status_code == 404
        assert site.tracker.site.field("Severity") == found
        changed = admin.put(path, json={"options": rows}).json()["options"]
    assert [each["disabled"] for each in changed] == [False, True]
    meta = site.bot.get(f"{API}/issue/{key}/editmeta").json()["fields"]
    offered = [each["value"] for each in meta[severity]["allowedValues"]]
    assert offered == ["Blocker", "S3 - Medium", "S4 - Low"]


def test_two_fields_of_one_name(site: Site, key: str) -> None:
    """A second field may have the name of the first; ids tell them apart, and one may belong to one project."""
    twin = twin_field(site.tracker, "Severity")
    scoped = twin_field(site.tracker, "Severity", "SUP")
    named = [
        each
        for each in site.bot.get(f"{API}/field").json()
        if each["name"] == "Severity"
    ]
    assert [each["id"] for each in named] == [
        site.field_id("Severity"),
        twin.id,
        scoped.id,
    ]
    assert [each.get("scope") for each in named] == [
        None,
        None,
        {"type": "PROJECT", "project": {"id": "10000"}},
    ]
    fields = site.issue(key)["fields"]
    assert (fields[named[0]["id"]]["value"], fields[twin.id]) == (
        "S3 - Medium",
        None,
    )


def test_a_renamed_priority(site: Site, key: str) -> None:
    """A new name shows on old requests, the id stays, and the history keeps the old name."""
    site.tracker.set_field(key, "priority", "P1 Urgent", as_="Mia Lindqvist")
    rename_priority(site.tracker, "P1 Urgent", "Brandeilig")
    priority = site.issue(key)["fields"]["priority"]
    assert (priority["id"], priority["name"]) == ("10001", "Brandeilig")
    assert site.keys('priority = "Brandeilig"') == [key]
    entry = site.bot.get(f"{API}/issue/{key}/changelog").json()["values"][-1]
    assert entry["items"][0]["toString"] == "P1 Urgent"


@pytest.mark.parametrize(
    ("switched", "shown"),
    [("null", None), ("error", {"errorMessage"}), ("absent", "absent")],
)
def test_a_native_sla_that_shows_nothing(
    site: Site, key: str, switched: str, shown: Any
) -> None:
    """The native SLA field may be null, missing or an error object where no goal matches."""
    site.tracker.switches.native_sla = switched
    value = site.issue(key)["fields"].get(
        site.field_id("Time to first response"), "absent"
    )
    assert (set(value) if isinstance(value, dict) else value) == shown


@pytest.mark.parametrize(
    "told",
    [
        {"do": "open-project", "key": "OPS", "name": "Operations"},
        {
            "do": "add-context",
            "field": "Severity",
            "project": "SUP",
            "options": ["a", "b"],
        },
        {"do": "twin-field", "field": "Product"},
        {"do": "rename-priority", "priority": "P2 High", "name": "Hoch"},
    ],
    ids=lambda told: str(told["do"]),
)
def test_administrators_act_over_the_control_api(
    site: Site, told: dict[str, Any]
) -> None:
    """Ops rehearse a change of their site as they rehearse anything else."""
    assert site.bot.post("/_sandbox/act", json=told).status_code == 200


def test_a_second_desk_is_a_desk(site: Site) -> None:
    """A project that was opened later has its desk, its role and its priorities."""
    made = open_project(site.tracker, "OPS", "Operations")
    assert (
        site.bot.get(f"{DESK}/servicedesk/{made.desk_id}").json()["projectKey"]
        == "OPS"
    )
    raised = site.tracker.raise_request("There", project="OPS")
    assert (
        site.edit(
            raised, {"fields": {"priority": {"name": "P1 Urgent"}}}
        ).status_code
        == 204
    )


@pytest.mark.parametrize(
    ("kind", "value", "wrong", "shown"),
    [
        ("datepicker", "2026-03-05", "5 March", "05/Mar/26"),
        ("datepicker", "2026-03-05", "2026-02-30", "05/Mar/26"),
        (
            "datetime",
            "2026-03-05T17:00:00.000+0100",
            "2026-03-05",
            "05/Mar/26 17:00",
        ),
    ],
)
def test_a_field_for_an_eta(
    site: Site, key: str, kind: str, value: str, wrong: str, shown: str
) -> None:
    """An administrator adds a date or an instant; agents set it, and the history keeps it."""
    field = add_field(site.tracker, "ETA", kind)
    address = f"/rest/api/3/issue/{key}"
    refused = site.bot.put(address, json={"fields": {field.id: wrong}})
    assert refused.status_code == 400
    taken = site.bot.put(address, json={"fields": {field.id: value}})
    assert taken.status_code == 204
    read = site.bot.get(address, params={"expand": "changelog"}).json()
    assert read["fields"][field.id] == value
    [item] = read["changelog"]["histories"][0]["items"]
    assert item["field"] == "ETA"
    assert item["to"] == value
    assert item["toString"] == shown
