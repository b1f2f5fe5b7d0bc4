"""``python -m jsm_sandbox``: a service desk to try things on."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.export_file import LoadError, load
from jsm_sandbox.play.player import Player
from jsm_sandbox.play.seed import sow
from jsm_sandbox.play.sites import ABOUT, SITES, prepare
from jsm_sandbox.play.stories import STORIES, Story
from jsm_sandbox.play.storyteller import Storyteller
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.virtual_clock import VirtualClock

ENDS = (signal.SIGTERM, signal.SIGINT)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve(  # noqa: PLR0913 - the options of the command line
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Keep it on loopback.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.")
    ] = 8765,
    file: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Serve the issues of a Jira search answer."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="What chance starts from.")] = 7,
    requests: Annotated[
        int, typer.Option(help="How many requests the desk has seen.")
    ] = 60,
    play: Annotated[
        bool,
        typer.Option("--play", help="Let people act on it by themselves."),
    ] = False,
    play_interval: Annotated[
        float, typer.Option(help="Seconds between two acts.")
    ] = 4.0,
    empty: Annotated[
        bool, typer.Option("--empty", help="Start without requests.")
    ] = False,
    site: Annotated[
        str | None,
        typer.Option(help=f"Serve a site to set up: {', '.join(SITES)}."),
    ] = None,
    story: Annotated[
        str | None, typer.Option(help=f"Play one story: {', '.join(STORIES)}.")
    ] = None,
    pace: Annotated[
        float, typer.Option(help="Seconds of the story in one second.", min=1)
    ] = 600.0,
) -> None:
    """Serve a fake Jira Service Management site until told to stop."""
    told = _story(story)
    clock = VirtualClock(told.start, pace) if told else VirtualClock()
    tracker = Tracker(clock=clock, seed=seed)
    if file is not None:
        _load(tracker, file)
    elif site is not None:
        _prepare(tracker, site)
    elif not empty and not told:
        sow(tracker, requests)
    players: list[Callable[[threading.Event], None]] = []
    if told:
        players.append(Storyteller(tracker, clock, told, _say, pace).run)
    if play:
        players.append(lambda stop: Player(tracker).run(stop, play_interval))
    try:
        _serve(tracker, host, port, players)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or "there is no such port"
        raise _refused(
            f"{host}:{port}: cannot be listened on ({reason})"
        ) from None


def _story(name: str | None) -> Story | None:
    if name is None:
        return None
    if name not in STORIES:
        raise _refused(f"There is no story {name!r}. There are:\n{_stories()}")
    return STORIES[name]


def _stories() -> str:
    lines = (f"  {each.name:18}{each.about}" for each in STORIES.values())
    return "\n".join(lines)


def _prepare(tracker: Tracker, name: str) -> None:
    if name not in SITES:
        raise _refused(f"There is no site {name!r}. There are:\n{_sites()}")
    prepare(tracker, name)


def _sites() -> str:
    lines = (f"  {each:15}{words}" for each, words in ABOUT.items())
    return "\n".join(lines)


def _load(tracker: Tracker, file: Path) -> None:
    try:
        loaded = load(tracker, file)
    except LoadError as problem:
        raise _refused(str(problem)) from None
    for remark in loaded.remarks:
        print(f"{file}: {remark}", file=sys.stderr)  # noqa: T201 - the command line speaks


def _refused(text: str) -> typer.Exit:
    print(text, file=sys.stderr)  # noqa: T201 - the command line speaks
    return typer.Exit(1)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the command line speaks


def _serve(
    tracker: Tracker,
    host: str,
    port: int,
    players: list[Callable[[threading.Event], None]],
) -> None:
    # Waited for, not handled: a handler that ran while this thread holds the event's lock would wait for ever.
    # One that is ignored, as Ctrl-C is in the background of a shell, would never come.
    for number in ENDS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    stop = threading.Event()
    with running(tracker, port, host) as url:
        _say(f"sandbox ready at {url} (queue page at /)")
        for play in players:
            threading.Thread(
                target=play,
                args=(stop,),
                daemon=True,
            ).start()
        signal.sigwait(ENDS)
        stop.set()


if __name__ == "__main__":
    app()
