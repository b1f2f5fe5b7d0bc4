"""Every verb by name, in the order in which a newcomer meets them. Only the verb that was asked for is loaded."""

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

import typer
from typer.exceptions import TyperException

NAME = "jsm-sla-bot"


class Part(StrEnum):
    """The parts of the help."""

    TRY = "Try it"
    CONFIGURE = "Configure"
    ASK = "Ask"
    WORK = "Work"
    LOOK_BACK = "Look back"


@dataclass(frozen=True, slots=True)
class Verb:
    """The module of a verb, its part of the help, and its first sentence: the help of all loads none of them."""

    module: str
    part: Part
    help: str


VERBS = {
    "demo": Verb(
        "demo",
        Part.TRY,
        "Start the sandbox and the daemon in one command and watch what is written, and why.",
    ),
    "sandbox": Verb(
        "sandbox",
        Part.TRY,
        "Serve a fake Jira Service Management: bot@example.com / sandbox, the agents' queue at /.",
    ),
    "check": Verb(
        "check",
        Part.CONFIGURE,
        "Read the whole configuration and report every problem at once, each with file:line:column.",
    ),
    "schema": Verb(
        "schema",
        Part.CONFIGURE,
        "Print the JSON Schemas of the configuration files, for editors that complete and check YAML.",
    ),
    "deadline": Verb(
        "deadline",
        Part.ASK,
        "Ask the engine alone: until when is a first response owed, and why. No Jira is needed.",
    ),
    "explain": Verb(
        "explain",
        Part.ASK,
        "Explain one request's due time step by step, from the organization to the last interval counted.",
    ),
    "notes": Verb(
        "notes",
        Part.ASK,
        "Print what a customer reads: each public note as it would be on a request, or with made-up facts.",
    ),
    "assess": Verb(
        "assess",
        Part.ASK,
        "Say what the contract owes on each request of a file: one JSON object a line, in the file's order.",
    ),
    "doctor": Verb(
        "doctor",
        Part.CONFIGURE,
        "Look at the site and report what would keep the bot from its work, each with its remedy.",
    ),
    "organizations": Verb(
        "organizations",
        Part.CONFIGURE,
        "List the site's organizations: id, name, open requests, and the tier that organizations.yaml gives each.",
    ),
    "provision": Verb(
        "provision",
        Part.CONFIGURE,
        "Set up the fields, options, screens and associations that this configuration needs. Shows the steps first.",
    ),
    "notify": Verb(
        "notify",
        Part.CONFIGURE,
        "Try the channels by which people outside Jira are told.",
    ),
    "plan": Verb(
        "plan",
        Part.WORK,
        "Show what a pass would write, request by request, old and new value. Writes nothing.",
    ),
    "once": Verb(
        "passes",
        Part.WORK,
        "Run one full pass over the desk and exit: 0 when it was applied, 1 when it failed or was refused.",
    ),
    "run": Verb(
        "passes",
        Part.WORK,
        "Run the daemon: poll, work out, write back, until SIGTERM.",
    ),
    "health": Verb(
        "health",
        Part.WORK,
        "Ask the running daemon on this machine whether it works: exit code 0 when it does, 1 when not.",
    ),
    "status": Verb(
        "status",
        Part.WORK,
        "Show how the daemon stands: watermark and lag, agenda, requests set aside or left alone, passes, limiter.",
    ),
    "allow": Verb(
        "status",
        Part.WORK,
        "Allow, once, what the daemon holds back: a policy over its budget, a first contact, vanished requests.",
    ),
    "silence": Verb(
        "silence",
        Part.WORK,
        "Tell nobody outside Jira of a request, or of an organization's requests, for a while; left alone, list who.",
    ),
    "report": Verb(
        "report",
        Part.LOOK_BACK,
        "Report how the desk stands now: breached, at risk, due next; and what was kept and missed of late.",
    ),
    "review": Verb(
        "review",
        Part.LOOK_BACK,
        "Review an organization's period: what was promised, what was kept, and what was not counted, with reasons.",
    ),
    "history": Verb(
        "history",
        Part.LOOK_BACK,
        "Write the requests of a period with their histories into a file, for reviews without any Jira.",
    ),
    "calendars": Verb(
        "calendars",
        Part.CONFIGURE,
        "Write, compare and look at the calendar snapshots.",
    ),
}


_WITH_VERBS = frozenset({"calendars", "history", "notify", "organizations"})
"""Verbs that have verbs of their own."""


def command_line(asked: str | None = None) -> typer.Typer:
    """Return the command line with the verb asked for; where none was, or none that is known, with all in name only."""
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
    if asked in VERBS:
        _add(made, asked, VERBS[asked])
        return made
    for name, verb in VERBS.items():
        made.command(name, help=verb.help, rich_help_panel=verb.part)(
            _not_loaded
        )
    return made


def _add(made: typer.Typer, name: str, verb: Verb) -> None:
    gc.disable()  # what is loaded stays: nothing of it is for the collector
    try:
        found = import_module(f"jsm_sla_bot.cli.{verb.module}")
    finally:
        gc.enable()
    if name in _WITH_VERBS:
        made.add_typer(found.app, name=name, rich_help_panel=verb.part)
    else:
        made.command(name, rich_help_panel=verb.part)(getattr(found, name))


def _not_loaded() -> None:
    """Stand for a verb where only its name and its help are wanted."""


def _version(*, wanted: bool) -> None:
    if wanted:
        metadata = import_module(
            "importlib.metadata"
        )  # slow, and hardly ever asked
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
    """Run the command line. A usage error exits with 1: exit code 2 means that something differs."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        asked = next(
            (word for word in words if not word.startswith("-")), None
        )
        code = command_line(asked)(arguments, standalone_mode=False)
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
