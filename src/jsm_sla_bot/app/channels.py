"""The adapters of the services that notices go to, made from `notify.yaml`."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from jsm_sla_bot.notify import jsm_operations, pagerduty, slack
from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.jsm_operations import JsmOperations
from jsm_sla_bot.notify.mail import Mail, Sealing, Server
from jsm_sla_bot.notify.pagerduty import PagerDuty
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.notify.slack import Slack
from jsm_sla_bot.notify.teams import Teams
from jsm_sla_bot.notify.teller import to_tell
from jsm_sla_bot.notify.webhook import Webhook
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import (
    NOTHING_BEFORE,
    Channel,
    NotDeliveredError,
    Notice,
    Story,
    Urgency,
)
from jsm_sla_bot.ports.notify_plan import ChannelPlan, NotifyPlan, Service
from jsm_sla_bot.ports.site import Clock

PROBE = "probe"
_FILE = "_file"
"""How the keys of secrets end."""
ADDRESSES = {
    Service.SLACK: slack.ADDRESS,
    Service.PAGERDUTY: pagerduty.ADDRESS,
    Service.JSM_OPERATIONS: jsm_operations.ADDRESS,
}
"""Where services are that have one address for everybody."""


@dataclass(slots=True)
class Channels:
    """Makes channels, which share their connections. Nothing is sent by that, and no secret read."""

    clock: Clock
    _http: Http | None = None

    def make(self, plan: ChannelPlan) -> Channel:
        """Return the channel that a plan describes."""
        keys = {name: value for name, value in plan.options.items() if value}
        if plan.service is Service.MAIL:
            return _mail(keys)
        self._http = self._http or Http()
        return _by_http(plan.service, keys, self._http, self.clock)

    def close(self) -> None:
        """Let go of the connections."""
        if self._http:
            self._http.close()


def _by_http(
    service: Service, keys: dict[str, object], http: Http, clock: Clock
) -> Channel:
    at = str(keys.get("address", ADDRESSES.get(service, "")))
    match service:
        case Service.SLACK:
            token = _secret(keys, "token_file")
            return Slack(http, str(keys["channel"]), token, at)
        case Service.TEAMS:
            return Teams(http, _secret(keys, "url_file"))
        case Service.PAGERDUTY:
            return PagerDuty(http, _secret(keys, "routing_key_file"), at)
        case Service.JSM_OPERATIONS:
            return JsmOperations(http, _secret(keys, "api_key_file"), at)
        case Service.WEBHOOK:
            secret = _secret(keys, "secret_file")
            return Webhook(http, str(keys["url"]), secret, clock.now)
        case Service.MAIL:
            raise ValueError("mail goes by SMTP")


def unreadable(plan: NotifyPlan) -> Mapping[str, str | None]:
    """Return of each channel why a secret of it can't be read; None where all can. Shows none of them."""
    return {name: _unreadable(each) for name, each in plan.channels.items()}


def _unreadable(plan: ChannelPlan) -> str | None:
    for name, value in plan.options.items():
        if name.endswith(_FILE) and value:
            try:
                SecretFile(Path(str(value))).read()
            except NotDeliveredError as error:
                return str(error)
    return None


def would_tell(view: DeskView) -> Iterator[tuple[str, Notice]]:
    """Yield each channel with a notice that a daemon would send to it that has told nothing yet; sends nothing."""
    return to_tell(view)


def probe(plan: ChannelPlan, name: str, clock: Clock) -> None:
    """Send a marked probe to a channel. Raises NotDeliveredError and NoticeRefusedError."""
    with closing(Channels(clock)) as channels:
        channels.make(plan).deliver(_probe(name, clock), NOTHING_BEFORE)


def _probe(name: str, clock: Clock) -> Notice:
    return Notice(
        Story(PROBE, name, clock.now().replace(microsecond=0)),
        PROBE,
        "A probe of jsm-sla-bot: nothing has happened",
        severity=1,
        urgency=Urgency.INFO,
        lines=[f"Channel: {name}"],
    )


def _secret(keys: dict[str, object], name: str) -> SecretFile:
    return SecretFile(Path(str(keys[name])))


def _mail(keys: dict[str, object]) -> Mail:
    password = "password_file"  # noqa: S105 - the name of a key
    to = keys["to"]
    assert isinstance(to, list)  # noqa: S101 - the shape says so
    server = Server(
        host=str(keys["host"]),
        port=int(str(keys["port"])),
        sealing=Sealing(str(keys["sealing"])),
        user=str(keys["user"]) if "user" in keys else None,
        password=_secret(keys, password) if password in keys else None,
    )
    return Mail(server, str(keys["sender"]), to)
