"""Options that several verbs have, with one spelling and one help text."""

from pathlib import Path
from typing import Annotated

import typer

ConfigFolder = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "--policy",
        help="A configuration folder other than CONFIG_DIR.",
    ),
]
"""The folder of YAML; both spellings mean the same, at every verb that has the option."""

Json = Annotated[
    bool, typer.Option("--json", help="Print the answer as one JSON object.")
]
"""A program reads the answer, not a person."""
