"""The stories' language, without a bot."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from jsm_sandbox.play.stories import STORIES, Story
from jsm_sandbox.play.story import Desk, Disagreement
from jsm_sandbox.play.storyteller import Storyteller
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.virtual_clock import VirtualClock


@pytest.fixture
def told() -> list[str]:
    """Keep what is told."""
    return []


@pytest.fixture
def desk(told: list[str]) -> Desk:
    """Open a desk on a Monday morning; time passes on order."""
    clock = VirtualClock(STORIES["ordinary-week"].start, speed=0)

    def pass_time(span: timedelta) -> None:
        clock.advance(seconds=span.total_seconds())

    return Desk(Tracker(clock=clock), pass_time, told.append)


def test_people_act_in_the_words_of_the_domain(
    desk: Desk, told: list[str]
) -> None:
    """Each verb leaves its trace on the request, at its time, in its person's name."""
    request = desk.customer("Acme").raises(
        "Down", severity=1, product="Outscan NX"
    )
    desk.wait(hours=2)
    request.phones()
    mia = desk.agent("Mia")
    mia.notes(request)
    mia.sets_severity(request, 2)
    mia.takes(request)
    mia.comments_publicly(request)
    mia.resolves(request)
    request.comments("Thank you")
    request.closes()
    desk.shows(
        request,
        status="Closed",
        severity="S2 - Major",
        customer_called_at="2026-03-02T11:00+01:00",
    )
    issue = desk.tracker.issue(request.key)
    assert [(each.author.name, each.public) for each in issue.comments] == [
        ("Mia Lindqvist", False),
        ("Mia Lindqvist", True),
        ("Ruth Calder", True),
    ]
    assert (
        told[0]
        == "Mon 02 Mar 09:00  Ruth Calder (Acme Industries) raises SUP-1: Down, severity 1, product Outscan NX"
    )
    assert told[1] == "Mon 02 Mar 11:00  Ruth Calder phones about SUP-1"


def test_what_is_not_so_is_a_disagreement(desk: Desk) -> None:
    """Everything that differs is named at once."""
    request = desk.customer("Acme").raises()
    with pytest.raises(
        Disagreement,
        match="status is 'Waiting for support' and not 'Closed'; notes is 0 and not 2",
    ):
        desk.shows(request, status="Closed", notes=2)


def test_nobody_is_made_up(desk: Desk) -> None:
    """Unknown organisations and agents are refused, and time does not run backwards."""
    with pytest.raises(LookupError, match="Acne"):
        desk.customer("Acne")
    with pytest.raises(LookupError, match="Ruth"):
        desk.agent("Ruth")
    with pytest.raises(ValueError, match="past"):
        desk.until("2026-03-01T09:00+01:00")


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_story_can_be_told_without_a_bot(
    story: Story, told: list[str]
) -> None:
    """Whoever only watches is told what happens and what the desk should show."""
    clock = VirtualClock(story.start, speed=0)
    Storyteller(Tracker(clock=clock), clock, story, told.append, pace=1e9).run(
        threading.Event()
    )
    assert any("raises SUP-1" in line for line in told)
    assert any("should show response" in line for line in told)
    assert told[-1] == "That was the story."


def test_a_story_ends_when_nobody_watches(told: list[str]) -> None:
    """A story stops where it is as soon as it is told to."""
    story, stop = STORIES["night-call"], threading.Event()
    clock = VirtualClock(story.start, speed=0)
    stop.set()
    Storyteller(Tracker(clock=clock), clock, story, told.append, pace=1).run(
        stop
    )
    assert len(told) == 1
