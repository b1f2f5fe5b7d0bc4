"""What a search finds, in order: from the index that lags, reconciled where asked for, remembered for the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jsm_sandbox.http.api_call import Call
from jsm_sandbox.jql.dates import moves
from jsm_sandbox.jql.match import Reader
from jsm_sandbox.jql.tree import Query, Sort
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal
from jsm_sandbox.state.requests import Issue

MOST_RECONCILED = 50
ANSWERS_KEPT = 16
"""Clients may page through several questions at once."""


def found(call: Call, query: Query, reconciled: set[int]) -> list[Issue]:
    """Give what matches; reconciled requests are judged by what they are now."""
    if query.where is None:
        return []
    reader = Reader(call.site, call.caller, call.tracker.now())
    reader.check(query.where)
    matches = reader.predicate(query.where)
    named = reader.named(query.where)
    if not call.sees_projects:
        return []
    candidates = _candidates(call.tracker, named, reconciled)
    return _flickering(
        call.tracker, [each for each in candidates if matches(each)]
    )


def _candidates(
    tracker: Tracker, named: set[str] | None, reconciled: set[int]
) -> Iterable[Issue]:
    """Give what the index has, but what is to be reconciled as it is now."""
    indexed = _indexed(tracker, named)
    if not reconciled:
        return indexed
    others = [each for each in indexed if each.id not in reconciled]
    fresh = [tracker.issues.get(number) for number in reconciled]
    return [*others, *(each for each in fresh if each)]


def _indexed(tracker: Tracker, named: set[str] | None) -> Iterable[Issue]:
    if named is None:
        return tracker.indexed()
    return _indexed_by_name(tracker, named)


def _indexed_by_name(tracker: Tracker, named: set[str]) -> Iterable[Issue]:
    numbers = {each.id for each in map(tracker.find, named) if each}
    indexed = map(tracker.indexed_view, sorted(numbers))
    return (each for each in indexed if each)


def _flickering(tracker: Tracker, issues: list[Issue]) -> list[Issue]:
    """Leave each request out with the probability that the switch ``flicker`` names."""
    share = tracker.switches.flicker
    if not share:
        return issues
    return [each for each in issues if tracker.chance.random() >= share]


def rows_in_order(
    call: Call, asked: JsonObject, query: Query, order: tuple[Sort, ...]
) -> list[Issue]:
    """Give what matches in order; the same question about the same site is worked out once."""
    reconciled = _reconciled(asked)
    if reconciled or not _is_settled(call.tracker, query):
        return _sorted(call, query, reconciled, order)
    return _remembered(call, asked, query, order)


def _is_settled(tracker: Tracker, query: Query) -> bool:
    """Return whether asking again gives the same answer as long as nothing changes."""
    switches = tracker.switches
    if switches.flicker or switches.index_lag:
        return False
    return query.where is None or not moves(query.where)


def _remembered(
    call: Call, asked: JsonObject, query: Query, order: tuple[Sort, ...]
) -> list[Issue]:
    tracker = call.tracker
    mark = _mark(call, asked)
    organizations, rows = tracker.answers.get(mark, (None, []))
    if organizations is tracker.site.organizations:
        return rows
    rows = _sorted(call, query, set(), order)
    _keep(tracker, mark, rows)
    return rows


def _mark(call: Call, asked: JsonObject) -> tuple[Json, ...]:
    """Mark a question by who asks it, and by how the site stands."""
    tracker = call.tracker
    return (
        str(asked.get("jql")),
        call.caller.account_id,
        tracker.version,
        len(tracker.issues),
    )


def _keep(tracker: Tracker, mark: tuple[Json, ...], rows: list[Issue]) -> None:
    """Remember an answer, and drop those about the site as it was before."""
    answers = tracker.answers
    outdated = any(known[2:] != mark[2:] for known in answers)
    if outdated or len(answers) >= ANSWERS_KEPT:
        answers.clear()
    answers[mark] = (tracker.site.organizations, rows)


def _sorted(
    call: Call, query: Query, reconciled: set[int], order: tuple[Sort, ...]
) -> list[Issue]:
    rows = found(call, query, reconciled)
    reader = Reader(call.site, call.caller, call.tracker.now())
    # A later sort keeps the order of an earlier one where it ties.
    for sort in reversed(order):
        rows.sort(key=_sorting(reader, sort), reverse=sort.descending)
    return rows


def _sorting(
    reader: Reader, sort: Sort
) -> Callable[[Issue], tuple[bool, Json]]:
    key = reader.sort_key(sort)
    if not sort.descending:
        return key

    def turned_round(issue: Issue) -> tuple[bool, Json]:
        empty, value = key(issue)
        return (not empty, value)  # so that the empty ones come last here too

    return turned_round


def _reconciled(asked: JsonObject) -> set[int]:
    reconciled = set(asked.get("reconcileIssues") or [])
    if len(reconciled) > MOST_RECONCILED:
        raise Refusal(
            f"The maximum number of issues to reconcile is {MOST_RECONCILED}."
        )
    return reconciled
