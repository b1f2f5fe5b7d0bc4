"""Killed at any moment and started again: no note twice, no field wrong, nothing lost."""

from datetime import datetime, timedelta
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from jsm_sandbox.http.exchanges import Exchange, observers
from jsm_sla_bot.app import SystemClock
from tests.scenarios.forks import forked
from tests.scenarios.world import BOT, World, world

PATIENCE_SECONDS = 60
TOLD = (
    "Support tier",
    "Response due",
    "Response SLA",
    "Response target",
    "Acknowledged at",
    "Priority",
    "Status",
)


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
        desk.tracker.raise_request(
            organization=organization,
            severity=severity,
            at=now - timedelta(days=days),
        )
    desk.tracker.comment("SUP-3", "On it.", as_="Mia Lindqvist")


def start(desk: World) -> ForkServerProcess:
    """Start one pass as a process of its own."""
    return forked(["once"], desk.command("once").environ)


def ended(process: ForkServerProcess) -> int | None:
    """Wait for its end; return the exit code."""
    process.join(PATIENCE_SECONDS)
    return process.exitcode


def writes(desk: World) -> int:
    """Count the calls with an effect that the site has answered."""
    return sum(
        has_effect(call["method"], call["path"]) for call in desk.calls()
    )


def has_effect(method: str, path: str) -> bool:
    """Tell whether such a call writes something that people see."""
    return method == "PUT" or path.endswith(("/comment", "/transitions"))


def kill_after(desk: World, some: int) -> None:
    """Start a pass and kill it as soon as the site has answered so many of its writes."""
    answered = count(1)

    def strike(call: Exchange) -> None:
        if has_effect(call.method, call.path) and next(answered) == some:
            process.kill()

    process = start(desk)
    observers.append(strike)
    try:
        ended(process)
    finally:
        observers.remove(strike)
        process.kill()
        process.join()


def told(desk: World) -> dict[str, Any]:
    """Return what the desk tells people: fields and the number of notes, by request."""
    return {
        each["key"]: (
            [each["fields"][name] for name in TOLD],
            sum(one["author"] == BOT for one in each["comments"]),
        )
        for each in desk.requests()
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)
def test_kill_9_at_any_moment_leaves_no_trace(
    tmp_path: Path, keep_journal: bool
) -> None:
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
        assert ended(start(desk)) == 0
        assert told(desk) == expected
        assert desk.public_notes() == []
        desk.forget_calls()
        assert ended(start(desk)) == 0
        assert writes(desk) == 0
