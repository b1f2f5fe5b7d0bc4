"""Answers with one request in them that nobody can make sense of."""

from __future__ import annotations

import copy

from jsm_sandbox.values import Json, JsonObject, as_list

NONSENSE: JsonObject = {
    "created": "the day before yesterday",
    "status": "?",
    "reporter": 7,
    "project": [None],
}


def break_issue(body: Json, key: str | None) -> Json:
    """Garble the named request in an answer, or the first."""
    if not isinstance(body, dict):
        return body
    broken = copy.deepcopy(body)
    rows = as_list(broken.get("issues")) or [broken]
    for row in rows:
        if key in (None, row.get("key"), row.get("id")) and "fields" in row:
            row["fields"] = row["fields"] | NONSENSE
            break
    return broken
