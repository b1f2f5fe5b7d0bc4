from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.callers import API, DESK, Clock, Site

AGENT = "Mia Lindqvist"


def test_organizations_come_in_clamped_pages(site: Site) -> None:
    """A page tells its size and whether it is the last; some organisations lack the newer attributes."""
    first = site.bot.get(f"{DESK}/organization", params={"limit": 4}).json()
    assert (first["size"], first["limit"], first["isLastPage"]) == (
        4,
        4,
        False,
    )
    rest = site.bot.get(first["_links"]["next"]).json()
    assert rest["start"] == 4
    whole = site.bot.get(f"{DESK}/organization", params={"limit": 1000}).json()
    assert (whole["limit"], whole["isLastPage"]) == (50, True)
    assert {each["id"] for each in whole["values"]} == {
        str(n) for n in range(11, 21)
    }
    assert {"uuid" in each for each in whole["values"]} == {True, False}


def test_the_agents_role_has_people_and_a_group(site: Site) -> None:
    """Three agents and the bot hold the role themselves, one more through a group."""
    roles = site.bot.get(f"{API}/project/SUP/role").json()
    number = roles["Service Desk Team"].rpartition("/")[2]
    actors = site.bot.get(f"{API}/project/SUP/role/{number}").json()["actors"]
    users = [each["displayName"] for each in actors if "actorUser" in each]
    assert users == ["Mia Lindqvist", "Jonas Berg", "Priya Raman", "SLA Bot"]
    group = next(each["actorGroup"] for each in actors if "actorGroup" in each)
    members = site.bot.get(
        f"{API}/group/member", params={"groupId": group["groupId"]}
    ).json()["values"]
    assert [each["displayName"] for each in members] == ["Tomas Novak"]


def _sla(site: Site, key: str) -> Any:
    values = site.bot.get(f"{DESK}/request/{key}/sla").json()["values"]
    return values[0] if values else None


def test_the_native_clock_runs_and_breaches(
    site: Site, key: str, clock: Clock
) -> None:
    """Jira's own clock runs down and goes below zero, the same in the field and in the SLA endpoint."""
    assert _sla(site, key)["ongoingCycle"]["remainingTime"] == {
        "millis": 10_800_000,
        "friendly": "3h 0m",
    }
    clock.forward(hours=4)
    cycle = _sla(site, key)["ongoingCycle"]
    assert (cycle["breached"], cycle["remainingTime"]["millis"]) == (
        True,
        -3_600_000,
    )
    assert site.issue(key)["fields"][
        site.field_id("Time to first response")
    ] == _sla(site, key)


def test_the_native_clock_pauses(site: Site, key: str) -> None:
    """While it waits for the customer it is paused and has no breach time."""
    site.tracker.transition(key, "Waiting for customer", as_=AGENT)
    cycle = _sla(site, key)["ongoingCycle"]
    assert cycle["paused"]
    assert "breachTime" not in cycle


@pytest.mark.parametrize(
    ("who", "public", "stops"),
    [
        (AGENT, True, True),
        (AGENT, False, False),
        ("SLA Bot", True, True),
        ("Ruth Calder", True, False),
    ],
    ids=["agent", "note", "bot", "customer"],
)
def test_what_stops_the_native_clock(
    site: Site, key: str, who: str, *, public: bool, stops: bool
) -> None:
    """A public comment by an agent stops it, and the bot's public comment does too."""
    (site.tracker.comment if public else site.tracker.note)(
        key, "text", as_=who
    )
    assert bool(_sla(site, key)["completedCycles"]) is stops
    assert ("ongoingCycle" in _sla(site, key)) is not stops


def test_a_feature_request_has_no_native_clock(site: Site) -> None:
    """Where no goal matches, the field is null and the list empty."""
    key = site.tracker.raise_request(
        "Dark mode", request_type="Feature request"
    )
    assert _sla(site, key) is None
    assert (
        site.issue(key)["fields"][site.field_id("Time to first response")]
        is None
    )


def test_participants(site: Site) -> None:
    """Participants see the request though they are of no organisation of it."""
    key = site.tracker.raise_request(
        "Shared", organization=12, participants=["Anna Berglund"]
    )
    found = site.bot.get(f"{DESK}/request/{key}/participant").json()["values"]
    assert [each["displayName"] for each in found] == ["Anna Berglund"]
    with site.caller(("anna.berglund@example.com", "sandbox")) as participant:
        assert participant.get(f"{DESK}/request/{key}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{DESK}/servicedesk/1", 200),
        (f"{DESK}/servicedesk/9", 404),
        (f"{DESK}/organization/12", 200),
        (f"{DESK}/organization/99", 404),
        (f"{DESK}/request/SUP-99", 404),
        (f"{API}/project/NOPE", 404),
        (f"{API}/issue/SUP-99", 404),
        (f"{API}/nothing", 404),
    ],
)
def test_what_is_there_and_what_is_not(
    site: Site, path: str, status: int
) -> None:
    """What is not there is 404, in Jira's words."""
    answer = site.bot.get(path)
    assert answer.status_code == status
    if status == 404:
        assert answer.json()["errorMessages"]


def test_fields_are_found_by_type(site: Site) -> None:
    """Every custom field tells its type, by which a caller knows it whatever its name."""
    fields = {each["id"]: each for each in site.bot.get(f"{API}/field").json()}
    kinds = {
        number: fields[f"customfield_{number}"]["schema"]["custom"].rpartition(
            ":"
        )[2]
        for number in range(10004, 10008)
    }
    assert kinds == {
        10004: "sd-customer-organizations",
        10005: "vp-origin",
        10006: "sd-request-participants",
        10007: "sd-sla-field",
    }
    found = site.bot.get(
        f"{API}/field/search", params={"query": "severity", "type": "custom"}
    ).json()["values"]
    assert [each["id"] for each in found] == ["customfield_10001"]


def test_the_customers_of_a_desk_are_asked_for_slowly(site: Site) -> None:
    """The list of customers bears five calls a second, a twentieth of the others."""
    answer = site.bot.get(
        f"{DESK}/servicedesk/1/customer", params={"query": "ruth"}
    )
    assert [each["displayName"] for each in answer.json()["values"]] == [
        "Ruth Calder"
    ]
    assert answer.headers["X-RateLimit-Limit"] == "5"
