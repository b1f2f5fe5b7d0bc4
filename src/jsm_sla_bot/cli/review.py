"""`review`: what was promised to an organization in a period, what was kept, and what was not counted (R13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import reading
from jsm_sla_bot.cli.console import (
    QuestionError,
    err,
    json_text,
    out,
    plainly,
)
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.cli.question import instant, organization_meant
from jsm_sla_bot.cli.review_csv import as_csv, as_xlsx
from jsm_sla_bot.cli.review_due import as_json as as_due_json
from jsm_sla_bot.cli.review_due import as_table as due_table
from jsm_sla_bot.cli.review_due import found_due
from jsm_sla_bot.cli.review_html import Page, as_html, verdict
from jsm_sla_bot.cli.review_json import as_json
from jsm_sla_bot.cli.review_pdf import as_pdf
from jsm_sla_bot.cli.span import From, PeriodName, To, period_of
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.review import Review
from jsm_sla_bot.review.review import review as reviewed
from jsm_sla_bot.settings.single import read_config_dir
from jsm_sla_bot.sla.contract import Organization

WIDEST_ZONES = timedelta(hours=14)
"""A day begins by so much earlier or later in some zone: what is read covers every organization's."""


class Format(StrEnum):
    """What a review is written as."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@plainly
def review(
    organization: Annotated[
        str | None,
        typer.Argument(help="The organization's id or name."),
    ] = None,
    first: From = None,
    last: To = None,
    period: PeriodName = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="As known at this instant, with its zone; by default now, or when the file was written.",
            metavar="INSTANT",
        ),
    ] = None,
    written_as: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="By default what the name of --output ends with, else html.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="The file to write, '-' for standard output; with --all the folder. By default a file here, named "
            "after organization and period; JSON and CSV go to standard output."
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="Read a file of `history export` and ask no Jira."),
    ] = None,
    everybody: Annotated[
        bool,
        typer.Option("--all", help="One file for each organization."),
    ] = False,
    is_due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="List when each organization's service review and health check are due; --format json for programs.",
        ),
    ] = False,
    config: ConfigFolder = None,
) -> None:
    """Review an organization's period: what was promised, what was kept, and what was not counted, with reasons.

    A request is received on the day of its report, in the zone of the organization's calendar. Each is in exactly one
    class: in time, late, due and unanswered, running, or not counted. Writes nothing to Jira.
    """
    if is_due:
        given = (
            organization,
            first,
            last,
            period,
            as_of,
            output,
            history,
            config,
        )
        _list_due(written_as, are_others=everybody or any(given))
        return
    days = period_of(first, last, period)
    seen_at = instant("--as-of", as_of) if as_of else None
    whose = _Whose(organization, everybody=everybody)
    written = _Written(whose, days, _format(written_as, output), output)
    if history:
        configuration = load(config or read_config_dir())
        whose.check(configuration)
        now = SystemClock().now()
        read = reading.from_file(history, configuration, now)
    else:
        if config:
            message = "--config goes with --history: the site is read with JSM_SLA_BOT_CONFIG_DIR"
            raise QuestionError(message)
        whose.check(load(read_config_dir()))
        read, configuration = reading.from_site(*_bounds(days))
    for each in read.set_aside:
        err.print(f"{each.key or each.id} could not be read: {each.reason}")
    for one in whose.meant(configuration):
        written.write(
            reviewed(
                read.records,
                configuration.policy,
                one,
                days,
                seen_at or read.as_of,
            ),
            read,
        )


def _list_due(written_as: Format | None, *, are_others: bool) -> None:
    """Print what is due, or raise QuestionError."""
    if are_others or written_as not in (None, Format.JSON):
        message = "--due lists every organization as it is now: give it alone, or with --format json"
        raise QuestionError(message)
    found, today = found_due(load(read_config_dir()))
    if written_as is Format.JSON:
        typer.echo(json_text(as_due_json(found, today), indent=2))
    else:
        out.print(due_table(found, today))


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose period is reviewed: one organization's, or that of each."""

    named: str | None
    everybody: bool = False

    def check(self, configuration: Configuration) -> None:
        """Raise QuestionError before anything is read."""
        self.meant(configuration)

    def meant(self, configuration: Configuration) -> Sequence[Organization]:
        """Return the organizations that are meant; raises QuestionError where none is."""
        mapped = configuration.policy.organizations
        if self.everybody and self.named is None:
            return sorted(mapped.values(), key=lambda each: each.id)
        if self.everybody or self.named is None:
            message = "give one organization, or --all"
            raise QuestionError(message)
        identity = organization_meant(self.named, configuration.policy)
        if identity not in mapped:
            message = f"organization {identity} is not measured, so there is nothing to review (R8)"
            raise QuestionError(message)
        return [mapped[identity]]


@dataclass(frozen=True, slots=True)
class _Written:
    """Where reviews go, and as what."""

    whose: _Whose
    days: Period
    format: Format
    output: Path | None

    def write(self, found: Review, read: reading.Read) -> None:
        """Write one review, and say where it is and what it comes to."""
        content = _content(found, read, self.format)
        if self._is_printed():
            typer.echo(content, nl=False)
            return
        path = self._path(found)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        out.print(f"{path} written: {verdict(found)}", soft_wrap=True)

    def _is_printed(self) -> bool:
        if self.output is not None:
            return str(self.output) == "-"
        is_text = self.format in (Format.JSON, Format.CSV)
        return is_text and not self.whose.everybody

    def _path(self, found: Review) -> Path:
        name = f"review-{found.organization}-{self.days.first}-{self.days.last}.{self.format}"
        if self.whose.everybody:
            return (self.output or Path()) / name
        return self.output or Path(name)


def _format(given: Format | None, output: Path | None) -> Format:
    """Return what is written: as asked, else by the ending of the file's name."""
    if given is not None:
        return given
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return Format(ending) if ending in set(Format) else Format.HTML


def _bounds(days: Period) -> tuple[datetime, datetime]:
    begins, ends = days.bounds(UTC)
    return begins - WIDEST_ZONES, ends + WIDEST_ZONES


def _content(found: Review, read: reading.Read, written_as: Format) -> bytes:
    match written_as:
        case Format.JSON:
            return (json_text(as_json(found), indent=2) + "\n").encode("utf-8")
        case Format.CSV:
            return as_csv(found).encode("utf-8")
        case Format.XLSX:
            return as_xlsx(found)
        case Format.HTML:
            return _page(found, read).encode("utf-8")
        case Format.PDF:
            return as_pdf(_page(found, read))


def _page(found: Review, read: reading.Read) -> str:
    return as_html(Page(found, read.site, tuple(read.set_aside)))
