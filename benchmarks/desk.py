"""A desk in a process of its own, so that what it costs does not count for the bot: Jira's limits, 50 ms latency.

Its requests were raised evenly over the past two days: none of them is close to being due by itself.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot.app import SystemClock
from jsm_sla_bot.settings.environment import Settings, read_settings

CONFIG = Path(__file__).parents[1] / "config"
AUTH = ("bot@example.com", "sandbox")
LATENCY = 0.05
PAST = timedelta(days=2)
AGENT = "Mia Lindqvist"
TWO_HOURS = timedelta(hours=2)
CLOCK = SystemClock()

Act = Callable[[str, int], Any]
"""What people are to do, and to how many requests: `answer`, `live` a life, `breach`; or tell which are `shown`
breached, and what was `asked` of the site since the last time.
"""


@contextmanager
def desk(requests: int) -> Iterator[tuple[str, Act]]:
    """Give the address of a desk with so many requests, and a way to let people act on it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(requests, theirs), daemon=True
    )
    process.start()

    def act(what: str, count: int) -> Any:  # noqa: ANN401 - each order has its own answer
        ours.send((what, count))
        return ours.recv()

    try:
        yield ours.recv(), act
    finally:
        ours.send(None)
        process.join(10)


def serve(requests: int, pipe: Connection) -> None:
    """Serve a desk, and do on it what is asked for through the pipe."""
    tracker, now = Tracker(), CLOCK.now()
    for number in range(requests):
        age = PAST * ((requests - number) / requests)
        tracker.raise_request(
            f"Request {number}", organization=12, severity=3, at=now - age
        )
    tracker.faults.place(
        {"match": "/rest/", "kind": "slow", "seconds": LATENCY, "times": 0}
    )
    tracker.switches.burst_share = 0.0
    with running(tracker) as url:
        pipe.send(url)
        while order := pipe.recv():
            pipe.send(_done(tracker, *order))


def _done(tracker: Tracker, what: str, count: int) -> Any:  # noqa: ANN401 - as above
    match what:
        case "answer":
            for issue in list(tracker.issues.values())[:count]:
                tracker.comment(issue.key, "We are on it.", as_=AGENT)
            return count
        case "live":
            for issue in list(tracker.issues.values())[:count]:
                _live(tracker, issue.key)
            return count
        case "asked":
            asked = Counter(
                f"{each.method} {'/'.join(each.path.split('/')[:6])}"
                for each in tracker.journal.entries
            )
            tracker.journal.entries.clear()
            return asked
        case "breach":
            return [
                _soon_due(
                    tracker,
                    CLOCK.now() + timedelta(seconds=10 + 60 * n / count),
                )
                for n in range(count)
            ]
        case _:
            return _shown(tracker)


def _live(tracker: Tracker, key: str) -> None:
    """Let an agent answer, correct the severity and resolve a request, and its customer write in between."""
    tracker.comment(key, "We are on it.", as_=AGENT)
    reporter = tracker.issue(key).fields["reporter"]
    tracker.comment(key, "Thank you.", as_=str(reporter["displayName"]))
    tracker.set_field(key, "Severity", 2, as_=AGENT)
    tracker.set_field(key, "Severity", 3, as_=AGENT)
    tracker.transition(key, "In progress", as_=AGENT)
    tracker.transition(key, "Resolved", as_=AGENT)


def _soon_due(tracker: Tracker, due: datetime) -> tuple[str, datetime]:
    report = {"organization": 11, "severity": 1, "product": "Outscan NX"}
    key = tracker.raise_request(
        "Urgent", at=due - TWO_HOURS - timedelta(hours=1), **report
    )  # type: ignore[arg-type]
    tracker.phone(key, at=due - TWO_HOURS)
    tracker.touch(
        tracker.issue(key), CLOCK.now()
    )  # else nobody would look at what happened so long ago
    return key, due


def _shown(tracker: Tracker) -> dict[str, datetime]:
    shown = tracker.site.field_id("Response SLA")
    histories = [
        (issue.key, entry)
        for issue in tracker.issues.values()
        for entry in issue.history
    ]
    return {
        key: entry.created
        for key, entry in histories
        for item in entry.items
        if item.field_id == shown and "Breached" in str(item)
    }


def settings(url: str, folder: Path) -> Settings:
    """Return the settings of a bot at that desk, its journal in that folder."""
    told = {
        "URL": url,
        "EMAIL": AUTH[0],
        "API_TOKEN": AUTH[1],
        "CONFIG_DIR": str(CONFIG),
        "JOURNAL_URL": f"sqlite:///{folder / 'journal.db'}",
        "LOG_LEVEL": "ERROR",
    }
    return read_settings(
        {f"JSM_SLA_BOT_{name}": value for name, value in told.items()}
    )
