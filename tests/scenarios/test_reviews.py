"""Requests for service reviews: raised ahead of time, one each, whatever goes wrong (D29)."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from jsm_sandbox.http.exchanges import Exchange, observers
from jsm_sla_bot import app
from jsm_sla_bot.app import site_setup
from jsm_sla_bot.doctor.checks import by_name
from jsm_sla_bot.ports.journal import PassKind
from tests.scenarios.world import World

RULES = """
reviews:
  service_review:
    every: {Expert: 3 months}
    raise_requests: true
    summary: "Review of {organization}, due {due}"
  health_check:
    every: {Expert: 3 months}
"""
NAMES = "\nreviews: {project: SUP, issue_type: Task}\n"
AGENT = "Mia Lindqvist"
REVIEW = "service-review"
LOST = ["503-after", "timeout-after", "reset-after"]
NOT_DONE = ["503", "timeout", "reset"]


@pytest.fixture
def planned(desk: World) -> World:
    """Plan reviews; Nordbank's first one, managed by Mia, is due on 1 April, and it is 2 March."""
    edit(desk, "policy.yaml", "", RULES)
    edit(desk, "jira.yaml", "", NAMES)
    mia = desk.tracker.account(AGENT).account_id
    edit(
        desk,
        "organizations.yaml",
        "name: Nordbank AB\n",
        f"name: Nordbank AB\n    valid_from: 2026-01-01\n    csm: {mia}\n",
    )
    desk.wait(hours=1)
    return desk


def edit(desk: World, file: str, old: str, new: str) -> None:
    """Replace a text of the configuration; an empty one stands at the end."""
    path = desk.config / file
    text = path.read_text(encoding="utf-8")
    changed = text.replace(old, new, 1) if old else text + new
    path.write_text(changed, encoding="utf-8")


def swept(desk: World, times: int = 1) -> None:
    """Let a daemon that has just started sweep."""
    with desk.bot() as made:
        for _ in range(times):
            made.run(PassKind.SWEEP)


def reviews(desk: World, *, label: str = REVIEW) -> list[dict[str, Any]]:
    """Return the requests that carry a label."""
    return [
        each
        for each in desk.requests()
        if label in (each["fields"]["Labels"] or [])
    ]


def still_open(desk: World) -> list[dict[str, Any]]:
    """Return the open ones."""
    return [
        each
        for each in reviews(desk)
        if each["fields"]["Status"] not in ("Resolved", "Closed", "Declined")
    ]


def raised(desk: World) -> int:
    """Count the requests that the site was asked to raise, with success."""
    return sum(
        call["method"] == "POST" and call["path"].endswith("/api/3/issue")
        for call in desk.calls()
    )


def lose_journal(desk: World) -> None:
    """Delete the journal."""
    for file in desk.folder.glob("journal.db*"):
        file.unlink()


def test_a_review_is_raised_ahead_of_time(planned: World) -> None:
    """With label, organization, manager, and the texts of the policy; no customer sees it."""
    swept(planned, 3)
    [found] = reviews(planned)
    fields = found["fields"]
    assert fields["Summary"] == "Review of Nordbank AB, due 2026-04-01"
    assert fields["Assignee"] == AGENT
    assert fields["Organizations"] == ["Nordbank AB"]
    assert fields["Labels"] == [REVIEW]
    assert fields["Request Type"] is None
    assert not planned.public_notes()


def test_it_has_no_response_target(planned: World) -> None:
    """The next pass shows that it is not measured."""
    swept(planned, 2)
    [found] = reviews(planned)
    assert planned.shows(found["key"], "Response SLA") == "Not applicable"


def test_it_is_not_raised_too_early(planned: World) -> None:
    """Thirty-one days before its due day there is none, whatever the time of day in Stockholm."""
    planned.at("2026-03-01T23:59+01:00")
    swept(planned)
    assert not reviews(planned)
    planned.at("2026-03-02T00:00+01:00")
    swept(planned)
    assert len(reviews(planned)) == 1


def test_nothing_is_raised_without_the_switch(planned: World) -> None:
    """The list knows of it, Jira does not; the kind without the switch never is raised."""
    switch = "3 months}\n    raise_requests: true"
    edit(planned, "policy.yaml", switch, "3 months}")
    swept(planned)
    assert not planned.requests()


def test_one_that_a_person_raised_is_enough(planned: World) -> None:
    """It is found by its label and organization."""
    tracker = planned.tracker
    key = tracker.raise_request("Our review", organization=11)
    tracker.set_field(key, "Labels", [REVIEW], as_=AGENT)
    swept(planned, 2)
    assert [each["key"] for each in reviews(planned)] == [key]


def test_the_next_one_comes_when_it_is_due_again(planned: World) -> None:
    """Three months after the day on which the last one was resolved, less thirty days."""
    swept(planned)
    [first] = reviews(planned)
    planned.at("2026-03-31T12:00+02:00")
    planned.tracker.transition(first["key"], "Resolved", as_=AGENT)
    planned.at("2026-05-30T12:00+02:00")
    swept(planned, 2)
    assert not still_open(planned)
    planned.at("2026-05-31T12:00+02:00")
    swept(planned, 2)
    [second] = still_open(planned)
    assert second["fields"]["Summary"].endswith("due 2026-06-30")


def test_one_that_was_declined_is_not_raised_again(planned: World) -> None:
    """The customer wants none this time; with a lost journal neither."""
    swept(planned)
    [first] = reviews(planned)
    planned.tracker.transition(first["key"], "Declined", as_=AGENT)
    lose_journal(planned)
    planned.wait(days=3)
    swept(planned, 2)
    assert len(reviews(planned)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("keep_journal", [True, False])
def test_a_lost_answer_raises_no_second_one(
    planned: World, kind: str, *, keep_journal: bool
) -> None:
    """It was raised, and the index does not know it yet: the database does."""
    planned.client.put("/_sandbox/switches", json={"index_lag": 120})
    planned.goes_wrong("POST .*/api/3/issue$", kind)
    swept(planned)
    if not keep_journal:
        lose_journal(planned)
    swept(planned, 2)
    assert len(reviews(planned)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", NOT_DONE)
def test_what_was_not_carried_out_is_owed_still(
    planned: World, kind: str
) -> None:
    """The next sweep raises it."""
    planned.goes_wrong("POST .*/api/3/issue$", kind, times=0)
    swept(planned)
    assert not reviews(planned)
    planned.goes_well()
    swept(planned, 2)
    assert len(reviews(planned)) == 1


@contextmanager
def hung_up_after(made: app.Bot, some: int) -> Iterator[Iterator[int]]:
    """Hang up on the site as soon as it has answered so many calls, as a kill does."""
    answered = count(1)

    def strike(_: Exchange) -> None:
        if next(answered) == some:
            made.hang_up()

    observers.append(strike)
    try:
        yield answered
    finally:
        observers.remove(strike)


@pytest.mark.slow
@pytest.mark.parametrize("keep_journal", [True, False])
def test_ended_at_each_call_it_comes_to_one(
    planned: World, *, keep_journal: bool
) -> None:
    """A dozen and more of broken rounds, one after the other, and a whole one: one open request, none twice."""
    with planned.bot() as made:
        made.reconciler.sweep()
    for some in range(1, 24):
        with planned.bot() as made, hung_up_after(made, some):
            made.run(PassKind.SWEEP)
        if not keep_journal:
            lose_journal(planned)
        assert len(reviews(planned)) <= 1
    swept(planned, 2)
    assert len(reviews(planned)) == len(still_open(planned)) == 1


def test_of_two_the_younger_is_closed(planned: World) -> None:
    """As after two daemons: the older stays, the younger loses its label, and counts as no review that was done."""
    swept(planned)
    [first] = reviews(planned)
    planned.tracker.set_field(first["key"], "Labels", [], as_=AGENT)
    lose_journal(planned)
    planned.wait(minutes=1)
    swept(planned)
    planned.tracker.set_field(first["key"], "Labels", [REVIEW], as_=AGENT)
    assert len(still_open(planned)) == 2
    swept(planned, 2)
    assert [each["key"] for each in reviews(planned)] == [first["key"]]
    [younger] = reviews(planned, label=f"{REVIEW}-duplicate")
    assert younger["fields"]["Status"] in ("Resolved", "Closed")
    assert younger["fields"]["Summary"].startswith(
        f"Duplicate of {first['key']}: "
    )
    assert not planned.public_notes()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["503-after", "503", "reset-after"])
@pytest.mark.parametrize("call", ["PUT .*/issue/", "POST .*/transitions"])
def test_a_closing_that_was_cut_short_is_finished(
    planned: World, call: str, kind: str
) -> None:
    """What lost its label and is open still is closed by the next round."""
    swept(planned)
    [first] = reviews(planned)
    planned.tracker.set_field(first["key"], "Labels", [], as_=AGENT)
    lose_journal(planned)
    planned.wait(minutes=1)
    swept(planned, 2)
    planned.tracker.set_field(first["key"], "Labels", [REVIEW], as_=AGENT)
    planned.goes_wrong(call, kind, times=3)
    swept(planned)
    planned.goes_well()
    swept(planned, 2)
    assert [each["key"] for each in still_open(planned)] == [first["key"]]
    [younger] = reviews(planned, label=f"{REVIEW}-duplicate")
    assert younger["fields"]["Status"] in ("Resolved", "Closed")


def test_a_younger_one_that_a_person_raised_is_left_alone(
    planned: World,
) -> None:
    """The bot closes its own only."""
    swept(planned)
    planned.wait(minutes=1)
    key = planned.tracker.raise_request("Mine", organization=11)
    planned.tracker.set_field(key, "Labels", [REVIEW], as_=AGENT)
    swept(planned, 2)
    assert len(still_open(planned)) == 2


def test_an_assignee_that_the_site_refuses_is_left_out(
    planned: World,
) -> None:
    """The request is raised without; nobody is told anything else."""
    mia = planned.tracker.account(AGENT).account_id
    edit(planned, "organizations.yaml", f"csm: {mia}", "csm: 5b10nobody")
    swept(planned)
    [found] = reviews(planned)
    assert found["fields"]["Assignee"] is None


def test_a_policy_that_may_not_be_written_raises_nothing(
    planned: World,
) -> None:
    """A sweep that failed or was refused is followed by no round."""
    planned.goes_wrong("POST .*/search", "503", times=0)
    swept(planned)
    planned.goes_well()
    assert not raised(planned)


@pytest.mark.parametrize("withheld", ["CREATE_ISSUES", "ASSIGN_ISSUES"])
def test_the_doctor_says_what_raising_lacks(
    planned: World, withheld: str
) -> None:
    """Before the day comes on which a request is to be raised, and not on a desk that raises none."""
    change = {"withheld_permissions": [withheld]}
    planned.client.put("/_sandbox/switches", json=change).raise_for_status()
    [(_, verdict)] = site_setup.examined(
        planned.settings(),
        by_name(["permissions"]),
        lambda _: None,
        planned.options(),
        planned.hands,
    )
    assert verdict.is_finding
    assert withheld in str(verdict.details)
