"""R11 told naively, to check the engine by: day by day, on one's fingers.

Shares nothing with the engine but the shapes of its input. It tells what comes next for a request that waits.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from jsm_sla_bot.sla.contract import DormancyRule
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
    Value,
)
from tests.sla.contract import IN_PROGRESS, OPEN, STOCKHOLM, SWEDISH_DAYS
from tests.sla.dormant import PENDING, WAITING

BEGIN = datetime(2026, 2, 2, 8, tzinfo=UTC)
ROLES = [
    *[Role.AGENT] * 4,
    *[Role.CUSTOMER] * 2,
    Role.AUTOMATION,
    Role.PROBABLE_AGENT,
]
STATUSES = (OPEN, IN_PROGRESS, WAITING, WAITING, PENDING)
STEPS = ("reminder 1", "reminder 2", "closing")


class Told(NamedTuple):
    """What comes next: a state, and the next step with its instant where there is one."""

    state: str
    step: str | None = None
    due: datetime | None = None


def opening(after: datetime, days: int) -> datetime:
    """Return the opening at nine in Stockholm on that many later dates on which banks are open."""
    day = after.astimezone(STOCKHOLM).date()
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() >= 5 or day in SWEDISH_DAYS:
            day += timedelta(days=1)
    return _nine(day)


def _nine(day: date) -> datetime:
    return datetime.combine(day, time(9), STOCKHOLM).astimezone(UTC)


def told(
    request: RequestSnapshot, rule: DormancyRule, now: datetime
) -> Told | None:
    """Tell what comes next; the history is in order."""
    past = [each for each in request.history if each.at <= now]
    status, entered, mover = _placed(request, past)
    severity = _last(past, Deed.SEVERITY, 3)
    if not status.is_waiting or severity not in rule.severities:
        return None
    if not any(map(_answers, past)):
        return Told("not_acknowledged")
    labels = _last(past, Deed.LABELS, frozenset())
    if isinstance(labels, frozenset) and rule.keep_open_label in labels:
        return Told("kept_open")
    eta = _last(past, Deed.ETA, None)
    if isinstance(eta, date) and now < _end(eta):
        return Told("eta_ahead")
    words = [each.at for each in past if _is_word(each)]
    if mover not in {Role.AUTOMATION, Role.BOT}:
        words.append(entered)
    acts = [each.at for each in past if _is_act(each)]
    return _next(past, words, acts, rule)


def _placed(
    request: RequestSnapshot, past: list[HistoryEntry]
) -> tuple[Status, datetime, Role]:
    """Return its status, since when it has it, and who gave it that."""
    placed = (OPEN, request.reported, Role.CUSTOMER)
    for each in past:
        is_other = each.after != placed[0]
        if isinstance(each.after, Status) and is_other:
            placed = (each.after, each.at, each.role)
    return placed


def _last(past: list[HistoryEntry], what: Deed, otherwise: Value) -> Value:
    values = [each.after for each in past if each.what is what]
    return values[-1] if values else otherwise


def _is_word(each: HistoryEntry) -> bool:
    return each.role is Role.AGENT and each.what is Deed.PUBLIC_COMMENT


def _is_act(each: HistoryEntry) -> bool:
    is_customers = each.role is Role.CUSTOMER
    return is_customers and each.what is not Deed.INTERNAL_NOTE


def _answers(each: HistoryEntry) -> bool:
    is_told = each.after in {IN_PROGRESS, WAITING}
    return _is_word(each) or (each.role is Role.AGENT and is_told)


def _end(eta: date) -> datetime:
    is_open = eta.weekday() < 5 and eta not in SWEDISH_DAYS
    hour = timedelta(hours=17) if is_open else timedelta(days=1)
    midnight = datetime.combine(eta, time(), STOCKHOLM)
    return (midnight + hour).astimezone(UTC)


def _next(
    past: list[HistoryEntry],
    words: list[datetime],
    acts: list[datetime],
    rule: DormancyRule,
) -> Told:
    if not words and not acts:
        return Told("undated")
    if acts and max(acts) >= max(words, default=acts[0]):
        return Told("waits_for_us")
    begin = max(words)
    notes = [
        (each.after, each.at)
        for each in past
        if each.role is Role.BOT
        and each.what is Deed.PUBLIC_COMMENT
        and each.after in STEPS
        and each.at > begin
    ]
    if not notes:
        return Told("dormant", "reminder 1", opening(begin, rule.reminders[0]))
    last, at = notes[-1]
    if last == "reminder 1":
        return Told("dormant", "reminder 2", opening(at, rule.reminders[1]))
    if last == "reminder 2":
        return Told("dormant", "closing", opening(at, rule.close_after))
    return Told("dormant", "closing", at)


def some_request(seed: int) -> RequestSnapshot:
    """Make up a request whose history has all that matters to R11, and much that does not."""
    chance = random.Random(seed)  # noqa: S311 - histories, no secrets
    at = BEGIN
    now: dict[str, Any] = {
        "status": OPEN,
        "severity": 3,
        "labels": frozenset(),
        "eta": None,
    }
    history: list[HistoryEntry] = []
    number = 0
    for _ in range(chance.randint(2, 14)):
        at += timedelta(minutes=chance.choice([1, 7, 300, 1500, 4000, 9000]))
        what = chance.choice(
            [
                *[Deed.PUBLIC_COMMENT] * 4,
                *[Deed.STATUS] * 4,
                Deed.INTERNAL_NOTE,
                Deed.SEVERITY,
                Deed.LABELS,
                Deed.ETA,
            ]
        )
        role = chance.choice(ROLES)
        if what is Deed.PUBLIC_COMMENT and chance.random() < 0.35:
            step = STEPS[number % 3]
            number += 1
            history.append(HistoryEntry(at, Role.BOT, what, None, step))
            continue
        value = _value(what, chance, at)
        name = {
            Deed.STATUS: "status",
            Deed.SEVERITY: "severity",
            Deed.LABELS: "labels",
            Deed.ETA: "eta",
        }.get(what)
        before = now[name] if name else None
        if name:
            now[name] = value
        history.append(HistoryEntry(at, role, what, before, value, "x"))
    return RequestSnapshot(
        f"R-{seed}", BEGIN, history=tuple(history), organizations=("1",), **now
    )


def _value(what: Deed, chance: random.Random, at: datetime) -> Value:
    match what:
        case Deed.STATUS:
            return chance.choice(STATUSES)
        case Deed.SEVERITY:
            return chance.choice([2, 3, 3, 4])
        case Deed.LABELS:
            return frozenset(chance.choice([[], [], [], ["keep-open"]]))
        case Deed.ETA:
            days = timedelta(days=chance.randint(0, 9))
            return chance.choice([None, None, (at + days).date()])
        case _:
            return None
