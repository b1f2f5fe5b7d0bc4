"""The ready stories, played with the bot at work: days pass in steps, no second is really waited."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jsm_sandbox.clock import VirtualClock
from jsm_sandbox.server import running
from jsm_sandbox.stories import STORIES
from jsm_sandbox.story import Desk, Disagreement
from jsm_sandbox.tracker import Tracker
from jsm_sla_bot import app
from jsm_sla_bot.jsm.conduct import Conduct
from jsm_sla_bot.settings import read_settings
from tests.scenarios.world import configuration

STEP = timedelta(hours=4)


class Work:
    """The bot at work while time passes: *changed* every four hours, *due* at each instant it waits for."""

    def __init__(self, bot: app.Bot, clock: VirtualClock, config: Path) -> None:
        self.bot, self.clock, self.config = bot, clock, config
        self.reports = [bot.reconciler.sweep()]

    def wait(self, span: timedelta) -> None:
        """Let time pass on the clock that bot and sandbox share."""
        end = self.clock.now() + span
        self.changed()
        while self.clock.now() < end:
            due = self.bot.journal.next_change_at()
            ahead = [end, self.clock.now() + STEP, *([due] if due and due > self.clock.now() else [])]
            self.clock.set(min(ahead))
            self.changed()
            self.reports.append(self.bot.reconciler.due())

    def changed(self) -> None:
        """Let the bot see what was done."""
        if self.bot.sweep_owed():
            self.reports.append(self.bot.reconciler.sweep())
        self.reports.append(self.bot.reconciler.changed())

    def new_policy(self) -> None:
        """Edit the policy as the story's office does."""
        policy = self.config / "policy.yaml"
        text = policy.read_text("utf-8")
        assert "S3: 24 business hours" in text
        policy.write_text(text.replace("S3: 24 business hours", "S3: 20 business hours"), "utf-8")


@pytest.fixture
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Work, Desk]]:
    """Open the desk of a story with the bot at work, both by one clock."""
    clock = VirtualClock(STORIES[request.param].start, speed=0)
    tracker = Tracker(clock=clock)

    def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    conduct = Conduct(read=60.0, sleep=sleep, monotonic=lambda: clock.now().timestamp())
    with running(tracker) as url:
        given = {
            "URL": url,
            "EMAIL": "bot@example.com",
            "API_TOKEN": "sandbox",
            "CONFIG_DIR": str(configuration(tmp_path)),
            "JOURNAL_URL": f"sqlite:///{tmp_path / 'journal.db'}",
            "HEALTH_PORT": "0",
        }
        settings = read_settings({f"JSM_SLA_BOT_{name}": value for name, value in given.items()})
        with app.bot(settings, clock=clock, conduct=conduct) as bot:
            made = Work(bot, clock, configuration(tmp_path))
            yield made, Desk(tracker, made.wait, cues={"policy": made.new_policy})


@pytest.mark.parametrize("work", STORIES, indirect=True)
def test_a_ready_story_comes_true(work: tuple[Work, Desk], request: pytest.FixtureRequest) -> None:
    """What the story says the desk shows, it shows, and no customer reads a word of the bot's."""
    _, desk = work
    STORIES[request.node.callspec.params["work"]].play(desk)
    comments = [each for issue in desk.tracker.issues.values() for each in issue.comments]
    assert not [each for each in comments if each.public and each.author == desk.tracker.site.bot]


@pytest.mark.parametrize("work", ["night-call"], indirect=True)
def test_a_desk_that_shows_something_else_is_told(work: tuple[Work, Desk]) -> None:
    """A story that does not come true names the request, the instant and everything that differs."""
    _, desk = work
    request = desk.customer("Nordbank").raises(severity=1)
    desk.wait(minutes=5)
    with pytest.raises(
        Disagreement, match=r"SUP-1 at .*: response sla is 'Running' and not 'Met'; notes is 0 and not 3"
    ):
        desk.shows(request, response_sla="Met", notes=3, response_due=datetime.fromisoformat("2026-03-09T17:00+01:00"))
