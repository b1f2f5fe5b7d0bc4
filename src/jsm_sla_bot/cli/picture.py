"""How an answer looks on a terminal: the steps to the due time, the intervals counted, the days skipped."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from rich.table import Table

from jsm_sla_bot.cli.console import out
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Assessment, Owed, SlaStatus
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.target import ALWAYS_OPEN

COLOURS = {
    SlaStatus.RUNNING: "green",
    SlaStatus.AT_RISK: "yellow",
    SlaStatus.BREACHED: "red",
    SlaStatus.MET: "green",
    SlaStatus.MET_LATE: "red",
}
MOST_ROWS = 40


def explanation(assessment: Assessment, policy: Policy, zone: tzinfo) -> None:
    """Print one answer on one screen."""
    colour = COLOURS.get(assessment.status, "blue")
    out.print(f"[bold]{assessment.key}[/]  [bold {colour}]{assessment.status}[/]")
    out.print(_steps(assessment, zone))
    if assessment.owed:
        calendar = _calendar(assessment.owed, policy)
        out.print(_counted(assessment.owed, calendar, zone))
        out.print(_rungs(assessment, zone))


def _steps(assessment: Assessment, zone: tzinfo) -> Table:
    table = Table(
        "rule", "why", "read from", title="Step by step", title_justify="left", box=None, padding=(0, 2, 0, 0)
    )
    for reason in assessment.because:
        table.add_row(reason.rule, wording.says(reason, zone), reason.source)
    return table


def _counted(owed: Owed, calendar: BusinessCalendar, zone: tzinfo) -> Table:
    title = f"Counted on {calendar.name}: {wording.duration_text(owed.goal)}"
    table = Table("from", "until", "counted", title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    rows = sorted(_rows(owed, calendar, zone), key=lambda row: row[0])
    shown = rows if len(rows) <= MOST_ROWS else [*rows[: MOST_ROWS - 1], (owed.due, ("…", "", f"{len(rows)} rows"))]
    for _, row in shown:
        table.add_row(*row)
    return table


def _rows(owed: Owed, calendar: BusinessCalendar, zone: tzinfo) -> Iterator[tuple[datetime, tuple[str, str, str]]]:
    for span in calendar.spans(owed.start, owed.due):
        counted = wording.duration_text(span.closes - span.opens)
        texts = wording.instant_text(span.opens, zone), wording.instant_text(span.closes, zone)
        yield span.opens, (*texts, counted)
    for closed in calendar.closed_days(owed.start, owed.due):
        midnight = datetime.combine(closed.day, datetime.min.time(), calendar.spec.zone)
        yield midnight, (f"[dim]{closed.day:%Y-%m-%d}[/]", f"[dim]{closed.name}[/]", "[dim]skipped[/]")


def _rungs(assessment: Assessment, zone: tzinfo) -> Table:
    table = Table("instant", "what", title="Time line", title_justify="left", box=None, padding=(0, 2, 0, 0))
    instants = [(rung.at, rung.name) for rung in assessment.rungs if rung.at != assessment.due]
    instants += [(assessment.due, "due")] if assessment.due else []
    if assessment.acknowledged_at:
        instants.append((assessment.acknowledged_at, "acknowledged"))
    for at, what in sorted(instants):
        table.add_row(wording.instant_text(at, zone), what)
    return table


def _calendar(owed: Owed, policy: Policy) -> BusinessCalendar:
    return policy.calendars.get(owed.calendar, ALWAYS_OPEN)
