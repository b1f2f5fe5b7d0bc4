"""Search and bulk fetch: ids only by default, short pages, no total, an index that lags."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import bad_token, read_token
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.search_results import found, rows_in_order
from jsm_sandbox.jql.match import Reader, effective_order
from jsm_sandbox.jql.parse import UNBOUNDED, parse
from jsm_sandbox.jql.tree import Query, Sort
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal
from jsm_sandbox.state.requests import Issue

MOST_WITH_FIELDS = 100
MOST_LIGHT = 5000
MOST_PROPERTIES = 5
MOST_FETCHED = 100
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@platform.get("/search")
@platform.post("/search")
def removed(_: Call) -> Reply:
    """Answer the old search as Jira has since it was removed."""
    return Reply(HTTPStatus.GONE, {"errorMessages": [REMOVED], "errors": {}})


@platform.get("/search/jql")
def search(call: Call) -> Reply:
    """Search with the query string."""
    asked: JsonObject = {
        "jql": call.word("jql"),
        "fields": call.words("fields"),
        "properties": call.words("properties"),
        "expand": call.word("expand"),
        "maxResults": call.number("maxResults", 50),
        "nextPageToken": call.word("nextPageToken"),
        "reconcileIssues": _reconciled(call),
    }
    return ok(_search(call, asked))


def _reconciled(call: Call) -> list[int]:
    words = call.words("reconcileIssues")
    return [int(each) for each in words if each.isdigit()]


@platform.post("/search/jql")
def search_by_body(call: Call) -> Reply:
    """Search with a body."""
    return ok(_search(call, call.payload))


@platform.post("/search/approximate-count")
def count(call: Call) -> Reply:
    """Count what the search would find, by the same late index; an unbounded query is refused."""
    query = _bounded(call.payload)
    return ok({"count": len(found(call, query, set()))})


@platform.post("/issue/bulkfetch")
def bulkfetch(call: Call) -> Reply:
    """Fetch requests by id or key, fresh from the database, by ascending id; who is missing is left out."""
    chosen = _selection(call.payload, "*navigable")
    shown = views.issues(call, _named_by_id(call), chosen)
    return ok({"issues": shown, "issueErrors": []})


def _named_by_id(call: Call) -> list[Issue]:
    visible = call.visible(_named(call.payload))
    return [visible[number] for number in sorted(visible)]


def _named(asked: JsonObject) -> list[str]:
    named = [str(each) for each in asked.get("issueIdsOrKeys") or []]
    if not named or len(named) > MOST_FETCHED:
        raise Refusal(
            f"Between 1 and {MOST_FETCHED} issues can be fetched at once."
        )
    return named


def _properties(asked: JsonObject) -> tuple[str, ...]:
    found = tuple(asked.get("properties") or ())
    if len(found) > MOST_PROPERTIES:
        raise Refusal(
            f"The maximum number of issue properties that can be requested is {MOST_PROPERTIES}."
        )
    return found


def _selection(asked: JsonObject, default: str) -> views.Selection:
    return views.Selection(
        fields=tuple(asked.get("fields") or (default,)),
        properties=_properties(asked),
        expand=_expansions(asked.get("expand") or ""),
        narrow=True,
    )


def _expansions(expand: Json) -> tuple[str, ...]:
    """Read what is to be expanded: a list in a body, words with commas in a query string."""
    if isinstance(expand, list):
        return tuple(expand)
    names = str(expand).split(",")
    return tuple(each.strip() for each in names)


def _bounded(asked: JsonObject) -> Query:
    query = parse(str(asked.get("jql") or ""))
    if query.where is None:
        raise Refusal(UNBOUNDED)
    return query


def _search(call: Call, asked: JsonObject) -> JsonObject:
    query = _bounded(asked)
    chosen = _selection(asked, "id")
    order = effective_order(query)
    rows = rows_in_order(call, asked, query, order)
    places = _places(call, order)
    start = _start(call, asked, rows, places)
    end = start + _page_size(call, asked, chosen)
    shown: JsonObject = {
        "issues": views.issues(call, rows[start:end], chosen),
        "isLast": end >= len(rows),
    }
    shown |= views.names_and_schema(call, chosen)
    if end < len(rows):
        last = places.of(rows[end - 1])
        shown["nextPageToken"] = call.tracker.cursors.keep(_mark(asked), last)
    return shown


def _start(
    call: Call, asked: JsonObject, rows: list[Issue], places: _Places
) -> int:
    """Count the rows of the pages before this one."""
    token = str(asked.get("nextPageToken") or "")
    after = _after(call, token, _mark(asked))
    return 0 if after is None else places.after(rows, after)


Place = list[tuple[bool, Json]]
"""Where a request stands in an order: for each sort, whether it has no value, and the value."""


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of requests in one order."""

    order: tuple[Sort, ...]
    keys: list[Callable[[Issue], tuple[bool, Json]]]

    def of(self, issue: Issue) -> Place:
        return [key(issue) for key in self.keys]

    def after(self, rows: list[Issue], place: Place) -> int:
        """Count the rows that come up to a place."""
        return bisect_right(
            rows,
            False,  # noqa: FBT003 - what bisect looks for
            key=lambda each: _compare(self.order, self.of(each), place) > 0,
        )


def _places(call: Call, order: tuple[Sort, ...]) -> _Places:
    reader = Reader(call.site, call.caller, call.tracker.now())
    keys = [reader.sort_key(sort) for sort in order]
    return _Places(order, keys)


def _page_size(call: Call, asked: JsonObject, chosen: views.Selection) -> int:
    wanted = asked.get("maxResults")
    size = _allowed_size(wanted if isinstance(wanted, int) else 50, chosen)
    if not call.switches.short_pages:
        return size
    return max(1, size * 2 // 3)


def _allowed_size(wanted: int, chosen: views.Selection) -> int:
    most = MOST_LIGHT if chosen.light else MOST_WITH_FIELDS
    return min(most, max(1, wanted))


def _mark(asked: JsonObject) -> str:
    """Mark one question: each page has to ask the same, the requests to reconcile included."""
    reconciled = sorted(asked.get("reconcileIssues") or [])
    question = (str(asked.get("jql")), reconciled)
    return hashlib.sha256(repr(question).encode()).hexdigest()


def _after(call: Call, token: str, mark: str) -> Json:
    if not token:
        return None
    asked, place = read_token(call, token)
    if asked != mark:
        raise bad_token()
    return place


def _compare(order: tuple[Sort, ...], left: Place, right: Place) -> int:
    for sort, one, other in zip(order, left, right, strict=True):
        compared = _compare_values(sort, one, other)
        if compared:
            return compared
    return 0


def _compare_values(
    sort: Sort, one: tuple[bool, Json], other: tuple[bool, Json]
) -> int:
    """Compare by one sort: the empty ones come last, in either direction."""
    empty, value = one
    other_empty, other_value = other
    if empty != other_empty:
        return 1 if empty else -1
    if empty or value == other_value:
        return 0
    later = value > other_value
    return -1 if later == sort.descending else 1
