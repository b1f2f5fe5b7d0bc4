from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.ports.sign_in import Basic
from tests.attempts import Attempt, watched
from tests.door import door_to
from tests.jsm.scene import NOW, URL, Scene, Time


@pytest.fixture
def time() -> Time:
    """Give a clock that only waiting moves."""
    return Time()


@pytest.fixture
def exchanges() -> list[Attempt]:
    """Give the list of every attempt at a call."""
    return []


@pytest.fixture
def options(
    time: Time, exchanges: list[Attempt]
) -> Callable[..., HttpOptions]:
    """Give a way to set up the transport without chance and real time."""

    def build(**changes: Any) -> HttpOptions:
        given = {
            "sleep": time.sleep,
            "monotonic": time.monotonic,
            "chance": lambda: 0.5,
        }
        return HttpOptions(
            **{**given, "wrapped": watched(exchanges.append), **changes}
        )

    return build


@pytest.fixture
def transport(options: Callable[..., HttpOptions]) -> Iterator[Transport]:
    """Give a transport to a site that respx stands in for."""
    opened = Transport(
        URL, Basic("bot@example.com", "s3cret-token"), options()
    )
    yield opened
    opened.close()


@pytest.fixture
def rest(transport: Transport) -> Rest:
    """Give the endpoints of that site."""
    return Rest(transport)


@pytest.fixture
def scene(
    options: Callable[..., HttpOptions], exchanges: list[Attempt], time: Time
) -> Iterator[Scene]:
    """Give a sandbox with the bot's ports on it."""
    tracker = Tracker(now=lambda: NOW)
    with door_to(tracker) as door:
        made = Scene(tracker, door, options, exchanges, time)
        yield made
        for each in made.opened:
            each.close()
