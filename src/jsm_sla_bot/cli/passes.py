"""`run` and `once`: the daemon, and one pass of it."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import structlog
import typer

from jsm_sla_bot import app
from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import err, fail, failing_by, out, plainly
from jsm_sla_bot.daemon import ending
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import PassReport
from jsm_sla_bot.ports.site import Receipt
from jsm_sla_bot.ports.site_problems import SiteProblems
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.single import logs_json
from jsm_sla_bot.telemetry.logs import configure_logging
from jsm_sla_bot.text.outside import outside

P = ParamSpec("P")
R = TypeVar("R")

NewJournal = Annotated[
    bool,
    typer.Option(
        "--new-journal",
        help="Erase the journal if it is another site's; else keep it.",
    ),
]

LONGEST = 2_000
"""So many characters of a public note are shown."""

log = structlog.get_logger()


def in_the_log(command: Callable[P, R]) -> Callable[P, R]:
    """Report what ends a command as a line of the log where that is JSON: nobody reads a terminal there."""

    @wraps(command)
    def logged(*args: P.args, **kwargs: P.kwargs) -> R:
        if not logs_json():
            return command(*args, **kwargs)
        with failing_by(_log_failure):
            return command(*args, **kwargs)

    return logged


def _log_failure(message: str) -> None:
    configure_logging("json", "ERROR")
    lines = message.splitlines()
    if len(lines) == 1:
        log.error("failed", why=message)
    else:
        log.error("failed", problems=lines)


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
    spoken = _Spoken()
    with connected.bot(new_journal=new_journal, watch=spoken.watch) as bot:
        report = bot.reconciler.sweep()
        trouble = bot.journal.trouble()
        _fail_where_nothing_works(bot, report, trouble)
        bot.reported(report)
        bot.notices.turn()
        spoken.show()
        summary(report)
        if trouble:
            fail(f"{trouble}; everything that needs no journal was written")
        _print_problems(bot.connection.source.problems(), report)


class _Spoken:
    """What the customers are told in a pass, by request."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def watch(self, plan: Plan, receipt: Receipt) -> None:
        """Keep the public note that was written, if there is one."""
        note = plan.public
        if note and not receipt.notes.keys().isdisjoint(note.markers):
            self._said[plan.key] = " ".join(note.paragraphs)

    def show(self) -> None:
        """Print what each customer reads, one request a line."""
        for key, said in sorted(self._said.items()):
            text = (
                f"{outside(key)}: the customer reads: {outside(said, LONGEST)}"
            )
            out.print(text, soft_wrap=True, markup=False)


def _fail_where_nothing_works(
    bot: app.Bot, report: PassReport, trouble: str | None
) -> None:
    """Exit with the reason where the journal is another site's or the site does not answer."""
    if bot.journal.foreign:
        fail(str(bot.journal.foreign))
    if report.failed and report.failed != trouble:
        fail(connected.named(report.failed, bot.reporting.url))


def summary(report: PassReport) -> None:
    """Print in one line what a pass did; exit code 1 where it did not get through."""
    if report.because:
        fail(report.because)
    requests = "request" if report.read == 1 else "requests"
    aside = f", {report.set_aside} set aside" if report.set_aside else ""
    out.print(
        f"{report.read} {requests} read, {report.differing} differed, {report.writes} writes{aside}"
    )


def _print_problems(problems: SiteProblems, report: PassReport) -> None:
    """Print what could not be served or written; exit code 1 where that was everything."""
    for line in problems.sentences():
        err.print(line, soft_wrap=True)
    if problems.is_blind:
        fail(
            "no request that was read has any of the fields that the bot writes"
        )
    if problems.unserved and report.read == report.set_aside:
        fail("no request was served")
