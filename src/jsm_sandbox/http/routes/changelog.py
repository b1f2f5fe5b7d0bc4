"""The history: by request as dates, in bulk as milliseconds, shuffled, without the values at creation."""

from __future__ import annotations

import random
from dataclasses import replace

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import page, read_token
from jsm_sandbox.http.router import platform
from jsm_sandbox.state.json_types import (
    JsonObject,
    Refusal,
    as_list,
    as_object,
)
from jsm_sandbox.state.requests import History, Issue

MOST_ISSUES = 1000
MOST_FIELDS = 10
MOST_HISTORIES = 10_000


@platform.get("/issue/{key}/changelog")
def list_changelog(call: Call) -> Reply:
    """Page through one request's history, oldest first."""
    issue = call.issue()
    shown = [views.history(call, each) for each in issue.history]
    return ok(page(call, shown, default=100))


@platform.post("/changelog/bulkfetch")
def bulk_changelog(call: Call) -> Reply:
    """Give the histories of many requests at once; requests that the caller can't see are left out."""
    wanted = _texts(call, "issueIdsOrKeys")
    names = _texts(call, "fieldIds")
    if not wanted or len(wanted) > MOST_ISSUES or len(names) > MOST_FIELDS:
        raise Refusal(
            f"Give 1 to {MOST_ISSUES} issues and at most {MOST_FIELDS} field ids."
        )
    issues = call.visible(wanted).values()
    rows = [(each, entry) for each in issues for entry in _about(each, names)]
    return ok(_cut(call, rows))


def _texts(call: Call, name: str) -> list[str]:
    return [str(each) for each in as_list(call.payload.get(name))]


def _cut(call: Call, rows: list[tuple[Issue, History]]) -> JsonObject:
    """Cut a page out of the entries of all requests."""
    start = _start(call)
    end = start + _page_size(call)
    shown: JsonObject = {"issueChangeLogs": _logs(call, rows[start:end])}
    if end < len(rows):
        shown["nextPageToken"] = call.tracker.cursors.keep("changelog", end)
    return shown


def _logs(call: Call, rows: list[tuple[Issue, History]]) -> list[JsonObject]:
    logs = _shown_by_issue(call, rows)
    return [
        {"issueId": str(number), "changeHistories": histories}
        for number, histories in logs.items()
    ]


def _start(call: Call) -> int:
    token = str(call.payload.get("nextPageToken") or "")
    if not token:
        return 0
    _, place = read_token(call, token)
    return int(place)


def _page_size(call: Call) -> int:
    wanted = call.payload.get("maxResults")
    if not isinstance(wanted, int) or wanted <= 0:
        return MOST_ISSUES
    return min(MOST_HISTORIES, wanted)


def _shown_by_issue(
    call: Call, rows: list[tuple[Issue, History]]
) -> dict[int, list[JsonObject]]:
    """Show the entries by the id of their request, shuffled: the bulk endpoint promises no order."""
    logs: dict[int, list[JsonObject]] = {}
    for issue, entry in rows:
        shown = views.history(call, entry, in_millis=True)
        logs.setdefault(issue.id, []).append(shown)
    chance = random.Random(call.tracker.seed)  # noqa: S311 - a shuffle that repeats
    for histories in logs.values():
        chance.shuffle(histories)
    return logs


def _about(issue: Issue, names: list[str]) -> list[History]:
    """Give the entries that touch one of the fields, cut down to those fields."""
    if not names:
        return issue.history
    cut_down = (_narrowed(entry, names) for entry in issue.history)
    return [each for each in cut_down if each]


def _narrowed(entry: History, names: list[str]) -> History | None:
    """Give an entry with the named fields only, or nothing where it has none of them."""
    items = tuple(item for item in entry.items if item.field_id in names)
    loaded = _loaded_items(entry, names)
    if not items and not loaded:
        return None
    raw = {**entry.raw, "items": loaded} if entry.raw else None
    return replace(entry, items=items, raw=raw)


def _loaded_items(entry: History, names: list[str]) -> list[JsonObject]:
    """Give the items that a file has for the named fields; an item without a field id goes by its name."""
    items = as_list(as_object(entry.raw).get("items"))
    objects = (item for item in items if isinstance(item, dict))
    return [
        item
        for item in objects
        if item.get("fieldId", item.get("field")) in names
    ]
