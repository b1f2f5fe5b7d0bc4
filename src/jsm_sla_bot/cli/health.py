"""`health`: what a container asks every few seconds, so it loads next to nothing."""

import urllib.error
import urllib.request
from typing import Annotated, NoReturn

import typer


def health(
    port: Annotated[
        int,
        typer.Option(
            help="The daemon's health port.",
            envvar="JSM_SLA_BOT_HEALTH_PORT",
            min=1,
            max=65535,
        ),
    ] = 8080,
) -> None:
    """Ask the running daemon on this machine how it is: exit code 0 when well, 1 when not (for a container's check)."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/healthz", timeout=5
        ) as answer:
            typer.echo(answer.read())
    except urllib.error.HTTPError as error:
        _fail(error.read().decode())
    except OSError as error:
        _fail(f"no daemon answers on port {port}: {getattr(error, 'reason', error)}")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
