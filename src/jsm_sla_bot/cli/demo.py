"""`demo`: the fake service desk with the daemon at work on it."""

import os
import signal
import sys
import tempfile
from datetime import datetime, tzinfo
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jsm_sla_bot import app
from jsm_sla_bot.cli import demo_desk
from jsm_sla_bot.cli.colours import colour_of
from jsm_sla_bot.cli.console import out, plainly, styled
from jsm_sla_bot.cli.demo_sandbox import (
    EMAIL,
    TOKEN,
    settings_for,
    started_sandbox,
)
from jsm_sla_bot.cli.passes import summary
from jsm_sla_bot.cli.sandbox import MOST_PORT, From
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.fields import FieldValue, SlaField
from jsm_sla_bot.ports.site import Receipt, SetAside
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.settings.single import read_config_dir


@plainly
def demo(
    once: Annotated[
        bool,
        typer.Option("--once", help="Run one pass, print the table, exit."),
    ] = False,
    from_file: From = None,
    port: Annotated[
        int,
        typer.Option(
            help="The port of the queue page; 0 takes a free one.",
            min=0,
            max=MOST_PORT,
        ),
    ] = 0,
    seconds: Annotated[
        float | None, typer.Option(help="Stop after so many seconds.", min=0)
    ] = None,
) -> None:
    """Start the sandbox and the daemon in one command and watch what is written, and why.

    Agents and customers act in the sandbox; the queue page shows the fields as they change. Ctrl-C ends it.
    """
    read_config_dir()
    signal.signal(signal.SIGTERM, _leave)
    # A shell starts what runs in the background with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = [
        "--port",
        str(port),
        *(["--from", str(from_file)] if from_file else []),
        *([] if once else ["--play"]),
    ]
    with (
        started_sandbox(options) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        out.print(
            Text("The sandbox's service desk is at ")
            + styled(f"{url}/", "bold")
        )
        settings = settings_for(url, Path(folder))
        if once:
            _one_pass(settings, from_file)
        else:
            _live(settings, from_file, seconds)


def _leave(number: int, _frame: object) -> None:
    """Leave by way of every `finally`, so that the sandbox does not stay behind."""
    sys.exit(128 + number)


def _one_pass(settings: Settings, from_file: Path | None) -> None:
    with app.bot(settings) as bot:
        _say_what_is_left_alone(bot, demo_desk.ask(settings.url), from_file)
        report = bot.reconciler.sweep()
        zone = bot.configuration.zone
        out.print(
            f"What the desk shows now, read back from the site; times are those of {zone}:"
        )
        out.print(_desk(bot, zone))
        for failure in bot.journal.set_aside_requests():
            out.print(
                f"set aside: {failure.key or failure.id}: {failure.reason}",
                markup=False,
                soft_wrap=True,
            )
        summary(report)


def _say_what_is_left_alone(
    bot: app.Bot, desk: demo_desk.Desk, from_file: Path | None
) -> None:
    if from_file is None:
        return
    lookback = bot.configuration.desk.lookback
    sentence = demo_desk.nothing_open(desk, from_file, lookback)
    if sentence:
        out.print(sentence, markup=False, soft_wrap=True)


def _live(
    settings: Settings, from_file: Path | None, seconds: float | None
) -> None:
    teller = _Teller()
    with app.bot(settings, watch=teller.tell) as bot:
        teller.zone = bot.configuration.zone
        desk = demo_desk.ask(settings.url)
        _say_what_is_left_alone(bot, desk, from_file)
        out.print("In another terminal:")
        for line in demo_desk.invitation(
            settings.url, EMAIL, TOKEN, desk.example
        ):
            out.print(
                f"  {line}", markup=False, highlight=False, soft_wrap=True
            )
        out.print(
            "The daemon is running. Each request that it changes is listed below with the reason. Ctrl-C ends it."
        )
        if seconds is not None:
            Timer(seconds, _interrupt).start()
        app.serve(bot, settings)


def _interrupt() -> None:
    os.kill(
        os.getpid(), signal.SIGINT
    )  # to the process: a signal raised in this thread would wake nobody


class _Teller:
    """Prints each request that was written: what changed, and the reason on the lines below."""

    zone: tzinfo | None = None

    def tell(self, plan: Plan, receipt: Receipt) -> None:
        """Say what was written, and why."""
        new = {change.field: change.new for change in plan.fields}
        due = new.get(SlaField.RESPONSE_DUE)
        parts = [
            _shown(new.get(SlaField.RESPONSE_SLA)),
            Text(
                f"due {due.astimezone(self.zone):%a %d %b %H:%M:%S}"
                if isinstance(due, datetime)
                else ""
            ),
            Text("internal note" if plan.note else ""),
            Text("public note" if plan.public else ""),
            Text("escalated" if plan.priority or plan.transition_to else ""),
        ]
        written = Text(", ").join(part for part in parts if part)
        written = written or Text("brought up to date")
        out.print(
            styled(plan.key, "bold") + Text("  ") + written, soft_wrap=True
        )
        for line in (
            new.get(SlaField.SLA_BASIS),
            *(
                f"refused by the site: {refused}"
                for refused in receipt.refused
            ),
        ):
            if line:
                out.print(Padding(styled(line, "dim"), (0, 0, 0, 4)))


def _shown(status: FieldValue) -> Text:
    if not isinstance(status, str):
        return Text()
    return styled(status, colour_of(status).terminal)


def _desk(bot: app.Bot, zone: tzinfo) -> Table:
    """Draw what the desk shows now, a line a request also on a terminal of 80 columns."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("request", "Response SLA", "due", "tier", "target"):
        table.add_column(name, no_wrap=True)
    for one in bot.reconciler.preview():
        if isinstance(one, SetAside):
            continue
        fields = one.sighting.shown.fields
        due = fields.get(SlaField.RESPONSE_DUE)
        table.add_row(
            styled(one.sighting.key, "bold"),
            _shown(fields.get(SlaField.RESPONSE_SLA)),
            f"{due.astimezone(zone):%Y-%m-%d %H:%M}"
            if isinstance(due, datetime)
            else "-",
            str(fields.get(SlaField.SUPPORT_TIER) or "-"),
            str(fields.get(SlaField.RESPONSE_TARGET) or "-"),
        )
    return table
