"""Jira's limits on calls, by the sandbox's own clock."""

from __future__ import annotations

import pytest

from tests.sandbox.callers import API, Site, document

BURST, PER_ISSUE = "jira-burst-based", "jira-per-issue-on-write"


def _note(site: Site, key: str) -> int:
    return site.bot.post(
        f"{API}/issue/{key}/comment", json={"body": document("x")}
    ).status_code


def test_twenty_writes_to_a_request_in_two_seconds(
    site: Site, key: str
) -> None:
    """The twenty-first write to one request in two seconds is refused; another request takes it."""
    other = site.tracker.raise_request("Another")
    assert [_note(site, key) for _ in range(20)] == [201] * 20
    answer = site.bot.put(
        f"{API}/issue/{key}", json={"fields": {"labels": ["x"]}}
    )
    assert (answer.status_code, answer.headers["RateLimit-Reason"]) == (
        429,
        PER_ISSUE,
    )
    assert answer.headers["Retry-After"] == "2"
    assert _note(site, other) == 201
    site.clock.forward(seconds=2)
    assert _note(site, key) == 201


def test_a_hundred_writes_to_a_request_in_half_a_minute(
    site: Site, key: str
) -> None:
    """Twenty writes every two seconds end at the longer window, on the sandbox's clock."""
    for _ in range(5):
        assert {_note(site, key) for _ in range(20)} == {201}
        site.clock.forward(seconds=2)
    assert _note(site, key) == 429
    site.clock.forward(seconds=20)
    assert _note(site, key) == 201


def test_a_request_near_its_limit_is_told_so(site: Site, key: str) -> None:
    """With less than a fifth of a window left the answer to a write says so."""
    seen = [
        site.bot.put(
            f"{API}/issue/{key}", json={"fields": {"labels": [f"x{n}"]}}
        ).headers.get("X-RateLimit-NearLimit")
        for n in range(18)
    ]
    assert seen == [None] * 16 + ["true"] * 2


def test_a_burst_empties_one_endpoint_only(site: Site, key: str) -> None:
    """A bucket belongs to an endpoint and a method, is shared by all callers, and fills again with time."""
    site.tracker.switches.burst_share = 0.05
    read = [site.bot.get(f"{API}/myself").status_code for _ in range(6)]
    assert read == [200] * 5 + [429]
    with site.caller(("mia.lindqvist@example.com", "sandbox")) as mia:
        assert mia.get(f"{API}/myself").status_code == 429
    assert site.bot.get(f"{API}/serverInfo").status_code == 200
    site.clock.forward(seconds=0.25)
    assert [site.bot.get(f"{API}/myself").status_code for _ in range(2)] == [
        200,
        429,
    ]


def test_one_method_can_be_given_a_poorer_bucket(site: Site, key: str) -> None:
    """With two and a half PUTs a second the third is refused, another may go as time passes, and reads go on."""
    site.tracker.switches.put_rate = 2.5
    edit = {"fields": {"labels": ["x"]}}

    def put() -> int:
        return site.bot.put(f"{API}/issue/{key}", json=edit).status_code

    assert [put() for _ in range(3)] == [204, 204, 429]
    assert site.bot.get(f"{API}/myself").status_code == 200
    site.clock.forward(seconds=0.4)
    assert [put() for _ in range(2)] == [204, 429]


@pytest.mark.parametrize(
    ("advice", "expected"), [("present", "1"), ("absent", None), ("zero", "0")]
)
def test_the_words_of_a_refusal(
    site: Site, advice: str, expected: str | None
) -> None:
    """A 429 carries the enforced headers plainly, the wait as the site is switched, and the reset as an instant."""
    site.tracker.switches.burst_share, site.tracker.switches.retry_after = (
        0.01,
        advice,
    )
    site.bot.get(f"{API}/myself")
    headers = site.bot.get(f"{API}/myself").headers
    assert headers["RateLimit-Reason"] == BURST
    assert headers["X-RateLimit-Reset"].startswith("2026-03-04T12:00:0")
    assert headers["RateLimit"] == f'"{BURST}";r=0;t=1'
    assert headers.get("Retry-After") == expected


def test_both_spellings_on_every_answer(site: Site) -> None:
    """What is enforced is told plainly, what is only announced has Beta- in front; no reset without a refusal."""
    headers = site.bot.get(f"{API}/myself").headers
    assert (
        headers["X-RateLimit-Limit"],
        headers["X-RateLimit-Remaining"],
    ) == (
        "100",
        "100",
    )
    assert "w=3600" in headers["Beta-RateLimit-Policy"]
    assert "t=3600" in headers["Beta-RateLimit"]
    assert headers["X-Beta-RateLimit-Limit"] == "65000"
    assert "X-RateLimit-Reset" not in headers
    assert "Retry-After" not in headers


def test_endpoints_have_rates_of_their_own(site: Site, key: str) -> None:
    """Reading a request and its history is granted more than the rest."""
    paths = {
        f"{API}/issue/{key}": "150",
        f"{API}/issue/{key}/changelog": "200",
        f"{API}/field": "100",
    }
    assert {
        path: site.bot.get(path).headers["X-RateLimit-Limit"] for path in paths
    } == paths
    assert site.edit(key, {"fields": {}}).headers["X-RateLimit-Limit"] == "50"
