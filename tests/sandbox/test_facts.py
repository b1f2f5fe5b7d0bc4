"""Facts of a real site that belong to no single endpoint."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from jsm_sandbox.play.seed import sow
from tests.sandbox.callers import API, Site


def test_three_time_zones(site: Site, key: str) -> None:
    """Answers speak the site's zone, literals are read in the account's, headers are in UTC: all differ."""
    mine = ZoneInfo(site.bot.get(f"{API}/myself").json()["timeZone"])
    created = datetime.fromisoformat(site.issue(key)["fields"]["created"])
    now = site.clock.instant
    assert created == datetime.fromisoformat("2026-03-04T11:00:00+00:00")
    assert (
        len(
            {
                created.utcoffset(),
                now.astimezone(mine).utcoffset(),
                now.utcoffset(),
            }
        )
        == 3
    )
    minute = created.astimezone(mine)
    assert site.keys(f'created >= "{minute:%Y-%m-%d %H:%M}"') == [key]
    assert (
        site.keys(
            f'created >= "{created.astimezone(ZoneInfo("UTC")):%Y-%m-%d %H:%M}"'
        )
        == []
    )
    assert site.keys(f"created >= {int(created.timestamp() * 1000)}") == [key]


def test_literals_know_minutes_only(site: Site) -> None:
    """A literal with seconds is refused; milliseconds since the epoch are exact."""
    key = site.tracker.raise_request(at="2026-03-04T11:00:30Z")
    assert site.keys('created > "2026-03-04 06:00"') == [key]
    answer = site.bot.post(
        f"{API}/search/jql", json={"jql": 'created > "2026-03-04 06:00:30"'}
    )
    assert answer.status_code == 400
    instant = int(site.tracker.issue(key).created.timestamp() * 1000)
    assert (
        site.keys(f"created >= {instant}"),
        site.keys(f"created > {instant}"),
    ) == (
        [key],
        [],
    )


def test_organizations_as_sites_show_them(site: Site) -> None:
    """None, one or several; the id is text for some and a number for others."""
    raised = [
        site.tracker.raise_request(organization=given)
        for given in (None, 12, [11, 13])
    ]
    field = site.field_id("Organizations")
    shown = [
        [each["id"] for each in site.issue(key)["fields"][field] or ()]
        for key in raised
    ]
    assert shown == [[], ["12"], ["11", 13]]


def test_a_request_type_is_an_object_or_nothing(site: Site, key: str) -> None:
    """What came through the portal tells its type and status; what was created otherwise has none until it is set."""
    field = site.field_id("Request Type")
    assert (
        site.issue(key)["fields"][field]["requestType"]["name"]
        == "Report a problem"
    )
    made = site.bot.post(
        f"{API}/issue",
        json={
            "fields": {
                "project": {"key": "SUP"},
                "summary": "x",
                "issuetype": {"id": "10004"},
            }
        },
    ).json()["key"]
    assert site.issue(made)["fields"][field] is None
    assert (
        site.edit(made, {"fields": {field: "Ask a question"}}).status_code
        == 400
    )
    assert site.edit(made, {"fields": {field: "2"}}).status_code == 204
    assert (
        site.issue(made)["fields"][field]["requestType"]["name"]
        == "Ask a question"
    )


@pytest.mark.parametrize("bump", [False, True])
def test_whether_a_property_moves_updated(
    site: Site, key: str, bump: bool
) -> None:
    """Nobody knows whether an entity property moves *updated*: a switch, off unless turned."""
    site.tracker.switches.bump_on_property = bump
    before = site.issue(key)["fields"]["updated"]
    site.bot.put(f"{API}/issue/{key}/properties/ledger", json={"a": 1})
    assert (site.issue(key)["fields"]["updated"] != before) == bump


@pytest.mark.parametrize("bump", [False, True])
def test_whether_the_same_value_moves_updated(
    site: Site, key: str, bump: bool
) -> None:
    """Nobody knows whether writing what stands there already moves *updated*: a switch, on unless turned."""
    site.tracker.switches.bump_on_same_value = bump
    before = site.issue(key)["fields"]["updated"]
    assert site.edit(key, {"fields": {"labels": []}}).status_code == 204
    assert (site.issue(key)["fields"]["updated"] != before) == bump


@pytest.mark.slow
def test_a_big_desk_is_read_to_the_end(site: Site) -> None:
    """Two thousand requests come page by page, each once and in order, while somebody writes to them."""
    sow(site.tracker, 2000)
    jql, seen = "project = SUP ORDER BY created ASC, key ASC", list[str]()
    token: dict[str, str] = {}
    while True:
        page = site.search(jql, fields=["created"], maxResults=100, **token)
        seen += [each["key"] for each in page["issues"]]
        if page["isLast"]:
            break
        token = {"nextPageToken": page["nextPageToken"]}
        site.tracker.note(seen[-1], "seen", as_="Mia Lindqvist")
    assert len(seen) == len(set(seen)) == 2000
    created = [site.tracker.issue(each).created for each in seen]
    assert all(earlier <= later for earlier, later in pairwise(created))


def test_one_request_of_the_state(site: Site, key: str) -> None:
    """The control API tells of the named requests only, where some are named."""
    site.tracker.raise_request("Another")
    told = site.bot.get("/_sandbox/state", params={"key": key}).json()[
        "requests"
    ]
    assert [each["key"] for each in told] == [key]


@pytest.mark.parametrize(
    "path",
    [
        "issue/{key}",
        "issue/{key}/comment",
        "project/search",
        "priority/search",
        "myself",
    ],
)
@pytest.mark.parametrize("version", ["2", "3"])
def test_addresses_name_the_version_that_was_asked(
    site: Site, key: str, path: str, version: str
) -> None:
    """Every `self` of a version 2 answer leads to version 2 again."""
    site.tracker.comment(key, "Hello", as_="Mia Lindqvist")
    answer = site.bot.get(f"/rest/api/{version}/{path.format(key=key)}")
    assert answer.status_code == 200
    addresses = set(
        re.findall(r"\"self\": ?\"[^\"]*/rest/api/(\d)/", answer.text)
    )
    assert addresses == {version}
