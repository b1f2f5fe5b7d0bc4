"""`report`: how the desk stands now, and which promises were kept and missed in the last days (R13)."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import reading
from jsm_sla_bot.cli.console import QuestionError, err, json_text, out, plainly
from jsm_sla_bot.cli.desk_as_read import states_of
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.cli.question import instant, organization_meant
from jsm_sla_bot.cli.report_json import as_json
from jsm_sla_bot.cli.report_tables import sentences, tables
from jsm_sla_bot.cli.span import lookback_of
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.review.report import report as reported
from jsm_sla_bot.settings.single import read_config_dir


@plainly
def report(
    since: Annotated[
        str,
        typer.Option(
            help="How far back promises are counted: 7d, 24h, 2w.",
            metavar="SPAN",
        ),
    ] = "7d",
    seen_at: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="With --history: as known at this instant, with its zone; by default when the file was written.",
            metavar="INSTANT",
        ),
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option(help="Only that organization: its id or name."),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="Read a file of `history export` and ask no Jira."),
    ] = None,
    is_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object.")
    ] = False,
    config: ConfigFolder = None,
) -> None:
    """Report how the desk stands now: breached, at risk, due next; and what was kept and missed of late.

    A promise counts once: kept at its answer, missed at its due time. Due next is what falls due in the opening hours
    that run or come next. Writes nothing to Jira.
    """
    span = lookback_of(since)
    read, configuration = _read(span, history, seen_at, config)
    for each in read.set_aside:
        err.print(f"{each.key or each.id} could not be read: {each.reason}")
    policy = configuration.policy
    whose = organization_meant(organization, policy) if organization else None
    states = states_of(read.records, policy, read.as_of, whose)
    found = reported(states, policy, read.as_of - span, read.as_of)
    if is_json:
        typer.echo(json_text(as_json(found), indent=2))
        return
    zone = configuration.zone
    for line in sentences(found, zone):
        out.print(line, soft_wrap=True)
    for table in tables(found, policy, zone):
        if table.row_count:
            out.print()
            out.print(table)


def _read(
    span: timedelta,
    history: Path | None,
    seen_at: str | None,
    config: Path | None,
) -> tuple[reading.Read, Configuration]:
    """Read the desk from the site, or from a file."""
    now = SystemClock().now()
    if history is None:
        _refuse_options_of_files(seen_at, config)
        return reading.desk(now - span)
    configuration = load(config or read_config_dir())
    read = reading.from_file(history, configuration, now)
    at = instant("--as-of", seen_at) if seen_at else None
    return reading.Read(read.records, at or read.as_of), configuration


def _refuse_options_of_files(seen_at: str | None, config: Path | None) -> None:
    if seen_at:
        message = "--as-of goes with --history: the site is seen as it is now"
        raise QuestionError(message)
    if config:
        message = "--config goes with --history: the site is read with JSM_SLA_BOT_CONFIG_DIR"
        raise QuestionError(message)
