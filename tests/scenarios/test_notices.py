"""Who is on duty hears of a breach, and that it is over: the whole chain, to the sandbox's services (R10)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from typer.testing import CliRunner

from jsm_sandbox.services.pager import ROUTING_KEY
from jsm_sandbox.state.inbox import Message
from jsm_sla_bot import app
from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.ports.journal import Silence, Silences
from tests.scenarios.world import World

MIA = "Mia Lindqvist"
CHANNELS = """channels:
  on-call:
    pagerduty: {{routing_key_file: {folder}/pager, address: {url}/pagerduty}}
  chat:
    slack: {{channel: C1, token_file: {folder}/slack, address: {url}/slack/api}}
routes:
{routes}
"""
EVERYBODY = (
    "  - {to: [on-call], severities: [S1], continue: true}\n  - {to: [chat]}"
)
GATHERED = timedelta(minutes=2)


@pytest.fixture
def told(desk: World) -> World:
    """A desk with a pager for S1 and a chat for all."""
    turn_on(desk, EVERYBODY)
    return desk


def turn_on(desk: World, routes: str) -> None:
    """Write notify.yaml and the secrets of its channels."""
    (desk.folder / "pager").write_text(ROUTING_KEY)
    (desk.folder / "slack").write_text("xoxb-sandbox")
    text = CHANNELS.format(
        folder=desk.folder, url=f"{desk.url}/_services", routes=routes
    )
    (desk.config / "notify.yaml").write_text(text, "utf-8")


def arrived(desk: World, service: str) -> list[Message]:
    """What a service has taken, in order."""
    inbox = desk.tracker.inbox
    with inbox.lock:
        return list(inbox.of(service))


def words(desk: World, service: str) -> list[str]:
    """The first line of each message of a service, as it stands now."""
    return [message.text.splitlines()[0] for message in arrived(desk, service)]


def poll(made: app.Bot) -> None:
    """Do what the daemon does at each poll, and let the senders look."""
    made.reported(made.reconciler.changed())
    made.reported(made.reconciler.due())
    made.notices.turn()


@pytest.fixture
def made(told: World) -> Iterator[app.Bot]:
    """A bot that has swept the empty desk."""
    with told.bot() as bot:
        bot.reported(bot.reconciler.sweep())
        yield bot


def to_its_breach(desk: World, key: str) -> None:
    """Let time pass until a second after the due time."""
    due = desk.shows(key, "Response due")
    desk.hands.instant = due + timedelta(seconds=1)


def test_a_breach_is_told_at_once_and_ends_with_the_answer(
    told: World, made: app.Bot
) -> None:
    """S1: the pager rings at the breach and is silent after the answer; who answered, and how late, stands there."""
    key = told.tracker.raise_request(organization=12, severity=1)
    poll(made)
    to_its_breach(told, key)
    poll(made)
    (page,) = arrived(told, "pagerduty")
    said, *_ = page.text.splitlines()
    assert said.startswith(f"critical: {key} (S1, ")
    assert said.endswith(
        "is late: first response was due Tue 2026-03-03 10:00 CET"
    )
    poll(made)
    assert len(arrived(told, "pagerduty")) == 1
    told.wait(minutes=30)
    told.tracker.comment(key, "We are on it.", as_=MIA)
    poll(made)
    (page,) = arrived(told, "pagerduty")
    assert not page.is_open
    (said,) = words(told, "slack")
    assert said == f"{key} was answered 30 min late by {MIA}"


def test_fifty_at_once_are_a_digest_and_each_s1_alone(
    told: World, made: app.Bot
) -> None:
    """50 breaches within two minutes: at most three messages in the chat besides those on S1, which are told alone."""
    every = [
        told.tracker.raise_request(
            organization=12, severity=1 if number < 3 else 2
        )
        for number in range(50)
    ]
    poll(made)
    graves, others = every[:3], every[3:]
    told.hands.instant = told.shows(others[-1], "Response due") + timedelta(
        seconds=1
    )
    poll(made)
    assert len(arrived(told, "pagerduty")) == len(graves)
    assert len(arrived(told, "slack")) == len(graves)
    told.hands.instant += GATHERED
    poll(made)
    digest = words(told, "slack")[len(graves) :]
    assert digest == ["47 requests wait for an answer"]
    told.wait(hours=1)
    poll(made)
    assert len(arrived(told, "slack")) == len(graves) + 1


def test_a_restart_tells_nothing_twice_and_forgets_nothing(
    told: World,
) -> None:
    """Killed between pass and sending, and between two passes: what was taken in is sent, once."""
    key = told.tracker.raise_request(organization=12, severity=1)
    with told.bot() as made:
        made.reported(made.reconciler.sweep())
    to_its_breach(told, key)
    with told.bot() as made:
        made.reported(made.reconciler.sweep())
    assert arrived(told, "pagerduty") == []
    for _ in range(2):
        with told.bot() as made:
            made.reported(made.reconciler.sweep())
            made.notices.turn()
    assert len(arrived(told, "pagerduty")) == 1
    told.tracker.comment(key, "We are on it.", as_=MIA)
    with told.bot() as made:
        made.reported(made.reconciler.sweep())
        made.notices.turn()
    (page,) = arrived(told, "pagerduty")
    assert not page.is_open


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("gone", "is not measured any more"),
        ("lowered", "the first response is due"),
    ],
)
def test_a_story_ends_when_nobody_has_to_act(
    told: World, made: app.Bot, end: str, said: str
) -> None:
    """The request is deleted, or an agent lowers its severity: the page ends, and the chat says why."""
    key = told.tracker.raise_request(organization=12, severity=1)
    poll(made)
    due = told.shows(key, "Response due")
    told.hands.instant = due - timedelta(minutes=10)
    poll(made)
    (page,) = arrived(told, "pagerduty")
    assert "is at risk" in page.text
    if end == "gone":
        told.tracker.delete(key)
    else:
        told.tracker.set_field(key, "severity", 4, as_=MIA)
    for _ in range(3):
        told.wait(minutes=40)
        poll(made)
        made.reported(made.reconciler.sweep())
        made.notices.turn()
    (page,) = arrived(told, "pagerduty")
    assert not page.is_open
    assert said in words(told, "slack")[0]


def test_nobody_is_told_without_the_file(desk: World) -> None:
    """No table is asked, no call made, and health says nothing of notices."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        to_its_breach(desk, key)
        poll(made)
        assert made.journal.outbox.open_stories() == []
        assert "notices" not in made.health.problems()
    assert arrived(desk, "pagerduty") == arrived(desk, "slack") == []


def test_an_edit_of_the_file_holds_from_the_next_pass_on(
    desk: World,
) -> None:
    """Turned on while the daemon runs: what is late by then is told; turned off again, nothing more."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        to_its_breach(desk, key)
        poll(made)
        turn_on(desk, EVERYBODY)
        desk.wait(seconds=1)
        made.sweep_owed()
        poll(made)
        assert len(arrived(desk, "pagerduty")) == 1
        (desk.config / "notify.yaml").write_text("# nobody\n", "utf-8")
        made.sweep_owed()
        other = desk.tracker.raise_request(organization=12, severity=1)
        poll(made)
        to_its_breach(desk, other)
        poll(made)
        assert len(arrived(desk, "pagerduty")) == 1


def test_a_channel_that_is_down_is_a_problem_and_delays_nobody(
    told: World, made: app.Bot
) -> None:
    """The chat refuses: the pager rings all the same, health names the chat, and figures count both."""
    (told.folder / "slack").write_text("wrong")
    key = told.tracker.raise_request(organization=12, severity=1)
    poll(made)
    to_its_breach(told, key)
    poll(made)
    assert len(arrived(told, "pagerduty")) == 1
    assert made.health.problems()["notices"].startswith("chat: ")
    (told.folder / "slack").write_text("xoxb-sandbox")
    told.wait(minutes=6)
    poll(made)
    assert len(arrived(told, "slack")) == 1
    assert "notices" not in made.health.problems()


@pytest.mark.parametrize(
    ("reported", "service"),
    [
        ("2026-03-02T08:00+01:00", "pagerduty"),
        ("2026-03-02T11:00+01:00", "slack"),
    ],
    ids=["late at 17:00:01", "late at 11:00:01"],
)
def test_by_night_another_route(
    desk: World, reported: str, service: str
) -> None:
    """Outside of the organization's business hours the pager, inside the chat."""
    night = "  - {to: [on-call], hours: outside}\n  - {to: [chat]}"
    turn_on(desk, night)
    desk.at(reported)
    key = desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        to_its_breach(desk, key)
        poll(made)
    services = ("pagerduty", "slack")
    assert [each for each in services if arrived(desk, each)] == [service]


@pytest.mark.parametrize("by", ["request", "organization"])
def test_nobody_is_told_of_what_is_silenced_until_the_silence_ends(
    told: World, made: app.Bot, by: str
) -> None:
    """What is still late then is told then."""
    key = told.tracker.raise_request(organization=12, severity=1)
    poll(made)
    to_its_breach(told, key)
    about = {"request": key, "organization": "12"}[by]
    until = told.hands.now() + timedelta(hours=2)
    made.journal.remember(Silences((Silence(about, until, "known"),)))
    poll(made)
    assert arrived(told, "pagerduty") == []
    told.hands.instant = until
    poll(made)
    assert len(arrived(told, "pagerduty")) == 1


def test_a_dry_run_shows_who_would_be_told(told: World) -> None:
    """As the desk stands, whether it was told before or not; nothing is sent."""
    key = told.tracker.raise_request(organization=12, severity=1)
    told.tracker.raise_request(organization=12, severity=4)
    told.sweep()
    to_its_breach(told, key)
    lines = dry_run(told)
    assert [line.partition(": ")[0] for line in lines] == ["on-call", "chat"]
    assert all(key in line for line in lines)
    assert arrived(told, "pagerduty") == arrived(told, "slack") == []
    told.tracker.comment(key, "We are on it.", as_=MIA)
    assert dry_run(told) == ["nobody would be told of anything"]


def dry_run(desk: World) -> list[str]:
    """What the verb prints."""
    with (
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(desk.hands.now(), tick=False),
    ):
        for name, value in desk.variables().items():
            patch.setenv(name, value)
        words = ["notify", "--dry-run"]
        result = CliRunner().invoke(command_line("notify"), words)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_breach_is_told_again_until_the_answer(desk: World) -> None:
    """Every half an hour of polls without a change, across a restart, on a target that runs round the clock."""
    turn_on(desk, "  - {to: [chat], repeat: 30 minutes}")
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX"
    )
    desk.tracker.phone(key)
    with desk.bot() as bot:
        bot.reported(bot.reconciler.sweep())
        to_its_breach(desk, key)
        told_after(desk, bot, minutes=45)
        assert len(words(desk, "slack")) == 2
    with desk.bot() as bot:
        bot.reported(bot.reconciler.sweep())
        told_after(desk, bot, minutes=30)
        assert len(words(desk, "slack")) == 3
        assert [each for each in words(desk, "slack") if "still late" in each]
        desk.tracker.comment(key, "We are on it.", as_=MIA)
        told_after(desk, bot, minutes=90)
    assert not [each for each in words(desk, "slack")[3:] if "still" in each]


def told_after(desk: World, bot: app.Bot, minutes: int) -> None:
    """Poll every five minutes for so long."""
    for _ in range(minutes // 5):
        poll(bot)
        desk.wait(minutes=5)
