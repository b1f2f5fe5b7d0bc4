"""The sync against a sandbox with 50 ms latency and Jira's limits on, beside a plain script on the same desk.

`python -m benchmarks.sync --requests 1000`: first sweep, idle pass, changed requests, breaches in one minute; calls
against the least possible, seconds against the limiter's floor, peak memory, delay from instant to field. The
limiter lets 40 writes a second through, so a sweep over 100,000 requests takes most of an hour.
"""

import argparse
import math
import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from jsm_sandbox.server import running
from jsm_sandbox.tracker import Tracker
from jsm_sla_bot import app
from jsm_sla_bot.jsm.conduct import Conduct, Exchange
from jsm_sla_bot.jsm.limiter import RATES
from jsm_sla_bot.ports import PassReport
from jsm_sla_bot.settings import Settings, read_settings

CONFIG = Path(__file__).parents[1] / "config"
AUTH = ("bot@example.com", "sandbox")
LATENCY = 0.05
CLOCK = app.SystemClock()
TWO_HOURS = timedelta(hours=2)


@dataclass(slots=True)
class Meter:
    """Counts the calls that reach the site."""

    calls: Counter[str] = field(default_factory=Counter)

    def observe(self, exchange: Exchange) -> None:
        """Count a call."""
        self.calls[exchange.endpoint] += 1


def serve(requests: int, pipe: Connection) -> None:
    """Serve a desk in a process of its own, and do on it what is asked for through the pipe."""
    tracker = Tracker()
    for number in range(requests):
        tracker.raise_request(f"Request {number}", organization=12, severity=3)
    tracker.faults.place({"match": "/rest/", "kind": "slow", "seconds": LATENCY, "times": 0})
    tracker.switches.burst_share = 0.0
    with running(tracker) as url:
        pipe.send(url)
        while order := pipe.recv():
            pipe.send(_done(tracker, *order))


def _done(tracker: Tracker, what: str, count: int) -> Any:  # noqa: ANN401 - each order has its own answer
    keys = [issue.key for issue in tracker.issues.values()]
    if what == "answer":
        for key in keys[:count]:
            tracker.comment(key, "We are on it.", as_="Mia Lindqvist")
        return count
    if what == "breach":
        return [_soon_due(tracker, CLOCK.now() + timedelta(seconds=10 + 60 * n / count)) for n in range(count)]
    shown = tracker.site.field_id("Response SLA")
    histories = [(issue.key, entry) for issue in tracker.issues.values() for entry in issue.history]
    return {
        key: entry.created
        for key, entry in histories
        for item in entry.items
        if item.field_id == shown and "Breached" in str(item)
    }


def _soon_due(tracker: Tracker, due: datetime) -> tuple[str, datetime]:
    report = {"organization": 11, "severity": 1, "product": "Outscan NX"}
    key = tracker.raise_request("Urgent", at=due - TWO_HOURS - timedelta(hours=1), **report)  # type: ignore[arg-type]
    tracker.phone(key, at=due - TWO_HOURS)
    tracker.touch(tracker.issue(key), CLOCK.now())  # else nobody would look at what happened so long ago
    return key, due


@contextmanager
def desk(requests: int) -> Iterator[tuple[str, Callable[[str, int], Any]]]:
    """Give the address of a desk with so many requests, and a way to let people act on it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(requests, theirs), daemon=True)
    process.start()

    def act(what: str, count: int) -> Any:  # noqa: ANN401 - as above
        ours.send((what, count))
        return ours.recv()

    try:
        yield ours.recv(), act
    finally:
        ours.send(None)
        process.join(10)


def measure(name: str, meter: Meter, least: Callable[[PassReport], int], run: Callable[[], PassReport]) -> None:
    """Run one pass and print what it cost."""
    meter.calls.clear()
    began = time.monotonic()
    report = run()
    seconds, calls, floor = time.monotonic() - began, sum(meter.calls.values()), _floor(meter.calls)
    low = least(report)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201 - its figures are what a benchmark is for
        f"{name:26} {report.read:7} read {report.writes:7} writes {calls:7} calls, least {low:7} ({calls / low:.2f})"
        f" {seconds:8.1f} s, floor {floor:7.1f} s  peak {peak:.0f} MB  {report.failed or ''}"
    )


def _floor(calls: Counter[str]) -> float:
    return max((count / RATES[endpoint.split()[0]] for endpoint, count in calls.items()), default=0.0)


def sweep_least(report: PassReport) -> int:
    """One search page of ids per 5,000, a bulk read per 100, a changelog per 1,000, the writes; identity and time."""
    return 2 + math.ceil(report.seen / 5000) + _reads(report) + report.writes


def changed_least(report: PassReport) -> int:
    """As a sweep, but with a search page per 100."""
    return 2 + max(1, math.ceil(report.seen / 100)) + _reads(report) + report.writes


def _reads(report: PassReport) -> int:
    return math.ceil(report.read / 100) + math.ceil(report.read / 1000)


def breaches(made: app.Bot, act: Callable[[str, int], Any], count: int) -> None:
    """Let requests fall due within a minute, and measure how late each of them shows it."""
    due = dict(act("breach", count))
    made.reconciler.changed()
    end = max(due.values()) + timedelta(seconds=5)
    while (now := CLOCK.now()) < end:
        upcoming = made.journal.next_change_at()
        time.sleep(max(0.05, min((upcoming - now).total_seconds() if upcoming else 1.0, 1.0)))
        made.reconciler.due()
    shown = act("shown", 0)
    late = sorted((shown[key] - instant).total_seconds() for key, instant in due.items() if key in shown)
    cut = quantiles(late or [math.nan] * 2, n=100)
    print(  # noqa: T201 - as above
        f"{count} breaches in a minute: {len(late)} shown, delay p50 {cut[49]:.2f} s, p99 {cut[98]:.2f} s"
    )


def plain_script(url: str, keys: int) -> None:
    """Poll a part of the desk as most scripts do: for each request the issue, its comments, and a PUT."""
    began, calls = time.monotonic(), 0
    with httpx.Client(base_url=url, auth=AUTH, timeout=30) as client, ThreadPoolExecutor(8) as pool:
        field_id = next(one["id"] for one in client.get("/rest/api/3/field").json() if one["name"] == "Response target")

        def one(key: str) -> int:
            client.get(f"/rest/api/3/issue/{key}")
            client.get(f"/rest/api/3/issue/{key}/comment")
            client.put(f"/rest/api/3/issue/{key}", json={"fields": {field_id: "24 h, business hours"}})
            return 3

        calls = sum(pool.map(one, [f"SUP-{number}" for number in range(1, keys + 1)]))
    print(  # noqa: T201 - as above
        f"plain script, {keys} requests: {calls} calls, {time.monotonic() - began:.1f} s, the same at every poll"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all parts on one desk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    asked, _ = parser.parse_known_args(arguments)
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder, desk(asked.requests) as (url, act):
        with app.bot(_settings(url, Path(folder)), conduct=Conduct(observe=meter.observe)) as made:
            passes = made.reconciler
            measure("first sweep", meter, sweep_least, passes.sweep)
            measure("pass over its own writes", meter, changed_least, passes.changed)
            act("answer", min(1000, asked.requests))
            measure("changed requests", meter, changed_least, passes.changed)
            measure("idle sweep", meter, sweep_least, passes.sweep)
            breaches(made, act, 100)
            made.journal.advance(CLOCK.now() + timedelta(minutes=10))  # as later, when all this is no longer recent
            measure("idle pass", meter, changed_least, passes.changed)
        plain_script(url, min(asked.requests, 1000))


def _settings(url: str, folder: Path) -> Settings:
    told = {
        "URL": url,
        "EMAIL": AUTH[0],
        "API_TOKEN": AUTH[1],
        "CONFIG_DIR": str(CONFIG),
        "JOURNAL_URL": f"sqlite:///{folder / 'journal.db'}",
        "LOG_LEVEL": "ERROR",
    }
    return read_settings({f"JSM_SLA_BOT_{name}": value for name, value in told.items()})


if __name__ == "__main__":
    main()
