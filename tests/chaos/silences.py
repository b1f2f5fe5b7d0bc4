"""Lives of requests whose customers do not answer, or do, and a second look at what the bot made of them (R11).

The second look shares nothing with the bot: it counts business days on its fingers and reads the site's own records.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from jsm_sandbox.state.requests import Comment, Issue
from tests.chaos.life import AGENT, Act
from tests.chaos.unasked import public_markers
from tests.scenarios.dormant_desk import ANNA, CUSTOMER
from tests.scenarios.world import BOT, World
from tests.sla.naive_dormancy import opening

ROBOT = "Automation for Jira"
BETWEEN = 3
"""Business days before each step."""
REMINDERS = 2
WORDS = ("answer", "word", "keep", "release", "work", "robot")


def silences(seed: int, requests: int, days: int) -> list[Act]:
    """Draw a life: questions to customers, answers, labels, and automations that open what was closed."""
    chance = random.Random(f"silence {seed}")  # noqa: S311 - chance that repeats is the point
    acts: list[Act] = []
    for number in range(requests):
        at = timedelta(hours=chance.uniform(0, 72))
        told = {"severity": chance.choice([3, 3, 3, 4, 2])}
        acts.append(Act(at, number, "raise", told))
        acts.append(Act(at + timedelta(hours=1), number, "word", {}))
        for _ in range(chance.choice([0, 0, 1, 2, 4])):
            later = at + timedelta(hours=chance.uniform(2, days * 24))
            acts.append(Act(later, number, chance.choice(WORDS), {}))
    return sorted(acts)


def act(desk: World, one: Act, keys: dict[int, str]) -> None:
    """Let it happen now; a way that is closed is not taken."""
    tracker = desk.tracker
    if one.verb == "raise":
        severity = one.told["severity"]
        keys[one.request] = tracker.raise_request(
            organization=11, severity=severity, as_=ANNA
        )
        return
    key = keys[one.request]
    match one.verb:
        case "answer":
            tracker.comment(key, "Version 4.", as_=ANNA)
        case "word":
            tracker.comment(key, "Which version?", as_=AGENT)
            _go(desk, key, CUSTOMER, AGENT)
        case "work":
            _go(desk, key, "In progress", AGENT)
        case "keep":
            tracker.set_field(key, "labels", ["keep-open"], as_=AGENT)
        case "release":
            tracker.set_field(key, "labels", [], as_=AGENT)
        case _:
            _go(desk, key, "Waiting for support", ROBOT)
            _go(desk, key, CUSTOMER, ROBOT)


def _go(desk: World, key: str, to: str, who: str) -> None:
    with suppress(LookupError):
        desk.tracker.transition(key, to, as_=who)


def untimely(desk: World) -> list[str]:
    """Name each step of the bot's that came too early, to a customer who had answered, or out of order."""
    return [
        f"{issue.key}: {what}"
        for issue in desk.tracker.issues.values()
        for what in _untimely(issue)
    ]


def _untimely(issue: Issue) -> Iterator[str]:
    taken: list[tuple[datetime, str]] = []
    for comment in issue.comments:
        for marker in public_markers(comment):
            kind = marker.split(":")[1]
            at = comment.created
            begin, is_answered = _silence(issue, at)
            if is_answered:
                yield f"{kind} at {at}: the customer has answered"
            since = [each for each in taken if each[0] > begin]
            yield from _too_early(kind, at, begin, since)
            taken.append((at, kind))
    for at in closings(issue):
        if not any(when <= at and kind == "closing" for when, kind in taken):
            yield f"closed at {at} without a word"


def _too_early(
    kind: str,
    at: datetime,
    begin: datetime,
    since: list[tuple[datetime, str]],
) -> Iterator[str]:
    before = since[-1][0] if since else begin
    if at < opening(before.astimezone(UTC), BETWEEN):
        yield f"{kind} at {at}: less than {BETWEEN} days after {before}"
    reminders = [each for each in since if each[1] == "reminder"]
    is_closing = kind == "closing"
    if (len(reminders) == REMINDERS) is not is_closing:
        yield f"{kind} at {at} after {len(reminders)} reminders"


def _silence(issue: Issue, at: datetime) -> tuple[datetime, bool]:
    """Return the last deed before an instant that counts, and whether it is the customer's."""
    deeds = [
        (each.created, _is_customers(each))
        for each in issue.comments
        if each.public and each.author.name in {AGENT, ANNA}
    ]
    deeds += [
        (entry.created, False)
        for entry in issue.history
        for item in entry.items
        if item.field_id == "status"
        and item.new[1] == CUSTOMER
        and entry.author.name == AGENT
    ]
    return max(each for each in deeds if each[0] < at)


def _is_customers(comment: Comment) -> bool:
    return comment.author.name == ANNA


def closings(issue: Issue) -> list[datetime]:
    """Return when the bot has closed a request."""
    return [at for at, to in moves(issue) if to == "Closed"]


def moves(issue: Issue) -> list[tuple[datetime, str | None]]:
    """Return where the bot has moved a request to, and when."""
    return [
        (entry.created, item.new[1])
        for entry in issue.history
        if entry.author.name == BOT
        for item in entry.items
        if item.field_id == "status"
    ]
