"""Ten thousand passes of one bot, about a week of its life: memory, threads and descriptors stay as they were.

The desk is a process of its own, so that everything that is counted here is the bot's.
"""

import gc
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.settings.environment import read_settings
from tests.scenarios.naps import Naps
from tests.scenarios.world import BOT, Hands, configuration

REQUESTS = 20
PASSES = 10_000
WARM = 2_000
"""By then the journal has dropped its first pass and every cache has met all that it will meet."""

MOST_FILES = 5 * 2
"""The journal's pool keeps up to five connections, two files each: how many stand at an instant is chance."""

MOST_BYTES = 200_000
"""Twenty-five bytes a pass: less than any object that a pass could leave behind."""

AGENT = "Mia Lindqvist"
MONDAY = datetime.fromisoformat("2026-03-02T10:00+01:00")


@dataclass(slots=True)
class Far:
    """A desk in another process, and the clock that it shares with the bot."""

    client: httpx.Client
    hands: Hands
    naps: Naps = field(default_factory=Naps)

    def wait(self, span: timedelta) -> None:
        """Let time pass for both."""
        self.hands.instant += span
        self.client.put(
            "/_sandbox/clock", json={"now": self.hands.instant.isoformat()}
        ).raise_for_status()

    def act(self, **told: object) -> None:
        """Let somebody do something."""
        self.client.post("/_sandbox/act", json=told).raise_for_status()

    def monotonic(self) -> float:
        """Return the seconds that have passed for the bot, its waits for Jira among them."""
        return self.hands.instant.timestamp() + self.naps.seconds

    @contextmanager
    def bot(self, folder: Path) -> Iterator[app.Bot]:
        """Put the bot together; its waits count and are not waited."""
        given = {
            "URL": str(self.client.base_url).rstrip("/"),
            "EMAIL": "bot@example.com",
            "API_TOKEN": "sandbox",
            "CONFIG_DIR": str(configuration(folder)),
            "JOURNAL_URL": f"sqlite:///{folder / 'journal.db'}",
            "LOG_LEVEL": "ERROR",
        }
        settings = read_settings(
            {f"JSM_SLA_BOT_{name}": value for name, value in given.items()}
        )
        options = HttpOptions(sleep=self.naps.take, monotonic=self.monotonic)
        with app.bot(settings, clock=self.hands, options=options) as made:
            self.naps.follow(made.connection.transport)
            yield made


@contextmanager
def far() -> Iterator[Far]:
    """Start a desk whose time stands on a Monday morning, with some requests."""
    command = [sys.executable, "-m", "jsm_sandbox", "--port", "0", "--empty"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[3]
            with httpx.Client(base_url=url) as client:
                client.put(
                    "/_sandbox/clock",
                    json={"now": MONDAY.isoformat(), "speed": 0},
                ).raise_for_status()
                desk = Far(client, Hands(MONDAY))
                for number in range(REQUESTS):
                    desk.act(
                        do="raise",
                        organization=(11, 12, 13, 14)[number % 4],
                        severity=number % 3 + 1,
                    )
                yield desk
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: bytes that Python has asked for, threads, files and sockets that are open."""

    memory: int
    threads: int
    files: int
    sockets: int

    @classmethod
    def now(cls) -> "Held":
        """Look at this process."""
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0]
        names = [_name(each) for each in Path("/proc/self/fd").iterdir()]
        sockets = sum(each.startswith("socket:") for each in names)
        return cls(
            memory, threading.active_count(), len(names) - sockets, sockets
        )


def _name(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return "the one that lists them, gone by now"


def work(made: app.Bot, desk: Far, number: int) -> None:
    """Let a minute go by as the daemon does; people act now and then, and a sweep comes now and then."""
    desk.wait(timedelta(minutes=1))
    if number % 50 == 0:
        told: dict[str, object] = {
            "key": f"SUP-{number // 50 % REQUESTS + 1}",
            "as": AGENT,
        }
        acts = (
            {"do": "note", "text": "Any news?"},
            {"do": "set", "field": "Severity", "value": 1 + number // 100 % 3},
        )
        desk.act(**told, **acts[number % 100 == 0])
    passes = [made.reconciler.changed, made.reconciler.due]
    if number % 500 == 0:
        passes = [made.reconciler.sweep]
        desk.client.delete("/_sandbox/log").raise_for_status()
    for each in passes:
        report = each()
        assert report.failed is None
        made.reported(report)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts what Linux lists"
)
def test_ten_thousand_passes_leave_nothing_behind(tmp_path: Path) -> None:
    """From pass 2,000 to pass 10,000 the bot gets no bigger by so much as an object a pass."""
    with far() as desk, desk.bot(tmp_path) as made:
        tracemalloc.start()
        for number in range(WARM):
            work(made, desk, number)
        before = Held.now()
        for number in range(WARM, PASSES + 1):
            work(made, desk, number)
        after = Held.now()
        tracemalloc.stop()
        said = [one for each in state(desk) for one in each if one == BOT]
    assert said  # there was life on the desk, and the bot had to say something
    assert after.memory - before.memory < MOST_BYTES
    assert after.threads == before.threads
    assert after.files <= before.files + MOST_FILES
    assert (
        after.sockets <= before.sockets + made.connection.options.connections
    )


def state(desk: Far) -> list[list[str]]:
    """Return who has commented, by request."""
    requests = desk.client.get("/_sandbox/state").json()["requests"]
    return [[one["author"] for one in each["comments"]] for each in requests]
