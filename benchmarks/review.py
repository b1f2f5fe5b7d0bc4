"""A service review of many requests, beside a plain script that reads the same desk request by request.

`python -m benchmarks.review --requests 10000`: a desk with 50 ms latency and Jira's limits, every request with a life
of its own. Calls against the least possible, seconds of reading, of judging and of writing the page, peak memory.
"""

import argparse
import math
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx

from benchmarks.desk import AUTH, CLOCK, desk, settings
from benchmarks.stopwatch import tell
from jsm_sla_bot.app.histories import Found, histories
from jsm_sla_bot.cli.review_html import Page, as_html
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.review import Review, review

REQUESTS = 10_000
POLLED = 250
"""So many the plain script reads: each costs it the same."""
CHUNK = 500
PERIOD = timedelta(days=5)
MEGABYTE = 1024


def read(url: str, folder: Path) -> tuple[Sequence[Found], Configuration]:
    """Read the period's requests as `review` does."""
    found: list[Found] = []
    with histories(settings(url, folder), CLOCK) as site:
        now = CLOCK.now()
        ids = site.ids(now - PERIOD, now)
        for start in range(0, len(ids), CHUNK):
            some, aside = site.read(ids[start : start + CHUNK])
            found += some
            if aside:
                tell(f"{len(aside)} could not be read: {aside[0].reason}")
        return found, site.configuration


def judge(found: Sequence[Found], configuration: Configuration) -> Review:
    """Review the period of the one organization that has requests."""
    now = CLOCK.now()
    today = now.date()
    return review(
        [each.record for each in found],
        configuration.policy,
        configuration.policy.organizations["12"],
        Period(today - PERIOD, today),
        now,
    )


def least(requests: int) -> int:
    """A page of ids per 5,000, a bulk read per 100 and a changelog per 1,000; our account, and which site it is."""
    pages = math.ceil(requests / 5000)
    reads = math.ceil(requests / 100)
    pasts = math.ceil(requests / 1000)
    return 2 + pages + reads + pasts


def plain_script(url: str, keys: int) -> tuple[float, float]:
    """Read a part of the desk as most scripts do; return calls and seconds for each request."""
    began = time.monotonic()
    with (
        httpx.Client(base_url=url, auth=AUTH, timeout=30) as client,
        ThreadPoolExecutor(8) as pool,
    ):

        def one(key: str) -> int:
            issue = f"/rest/api/3/issue/{key}"
            client.get(issue, params={"expand": "changelog"})
            client.get(f"{issue}/comment")
            return 2

        numbers = range(1, keys + 1)
        calls = sum(pool.map(one, [f"SUP-{number}" for number in numbers]))
    return calls / keys, (time.monotonic() - began) / keys


def main(arguments: Sequence[str] | None = None) -> None:
    """Review one desk, and read a part of it as a plain script would."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    asked, _ = parser.parse_known_args(arguments)
    requests: int = asked.requests
    tell(f"\nthe service review, {requests:,} requests")
    with (
        tempfile.TemporaryDirectory() as folder,
        desk(requests) as (url, act),
    ):
        act("live", requests)
        act("asked", 0)
        began = time.monotonic()
        found, configuration = read(url, Path(folder))
        reading = time.monotonic() - began
        calls = Counter[str](act("asked", 0))
        plain_calls, plain_seconds = plain_script(url, min(POLLED, requests))
    began = time.process_time()
    judged = judge(found, configuration)
    judging = time.process_time() - began
    began = time.process_time()
    page = as_html(Page(judged, url))
    writing = time.process_time() - began
    low = least(requests)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    tell(
        f"{judged.whole.received:,} requests read in {reading:.1f} s with {calls.total()} calls, least {low}"
        f" ({calls.total() / low:.2f}); peak {peak:.0f} MB"
    )
    tell(", ".join(f"{name} {count}" for name, count in calls.most_common()))
    tell(
        f"judged in {judging:.1f} s of CPU, the page of {len(page) / 1e6:.1f} MB written in {writing:.1f} s of CPU"
    )
    tell(
        f"plain script: {plain_calls:.2f} calls and {plain_seconds * 1000:.1f} ms a request;"
        f" the review {calls.total() / requests:.4f} (1/{plain_calls * requests / calls.total():,.0f})"
        f" and {reading / requests * 1000:.1f} ms (1/{plain_seconds * requests / reading:.1f})"
    )


if __name__ == "__main__":
    main()
