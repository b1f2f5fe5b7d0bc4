"""Answers that are not what they should be: one request garbled, rows missing or repeated, a token again."""

from __future__ import annotations

import copy
from dataclasses import replace

from jsm_sandbox.faults.orders import Fault, Trouble
from jsm_sandbox.http.api_call import Call, Reply
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import Json, JsonObject, as_list

NONSENSE: JsonObject = {
    "created": "the day before yesterday",
    "status": "?",
    "reporter": 7,
    "project": [None],
}
ROWS = ("issues", "values", "comments")


def garble(tracker: Tracker, fault: Fault, call: Call, reply: Reply) -> Reply:
    """Change the body of an answer, where that is the trouble; any other trouble is about how it is sent."""
    body = reply.body
    if not isinstance(body, dict):
        return reply
    return replace(reply, body=_garbled(tracker, fault, call, body))


def _garbled(
    tracker: Tracker, fault: Fault, call: Call, body: JsonObject
) -> Json:
    match fault.trouble:
        case Trouble.BROKEN_ISSUE:
            return break_issue(body, fault.key)
        case Trouble.MISSING_ROW:
            return _without_a_row(body, fault.key)
        case Trouble.REPEATED_ROW:
            return _with_a_row_again(tracker, call, body)
        case Trouble.REPEATED_TOKEN:
            return _with_the_token_again(call, body)
        case _:
            return body


def break_issue(body: Json, key: str | None) -> Json:
    """Garble the named request in an answer, or the first."""
    broken = copy.deepcopy(body)
    rows = as_list(broken.get("issues")) or [broken]
    for row in rows:
        if _is_meant(row, key) and "fields" in row:
            row["fields"] |= NONSENSE
            break
    return broken


def _is_meant(row: JsonObject, key: str | None) -> bool:
    return key in (None, row.get("key"), row.get("id"))


def _rows(body: JsonObject) -> str:
    return next((name for name in ROWS if as_list(body.get(name))), "")


def _without_a_row(body: JsonObject, key: str | None) -> JsonObject:
    """Leave a row out, the named one or the last, as when it moves between two pages."""
    name = _rows(body)
    if not name:
        return body
    rows = as_list(body[name])
    if not key:
        return {**body, name: rows[:-1]}
    kept = [each for each in rows if not _is_meant(each, key)]
    return {**body, name: kept}


def _with_a_row_again(
    tracker: Tracker, call: Call, body: JsonObject
) -> JsonObject:
    """Begin with a row that the page before had already; the first page shows its own last row twice."""
    name = _rows(body)
    if not name:
        return body
    rows = as_list(body[name])
    before = tracker.last_rows.get(call.path, rows[-1])
    tracker.last_rows[call.path] = rows[-1]
    return {**body, name: [before, *rows]}


def _with_the_token_again(call: Call, body: JsonObject) -> JsonObject:
    """Give the caller the very token that it came with, for ever."""
    asked = call.payload.get("nextPageToken") or call.word("nextPageToken")
    if not asked:
        return body
    return {
        **body,
        "nextPageToken": asked,
        "isLast": False,
    }
