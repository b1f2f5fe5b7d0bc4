"""After SIGTERM nothing is left: no process, thread, connection, port, descriptor or file, and the journal is whole."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from jsm_sla_bot import app
from tests.scenarios.world import Hands, World, world

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(),
    reason="looks where Linux lists what is open",
)

PATIENCE_SECONDS = 60.0
SLOW_SECONDS = 1.5
OPEN_STATES = {"01", "08"}  # established, and closed by the other side only


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Open a desk with a few requests that goes by the machine's clock."""
    monkeypatch.setattr(Hands, "now", lambda _: app.SystemClock().now())
    with world(tmp_path) as opened:
        now = opened.hands.now()
        for severity in (1, 2, 3):
            opened.tracker.raise_request(
                organization=12,
                severity=severity,
                at=now - timedelta(minutes=1),
            )
        yield opened


@dataclass(slots=True)
class Running:
    """The daemon as a process of its own, with a folder for temporary files that nobody else uses."""

    process: subprocess.Popen[str]
    temporary: Path
    told: list[dict[str, Any]] = field(default_factory=list)

    def heard(self, event: str, **facts: object) -> dict[str, Any]:
        """Read its log up to a line with these facts."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(json.loads(line))
            if {"event": event, **facts}.items() <= self.told[-1].items():
                return self.told[-1]
        raise AssertionError(f"it never said {event}: {self.told}")

    def ended(self) -> int:
        """Send SIGTERM; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stderr is not None
        self.told += [json.loads(line) for line in self.process.stderr]
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def daemon(desk: World) -> Iterator[Running]:
    """Start the daemon and wait for the end of its first sweep; it polls every second."""
    temporary = desk.folder / "temporary"
    temporary.mkdir()
    words, environ = desk.command(
        "run", {"TMPDIR": str(temporary)}, LOG_FORMAT="json", POLL_INTERVAL="1"
    )
    with subprocess.Popen(
        words, env=environ, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Running(process, temporary)
        finally:
            process.kill()


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds: what ends in another thread needs its moment."""
    rest = threading.Event()
    return any(
        holds() or rest.wait(0.02) for _ in range(int(PATIENCE_SECONDS / 0.02))
    )


def processes(temporary: Path) -> list[str]:
    """Return the processes that were born with that folder in their environment."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(temporary).encode() in (each / "environ").read_bytes():
                found.append(each.name)
    return found


def callers(url: str) -> set[str]:
    """Return who holds a connection with the site at its end, as the kernel writes an address."""
    port = f":{httpx.URL(url).port:04X}"
    rows = [
        line.split()
        for line in Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]
    ]
    return {
        row[2]
        for row in rows
        if row[1].endswith(port) and row[3] in OPEN_STATES
    }


def under_way(desk: World) -> None:
    """Let every write take its time, and wait until one has come in."""
    order = desk.tracker.faults.place(
        {"match": "^PUT ", "kind": "slow", "seconds": SLOW_SECONDS, "times": 0}
    )
    desk.tracker.raise_request(organization=12, severity=1)
    assert eventually(lambda: order.hits > 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "busy", [True, False], ids=["writes under way", "idle"]
)
def test_sigterm_leaves_nothing_behind(desk: World, *, busy: bool) -> None:
    """The daemon ends well, finishes what it was writing, and gives back whatever it held."""
    before = callers(desk.url)
    with daemon(desk) as running:
        port = running.heard("health_served")["port"]
        running.heard("pass", kind="sweep", outcome="done")
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        assert processes(running.temporary) == [str(running.process.pid)]
        if busy:
            under_way(desk)
            assert callers(desk.url) > before
        with socket.create_connection(
            ("127.0.0.1", port)
        ):  # a prober that never says a word
            assert running.ended() == 0
    assert processes(running.temporary) == []
    assert eventually(lambda: callers(desk.url) <= before)
    socket.create_server(("", port)).close()
    assert list(running.temporary.iterdir()) == []
    assert journal_is_whole(desk.folder)
    assert [each for each in running.told if each["level"] != "info"] == []
    assert [each["fields"]["Response SLA"] for each in desk.requests()] == [
        "Running"
    ] * (4 if busy else 3)


def journal_is_whole(folder: Path) -> bool:
    """Tell whether the journal was closed (its log folded in and gone) and opens again in good order."""
    closed = [each.name for each in folder.glob("journal.db*")] == [
        "journal.db"
    ]
    with closing(sqlite3.connect(folder / "journal.db")) as connection:
        return closed and connection.execute(
            "PRAGMA integrity_check"
        ).fetchall() == [("ok",)]


def held() -> set[str]:
    """Return what this process has open: sockets, files, pipes."""
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them is gone by now
            found.add(str(each.readlink()))
    return {each for each in found if not each.startswith("/proc/")}


def sigterm_after_a_sweep(made: app.Bot) -> threading.Thread:
    """Send this process the signal as soon as a sweep was completed."""

    def send() -> None:
        if eventually(lambda: made.journal.policy() is not None):
            os.kill(os.getpid(), signal.SIGTERM)

    return threading.Thread(target=send)


def test_serving_until_sigterm_leaves_nothing_behind_in_the_process(
    desk: World,
) -> None:
    """Every thread has ended, every descriptor is closed, and the signals do what they did before."""
    signals = (signal.SIGTERM, signal.SIGINT)
    handlers = [signal.getsignal(each) for each in signals]
    settings = desk.settings()
    httpx.get(desk.url)  # whatever the site opens for itself is open now
    threads, descriptors = set(threading.enumerate()), held()
    with app.bot(settings, clock=desk.hands) as made:
        sender = sigterm_after_a_sweep(made)
        sender.start()
        app.serve(made, settings)
        sender.join()
        assert not made.health.problems()
        assert (
            not held() <= descriptors
        )  # the journal and the site are still open: looking finds them
    assert set(threading.enumerate()) <= threads
    assert eventually(lambda: held() <= descriptors)
    assert [signal.getsignal(each) for each in signals] == handlers
    assert journal_is_whole(desk.folder)
