from __future__ import annotations

import httpx
import pytest

from tests.sandbox.callers import API, DESK, Site

BAD = ("bot@example.com", "expired")


@pytest.mark.parametrize(
    "prefix", ["", "/ex/jira/11223344-cloud"], ids=["site", "gateway"]
)
@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer sandbox"}],
    ids=["basic", "bearer"],
)
def test_both_credentials_work_at_both_addresses(
    site: Site, prefix: str, header: dict[str, str]
) -> None:
    """The bot is known by mail and token or by bearer token, at the site's address and at the gateway's."""
    answer = site.bot.get(f"{prefix}{API}/myself", headers=header)
    assert answer.status_code == 200
    assert answer.json()["displayName"] == "SLA Bot"
    assert answer.json()["timeZone"] == "America/New_York"
    assert answer.headers["X-AAccountId"] == answer.json()["accountId"]


def test_a_bad_token_searches_as_nobody(site: Site, key: str) -> None:
    """An expired token finds nothing with status 200; only a header tells."""
    assert site.keys(f"key = {key}") == [key]
    with site.caller(BAD) as stranger:
        answer = stranger.get(
            f"{API}/search/jql", params={"jql": "project = SUP"}
        )
    assert answer.status_code == 200
    assert answer.json() == {"issues": [], "isLast": True}
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert "X-AAccountId" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{API}/myself", 401),
        (f"{API}/serverInfo", 200),
        (f"{API}/project/search", 200),
        (f"{API}/project/SUP", 404),
        (f"{API}/issue/SUP-1", 404),
        (f"{DESK}/request/SUP-1/comment", 200),
        ("/ex/jira/11223344/rest/api/3/serverInfo", 401),
    ],
)
def test_what_a_bad_token_meets(
    site: Site, key: str, path: str, status: int
) -> None:
    """Only /myself and the gateway say 401; the rest goes on as nobody."""
    assert key == "SUP-1"
    with site.caller(BAD) as stranger:
        assert stranger.get(path).status_code == status


def test_nobody_cannot_write(site: Site, key: str) -> None:
    """Without credentials a request is not there to be edited."""
    answer = httpx.put(
        f"{site.url}{API}/issue/{key}", json={"fields": {"summary": "x"}}
    )
    assert answer.status_code == 404
    assert site.issue(key)["fields"]["summary"] == "Scans stopped"


def test_customers_do_not_browse_projects(site: Site, key: str) -> None:
    """A customer sees the request in the portal's API and not in the platform's."""
    with site.caller(("ruth.calder@example.com", "sandbox")) as customer:
        assert customer.get(f"{API}/issue/{key}").status_code == 404
        assert customer.get(f"{DESK}/request/{key}").json()["issueKey"] == key


def test_the_date_header_tells_the_sandbox_clock(site: Site) -> None:
    """Every answer carries the time that counts here."""
    assert (
        site.bot.get(f"{API}/myself").headers["Date"]
        == "Wed, 04 Mar 2026 12:00:00 GMT"
    )
    assert (
        site.bot.get(f"{API}/nothing").headers["Date"]
        == "Wed, 04 Mar 2026 12:00:00 GMT"
    )


def test_without_an_agents_licence_the_desk_is_shut(
    site: Site, key: str
) -> None:
    """The service desk then answers 403 without a word, and /info all the same."""
    site.tracker.switches.agent_licence = False
    answer = site.bot.get(f"{DESK}/organization")
    assert (answer.status_code, answer.content) == (403, b"")
    assert site.bot.get(f"{DESK}/info").status_code == 200
    transitions = site.bot.get(f"{API}/issue/{key}/transitions")
    assert (transitions.status_code, transitions.json()["transitions"]) == (
        200,
        [],
    )


@pytest.mark.parametrize("header", ["basic", "bearer"])
def test_a_scoped_token_is_good_at_the_gateway_only(
    site: Site, header: str
) -> None:
    """A scoped token is refused on the site's own address and taken at the gateway."""
    auth = ("bot@example.com", "sandbox-scoped") if header == "basic" else None
    headers = {} if auth else {"Authorization": "Bearer sandbox-scoped"}
    with site.caller(auth, headers=headers) as caller:
        cloud = "11223344"
        assert caller.get(f"{API}/myself").status_code == 401
        assert (
            caller.post(
                f"{API}/search/jql", json={"jql": "project = SUP"}
            ).status_code
            == 401
        )
        assert (
            caller.get(f"/ex/jira/{cloud}{API}/myself").json()["displayName"]
            == "SLA Bot"
        )
