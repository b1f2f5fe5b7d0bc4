"""What was counted, row by row: every explanation adds up to its target.

That of each history in the other tests is summed by `seen`; here those of random ones are, and some are told in full.
"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Status
from jsm_sla_bot.sla.tally import Row, in_seconds, tally
from tests.sla.contract import (
    OPEN,
    POLICY,
    STOCKHOLM,
    adding_up,
    answer,
    call,
    clock_of,
    entry,
    moved,
    only,
    request,
    seen,
    severity,
)
from tests.sla.test_dated import changed
from tests.sla.test_properties import POLICIES, minutes, policies, requests

REPORT = "2026-03-02 10:00"
WAITING = Status("Waiting for customer")
PAUSING = only(pauses_in=frozenset({"waiting for customer"}))
STANDS = moved("2026-03-02 16:00", WAITING)
GOES_ON = moved("2026-03-03 10:00", OPEN, WAITING)
Told = tuple[str, str, str]


def case(
    *history: HistoryEntry, reported: str = REPORT, **given_: object
) -> RequestSnapshot:
    """Return a request of the organization with a contract of its own."""
    return request(reported, *history, **{"organizations": ("1",), **given_})


def clock(instant: datetime | None) -> str:
    """Return an instant on the wall clock of Stockholm."""
    return (
        instant.astimezone(STOCKHOLM).strftime("%a %H:%M:%S")
        if instant
        else "?"
    )


def told(row: Row, shown: timedelta) -> Told:
    """Return a row as texts."""
    amount = f" {shown}" if shown else ""
    name = f" {row.name}" if row.name else ""
    return clock(row.begins), clock(row.ends), f"{row.kind}{name}{amount}"


STORIES: dict[str, tuple[RequestSnapshot, str, Policy, list[Told]]] = {
    "over a week-end": (
        case(reported="2026-03-06 16:00"),
        "2026-03-06 16:00",
        PAUSING,
        [
            ("Fri 16:00:00", "Fri 17:00:00", "counted 1:00:00"),
            ("Sat 00:00:00", "?", "skipped Saturday"),
            ("Sun 00:00:00", "?", "skipped Sunday"),
            ("Mon 09:00:00", "Mon 16:00:00", "counted 7:00:00"),
        ],
    ),
    "paused over night": (
        case(STANDS, GOES_ON),
        "2026-03-04 10:00",
        PAUSING,
        [
            ("Mon 10:00:00", "Mon 16:00:00", "counted 6:00:00"),
            (
                "Mon 16:00:00",
                "Tue 10:00:00",
                "stood still Waiting for customer",
            ),
            ("Tue 10:00:00", "Tue 12:00:00", "counted 2:00:00"),
        ],
    ),
    "paused still": (
        case(STANDS, status=WAITING),
        "2026-03-20 10:00",
        PAUSING,
        [
            ("Mon 10:00:00", "Mon 16:00:00", "counted 6:00:00"),
            ("Mon 16:00:00", "?", "stood still Waiting for customer"),
            ("Mon 16:00:00", "?", "left 2:00:00"),
        ],
    ),
    "paused when it had run out already": (
        case(
            moved("2026-03-03 12:00", WAITING),
            moved("2026-03-03 13:00", OPEN, WAITING),
        ),
        "2026-03-20 10:00",
        PAUSING,
        [
            ("Mon 10:00:00", "Mon 17:00:00", "counted 7:00:00"),
            ("Tue 09:00:00", "Tue 10:00:00", "counted 1:00:00"),
        ],
    ),
    "dated": (
        request(
            REPORT,
            entry("2026-03-04 15:00", Deed.ORGANIZATIONS, ("11",), ("12",)),
            severity=3,
            organizations=("11",),
        ),
        "2026-03-05 10:00",
        POLICY,
        [
            ("Mon 10:00:00", "Mon 17:00:00", "counted 7:00:00"),
            ("Tue 09:00:00", "Tue 17:00:00", "counted 8:00:00"),
            ("Wed 09:00:00", "Wed 10:00:00", "counted 1:00:00"),
            ("Wed 10:00:00", "Wed 15:00:00", "dated"),
        ],
    ),
    "from a raised severity": (
        case(severity("2026-03-02 12:00", 3, 1)),
        "2026-03-02 12:00",
        PAUSING,
        [
            ("Mon 12:00:00", "Mon 17:00:00", "counted 5:00:00"),
            ("Tue 09:00:00", "Tue 12:00:00", "counted 3:00:00"),
        ],
    ),
    "with half seconds": (
        case(reported="2026-03-02 10:00:00.500"),
        "2026-03-02 12:00",
        PAUSING,
        [
            ("Mon 10:00:00", "Mon 17:00:00", "counted 7:00:00"),
            ("Tue 09:00:00", "Tue 10:00:00", "counted 1:00:00"),
        ],
    ),
    "round the clock": (
        request(
            "2026-03-06 22:10",
            call("2026-03-06 22:20:07"),
            organizations=("11",),
        ),
        "2026-03-06 22:30",
        POLICY,
        [("Fri 22:20:07", "Sat 00:20:07", "counted 2:00:00")],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_rows_of_an_answer(name: str) -> None:
    """What was counted, skipped, stood still, is left, or is dated, in order."""
    known, now, under, expected = STORIES[name]
    owed = seen(known, now, under).owed
    assert owed is not None
    rows = tally(owed, clock_of(owed, under))
    shown = [told(*one) for one in zip(rows, in_seconds(rows), strict=True)]
    assert shown == expected


@settings(max_examples=300)
@given(requests(), policies, minutes, st.integers(0, 59_999))
def test_any_explanation_adds_up(
    known: RequestSnapshot, under: str, now: datetime, late: int
) -> None:
    """Whatever happened, whenever it is seen, to the millisecond."""
    seen_at = now + timedelta(milliseconds=late)
    adding_up(assess(known, POLICIES[under], seen_at), POLICIES[under])


@settings(max_examples=200)
@given(changed(late_calls=True), minutes)
def test_any_explanation_of_changes_adds_up(
    known: RequestSnapshot, now: datetime
) -> None:
    """Raised, lowered, corrected, called about, dated."""
    adding_up(assess(known, POLICY, now), POLICY)


@settings(max_examples=200)
@given(
    st.lists(st.integers(1, 400_000_000), max_size=6, unique=True),
    st.integers(0, 500_000_000),
    st.booleans(),
)
def test_any_explanation_of_pauses_adds_up(
    moves: list[int], after: int, answered: bool
) -> None:
    """In and out of a status that pauses, at any millisecond, answered or not."""
    known = case(reported="2026-03-02 10:00:00.250")
    history = []
    statuses = [OPEN, WAITING]
    for number, milliseconds in enumerate(sorted(moves)):
        before, after_ = statuses[number % 2], statuses[(number + 1) % 2]
        at = known.reported + timedelta(milliseconds=milliseconds)
        one = moved("2026-03-02 10:00", after_, before)
        history.append(HistoryEntry(at, one.role, one.what, before, after_))
    if answered:
        history.append(answer("2026-03-04 11:00"))
    status = statuses[len(moves) % 2]
    moving = case(*history, reported="2026-03-02 10:00:00.250", status=status)
    now = known.reported + timedelta(milliseconds=after)
    adding_up(assess(moving, PAUSING, now), PAUSING)
