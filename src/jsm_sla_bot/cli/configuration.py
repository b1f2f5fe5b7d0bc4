"""`check`, `schema` and `calendars`: what ops do with the YAML before the daemon sees it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import request_json
from jsm_sla_bot.cli.console import QuestionError, out, plainly
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.config.calendars.layout import expiring
from jsm_sla_bot.config.load import load
from jsm_sla_bot.config.schema import json_schemas
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.settings import read_config_dir


@plainly
def check(config: ConfigFolder = None) -> None:
    """Read the whole configuration and report every problem at once, each with file:line:column.

    Exit code 0 when the daemon would run with it, 1 when not. Asks no Jira.
    """
    folder = config or read_config_dir()
    configuration = load(folder)
    policy = configuration.policy
    today = SystemClock().now().date()
    for warning in (*configuration.warnings, *expiring(policy, today)):
        out.print(f"warning: {warning}", markup=False, soft_wrap=True)
    counts = f"{len(policy.tiers)} tiers, {len(policy.organizations)} organizations, {len(policy.calendars)} calendars"
    out.print(
        f"{folder} is good: {counts}, policy {policy.hash}",
        markup=False,
        soft_wrap=True,
    )


@plainly
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="One file's schema, such as policy.yaml; without it all of them."
        ),
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option("--directory", help="Write a *.schema.json file for each here."),
    ] = None,
) -> None:
    """Print the JSON Schemas of the configuration files, for editors that complete and check YAML.

    `schema snapshot` is the shape of the lines that `assess` reads.
    """
    schemas = {**json_schemas(), "snapshot": request_json.json_schema()}
    if name is not None:
        if name not in schemas:
            message = (
                f"there is no schema {name!r}: expected one of {', '.join(schemas)}"
            )
            raise QuestionError(message)
        schemas = {name: schemas[name]}
    if directory is None:
        typer.echo(json.dumps(schemas[name] if name else schemas, indent=2))
        return
    directory.mkdir(parents=True, exist_ok=True)
    for file, content in schemas.items():
        path = directory / f"{Path(file).name.removesuffix('.yaml')}.schema.json"
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        typer.echo(path)
