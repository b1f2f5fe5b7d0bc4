"""The ready stories, played with the bot at work: days pass in steps, no second is really waited."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from jsm_sandbox.play.board import state
from jsm_sandbox.play.stories import STORIES
from jsm_sandbox.play.story import Desk, Disagreement
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import as_list, as_object
from jsm_sandbox.state.requests import Comment
from jsm_sandbox.state.virtual_clock import VirtualClock
from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.limiter import Rates
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.settings.environment import read_settings
from tests.door import door_to
from tests.scenarios.world import configuration

LONG = {
    "first-dormant-day",
    "closed-and-reopened",
    "dormant-over-easter",
    "easter-fortnight",
    "storm",
}
STEP = timedelta(hours=4)
DAY = timedelta(days=1)
PUBLIC_NOTES = """
notes: {registered: true, call_us: true, eta: true, resolved: true}
"""
DORMANCY = """
dormancy:
  reminders: [3 business days, 3 business days]
  close_after: 3 business days
"""
DORMANT_WAYS = """
dormancy: {close_to: Closed, reopen_to: Waiting for support}
"""


class Work:
    """The bot at work while time passes: *changed* every four hours, *due* at each instant, a *sweep* once a day."""

    def __init__(
        self, bot: app.Bot, clock: VirtualClock, config: Path
    ) -> None:
        self.bot, self.clock, self.config = bot, clock, config
        self._swept_at = clock.now()
        self._sweep()

    def wait(self, span: timedelta) -> None:
        """Let time pass on the clock that bot and sandbox share."""
        end = self.clock.now() + span
        self.changed()
        while self.clock.now() < end:
            due = self.bot.journal.next_change_at()
            ahead = [
                end,
                self.clock.now() + STEP,
                *([due] if due and due > self.clock.now() else []),
            ]
            self.clock.set(min(ahead))
            self.changed()
            due = self.bot.next_due()
            if due and due <= self.clock.now():
                self.bot.reported(self.bot.reconciler.due())

    def changed(self) -> None:
        """Let the bot see what was done."""
        is_new_day = self.clock.now() - self._swept_at >= DAY
        if self.bot.sweep_owed() or is_new_day:
            self._sweep()
        self.bot.reported(self.bot.reconciler.changed())

    def _sweep(self) -> None:
        self._swept_at = self.clock.now()
        self.bot.reported(self.bot.reconciler.sweep())

    def public_notes(self) -> None:
        """Turn on what customers read, as the story's office does."""
        policy = self.config / "policy.yaml"
        policy.write_text(policy.read_text("utf-8") + PUBLIC_NOTES, "utf-8")
        jira = self.config / "jira.yaml"
        text = jira.read_text("utf-8")
        assert "\n  # eta: ETA" in text
        jira.write_text(
            text.replace("\n  # eta: ETA", "\n  eta: ETA"), "utf-8"
        )

    def dormancy(self) -> None:
        """Turn dormancy on, as the story's office does."""
        policy = self.config / "policy.yaml"
        policy.write_text(policy.read_text("utf-8") + DORMANCY, "utf-8")
        jira = self.config / "jira.yaml"
        text = jira.read_text("utf-8")
        waits = "statuses:\n  waiting: [Waiting for customer]\n"
        waiting = text.replace("statuses:\n", waits, 1)
        jira.write_text(waiting + DORMANT_WAYS, "utf-8")

    def allow(self) -> None:
        """Let through what is held back, as a person does."""
        policy = self.bot.configuration.policy
        assert self.bot.reconciler.held_back
        assert allow(self.bot.journal, policy.hash)

    def new_policy(self) -> None:
        """Edit the policy as the story's office does."""
        policy = self.config / "policy.yaml"
        text = policy.read_text("utf-8")
        assert "S3: 24 business hours" in text
        policy.write_text(
            text.replace("S3: 24 business hours", "S3: 20 business hours"),
            "utf-8",
        )


@contextmanager
def at_work(name: str, folder: Path) -> Iterator[Desk]:
    """Open the desk of a story with the bot at work, both by one clock and without chance."""
    clock = VirtualClock(STORIES[name].start, speed=0)
    tracker = Tracker(clock=clock)

    def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    with door_to(tracker) as door:
        options = HttpOptions(
            read=60.0,
            rates=Rates(
                per_second=None
            ),  # its naps would make the story's days pass
            sleep=sleep,
            monotonic=lambda: clock.now().timestamp(),
            chance=lambda: 0.5,
            wrapped=door.direct,
        )
        given = {
            "URL": door.address,
            "EMAIL": "bot@example.com",
            "API_TOKEN": "sandbox",
            "CONFIG_DIR": str(configuration(folder)),
            "JOURNAL_URL": f"sqlite:///{folder / 'journal.db'}",
            "HEALTH_PORT": "0",
        }
        settings = read_settings(
            {f"JSM_SLA_BOT_{name}": value for name, value in given.items()}
        )
        with app.bot(settings, clock=clock, options=options) as bot:
            made = Work(bot, clock, configuration(folder))
            cues = {
                "policy": made.new_policy,
                "public notes": made.public_notes,
                "dormancy": made.dormancy,
                "allow": made.allow,
            }
            yield Desk(tracker, made.wait, cues=cues)


def told(names: Iterable[str]) -> list[ParameterSet]:
    """Return the stories as cases; those of whole weeks are slow."""
    return [
        pytest.param(name, marks=[pytest.mark.slow] * (name in LONG))
        for name in names
    ]


def is_meant_for_customers(comment: Comment) -> bool:
    """Tell whether every marker of a comment says that it was meant to be public."""
    own = as_object(comment.properties.get("jsm-sla-bot"))
    markers = [str(one) for one in as_list(own.get("markers"))]
    return bool(markers) and all(one.startswith("public:") for one in markers)


@pytest.mark.parametrize("name", told(STORIES))
def test_a_ready_story_comes_true(name: str, tmp_path: Path) -> None:
    """What the story says the desk shows, it shows, and no customer reads a word of the bot's but what is meant so."""
    with at_work(name, tmp_path) as desk:
        STORIES[name].play(desk)
        comments = [
            each
            for issue in desk.tracker.issues.values()
            for each in issue.comments
        ]
        read = [
            each
            for each in comments
            if each.public and each.author == desk.tracker.site.bot
        ]
        assert bool(read) is STORIES[name].speaks
        assert all(is_meant_for_customers(each) for each in read)


def test_a_story_comes_out_the_same_each_time(tmp_path: Path) -> None:
    """Two runs of one story end with the same fields, words and instants."""

    def ending(folder: Path) -> list[object]:
        folder.mkdir()
        with at_work("outage", folder) as desk:
            STORIES["outage"].play(desk)
            told = state(desk.tracker)["requests"]
        said = [
            [
                (each["author"], each["created"], each["text"])
                for each in one["comments"]
            ]
            for one in told
        ]
        return [
            (one["key"], one["status"], one["updated"], one["fields"], words)
            for one, words in zip(told, said, strict=True)
        ]

    assert ending(tmp_path / "first") == ending(tmp_path / "second")


def test_a_desk_that_shows_something_else_is_told(tmp_path: Path) -> None:
    """A story that does not come true names the request, the instant and everything that differs."""
    with at_work("night-call", tmp_path) as desk:
        request = desk.customer("Nordbank").raises(severity=1)
        desk.wait(minutes=5)
        differs = r"SUP-1 at .*: response sla is 'Running' and not 'Met'; notes is 0 and not 3$"
        with pytest.raises(Disagreement, match=differs):
            desk.shows(
                request,
                response_sla="Met",
                notes=3,
                response_due="2026-03-09T17:00+01:00",
            )
