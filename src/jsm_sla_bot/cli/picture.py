"""How an answer looks on a terminal: the steps to the due time, what was counted, and the time line."""

from datetime import datetime, tzinfo

from rich.table import Table
from rich.text import Text

from jsm_sla_bot.cli.colours import colour_of
from jsm_sla_bot.cli.console import out, styled
from jsm_sla_bot.cli.counted import counted, drawn
from jsm_sla_bot.cli.summary import facts
from jsm_sla_bot.cli.table import plain_table
from jsm_sla_bot.cli.timeline import Day, Shade, days_of
from jsm_sla_bot.plan import for_customer as customers
from jsm_sla_bot.plan.explanation.explained import (
    STEPS,
    Explanation,
    calendar_of,
    explained,
)
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Policy

MOST_ROWS = 40
CELLS = 24
CELL = {
    Shade.OPEN: "\N{LIGHT SHADE}",
    Shade.COUNTED: "\N{FULL BLOCK}",
    Shade.STOOD_STILL: "\N{BOX DRAWINGS LIGHT VERTICAL}",
}


def explanation(
    assessment: Assessment,
    policy: Policy,
    zone: tzinfo,
    raised: tuple[datetime, str | None],
    *,
    for_customer: bool = False,
) -> None:
    """Print one answer on one screen: the facts, the steps, what was counted, and the time line.

    `raised` is when the request was reported, and its product.
    """
    reported, product = raised
    out.print(_head(assessment, for_customer=for_customer))
    if for_customer:
        _for_customer(assessment, policy, zone)
    else:
        _for_agents(explained(assessment, policy, zone, product))
    if assessment.owed:
        days = days_of(
            assessment, policy, reported, zone, for_customer=for_customer
        )
        out.print(_time_line(days, zone))


def _for_customer(
    assessment: Assessment, policy: Policy, zone: tzinfo
) -> None:
    out.print(_sentences(assessment, zone))
    owed = assessment.owed
    if owed:
        calendar = calendar_of(owed, policy)
        out.print(counted(owed, calendar, zone, for_customer=True))


def _for_agents(explanation: Explanation) -> None:
    out.print(facts(explanation.facts))
    out.print(_steps(explanation))
    if explanation.counted:
        out.print(drawn(explanation.counted))
    out.print(_changes(explanation))


def _head(assessment: Assessment, *, for_customer: bool) -> Text:
    status = str(assessment.status)
    if for_customer:
        status = customers.status_text(assessment)
    standing = styled(status, f"bold {colour_of(status).terminal}")
    return styled(assessment.key, "bold") + Text("  ") + standing


def _sentences(assessment: Assessment, zone: tzinfo) -> Table:
    table = plain_table("Step by step", "why")
    for sentence in customers.sentences(assessment, zone):
        table.add_row(sentence)
    return table


def _steps(explanation: Explanation) -> Table:
    table = plain_table("Step by step", *STEPS)
    for step in explanation.steps:
        table.add_row(*step)
    return table


def _changes(explanation: Explanation) -> Table:
    table = plain_table("What would change it", "")
    table.show_header = False
    for sentence in explanation.changes:
        table.add_row(sentence)
    return table


def _time_line(rows: list[Day], zone: tzinfo) -> Table:
    """Draw a row for each day: dots are closed hours, light cells open ones, dark ones counted, bars a pause."""
    title = "Time line, midnight to midnight"
    table = Table(
        "day",
        "",
        "what happened",
        title=title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for row in rows[:MOST_ROWS]:
        marks = [
            f"{mark.instant.astimezone(zone):%H:%M} {mark.what}"
            for mark in row.marks
        ]
        happened = ", ".join(marks) or styled(row.closed or "", "dim")
        table.add_row(f"{row.day:%a %m-%d}", _bar(row), happened)
    if len(rows) > MOST_ROWS:
        table.add_row("…", "", f"{len(rows) - MOST_ROWS} more days")
    return table


def _bar(row: Day) -> str:
    cells = ["\N{MIDDLE DOT}"] * CELLS
    for stretch in row.stretches:
        first = int(stretch.start * CELLS)
        end = max(first + 1, round(stretch.end * CELLS))
        for cell in range(first, end):
            cells[cell] = CELL[stretch.shade]
    return "".join(cells)
