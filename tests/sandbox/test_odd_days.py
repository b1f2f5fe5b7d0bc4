"""Troubles that last, that come by chance, or that hide in an answer that looks well."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.callers import API, Site


def _order(site: Site, kind: str, match: str = "", /, **more: Any) -> None:
    site.bot.post(
        "/_sandbox/faults", json={"kind": kind, "match": match, **more}
    ).raise_for_status()


@pytest.fixture
def keys(site: Site) -> list[str]:
    """Raise five requests, a minute apart."""
    return [
        site.tracker.raise_request(f"No. {n}", at=f"2026-03-04T11:0{n}:00Z")
        for n in range(5)
    ]


def _pages(site: Site, most: int = 9) -> list[list[str]]:
    """Read a search page by page, two requests each, the way a caller without any guard does."""
    pages: list[list[str]] = []
    token: dict[str, str] = {}
    while len(pages) < most:
        found = site.search(
            "project = SUP ORDER BY key ASC",
            fields=["key"],
            maxResults=2,
            **token,
        )
        pages.append([each["key"] for each in found["issues"]])
        if found["isLast"]:
            break
        token = {"nextPageToken": found["nextPageToken"]}
    return pages


def test_an_hour_of_401(site: Site, key: str) -> None:
    """A token that is refused for an hour is refused everywhere, and taken again after it."""
    _order(site, "401", lasts=3600)
    paths = (f"{API}/myself", f"{API}/issue/{key}", f"{API}/serverInfo")
    assert {site.bot.get(path).status_code for path in paths} == {401}
    site.clock.forward(minutes=59)
    assert site.bot.get(paths[0]).status_code == 401
    site.clock.forward(minutes=1)
    assert [site.bot.get(path).status_code for path in paths] == [200] * 3


def test_the_site_is_away_for_a_while(site: Site, key: str) -> None:
    """Nobody answers for ten minutes; after that everything is as it was."""
    _order(site, "reset", lasts=600)
    for _ in range(3):
        with pytest.raises(httpx.TransportError):
            site.bot.get(f"{API}/issue/{key}")
    site.clock.forward(minutes=10)
    assert site.issue(key)["key"] == key


def test_trouble_by_chance_repeats_itself(site: Site) -> None:
    """The same probability and seed give the same troubles for the same calls."""

    def play(seed: int) -> list[int]:
        site.bot.delete("/_sandbox/faults")
        _order(site, "503", "GET", probability=0.3, seed=seed)
        return [site.bot.get(f"{API}/myself").status_code for _ in range(40)]

    first = play(5)
    assert first == play(5) != play(6)
    assert 4 <= first.count(503) <= 20


def test_an_agent_acts_between_the_read_and_the_write(
    site: Site, key: str
) -> None:
    """Somebody sets the severity just before the bot's edit lands; both are in the history, in that order."""
    act = {
        "do": "set",
        "key": key,
        "field": "Severity",
        "value": 1,
        "as": "Mia Lindqvist",
    }
    _order(site, "edit-first", "PUT .*/issue/", acts=[act])
    assert (
        site.issue(key)["fields"][site.field_id("Severity")]["value"]
        == "S3 - Medium"
    )
    assert site.edit(key, {"fields": {"labels": ["x"]}}).status_code == 204
    authors = [
        (each.author.name, each.items[0].field)
        for each in site.tracker.issue(key).history
    ]
    assert authors == [("Mia Lindqvist", "Severity"), ("SLA Bot", "labels")]


def test_rows_are_missing_between_two_pages(
    site: Site, keys: list[str]
) -> None:
    """A request that moves from one page to another while a search is read shows on neither."""
    _order(site, "missing-row", "search/jql")
    assert [each for page in _pages(site) for each in page] == [
        keys[0],
        *keys[2:],
    ]
    _order(site, "missing-row", "search/jql", key=keys[3], times=0)
    assert [each for page in _pages(site) for each in page] == [
        *keys[:3],
        keys[4],
    ]


def test_a_row_comes_again_on_the_next_page(
    site: Site, keys: list[str]
) -> None:
    """A request that moves the other way is on two pages."""
    _order(site, "repeated-row", "search/jql", times=0)
    pages = _pages(site)
    assert pages[1] == [keys[1], keys[2], keys[3]]
    assert {each for page in pages for each in page} == set(keys)


def test_a_token_comes_again_for_ever(site: Site, keys: list[str]) -> None:
    """A caller that trusts the token alone reads the second page until the end of days."""
    _order(site, "repeated-token", "search/jql", times=0)
    pages = _pages(site, most=6)
    assert pages[1:] == [[keys[2], keys[3]]] * 5


def test_flicker(site: Site, keys: list[str]) -> None:
    """With flicker a request that a search showed may be missing from the next, while GET always has it."""
    site.tracker.switches.flicker = 0.3
    found = [set(site.keys("project = SUP")) for _ in range(12)]
    assert len({frozenset(each) for each in found}) > 1
    assert set.union(*found) == set(keys)
    assert all(site.issue(each)["key"] == each for each in keys)


def test_timers_move_updated_by_themselves(site: Site, key: str) -> None:
    """SLA timers move *updated* every so often and leave no history, until the request is done."""
    site.tracker.switches.sla_noise = 16
    before = site.issue(key)["fields"]["updated"]
    site.clock.forward(minutes=16)
    after = site.issue(key)["fields"]["updated"]
    assert before < after
    assert site.tracker.issue(key).history == []
    site.tracker.transition(key, "Resolve", as_="Mia Lindqvist")
    settled = site.issue(key)["fields"]["updated"]
    site.clock.forward(hours=1)
    assert site.issue(key)["fields"]["updated"] == settled


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"kind": "401", "match": "", "lasting": 5}, "knows no lasting"),
        ({"kind": "503", "match": "("}, "unterminated subpattern"),
    ],
)
def test_an_order_with_a_mistake_in_it(
    site: Site, order: dict[str, Any], text: str
) -> None:
    """A misspelt order is refused, not half understood."""
    answer = site.bot.post("/_sandbox/faults", json=order)
    assert answer.status_code == 400
    assert text in answer.json()["error"]
