"""The command line as a user meets it: what was typed, what came out, and the exit code."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot.cli import main

ROOT = Path(__file__).parents[2]
CALENDARS = ("sweden.yaml", "netherlands.yaml")


@dataclass(frozen=True, slots=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str


Cli = Callable[..., Told]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in an empty folder with a copy of the shipped configuration and no setting."""
    for name in [
        name for name in os.environ if name.startswith("JSM_SLA_BOT_")
    ]:
        monkeypatch.delenv(name)
    shutil.copytree(
        ROOT / "config", tmp_path / "config", ignore=_other_calendars
    )
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()  # a command sets up the log for its process: the next test is none of it


def _other_calendars(folder: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if Path(folder).name == "calendars" and name not in CALENDARS
    ]


@pytest.fixture
def cli(home: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Type a command."""

    def typed(*arguments: object) -> Told:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Told(int(left.value.code or 0), out, err)

    return typed


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk on a socket, and its address."""

    tracker: Tracker
    url: str


@pytest.fixture
def desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Open a desk on which Nordbank (Expert) reported on a Friday night and called, and name it in the environment."""
    tracker = Tracker()
    with running(tracker) as url:
        for name, value in (
            ("URL", url),
            ("EMAIL", "bot@example.com"),
            ("API_TOKEN", "sandbox"),
        ):
            monkeypatch.setenv(f"JSM_SLA_BOT_{name}", value)
        monkeypatch.setenv(
            "JSM_SLA_BOT_JOURNAL_URL", f"sqlite:///{home / 'journal.db'}"
        )
        monkeypatch.setenv("JSM_SLA_BOT_LOG_LEVEL", "ERROR")
        friday = datetime(2024, 3, 8, 21, 10, tzinfo=UTC)
        raised = tracker.raise_request(
            "Scans stopped",
            organization=11,
            severity=2,
            product="Outscan NX",
            at=friday,
        )
        tracker.phone(raised, at=friday.replace(minute=20))
        tracker.raise_request(
            "A question",
            organization=12,
            severity=4,
            product="EASM",
            at=friday,
        )
        yield Desk(tracker, url)
