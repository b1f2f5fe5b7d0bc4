"""`notify test`: whether a channel works, said in one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.services.post_office import mail_server
from jsm_sla_bot.cli.main import command_line

SHIPPED = Path(__file__).parents[2] / "config"
CHANNELS = """channels:
  chat:
    slack: {{channel: C1, token_file: {folder}/slack, address: {url}/slack/api}}
  lead:
    mail: {{host: 127.0.0.1, port: {port}, sealing: none, sender: bot@example.com, to: [lead@example.com]}}
  relay:
    webhook: {{url: "{url}/webhook/desk", secret_file: {folder}/webhook}}
  room:
    teams: {{url_file: {folder}/teams}}
  alerts:
    jsm_operations: {{api_key_file: {folder}/jsm, address: {url}/jsm}}
routes:
  - {{to: [chat, lead, relay, room, alerts]}}
"""


@pytest.fixture(scope="module")
def tracker() -> Tracker:
    """The sandbox that the services belong to."""
    return Tracker()


@pytest.fixture(scope="module")
def config(
    tracker: Tracker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A configuration with a channel to each service of the sandbox."""
    folder = tmp_path_factory.mktemp("notify")
    with running(tracker) as url, mail_server(tracker.inbox) as port:
        services = f"{url}/_services"
        secrets = {
            "slack": "xoxb-sandbox",
            "webhook": "sandbox",
            "teams": f"{services}/teams/workflows/1?sig=sandbox",
            "jsm": "sandbox",
        }
        for name, text in secrets.items():
            (folder / name).write_text(text, "utf-8")
        for name in ("policy.yaml", "organizations.yaml", "jira.yaml"):
            (folder / name).write_bytes((SHIPPED / name).read_bytes())
        (folder / "calendars").symlink_to(SHIPPED / "calendars")
        text = CHANNELS.format(folder=folder, url=services, port=port)
        (folder / "notify.yaml").write_text(text, "utf-8")
        yield folder


def asked(config: Path, name: str) -> tuple[int, str]:
    """Try a channel; the exit code and what was said."""
    words = ["notify", "test", name, "--config", str(config)]
    result = CliRunner().invoke(command_line("notify"), words)
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("chat", "slack"),
        ("lead", "mail"),
        ("relay", "webhook"),
        ("room", "teams"),
        ("alerts", "jsm"),
    ],
)
def test_a_probe_arrives_and_says_that_it_is_one(
    tracker: Tracker, config: Path, name: str, service: str
) -> None:
    """Every kind of service, made from the YAML."""
    code, said = asked(config, name)
    assert (code, f"'{name}' has taken a probe" in said) == (0, True)
    with tracker.inbox.lock:
        (message,) = tracker.inbox.of(service)
        assert "A probe of jsm-sla-bot" in message.text


def test_a_channel_that_does_not_deliver_says_why(config: Path) -> None:
    """The service's word, and no secret."""
    (config / "slack").write_text("xoxb-wrong", "utf-8")
    code, said = asked(config, "chat")
    assert code == 1
    assert "the channel 'chat' does not deliver: Slack answered" in said
    assert "xoxb" not in said


@pytest.mark.parametrize(
    ("name", "hint"),
    [("chatt", "did you mean 'chat'?"), ("pigeon", "it has chat, lead")],
)
def test_a_channel_that_there_is_not(
    config: Path, name: str, hint: str
) -> None:
    """With the name that was probably meant."""
    code, said = asked(config, name)
    assert code == 1
    assert hint in said


def test_as_shipped_there_is_none() -> None:
    """The shipped notify.yaml has no channel."""
    assert asked(SHIPPED, "chat") == (
        1,
        "notify.yaml has no channel 'chat': it has none at all",
    )
