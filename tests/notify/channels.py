"""The sandbox's services, and a channel to each of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.services.pager import ROUTING_KEY
from jsm_sandbox.services.post_office import mail_server
from jsm_sandbox.state.inbox import Inbox, Message
from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.jsm_operations import JsmOperations
from jsm_sla_bot.notify.mail import Mail, Sealing, Server
from jsm_sla_bot.notify.pagerduty import PagerDuty
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.notify.slack import Slack
from jsm_sla_bot.notify.teams import Teams
from jsm_sla_bot.notify.webhook import Webhook
from jsm_sla_bot.ports.notify import Channel, Notice, Story

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECONDS = 0.5
"""So long the tests wait for an answer."""
SERVICES = {
    "slack": "slack",
    "teams": "teams",
    "pagerduty": "pagerduty",
    "jsm_operations": "jsm",
    "webhook": "webhook",
    "mail": "mail",
}
"""What the sandbox calls the service of each channel."""


@dataclass(frozen=True)
class Outside:
    """Everything outside Jira."""

    inbox: Inbox
    channels: Mapping[str, Channel]
    folder: Path
    where: "Where"

    def messages(self, channel: str) -> list[Message]:
        """Return what arrived by a channel."""
        with self.inbox.lock:
            return list(self.inbox.of(SERVICES[channel]))

    def secret(self, name: str, text: str) -> None:
        """Put another secret into its file."""
        (self.folder / name).write_text(f"{text}\n")


@contextmanager
def outside(folder: Path, seconds: float = SECONDS) -> Iterator[Outside]:
    """Serve the services, and give a channel to each."""
    tracker = Tracker()
    inbox = tracker.inbox
    with running(tracker) as address, mail_server(inbox) as port:
        services = f"{address}/_services"
        secrets = {
            "slack": "xoxb-sandbox",
            "pagerduty": ROUTING_KEY,
            "jsm": "sandbox",
            "webhook": "sandbox",
            "teams": f"{services}/teams/workflows/1?sig=sandbox",
        }
        for name, text in secrets.items():
            (folder / name).write_text(f"{text}\n")
        where = Where(folder, services, port, seconds)
        with where.channels() as channels:
            yield Outside(inbox, channels, folder, where)


@dataclass(frozen=True)
class Where:
    """Where the services are; good for another process too."""

    folder: Path
    services: str
    port: int
    seconds: float

    @contextmanager
    def channels(self) -> Iterator[Mapping[str, Channel]]:
        """Give a channel to each service."""
        http = Http(seconds=self.seconds)
        yield self._over(http)
        http.close()

    def _over(self, http: Http) -> Mapping[str, Channel]:
        names = ("slack", "pagerduty", "jsm", "webhook", "teams")
        files = {name: SecretFile(self.folder / name) for name in names}
        at = self.services
        server = Server(
            "127.0.0.1", self.port, Sealing.NONE, seconds=self.seconds
        )
        return {
            "slack": Slack(http, "C1", files["slack"], f"{at}/slack/api"),
            "teams": Teams(http, files["teams"]),
            "pagerduty": PagerDuty(
                http, files["pagerduty"], f"{at}/pagerduty"
            ),
            "jsm_operations": JsmOperations(http, files["jsm"], f"{at}/jsm"),
            "webhook": Webhook(
                http, f"{at}/webhook/desk", files["webhook"], lambda: NOW
            ),
            "mail": Mail(server, "bot@example.com", ["lead@example.com"]),
        }


def notice(number: int = 1, **changes: object) -> Notice:
    """Return the notice of a breach."""
    given: dict[str, object] = {
        "story": Story(f"SUP-{number}", "first_response", NOW),
        "rung": "breach",
        "title": f"SUP-{number}: no answer until 10:00, S1, Acme Industries",
        "severity": 1,
        "lines": ["Due 2026-03-02 10:00 (Europe/Stockholm)", "Tier Expert"],
        "link": f"https://example.atlassian.net/browse/SUP-{number}",
        **changes,
    }
    return Notice(**given)  # type: ignore[arg-type]
