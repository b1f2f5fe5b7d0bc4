"""A done status in which the site takes no edit: given up once, listed, and left alone until the status changes."""

from datetime import timedelta

import pytest

from jsm_sla_bot import app
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.passes.planner import Planned
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def switch(desk: World, **switches: object) -> None:
    """Turn switches of the site."""
    desk.client.put("/_sandbox/switches", json=switches).raise_for_status()


def edits(desk: World) -> int:
    """Count the edits that the site was asked for since it was asked last."""
    asked = [call for call in desk.calls() if call["method"] == "PUT"]
    desk.forget_calls()
    return len(asked)


def left(desk: World, made: app.Bot) -> dict[str, str]:
    """Return what `status` says is left as it is, and why, by key."""
    found = standing(made.journal, desk.hands.now()).left_alone
    return {one.key: one.because for one in found}


def closed(desk: World) -> str:
    """Raise a request that is answered and closed before the bot sees it."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.wait(minutes=10)
    desk.tracker.comment(key, "Done.", as_=AGENT)
    desk.tracker.transition(key, "Closed", as_=AGENT)
    return key


def test_a_frozen_request_is_given_up_once(desk: World) -> None:
    """One edit is tried and refused; `status` lists it, and neither passes nor a restart nor a touch try again."""
    switch(desk, frozen_statuses=["Closed"])
    key = closed(desk)
    open_one = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        report = made.reconciler.sweep()
        assert (report.failed, report.set_aside, report.writes) == (None, 0, 1)
        assert edits(desk) == 2
        assert "'Closed' takes no edit" in left(desk, made)[key]
        assert list(made.journal.set_aside_requests()) == []
        desk.tracker.set_field(key, "Severity", 1, as_=AGENT)
        desk.wait(minutes=1)
        made.reconciler.changed()
    for _ in range(2):
        desk.wait(hours=1)
        with desk.bot() as made:
            assert made.reconciler.sweep().differing == 0
            previewed = list(made.reconciler.preview())
            assert not any(
                isinstance(one, Planned) and one.plan for one in previewed
            )
            assert "'Closed' takes no edit" in left(desk, made)[key]
    assert edits(desk) == 0
    assert desk.shows(open_one, "Response SLA") == "Running"


def test_a_request_that_leaves_the_frozen_status_is_written_again(
    desk: World,
) -> None:
    """Reopened by an agent it gets its fields, and is no longer listed."""
    switch(desk, frozen_statuses=["Closed"])
    key = closed(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=1)
        desk.tracker.transition(key, "Waiting for support", as_=AGENT)
        desk.wait(minutes=1)
        made.reconciler.changed()
        assert left(desk, made) == {}
    assert desk.shows(key, "Response SLA") == "Met"


def test_what_was_shown_before_closing_stands(desk: World) -> None:
    """What the bot writes while the request is open is right when it is closed: nothing is tried after it."""
    switch(desk, frozen_statuses=["Closed"])
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        desk.wait(minutes=10)
        desk.tracker.comment(key, "Done.", as_=AGENT)
        made.reconciler.sweep()
        edits(desk)
        desk.wait(minutes=1)
        desk.tracker.transition(key, "Closed", as_=AGENT)
        desk.wait(minutes=1)
        made.reconciler.changed()
        assert left(desk, made) == {}
    assert edits(desk) == 0
    assert desk.shows(key, "Response SLA") == "Met"


def test_a_done_request_that_may_be_edited_is_tried_again(desk: World) -> None:
    """A refusal alone proves nothing: where editmeta offers fields the request is set aside, to be tried again."""
    key = closed(desk)
    desk.goes_wrong(f"PUT .*/issue/{desk.request(key)['id']}", "403", times=0)
    with desk.bot() as made:
        made.reconciler.sweep()
        [aside] = made.journal.set_aside_requests()
        assert aside.key == key
        desk.goes_well()
        desk.wait(minutes=1)
        made.reconciler.due()
    assert desk.shows(key, "Response SLA") == "Met"


@pytest.mark.parametrize("frozen", [False, True], ids=["editable", "frozen"])
def test_fields_stand_before_a_transition_to_a_done_status(
    desk: World, *, frozen: bool
) -> None:
    """Where an escalation leads to a done status, the fields and the priority are written before it."""
    switch(desk, frozen_statuses=["Declined"] if frozen else [])
    path = desk.config / "jira.yaml"
    text = path.read_text()
    assert "status: Escalated" in text
    path.write_text(text.replace("status: Escalated", "status: Declined"))
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", priority="P3 Normal"
    )
    desk.wait(days=1, hours=1)
    with desk.bot() as made:
        made.reconciler.sweep()
    assert desk.shows(key, "Status") == "Declined"
    assert desk.shows(key, "Priority") == "P1 Urgent"
    assert desk.shows(key, "Response SLA") == "Breached"
    assert desk.hands.instant - desk.shows(key, "Response due") < timedelta(
        days=1
    )
