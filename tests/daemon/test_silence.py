"""SIGTERM is obeyed within ten seconds, whoever is silent: the process is gone, and its exit code is 0."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.world import World, world

WITHIN_SECONDS = 10.0
PATIENCE_SECONDS = 60.0
MANY = 400
HANGING = """
import sys, time
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.cli import main

def hang(*_: object) -> None:
    print("hanging", file=sys.stderr, flush=True)
    while True:
        time.sleep(3600)

setattr(SqlJournal, sys.argv.pop(), hang)
main()
"""
"""The bot with a journal of which one method never returns."""

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """Open an empty desk."""
    with world(tmp_path) as opened:
        yield opened


@contextmanager
def started(
    words: list[str], environ: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start the bot as a process of its own."""
    with subprocess.Popen(
        words, env=environ, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], *said: str) -> None:
    """Read what it says up to a line that has all of these words."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if all(word in line for word in said):
            return
    raise AssertionError(f"it never said {said}: {lines}")


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds."""
    rest = threading.Event()
    return any(
        holds() or rest.wait(0.05) for _ in range(int(PATIENCE_SECONDS / 0.05))
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, bool]:
    """Send SIGTERM; return the exit code, and whether the process was gone in time."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    threading.Thread(target=process.stderr.read, daemon=True).start()  # type: ignore[union-attr]
    code = process.wait(PATIENCE_SECONDS)
    return code, time.monotonic() - began < WITHIN_SECONDS


@pytest.mark.parametrize(
    ("match", "kind"), [("^PUT ", "timeout"), ("bulkfetch", "timeout")]
)
def test_a_silent_site(desk: World, match: str, kind: str) -> None:
    """With four hundred requests to be written, or read, and a site that takes each call and never answers."""
    for _ in range(MANY):
        desk.tracker.raise_request(organization=12, severity=3)
    order = desk.tracker.faults.place(
        {"match": match, "kind": kind, "times": 0}
    )
    command = desk.command("run", LOG_FORMAT="json")
    with started(list(command.words), command.environ) as process:
        assert eventually(lambda: order.hits > 0)
        assert ended(process) == (0, True)


@pytest.mark.parametrize("method", ["next_change_at", "close"])
def test_a_hanging_journal(desk: World, method: str) -> None:
    """Where the main thread, or the end itself, hangs in the journal."""
    desk.tracker.raise_request(organization=12, severity=3)
    command = desk.command("run", LOG_FORMAT="json", POLL_INTERVAL="1")
    words = [sys.executable, "-c", HANGING, "run", method]
    with started(words, command.environ) as process:
        if method == "close":
            heard(process, '"kind": "sweep"')
        else:
            heard(process, "hanging")
        assert ended(process) == (0, True)


def test_a_silent_database(
    desk: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A real PostgreSQL server that is stopped while the bot is at work."""
    pgserver: Any = pytest.importorskip(
        "pgserver", reason="no PostgreSQL server for this Python"
    )
    folder = tmp_path_factory.mktemp("postgres")
    try:
        server = pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 - whatever keeps a server from starting on this machine
        pytest.skip(f"no PostgreSQL server can be started here: {error}")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    desk.tracker.raise_request(organization=12, severity=3)
    command = desk.command(
        "run", JOURNAL_URL=url, LOG_FORMAT="json", POLL_INTERVAL="1"
    )
    with started(list(command.words), command.environ) as process:
        heard(process, '"kind": "sweep"')
        stopped = _family(Path(server.pgdata))
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        try:
            assert ended(process) == (0, True)
        finally:
            for each in stopped:
                os.kill(each, signal.SIGCONT)
    server.cleanup()


def _family(folder: Path) -> list[int]:
    """Return the process ids of a PostgreSQL server and of those that serve one connection each."""
    first = int((folder / "postmaster.pid").read_text("utf-8").splitlines()[0])
    listed = (
        Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
    )
    return [first, *map(int, listed)]
