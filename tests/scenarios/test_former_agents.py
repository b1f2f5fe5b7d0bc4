"""An agent has left: who answered then is no agent now, as far as Jira tells (D35)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.scenarios.world import World

MIA = "Mia Lindqvist"


@pytest.fixture
def answered(desk: World) -> str:
    """Let Mia answer a request of Acme's within the hour, and leave before any bot has seen the desk."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(minutes=30)
    desk.tracker.comment(key, "Please restart it.", as_=MIA)
    leave(desk)
    return key


def leave(desk: World) -> None:
    """Take Mia out of the agents' role."""
    account = account_of(desk)
    role = desk.tracker.site.projects[0].role("Service Desk Team")
    role.users.remove(account)


def account_of(desk: World) -> str:
    """Return Mia's account id."""
    return desk.tracker.account(MIA).account_id


def listed(desk: World, key: str) -> None:
    """Write Mia's account into `jira.yaml` under that key of `agents`."""
    path = desk.config / "jira.yaml"
    text = path.read_text("utf-8")
    empty = f"  {key}: []"
    assert empty in text
    path.write_text(
        text.replace(empty, f"  {key}: [{account_of(desk)}]"), "utf-8"
    )


def long_breached(desk: World, key: str) -> datetime:
    """Let the due time pass by an hour, as the bot will see it, and return it."""
    desk.sweep()
    due: datetime = desk.shows(key, "Response due")
    desk.hands.instant = due + timedelta(hours=1)
    desk.sweep()
    return due


def test_a_probable_answer_escalates_nothing_and_is_named_once(
    desk: World, answered: str
) -> None:
    """The clock runs out, but no rung is written: one internal note names the person, however often it is looked at."""
    long_breached(desk, answered)
    desk.wait(hours=1)
    desk.sweep()
    request = desk.request(answered)
    assert desk.shows(answered, "Response SLA") == "Breached"
    assert desk.shows(answered, "Acknowledged at") is None
    assert request["status"] == "Waiting for support"
    assert request["priority"] == "P3 Normal"
    (note,) = desk.notes(answered)
    assert account_of(desk) in note
    assert "agents.former" in note
    assert desk.public_notes() == []


def test_who_is_listed_as_a_former_agent_has_answered(
    desk: World, answered: str
) -> None:
    """Her answer counts as it did when she gave it: met, and nothing escalated."""
    long_breached(desk, answered)
    listed(desk, "former")
    desk.sweep()
    assert desk.shows(answered, "Response SLA") == "Met"
    assert desk.shows(answered, "Acknowledged at") is not None
    assert desk.request(answered)["priority"] == "P3 Normal"


def test_who_is_listed_as_no_agent_has_answered_nothing(
    desk: World, answered: str
) -> None:
    """Then what was held back is done: one note for the rungs, the highest priority."""
    long_breached(desk, answered)
    listed(desk, "automations")
    desk.sweep()
    request = desk.request(answered)
    assert desk.shows(answered, "Response SLA") == "Breached"
    assert request["priority"] == "P1 Urgent"
    assert len(desk.notes(answered)) == 2


def test_a_colleague_of_the_customer_with_an_atlassian_account_answers_nothing(
    desk: World, answered: str
) -> None:
    """Whoever belongs to the request's organization is a customer, though neither reporter nor participant."""
    account = desk.tracker.account(MIA)
    member = replace(account, organizations=(12,))
    desk.tracker.site.accounts[account.account_id] = member
    long_breached(desk, answered)
    assert desk.request(answered)["priority"] == "P1 Urgent"
    assert all("agents.former" not in note for note in desk.notes(answered))


def test_a_desk_whose_customers_are_not_shown_takes_the_person_for_a_former_agent(
    desk: World, answered: str
) -> None:
    """Where our account may not see an organization's customers, nothing is escalated in doubt."""
    desk.goes_wrong("GET .*/organization/12/user", "403", times=99)
    long_breached(desk, answered)
    assert desk.request(answered)["priority"] == "P3 Normal"
    assert any("agents.former" in note for note in desk.notes(answered))


def test_a_settled_request_stays_met_when_its_agent_leaves(
    desk: World,
) -> None:
    """What the bot saw answered by an agent stays answered."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(minutes=30)
    desk.tracker.comment(key, "Please restart it.", as_=MIA)
    desk.sweep()
    leave(desk)
    desk.wait(hours=48)
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Met"
    assert desk.notes(key) == []
