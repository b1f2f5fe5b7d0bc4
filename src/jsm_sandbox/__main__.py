"""``python -m jsm_sandbox``: a service desk to try things on."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from jsm_sandbox.load import LoadError, load
from jsm_sandbox.player import Player
from jsm_sandbox.seed import sow
from jsm_sandbox.server import running
from jsm_sandbox.tracker import Tracker

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve(  # noqa: PLR0913 - the options of the command line
    *,
    host: Annotated[str, typer.Option(help="Address to listen on. Keep it on loopback.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8765,
    file: Annotated[Path | None, typer.Option("--from", help="Serve the issues of a Jira search answer.")] = None,
    seed: Annotated[int, typer.Option(help="What chance starts from.")] = 7,
    requests: Annotated[int, typer.Option(help="How many requests the desk has seen.")] = 60,
    play: Annotated[bool, typer.Option("--play", help="Let people act on it by themselves.")] = False,
    play_interval: Annotated[float, typer.Option(help="Seconds between two acts.")] = 4.0,
    empty: Annotated[bool, typer.Option("--empty", help="Start without requests.")] = False,
) -> None:
    """Serve a fake Jira Service Management site until told to stop."""
    tracker = Tracker(seed=seed)
    if file is not None:
        _load(tracker, file)
    elif not empty:
        sow(tracker, requests)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _serve_until(stop, tracker, host, port, play_interval if play else None)


def _load(tracker: Tracker, file: Path) -> None:
    try:
        load(tracker, file)
    except LoadError as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the command line speaks
        raise typer.Exit(1) from None


def _serve_until(stop: threading.Event, tracker: Tracker, host: str, port: int, interval: float | None) -> None:
    with running(tracker, port, host) as url:
        print(f"sandbox ready at {url} (queue page at /)", flush=True)  # noqa: T201 - the command line speaks
        if interval is not None:
            player = threading.Thread(target=Player(tracker).run, args=(stop, interval), daemon=True)
            player.start()
        stop.wait()


if __name__ == "__main__":
    app()
