"""Search and bulk fetch: ids only by default, short pages, no total, an index that lags."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from http import HTTPStatus

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import PLATFORM, Call, Reply, ok, router
from jsm_sandbox.jql.match import Reader, effective_order, moves
from jsm_sandbox.jql.parse import UNBOUNDED, Query, Sort, parse
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal
from jsm_sandbox.state.requests import Issue

MOST_WITH_FIELDS = 100
MOST_LIGHT = 5000
MOST_PROPERTIES = 5
MOST_RECONCILED = 50
MOST_FETCHED = 100
ANSWERS_KEPT = 16
"""Clients may page through several questions at once."""
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
        "reconcileIssues": [
            int(each) for each in call.words("reconcileIssues") if each.isdigit()
        ],
    }
    return ok(_search(call, asked))


@router.on("POST", f"{PLATFORM}/search/jql")
def search_by_body(call: Call) -> Reply:
    """Search with a body."""
    return ok(_search(call, call.payload))


@router.on("POST", f"{PLATFORM}/search/approximate-count")
def count(call: Call) -> Reply:
    """Count what the search would find, by the same late index; an unbounded query is refused."""
    return ok({"count": len(_found(call, _bounded(call.payload), set()))})


@router.on("POST", f"{PLATFORM}/issue/bulkfetch")
def bulkfetch(call: Call) -> Reply:
    """Fetch requests by id or key, fresh from the database, by ascending id; who is missing is left out."""
    wanted = [str(each) for each in call.payload.get("issueIdsOrKeys") or []]
    if not wanted or len(wanted) > MOST_FETCHED:
        message = f"Between 1 and {MOST_FETCHED} issues can be fetched at once."
        raise Refusal(message)
    chosen = _selection(call.payload, "*navigable")
    found = {
        each.id: each
        for each in map(call.tracker.find, wanted)
        if each and call.sees_projects
    }
    shown = [views.issue(call, found[number], chosen) for number in sorted(found)]
    return ok({"issues": shown, "issueErrors": []})


def _selection(asked: JsonObject, default: str) -> views.Selection:
    expand = asked.get("expand") or ""
    names = (
        expand
        if isinstance(expand, list)
        else [each.strip() for each in str(expand).split(",")]
    )
    properties = tuple(asked.get("properties") or ())
    if len(properties) > MOST_PROPERTIES:
        message = f"The maximum number of issue properties that can be requested is {MOST_PROPERTIES}."
        raise Refusal(message)
    return views.Selection(
        tuple(asked.get("fields") or (default,)), properties, tuple(names), narrow=True
    )


def _bounded(asked: JsonObject) -> Query:
    query = parse(str(asked.get("jql") or ""))
    if query.where is None:
        raise Refusal(UNBOUNDED)
    return query


def _found(call: Call, query: Query, reconciled: set[int]) -> list[Issue]:
    """Give what matches; reconciled requests are judged by what they are now."""
    tracker = call.tracker
    reader = Reader(call.tracker.site, call.caller, call.tracker.now())
    if query.where is None:
        return []
    reader.check(query.where)
    matches = reader.predicate(query.where)
    named = reader.named(query.where)
    if not call.sees_projects:
        return []
    views_now = (
        each for each in _candidates(tracker, named) if each.id not in reconciled
    )
    fresh = [
        tracker.issues[number] for number in reconciled if number in tracker.issues
    ]
    found = [each for each in (*views_now, *fresh) if matches(each)]
    flicker = tracker.switches.flicker
    chance = tracker.chance
    return [each for each in found if chance.random() >= flicker] if flicker else found


def _candidates(tracker: Tracker, named: set[str] | None) -> Iterable[Issue]:
    if named is None:
        return tracker.indexed()
    numbers = {each.id for each in map(tracker.find, named) if each}
    return [each for each in map(tracker.indexed_view, sorted(numbers)) if each]


def _rows(
    call: Call, asked: JsonObject, query: Query, order: tuple[Sort, ...]
) -> list[Issue]:
    """Give what matches in order; the same question about the same site is worked out once."""
    reconciled = set(asked.get("reconcileIssues") or [])
    tracker = call.tracker
    if len(reconciled) > MOST_RECONCILED:
        message = f"The maximum number of issues to reconcile is {MOST_RECONCILED}."
        raise Refusal(message)
    switches = tracker.switches
    settled = not (
        reconciled
        or switches.flicker
        or switches.index_lag
        or (query.where and moves(query.where))
    )
    mark = (
        str(asked.get("jql")),
        call.caller.account_id,
        tracker.version,
        len(tracker.issues),
    )
    if (
        settled
        and mark in tracker.answers
        and tracker.answers[mark][0] is tracker.site.organizations
    ):
        return tracker.answers[mark][1]
    rows = _found(call, query, reconciled)
    reader = Reader(tracker.site, call.caller, tracker.now())
    for sort in reversed(
        order
    ):  # a later sort keeps the order of an earlier one where it ties
        rows.sort(key=_sorting(reader, sort), reverse=sort.descending)
    if settled:
        _keep(tracker, mark, rows)
    return rows


def _keep(tracker: Tracker, mark: tuple[Json, ...], rows: list[Issue]) -> None:
    """Remember an answer, and drop those about the site as it was before."""
    answers = tracker.answers
    if len(answers) >= ANSWERS_KEPT or any(known[2:] != mark[2:] for known in answers):
        answers.clear()
    answers[mark] = (tracker.site.organizations, rows)


def _sorting(reader: Reader, sort: Sort) -> Callable[[Issue], tuple[bool, Json]]:
    key = reader.sort_key(sort)
    if not sort.descending:
        return key
    return lambda issue: (
        not (read := key(issue))[0],
        read[1],
    )  # turned round, the empty ones come last again


def _search(call: Call, asked: JsonObject) -> JsonObject:
    query = _bounded(asked)
    chosen = _selection(asked, "id")
    order = effective_order(query)
    rows = _rows(call, asked, query, order)
    mark = _mark(asked)
    after = _after(call, str(asked.get("nextPageToken") or ""), mark)
    reader = Reader(call.tracker.site, call.caller, call.tracker.now())
    keys = [reader.sort_key(sort) for sort in order]
    start = 0
    if after is not None:
        start = bisect_right(
            rows,
            False,  # noqa: FBT003 - what bisect looks for
            key=lambda each: _comes_after(order, keys, each, after),
        )
    size = _page_size(call, asked, chosen)
    shown: JsonObject = {
        "issues": [
            views.issue(call, each, chosen) for each in rows[start : start + size]
        ]
    }
    shown |= views.names_and_schema(call, chosen)
    if len(rows) > start + size:
        last = rows[start + size - 1]
        token = call.tracker.cursors.keep(mark, [key(last) for key in keys])
        return shown | {"nextPageToken": token, "isLast": False}
    return shown | {"isLast": True}


def _comes_after(
    order: tuple[Sort, ...],
    keys: list[Callable[[Issue], Json]],
    issue: Issue,
    place: Json,
) -> bool:
    return _compare(order, [key(issue) for key in keys], place) > 0


def _page_size(call: Call, asked: JsonObject, chosen: views.Selection) -> int:
    wanted = asked.get("maxResults")
    most = MOST_LIGHT if chosen.light else MOST_WITH_FIELDS
    size = min(most, max(1, wanted if isinstance(wanted, int) else 50))
    return max(1, size * 2 // 3) if call.tracker.switches.short_pages else size


def _mark(asked: JsonObject) -> str:
    """Tell one question from another: each page has to ask the same, the requests to reconcile included."""
    question = (str(asked.get("jql")), sorted(asked.get("reconcileIssues") or []))
    return hashlib.sha256(repr(question).encode()).hexdigest()


def _after(call: Call, token: str, mark: str) -> Json:
    if not token:
        return None
    kept = call.tracker.cursors.read(token)
    if kept is None or kept[0] != mark:
        message = "The provided next page token is invalid or expired."
        raise Refusal(message)
    return kept[1]


def _compare(
    order: tuple[Sort, ...],
    left: list[tuple[bool, Json]],
    right: list[tuple[bool, Json]],
) -> int:
    for sort, (left_empty, a), (right_empty, b) in zip(order, left, right, strict=True):
        if left_empty != right_empty:
            return 1 if left_empty else -1
        if not left_empty and a != b:
            return (1 if a > b else -1) * (-1 if sort.descending else 1)
    return 0
