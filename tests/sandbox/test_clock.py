"""The sandbox's time, moved from Python and over the control API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.virtual_clock import VirtualClock
from tests.sandbox.callers import API, Site

START = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def hands() -> VirtualClock:
    """Stop the time on the Friday before the clocks change."""
    return VirtualClock(START, speed=0)


@pytest.fixture
def url(hands: VirtualClock) -> Iterator[str]:
    """Serve a site that goes by that clock."""
    with running(Tracker(clock=hands)) as served:
        yield served


def test_a_clock_stands_until_it_is_moved(hands: VirtualClock) -> None:
    """A stopped clock moves by hand only, and any span of time is one step."""
    assert (hands.now(), hands()) == (START, START)
    assert (
        hands.advance(days=14, minutes=1)
        == START + timedelta(days=14, minutes=1)
        == hands.now()
    )


@pytest.mark.parametrize("speed", [0, 1, 3600])
def test_a_clock_runs_at_its_speed(speed: float) -> None:
    """Ten seconds of the machine's are ten times the speed here; a change of speed moves no hands."""
    machine = [100.0]
    clock = VirtualClock(START, speed, ticks=lambda: machine[0])
    machine[0] += 10
    assert clock.now() == START + timedelta(seconds=10 * speed)
    clock.set(speed=1)
    machine[0] += 5
    assert clock.now() == START + timedelta(seconds=10 * speed + 5)


def test_a_clock_takes_no_nonsense(hands: VirtualClock) -> None:
    """A naive instant and a negative speed are refused."""
    with pytest.raises(ValueError, match="no time zone"):
        hands.set(START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="backwards"):
        hands.set(speed=-1)


def test_the_time_is_set_over_the_control_api(
    url: str, hands: VirtualClock
) -> None:
    """Whoever can reach the control API moves the time for everybody: the site's answers show it."""
    told = httpx.put(
        f"{url}/_sandbox/clock",
        json={"now": "2026-03-29T01:30:00+01:00", "speed": 0},
    ).json()
    assert told == {"now": "2026-03-29T00:30:00+00:00", "speed": 0.0}
    httpx.put(
        f"{url}/_sandbox/clock", json={"forward": 3600}
    ).raise_for_status()
    answer = httpx.get(
        f"{url}{API}/serverInfo", auth=("bot@example.com", "sandbox")
    )
    assert answer.json()["serverTime"] == "2026-03-29T03:30:00.000+0200"
    assert answer.headers["Date"] == "Sun, 29 Mar 2026 01:30:00 GMT"
    assert (
        httpx.get(f"{url}/_sandbox/clock").json()["now"]
        == hands.now().isoformat()
    )


@pytest.mark.parametrize("told", [{"now": "noon"}, {"speed": -1}])
def test_the_control_api_takes_no_nonsense(
    url: str, told: dict[str, object]
) -> None:
    """What is no time is refused, and nothing moves."""
    assert httpx.put(f"{url}/_sandbox/clock", json=told).status_code == 400
    assert (
        httpx.get(f"{url}/_sandbox/clock").json()["now"] == START.isoformat()
    )


def test_a_clock_of_somebody_else_is_not_set(site: Site) -> None:
    """A sandbox that goes by its caller's clock says so, and has no speed to show."""
    assert (
        site.bot.put("/_sandbox/clock", json={"speed": 2}).status_code == 400
    )
    assert site.bot.get("/_sandbox/clock").json()["speed"] is None
