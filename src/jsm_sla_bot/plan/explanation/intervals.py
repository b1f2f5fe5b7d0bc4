"""What was counted, as people read it: open hours, closed days, pauses, and what is left or dated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import NamedTuple

from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Owed
from jsm_sla_bot.sla.calendar import NOTHING, BusinessCalendar
from jsm_sla_bot.sla.tally import Kind, Row, in_seconds, tally
from jsm_sla_bot.text.spans import duration_text

HEAD = ("from", "until", "counted")
MOST_ROWS = 40
LAST_ROWS = 2
"""So many rows at the end are shown of a table that is too long: how it came out."""

_Line = tuple[Row, timedelta]


class Interval(NamedTuple):
    """One row: from when until when, and what it counts. `kind` is None for rows left out, told as their sum."""

    begins: str
    ends: str
    counted: str
    kind: Kind | None

    @property
    def cells(self) -> tuple[str, str, str]:
        """What stands in the row."""
        return self.begins, self.ends, self.counted


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows that lead to the due time; those that count add up to the target of the title."""

    title: str
    rows: tuple[Interval, ...]


def counted(
    owed: Owed, calendar: BusinessCalendar, zone: tzinfo, *, for_customer: bool
) -> Counted:
    """Lay out what was counted on that calendar, instants in that zone."""
    title = f"Counted on {calendar.name}: {duration_text(owed.goal)}"
    if for_customer:
        title = f"Counted: {wording.target_text(owed.goal, owed.clock)}"
    rows = tally(owed, calendar)
    if for_customer:
        rows = tuple(_nameless(row) for row in rows)
    lines = list(zip(rows, in_seconds(rows), strict=True))
    return Counted(title, tuple(_shown(lines, zone)))


def _shown(lines: Sequence[_Line], zone: tzinfo) -> Iterator[Interval]:
    cut = len(lines)
    resumes = cut
    if len(lines) > MOST_ROWS:
        cut = MOST_ROWS - LAST_ROWS - 1
        resumes -= LAST_ROWS
    for row, amount in lines[:cut]:
        yield _interval(row, amount, zone)
    if middle := lines[cut:resumes]:
        together = sum((amount for _, amount in middle), NOTHING)
        sum_text = duration_text(together)
        yield Interval("…", f"{len(middle)} more rows", sum_text, None)
    for row, amount in lines[resumes:]:
        yield _interval(row, amount, zone)


def _nameless(row: Row) -> Row:
    """Leave out the status in which the clock stood still: what statuses are called is ours to know."""
    return replace(row, name="") if row.kind is Kind.STOOD_STILL else row


def _interval(row: Row, amount: timedelta, zone: tzinfo) -> Interval:
    begins = wording.instant_text(row.begins, zone)
    ends = wording.instant_text(row.ends, zone) if row.ends else ""
    length = duration_text(amount)
    match row.kind:
        case Kind.COUNTED:
            return Interval(begins, ends, length, row.kind)
        case Kind.SKIPPED:
            day = f"{row.begins:%Y-%m-%d}"
            return Interval(day, row.name, "skipped", row.kind)
        case Kind.STOOD_STILL:
            return Interval(begins, ends, _stood_still(row), row.kind)
        case Kind.LEFT:
            return Interval("when it goes on", "", f"{length} left", row.kind)
        case Kind.DATED:
            return Interval(begins, ends, "not counted: dated", row.kind)


def _stood_still(row: Row) -> str:
    stands = "stood still" if row.ends else "stands still"
    status = wording.plain_name(row.name)
    return f"{stands} ({status})" if status else stands
