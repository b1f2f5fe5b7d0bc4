"""The table of what was counted: open hours, closed days, pauses, and what is left or dated."""

from datetime import tzinfo

from rich.table import Table

from jsm_sla_bot.cli.console import styled
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
    table = Table(
        *HEAD,
        title=laid_out.title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for row in laid_out.rows:
        if row.kind is Kind.SKIPPED:
            table.add_row(*(styled(cell, "dim") for cell in row.cells))
        else:
            table.add_row(*row.cells)
    return table
