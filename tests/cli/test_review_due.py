"""`review --due` as a support manager types it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli, Desk

RULES = """
reviews:
  service_review:
    every: {Knowledge: 12 months}
    with_csm: {Expert: 3 months}
  health_check:
    every: {Expert: 3 months}
"""
MIA = "Mia Lindqvist"


def turn_on(home: Path) -> None:
    """Plan reviews, with a manager for Nordbank and a first day for Acme."""
    policy = home / "config" / "policy.yaml"
    policy.write_text(policy.read_text() + RULES)
    jira = home / "config" / "jira.yaml"
    jira.write_text(jira.read_text() + "\nreviews: {}\n")
    customers = home / "config" / "organizations.yaml"
    text = customers.read_text()
    text = text.replace(
        "name: Nordbank AB\n", "name: Nordbank AB\n    csm: 5b10\n"
    )
    text = text.replace(
        "name: Acme Industries\n",
        "name: Acme Industries\n    valid_from: 2023-05-31\n",
    )
    customers.write_text(text)


def listed(cli: Cli) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the list by organization and kind."""
    told = cli("review", "--due", "--format", "json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert found["version"] == 1
    return {
        (each["organization"]["id"], each["kind"]): each
        for each in found["due"]
    }


def test_what_is_due_is_listed(cli: Cli, desk: Desk, home: Path) -> None:
    """The last one done, the due day and the manager of each organization."""
    turn_on(home)
    tracker = desk.tracker
    at = datetime(2024, 11, 30, 12, tzinfo=UTC)
    key = tracker.raise_request(
        "Quarterly review",
        organization=11,
        at=at.replace(day=1),
    )
    tracker.set_field(key, "labels", ["service-review"], as_=MIA, at=at)
    tracker.transition(key, "Resolved", as_=MIA, at=at)
    found = listed(cli)
    review = found["11", "service_review"]
    assert review["csm"] == "5b10"
    assert review["last_done_request"] == key
    assert review["months"] == 3
    assert review["last_done"] == "2024-11-30"
    assert review["due"] == "2025-02-28"
    check = found["11", "health_check"]
    assert check["due"] is None
    assert "valid_from" in check["not_planned_because"]
    acme = found["12", "service_review"]
    assert acme["counted_from"] == "2023-05-31"
    assert acme["due"] == "2024-05-31"
    assert ("18", "service_review") not in found
    assert found["15", "service_review"]["due"] is None


def test_a_list_for_people(cli: Cli, desk: Desk, home: Path) -> None:
    """One line each, the earliest first."""
    turn_on(home)
    told = cli("review", "--due")
    assert told.code == 0, told.err
    assert told.out.index("2024-05-31") < told.out.index("Nordbank")
    assert "over" in told.out


def test_nothing_is_planned_as_shipped(cli: Cli, desk: Desk) -> None:
    """It is said where that is turned on."""
    told = cli("review", "--due")
    assert told.code == 1
    assert "policy.yaml has no `reviews`" in told.err


def test_it_is_asked_alone(cli: Cli, desk: Desk) -> None:
    """No period and no organization goes with it."""
    told = cli("review", "12", "--due")
    assert told.code == 1
    assert "give it alone" in told.err
