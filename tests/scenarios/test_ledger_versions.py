"""A desk whose ledgers were written by another version of the bot: nothing is written for the version's sake."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from jsm_sla_bot.daemon.standing import standing
from tests.plan.ledgers import flat
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
LEDGER = "jsm-sla-bot"


def ledger(desk: World, key: str) -> Any:
    """Return the ledger as the site keeps it."""
    return desk.tracker.issue(key).properties[LEDGER]


def busy_desk(desk: World) -> list[str]:
    """Let a desk have requests in every state; return their keys."""
    breached = desk.tracker.raise_request(organization=12, severity=1)
    not_entitled = desk.tracker.raise_request(organization=15, severity=1)
    unmapped = desk.tracker.raise_request(organization=None, severity=None)
    answered = desk.tracker.raise_request(organization=12, severity=3)
    desk.sweep()
    desk.wait(minutes=5)
    desk.tracker.comment(answered, "On it.", as_=AGENT)
    desk.wait(days=2)
    corrected = desk.tracker.raise_request(organization=12, severity=2)
    running = desk.tracker.raise_request(organization=12, severity=4)
    desk.sweep()
    desk.tracker.set_field(corrected, "Support tier", "Expert", as_=AGENT)
    desk.wait(minutes=1)
    desk.sweep()
    desk.wait(minutes=1)
    assert desk.sweep().writes == 0
    return [breached, not_entitled, unmapped, answered, corrected, running]


def looks(desk: World, key: str) -> list[Any]:
    """Return what the bot could have changed of a request."""
    names = ("Response SLA", "SLA basis", "Priority", "Status", "Updated")
    shown = desk.request(key)["fields"]
    return [*(shown.get(name) for name in names), *desk.notes(key)]


def take_back_to_version_1(desk: World, keys: list[str]) -> None:
    """Let the ledgers be those of a bot of version 1."""
    for key in keys:
        desk.tracker.issue(key).properties[LEDGER] = flat(ledger(desk, key))


@pytest.mark.parametrize(
    "is_journal_lost", [False, True], ids=["journal", "no journal"]
)
def test_a_desk_of_version_1_is_not_written_to(
    desk: World, *, is_journal_lost: bool
) -> None:
    """An update of the bot is no reason to write: not at its first sweep, nor at its second."""
    keys = busy_desk(desk)
    take_back_to_version_1(desk, keys)
    before = desk.requests()
    if is_journal_lost:
        (desk.folder / "journal.db").unlink()
    assert [desk.sweep().writes, desk.sweep().writes] == [0, 0]
    assert desk.requests() == before
    assert {ledger(desk, key)["version"] for key in keys} == {1}


def test_a_ledger_moves_to_the_present_version_with_the_next_change(
    desk: World,
) -> None:
    """Only the request that changes is written to, and what its ledger kept is kept."""
    keys = busy_desk(desk)
    breached, *others = keys
    take_back_to_version_1(desk, keys)
    old = ledger(desk, breached)
    desk.wait(minutes=1)
    desk.tracker.comment(breached, "On it, late.", as_=AGENT)
    desk.sweep()
    new = ledger(desk, breached)
    kept = new["metrics"]["first_response"]
    assert new["version"] == 2
    assert (kept["promised"], kept["rungs"]) == (old["promised"], old["rungs"])
    assert (kept["escalated"], new["notes"]) == (
        old["escalated"],
        old["notes"],
    )
    assert kept["settled"]["status"] == "Met late"
    assert {ledger(desk, key)["version"] for key in others} == {1}
    assert desk.sweep().writes == 0


@pytest.mark.parametrize(
    "is_journal_lost", [False, True], ids=["journal", "no journal"]
)
def test_a_ledger_of_a_newer_bot_is_left_as_it_is(
    desk: World, *, is_journal_lost: bool
) -> None:
    """The request is judged by its history: fields, one note, one escalation; ops learn of it, nothing is repeated."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    of_tomorrow = ledger(desk, key) | {"version": 3}
    desk.tracker.issue(key).properties[LEDGER] = of_tomorrow
    desk.wait(days=2)
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Breached"
    assert desk.request(key)["fields"]["Status"] == "Escalated"
    assert len(desk.notes(key)) == 1
    before = looks(desk, key)
    if is_journal_lost:
        (desk.folder / "journal.db").unlink()
    for _ in range(2):
        desk.wait(hours=1)
        with desk.bot() as made:
            assert made.reconciler.sweep().writes == 0
            [left] = standing(made.journal, desk.hands.now()).left_alone
        assert (left.key, "newer version" in left.because) == (key, True)
    assert looks(desk, key) == before
    assert ledger(desk, key) == of_tomorrow


def test_an_escalation_that_people_took_back_is_not_made_again(
    desk: World,
) -> None:
    """Without a ledger to go by the history says what was done before: once is enough."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    desk.wait(days=2)
    desk.sweep()
    desk.tracker.transition(key, "In progress", as_=AGENT)
    desk.tracker.transition(key, "Back to support", as_=AGENT)
    desk.tracker.issue(key).properties[LEDGER] = ledger(desk, key) | {
        "version": 3
    }
    desk.wait(hours=1)
    before = desk.request(key)["fields"]["Status"]
    notes = desk.notes(key)
    desk.sweep()
    assert desk.request(key)["fields"]["Status"] == before
    assert desk.notes(key) == notes


def test_after_the_update_a_newer_ledger_is_gone_on_with(desk: World) -> None:
    """The bot that knows the version repeats nothing of what was written meanwhile."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    known = ledger(desk, key)
    desk.tracker.issue(key).properties[LEDGER] = known | {"version": 3}
    desk.wait(days=2)
    desk.sweep()
    desk.tracker.issue(key).properties[LEDGER] = known
    desk.wait(hours=1)
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Breached"
    assert len(desk.notes(key)) == 1
    assert ledger(desk, key)["notes"]
    desk.wait(hours=1)
    assert desk.sweep().writes == 0


def test_ops_see_newer_ledgers_in_the_health_until_they_are_gone(
    desk: World,
) -> None:
    """The health counts them and names none, the log has one line for each request, however often it is read."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    known = ledger(desk, key)
    desk.tracker.issue(key).properties[LEDGER] = known | {"version": 3}
    desk.wait(hours=1)
    with desk.bot() as made, capture_logs() as lines:
        made.reporting.begin()
        for _ in range(3):
            made.reporting.passed(made.reconciler.sweep())
        seen = made.health.problems()["ledgers"]
        logged = [
            one for one in lines if one["event"] == "ledger_of_newer_bot"
        ]
        assert [one["key"] for one in logged] == [key]
        assert ("1 request" in seen, key in seen) == (True, False)
        desk.tracker.issue(key).properties[LEDGER] = known
        made.reporting.passed(made.reconciler.sweep())
        assert "ledgers" not in made.health.problems()


def test_a_look_at_a_newer_ledger_costs_one_call_a_process(
    desk: World,
) -> None:
    """What our comments carry is remembered: later passes list no comments and find nothing that differs."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.tracker.issue(key).properties[LEDGER] = {"version": 3}
    desk.sweep()
    desk.wait(days=2)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.forget_calls()
        again = [made.reconciler.sweep() for _ in range(3)]
        lists = [
            one for one in desk.calls() if one["path"].endswith("/comment")
        ]
    assert [(one.differing, one.writes) for one in again] == [(0, 0)] * 3
    assert lists == []
    assert len(desk.notes(key)) == 1
