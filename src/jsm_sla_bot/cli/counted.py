"""The table of what was counted: open hours, closed days, pauses, and what is left or dated."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from rich.table import Table
from rich.text import Text

from jsm_sla_bot.cli.console import styled
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Owed
from jsm_sla_bot.sla.calendar import NOTHING, BusinessCalendar
from jsm_sla_bot.sla.tally import Kind, Row, in_seconds, tally

MOST_ROWS = 40
LAST_ROWS = 2
"""So many rows at the end are shown of a table that is too long: how it came out."""

Line = tuple[Row, timedelta]


def counted(
    owed: Owed, calendar: BusinessCalendar, zone: tzinfo, *, for_customer: bool
) -> Table:
    """Draw the rows that lead to the due time; those that count add up to the target of the title."""
    title = f"Counted on {calendar.name}: {wording.duration_text(owed.goal)}"
    if for_customer:
        title = f"Counted: {wording.target_text(owed.goal, owed.clock)}"
    table = Table(
        "from",
        "until",
        "counted",
        title=title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    rows = tally(owed, calendar)
    if for_customer:
        rows = tuple(_nameless(row) for row in rows)
    lines = list(zip(rows, in_seconds(rows), strict=True))
    for cells in _shown(lines, zone):
        table.add_row(*cells)
    return table


def _shown(
    lines: Sequence[Line], zone: tzinfo
) -> Iterator[tuple[str | Text, ...]]:
    cut = len(lines)
    resumes = cut
    if len(lines) > MOST_ROWS:
        cut = MOST_ROWS - LAST_ROWS - 1
        resumes -= LAST_ROWS
    for row, amount in lines[:cut]:
        yield _cells(row, amount, zone)
    if middle := lines[cut:resumes]:
        together = sum((amount for _, amount in middle), NOTHING)
        yield "…", f"{len(middle)} more rows", wording.duration_text(together)
    for row, amount in lines[resumes:]:
        yield _cells(row, amount, zone)


def _nameless(row: Row) -> Row:
    """Leave out the status in which the clock stood still: what statuses are called is ours to know."""
    return replace(row, name="") if row.kind is Kind.STOOD_STILL else row


def _cells(
    row: Row, amount: timedelta, zone: tzinfo
) -> tuple[str | Text, ...]:
    begins = wording.instant_text(row.begins, zone)
    ends = wording.instant_text(row.ends, zone) if row.ends else ""
    match row.kind:
        case Kind.COUNTED:
            return begins, ends, wording.duration_text(amount)
        case Kind.SKIPPED:
            return (
                styled(f"{row.begins:%Y-%m-%d}", "dim"),
                styled(row.name, "dim"),
                styled("skipped", "dim"),
            )
        case Kind.STOOD_STILL:
            stands = "stood still" if row.ends else "stands still"
            status = wording.plain_name(row.name)
            return begins, ends, f"{stands} ({status})" if status else stands
        case Kind.LEFT:
            left = wording.duration_text(amount)
            return "when it goes on", "", f"{left} left"
        case Kind.DATED:
            return begins, ends, "not counted: dated"
