"""A whole small world for scenarios: a service desk on a socket, people who act on it, and the bot at work."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.ports.journal import PassReport
from jsm_sla_bot.settings.environment import Settings, read_settings
from tests.attempts import Attempt, Watched, ignore
from tests.door import Door, door_to
from tests.sandbox.callers import NO_TLS
from tests.scenarios.naps import Naps

CONFIG = Path(__file__).parents[2] / "config"
BOT = "SLA Bot"
OTHER_CALENDARS = {path.name for path in (CONFIG / "calendars").iterdir()} - {
    "sweden.yaml",
    "netherlands.yaml",
}


@dataclass(slots=True)
class Hands:
    """A clock whose hands are moved by hand."""

    instant: datetime

    def now(self) -> datetime:
        """Return what the hands show, aware UTC."""
        return self.instant


class Command(NamedTuple):
    """What to start, and in which environment."""

    words: Sequence[str]
    environ: Mapping[str, str]


@dataclass(slots=True)
class World:
    """The desk, its address and a caller of it, the clock of everybody, and where the bot keeps its journal."""

    tracker: Tracker
    door: Door
    client: httpx.Client
    hands: Hands
    folder: Path
    config: Path
    naps: Naps = field(default_factory=Naps)

    @property
    def url(self) -> str:
        """Return the address of the desk, which answers there from now on."""
        self.door.open()
        return self.door.address

    def wait(self, **span: float) -> None:
        """Let time pass: `wait(hours=2)`."""
        self.hands.instant += timedelta(**span)

    def at(self, text: str) -> None:
        """Set the clock to an instant, `2026-03-02T10:00+01:00`."""
        self.hands.instant = datetime.fromisoformat(text).astimezone(UTC)

    def variables(self, **changes: str) -> dict[str, str]:
        """Return the environment variables under which the bot runs here."""
        self.door.open()
        return self._variables(changes)

    def _variables(self, changes: Mapping[str, str]) -> dict[str, str]:
        given = {
            "URL": self.door.address,
            "EMAIL": "bot@example.com",
            "API_TOKEN": "sandbox",
            "CONFIG_DIR": str(self.config),
            "JOURNAL_URL": f"sqlite:///{self.folder / 'journal.db'}",
            "HEALTH_PORT": "0",
            **changes,
        }
        return {f"JSM_SLA_BOT_{name}": value for name, value in given.items()}

    def settings(self, **changes: str) -> Settings:
        """Return the settings under which the bot runs here."""
        return read_settings(self.variables(**changes))

    def command(
        self,
        verb: str,
        environ: Mapping[str, str] | None = None,
        **changes: str,
    ) -> Command:
        """Return how the bot is started as a process of its own."""
        others = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith("JSM_SLA_BOT_")
        }
        environ = {**others, **(environ or {}), **self.variables(**changes)}
        return Command([sys.executable, "-m", "jsm_sla_bot", verb], environ)

    def options(
        self, watch: Callable[[Attempt], object] = ignore, **changes: Any
    ) -> HttpOptions:
        """Return how the bot calls the desk: its waits count and are not waited, and every attempt is watched."""
        given = {
            "read": 2.0,
            "sleep": self.naps.take,
            "wrapped": lambda wire: Watched(self.door.direct(wire), watch),
        }
        return HttpOptions(**{**given, **changes})

    @contextmanager
    def bot(self, **changes: str) -> Iterator[app.Bot]:
        """Put the bot together; its waits count and are not waited."""
        with app.bot(
            read_settings(self._variables(changes)),
            clock=self.hands,
            options=self.options(monotonic=self._monotonic),
        ) as made:
            self.naps.follow(made.connection.transport)
            yield made

    def sweep(self) -> PassReport:
        """Let a bot that has just started go over the whole desk once."""
        with self.bot() as made:
            return made.reconciler.sweep()

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests, as the sandbox's control page tells them."""
        return list(self.client.get("/_sandbox/state").json()["requests"])

    def request(self, key: str) -> dict[str, Any]:
        """Return all there is of a request."""
        shown = self.client.get("/_sandbox/state", params={"key": key}).json()
        return next(one for one in shown["requests"] if one["key"] == key)

    def shows(self, key: str, name: str) -> Any:
        """Return what one field shows to people; instants aware UTC."""
        value = self.request(key)["fields"][name]
        if name in ("Response due", "Acknowledged at") and value:
            return datetime.fromisoformat(value).astimezone(UTC)
        return value

    def notes(self, key: str) -> list[str]:
        """Return the texts of the bot's comments on a request."""
        return [
            one["text"]
            for one in self.request(key)["comments"]
            if one["author"] == BOT
        ]

    def public_notes(self) -> list[str]:
        """Return the texts of the bot's comments that customers can read, on any request."""
        comments = [
            one for request in self.requests() for one in request["comments"]
        ]
        return [
            one["text"]
            for one in comments
            if one["author"] == BOT and one["public"]
        ]

    def calls(self) -> list[Mapping[str, Any]]:
        """Return the calls that the site has received, oldest first."""
        return list(self.client.get("/_sandbox/log").json())

    def forget_calls(self) -> None:
        """Start a new log of calls."""
        self.client.delete("/_sandbox/log")

    def goes_wrong(self, match: str, kind: str, **order: object) -> None:
        """Order trouble for calls whose `METHOD /path` matches."""
        order |= {"match": match, "kind": kind}
        self.client.post("/_sandbox/faults", json=[order]).raise_for_status()

    def goes_well(self) -> None:
        """Take all orders for trouble back."""
        self.client.delete("/_sandbox/faults").raise_for_status()

    def _monotonic(self) -> float:
        return self.hands.instant.timestamp() + self.naps.seconds


@contextmanager
def world(
    folder: Path, now: str = "2026-03-02T10:00+01:00"
) -> Iterator[World]:
    """Open a desk without requests at that instant."""
    hands = Hands(datetime.fromisoformat(now).astimezone(UTC))
    tracker = Tracker(now=hands.now)
    wire = httpx.HTTPTransport(verify=NO_TLS)
    with (
        door_to(tracker) as door,
        httpx.Client(
            base_url=door.address, transport=door.direct(wire)
        ) as client,
    ):
        yield World(
            tracker, door, client, hands, folder, configuration(folder)
        )


def configuration(folder: Path) -> Path:
    """Copy the shipped configuration, with the calendars of this world only, for a test to edit."""
    copy = folder / "config"
    if not copy.exists():
        shutil.copytree(
            CONFIG, copy, ignore=lambda _, names: set(names) & OTHER_CALENDARS
        )
    return copy
