"""Every verb by name, in the order in which a newcomer meets them."""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from jsm_sla_bot import __version__
from jsm_sla_bot.cli import assess, calendars, configuration, demo, engine, passes, status
from jsm_sla_bot.cli.console import err

app = typer.Typer(
    name="jsm-sla-bot",
    help="Keeps Jira Service Management telling the truth about a support contract's response times.",
    epilog=(
        "explain, plan, once and run ask the site that the environment names: JSM_SLA_BOT_URL, and JSM_SLA_BOT_EMAIL "
        "with JSM_SLA_BOT_API_TOKEN, or JSM_SLA_BOT_BEARER_TOKEN. The configuration is JSM_SLA_BOT_CONFIG_DIR, "
        "else ./config."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=lambda wanted: _version(wanted=wanted)
    ),
) -> None:
    """Carry the options that belong to no verb."""


for name, verb, panel in (
    ("demo", demo.demo, "Try it"),
    ("sandbox", demo.sandbox, "Try it"),
    ("check", configuration.check, "Configure"),
    ("schema", configuration.schema, "Configure"),
    ("deadline", engine.deadline, "Ask"),
    ("explain", engine.explain, "Ask"),
    ("assess", assess.assess, "Ask"),
    ("plan", passes.plan, "Work"),
    ("once", passes.once, "Work"),
    ("run", passes.run, "Work"),
    ("health", passes.health, "Work"),
    ("status", status.status, "Work"),
    ("allow", status.allow, "Work"),
):
    app.command(name, rich_help_panel=panel)(verb)
app.add_typer(calendars.app, name="calendars", rich_help_panel="Configure")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; 1 when it was not understood, too, since 2 says that something differs."""
    try:
        code = app(arguments, standalone_mode=False)
    except TyperException as error:
        _misunderstood(error)
        code = 1
    sys.exit(code)


def _misunderstood(error: TyperException) -> None:
    context = getattr(error, "ctx", None)
    if message := error.format_message().strip():  # empty: the help stands there already
        asked = context.command_path if context else app.info.name
        err.print(f"{message}{'' if message.endswith(('.', '?')) else '.'} See {asked} --help", markup=False)
