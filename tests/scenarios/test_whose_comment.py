"""Whose comment it is, its author says: a marker is copied by whoever can write a property."""

from typing import Any

import pytest

from jsm_sandbox.state.requests import Comment
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def breached(desk: World) -> str:
    """Raise a request and let a bot tell of its breach."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    desk.wait(days=2)
    desk.sweep()
    return key


def copy_marker(desk: World, key: str, said: str) -> None:
    """Let an agent's public comment carry the property of our note."""
    [note] = [each for each in comments(desk, key) if is_ours(desk, each)]
    desk.tracker.comment(key, said, as_=AGENT)
    comments(desk, key)[-1].properties.update(note.properties)


def comments(desk: World, key: str) -> list[Comment]:
    """Return the comments of a request as the site keeps them."""
    return desk.tracker.issue(key).comments


def is_ours(desk: World, comment: Comment) -> bool:
    """Tell whether the bot's account wrote a comment."""
    return comment.author.account_id == desk.tracker.site.bot.account_id


def texts(desk: World, key: str) -> list[Any]:
    """Return who said what on a request, and whether customers can read it."""
    return [
        (each["author"], each["public"])
        for each in desk.request(key)["comments"]
    ]


def test_a_persons_public_answer_with_our_marker_stays(desk: World) -> None:
    """It is neither taken back, nor a younger copy of our note; notes go on elsewhere."""
    key = breached(desk)
    copy_marker(desk, key, "We have found it.")
    with desk.bot() as made:
        made.reconciler.sweep()
        other = breached(desk)
        assert made.connection.notes_stopped() is None
    assert (AGENT, True) in texts(desk, key)
    assert len(desk.notes(key)) == len(desk.notes(other)) == 1


def test_anothers_marker_does_not_count_as_said(desk: World) -> None:
    """Where our own note is gone, it is written again, whoever else carries its marker."""
    key = breached(desk)
    [ours] = comments(desk, key)
    desk.tracker.note(key, "Copied.", as_=AGENT)
    comments(desk, key)[-1].properties.update(ours.properties)
    comments(desk, key).remove(ours)
    desk.sweep()
    assert len(desk.notes(key)) == 1


@pytest.mark.parametrize(
    "restarted", [False, True], ids=["running", "restarted"]
)
def test_a_note_that_went_public_is_taken_back_wherever_it_is_met(
    desk: World, *, restarted: bool
) -> None:
    """Public to the service desk but internal by its own property: it counts as public, at the post as later on."""
    key = breached(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        next(
            each for each in comments(desk, key) if is_ours(desk, each)
        ).public = True
        if not restarted:
            made.reconciler.sweep()
            assert made.connection.notes_stopped()
    if restarted:
        desk.sweep()
    assert desk.public_notes() == []
