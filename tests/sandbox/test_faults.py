from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.callers import API, Site, document


def _order(
    site: Site, kind: str | int, match: str = "/issue/", /, **more: Any
) -> None:
    site.bot.post(
        "/_sandbox/faults", json=[{"kind": kind, "match": match, **more}]
    ).raise_for_status()


@pytest.mark.parametrize("status", [401, 409, 429, 500, 502, 503])
def test_a_status_on_order(site: Site, key: str, status: int) -> None:
    """The next matching call fails with the status, once, and is not carried out."""
    _order(site, status, "PUT .*/issue/")
    assert site.edit(key, {"fields": {"labels": ["x"]}}).status_code == status
    assert site.issue(key)["fields"]["labels"] == []
    assert site.edit(key, {"fields": {"labels": ["x"]}}).status_code == 204


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, None), ({"retry_after": 0}, "0"), ({"retry_after": 7}, "7")],
)
def test_how_long_to_wait(
    site: Site, key: str, more: dict[str, int], expected: str | None
) -> None:
    """A 429 may tell how long to wait, or zero, or nothing; the reset is an instant."""
    _order(site, 429, reason="jira-quota-tenant-based", **more)
    answer = site.bot.get(f"{API}/issue/{key}")
    assert answer.headers.get("Retry-After") == expected
    assert answer.headers["RateLimit-Reason"] == "jira-quota-tenant-based"
    assert answer.headers["X-RateLimit-Reset"].startswith("2026-03-04T12:00:0")


@pytest.mark.parametrize(
    "kind", ["503-after", "timeout-after", "reset-after", "cut-json"]
)
def test_carried_out_without_the_caller_learning(
    site: Site, key: str, kind: str
) -> None:
    """The comment is there though the caller was told otherwise, or nothing."""
    _order(site, kind, "POST .*/comment")
    with site.caller(("bot@example.com", "sandbox")) as caller:
        try:
            answer = caller.post(
                f"{API}/issue/{key}/comment",
                json={"body": document("once")},
                timeout=0.4,
            )
            assert answer.status_code == 503
        except httpx.TransportError:
            assert kind != "503-after"
    assert len(site.tracker.issue(key).comments) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [("timeout", httpx.ReadTimeout), ("reset", httpx.ReadError)],
    ids=["timeout", "reset"],
)
def test_not_carried_out(
    site: Site, key: str, kind: str, error: type[Exception]
) -> None:
    """No answer, and nothing done."""
    _order(site, kind, "POST .*/comment")
    with (
        site.caller(("bot@example.com", "sandbox")) as caller,
        pytest.raises(error),
    ):
        caller.post(
            f"{API}/issue/{key}/comment",
            json={"body": document("never")},
            timeout=0.4,
        )
    assert site.tracker.issue(key).comments == []


def test_a_sign_in_page(site: Site, key: str) -> None:
    """A proxy's page comes with 200 and is no JSON."""
    _order(site, "html")
    answer = site.bot.get(f"{API}/issue/{key}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "text/html;charset=UTF-8",
    )


def test_a_token_without_the_scope(site: Site, key: str) -> None:
    """The token is good for other calls, and no header says that we are nobody."""
    _order(site, "scope", "GET .*/issue/")
    answer = site.bot.get(f"{API}/issue/{key}")
    assert answer.status_code == 401
    assert answer.json()["message"] == "Unauthorized; scope does not match"
    assert "X-Seraph-LoginReason" not in answer.headers
    assert site.bot.get(f"{API}/myself").status_code == 200


def test_a_token_that_expires(site: Site, key: str) -> None:
    """From one call to the next the bot may be nobody."""
    _order(site, "anonymous", "search/jql")
    answer = site.bot.get(f"{API}/search/jql", params={"jql": "project = SUP"})
    assert (
        answer.json()["issues"],
        answer.headers["X-Seraph-LoginReason"],
    ) == (
        [],
        "AUTHENTICATED_FAILED",
    )
    assert site.keys("project = SUP") == [key]


def test_one_request_that_makes_no_sense(site: Site, key: str) -> None:
    """One request of many can be garbled, the others are as ever."""
    other = site.tracker.raise_request("Another")
    _order(site, "broken-issue", "search", key=key)
    found = site.search("project = SUP", fields=["created", "status"])[
        "issues"
    ]
    by_key = {each["key"]: each["fields"] for each in found}
    assert by_key[key]["status"] == "?"
    assert by_key[other]["status"]["name"] == "Waiting for support"


def test_a_slow_answer(site: Site, key: str) -> None:
    """A slow answer is right in the end."""
    _order(site, "slow", seconds=0.1)
    assert site.issue(key)["key"] == key
    assert site.bot.get("/_sandbox/log").json()[-1]["ms"] >= 100


def test_trouble_for_one_request_only(site: Site, key: str) -> None:
    """Trouble can be ordered for one key, a number of times, and taken back."""
    other = site.tracker.raise_request("Another")
    _order(site, 503, key=key, times=0)
    number = site.tracker.issue(key).id
    assert [
        site.bot.get(f"{API}/issue/{each}").status_code
        for each in (other, key, number)
    ] == [
        200,
        503,
        503,
    ]
    assert site.bot.get("/_sandbox/faults").json()[0]["hits"] == 2
    site.bot.delete("/_sandbox/faults")
    assert site.bot.get(f"{API}/issue/{key}").status_code == 200


def test_an_order_that_makes_no_sense(site: Site) -> None:
    """Unknown trouble is refused with a list of what there is."""
    answer = site.bot.post(
        "/_sandbox/faults", json={"kind": "flood", "match": "."}
    )
    assert answer.status_code == 400
    assert "timeout-after" in answer.json()["error"]
