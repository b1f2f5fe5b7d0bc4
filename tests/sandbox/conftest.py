from __future__ import annotations

from collections.abc import Iterator

import pytest

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from tests.sandbox.callers import Clock, Site


@pytest.fixture
def clock() -> Clock:
    """Stop the time at noon of an ordinary Wednesday."""
    return Clock()


@pytest.fixture
def tracker(clock: Clock) -> Tracker:
    """Set up an empty site."""
    return Tracker(now=clock)


@pytest.fixture
def site(tracker: Tracker, clock: Clock) -> Iterator[Site]:
    """Serve the site."""
    with running(tracker) as url:
        served = Site(url, tracker, clock)
        yield served
        served.bot.close()


@pytest.fixture
def key(tracker: Tracker) -> str:
    """Let a customer of Acme raise a request an hour ago."""
    return tracker.raise_request(
        "Scans stopped",
        description="None has run since two.",
        organization=12,
        severity=3,
        product="Outscan NX",
        at="2026-03-04T11:00:00Z",
    )
