from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.callers import API, Clock, Site

AGENT = "Mia Lindqvist"


@pytest.fixture
def changed(site: Site, key: str, clock: Clock) -> str:
    """Let an agent lower, raise and take on a request."""
    clock.forward(minutes=1)
    site.tracker.set_field(key, "Severity", 4, as_=AGENT)
    clock.forward(minutes=1)
    site.tracker.set_field(key, "Severity", 1, as_="Jonas Berg")
    clock.forward(minutes=1)
    site.tracker.transition(key, "In progress", as_=AGENT)
    return key


def _bulk(site: Site, **asked: Any) -> Any:
    return site.bot.post(f"{API}/changelog/bulkfetch", json=asked).json()


def test_the_history_of_one_request(site: Site, changed: str) -> None:
    """Histories come oldest first, dated in the site's zone; the values at creation are not among them."""
    site.tracker.switches.field_id_gaps = False
    found = site.bot.get(f"{API}/issue/{changed}/changelog").json()
    assert (found["total"], found["isLast"]) == (3, True)
    items = [each["items"][0] for each in found["values"]]
    assert [
        (
            i["field"],
            i["fieldId"],
            i["fieldtype"],
            i["fromString"],
            i["toString"],
        )
        for i in items
    ] == [
        ("Severity", "customfield_10001", "custom", "S3 - Medium", "S4 - Low"),
        (
            "Severity",
            "customfield_10001",
            "custom",
            "S4 - Low",
            "S1 - Critical",
        ),
        ("status", "status", "jira", "Waiting for support", "In progress"),
    ]
    assert found["values"][0]["created"] == "2026-03-04T13:01:00.000+0100"
    assert found["values"][1]["author"]["displayName"] == "Jonas Berg"


def test_the_history_in_bulk(site: Site, changed: str) -> None:
    """In bulk the dates are milliseconds and the order is any."""
    found = _bulk(site, issueIdsOrKeys=[changed])
    histories = found["issueChangeLogs"][0]["changeHistories"]
    assert sorted(each["created"] for each in histories) == [
        1772625660000,
        1772625720000,
        1772625780000,
    ]
    assert "nextPageToken" not in found
    assert "isLast" not in found


def test_the_history_in_bulk_by_field(site: Site, changed: str) -> None:
    """Asked for a field, only its histories come, and requests without any are left out."""
    untouched = site.tracker.raise_request("Nothing happens")
    found = _bulk(
        site, issueIdsOrKeys=[changed, untouched], fieldIds=["status"]
    )
    assert len(found["issueChangeLogs"]) == 1
    assert len(found["issueChangeLogs"][0]["changeHistories"]) == 1


def test_the_history_in_bulk_by_page(site: Site, changed: str) -> None:
    """Tokens lead through the pages."""
    first = _bulk(site, issueIdsOrKeys=[changed], maxResults=2)
    rest = _bulk(
        site,
        issueIdsOrKeys=[changed],
        maxResults=2,
        nextPageToken=first["nextPageToken"],
    )
    pages = [
        page["issueChangeLogs"][0]["changeHistories"] for page in (first, rest)
    ]
    assert [len(page) for page in pages] == [2, 1]
    assert len({each["id"] for page in pages for each in page}) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": ["SUP-1"], "fieldIds": [str(n) for n in range(11)]},
    ],
)
def test_what_bulk_refuses(
    site: Site, key: str, asked: dict[str, Any]
) -> None:
    """No requests, or more than ten fields, are refused."""
    assert (
        site.bot.post(f"{API}/changelog/bulkfetch", json=asked).status_code
        == 400
    )


def test_some_items_lack_the_field_id(site: Site, key: str) -> None:
    """Every third entry names its field only, as on real sites."""
    for n in range(9):
        site.tracker.set_field(key, "Severity", n % 2 + 1, as_=AGENT)
    values = site.bot.get(f"{API}/issue/{key}/changelog").json()["values"]
    assert 0 < sum("fieldId" not in each["items"][0] for each in values) < 9


def test_expanded_history_is_newest_first_and_short(
    site: Site, key: str
) -> None:
    """Search cuts the history to the newest forty, a single request to a hundred."""
    for n in range(45):
        site.tracker.set_field(key, "Severity", n % 2 + 1, as_=AGENT)
    narrow = site.search(
        "project = SUP", fields=["status"], expand="changelog"
    )["issues"][0]["changelog"]
    wide = site.issue(key, expand="changelog")["changelog"]
    assert (
        narrow["total"],
        len(narrow["histories"]),
        len(wide["histories"]),
    ) == (
        45,
        40,
        45,
    )
    assert [int(each["id"]) for each in wide["histories"]] == sorted(
        (int(e["id"]) for e in wide["histories"]), reverse=True
    )
