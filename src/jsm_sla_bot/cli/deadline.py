"""`deadline`: the engine's answer to a question, without any Jira."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from jsm_sla_bot.cli import picture
from jsm_sla_bot.cli.console import QuestionError, fail, json_text, plainly
from jsm_sla_bot.cli.jsonlines import lines, read, write
from jsm_sla_bot.cli.options import ConfigFolder, Json
from jsm_sla_bot.cli.question import answer, as_json, question
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.settings.single import read_config_dir
from jsm_sla_bot.sla.errors import ContractError


@plainly
def deadline(
    tier: Annotated[
        str | None, typer.Option(help="Knowledge, Expert Partner or Expert.")
    ] = None,
    severity: Annotated[
        str | None,
        typer.Option(
            help="1 to 4 (S1 to S4); without it the policy's default."
        ),
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(help="The product's name, such as 'Outscan NX'."),
    ] = None,
    reported: Annotated[
        str | None,
        typer.Option(
            help="When it was reported, with its zone: 2026-03-02T10:00+01:00."
        ),
    ] = None,
    called: Annotated[
        str | None,
        typer.Option(
            help="When the customer called the support phone, if at all."
        ),
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option(help="An organization's id or name, in place of --tier."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="A file with one JSON object a line with these keys; '-' is standard input."
        ),
    ] = None,
    config: ConfigFolder = None,
    as_json_: Json = False,
) -> None:
    """Ask the engine alone: until when is a first response owed, and why. No Jira is needed.

    Example: jsm-sla-bot deadline --tier Expert --severity 1 --product "Outscan NX" --reported 2026-03-06T22:10+01:00
    """
    given = {
        "tier": tier,
        "severity": severity,
        "product": product,
        "reported": reported,
        "called": called,
        "organization": organization,
    }
    also_given = [
        f"--{key}" for key, value in given.items() if value is not None
    ]
    if batch and also_given:
        leave_out = ", ".join(also_given)
        fail(f"--batch takes everything from its lines: leave out {leave_out}")
    configuration = load(config or read_config_dir())
    if batch:
        _batch(batch, configuration)
        return
    if organization is not None and not organization.strip():
        fail("--organization is blank: give an id or a name, or leave it out")
    asked = question(given)
    assessment = answer(asked, configuration.policy)
    if as_json_:
        typer.echo(
            json_text(as_json(assessment, configuration.zone), indent=2)
        )
    else:
        raised = asked.reported, asked.product
        picture.explanation(
            assessment, configuration.policy, configuration.zone, raised
        )


def _batch(path: Path, configuration: Configuration) -> None:
    wrong = 0
    for found in _answers(path, configuration):
        wrong += "error" in found
        write(found)
    if wrong:
        raise typer.Exit(1)


def _answers(
    path: Path, configuration: Configuration
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines(path), 1):
        if line:
            yield _answered(line, number, configuration)


def _answered(
    line: str, number: int, configuration: Configuration
) -> dict[str, Any]:
    try:
        return as_json(
            answer(question(read(line)), configuration.policy),
            configuration.zone,
        )
    except (QuestionError, ContractError) as error:
        return {"line": number, "error": str(error)}
