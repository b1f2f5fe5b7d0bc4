"""`sandbox`: the fake service desk alone, as a process of its own: it shares no code with the bot."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli.console import plainly
from jsm_sla_bot.cli.demo_sandbox import (
    SANDBOX,
    need_sandbox,
)

From = Annotated[
    Path | None,
    typer.Option(
        "--from", help="Jira's own search JSON (v3) in place of the seed."
    ),
]


MOST_PORT = 65535


@plainly
def sandbox(
    host: Annotated[
        str, typer.Option(help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            help="The port to listen on; 0 takes a free one.",
            min=0,
            max=MOST_PORT,
        ),
    ] = 8765,
    from_file: From = None,
    play: Annotated[
        bool,
        typer.Option("--play", help="Let agents and customers act in it."),
    ] = False,
    requests: Annotated[
        int, typer.Option(help="How many requests to seed.", min=0)
    ] = 60,
    seed: Annotated[
        int,
        typer.Option(
            help="The seed of the desk: the same seed, the same desk."
        ),
    ] = 7,
    story: Annotated[
        str | None,
        typer.Option(help="Play a ready story; an unknown name lists them."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(
            help="Serve a site to set up; an unknown name lists them."
        ),
    ] = None,
    pace: Annotated[
        float | None,
        typer.Option(help="Seconds of the story in one second.", min=1),
    ] = None,
) -> None:
    """Serve a fake Jira Service Management: bot@example.com / sandbox, the agents' queue at /.

    Its administrator, for provision, is admin@example.com / sandbox.
    """
    options = [
        "--host",
        host,
        "--port",
        str(port),
        "--requests",
        str(requests),
        "--seed",
        str(seed),
    ]
    options += ["--from", str(from_file)] if from_file else []
    options += ["--play"] if play else []
    options += ["--story", story] if story else []
    options += ["--site", site] if site else []
    options += ["--pace", str(pace)] if pace else []
    need_sandbox()
    os.execv(sys.executable, [*SANDBOX, *options])  # noqa: S606 - it takes this one's place
