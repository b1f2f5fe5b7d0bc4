"""How an answer looks on a terminal: the steps to the due time, the intervals counted, the days skipped."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from rich.markup import escape
from rich.table import Table

from jsm_sla_bot.cli import svg, timeline
from jsm_sla_bot.cli.console import out
from jsm_sla_bot.cli.summary import facts
from jsm_sla_bot.cli.timeline import Day, Shade
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Assessment, Owed, SlaStatus
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.target import ALWAYS_OPEN

COLOURS = {
    SlaStatus.RUNNING: "green",
    SlaStatus.AT_RISK: "yellow",
    SlaStatus.BREACHED: "red",
    SlaStatus.PAUSED: "cyan",
    SlaStatus.MET: "green",
    SlaStatus.MET_LATE: "red",
}
MOST_ROWS = 40
CELLS = 24
CELL = {Shade.OPEN: "\N{LIGHT SHADE}", Shade.COUNTED: "\N{FULL BLOCK}"}


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
    colour = COLOURS.get(assessment.status, "blue")
    out.print(f"[bold]{assessment.key}[/]  [bold {colour}]{assessment.status}[/]")
    if not for_customer:
        out.print(facts(assessment, policy, product))
    out.print(_told(assessment, zone) if for_customer else _steps(assessment, zone))
    if assessment.owed:
        calendar = _calendar(assessment.owed, policy)
        out.print(_counted(assessment.owed, calendar, zone))
        out.print(_time_line(timeline.days(assessment, calendar, reported, zone), zone))


def drawn(
    assessment: Assessment,
    policy: Policy,
    zone: tzinfo,
    reported: datetime,
    *,
    for_customer: bool = False,
) -> str:
    """Return the answer as an SVG."""
    rows = (
        timeline.days(assessment, _calendar(assessment.owed, policy), reported, zone)
        if assessment.owed
        else []
    )
    agents = [
        f"{reason.rule} {wording.says(reason, zone)}" for reason in assessment.because
    ]
    return svg.picture(
        assessment, rows, customers(assessment, zone) if for_customer else agents, zone
    )


def customers(assessment: Assessment, zone: tzinfo) -> list[str]:
    """Return the sentences that are the customer's to read."""
    told = (wording.says_to_customer(reason, zone) for reason in assessment.because)
    return [sentence for sentence in told if sentence]


def _told(assessment: Assessment, zone: tzinfo) -> Table:
    table = Table(
        "why",
        title="Step by step",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for sentence in customers(assessment, zone):
        table.add_row(sentence)
    return table


def _steps(assessment: Assessment, zone: tzinfo) -> Table:
    table = Table(
        "rule",
        "why",
        "read from",
        title="Step by step",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for reason in assessment.because:
        source = "history" if reason.source.startswith("history") else reason.source
        table.add_row(reason.rule, escape(wording.says(reason, zone)), source)
    return table


def _counted(owed: Owed, calendar: BusinessCalendar, zone: tzinfo) -> Table:
    title = f"Counted on {calendar.name}: {wording.duration_text(owed.goal)}"
    table = Table(
        "from",
        "until",
        "counted",
        title=title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    rows = sorted(_rows(owed, calendar, zone), key=lambda row: row[0])
    shown = (
        rows
        if len(rows) <= MOST_ROWS
        else [*rows[: MOST_ROWS - 1], (owed.due, ("…", "", f"{len(rows)} rows"))]
    )
    for _, row in shown:
        table.add_row(*row)
    return table


def _rows(
    owed: Owed, calendar: BusinessCalendar, zone: tzinfo
) -> Iterator[tuple[datetime, tuple[str, str, str]]]:
    for span in calendar.spans(owed.start, owed.due):
        counted = wording.duration_text(span.closes - span.opens)
        texts = (
            wording.instant_text(span.opens, zone),
            wording.instant_text(span.closes, zone),
        )
        yield span.opens, (*texts, counted)
    for closed in calendar.closed_days(owed.start, owed.due):
        midnight = datetime.combine(closed.day, datetime.min.time(), calendar.spec.zone)
        yield (
            midnight,
            (
                f"[dim]{closed.day:%Y-%m-%d}[/]",
                f"[dim]{closed.name}[/]",
                "[dim]skipped[/]",
            ),
        )


def _time_line(rows: list[Day], zone: tzinfo) -> Table:
    """Draw a row for each day: dots are closed hours, light cells open ones, dark cells those that were counted."""
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
        told = [
            f"{mark.instant.astimezone(zone):%H:%M} {mark.what}" for mark in row.marks
        ]
        happened = ", ".join(told) or (f"[dim]{row.closed}[/]" if row.closed else "")
        table.add_row(f"{row.day:%a %m-%d}", _bar(row), happened)
    return table


def _bar(row: Day) -> str:
    cells = ["\N{MIDDLE DOT}"] * CELLS
    for stretch in row.stretches:
        for cell in range(
            int(stretch.start * CELLS),
            max(int(stretch.start * CELLS) + 1, round(stretch.end * CELLS)),
        ):
            cells[cell] = CELL[stretch.shade]
    return "".join(cells)


def _calendar(owed: Owed, policy: Policy) -> BusinessCalendar:
    return policy.calendars.get(owed.calendar, ALWAYS_OPEN)
