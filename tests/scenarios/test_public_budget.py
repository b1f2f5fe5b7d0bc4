"""The budget counts what customers would read: a kind of public note that is turned on is no flood over a desk."""

from collections.abc import Iterator

import pytest

from jsm_sandbox.play.administration import add_field
from jsm_sla_bot import app
from jsm_sla_bot.passes.permission import allow
from tests.scenarios.test_edits import edit, poll
from tests.scenarios.world import World

MIA = "Mia Lindqvist"
ETA = "2026-03-05T15:00:00.000+0100"
OPEN = 40
HELD = f"{OPEN} of {OPEN}"


def turn_on(desk: World, notes: str) -> None:
    """Let an admin add what the customer reads to the policy."""
    edit(desk, "policy.yaml", "# R9:", f"notes: {notes}\n# R9:")


@pytest.fixture
def crowd(desk: World) -> World:
    """Open a desk with many requests that somebody works on, each with an ETA from long ago."""
    add_field(desk.tracker, "ETA", "datetime")
    edit(desk, "jira.yaml", "fields:\n", "fields:\n  eta: ETA\n")
    for _ in range(OPEN):
        key = desk.tracker.raise_request(
            organization=11, severity=1, product="Outscan NX"
        )
        desk.tracker.set_field(key, "ETA", ETA, as_=MIA)
    desk.wait(hours=3)
    return desk


@pytest.fixture
def made(crowd: World) -> Iterator[app.Bot]:
    """Return a bot that has looked at all of them while customers read nothing."""
    with crowd.bot() as bot:
        assert not poll(bot).refused
        assert crowd.public_notes() == []
        yield bot


def test_the_etas_of_a_desk_are_held_back(crowd: World, made: app.Bot) -> None:
    """Nobody reads anything, at no pass, until a person has let it through; then each reads it once."""
    turn_on(crowd, "{eta: true}")
    assert HELD in str(poll(made).refused)
    crowd.wait(minutes=1)
    for report in (poll(made), made.reconciler.due()):
        assert not report.failed
    assert crowd.public_notes() == []
    assert allow(made.journal, made.configuration.policy.hash)
    poll(made)
    assert len(crowd.public_notes()) == OPEN
    crowd.wait(minutes=1)
    made.reconciler.sweep()
    assert len(crowd.public_notes()) == OPEN


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("{registered: {within: 200 days}}", "{registered: {within: 2 h}}"),
        ("{call_us: {within: 9 h}}", "{call_us: {within: 90 min}}"),
    ],
)
def test_a_slip_in_how_long_a_note_is_fresh_is_held_back(
    crowd: World, made: app.Bot, slip: str, meant: str
) -> None:
    """D19: as it was meant it writes to nobody whose request is older, and asks nobody."""
    turn_on(crowd, slip)
    assert HELD in str(poll(made).refused)
    edit(crowd, "policy.yaml", slip, meant)
    assert not poll(made).refused
    assert crowd.public_notes() == []
    key = crowd.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX"
    )
    poll(made)
    [read] = crowd.public_notes()
    assert key in read or "call" in read


def test_a_slip_saved_while_nobody_was_at_work_is_held_back(
    crowd: World,
) -> None:
    """A restart knows what was in force; it need not be asked twice."""
    with crowd.bot() as first:
        poll(first)
    turn_on(crowd, "{eta: true}")
    with crowd.bot() as second:
        assert HELD in str(poll(second).refused)
    assert crowd.public_notes() == []


def test_a_slip_next_to_a_lost_journal_is_held_back(crowd: World) -> None:
    """Nobody knows what was in force: the ledgers say under which policy each request was shown."""
    with crowd.bot() as first:
        poll(first)
    for file in crowd.folder.glob("journal.db*"):
        file.unlink()
    turn_on(crowd, "{eta: true}")
    with crowd.bot() as second:
        assert HELD in str(poll(second).refused)
    assert crowd.public_notes() == []


def test_a_lost_journal_alone_holds_nothing_back(crowd: World) -> None:
    """The policy is the one that the requests were shown under: what has come due since is the daily work."""
    turn_on(crowd, "{eta: {settles: 4 h}}")
    with crowd.bot() as first:
        poll(first)
    assert crowd.public_notes() == []
    for file in crowd.folder.glob("journal.db*"):
        file.unlink()
    crowd.wait(hours=2)
    with crowd.bot() as second:
        assert not poll(second).refused
    assert len(crowd.public_notes()) == OPEN


def test_a_policy_that_brings_few_notes_is_not_held_back(
    crowd: World, made: app.Bot
) -> None:
    """What is newly due for some of many is written at once."""
    turn_on(crowd, "{eta: {severities: [S2]}}")
    for number in range(1, 6):
        crowd.tracker.set_field(f"SUP-{number}", "Severity", 2, as_=MIA)
    assert not poll(made).refused
    assert len(crowd.public_notes()) == 5


def test_what_has_come_due_meanwhile_does_not_count(
    crowd: World, made: app.Bot
) -> None:
    """A busy hour and a harmless edit: the new requests are registered, and nobody is asked."""
    turn_on(crowd, "{registered: true}")
    assert not poll(made).refused
    for _ in range(OPEN):
        crowd.tracker.raise_request(organization=11, severity=3)
    edit(
        crowd, "policy.yaml", "S4: 40 business hours", "S4: 48 business hours"
    )
    assert not poll(made).refused
    assert len(crowd.public_notes()) == OPEN
