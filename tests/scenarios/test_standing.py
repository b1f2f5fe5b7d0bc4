"""How the daemon stands over its life: started, waiting for a person, at work, cut off from Jira."""

import pytest

from jsm_sla_bot import app
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.ports.journal import DaemonFacts
from tests.scenarios.world import World


def stands(made: app.Bot) -> tuple[bool, bool, bool]:
    """Return whether it is alive, ready and without a problem."""
    health = made.health
    return not health.dead(), not health.waits_for(), not health.problems()


def poll(made: app.Bot) -> None:
    """Do what the daemon does at each poll."""
    made.reporting.beat()
    if made.sweep_owed():
        made.reported(made.reconciler.sweep())
    made.reported(made.reconciler.changed())
    made.reporting.beat()


def test_before_anything_has_worked_nothing_is_well(desk: World) -> None:
    """A daemon that has just started is alive; a site that never answers leaves it so."""
    desk.tracker.raise_request(organization=12, severity=3)
    desk.goes_wrong(".*", "503", times=0)
    with desk.bot() as made:
        made.reporting.begin()
        assert stands(made) == (True, False, False)
        poll(made)
        assert stands(made) == (True, False, False)
        assert "503" in made.health.waits_for()["jira"]
        desk.goes_well()
        desk.wait(minutes=11)
        poll(made)
        assert stands(made) == (True, True, True)


def test_waiting_for_a_word_is_alive_and_not_ready(desk: World) -> None:
    """It has reached Jira and may not write; with the word it is ready."""
    desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot(FIRST_CONTACT="ask") as made:
        made.reporting.begin()
        poll(made)
        assert stands(made) == (True, False, False)
        assert made.health.waits_for().keys() == {"policy"}
        assert "first contact" in made.health.waits_for()["policy"]
        assert allow(made.journal, made.configuration.policy.hash)
        desk.wait(seconds=30)
        poll(made)
        assert stands(made) == (True, True, True)
        assert not allow(made.journal, made.configuration.policy.hash)


def test_a_policy_held_back_beside_one_in_force_leaves_it_ready(
    desk: World,
) -> None:
    """It goes on writing under the one before; that something waits for a person is a problem all the same."""
    for _ in range(30):
        desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reporting.begin()
        poll(made)
        path = desk.config / "policy.yaml"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("S3: 24 business hours", "S3: 2 business hours"),
            "utf-8",
        )
        assert text != path.read_text("utf-8")
        desk.wait(minutes=1)
        poll(made)
        assert stands(made) == (True, True, False)
        assert "budget" in made.health.problems()


def test_a_loop_that_stands_still_is_dead(desk: World) -> None:
    """By a clock that nobody sets."""
    with desk.bot() as made:
        made.reporting.begin()
        desk.naps.take(30)
        assert not made.health.dead()
        desk.naps.take(60)
        assert "stood still" in made.health.dead()["loop"]
        made.reporting.beat()
        assert not made.health.dead()


def test_an_organization_without_a_tier_is_counted_and_logged_once_a_day(
    desk: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Only its open requests count; a sweep on the same day says nothing more, and a tier ends it."""
    for _ in range(2):
        desk.tracker.raise_request(organization=19, severity=3)
    done = desk.tracker.raise_request(organization=19, severity=3)
    desk.tracker.transition(done, "Resolved", as_="Mia Lindqvist")
    figure = "jsm_sla_bot_unmapped_open_requests"
    with desk.bot() as made:
        made.reporting.begin()
        for _ in range(2):
            made.reported(made.reconciler.sweep())
        registry = made.metrics.registry
        labels = {"organization": "19"}
        assert registry.get_sample_value(figure, labels) == 2.0
        assert capfd.readouterr().err.count("organization_unmapped") == 1
        desk.wait(days=1)
        made.reported(made.reconciler.sweep())
        assert capfd.readouterr().err.count("organization_unmapped") == 1
        organizations = desk.config / "organizations.yaml"
        text = organizations.read_text()
        entry = "\n  - id: 19\n    name: Unmapped Ltd\n    tier: Knowledge\n"
        organizations.write_text(f"{text}{entry}")
        made.sweep_owed()
        made.reported(made.reconciler.sweep())
        assert registry.get_sample_value(figure, labels) is None


@pytest.mark.parametrize("last_day", ["2026-03-20", "2026-02-20"])
def test_a_token_that_ends_is_said_once(desk: World, last_day: str) -> None:
    """`status` has it among the problems, not among what the site lacks as well."""
    with desk.bot(TOKEN_EXPIRES=last_day) as made:
        made.reporting.begin()
        made.look_at_site()
        poll(made)
        facts = made.journal.recall(DaemonFacts)
    assert facts is not None
    assert facts.problems
    said = [*facts.problems.values(), *(facts.warnings or ())]
    about = [each for each in said if "token is good until" in each]
    assert about == [facts.problems["token"]]
