"""A second look at public notes: whether one stands on a request that must get none, or outside of its time."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from jsm_sandbox.state.requests import Comment, Issue
from tests.chaos.life import AGENT, Act
from tests.scenarios.world import BOT, World

FRESH = timedelta(hours=12)
"""What the configuration of these tests gives to `registered` and `call_us`."""
CONFIRMED = timedelta(days=1)
UNMEASURED = ("15", "18")
"""Who gets no note: an organization that is suspended, and one that is not measured."""
CLOSED = frozenset({"Resolved", "Closed"})


def with_unmeasured(seed: int, acts: list[Act]) -> list[Act]:
    """Let some of the requests be of organizations that no note is owed to."""
    chance = random.Random(f"unmeasured {seed}")  # noqa: S311 - chance that repeats is the point
    moved = {act.request for act in acts if act.verb == "organization"}
    listed = []
    for act in acts:
        is_free = act.verb == "raise" and act.request not in moved
        if is_free and chance.random() < 0.2:
            other = int(chance.choice(UNMEASURED))
            told = {**act.told, "organization": other}
            listed.append(replace(act, told=told))
        else:
            listed.append(act)
    return listed


def unasked(desk: World) -> list[str]:
    """Name each public note of the bot's that must not be where it is, or not then."""
    field = desk.tracker.site.field_id("Organizations")
    return [
        f"{issue.key}: {marker} at {comment.created.isoformat()}: {why}"
        for issue in list(desk.tracker.issues.values())
        for comment in issue.comments
        for marker in public_markers(comment)
        for why in _faults(issue, marker, comment.created, field)
    ]


def public_markers(comment: Comment) -> list[str]:
    """Return what a comment of the bot's says that the customer was to read."""
    own = comment.properties.get("jsm-sla-bot")
    listed = own.get("markers") if isinstance(own, dict) else None
    found = [str(one) for one in listed] if isinstance(listed, list) else []
    is_ours = comment.author.name == BOT
    return [one for one in found if one.startswith("public:") and is_ours]


def changes(issue: Issue, field: str) -> list[tuple[datetime, str | None]]:
    """Return when a field was changed, and to what."""
    return [
        (entry.created, item.new[1])
        for entry in issue.history
        for item in entry.items
        if item.field_id == field
    ]


def is_open(issue: Issue, at: datetime) -> bool:
    """Tell whether a request was open at an instant."""
    states = [new for when, new in changes(issue, "status") if when <= at]
    return not states or states[-1] not in CLOSED


def _faults(
    issue: Issue, marker: str, at: datetime, organizations: str
) -> Iterator[str]:
    if _labels(issue, at).count("sla-bot-ignore"):
        yield "it carries the label that means: leave it alone"
    has_moved = changes(issue, organizations)
    if not has_moved and _organization(issue, organizations) in UNMEASURED:
        yield "nothing is owed to that organization"
    match marker.split(":")[1]:
        case "registered":
            yield from _stale(issue, raised_at(issue), at)
        case "call_us":
            yield from _stale(issue, _wanted_since(issue, at), at)
        case "resolved":
            yield from _unresolved(issue, at)
        case _:
            pass


def raised_at(issue: Issue) -> datetime:
    """Return when a request was raised."""
    return datetime.fromisoformat(str(issue.fields["created"]))


def _labels(issue: Issue, at: datetime) -> list[str]:
    sets = [new for when, new in changes(issue, "labels") if when <= at]
    return (sets[-1] or "").split() if sets else []


def _organization(issue: Issue, field: str) -> str | None:
    listed = issue.fields.get(field)
    found = listed[0] if isinstance(listed, list) and listed else None
    return str(found["id"]) if isinstance(found, dict) else None


def _wanted_since(issue: Issue, at: datetime) -> datetime:
    """Return when the severity was last changed, or the request raised."""
    moved = [
        entry.created
        for entry in issue.history
        for item in entry.items
        if item.field == "Severity" and entry.created <= at
    ]
    return max(moved, default=raised_at(issue))


def _stale(issue: Issue, since: datetime, at: datetime) -> Iterator[str]:
    if at - since > FRESH + timedelta(milliseconds=1):
        yield "it is late"
    answers = [
        comment.created
        for comment in issue.comments
        if comment.author.name == AGENT
        and comment.public
        and comment.created < at
    ]
    if answers:
        yield "an agent has answered"
    taken = [new for when, new in changes(issue, "status") if when < at]
    if {"In progress", "Resolved"} & set(taken):
        yield "an agent has acknowledged it"
    calls = [
        entry
        for entry in issue.history
        for item in entry.items
        if item.field == "Customer called at" and entry.created < at
    ]
    if calls:
        yield "the customer has called"


def _unresolved(issue: Issue, at: datetime) -> Iterator[str]:
    closed = [
        entry
        for entry in issue.history
        for item in entry.items
        if item.field_id == "status" and entry.created <= at
    ]
    if not closed or is_open(issue, at):
        yield "it is not closed"
        return
    if closed[-1].author.name != AGENT:
        yield "no agent closed it"
    if at - closed[-1].created > CONFIRMED + timedelta(milliseconds=1):
        yield "it is late"
