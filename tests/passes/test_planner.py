"""The middle of a pass on its own: a plan or the reason why there is none, and nothing else happens."""

from dataclasses import replace
from typing import Any, cast

import pytest

from jsm_sla_bot import app
from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.passes.planner import Planned, planned
from jsm_sla_bot.ports.site import Fetched, RequestSource, SetAside, Sighting
from jsm_sla_bot.sla.request import RequestSnapshot
from tests.scenarios.world import World

NOTHING = cast("RequestSnapshot", None)
"""What no reader of Jira returns: planning it is an error of our own."""


class Garbling:
    """A source of requests of which one comes without what was read of it."""

    def __init__(self, source: RequestSource, key: str) -> None:
        self._source = source
        self._key = key

    def __getattr__(self, name: str) -> Any:
        """Do as the source does."""
        return getattr(self._source, name)

    def fetch(self, ids: list[str]) -> Fetched:
        """Read, and lose what was read of the one."""
        fetched = self._source.fetch(ids)
        return replace(
            fetched, sightings=[*map(self._garbled, fetched.sightings)]
        )

    def _garbled(self, one: Sighting) -> Sighting:
        return replace(one, snapshot=NOTHING) if one.key == self._key else one


def garble(made: app.Bot, key: str) -> None:
    """Let one request be lost on its way from the reader to the planner."""
    source = cast("RequestSource", Garbling(made.connection.source, key))
    made.reconciler.adopt(
        rules_of(made.configuration), source, made.connection.sink
    )


def test_an_error_of_our_own_is_a_reason_like_any_other(
    desk: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Planning returns the error by its type and logs nothing; it raises nothing either."""
    desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        one = made.reconciler.one("SUP-1")
        assert isinstance(one, Planned)
        capfd.readouterr()
        lost = replace(one.sighting, snapshot=NOTHING)
        aside = planned(lost, rules_of(made.configuration), desk.hands.now())
    assert isinstance(aside, SetAside)
    assert aside.fault
    assert aside.reason == f"unexpected {aside.fault}"
    assert aside.key == "SUP-1"
    assert capfd.readouterr().err == ""


def test_a_pass_logs_an_error_of_our_own_and_serves_the_others(
    desk: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """The request is set aside; the log names it and the type of the error."""
    odd, well = (
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(2)
    )
    with desk.bot() as made:
        garble(made, odd)
        report = made.reconciler.sweep()
        [failure] = made.journal.set_aside_requests()
    assert (report.outcome, report.set_aside) == ("done", 1)
    assert (failure.key, failure.failures) == (odd, 1)
    assert failure.reason.startswith("unexpected ")
    assert desk.shows(well, "Response SLA") == "Running"
    assert "request_not_understood" in capfd.readouterr().err
