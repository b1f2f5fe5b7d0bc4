"""A request that some rule changes for ever costs time in proportion, from its history to its plan."""

from datetime import timedelta

import pytest

from jsm_sla_bot.jsm.decode.request import Past, head, sighting
from tests.jsm.wire import PROJECT, RUTH, changed, issue, item, site, utc
from tests.plan.jira import planned

MANY = 6_000
OPTIONS = (("10011", "S1 - Critical"), ("10012", "S2 - Major"))
CLIENTS = (("27", "Acme"), ("28", "Borealis"))
FIELDS = {
    "Severity": ("customfield_10001", OPTIONS),
    "Organizations": ("customfield_10004", CLIENTS),
}


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "at_once", [False, True], ids=["in turn", "at one instant"]
)
@pytest.mark.parametrize("name", FIELDS)
def test_thousands_of_changes_take_seconds(
    name: str, *, at_once: bool
) -> None:
    """What costs the square of it takes minutes."""
    field, values = FIELDS[name]
    log = []
    for number in range(MANY):
        at = utc("2026-03-06 21:11") + timedelta(
            seconds=0 if at_once else number
        )
        old, new = values[number % 2], values[(number + 1) % 2]
        shown = item(
            name, old[0], new[0], field_id=field, strings=(old[1], new[1])
        )
        log.append(changed(number + 1, at.isoformat(), shown, by=RUTH))
    found = sighting(head(issue()), Past(log), site(), PROJECT)
    plan = planned(found.snapshot, utc("2026-03-12 12:00"))
    assert plan.note
    assert plan.ledger
