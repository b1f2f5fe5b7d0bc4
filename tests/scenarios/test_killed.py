"""Killed at any moment and started again: no note twice, no field wrong, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jsm_sla_bot.app import SystemClock
from tests.scenarios.world import World, world

PATIENCE_SECONDS = 60
TOLD = ("Support tier", "Response due", "Response SLA", "Response target", "Acknowledged at", "Priority", "Status")


def furnish(desk: World, now: datetime) -> None:
    """Raise a dozen requests: running, breached, answered, flagged, not entitled."""
    desk.hands.instant = now
    for organization, severity, days in (
        (12, 1, 30),
        (11, 2, 30),
        (13, 4, 0),
        (19, 3, 0),
        (14, 1, 9),
        (None, 2, 30),
    ) * 2:
        desk.tracker.raise_request(organization=organization, severity=severity, at=now - timedelta(days=days))
    desk.tracker.comment("SUP-3", "On it.", as_="Mia Lindqvist")


def start(desk: World) -> subprocess.Popen[bytes]:
    """Start one pass as a process of its own."""
    given = desk.settings()
    environ = {
        **{name: text for name, text in os.environ.items() if not name.startswith("JSM_SLA_BOT_")},
        "JSM_SLA_BOT_URL": given.url,
        "JSM_SLA_BOT_EMAIL": "bot@example.com",
        "JSM_SLA_BOT_API_TOKEN": "sandbox",
        "JSM_SLA_BOT_CONFIG_DIR": str(given.config_dir),
        "JSM_SLA_BOT_JOURNAL_URL": given.journal_url,
    }
    command = [sys.executable, "-m", "jsm_sla_bot", "once"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def writes(desk: World) -> int:
    """Count the calls with an effect that the site has answered."""
    effects = ("/comment", "/transitions")
    return sum(call["method"] == "PUT" or call["path"].endswith(effects) for call in desk.calls())


def kill_after(desk: World, some: int) -> None:
    """Start a pass and kill it as soon as it has written so much more."""
    before, process = writes(desk), start(desk)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and writes(desk) < before + some and time.monotonic() < deadline:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()


def told(desk: World) -> dict[str, Any]:
    """Return what the desk tells people: fields and the number of notes, by request."""
    return {
        key: ([desk.shows(key, name) for name in TOLD], len(desk.notes(key)))
        for key in (f"SUP-{number}" for number in range(1, 13))
    }


@pytest.mark.parametrize("keep_journal", [True, False], ids=["journal kept", "journal lost"])
def test_kill_9_at_any_moment_leaves_no_trace(tmp_path: Path, keep_journal: bool) -> None:  # noqa: FBT001 - a case
    """After several kills in the middle of writing the desk shows what an undisturbed run shows, each note once."""
    now = SystemClock().now()
    with world(tmp_path) as quiet:
        furnish(quiet, now)
        quiet.sweep()
        expected = told(quiet)
    (tmp_path / "journal.db").unlink()
    with world(tmp_path) as desk:
        furnish(desk, now)
        for some in (1, 2, 3, 5):
            kill_after(desk, some)
            if not keep_journal:
                for file in tmp_path.glob("journal.db*"):
                    file.unlink()
        assert start(desk).wait(PATIENCE_SECONDS) == 0
        assert told(desk) == expected
        assert desk.public_notes() == []
        desk.forget_calls()
        assert start(desk).wait(PATIENCE_SECONDS) == 0
        assert writes(desk) == 0
