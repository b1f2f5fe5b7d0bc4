"""A desk whose ledgers were written by another version of the bot: nothing is written for the version's sake."""

from typing import Any

import pytest

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
    assert (kept["escalated"], new["notes"]) == (old["escalated"], old["notes"])
    assert kept["settled"]["status"] == "Met late"
    assert {ledger(desk, key)["version"] for key in others} == {1}
    assert desk.sweep().writes == 0


def test_a_ledger_of_a_newer_bot_is_left_alone_and_listed(desk: World) -> None:
    """What it says can't be known here, so nothing is written over it; the other requests are served."""
    newer = desk.tracker.raise_request(organization=12, severity=1)
    other = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    of_tomorrow = ledger(desk, newer) | {"version": 3}
    desk.tracker.issue(newer).properties[LEDGER] = of_tomorrow
    before = looks(desk, newer)
    desk.wait(days=2)
    with desk.bot() as made:
        made.reconciler.sweep()
        [aside] = standing(made.journal, desk.hands.now()).set_aside
    assert (aside.key, "newer bot" in aside.reason) == (newer, True)
    assert looks(desk, newer) == before
    assert ledger(desk, newer) == of_tomorrow
    assert desk.shows(other, "Response SLA") == "Breached"


def test_after_the_update_a_newer_ledger_is_gone_on_with(desk: World) -> None:
    """The bot that knows the version makes up for what has come due meanwhile."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    known = ledger(desk, key)
    desk.tracker.issue(key).properties[LEDGER] = known | {"version": 3}
    desk.wait(days=2)
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Running"
    desk.tracker.issue(key).properties[LEDGER] = known
    desk.wait(hours=1)
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Breached"
    assert len(desk.notes(key)) == 1
