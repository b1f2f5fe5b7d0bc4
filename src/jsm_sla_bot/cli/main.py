"""Every verb by name, in the order in which a newcomer meets them. Only the verb that was asked for is loaded."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from typer.exceptions import TyperException

NAME = "jsm-sla-bot"
VERBS = {
    "demo": ("demo", "Try it"),
    "sandbox": ("demo", "Try it"),
    "check": ("configuration", "Configure"),
    "schema": ("configuration", "Configure"),
    "deadline": ("engine", "Ask"),
    "explain": ("engine", "Ask"),
    "assess": ("assess", "Ask"),
    "plan": ("passes", "Work"),
    "once": ("passes", "Work"),
    "run": ("passes", "Work"),
    "health": ("health", "Work"),
    "status": ("status", "Work"),
    "allow": ("status", "Work"),
    "calendars": ("calendars", "Configure"),
}
"""The module of each verb, and the part of the help that it stands in."""


def command_line(asked: str | None = None) -> typer.Typer:
    """Return the command line with the verb asked for; with all verbs where none, or no known one, was."""
    made = typer.Typer(
        name=NAME,
        help="Keeps Jira Service Management telling the truth about a support contract's response times.",
        epilog=(
            "explain, plan, once and run ask the site that the environment names: JSM_SLA_BOT_URL, and "
            "JSM_SLA_BOT_EMAIL with JSM_SLA_BOT_API_TOKEN, or JSM_SLA_BOT_BEARER_TOKEN. The configuration is "
            "JSM_SLA_BOT_CONFIG_DIR, else ./config."
        ),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    made.callback()(_main)
    for name in [asked] if asked in VERBS else VERBS:
        _add(made, name)
    return made


def _add(made: typer.Typer, name: str) -> None:
    module, panel = VERBS[name]
    found = import_module(f"jsm_sla_bot.cli.{module}")
    if name == module == "calendars":
        made.add_typer(found.app, name=name, rich_help_panel=panel)
    else:
        made.command(name, rich_help_panel=panel)(getattr(found, name))


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(metadata.version(NAME))
        raise typer.Exit


def _main(
    version: bool = typer.Option(
        False,
        "--version",
        help="Print the version.",
        is_eager=True,
        callback=lambda wanted: _version(wanted=wanted),
    ),
) -> None:
    """Carry the options that belong to no verb."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; 1 when it was not understood, too, since 2 says that something differs."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        code = command_line(next(iter(words), None))(arguments, standalone_mode=False)
    except TyperException as error:
        _misunderstood(error)
        code = 1
    sys.exit(code)


def _misunderstood(error: TyperException) -> None:
    context = getattr(error, "ctx", None)
    if (
        message := error.format_message().strip()
    ):  # empty: the help stands there already
        asked = context.command_path if context else NAME
        typer.echo(
            f"{message}{'' if message.endswith(('.', '?')) else '.'} See {asked} --help",
            err=True,
        )
