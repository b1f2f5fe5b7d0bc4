"""`health`: a container runs it every few seconds, so it loads hardly anything."""

import urllib.error
import urllib.request
from typing import Annotated, NoReturn

import typer

from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - they stand for all addresses; nothing is bound here


TIMEOUT_SECONDS = 5


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
    url = f"http://{_host(address)}:{port}/{page}"
    # The daemon runs on this machine, whatever proxy the environment names.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=TIMEOUT_SECONDS) as answer:
            typer.echo(_text(answer.read()))
    except urllib.error.HTTPError as error:
        _fail(_text(error.read()))
    except OSError as error:
        reason = getattr(error, "reason", error)
        _fail(f"no daemon answers on port {port}: {reason}")


def _host(address: str) -> str:
    if address in ALL_ADDRESSES:
        return "127.0.0.1"
    return f"[{address}]" if ":" in address else address


def _text(answer: bytes) -> str:
    """Return an answer as text; something else than our daemon may have given it."""
    return outside(answer.decode(errors="replace"), LONGEST_MESSAGE)


def _page(*, ready: bool, everything: bool) -> str:
    if everything:
        return "healthz"
    return "readyz" if ready else "livez"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
