"""The worked examples and the escalation, from the customer's click to the field that the agent reads."""

from datetime import datetime, timedelta

import pytest

from tests.scenarios.world import World
from tests.sla.contract import BY_TIER, local, utc
from tests.sla.test_worked_examples import EXAMPLES


@pytest.mark.parametrize(
    ("tier", "severity", "product", "reported", "called", "due"),
    EXAMPLES,
    ids=[f"row {number}" for number in range(1, len(EXAMPLES) + 1)],
)
def test_jira_shows_the_due_time_of_a_worked_example(
    desk: World,
    tier: str,
    severity: int,
    product: str,
    reported: str,
    called: str | None,
    due: str,
) -> None:
    """Each row of the rule book's table stands in the field *Response due*, to the second."""
    raised = desk.tracker.raise_request(
        organization=int(BY_TIER[tier]),
        severity=severity,
        product=product,
        at=local(reported),
    )
    if called:
        desk.tracker.phone(raised, at=local(called))
    desk.hands.instant = max(
        local(reported), local(called) if called else local(reported)
    ) + timedelta(minutes=1)
    desk.sweep()
    assert desk.shows(raised, "Response due") == utc(due)
    assert desk.shows(raised, "Support tier") == tier


def test_a_breach_is_noted_once_and_escalated(desk: World) -> None:
    """After the due time there is one internal note, the highest priority of the project, and the escalated status."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, product="Outscan NX"
    )
    desk.sweep()
    assert (desk.shows(raised, "Response SLA"), desk.notes(raised)) == (
        "Running",
        [],
    )
    desk.wait(hours=24, seconds=1)
    desk.sweep()
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Breached"
    assert desk.shows(raised, "Priority") == "P1 Urgent"
    assert desk.shows(raised, "Status") == "Escalated"
    [note] = desk.notes(raised)
    assert "the priority is raised to P1 Urgent" in note
    assert desk.public_notes() == []


def test_each_rung_speaks_once(desk: World) -> None:
    """The at-risk rung and the breach leave one note each, however many passes see them."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, product="Outscan NX"
    )
    for hours in (1, 21.5, 0.1, 1.5, 2, 1):
        desk.wait(hours=hours)
        desk.sweep()
    assert [note.split(":")[0] for note in desk.notes(raised)] == [
        "At risk",
        "Breached",
    ]


def test_an_answer_in_time_is_met(desk: World) -> None:
    """An agent's public comment before the due time settles the request as *Met*, at the comment's instant."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, product="Outscan NX"
    )
    desk.wait(hours=2)
    desk.tracker.comment(
        raised, "We are looking into it.", as_="Mia Lindqvist"
    )
    answered: datetime = desk.hands.instant
    desk.wait(days=3)
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Met"
    assert abs(desk.shows(raised, "Acknowledged at") - answered) < timedelta(
        seconds=1
    )
    assert desk.notes(raised) == []


def test_an_answer_too_late_is_met_late_and_not_escalated(desk: World) -> None:
    """What was answered late is told in the fields, not escalated afterwards."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, product="Outscan NX"
    )
    desk.wait(days=2)
    desk.tracker.comment(raised, "Sorry for the wait.", as_="Mia Lindqvist")
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Met late"
    assert desk.shows(raised, "Priority") != "P1 Urgent"
    assert desk.notes(raised) == []


@pytest.mark.parametrize(
    ("organization", "shown", "said"),
    [
        (14, "Not entitled", 1),
        (15, "Not entitled", 1),
        (18, "Not applicable", 0),
        (19, "Running", 1),
        (None, "Running", 1),
    ],
    ids=["expired 14", "suspended 15", "own SLA 18", "unmapped 19", "none"],
)
def test_who_is_entitled_shows(
    desk: World, organization: int | None, shown: str, said: int
) -> None:
    """Each kind of organization gets its state, and agents one note where something is to be corrected."""
    desk.at("2026-11-02T10:00+01:00")
    raised = desk.tracker.raise_request(
        organization=organization, severity=2, product="HIAB"
    )
    desk.sweep()
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == shown
    assert len(desk.notes(raised)) == said
