from __future__ import annotations

import pytest

from tests.sandbox.callers import API, Site

AGENT = "Mia Lindqvist"


def _offered(site: Site, key: str) -> dict[str, str]:
    found = site.bot.get(f"{API}/issue/{key}/transitions").json()[
        "transitions"
    ]
    return {each["to"]["name"]: each["id"] for each in found}


@pytest.mark.parametrize(
    ("status", "escalates", "reopens"),
    [
        ("Waiting for support", True, False),
        ("In progress", True, False),
        ("Waiting for customer", False, False),
        ("Escalated", False, False),
        ("Resolved", False, True),
        ("Closed", False, True),
        ("Declined", False, True),
    ],
)
def test_what_is_on_offer(
    site: Site, key: str, status: str, *, escalates: bool, reopens: bool
) -> None:
    """Only the ways out of the present status are on offer."""
    if status != "Waiting for support":
        site.tracker.transition(key, status, as_=AGENT)
    offered = _offered(site, key)
    assert ("Escalated" in offered) is escalates
    assert (reopens and "Waiting for support" in offered) is reopens


def test_resolving_and_reopening(site: Site, key: str) -> None:
    """Resolving sets the resolution and its date, reopening takes both away."""
    path = f"{API}/issue/{key}/transitions"
    assert (
        site.bot.post(
            path, json={"transition": {"id": _offered(site, key)["Resolved"]}}
        ).status_code
        == 204
    )
    fields = site.issue(key)["fields"]
    assert fields["status"]["statusCategory"]["key"] == "done"
    assert (fields["resolution"]["name"], fields["resolutiondate"]) == (
        "Done",
        "2026-03-04T13:00:00.000+0100",
    )
    site.bot.post(
        path,
        json={
            "transition": {"id": _offered(site, key)["Waiting for support"]}
        },
    )
    fields = site.issue(key)["fields"]
    assert (fields["resolution"], fields["resolutiondate"]) == (None, None)


def test_a_transition_that_is_not_on_offer(site: Site, key: str) -> None:
    """A wrong id, or the right one a second time, is 400."""
    path, escalate = (
        f"{API}/issue/{key}/transitions",
        _offered(site, key)["Escalated"],
    )
    answer = site.bot.post(path, json={"transition": {"id": "999"}})
    assert (answer.status_code, answer.json()["errorMessages"]) == (
        400,
        ["Transition id '999' is not valid for this issue."],
    )
    assert [
        site.bot.post(path, json={"transition": {"id": escalate}}).status_code
        for _ in range(2)
    ] == [
        204,
        400,
    ]


def test_a_field_that_is_not_on_the_transitions_screen(
    site: Site, key: str
) -> None:
    """Transitions have no screen here, so they take no fields."""
    body = {
        "transition": {"id": _offered(site, key)["Escalated"]},
        "fields": {"summary": "x"},
    }
    assert (
        site.bot.post(f"{API}/issue/{key}/transitions", json=body).status_code
        == 400
    )
    assert site.issue(key)["fields"]["status"]["name"] == "Waiting for support"
