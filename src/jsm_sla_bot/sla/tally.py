"""What was counted towards a target, row by row, so that an explanation adds up: the counted rows come to the target.

Where the clock stands still, what is left counts too. Time that passed between a target's end and the instant at
which its breach is dated is a row of its own, and counts for nothing (D8, D33).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jsm_sla_bot.sla.assessment import Owed, Pause
from jsm_sla_bot.sla.calendar import NOTHING, BusinessCalendar

SECOND = timedelta(seconds=1)


class Kind(StrEnum):
    """What a row is."""

    COUNTED = "counted"
    SKIPPED = "skipped"
    STOOD_STILL = "stood still"
    LEFT = "left"
    DATED = "dated"


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of time, aware UTC; `ends` is None where nobody knows yet.

    `counted` is what it comes to, and nothing unless it is counted or left. `name` is a closed day's name or the
    status in which the clock stood still.
    """

    kind: Kind
    begins: datetime
    ends: datetime | None
    counted: timedelta = NOTHING
    name: str = ""


def tally(owed: Owed, calendar: BusinessCalendar) -> tuple[Row, ...]:
    """Return the rows that lead to the due time, in order; `calendar` is the one that the clock runs on."""
    rows: list[Row] = []
    at: datetime | None = owed.start
    for pause in owed.pauses:
        if at is None:
            break
        rows += _running(calendar, at, pause.begins)
        rows.append(_stood_still(pause))
        at = pause.ends
    if at is None:
        passed = sum((row.counted for row in rows), NOTHING)
        rows.append(Row(Kind.LEFT, rows[-1].begins, None, owed.goal - passed))
        return tuple(rows)
    ran_out = owed.ran_out or owed.due
    rows += _running(calendar, at, ran_out)
    if owed.ran_out:
        rows.append(Row(Kind.DATED, ran_out, owed.due))
    return tuple(rows)


def in_seconds(rows: Sequence[Row]) -> tuple[timedelta, ...]:
    """Return what each row counts in whole seconds, rounded so that together they still come to the target."""
    shown: list[timedelta] = []
    passed = rounded_before = NOTHING
    for row in rows:
        passed += row.counted
        rounded = round(passed / SECOND) * SECOND
        shown.append(rounded - rounded_before)
        rounded_before = rounded
    return tuple(shown)


def _running(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> Iterator[Row]:
    """Yield the open stretches between two instants, and the closed days among them by name."""
    if start >= end:
        return
    rows = [
        Row(Kind.COUNTED, span.opens, span.closes, span.closes - span.opens)
        for span in calendar.spans(start, end)
    ]
    for closed in calendar.closed_days(start, end):
        midnight = datetime.combine(
            closed.day, datetime.min.time(), calendar.spec.zone
        )
        rows.append(Row(Kind.SKIPPED, midnight, None, name=closed.name))
    yield from sorted(rows, key=lambda row: row.begins)


def _stood_still(pause: Pause) -> Row:
    return Row(Kind.STOOD_STILL, pause.begins, pause.ends, name=pause.status)
