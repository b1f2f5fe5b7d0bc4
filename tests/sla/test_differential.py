"""The calendar against a naive walker and against `workclock`: ten calendars, no difference.

2,000 cases in the suite; `DIFFERENTIAL_CASES=20000` in the environment for as many as one likes.
"""

import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from jsm_sla_bot.sla.calendar import BusinessCalendar
from tests.sla.calendars import CALENDARS, instants, is_shared, schedule
from tests.sla.oracle import Oracle, shown

CASES = int(os.environ.get("DIFFERENTIAL_CASES", "2000")) // len(CALENDARS)
GOALS = [timedelta(hours=hours) for hours in (0.5, 1, 2, 8, 16, 24, 40, 200)]

pytestmark = pytest.mark.timeout(600)


def goal_of(chance: Random) -> timedelta:
    """Return a target's hours, or any odd number of milliseconds up to a fortnight's work."""
    return chance.choice(
        [*GOALS, timedelta(milliseconds=chance.randrange(1, 288_000_000))]
    )


@pytest.mark.parametrize(
    "calendar", CALENDARS, ids=[one.name for one in CALENDARS]
)
def test_the_calendar_agrees_with_a_naive_walk(
    calendar: BusinessCalendar,
) -> None:
    """Due and elapsed, to the millisecond."""
    chance, oracle = Random(calendar.name), Oracle(calendar.spec)  # noqa: S311 - cases, no secrets
    differences = []
    for start in instants(calendar, chance, CASES):
        goal = goal_of(chance)
        end = start + timedelta(milliseconds=chance.randrange(3_000_000_000))
        answers = calendar.due(start, goal), calendar.elapsed(start, end)
        if answers != (oracle.due(start, goal), oracle.elapsed(start, end)):
            differences.append((start, goal, end, *answers))
    assert differences == []


@pytest.mark.parametrize(
    "calendar", CALENDARS, ids=[one.name for one in CALENDARS]
)
def test_the_calendar_agrees_with_workclock(
    calendar: BusinessCalendar,
) -> None:
    """The same, wherever the two mean the same by a calendar: most cases on every one of them."""
    chance, peer = Random(calendar.name), schedule(calendar.spec)  # noqa: S311 - cases, no secrets
    differences, compared = [], 0
    for start in instants(calendar, chance, CASES):
        goal = goal_of(chance)
        end = start + timedelta(milliseconds=chance.randrange(3_000_000_000))
        due = calendar.due(start, goal)
        if not is_shared(calendar.spec, start, max(due, end)):
            continue
        compared += 1
        answers = due, calendar.elapsed(start, end)
        if answers != (peer.add(start, goal), peer.between(start, end)):
            differences.append((start, goal, end, *answers))
    assert differences == []
    assert compared > CASES / 2


WALL = [
    ("Europe/Stockholm", "2026-03-29 02:30", "2026-03-29 01:30"),
    ("Europe/Stockholm", "2026-10-25 02:30", "2026-10-25 00:30"),
    ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),
    ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
]


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    WALL,
    ids=[f"{zone} {wall}" for zone, wall, _ in WALL],
)
def test_the_walker_itself_knows_the_clock_changes(
    zone: str, wall: str, instant: str
) -> None:
    """Told by hand: forward by the gap, the first of two."""
    spec_zone = next(
        one.spec.zone for one in CALENDARS if one.spec.zone_name == zone
    )
    assert shown(
        datetime.fromisoformat(wall), spec_zone
    ) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
