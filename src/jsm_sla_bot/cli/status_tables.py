"""How the daemon stands, as tables for a person: a head of facts, then passes, requests and endpoints."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rich.table import Table

from jsm_sla_bot.daemon.standing import LeftAlone, Standing
from jsm_sla_bot.daemon.standing_json import utc
from jsm_sla_bot.ports.journal import (
    DaemonFacts,
    EndpointCalls,
    Failure,
    PassReport,
)
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside
from jsm_sla_bot.text.spans import duration_text

MINUTE = timedelta(minutes=1)

PASS_COLUMNS = (
    "pass",
    "started",
    "seconds",
    "read",
    "differing",
    "writes",
    "set aside",
    "outcome",
)


def head(found: Standing, journal_trouble: str | None) -> Table:
    """Return the facts that are one line each; those that there is nothing to say of are left out."""
    table = _without_header()
    rows = {
        **_of_daemon(found),
        "Journal": journal_trouble,
        "Watermark": _watermark(found),
        "Clock skew": _skew(found.daemon),
        "Policy": found.policy,
        "Held back": _held_back(found),
        "Vanished": found.gone,
        "Agenda": _agenda(found),
        "Requests": _requests(found),
        "Problems": _problems(found.daemon),
        "Site lacks": _warnings(found.daemon),
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, outside(text, LONGEST_MESSAGE))
    return table


def tables(found: Standing) -> Iterator[Table]:
    """Yield the lists: passes, requests set aside, requests left alone, endpoints."""
    yield _passes(found.passes)
    yield _set_aside(found.set_aside)
    yield _left_alone(found.left_alone)
    calls = found.daemon.calls if found.daemon else None
    yield _calls(calls or {})


def _of_daemon(found: Standing) -> dict[str, str | None]:
    daemon = found.daemon
    ended = "no daemon seems to run on this journal"
    return {
        "Site": daemon.site if daemon else None,
        "Identity": daemon.identity if daemon else None,
        "Last report": _last_report(found),
        "Warning": None if found.is_at_work else ended,
    }


def _last_report(found: Standing) -> str:
    if found.daemon is None or found.age is None:
        return "none"
    return f"{utc(found.daemon.at)} ({_span(found.age)} ago)"


def _watermark(found: Standing) -> str:
    if found.lag is None:
        return "- (no pass has completed yet)"
    return f"{utc(found.watermark)} ({_span(found.lag)} behind)"


def _skew(daemon: DaemonFacts | None) -> str | None:
    if daemon is None or daemon.skew_seconds is None:
        return None
    seconds = round(daemon.skew_seconds, 1) + 0.0  # no -0.0
    return f"{seconds:+.1f} s"


def _held_back(found: Standing) -> str | None:
    held = found.held_back
    return f"{held.policy}: {held.because}" if held else None


def _agenda(found: Standing) -> str:
    agenda = found.agenda
    upcoming = utc(agenda.next) or "-"
    return f"next {upcoming}, {agenda.overdue} overdue, {agenda.within_a_day} within a day"


def _requests(found: Standing) -> str:
    set_aside = len(found.set_aside)
    left_alone = len(found.left_alone)
    return f"{found.open_requests} open, {set_aside} set aside, {left_alone} left alone"


def _problems(daemon: DaemonFacts | None) -> str:
    problems = daemon.problems if daemon else None
    if not problems:
        return "none known"
    return "; ".join(f"{subject}: {why}" for subject, why in problems.items())


def _warnings(daemon: DaemonFacts | None) -> str | None:
    warnings = daemon.warnings if daemon else None
    return "; ".join(warnings) if warnings else None


def _span(span: timedelta) -> str:
    """Return a span as people read it; below a minute in seconds."""
    if span < MINUTE:
        return f"{round(span.total_seconds())} s"
    return duration_text(span)


def _passes(passes: Sequence[PassReport]) -> Table:
    table = Table(*PASS_COLUMNS, box=None, padding=(0, 1, 0, 0))
    *figures, outcome = table.columns
    for column in figures:
        column.no_wrap = column.header != "set aside"
    outcome.min_width = len(PASS_COLUMNS[-1])
    outcome.overflow = "fold"
    for report in passes:
        table.add_row(*_pass_row(report))
    return table


def _pass_row(report: PassReport) -> Sequence[str]:
    outcome = str(report.outcome)
    if report.because:
        outcome = f"{outcome}: {report.because}"
    return (
        str(report.kind),
        str(utc(report.started)),
        str(report.seconds),
        str(report.read),
        str(report.differing),
        str(report.writes),
        str(report.set_aside),
        outside(outcome, LONGEST_MESSAGE),
    )


def _set_aside(failures: Sequence[Failure]) -> Table:
    table = _with_header("set aside", "failures", "again at", "because")
    for failure in failures:
        key = failure.key or failure.id
        again = str(utc(failure.retry_at))
        table.add_row(key, str(failure.failures), again, failure.reason)
    return table


def _left_alone(requests: Sequence[LeftAlone]) -> Table:
    table = _with_header("left as it is", "because")
    for request in requests:
        table.add_row(request.key, request.because)
    return table


def _calls(calls: Mapping[str, EndpointCalls]) -> Table:
    table = _with_header("endpoint", "calls", "waited for the limiter (s)")
    busiest_first = sorted(calls.items(), key=lambda item: -item[1].calls)
    for endpoint, use in busiest_first:
        table.add_row(
            outside(endpoint), str(use.calls), str(use.waited_seconds)
        )
    return table


def _with_header(*columns: str) -> Table:
    return Table(*columns, box=None, padding=(0, 2, 0, 0))


def _without_header() -> Table:
    return Table(show_header=False, box=None, padding=(0, 2, 0, 0))
