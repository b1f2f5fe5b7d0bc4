"""The table of what was counted: open hours, closed days, pauses, and what is left or dated."""

from datetime import tzinfo

from rich.table import Table

from jsm_sla_bot.cli.console import styled
from jsm_sla_bot.cli.table import plain_table
from jsm_sla_bot.plan.explanation import intervals
from jsm_sla_bot.plan.explanation.intervals import HEAD, MOST_ROWS, Counted
from jsm_sla_bot.sla.assessment import Owed
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.tally import Kind

__all__ = ["MOST_ROWS", "counted", "drawn"]


def counted(
    owed: Owed, calendar: BusinessCalendar, zone: tzinfo, *, for_customer: bool
) -> Table:
    """Draw the rows that lead to the due time; those that count add up to the target of the title."""
    return drawn(
        intervals.counted(owed, calendar, zone, for_customer=for_customer)
    )


def drawn(laid_out: Counted) -> Table:
    """Draw what was counted; days that were skipped are dim."""
    table = plain_table(laid_out.title, *HEAD)
    for row in laid_out.rows:
        style = "dim" if row.kind is Kind.SKIPPED else ""
        table.add_row(*(styled(cell, style) for cell in row.cells))
    return table
