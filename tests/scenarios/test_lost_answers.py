"""The answer to an edit that raised the priority is lost: what it did is looked up before anything is repeated."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jsm_sandbox.http.exchanges import Exchange, observers
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
LOST = pytest.mark.parametrize(
    "kind", ["503-after", "timeout-after", "reset-after"]
)
BOT = "SLA Bot"


def breached(desk: World) -> str:
    """Raise a request whose first answer is overdue."""
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", priority="P3 Normal"
    )
    desk.wait(days=1, hours=1)
    return key


@contextmanager
def lowered_after_the_edit(desk: World, key: str) -> Iterator[None]:
    """Let an agent lower the priority again as soon as the site has carried out an edit, once."""
    done: list[Exchange] = []

    def lower(call: Exchange) -> None:
        if call.method == "PUT" and "/issue/" in call.path and not done:
            done.append(call)
            desk.tracker.set_field(key, "Priority", "P3 Normal", as_=AGENT)

    observers.append(lower)
    try:
        yield
    finally:
        observers.remove(lower)
    assert done


def raises(desk: World, key: str) -> int:
    """Count how often the bot has raised the priority."""
    ours = [
        entry
        for entry in desk.tracker.issue(key).history
        if entry.author.name == BOT
    ]
    return sum(
        item.field_id == "priority" for each in ours for item in each.items
    )


@LOST
def test_a_priority_that_was_raised_is_not_raised_again(
    desk: World, kind: str
) -> None:
    """The edit was carried out, an agent has lowered the priority since: that stays, and the fields are right."""
    key = breached(desk)
    desk.goes_wrong("PUT .*/issue/", kind)
    with desk.bot() as made, lowered_after_the_edit(desk, key):
        made.reconciler.sweep()
        for _ in range(3):
            desk.wait(minutes=31)
            made.reconciler.due()
            made.reconciler.sweep()
    assert desk.shows(key, "Priority") == "P3 Normal"
    assert raises(desk, key) == 1
    assert desk.shows(key, "Response SLA") == "Breached"
    assert len(desk.notes(key)) == 1


@LOST
def test_a_kill_before_the_look_repeats_nothing(
    desk: World, kind: str
) -> None:
    """The process ends before it can look: the next one, without a journal too, finds the escalation made."""
    key = breached(desk)
    desk.goes_wrong("PUT .*/issue/", kind)
    with desk.bot() as made, lowered_after_the_edit(desk, key):
        desk.goes_wrong("changelog/bulkfetch", "edit-first", times=3, acts=[])
        desk.goes_wrong("changelog/bulkfetch", "503", times=0)
        made.reconciler.sweep()
    desk.goes_well()
    for file in desk.folder.glob("journal.db*"):
        file.unlink()
    with desk.bot() as made:
        made.reconciler.sweep()
    assert desk.shows(key, "Priority") == "P3 Normal"
    assert raises(desk, key) == 1
    assert desk.shows(key, "Response SLA") == "Breached"


@pytest.mark.parametrize("kind", ["503", "timeout", "reset"])
def test_an_edit_that_was_not_carried_out_is_repeated(
    desk: World, kind: str
) -> None:
    """Nothing was raised, so it is raised now: once."""
    key = breached(desk)
    desk.goes_wrong("PUT .*/issue/", kind)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=31)
        made.reconciler.due()
    assert desk.shows(key, "Priority") == "P1 Urgent"
    assert raises(desk, key) == 1
