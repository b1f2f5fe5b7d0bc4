"""The log: values in the order of use, news at once, what lasts once an hour, nothing of idle passes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from jsm_sla_bot.daemon.logbook import Logbook
from jsm_sla_bot.ports.journal import PassKind, PassReport
from jsm_sla_bot.telemetry.logs import configure_logging
from tests.scenarios.world import Hands

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IDLE = PassReport(PassKind.CHANGED, NOW, NOW, 0, 0, 0, 0, 0)
BUSY = replace(IDLE, seen=2, read=2, differing=1, writes=3)
FAILED = replace(IDLE, failed="no connection to Jira, tried for 30 s")

Lines = pytest.CaptureFixture[str]


@pytest.fixture
def hands() -> Hands:
    """Return a clock that is moved by hand."""
    return Hands(NOW)


def logging(hands: Hands) -> None:
    """Log as JSON by that clock."""
    configure_logging("json", "INFO", hands.now)


def told(lines: Lines) -> list[dict[str, Any]]:
    """Return what was logged since the last look."""
    return [json.loads(line) for line in lines.readouterr().err.splitlines()]


def test_values_stand_in_the_order_of_use(hands: Hands, capfd: Lines) -> None:
    """When, how grave, what, then as they were given; what is None is left out."""
    logging(hands)
    structlog.get_logger().info(
        "request_written", key="SUP-1", due=None, writes=2
    )
    assert list(told(capfd)[0]) == [
        "timestamp",
        "level",
        "event",
        "key",
        "writes",
    ]


def test_what_lasts_is_told_when_it_changes_and_once_an_hour(
    hands: Hands, capfd: Lines
) -> None:
    """A counter alone is no change; success ends it."""
    logging(hands)
    log = structlog.get_logger()

    def look(reason: str, failures: int) -> int:
        log.warning(
            "request_set_aside", key="SUP-1", reason=reason, failures=failures
        )
        return len(told(capfd))

    assert [look("503", number) for number in (1, 2, 3)] == [1, 0, 0]
    assert look("no such field", 4) == 1
    hands.instant += timedelta(minutes=59)
    assert look("no such field", 5) == 0
    hands.instant += timedelta(minutes=2)
    assert look("no such field", 6) == 1
    log.info("request_written", key="SUP-1")
    told(capfd)
    assert look("no such field", 1) == 1


def test_others_are_told_of_all_the_same(hands: Hands, capfd: Lines) -> None:
    """Each request has a line of its own, and what merely happens is told each time."""
    logging(hands)
    log = structlog.get_logger()
    for key in ("SUP-1", "SUP-2"):
        log.warning("request_set_aside", key=key, reason="503")
        log.warning("clock_jumped", seconds=60)
    assert len(told(capfd)) == 4


def test_idle_passes_are_silent_but_for_a_summary(
    hands: Hands, capfd: Lines
) -> None:
    """What a pass did is a line; of those that did nothing an hour is one."""
    logging(hands)
    logbook = Logbook(hands.now)
    for _ in range(119):
        hands.instant += timedelta(seconds=30)
        logbook.passed(IDLE)
    assert told(capfd) == []
    hands.instant += timedelta(seconds=30)
    logbook.passed(BUSY)
    did, summary = told(capfd)
    assert (did["event"], did["writes"]) == ("pass", 3)
    assert {
        **summary,
        "passes": 120,
        "writes": 3,
        "failed": 0,
        "minutes": 60,
    } == summary
    assert summary["event"] == "passes_summary"


def test_an_outage_is_told_when_it_begins_hourly_and_when_it_ends(
    hands: Hands, capfd: Lines
) -> None:
    """Not at each poll, though the reason counts seconds."""
    logging(hands)
    logbook = Logbook(hands.now)
    for number in range(125):
        hands.instant += timedelta(seconds=30)
        logbook.passed(
            replace(FAILED, failed=f"no connection, tried for {number} s")
        )
    logbook.passed(IDLE)
    logbook.passed(IDLE)
    lines = [one for one in told(capfd) if one["event"] == "pass"]
    assert [one["outcome"] for one in lines] == ["failed", "failed", "done"]
    assert "None" not in str(lines)


def test_a_problem_of_the_health_is_told_once(
    hands: Hands, capfd: Lines
) -> None:
    """When it begins, when it changes, after an hour, and when it is over."""
    logging(hands)
    logbook = Logbook(hands.now)
    full = {"journal": "the journal can't be written: the disk is full"}
    locked = {"journal": "the journal can't be written: it is locked"}
    for problems in (full, full, locked, locked, {}, {}):
        logbook.follow(problems)
    lines = told(capfd)
    assert [one["event"] for one in lines] == [
        "problem",
        "problem",
        "problem_over",
    ]
    assert lines[0]["why"] == full["journal"]
