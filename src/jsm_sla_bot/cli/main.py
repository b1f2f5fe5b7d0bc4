"""Every verb by name, in the order in which a newcomer meets them."""

import typer

from jsm_sla_bot import __version__
from jsm_sla_bot.cli import calendars, configuration, demo, engine, passes

app = typer.Typer(
    name="jsm-sla-bot",
    help="Keeps Jira Service Management telling the truth about a support contract's response times.",
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
    ("plan", passes.plan, "Work"),
    ("once", passes.once, "Work"),
    ("run", passes.run, "Work"),
    ("health", passes.health, "Work"),
):
    app.command(name, rich_help_panel=panel)(verb)
app.add_typer(calendars.app, name="calendars", rich_help_panel="Configure")


def main() -> None:
    """Run the command line."""
    app()
