"""What agents do with ETAs in a life of the desk, and a second look at whether any was read before its time."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.requests import Issue
from tests.chaos.life import Act
from tests.chaos.unasked import changes, is_open, public_markers
from tests.scenarios.world import World

TOLD = "public:eta:"

SETTLES = timedelta(minutes=10)
KIND_OF = ("datetime", "datepicker")
"""The kind of the ETA field, by the seed: even or odd."""
BEGUN = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
"""About when lives begin: where ETAs are counted from."""


def eta_acts(seed: int, acts: list[Act]) -> list[Act]:
    """Draw who sets an ETA, changes it in haste or after a while, empties it, or sets one that is past."""
    chance = random.Random(f"eta {seed}")  # noqa: S311 - chance that repeats is the point
    kind = KIND_OF[seed % 2]
    return [
        each
        for raised in acts
        if raised.verb == "raise" and chance.random() < 0.6
        for each in _of_request(chance, raised, kind)
    ]


def _of_request(
    chance: random.Random, raised: Act, kind: str
) -> Iterator[Act]:
    at = raised.after + timedelta(hours=chance.expovariate(1 / 6))
    for _ in range(chance.choice((1, 1, 2, 3))):
        edits = 3 if chance.random() < 0.3 else 1
        for number in range(edits):
            moment = at + timedelta(minutes=2 * number)
            value = _value(chance, moment, kind)
            yield Act(moment, raised.request, "eta", {"value": value})
        at += timedelta(hours=chance.expovariate(1 / 18))


def _value(chance: random.Random, at: timedelta, kind: str) -> str | None:
    """Draw a value: mostly ahead, now and then none, or one that is over."""
    if chance.random() < 0.15:
        return None
    is_past = chance.random() < 0.1
    hours = chance.expovariate(1 / 30) * (-1 if is_past else 1)
    value = BEGUN + at + timedelta(hours=hours)
    if kind == "datepicker":
        return value.date().isoformat()
    return value.replace(microsecond=0).isoformat(timespec="seconds")


def early(desk: World) -> list[str]:
    """Name each ETA that a customer read unsettled, replaced, twice in a row, or on a request that was closed."""
    issues = list(desk.tracker.issues.values())
    return [found for issue in issues for found in _early(desk.tracker, issue)]


def _early(tracker: Tracker, issue: Issue) -> Iterator[str]:
    name = tracker.site.field_id("ETA")
    sets = changes(issue, name)
    last = None
    for comment in issue.comments:
        said = [one for one in public_markers(comment) if TOLD in one]
        if not said:
            continue
        about = said[0].removeprefix(TOLD)
        value, _, since = about.partition("@")
        standing = [one for one in sets if one[0] <= comment.created]
        at = datetime.fromisoformat(since)
        is_own = bool(standing) and _in_wire(standing[-1][0]) == at
        is_settled = comment.created - at >= SETTLES
        is_meant = is_own and is_settled and is_open(issue, comment.created)
        if not is_meant or value == last:
            yield f"{issue.key}: {about} at {comment.created.isoformat()}"
        last = value


def _in_wire(instant: datetime) -> datetime:
    """Cut an instant to milliseconds, as Jira sends it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
