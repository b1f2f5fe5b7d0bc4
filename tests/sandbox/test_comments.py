from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.callers import API, DESK, Clock, Site, document

INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
MARKER = {"key": "jsm-sla-bot", "value": {"marker": "at-risk:1"}}


def _comment(
    site: Site, key: str, body: Any, *properties: dict[str, Any]
) -> Any:
    asked = {"body": body, "properties": list(properties)}
    return site.bot.post(f"{API}/issue/{key}/comment", json=asked)


def test_a_note_is_internal_by_property(site: Site, key: str) -> None:
    """A note carries its marker in the same request and is not for customers."""
    answer = _comment(site, key, document("75 % used"), INTERNAL, MARKER)
    assert answer.status_code == 201
    assert answer.json()["jsdPublic"] is False
    assert "properties" not in answer.json()
    listed = site.bot.get(
        f"{API}/issue/{key}/comment", params={"expand": "properties"}
    ).json()["comments"]
    assert listed[0]["properties"] == [INTERNAL, MARKER]
    with site.caller(("ruth.calder@example.com", "sandbox")) as customer:
        assert (
            customer.get(f"{DESK}/request/{key}/comment").json()["values"]
            == []
        )
    assert (
        site.bot.get(f"{DESK}/request/{key}/comment").json()["values"][0][
            "public"
        ]
        is False
    )


@pytest.mark.parametrize(
    "body",
    ["plain", None, {}, {"type": "doc", "version": 1, "content": []}],
    ids=["text", "none", "empty", "no words"],
)
def test_a_comment_needs_a_document(site: Site, key: str, body: Any) -> None:
    """The current API takes nothing but documents with words in them."""
    answer = _comment(site, key, body)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"comment": "Comment body is not valid!"}


def test_the_older_api_takes_text(site: Site, key: str) -> None:
    """Version 2 takes and gives plain text."""
    answer = site.bot.post(
        f"/rest/api/2/issue/{key}/comment", json={"body": "plain"}
    )
    assert (
        answer.status_code,
        answer.json()["body"],
        answer.json()["jsdPublic"],
    ) == (
        201,
        "plain",
        True,
    )


def test_a_site_that_ignores_the_property(site: Site, key: str) -> None:
    """On such a site the note is public, and only reading it back tells."""
    site.tracker.switches.visible_notes = True
    assert (
        _comment(site, key, document("hush"), INTERNAL).json()["jsdPublic"]
        is True
    )


def test_comments_come_by_the_hundred(
    site: Site, key: str, clock: Clock
) -> None:
    """A page of comments holds a hundred at most and tells the total; the newest may come first."""
    for number in range(105):
        site.tracker.comment(key, f"number {number}", as_="Mia Lindqvist")
        clock.forward(seconds=1)
    path = f"{API}/issue/{key}/comment"
    first = site.bot.get(path, params={"maxResults": 5000}).json()
    assert (first["total"], first["maxResults"], len(first["comments"])) == (
        105,
        100,
        100,
    )
    assert (
        len(site.bot.get(path, params={"startAt": 100}).json()["comments"])
        == 5
    )
    newest = site.bot.get(
        path, params={"orderBy": "-created", "maxResults": 1}
    ).json()["comments"][0]
    assert newest["body"] == document("number 104")
    embedded = site.search("project = SUP", fields=["comment"])["issues"][0][
        "fields"
    ]["comment"]
    assert (embedded["total"], len(embedded["comments"])) == (105, 20)


def test_a_comment_moves_updated_and_leaves_no_history(
    site: Site, key: str, clock: Clock
) -> None:
    """A comment shows in `updated` and nowhere in the history."""
    before = site.issue(key)["fields"]["updated"]
    clock.forward(minutes=3)
    _comment(site, key, document("hello"))
    shown = site.issue(key, expand="changelog")
    assert shown["fields"]["updated"] > before
    assert shown["changelog"]["histories"] == []


def test_one_comment(site: Site, key: str) -> None:
    """A comment can be read, changed and deleted, and found by its id alone."""
    number = _comment(site, key, document("hello"), MARKER).json()["id"]
    path = f"{API}/issue/{key}/comment/{number}"
    assert site.bot.put(path, json={"body": document("goodbye")}).json()[
        "body"
    ] == document("goodbye")
    assert (
        site.bot.get(f"{API}/comment/{number}/properties/jsm-sla-bot").json()
        == MARKER
    )
    listed = site.bot.post(
        f"{API}/comment/list", json={"ids": [int(number)]}
    ).json()["values"]
    assert [each["id"] for each in listed] == [number]
    assert site.bot.delete(path).status_code == 204
    assert site.bot.get(path).status_code == 404


def test_comment_properties(site: Site, key: str) -> None:
    """Properties of a comment can be set afterwards; the service desk's own changes who may see it."""
    number = _comment(site, key, document("hello")).json()["id"]
    path = f"{API}/comment/{number}/properties"
    assert site.bot.put(f"{path}/mark", json=1).status_code == 201
    assert (
        site.bot.put(
            f"{path}/sd.public.comment", json={"internal": True}
        ).status_code
        == 200
    )
    assert [each["key"] for each in site.bot.get(path).json()["keys"]] == [
        "sd.public.comment",
        "mark",
    ]
    assert (
        site.bot.get(f"{API}/issue/{key}/comment/{number}").json()["jsdPublic"]
        is False
    )
    assert site.bot.delete(f"{path}/mark").status_code == 204
    assert site.bot.get(f"{path}/mark").status_code == 404


def test_the_desk_takes_plain_text(site: Site, key: str) -> None:
    """Agents may write either kind through the desk's API, customers public ones only."""
    path = f"{DESK}/request/{key}/comment"
    assert (
        site.bot.post(path, json={"body": "a note", "public": False}).json()[
            "public"
        ]
        is False
    )
    with site.caller(("ruth.calder@example.com", "sandbox")) as customer:
        assert customer.post(path, json={"body": "hello"}).status_code == 201
        assert (
            customer.post(
                path, json={"body": "psst", "public": False}
            ).status_code
            == 403
        )
    with site.caller(("anna.berglund@example.com", "sandbox")) as stranger:
        assert stranger.post(path, json={"body": "hello"}).status_code == 404
        hidden = stranger.get(path)
    assert (hidden.status_code, hidden.json()["values"]) == (200, [])


def test_who_is_no_agent_may_not_comment(site: Site, key: str) -> None:
    """Staff without the agents' role is refused by name, with 400."""
    with site.caller(("nina.ek@example.com", "sandbox")) as employee:
        answer = employee.post(
            f"{API}/issue/{key}/comment", json={"body": document("hello")}
        )
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == [
        "Nina Ek, you do not have the permission to comment on this issue."
    ]


def test_a_request_takes_only_so_many_comments(site: Site, key: str) -> None:
    """After five thousand comments the next is refused as too much."""
    first = site.tracker.comment(key, "again", as_="Mia Lindqvist")
    site.tracker.issue(key).comments = [first] * 4999
    codes = [
        site.bot.post(
            f"{API}/issue/{key}/comment", json={"body": document("one more")}
        ).status_code
        for _ in range(2)
    ]
    assert codes == [201, 413]
