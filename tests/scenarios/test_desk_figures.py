"""The figures of the desk over days: what a dashboard shows is what `report` counts."""

from datetime import timedelta

import pytest

from jsm_sandbox.play.administration import open_project
from jsm_sla_bot import app
from tests.scenarios.world import World

MIA = "Mia Lindqvist"
OPEN = "jsm_sla_bot_open_requests"
DUE_NEXT = "jsm_sla_bot_due_next_requests"
DECIDED = "jsm_sla_bot_promises_decided"
TROUBLED = "jsm_sla_bot_troubled_requests"
NEXT_DUE = "jsm_sla_bot_next_due_timestamp_seconds"


def figures(made: app.Bot) -> dict[str, float]:
    """Return the figures of the desk, each by its name and labels."""
    found: dict[str, float] = {}
    for family in made.metrics.registry.collect():
        if family.name not in (OPEN, DUE_NEXT, DECIDED, TROUBLED, NEXT_DUE):
            continue
        for sample in family.samples:
            labels = " ".join(sample.labels.values())
            found[f"{sample.name.removeprefix('jsm_sla_bot_')} {labels}"] = (
                sample.value
            )
    return found


def poll(made: app.Bot) -> None:
    """Do what the daemon does at each poll."""
    made.reported(made.reconciler.changed())
    made.reported(made.reconciler.due())


def test_the_desk_is_counted_as_it_goes(desk: World) -> None:
    """S1 of Knowledge is owed within 8 business hours: of Monday 10:00, on Tuesday at 10:00 in Stockholm."""
    kept = desk.tracker.raise_request(organization=12, severity=1)
    desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reporting.begin()
        assert figures(made) == {}
        made.reported(made.reconciler.sweep())
        due = desk.hands.now() + timedelta(hours=24)
        assert figures(made) == {
            "open_requests Running Knowledge 1": 2,
            "next_due_timestamp_seconds ": due.timestamp(),
        }
        desk.wait(hours=6)
        desk.tracker.comment(kept, "We are on it.", as_=MIA)
        poll(made)
        assert figures(made)["promises_decided met Knowledge 1"] == 1
        assert figures(made)["open_requests Met Knowledge 1"] == 1
        assert not any("due_next" in name for name in figures(made))
        desk.wait(hours=9)
        assert figures(made)["due_next_requests Knowledge 1"] == 1
        desk.wait(hours=9, minutes=1)
        poll(made)
        found = figures(made)
        assert found["open_requests Breached Knowledge 1"] == 1
        assert found["troubled_requests 12 Breached"] == 1
        assert found["promises_decided missed Knowledge 1"] == 1
        assert "next_due_timestamp_seconds " not in found


def test_a_week_later_it_is_no_news(desk: World) -> None:
    """What was kept leaves the figures by time alone; a breach that nobody answers stays open."""
    kept = desk.tracker.raise_request(organization=12, severity=1)
    desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reporting.begin()
        desk.tracker.comment(kept, "We are on it.", as_=MIA)
        desk.tracker.transition(kept, "Resolved", as_=MIA)
        made.reported(made.reconciler.sweep())
        assert figures(made)["promises_decided met Knowledge 1"] == 1
        desk.wait(days=9)
        poll(made)
        assert figures(made) == {
            "open_requests Breached Knowledge 1": 1,
            "troubled_requests 12 Breached": 1,
        }


@pytest.mark.slow
@pytest.mark.parametrize("how", ["deleted", "moved", "ignored"])
def test_what_is_gone_is_not_counted(desk: World, how: str) -> None:
    """Deleted, in a project that is not served, or left alone by its label."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    open_project(desk.tracker, "OPS", "Operations")
    jira = desk.config / "jira.yaml"
    text = jira.read_text("utf-8")
    served = text.replace("projects: []", "projects: [SUP]")
    jira.write_text(served, "utf-8")
    with desk.bot() as made:
        made.reporting.begin()
        made.reported(made.reconciler.sweep())
        assert figures(made)["open_requests Running Knowledge 1"] == 1
        desk.wait(minutes=1)
        match how:
            case "deleted":
                desk.tracker.delete(key)
            case "moved":
                desk.tracker.relocate(key, "OPS")
            case _:
                desk.tracker.set_field(
                    key, "labels", ["sla-bot-ignore"], as_=MIA
                )
        for _ in range(12):
            desk.wait(minutes=10)
            made.reported(made.reconciler.sweep())
            poll(made)
        assert figures(made) == {}


def test_after_a_restart_the_first_sweep_counts_all_of_it_again(
    desk: World,
) -> None:
    """Nothing of the figures is kept in the journal."""
    kept = desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reporting.begin()
        desk.tracker.comment(kept, "We are on it.", as_=MIA)
        made.reported(made.reconciler.sweep())
        before = figures(made)
    with desk.bot() as made:
        made.reporting.begin()
        assert figures(made) == {}
        made.reported(made.reconciler.sweep())
        assert figures(made) == before
