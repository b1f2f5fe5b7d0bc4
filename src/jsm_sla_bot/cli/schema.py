"""`schema`: what editors need to complete and check the YAML."""

import json
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import history_json, request_json
from jsm_sla_bot.cli.console import QuestionError, plainly
from jsm_sla_bot.config.schema import json_schemas


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
        typer.Option(
            "--directory", help="Write a *.schema.json file for each here."
        ),
    ] = None,
) -> None:
    """Print the JSON Schemas of the configuration files, for editors that complete and check YAML.

    `schema snapshot` is the shape of the lines that `assess` reads, `schema history` that of `history export`.
    """
    schemas = {
        **json_schemas(),
        "snapshot": request_json.json_schema(),
        "history": history_json.json_schema(),
    }
    if name is not None:
        if name not in schemas:
            raise QuestionError(
                f"there is no schema {name!r}: expected one of {', '.join(schemas)}"
            )
        schemas = {name: schemas[name]}
    if directory is None:
        typer.echo(json.dumps(schemas[name] if name else schemas, indent=2))
        return
    directory.mkdir(parents=True, exist_ok=True)
    for file, content in schemas.items():
        path = (
            directory / f"{Path(file).name.removesuffix('.yaml')}.schema.json"
        )
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        typer.echo(path)
