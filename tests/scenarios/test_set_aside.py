"""One request that can't be read, or judged, is set aside by its key and with its reason; it stops no other."""

from dataclasses import replace
from typing import Any

import pytest

from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.passes.planner import Planned, planned
from jsm_sla_bot.ports.journal import Failure
from jsm_sla_bot.ports.site import SetAside
from tests.scenarios.world import World

pytestmark = pytest.mark.off_contract


def plant(desk: World, key: str, name: str, value: Any) -> None:
    """Let a field of a request show what no real site would."""
    issue = desk.tracker.issue(key)
    field = desk.tracker.site.field_id(name)
    issue.fields[field] = value


def aside(desk: World) -> list[Failure]:
    """Return what is set aside after a sweep."""
    with desk.bot() as made:
        report = made.reconciler.sweep()
        assert report.failed is None
        return list(made.journal.set_aside_requests())


@pytest.mark.parametrize(
    ("called", "why"),
    [
        ("9999-12-31T23:59:59.000+0000", "Customer called at: the year 9999"),
        ("0001-01-01T00:00:00.000+1400", "Customer called at"),
        ("9" * 5000, "Customer called at: a number that is no instant"),
    ],
    ids=["the last year", "before the first", "digits"],
)
def test_a_call_that_no_calendar_has_sets_its_request_aside(
    desk: World, called: Any, why: str
) -> None:
    """The reason names the field; the other request is served."""
    odd = desk.tracker.raise_request(organization=12, severity=1)
    well = desk.tracker.raise_request(organization=12, severity=1)
    plant(desk, odd, "Customer called at", called)
    [failure] = aside(desk)
    assert (failure.key, why in failure.reason) == (odd, True), failure.reason
    assert desk.shows(well, "Response SLA") == "Running"


def test_a_change_in_days_to_come_is_not_judged(desk: World) -> None:
    """A request last changed years ahead would be judged as of then: breached and escalated."""
    desk.tracker.raise_request(organization=12, severity=4)
    with desk.bot() as made:
        one = made.reconciler.one("SUP-1")
        assert isinstance(one, Planned)
        later = replace(
            one.sighting, updated=desk.hands.now().replace(year=2096)
        )
        told = planned(later, rules_of(made.configuration), desk.hands.now())
    assert isinstance(told, SetAside)
    assert "lies ahead: 2096-03-02" in told.reason


def test_a_job_that_breaks_is_in_the_status_of_a_bot_that_makes_no_pass(
    desk: World,
) -> None:
    """`status` reads what was left in the journal, so it is left there at once, and taken back when all is well."""
    with desk.bot() as made:
        for why in ("unexpected OverflowError, see the log", None):
            made.reporting.broken("sweep", why)
            told = str(standing(made.journal, desk.hands.now()))
            assert ("unexpected OverflowError" in told) is (why is not None)
