from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.callers import API, Clock, Site, document

DUE, SLA, TARGET, ORGS, NATIVE = (
    f"customfield_{n}" for n in (10009, 10010, 10011, 10004, 10007)
)
SCREEN = "It is not on the appropriate screen, or unknown."


def test_an_edit_sets_fields_and_properties_at_once(
    site: Site, key: str, clock: Clock
) -> None:
    """One PUT writes fields and the property, moves `updated` and says 204."""
    clock.forward(minutes=1)
    fields = {
        DUE: "2026-03-05T10:00:00.000+0200",
        SLA: {"value": "Running"},
        "priority": {"id": "10001"},
    }
    body = {
        "fields": fields,
        "properties": [{"key": "jsm-sla-bot", "value": {"due": 1}}],
    }
    assert site.edit(key, body).status_code == 204
    shown = site.issue(key, properties="jsm-sla-bot")
    assert shown["fields"][DUE] == "2026-03-05T09:00:00.000+0100"
    assert shown["fields"][SLA]["value"] == "Running"
    assert shown["fields"]["priority"]["name"] == "P1 Urgent"
    assert shown["fields"]["updated"] == "2026-03-04T13:01:00.000+0100"
    assert shown["properties"] == {"jsm-sla-bot": {"due": 1}}


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        (
            {"priority": {"name": "Highest"}},
            "priority",
            "The priority selected is invalid.",
        ),
        (
            {"priority": {"id": "1"}},
            "priority",
            "The priority selected is invalid.",
        ),
        ({DUE: "2026-03-05T10:00:00Z"}, DUE, "yyyy-MM-dd'T'HH:mm:ss.SSSZ"),
        (
            {DUE: "2026-03-05T10:00:00.000+02:00"},
            DUE,
            "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
        ),
        ({SLA: {"value": "Fine"}}, SLA, "is not valid"),
        ({SLA: "Running"}, SLA, "valid 'id'"),
        ({TARGET: "x" * 256}, TARGET, "255 characters"),
        ({TARGET: 8}, TARGET, "must be a string"),
        (
            {ORGS: [{"id": 12}]},
            ORGS,
            "Operation value must be a number at array index 0",
        ),
        ({ORGS: [999]}, ORGS, "does not exist"),
        ({NATIVE: {}}, NATIVE, SCREEN),
        ({"customfield_19999": 1}, "customfield_19999", SCREEN),
        ({"status": {"id": "10005"}}, "status", SCREEN),
        ({"created": "2026-01-01T00:00:00.000+0000"}, "created", SCREEN),
        ({"description": "plain"}, "description", "Atlassian Document"),
        ({"summary": ""}, "summary", "You must specify a summary"),
        ({"labels": ["two words"]}, "labels", "contains spaces"),
        (
            {"customfield_10005": "Report a problem"},
            "customfield_10005",
            "is invalid",
        ),
    ],
)
def test_an_edit_is_refused_as_a_whole(
    site: Site, key: str, fields: dict[str, Any], field: str, text: str
) -> None:
    """A bad value is refused with Jira's text, and nothing else in the edit is written either."""
    before = site.issue(key, properties="*all")
    body = {
        "fields": fields | {"customfield_10013": "R1"},
        "properties": [{"key": "p", "value": 1}],
    }
    answer = site.edit(key, body)
    assert answer.status_code == 400
    assert text in answer.json()["errors"][field]
    assert site.issue(key, properties="*all") == before | {
        "properties": {"request.channel.type": {"value": "portal"}}
    }


def test_organizations_are_written_as_numbers(site: Site, key: str) -> None:
    """Written as bare numbers, read as objects whose ids are texts on some and numbers on others."""
    assert site.edit(key, {"fields": {ORGS: [12, 13]}}).status_code == 204
    assert [each["id"] for each in site.issue(key)["fields"][ORGS]] == [
        "12",
        13,
    ]


def test_a_renamed_organization_shows_its_new_name(
    site: Site, key: str
) -> None:
    """Names are for people and change; ids stay."""
    site.tracker.site.rename_organization(12, "Acme Group")
    assert site.issue(key)["fields"][ORGS][0]["name"] == "Acme Group"
    assert site.keys("organizations = 'Acme Group'") == [key]


def test_the_edited_request_may_be_returned(site: Site, key: str) -> None:
    """With returnIssue the answer is 200 and shows the new `updated`."""
    answer = site.edit(
        key, {"fields": {TARGET: "8 business hours"}}, returnIssue="true"
    )
    assert answer.status_code == 200
    assert answer.json()["fields"][TARGET] == "8 business hours"


@pytest.mark.parametrize(
    "query",
    [
        "notifyUsers=false",
        "overrideScreenSecurity=true",
        "overrideEditableFlag=true",
    ],
)
def test_an_edit_that_needs_an_admin(site: Site, key: str, query: str) -> None:
    """Without admin rights the whole edit is rejected with 403."""
    answer = site.bot.put(
        f"{API}/issue/{key}?{query}", json={"fields": {TARGET: "x"}}
    )
    assert answer.status_code == 403
    assert site.issue(key)["fields"][TARGET] is None


def test_a_field_off_the_screen(site: Site, key: str) -> None:
    """Where screens are checked a field off the screen can't be set; editmeta leaves it out in any case."""
    site.tracker.site.off_screen.add(DUE)
    body = {"fields": {DUE: "2026-03-05T10:00:00.000+0200"}}
    assert SCREEN in site.edit(key, body).json()["errors"][DUE]
    site.tracker.switches.screen_check = False
    assert site.edit(key, body).status_code == 204
    assert (
        DUE not in site.bot.get(f"{API}/issue/{key}/editmeta").json()["fields"]
    )


def test_editmeta_offers_the_projects_priorities(site: Site, key: str) -> None:
    """The priorities on offer are the project's, highest first, not the site's."""
    offered = site.bot.get(f"{API}/issue/{key}/editmeta").json()["fields"][
        "priority"
    ]["allowedValues"]
    assert [each["name"] for each in offered] == [
        "P1 Urgent",
        "P2 High",
        "P3 Normal",
        "P4 Low",
    ]
    every = site.bot.get(f"{API}/priority").json()
    assert "Highest" in [each["name"] for each in every]
    scheme = site.bot.get(
        f"{API}/priority/search", params={"projectId": "10000"}
    ).json()["values"]
    assert [each["id"] for each in scheme] == [
        "10001",
        "10002",
        "10003",
        "10004",
    ]


def test_update_adds_and_removes(site: Site, key: str) -> None:
    """Labels can be added and taken away one by one; a field may not be in both places."""
    site.edit(key, {"update": {"labels": [{"add": "a"}, {"add": "b"}]}})
    site.edit(
        key, {"update": {"labels": [{"remove": "a"}], ORGS: [{"add": 13}]}}
    )
    assert site.issue(key)["fields"]["labels"] == ["b"]
    assert [str(each["id"]) for each in site.issue(key)["fields"][ORGS]] == [
        "12",
        "13",
    ]
    both = {"fields": {"labels": []}, "update": {"labels": [{"add": "c"}]}}
    assert site.edit(key, both).status_code == 400


@pytest.mark.parametrize("honoured", [False, True])
def test_a_note_inside_an_edit_may_go_public(
    site: Site, key: str, *, honoured: bool
) -> None:
    """Whether a comment inside an edit keeps its properties is a switch: by default the note is public."""
    site.tracker.switches.comment_properties_in_edit = honoured
    note = {
        "body": document("hush"),
        "properties": [
            {"key": "sd.public.comment", "value": {"internal": True}}
        ],
    }
    site.edit(key, {"update": {"comment": [{"add": note}]}})
    assert site.tracker.issue(key).comments[-1].public is not honoured


def test_a_write_that_changes_nothing_is_told(site: Site, key: str) -> None:
    """Writing what is there already is a write without a change, and leaves no history."""
    for _ in range(2):
        site.edit(key, {"fields": {TARGET: "8 h"}})
    writes = site.bot.get("/_sandbox/writes").json()
    assert [each["changed_nothing"] for each in writes] == [False, True]
    assert len(site.tracker.issue(key).history) == 1


def test_properties_of_a_request(site: Site, key: str, clock: Clock) -> None:
    """A property is made with 201 and replaced with 200, and moves `updated` only by a switch."""
    path, before = (
        f"{API}/issue/{key}/properties",
        site.issue(key)["fields"]["updated"],
    )
    clock.forward(minutes=5)
    assert site.bot.put(f"{path}/p", json={"a": 1}).status_code == 201
    assert site.bot.put(f"{path}/p", json={"a": 2}).status_code == 200
    assert site.bot.get(f"{path}/p").json() == {"key": "p", "value": {"a": 2}}
    assert [each["key"] for each in site.bot.get(path).json()["keys"]] == [
        "request.channel.type",
        "p",
    ]
    assert site.issue(key)["fields"]["updated"] == before
    site.tracker.switches.bump_on_property = True
    site.bot.put(f"{path}/p", json=None)
    assert site.issue(key)["fields"]["updated"] > before
    assert site.bot.delete(f"{path}/p").status_code == 204
    assert site.bot.get(f"{path}/p").status_code == 404


def test_creating_a_request(site: Site) -> None:
    """An integration may create a request; creation leaves no history."""
    fields = {
        "project": {"key": "SUP"},
        "issuetype": {"id": "10004"},
        "summary": "Health check",
        ORGS: [20],
    }
    answer = site.bot.post(f"{API}/issue", json={"fields": fields})
    assert answer.status_code == 201
    shown = site.issue(answer.json()["key"], expand="changelog")
    assert shown["fields"]["status"]["name"] == "Waiting for support"
    assert shown["fields"][ORGS][0]["name"] == "Lighthouse Insurance"
    assert shown["changelog"]["total"] == 0
    assert (
        site.bot.post(
            f"{API}/issue", json={"fields": {"project": {"key": "SUP"}}}
        ).status_code
        == 400
    )


def test_too_many_writes_to_one_request(site: Site, key: str) -> None:
    """More than twenty writes in two seconds meet 429 with its reason; other requests may go on."""
    path = f"{API}/issue/{key}/properties/p"
    answers = [site.bot.put(path, json=n) for n in range(21)]
    assert {each.status_code for each in answers[:20]} == {201, 200}
    assert answers[20].status_code == 429
    assert answers[20].headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    other = site.tracker.raise_request("Another")
    assert site.edit(other, {"fields": {TARGET: "x"}}).status_code == 204


@pytest.mark.parametrize("body", [b"{", b"\xff"], ids=["cut", "not utf-8"])
def test_a_body_that_is_not_json(site: Site, key: str, body: bytes) -> None:
    """A body that can't be parsed is 400."""
    assert site.bot.put(f"{API}/issue/{key}", content=body).status_code == 400


@pytest.mark.parametrize(
    "named",
    [SLA, "Response SLA", "SUP/Response SLA"],
    ids=["id", "name", "project"],
)
def test_a_field_that_a_project_lacks(
    site: Site, key: str, named: str
) -> None:
    """It is left out of the request, not shown empty; an edit of it is refused, and editmeta knows it not."""
    site.bot.put("/_sandbox/switches", json={"absent_fields": [named]})
    assert SLA not in site.issue(key)["fields"]
    assert TARGET in site.issue(key)["fields"]
    refused = site.edit(key, {"fields": {SLA: {"value": "Running"}}})
    assert (refused.status_code, list(refused.json()["errors"])) == (
        400,
        [SLA],
    )
    assert (
        SLA not in site.bot.get(f"{API}/issue/{key}/editmeta").json()["fields"]
    )


def test_a_field_that_another_project_lacks(site: Site, key: str) -> None:
    """What one project has not, another may have."""
    site.bot.put(
        "/_sandbox/switches", json={"absent_fields": ["TEAM/Response SLA"]}
    )
    assert SLA in site.issue(key)["fields"]


def test_a_status_that_takes_no_edits(site: Site, key: str) -> None:
    """Every edit is refused as a whole, properties too, and editmeta offers nothing; comments still pass."""
    site.bot.put("/_sandbox/switches", json={"frozen_statuses": ["Closed"]})
    assert site.edit(key, {"fields": {TARGET: "8 h"}}).status_code == 204
    site.tracker.transition(key, "Closed", as_="Mia Lindqvist")
    for body in ({"fields": {TARGET: "2 h"}}, {"properties": [{"key": "k"}]}):
        refused = site.edit(key, body)
        assert (refused.status_code, refused.json()["errors"]) == (400, {})
    assert site.bot.get(f"{API}/issue/{key}/editmeta").json() == {"fields": {}}
    assert site.issue(key)["fields"][TARGET] == "8 h"


def test_a_switch_that_lists_names_takes_nothing_else(site: Site) -> None:
    """A word in place of a list is refused with what was expected."""
    refused = site.bot.put(
        "/_sandbox/switches", json={"frozen_statuses": "Closed"}
    )
    assert refused.status_code == 400
    assert "a list of names" in refused.json()["error"]
