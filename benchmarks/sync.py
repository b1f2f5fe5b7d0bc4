"""The sync against a sandbox with 50 ms latency and Jira's limits on, beside a plain script on the same desk.

`python -m benchmarks.sync --requests 1000`: first sweep, idle pass, changed requests, breaches in one minute; calls
against the least possible, seconds against the limiter's floor, peak memory, delay from instant to field. The
limiter lets 40 writes a second through, so a sweep over 100,000 requests takes most of an hour. At the end: what an
idle pass costs on this desk and on one of 1,000 requests.
"""

import argparse
import math
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.desk import AUTH, CLOCK, Act, desk, settings
from benchmarks.stopwatch import tell
from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.limiter import RATES
from jsm_sla_bot.passes.selection import OVERLAP
from jsm_sla_bot.ports.journal import PassReport

SMALL = 1000
"""The size of the desk with which the idle pass is compared; and so many requests are changed."""
POLLED = 250
"""So many the plain script polls: each costs it the same."""
BREACHES = 100
MANY = 5000
"""From here on the last writes of the sweep are waited out: for five minutes a pass still looks over them."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A bot at a desk."""

    made: app.Bot
    act: Act
    url: str

    def sweep(self, name: str) -> int:
        """Measure a sweep; return its calls."""
        return self._measure(name, sweep_least, self.made.reconciler.sweep)

    def changed(self, name: str) -> int:
        """Measure a pass over what has changed; return its calls."""
        return self._measure(name, changed_least, self.made.reconciler.changed)

    def idle(self, name: str) -> int:
        """Measure a pass that finds nothing; return its calls."""
        self.made.journal.advance(
            CLOCK.now() + timedelta(minutes=10)
        )  # as later, when nothing here is recent
        return self.changed(name)

    def _measure(
        self,
        name: str,
        least: Callable[[PassReport], int],
        run: Callable[[], PassReport],
    ) -> int:
        before = self._calls()
        began = time.monotonic()
        report = run()
        seconds = time.monotonic() - began
        made = self._calls() - before
        calls = made.total()
        floor = _floor(made)
        low = least(report)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        tell(
            f"{name:26} {report.read:7} read {report.writes:7} writes {calls:7} calls, least {low:7}"
            f" ({calls / low:.2f}) {seconds:8.1f} s, floor {floor:7.1f} s  peak {peak:.0f} MB  {report.failed or ''}"
        )
        return calls

    def _calls(self) -> Counter[str]:
        """Return how often each endpoint has been called so far."""
        lanes = self.made.connection.calls()
        return Counter(
            {endpoint: count for endpoint, (count, _) in lanes.items()}
        )


@contextmanager
def bench(requests: int) -> Iterator[Bench]:
    """Set a bot to work at a fresh desk with so many requests."""
    with (
        tempfile.TemporaryDirectory() as folder,
        desk(requests) as (url, act),
        app.bot(settings(url, Path(folder))) as made,
    ):
        yield Bench(made, act, url)


def _floor(calls: Counter[str]) -> float:
    return max(
        (
            count / RATES[endpoint.split()[0]]
            for endpoint, count in calls.items()
        ),
        default=0.0,
    )


def sweep_least(report: PassReport) -> int:
    """One search page of ids per 5,000, a bulk read per 100, a changelog per 1,000, the writes; identity and time."""
    return 2 + math.ceil(report.seen / 5000) + _reads(report) + report.writes


def changed_least(report: PassReport) -> int:
    """As a sweep, but with a search page per 100."""
    return (
        2
        + max(1, math.ceil(report.seen / 100))
        + _reads(report)
        + report.writes
    )


def _reads(report: PassReport) -> int:
    return math.ceil(report.read / 100) + math.ceil(report.read / 1000)


def breaches(made: app.Bot, act: Act, count: int) -> None:
    """Let requests fall due within a minute, and measure how late each of them shows it."""
    due = dict(act("breach", count))
    made.reconciler.changed()
    end = max(due.values()) + timedelta(seconds=5)
    while (now := CLOCK.now()) < end:
        upcoming = made.journal.next_change_at()
        time.sleep(
            max(
                0.05,
                min(
                    (upcoming - now).total_seconds() if upcoming else 1.0, 1.0
                ),
            )
        )
        made.reconciler.due()
    shown = act("shown", 0)
    late = sorted(
        (shown[key] - instant).total_seconds()
        for key, instant in due.items()
        if key in shown
    )
    cut = quantiles(late or [math.nan] * 2, n=100)
    tell(
        f"{count} breaches in a minute: {len(late)} shown, delay p50 {cut[49]:.2f} s, p99 {cut[98]:.2f} s"
    )


def plain_script(url: str, keys: int) -> float:
    """Poll a part of the desk as most scripts do: for each request the issue, its comments, and a PUT.

    Return the calls for each request.
    """
    began = time.monotonic()
    with (
        httpx.Client(base_url=url, auth=AUTH, timeout=30) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        field_id = next(
            one["id"]
            for one in client.get("/rest/api/3/field").json()
            if one["name"] == "Response target"
        )

        def one(key: str) -> int:
            client.get(f"/rest/api/3/issue/{key}")
            client.get(f"/rest/api/3/issue/{key}/comment")
            client.put(
                f"/rest/api/3/issue/{key}",
                json={"fields": {field_id: "24 h, business hours"}},
            )
            return 3

        calls = sum(
            pool.map(one, [f"SUP-{number}" for number in range(1, keys + 1)])
        )
    tell(
        f"plain script, {keys} requests: {calls} calls, {time.monotonic() - began:.1f} s, the same at every poll"
    )
    return calls / keys


def beside_plain_script(
    plain: float, requests: int, passes: Mapping[str, int]
) -> None:
    """Compare calls per request of the desk and poll."""
    told = [
        f"{name} {calls / requests:.4f} (1/{plain * requests / calls:,.1f})"
        for name, calls in passes.items()
    ]
    tell(
        f"calls per request and poll: plain script {plain:.2f}, {', '.join(told)}"
    )


def beside_small_desk(requests: int, idle: int) -> None:
    """Compare the calls of an idle pass on this desk with those on a small one."""
    small = idle if requests == SMALL else _small_idle()
    tell(
        f"idle pass: {idle} calls at {requests:,} requests, {small} at {SMALL:,}: {idle / small:.2f} times"
    )


def _small_idle() -> int:
    with bench(SMALL) as small:
        small.sweep(f"first sweep, {SMALL:,}")
        return small.idle(f"idle pass, {SMALL:,}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all parts on one desk, and what is compared on a small one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=SMALL)
    asked, _ = parser.parse_known_args(arguments)
    requests, some = asked.requests, min(SMALL, asked.requests)
    tell(f"\nthe sync, {requests:,} requests")
    with bench(requests) as here:
        here.sweep("first sweep")
        here.changed("pass over its own writes")
        if requests > MANY:
            tell(
                "waiting until the writes of the sweep lie behind the overlap"
            )
            time.sleep(OVERLAP.total_seconds() + 5)
            here.made.reconciler.changed()
        here.act("answer", some)
        changed = here.changed("changed requests")
        here.sweep("idle sweep")
        breaches(here.made, here.act, BREACHES)
        idle = here.idle("idle pass")
        plain = plain_script(here.url, min(POLLED, requests))
    beside_plain_script(
        plain,
        requests,
        {"idle pass": idle, f"pass over {some:,} changed": changed},
    )
    beside_small_desk(requests, idle)


if __name__ == "__main__":
    main()
