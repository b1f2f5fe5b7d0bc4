"""Search and bulk fetch: ids only by default, short pages, no total, an index that lags."""

from __future__ import annotations

import hashlib
from functools import cmp_to_key, partial
from http import HTTPStatus
from typing import TypeAlias

from jsm_sandbox import views
from jsm_sandbox.calls import PLATFORM, Call, Reply, ok, router
from jsm_sandbox.jql import UNBOUNDED, Query, Sort, parse
from jsm_sandbox.jqlmatch import Reader, effective_order
from jsm_sandbox.requests import Issue
from jsm_sandbox.values import Json, JsonObject, Refusal

MOST_WITH_FIELDS = 100
MOST_LIGHT = 5000
MOST_PROPERTIES = 5
MOST_RECONCILED = 50
MOST_FETCHED = 100
Row: TypeAlias = tuple[list[tuple[bool, Json]], Issue]
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@router.on("GET", f"{PLATFORM}/search")
@router.on("POST", f"{PLATFORM}/search")
def removed(_: Call) -> Reply:
    """Answer the old search as Jira has since it was removed."""
    return Reply(HTTPStatus.GONE, {"errorMessages": [REMOVED], "errors": {}})


@router.on("GET", f"{PLATFORM}/search/jql")
def search(call: Call) -> Reply:
    """Search with the query string."""
    asked: JsonObject = {
        "jql": call.word("jql"),
        "fields": call.words("fields"),
        "properties": call.words("properties"),
        "expand": call.word("expand"),
        "maxResults": call.number("maxResults", 50),
        "nextPageToken": call.word("nextPageToken"),
        "reconcileIssues": [int(each) for each in call.words("reconcileIssues") if each.isdigit()],
    }
    return ok(_search(call, asked))


@router.on("POST", f"{PLATFORM}/search/jql")
def search_by_body(call: Call) -> Reply:
    """Search with a body."""
    return ok(_search(call, call.payload))


@router.on("POST", f"{PLATFORM}/search/approximate-count")
def count(call: Call) -> Reply:
    """Count without promise; the index lags here too."""
    return ok({"count": len(_found(call, _bounded(call.payload), set()))})


@router.on("POST", f"{PLATFORM}/issue/bulkfetch")
def bulkfetch(call: Call) -> Reply:
    """Fetch requests by id or key, fresh from the database, by ascending id; who is missing is left out."""
    wanted = [str(each) for each in call.payload.get("issueIdsOrKeys") or []]
    if not wanted or len(wanted) > MOST_FETCHED:
        message = f"Between 1 and {MOST_FETCHED} issues can be fetched at once."
        raise Refusal(message)
    chosen = _selection(call.payload, "*navigable")
    found = {each.id: each for each in map(call.tracker.find, wanted) if each and call.sees_projects}
    shown = [views.issue(call, found[number], chosen) for number in sorted(found)]
    return ok({"issues": shown, "issueErrors": []})


def _selection(asked: JsonObject, default: str) -> views.Selection:
    expand = asked.get("expand") or ""
    names = expand if isinstance(expand, list) else [each.strip() for each in str(expand).split(",")]
    properties = tuple(asked.get("properties") or ())
    if len(properties) > MOST_PROPERTIES:
        message = f"The maximum number of issue properties that can be requested is {MOST_PROPERTIES}."
        raise Refusal(message)
    return views.Selection(tuple(asked.get("fields") or (default,)), properties, tuple(names), narrow=True)


def _bounded(asked: JsonObject) -> Query:
    query = parse(str(asked.get("jql") or ""))
    if query.where is None:
        raise Refusal(UNBOUNDED)
    return query


def _found(call: Call, query: Query, reconciled: set[int]) -> list[Issue]:
    """Give what matches, in order; reconciled requests are judged by what they are now."""
    reader = Reader(call.tracker.site, call.caller, call.tracker.now())
    if query.where is None:
        return []
    reader.check(query.where)
    if not call.sees_projects:
        return []
    views_now = {each.id: each for each in call.tracker.indexed() if each.id not in reconciled}
    views_now |= {number: call.tracker.issues[number] for number in reconciled if number in call.tracker.issues}
    return [each for each in views_now.values() if reader.matches(query.where, each)]


def _search(call: Call, asked: JsonObject) -> JsonObject:
    query, chosen = _bounded(asked), _selection(asked, "id")
    reconciled = set(asked.get("reconcileIssues") or [])
    if len(reconciled) > MOST_RECONCILED:
        message = f"The maximum number of issues to reconcile is {MOST_RECONCILED}."
        raise Refusal(message)
    order = effective_order(query)
    rows: list[Row] = [(_sort_keys(call, order, each), each) for each in _found(call, query, reconciled)]
    rows.sort(key=cmp_to_key(partial(_compare_rows, order)))
    mark = _mark(asked)
    after = _after(call, str(asked.get("nextPageToken") or ""), mark)
    rest = rows if after is None else [row for row in rows if _compare(order, row[0], after) > 0]
    size = _page_size(call, asked, chosen)
    shown: JsonObject = {"issues": [views.issue(call, each, chosen) for _, each in rest[:size]]}
    shown |= views.names_and_schema(call, chosen)
    if len(rest) > size:
        token = call.tracker.cursors.keep(mark, rest[size - 1][0])
        return shown | {"nextPageToken": token, "isLast": False}
    return shown | {"isLast": True}


def _page_size(call: Call, asked: JsonObject, chosen: views.Selection) -> int:
    wanted = asked.get("maxResults")
    most = MOST_LIGHT if chosen.light else MOST_WITH_FIELDS
    size = min(most, max(1, wanted if isinstance(wanted, int) else 50))
    return max(1, size * 2 // 3) if call.tracker.switches.short_pages else size


def _mark(asked: JsonObject) -> str:
    return hashlib.sha256(str(asked.get("jql")).encode()).hexdigest()


def _after(call: Call, token: str, mark: str) -> Json:
    if not token:
        return None
    kept = call.tracker.cursors.read(token)
    if kept is None or kept[0] != mark:
        message = "The provided next page token is invalid or expired."
        raise Refusal(message)
    return kept[1]


def _sort_keys(call: Call, order: tuple[Sort, ...], each: Issue) -> list[tuple[bool, Json]]:
    reader = Reader(call.tracker.site, call.caller, call.tracker.now())
    return [reader.sort_key(sort, each) for sort in order]


def _compare_rows(order: tuple[Sort, ...], left: Row, right: Row) -> int:
    return _compare(order, left[0], right[0])


def _compare(order: tuple[Sort, ...], left: list[tuple[bool, Json]], right: list[tuple[bool, Json]]) -> int:
    for sort, (left_empty, a), (right_empty, b) in zip(order, left, right, strict=True):
        if left_empty != right_empty:
            return 1 if left_empty else -1
        if not left_empty and a != b:
            return (1 if a > b else -1) * (-1 if sort.descending else 1)
    return 0
