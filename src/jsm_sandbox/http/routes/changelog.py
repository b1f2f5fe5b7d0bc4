"""The history: by request as dates, in bulk as milliseconds, shuffled, without the values at creation."""

from __future__ import annotations

import random

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import PLATFORM, Call, Reply, ok, page, router
from jsm_sandbox.state.json_types import JsonObject, Refusal, as_list
from jsm_sandbox.state.requests import History, Issue

MOST_ISSUES = 1000
MOST_FIELDS = 10
MOST_HISTORIES = 10_000


@router.on("GET", f"{PLATFORM}/issue/{{key}}/changelog")
def list_changelog(call: Call) -> Reply:
    """Page through one request's history, oldest first."""
    issue = call.issue()
    return ok(
        page(call, [views.history(call, each) for each in issue.history], default=100)
    )


@router.on("POST", f"{PLATFORM}/changelog/bulkfetch")
def bulk_changelog(call: Call) -> Reply:
    """Give the histories of many requests at once; requests that the caller can't see are left out."""
    wanted = [str(each) for each in as_list(call.payload.get("issueIdsOrKeys"))]
    names = [str(each) for each in as_list(call.payload.get("fieldIds"))]
    if not wanted or len(wanted) > MOST_ISSUES or len(names) > MOST_FIELDS:
        text = f"Give 1 to {MOST_ISSUES} issues and at most {MOST_FIELDS} field ids."
        raise Refusal(text)
    found = {
        each.id: each
        for each in map(call.tracker.find, wanted)
        if each and call.sees_projects
    }
    rows = [(each, entry) for each in found.values() for entry in _about(each, names)]
    return ok(_cut(call, rows))


def _cut(call: Call, rows: list[tuple[Issue, History]]) -> JsonObject:
    size = call.payload.get("maxResults")
    size = (
        min(MOST_HISTORIES, size) if isinstance(size, int) and size > 0 else MOST_ISSUES
    )
    token = str(call.payload.get("nextPageToken") or "")
    kept = call.tracker.cursors.read(token) if token else ("", 0)
    if kept is None:
        text = "The provided next page token is invalid or expired."
        raise Refusal(text)
    start = int(kept[1])
    logs: dict[int, list[JsonObject]] = {}
    for issue, entry in rows[start : start + size]:
        logs.setdefault(issue.id, []).append(views.history(call, entry, in_millis=True))
    chance = random.Random(call.tracker.seed)  # noqa: S311 - a shuffle that repeats
    for histories in logs.values():
        chance.shuffle(histories)
    shown: JsonObject = {
        "issueChangeLogs": [
            {"issueId": str(n), "changeHistories": h} for n, h in logs.items()
        ]
    }
    if start + size < len(rows):
        shown["nextPageToken"] = call.tracker.cursors.keep("changelog", start + size)
    return shown


def _about(issue: Issue, names: list[str]) -> list[History]:
    """Give the entries that touch one of the fields, cut down to those fields."""
    if not names:
        return issue.history
    found = []
    for entry in issue.history:
        raw_items = as_list((entry.raw or {}).get("items"))
        items = tuple(item for item in entry.items if item.field_id in names)
        loaded = [
            item
            for item in raw_items
            if isinstance(item, dict)
            and item.get("fieldId", item.get("field")) in names
        ]
        raw = {**entry.raw, "items": loaded} if entry.raw else None
        if items or loaded:
            found.append(History(entry.id, entry.author, entry.created, items, raw))
    return found
