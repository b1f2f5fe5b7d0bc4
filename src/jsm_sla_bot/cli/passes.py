"""`run`, `once` and `plan`: the daemon, one pass of it, and what that pass would do."""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

import structlog
import typer

from jsm_sla_bot import app
from jsm_sla_bot.cli import connected, plan_markdown
from jsm_sla_bot.cli.console import err, fail, failing_by, json_text, out, plainly
from jsm_sla_bot.cli.plan_summary import Summary, sentence, summarize, tables
from jsm_sla_bot.cli.table import plan_table, value_text
from jsm_sla_bot.daemon import ending
from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import PassReport
from jsm_sla_bot.ports.site import SetAside, SiteProblems
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.single import logs_json
from jsm_sla_bot.telemetry.logs import configure_logging

DIFFERENCES = 2


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()


NewJournal = Annotated[
    bool,
    typer.Option(
        "--new-journal", help="Erase the journal if it is another site's; else keep it."
    ),
]


def in_the_log(command: Callable[P, R]) -> Callable[P, R]:
    """Let what ends a command be a line of the log where that is JSON: nobody reads it on a terminal there."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        if not logs_json():
            return command(*args, **kwargs)
        with failing_by(_log_failure):
            return command(*args, **kwargs)

    return told


def _log_failure(message: str) -> None:
    configure_logging("json", "ERROR")
    first, *others = message.splitlines()
    if others:
        log.error("failed", problems=[first, *others])
    else:
        log.error("failed", why=first)


@in_the_log
@plainly
def run(*, new_journal: NewJournal = False) -> None:
    """Run the daemon: poll, work out, write back, until SIGTERM."""
    settings = read_settings()
    with app.bot(settings, resume=True, new_journal=new_journal) as bot:
        app.serve(bot, settings, at_signal=ending.arm)


@in_the_log
@plainly
def once(*, new_journal: NewJournal = False) -> None:
    """Run one full pass over the desk and exit: 0 when it was applied, 1 when it failed or was refused."""
    with connected.bot(new_journal=new_journal) as bot:
        report = bot.reconciler.sweep()
        trouble = bot.journal.trouble()
        if foreign := bot.journal.foreign:
            fail(str(foreign))
        if report.failed and report.failed != trouble:
            fail(connected.named(report.failed, bot.reporting.url))
        bot.reported(report)
        summary(report)
        if trouble:
            fail(f"{trouble}; what needs no journal was written")
        _tell_problems(bot.connection.source.problems(), report)


@plainly
def plan(
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="0: nothing to do, 1: error, 2: differences."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a request.")
    ] = False,
    only_summary: Annotated[
        bool, typer.Option("--summary", help="Print the totals only.")
    ] = False,
    style: Annotated[
        PlanFormat, typer.Option("--format", help="text, markdown or json.")
    ] = PlanFormat.TEXT,
) -> None:
    """Show what a pass would write, request by request, old and new value. Writes nothing.

    The totals by kind and by organization stand at the end; --json prints requests only, with --summary totals only.
    """
    with connected.looking() as bot:
        zone = bot.configuration.zone
        worked = list(bot.reconciler.preview())
        held_back = bot.reconciler.verdict()
        problems = bot.connection.source.problems()
        totals = summarize(worked, bot.configuration.policy)
    plans = [] if only_summary else _plans(worked)
    failures = [one for one in worked if isinstance(one, SetAside)]
    match PlanFormat.JSON if as_json else style:
        case PlanFormat.JSON:
            _print_json(plans, failures, totals if only_summary else None)
        case PlanFormat.MARKDOWN:
            _print_markdown(plans, failures, totals, zone)
        case PlanFormat.TEXT:
            _print_text(plans, failures, totals, zone)
    if not as_json and style is not PlanFormat.JSON:
        for line in problems.sentences():
            err.print(line, soft_wrap=True)
        if held_back:
            out.print(f"The daemon would hold this back: {held_back}")
    if exit_code and (failures or totals.written):
        raise typer.Exit(DIFFERENCES if totals.written else 1)


def _plans(worked: Sequence[Planned | SetAside]) -> list[Plan]:
    planned = (one.plan for one in worked if not isinstance(one, SetAside))
    return [plan for plan in planned if plan]


def _print_json(
    plans: Sequence[Plan], failures: Sequence[SetAside], totals: Summary | None
) -> None:
    if totals:
        typer.echo(json_text(totals.as_json()))
        return
    for line in (*map(_plan_json, plans), *map(_failure_json, failures)):
        typer.echo(json_text(line))


def _print_markdown(
    plans: Sequence[Plan], failures: Sequence[SetAside], totals: Summary, zone: tzinfo
) -> None:
    for plan in plans:
        for line in plan_markdown.of_request(plan, zone):
            typer.echo(line)
    for line in plan_markdown.of_failures(failures):
        typer.echo(line)
    for line in plan_markdown.of_summary(totals):
        typer.echo(line)


def _print_text(
    plans: Sequence[Plan], failures: Sequence[SetAside], totals: Summary, zone: tzinfo
) -> None:
    for plan in plans:
        table = plan_table(plan, zone)
        if table.row_count:
            out.print(table)
    for failure in failures:
        err.print(f"{failure.key or failure.id}: {failure.reason}")
    for table in tables(totals):
        out.print(table)
        out.print()
    out.print(sentence(totals))


def summary(report: PassReport) -> None:
    """Say in one line what a pass did; exit code 1 when it did not get through."""
    if report.because:
        fail(report.because)
    aside = f", {report.set_aside} set aside" if report.set_aside else ""
    read = f"{report.read} request{'' if report.read == 1 else 's'} read"
    out.print(f"{read}, {report.differing} differed, {report.writes} writes{aside}")


def _tell_problems(problems: SiteProblems, report: PassReport) -> None:
    """Say what could not be served or written; exit code 1 where that was everything."""
    for line in problems.sentences():
        err.print(line, soft_wrap=True)
    if problems.is_blind:
        fail("no request that was read has any of the fields that the bot writes")
    if problems.unserved and report.read == report.set_aside:
        fail("no request was served")


def _plan_json(plan: Plan) -> dict[str, Any]:
    changes = [
        {"field": one.field, "old": value_text(one.old), "new": value_text(one.new)}
        for one in plan.fields
    ]
    return {"key": plan.key, "changes": changes, "also": list(_also(plan))}


def _also(plan: Plan) -> Iterator[str]:
    if plan.note:
        yield f"internal note {', '.join(plan.note.markers)}"
    if plan.transition_to:
        yield f"transition to {plan.transition_to}"
    if plan.priority:
        yield f"priority {plan.priority.old} to {plan.priority.new}"
    if plan.ledger and not plan.fields:
        yield "ledger"


def _failure_json(failure: SetAside) -> dict[str, Any]:
    return {"key": failure.key or failure.id, "error": failure.reason}
