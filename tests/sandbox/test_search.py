from __future__ import annotations

from typing import Any

import pytest

from jsm_sandbox.play.administration import open_project
from jsm_sandbox.play.tracker import Tracker
from tests.sandbox.callers import API, Clock, Site

COUNT = f"{API}/search/approximate-count"
OPEN_OR_CHANGED = 'project in ("SUP") AND (statusCategory != Done OR updated >= 1772539200000)'
REFUSED = [
    ("", "Unbounded JQL queries are not allowed here"),
    ("ORDER BY created", "Unbounded JQL queries are not allowed here"),
    ("nonsense = 1", "Field 'nonsense' does not exist"),
    (
        "project = NOPE",
        "The value 'NOPE' does not exist for the field 'project'.",
    ),
    ("updated >= 'yesterday noon'", "Date value 'yesterday noon'"),
    ("created < 99999999999999999999", "Date value '99999999999999999999'"),
    ("updated >= mondayish()", "Unable to find JQL function"),
    ("project = SUP AND", "Error in the JQL Query"),
    ("(project = SUP", "Error in the JQL Query"),
    (
        "project = SUP ORDER BY a,b,c,d,e,f,g,h",
        "JQL can be ordered by at most 7 fields.",
    ),
    ("summary > 3", "is not supported"),
]


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """Keep five requests of some variety."""
    tracker.raise_request(
        "Alpha down", organization=11, severity=1, at="2026-03-01T10:00:00Z"
    )
    tracker.raise_request(
        "Beta slow",
        organization=[12, 13],
        severity=2,
        at="2026-03-02T10:00:00Z",
    )
    tracker.raise_request(
        "Gamma wish",
        organization=None,
        request_type="Feature request",
        at="2026-03-03T10:00:00Z",
    )
    tracker.raise_request(
        "Delta",
        organization=16,
        labels=["vip"],
        priority="P1 Urgent",
        at="2026-03-04T09:00:00Z",
    )
    tracker.raise_request(
        "Epsilon", organization=12, at="2026-03-04T11:50:00Z"
    )
    tracker.transition(
        "SUP-2", "Resolved", as_="Mia Lindqvist", at="2026-03-03T12:00:00Z"
    )
    tracker.transition(
        "SUP-4", "In progress", as_="Mia Lindqvist", at="2026-03-04T10:00:00Z"
    )
    return tracker


@pytest.mark.parametrize(
    ("jql", "numbers"),
    [
        ("project = SUP", [1, 2, 3, 4, 5]),
        ('project in ("Customer Support")', [1, 2, 3, 4, 5]),
        ("project = SUP AND statusCategory != Done", [1, 3, 4, 5]),
        ("statusCategory = done", [2]),
        ('status in ("In progress", Resolved)', [2, 4]),
        ('status not in ("In progress", Resolved)', [1, 3, 5]),
        ("resolution = Unresolved", [1, 3, 4, 5]),
        ("resolution is not EMPTY", [2]),
        ("organizations = 'Acme Industries'", [2, 5]),
        ("organizations is empty", [3]),
        ("organizations != 'Acme Industries'", [1, 4]),
        ("NOT organizations = 'Acme Industries'", [1, 4]),
        ("Severity = 'S1 - Critical'", [1]),
        ("cf[10001] is empty", [3, 4, 5]),
        ("cf[10001] in ('S1 - Critical', 'S2 - Major')", [1, 2]),
        ("labels = vip", [4]),
        ("priority = 'P1 Urgent'", [4]),
        ("'Request Type' = 'Feature request'", [3]),
        ("key in (SUP-1, SUP-3)", [1, 3]),
        ("key > SUP-3", [4, 5]),
        (
            "(labels = vip OR severity = 'S1 - Critical') AND project = SUP",
            [1, 4],
        ),
        (
            "project = SUP AND (labels = vip OR status = Resolved AND labels is empty)",
            [2, 4],
        ),
        ("not (labels = vip or status = Resolved)", []),
        ("created >= 1772532000000", [3, 4, 5]),
        ("created < 1772532000000 AND project = SUP", [1, 2]),
        ("created >= 1772445600000 AND created < 1772445600001", [2]),
        ("created > 1772445600000 AND created <= 1772532000000", [3]),
        (
            "(created < 1772445600000 OR created >= 1772614800000) AND project = SUP",
            [1, 4, 5],
        ),
        (
            f"{OPEN_OR_CHANGED} AND created >= 1772445600000 AND created < 1772614800000",
            [2, 3],
        ),
        (f"{OPEN_OR_CHANGED} AND created < 1772445600000", [1]),
        (
            "(statusCategory != Done OR updated >= 1772539200001) AND created < 1772614800000",
            [1, 3],
        ),
        ("updated >= -15m", [5]),
        ("updated > '-25h' and project = SUP", [2, 4, 5]),
        ("created >= startOfDay()", [4, 5]),
        ("updated >= '2026/03/03 07:00'", [2, 4, 5]),
        ("updated >= '2026-03-03 07:01'", [4, 5]),
        ("'Response due' is empty and created < 2026-03-02", [1]),
        ("gamma", [3]),
        ("summary ~ 'beta'", [2]),
    ],
)
def test_a_query_finds(
    site: Site, desk: Tracker, jql: str, numbers: list[int]
) -> None:
    """A query finds what Jira would; bare literals are read in New York, and != passes over the empty."""
    assert site.keys(f"{jql} ORDER BY key ASC") == [
        f"SUP-{n}" for n in numbers
    ]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("ORDER BY created DESC", [5, 4, 3, 2, 1]),
        ("ORDER BY updated ASC, key ASC", [1, 3, 2, 4, 5]),
        ("ORDER BY priority DESC, key DESC", [4, 5, 3, 2, 1]),
        ("order by cf[10001], key", [1, 2, 3, 4, 5]),
        ("", [5, 4, 3, 2, 1]),
    ],
)
def test_a_query_orders(
    site: Site, desk: Tracker, order: str, numbers: list[int]
) -> None:
    """The order is the one asked for, and newest first where none is."""
    assert site.keys(f"project = SUP {order}") == [f"SUP-{n}" for n in numbers]


@pytest.mark.parametrize(("jql", "text"), REFUSED)
def test_a_query_is_refused(site: Site, key: str, jql: str, text: str) -> None:
    """What Jira refuses is refused with 400 and a text."""
    answer = site.bot.get(f"{API}/search/jql", params={"jql": jql})
    assert answer.status_code == 400
    assert text in answer.json()["errorMessages"][0]


def test_only_ids_come_unasked(site: Site, key: str) -> None:
    """Without fields an answer holds ids, not even keys, and never a total."""
    found = site.search("project = SUP")
    assert found == {"issues": [{"id": site.issue(key)["id"]}], "isLast": True}


def test_fields_and_properties_come_when_asked(site: Site, key: str) -> None:
    """Fields are named or meant by a star; up to five properties come along."""
    found = site.search(
        "project = SUP",
        fields=["summary"],
        properties=["request.channel.type"],
    )["issues"][0]
    assert found["fields"] == {"summary": "Scans stopped"}
    assert found["properties"] == {"request.channel.type": {"value": "portal"}}
    everything = site.search("project = SUP", fields=["*all", "-comment"])[
        "issues"
    ][0]["fields"]
    assert "comment" not in everything
    assert everything[site.field_id("Response SLA")] is None
    assert (
        "comment"
        not in site.search("project = SUP", fields=["*navigable"])["issues"][
            0
        ]["fields"]
    )
    many = {"jql": "project = SUP", "properties": list("abcdef")}
    assert site.bot.post(f"{API}/search/jql", json=many).status_code == 400


def _pages(site: Site, size: int, **asked: Any) -> list[list[str]]:
    pages, token = [], None
    while True:
        more: dict[str, str] = {"nextPageToken": token} if token else {}
        found = site.search(
            "project = SUP ORDER BY key", maxResults=size, **asked, **more
        )
        pages.append([each["id"] for each in found["issues"]])
        token = found.get("nextPageToken")
        assert found["isLast"] == (token is None)
        if token is None:
            return pages


def test_pages_follow_each_other(site: Site, desk: Tracker) -> None:
    """Tokens lead from page to page, each request comes once, and the last page has no token."""
    pages = _pages(site, 2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({each for page in pages for each in page}) == 5


def test_pages_may_be_short(site: Site, desk: Tracker) -> None:
    """A page may hold less than was asked for though more follow."""
    site.tracker.switches.short_pages = True
    assert [len(page) for page in _pages(site, 3)] == [2, 2, 1]


def test_pages_with_fields_hold_a_hundred(
    site: Site, tracker: Tracker
) -> None:
    """Asked for a real field, a page is cut to a hundred; ids come by the thousand, and fifty unasked."""
    for number in range(120):
        tracker.raise_request(f"Number {number}")
    assert (
        len(
            site.search("project = SUP", fields=["summary"], maxResults=1000)[
                "issues"
            ]
        )
        == 100
    )
    assert (
        len(
            site.search(
                "project = SUP", fields=["id", "key"], maxResults=1000
            )["issues"]
        )
        == 120
    )
    assert len(site.search("project = SUP")["issues"]) == 50


def test_a_token_belongs_to_its_query(site: Site, desk: Tracker) -> None:
    """A token of another query, or of none, is refused."""
    token = site.search("project = SUP", maxResults=1)["nextPageToken"]
    for jql, used in (
        ("labels is empty", token),
        ("project = SUP", "made up"),
    ):
        answer = site.bot.get(
            f"{API}/search/jql", params={"jql": jql, "nextPageToken": used}
        )
        assert answer.status_code == 400


def test_the_index_lags(site: Site, key: str, clock: Clock) -> None:
    """Search shows the state before a change until the lag has passed; reading by id does not wait."""
    site.tracker.index_lag = 30
    site.edit(key, {"fields": {"labels": ["new"]}})
    fresh = site.tracker.raise_request("Just raised")
    assert site.keys("labels = new") == []
    assert site.keys("project = SUP") == [key]
    assert site.issue(key)["fields"]["labels"] == ["new"]
    assert site.keys(
        "labels = new", reconcileIssues=[int(site.issue(key)["id"])]
    ) == [key]
    clock.forward(seconds=31)
    assert site.keys("labels = new") == [key]
    assert site.keys("project = SUP") == [fresh, key]


def test_bulk_fetch_is_fresh_and_by_id(site: Site, desk: Tracker) -> None:
    """Requests come by ascending id whatever the order asked; the unknown are left out."""
    asked = {
        "issueIdsOrKeys": ["SUP-3", "SUP-1", "SUP-99"],
        "fields": ["summary"],
    }
    found = site.bot.post(f"{API}/issue/bulkfetch", json=asked).json()
    assert [each["key"] for each in found["issues"]] == ["SUP-1", "SUP-3"]
    too_many = {"issueIdsOrKeys": [str(n) for n in range(101)]}
    assert (
        site.bot.post(f"{API}/issue/bulkfetch", json=too_many).status_code
        == 400
    )


def test_the_old_search_is_gone(site: Site) -> None:
    """The old endpoints answer 410, in both versions."""
    for path in ("/rest/api/2/search", "/rest/api/3/search"):
        answer = site.bot.get(path, params={"jql": "project = SUP"})
        assert answer.status_code == 410
        assert "/rest/api/3/search/jql" in answer.json()["errorMessages"][0]


def test_searches_are_paged_through_side_by_side(
    site: Site, desk: Tracker
) -> None:
    """Pages of several searches may alternate: each goes on where it was, and sees what happened meanwhile."""
    older, younger = (
        f"project = SUP AND created {half} 1772532000000 ORDER BY key"
        for half in ("<", ">=")
    )
    first = {
        jql: site.search(jql, fields=["key"], maxResults=1)
        for jql in (older, younger)
    }
    site.edit("SUP-5", {"fields": {"labels": ["new"]}})
    desk.raise_request("Meanwhile")
    rest = {
        jql: site.keys(
            jql, maxResults=10, nextPageToken=found["nextPageToken"]
        )
        for jql, found in first.items()
    }
    assert [
        each["key"] for found in first.values() for each in found["issues"]
    ] == [
        "SUP-1",
        "SUP-3",
    ]
    assert rest == {older: ["SUP-2"], younger: ["SUP-4", "SUP-5", "SUP-6"]}


def _count(site: Site, jql: str) -> int:
    answer = site.bot.post(COUNT, json={"jql": jql})
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"count"}
    found: int = answer.json()["count"]
    return found


@pytest.mark.parametrize(
    ("jql", "count"),
    [
        ("statusCategory != Done", 4),
        (OPEN_OR_CHANGED, 5),
        (f"{OPEN_OR_CHANGED} AND created < 1772532000000", 2),
        (
            f"{OPEN_OR_CHANGED} AND created >= 1772532000000 ORDER BY key ASC",
            3,
        ),
        ("labels = nobodys", 0),
    ],
)
def test_counting(site: Site, desk: Tracker, jql: str, count: int) -> None:
    """The approximate count tells how many a search finds, however many that is and whatever their order."""
    assert _count(site, jql) == count


def test_a_count_is_of_what_the_caller_may_see(
    site: Site, desk: Tracker
) -> None:
    """As for the search, a bad token is nobody's, who sees nothing."""
    with site.caller(("bot@example.com", "wrong")) as nobody:
        answer = nobody.post(COUNT, json={"jql": "project = SUP"})
    assert (answer.status_code, answer.json()) == (200, {"count": 0})


@pytest.mark.parametrize(("jql", "text"), REFUSED)
def test_a_count_is_refused(site: Site, key: str, jql: str, text: str) -> None:
    """What the search refuses cannot be counted either."""
    answer = site.bot.post(COUNT, json={"jql": jql})
    assert answer.status_code == 400
    assert text in answer.json()["errorMessages"][0]


def test_a_count_needs_a_query(site: Site, key: str) -> None:
    """A body that asks nothing is unbounded, and there is no counting by the query string."""
    assert site.bot.post(COUNT, json={}).status_code == 400
    assert (
        site.bot.get(COUNT, params={"jql": "project = SUP"}).status_code == 405
    )


def test_a_count_lags_with_the_index(
    site: Site, key: str, clock: Clock
) -> None:
    """The count goes by the same late index as the search."""
    site.tracker.index_lag = 30
    site.tracker.raise_request("Just raised")
    site.edit(key, {"fields": {"labels": ["new"]}})
    assert [
        _count(site, jql) for jql in ("project = SUP", "labels = new")
    ] == [1, 0]
    clock.forward(seconds=31)
    assert [
        _count(site, jql) for jql in ("project = SUP", "labels = new")
    ] == [2, 1]


def test_counts_have_a_limit_of_their_own(site: Site, key: str) -> None:
    """Too many counts in a second are refused, and searches are none the worse for it."""
    site.tracker.switches.burst_share = 0.02
    answers = [
        site.bot.post(COUNT, json={"jql": "project = SUP"}) for _ in range(4)
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["RateLimit-Reason"] == "jira-burst-based"
    assert site.keys("project = SUP") == [key]


def test_a_moved_request_is_found_under_both_keys(
    site: Site, key: str
) -> None:
    """A moved request keeps its id, and its old key goes on leading to it."""
    before = site.issue(key)["id"]
    moved = site.tracker.relocate(key, "SUP")
    assert moved != key
    assert site.issue(key)["id"] == site.issue(moved)["id"] == before
    assert site.issue(key)["key"] == moved


def test_a_moved_request_is_of_its_new_project(site: Site, key: str) -> None:
    """Its field *project* says so, and the move counts as a change."""
    open_project(site.tracker, "OPS", "Operations")
    site.clock.forward(minutes=5)
    moved = site.tracker.relocate(key, "OPS")
    assert site.issue(key)["fields"]["project"]["key"] == "OPS"
    assert site.keys("project = SUP") == []
    assert site.keys("project = OPS AND updated >= -1m") == [moved]


def test_a_token_grows_old(site: Site) -> None:
    """A page token is taken for a week and refused after it."""
    for _ in range(3):
        site.tracker.raise_request()
    asked: dict[str, Any] = {"jql": "project = SUP", "maxResults": 1}
    token = site.search(**asked)["nextPageToken"]
    site.clock.forward(days=6)
    assert site.search(**asked, nextPageToken=token)["issues"]
    site.clock.forward(days=1)
    answer = site.bot.post(
        f"{API}/search/jql", json=asked | {"nextPageToken": token}
    )
    assert (answer.status_code, answer.json()["errorMessages"]) == (
        400,
        ["The provided next page token is invalid or expired."],
    )


def test_every_page_reconciles_the_same(site: Site) -> None:
    """A page that names other requests to reconcile than the first one is refused."""
    numbers = [
        site.tracker.issue(site.tracker.raise_request()).id for _ in range(3)
    ]
    asked: dict[str, Any] = {
        "jql": "project = SUP",
        "maxResults": 1,
        "reconcileIssues": numbers[:1],
    }
    following = asked | {
        "nextPageToken": site.search(**asked)["nextPageToken"]
    }
    assert site.search(**following)["issues"]
    changed = following | {"reconcileIssues": numbers}
    assert site.bot.post(f"{API}/search/jql", json=changed).status_code == 400
