"""`explain` and `plan` on a request that waits for its customer, for agents and for the customer (R11)."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.config.load import load
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.calendar import BusinessCalendar
from tests.cli.conftest import Cli, Desk
from tests.cli.test_public_notes import words
from tests.sla.contract import STOCKHOLM

MIA = "Mia Lindqvist"
CUSTOMER = "Waiting for customer"
RULE = """
dormancy:
  reminders: [3 business days]
  close_after: 2 business days
"""
WAYS = """
dormancy: {close_to: Closed, reopen_to: Waiting for support}
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits since an instant."""

    key: str
    since: datetime


def waiting(desk: Desk, home: Path, **ago: float) -> Waiting:
    """Turn dormancy on, and raise a request that an agent answered so long ago."""
    config = home / "config"
    policy, jira = config / "policy.yaml", config / "jira.yaml"
    policy.write_text(policy.read_text() + RULE)
    named = f"statuses:\n  waiting: [{CUSTOMER}]\n"
    text = jira.read_text().replace("statuses:\n", named, 1)
    jira.write_text(text + WAYS)
    now = datetime.now(UTC)  # noqa: TID251 - the command goes by the machine's clock
    since = now - timedelta(**ago)
    key = desk.tracker.raise_request(
        organization=12, severity=3, at=since - timedelta(hours=1)
    )
    desk.tracker.comment(key, "Which version?", as_=MIA, at=since)
    desk.tracker.transition(key, CUSTOMER, as_=MIA, at=since)
    return Waiting(key, since)


def test_explain_says_what_comes_when_and_why(
    cli: Cli, desk: Desk, home: Path, sweden: BusinessCalendar
) -> None:
    """The steps with their days, and the grounds; the customer reads what concerns them."""
    one = waiting(desk, home, minutes=5)
    due = sweden.opening_after(one.since, 3)
    day = wording.day_text(due, STOCKHOLM)
    closes = wording.day_text(sweden.opening_after(due, 2), STOCKHOLM)
    told = words(cli("explain", one.key).out)
    assert f"dormant: reminder on {day}, closes {closes}, because: " in told
    assert f"It waits for the customer (status {CUSTOMER})." in told
    assert "The step reminder 1 falls due" in told
    customers = words(cli("explain", one.key, "--for-customer").out)
    assert f"We will remind you again on {day}." in customers
    assert f"the request is closed on {closes}." in customers
    assert "D24" not in customers
    assert "The step" not in customers


def test_explain_as_json(cli: Cli, desk: Desk, home: Path) -> None:
    """The same keys as `assess`; the customer's has sentences only."""
    one = waiting(desk, home, minutes=5)
    told = json.loads(cli("explain", one.key, "--json").out)["dormancy"]
    assert told["state"] == "dormant"
    assert told["step"] == "reminder 1"
    raw = cli("explain", one.key, "--json", "--for-customer").out
    customers = json.loads(raw)["dormancy"]
    assert customers[0] == "We wait for your answer."


def test_plan_shows_a_reminder_that_is_due(
    cli: Cli, desk: Desk, home: Path
) -> None:
    """The customer's words, and nothing else of R11."""
    one = waiting(desk, home, days=20)
    told = words(cli("plan").out)
    assert f"the customer reads Your request {one.key} is still open" in told
    assert "dormant request closed" not in told


def test_plan_shows_a_closing(cli: Cli, desk: Desk, home: Path) -> None:
    """Once the reminder stands long enough: the note, the transition, and one in the totals."""
    one = waiting(desk, home, days=20)
    cli("once")
    issue = desk.tracker.issue(one.key)
    reminder = issue.comments[-1]
    assert reminder.author.name == "SLA Bot"
    reminder.created -= timedelta(days=14)
    told = words(cli("plan").out)
    assert f"we close your request {one.key}" in told
    assert f"Status {CUSTOMER} Closed" in told
    assert "dormant request closed 1" in told
    lines = [
        json.loads(line) for line in cli("plan", "--json").out.splitlines()
    ]
    [planned] = [line for line in lines if line["key"] == one.key]
    assert "transition to Closed" in planned["also"]
    assert issue.status_name == CUSTOMER


@pytest.fixture
def sweden() -> BusinessCalendar:
    """Return the shipped calendar of Sweden."""
    folder = Path(__file__).parents[2] / "config"
    return load(folder).policy.calendars["sweden"]


def test_nothing_of_it_as_shipped(cli: Cli, desk: Desk) -> None:
    """Without the rule nothing is said of it, in neither form."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.tracker.comment(key, "Which version?", as_=MIA)
    desk.tracker.transition(key, CUSTOMER, as_=MIA)
    assert "dormant" not in cli("explain", key).out
    assert "dormancy" not in cli("explain", key, "--json").out
    assert "dormant" not in cli("plan").out
