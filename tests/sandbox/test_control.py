from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.callers import API, Site, document


def _act(site: Site, **told: Any) -> Any:
    answer = site.bot.post("/_sandbox/act", json=told)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _state(site: Site, key: str) -> Any:
    requests = site.bot.get("/_sandbox/state").json()["requests"]
    return next(each for each in requests if each["key"] == key)


def test_a_request_is_lived_through(site: Site) -> None:
    """A test can let people do everything, at any instant, and see what came of it."""
    raised = {
        "organization": 12,
        "severity": 1,
        "product": "Outscan NX",
        "at": "2026-03-02T09:00:00Z",
    }
    key = _act(site, do="raise", summary="Down", channel="email", **raised)[
        "key"
    ]
    _act(site, do="call", key=key, at="2026-03-02T09:10:00Z")
    _act(
        site,
        do="note",
        key=key,
        text="hm",
        at="2026-03-02T09:20:00Z",
        **{"as": "Jonas Berg"},
    )
    _act(
        site,
        do="set",
        key=key,
        field="Severity",
        value=2,
        at="2026-03-02T09:30:00Z",
        **{"as": "Jonas Berg"},
    )
    _act(
        site,
        do="comment",
        key=key,
        text="On it",
        at="2026-03-02T10:00:00Z",
        **{"as": "Mia Lindqvist"},
    )
    _act(
        site,
        do="transition",
        key=key,
        to="Resolve",
        at="2026-03-02T11:00:00Z",
        **{"as": "Mia Lindqvist"},
    )
    seen = _state(site, key)
    assert seen["created"] == "2026-03-02T09:00:00+00:00"
    assert seen["updated"] == "2026-03-02T11:00:00+00:00"
    assert (seen["status"], seen["category"]) == ("Resolved", "done")
    assert seen["fields"]["Severity"] == "S2 - Major"
    assert seen["fields"]["Organizations"] == ["Acme Industries"]
    assert (
        seen["fields"]["Customer called at"] == "2026-03-02T10:10:00.000+0100"
    )
    assert [
        (c["author"], c["role"], c["public"]) for c in seen["comments"]
    ] == [
        ("Jonas Berg", "agent", False),
        ("Mia Lindqvist", "agent", True),
    ]
    assert seen["properties"] == {"request.channel.type": {"value": "email"}}


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("Mia Lindqvist", "agent"),
        ("Tomas Novak", "agent"),
        ("SLA Bot", "bot"),
        ("Automation for Jira", "automation"),
        ("Ruth Calder", "customer"),
        ("Nina Ek", "customer"),
    ],
)
def test_who_plays_which_part(
    site: Site, key: str, who: str, role: str
) -> None:
    """The part follows from role and report, not from the kind of account."""
    _act(site, do="comment", key=key, text="hello", **{"as": who})
    assert _state(site, key)["comments"][0]["role"] == role


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"do": "dance"}, "is nothing that people do here"),
        ({"do": "comment", "key": "SUP-1", "text": "x"}, "say who"),
        (
            {"do": "comment", "key": "SUP-1", "text": "x", "as": "Mr X"},
            "knows nobody called 'Mr X'",
        ),
        (
            {"do": "note", "key": "SUP-9", "text": "x", "as": "Mia Lindqvist"},
            "has no request 'SUP-9'",
        ),
        (
            {
                "do": "transition",
                "key": "SUP-1",
                "to": "Reopen",
                "as": "Mia Lindqvist",
            },
            "no way from there",
        ),
        (
            {
                "do": "set",
                "key": "SUP-1",
                "field": "Mood",
                "value": 1,
                "as": "Mia Lindqvist",
            },
            "no field named 'Mood'",
        ),
        (
            {"do": "raise", "summary": "x", "at": "noon"},
            "'noon' is not an instant",
        ),
        ({"do": "raise", "colour": "red"}, "colour"),
    ],
)
def test_an_act_that_can_not_be(
    site: Site, key: str, told: dict[str, Any], text: str
) -> None:
    """Whoever tells nonsense is told what was wrong with it."""
    answer = site.bot.post("/_sandbox/act", json=told)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_the_log_and_the_writes(site: Site, key: str) -> None:
    """Every call is in the log; those that wrote tell what they changed."""
    site.search("project = SUP")
    site.edit(key, {"fields": {"labels": ["x"]}})
    site.bot.post(
        f"{API}/issue/{key}/comment", json={"body": "not a document"}
    )
    log = site.bot.get("/_sandbox/log").json()
    assert [
        (each["method"], each["status"], each["account"]) for each in log
    ] == [
        ("POST", 200, "SLA Bot"),
        ("PUT", 204, "SLA Bot"),
        ("POST", 400, "SLA Bot"),
    ]
    writes = site.bot.get("/_sandbox/writes").json()
    assert [(each["key"], each["changed_nothing"]) for each in writes] == [
        (key, False),
        (None, False),
    ]
    assert writes[0]["changed"] == [
        {"key": key, "what": "Labels", "old": [], "new": ["x"]}
    ]
    site.bot.delete("/_sandbox/log")
    assert site.bot.get("/_sandbox/log").json() == []


def test_the_switches(site: Site) -> None:
    """Switches can be seen and turned; unknown ones are refused."""
    turned = site.bot.put("/_sandbox/switches", json={"index_lag": 5}).json()
    assert turned["index_lag"] == site.tracker.index_lag == 5
    assert (
        site.bot.put("/_sandbox/switches", json={"gravity": 0}).status_code
        == 400
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"index_lag": "5"},
        {"burst_share": -1},
        {"flicker": True},
        {"short_pages": 1},
        {"retry_after": "never"},
        {"native_sla": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_switch_stands_only_where_it_can(
    site: Site, wrong: dict[str, object]
) -> None:
    """A value that later calls would trip over is refused, and none of the order is done."""
    before = site.bot.get("/_sandbox/switches").json()
    answer = site.bot.put(
        "/_sandbox/switches", json={"visible_notes": True, **wrong}
    )
    assert (
        answer.status_code,
        next(iter(wrong)) in answer.json()["error"],
    ) == (
        400,
        True,
    )
    assert site.bot.get("/_sandbox/switches").json() == before


def test_the_page_stands_alone(site: Site, key: str) -> None:
    """The page fetches nothing from elsewhere, and its data hold what it shows."""
    page = site.bot.get("/").text
    assert "<title>" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "innerHTML" not in page
    site.bot.post(
        f"{API}/issue/{key}/comment", json={"body": document("<script>")}
    )
    queue = site.bot.get("/_sandbox/queue.json").json()
    assert [each["key"] for each in queue["requests"]] == [key]
    assert queue["writes"][0]["changed"][0]["new"] == "<script>"
