"""`health`: what a container asks every few seconds, so it loads next to nothing."""

import urllib.error
import urllib.request
from typing import Annotated, NoReturn

import typer

from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - those that mean all of them; nothing is bound here


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
    address: Annotated[
        str,
        typer.Option(
            help="Where it is served, if not at all addresses of this machine.",
            envvar="JSM_SLA_BOT_HEALTH_ADDRESS",
        ),
    ] = "",
    ready: Annotated[
        bool,
        typer.Option(
            "--ready", help="Has it reached Jira, and is it allowed to write?"
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Is anything wrong?")
    ] = False,
) -> None:
    """Ask the running daemon on this machine whether it works: exit code 0 when it does, 1 when not.

    A daemon that waits for `allow` works; --ready and --all ask for more.
    """
    page = _page(ready=ready, everything=everything)
    host = "127.0.0.1" if address in ALL_ADDRESSES else address
    if ":" in host:
        host = f"[{host}]"
    # Whatever proxy the environment names: the daemon is next door.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{host}:{port}/{page}", timeout=5) as answer:
            typer.echo(_text(answer.read()))
    except urllib.error.HTTPError as error:
        _fail(_text(error.read()))
    except OSError as error:
        _fail(f"no daemon answers on port {port}: {getattr(error, 'reason', error)}")


def _text(answer: bytes) -> str:
    """Return what answers on the port, which need not be our daemon."""
    return outside(answer.decode(errors="replace"), LONGEST_MESSAGE)


def _page(*, ready: bool, everything: bool) -> str:
    if everything:
        return "healthz"
    return "readyz" if ready else "livez"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
