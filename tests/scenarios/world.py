"""A whole small world for scenarios: a service desk on a socket, people who act on it, and the bot at work."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from jsm_sandbox.server import running
from jsm_sandbox.tracker import Tracker
from jsm_sla_bot import app
from jsm_sla_bot.jsm.conduct import Conduct
from jsm_sla_bot.ports import PassReport
from jsm_sla_bot.settings import Settings, read_settings

CONFIG = Path(__file__).parents[2] / "config"
BOT = "SLA Bot"
OTHER_CALENDARS = {path.name for path in (CONFIG / "calendars").iterdir()} - {"sweden.yaml", "netherlands.yaml"}


@dataclass(slots=True)
class Hands:
    """A clock whose hands are moved by hand."""

    instant: datetime

    def now(self) -> datetime:
        """Return what the hands show, aware UTC."""
        return self.instant


@dataclass(slots=True)
class World:
    """The desk, its address, the clock that everybody goes by, and where the bot keeps its journal."""

    tracker: Tracker
    url: str
    hands: Hands
    folder: Path
    config: Path
    naps: list[float] = field(default_factory=list)

    def wait(self, **span: float) -> None:
        """Let time pass: `wait(hours=2)`."""
        self.hands.instant += timedelta(**span)

    def at(self, text: str) -> None:
        """Set the clock to an instant, `2026-03-02T10:00+01:00`."""
        self.hands.instant = datetime.fromisoformat(text).astimezone(UTC)

    def settings(self, **changes: str) -> Settings:
        """Return the settings under which the bot runs here."""
        given = {
            "URL": self.url,
            "EMAIL": "bot@example.com",
            "API_TOKEN": "sandbox",
            "CONFIG_DIR": str(self.config),
            "JOURNAL_URL": f"sqlite:///{self.folder / 'journal.db'}",
            "HEALTH_PORT": "0",
            **changes,
        }
        return read_settings({f"JSM_SLA_BOT_{name}": value for name, value in given.items()})

    @contextmanager
    def bot(self, **changes: str) -> Iterator[app.Bot]:
        """Put the bot together; its waits are noted and not waited."""
        conduct = Conduct(read=2.0, sleep=self.naps.append)
        with app.bot(self.settings(**changes), clock=self.hands, conduct=conduct) as made:
            yield made

    def sweep(self) -> PassReport:
        """Let a bot that has just started go over the whole desk once."""
        with self.bot() as made:
            return made.reconciler.sweep()

    def request(self, key: str) -> dict[str, Any]:
        """Return all there is of a request, as the sandbox's control page tells it."""
        requests = httpx.get(f"{self.url}/_sandbox/state").json()["requests"]
        return next(one for one in requests if one["key"] == key)

    def shows(self, key: str, name: str) -> Any:
        """Return what one field shows to people; instants aware UTC."""
        value = self.request(key)["fields"][name]
        if name in ("Response due", "Acknowledged at") and value:
            return datetime.fromisoformat(value).astimezone(UTC)
        return value

    def notes(self, key: str) -> list[str]:
        """Return the texts of the bot's comments on a request."""
        return [one["text"] for one in self.request(key)["comments"] if one["author"] == BOT]

    def public_notes(self) -> list[str]:
        """Return the texts of the bot's comments that customers can read, on any request."""
        requests = httpx.get(f"{self.url}/_sandbox/state").json()["requests"]
        comments = [one for request in requests for one in request["comments"]]
        return [one["text"] for one in comments if one["author"] == BOT and one["public"]]

    def calls(self) -> list[Mapping[str, Any]]:
        """Return the calls that the site has received, oldest first."""
        return list(httpx.get(f"{self.url}/_sandbox/log").json())

    def forget_calls(self) -> None:
        """Start a new log of calls."""
        httpx.delete(f"{self.url}/_sandbox/log")

    def goes_wrong(self, match: str, kind: str, **order: object) -> None:
        """Order trouble for calls whose `METHOD /path` matches."""
        httpx.post(f"{self.url}/_sandbox/faults", json=[{"match": match, "kind": kind, **order}]).raise_for_status()


@contextmanager
def world(folder: Path, now: str = "2026-03-02T10:00+01:00") -> Iterator[World]:
    """Open a desk without requests at that instant."""
    hands = Hands(datetime.fromisoformat(now).astimezone(UTC))
    tracker = Tracker(now=hands.now)
    with running(tracker) as url:
        yield World(tracker, url, hands, folder, configuration(folder))


def configuration(folder: Path) -> Path:
    """Copy the shipped configuration, with the calendars of this world only, for a test to edit."""
    copy = folder / "config"
    if not copy.exists():
        shutil.copytree(CONFIG, copy, ignore=lambda _, names: set(names) & OTHER_CALENDARS)
    return copy
