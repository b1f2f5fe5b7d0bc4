"""The requests in words: for the page, for tests, for whoever looks in."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import adf
from jsm_sandbox.state.custom_fields import Shape
from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object
from jsm_sandbox.state.native_sla import first_response
from jsm_sandbox.state.requests import Comment, Issue, Item
from jsm_sandbox.state.spoken_values import plain

LATEST_WRITES = 200
LATEST_NOTICES = 50
MOST_ROWS = 500
_NATIVE = "Time to first response"


def state(tracker: Tracker, keys: Sequence[str] = ()) -> JsonObject:
    """Give everything that is known of every request, or of the named ones; fields by their names."""
    named = [each for each in map(tracker.find, keys) if each]
    shown = [
        request(tracker, each)
        for each in (named if keys else tracker.issues.values())
    ]
    return {"now": tracker.now().isoformat(), "requests": shown}


def overview(tracker: Tracker) -> JsonObject:
    """Give the keys of what is open, and of what is done with its last change."""
    every = tracker.issues.values()
    return {
        "now": tracker.now().isoformat(),
        "open": [each.key for each in every if not each.is_done],
        "done": [_done(each) for each in every if each.is_done],
    }


def _done(each: Issue) -> JsonObject:
    return {"key": each.key, "updated": each.updated.isoformat()}


def request(tracker: Tracker, issue: Issue) -> JsonObject:
    """Give one request in words."""
    return {
        "id": str(issue.id),
        "key": issue.key,
        "project": issue.project,
        "status": issue.status_name,
        "category": issue.category,
        "priority": as_object(issue.fields.get("priority")).get("name"),
        "created": issue.created.isoformat(),
        "updated": issue.updated.isoformat(),
        "fields": _fields(tracker, issue),
        "comments": [
            _comment(tracker, issue, each) for each in issue.comments
        ],
        "history": [
            _history(entry.items, entry.author.name, entry.created.isoformat())
            for entry in issue.history
        ],
        "properties": issue.properties,
    }


def _fields(tracker: Tracker, issue: Issue) -> JsonObject:
    shown: JsonObject = {}
    for field in tracker.site.fields:
        if field.shape is Shape.SLA:
            shown[field.name] = first_response(tracker, issue)
        elif field.shape is Shape.ORGANIZATIONS:
            shown[field.name] = [
                str(as_object(each).get("name"))
                for each in as_list(issue.fields.get(field.id))
            ]
        elif field.id in issue.fields or field.custom:
            shown[field.name] = plain(issue.fields.get(field.id))
    shown.pop("Comment", None)
    return shown


def _comment(tracker: Tracker, issue: Issue, each: Comment) -> JsonObject:
    return {
        "id": each.id,
        "author": each.author.name,
        "role": str(tracker.part_of(each.author, issue)),
        "created": each.created.isoformat(),
        "public": each.public,
        "text": adf.to_text(each.body),
        "body": each.body,
        "properties": each.properties,
    }


def _history(items: tuple[Item, ...], author: str, created: str) -> JsonObject:
    shown = [
        {
            "field": item.field,
            "from": item.old[1],
            "to": item.new[1],
        }
        for item in items
    ]
    return {
        "author": author,
        "created": created,
        "items": shown,
    }


def queue(tracker: Tracker) -> JsonObject:
    """Give what the page shows: the requests that changed last, and the latest writes."""
    return {
        "now": tracker.now().isoformat(),
        "zone": str(tracker.site.zone),
        "version": tracker.version,
        "requests": _rows(tracker),
        "writes": tracker.journal.writes(LATEST_WRITES)[::-1],
        "notices": list(tracker.inbox.show()[:LATEST_NOTICES]),
    }


def _rows(tracker: Tracker) -> list[Json]:
    """Show the youngest requests, the oldest of them first."""
    every = tracker.issues.values()
    youngest = nlargest(MOST_ROWS, every, key=lambda each: each.updated)
    return [_row(tracker, each) for each in reversed(youngest)]


def _row(tracker: Tracker, issue: Issue) -> Json:
    shown = request(tracker, issue)
    native = as_object(shown["fields"].pop(_NATIVE, None))
    left = as_object(_last_cycle(native).get("remainingTime"))
    shown["fields"][_NATIVE] = left.get("friendly")
    return shown


def _last_cycle(native: JsonObject) -> JsonObject:
    ongoing = native.get("ongoingCycle")
    completed = as_list(native.get("completedCycles"))
    return as_object(ongoing or (completed or [{}])[-1])
