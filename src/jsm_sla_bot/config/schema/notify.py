"""The shape of `notify.yaml`: who outside Jira is told of requests at risk and breached, and how."""

import re
from datetime import time, timedelta
from pathlib import PurePath
from typing import Annotated

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict

from jsm_sla_bot.config.schema.base import (
    LongSpan,
    NotStrict,
    OrganizationId,
    Shape,
    Text,
    wrong,
)
from jsm_sla_bot.config.schema.severity import SeverityName
from jsm_sla_bot.ports.notify_plan import Rung, Service, When
from jsm_sla_bot.ports.quiet_hours import QuietHours


def _absolute(text: str) -> str:
    if PurePath(text).is_absolute():
        return text
    raise wrong("the whole path of a file, such as /run/secrets/slack_token")


def _address(text: str) -> str:
    if text.startswith(("https://", "http://")):
        return text.rstrip("/")
    raise wrong("an address that begins with https://")


def _may_be_empty(schema: JsonDict) -> None:
    """Let an editor take a file that holds comments only, as loading does."""
    schema["type"] = ["object", "null"]


def _often_enough(span: timedelta) -> timedelta:
    if span >= _SHORTEST:
        return span
    raise wrong("five minutes or more")


def _quiet(text: object) -> QuietHours:
    found = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or found[1] == found[2]:
        raise wrong("two times of a day, such as 22:00-07:00")
    return QuietHours(
        time.fromisoformat(found[1]), time.fromisoformat(found[2])
    )


_SHORTEST = timedelta(minutes=5)
_HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")
_GOES_ON = "Whether the routes below are looked at too; left out: the first that matches is the last."

SecretPath = Annotated[Text, AfterValidator(_absolute)]
Address = Annotated[Text, AfterValidator(_address)]
RungWord = Annotated[Rung, NotStrict]
WhenWord = Annotated[When, NotStrict]
Quiet = Annotated[
    QuietHours,
    PlainValidator(_quiet),
    WithJsonSchema({"type": "string", "pattern": f"^{_HOURS.pattern}$"}),
]
Port = Annotated[int, Field(ge=1, le=65535)]


class SlackShape(Shape):
    """A channel of Slack, by its Web API."""

    channel: Text
    """The channel's id, `C0123456789`."""
    token_file: SecretPath
    """The file with the app's token; it needs chat:write and the history of the channel."""
    address: Address | None = None
    """Another address than Slack's own."""


class TeamsShape(Shape):
    """A channel of Microsoft Teams, by a workflow."""

    url_file: SecretPath
    """The file with the workflow's address, which is the secret."""


class PagerDutyShape(Shape):
    """A service of PagerDuty, by Events v2."""

    routing_key_file: SecretPath
    """The file with the integration's key."""
    address: Address | None = None
    """Another address than PagerDuty's own."""


class JsmOperationsShape(Shape):
    """An integration of JSM Operations, or of Opsgenie."""

    api_key_file: SecretPath
    """The file with the integration's key."""
    address: Address | None = None
    """Another address than Atlassian's own; Opsgenie's is https://api.opsgenie.com."""


class MailShape(Shape):
    """People by mail."""

    host: Text
    """The mail server."""
    port: Port = 587
    """Its port; left out: 587."""
    sealing: Annotated[str, Field(pattern="^(starttls|tls|none)$")] = (
        "starttls"
    )
    """How the connection is sealed: starttls, tls or none; left out: starttls."""
    user: Text | None = None
    """Who signs in; left out: nobody."""
    password_file: SecretPath | None = None
    """The file with that user's password."""
    sender: Text
    """The address that letters come from."""
    to: Annotated[list[Text], Field(min_length=1)]
    """The addresses that they go to."""


class WebhookShape(Shape):
    """Any service that takes JSON, signed by HMAC-SHA256."""

    url: Address
    """Where it is posted to."""
    secret_file: SecretPath
    """The file with the secret that signs it."""


class ChannelShape(Shape):
    """A way to people: one service with its keys."""

    slack: SlackShape | None = None
    """A channel of Slack."""
    teams: TeamsShape | None = None
    """A channel of Microsoft Teams."""
    pagerduty: PagerDutyShape | None = None
    """A service of PagerDuty."""
    jsm_operations: JsmOperationsShape | None = None
    """An integration of JSM Operations."""
    mail: MailShape | None = None
    """People by mail."""
    webhook: WebhookShape | None = None
    """Any service by a signed webhook."""

    @model_validator(mode="after")
    def _one_service(self) -> "ChannelShape":
        if len(self.given) != 1:
            raise wrong(f"one service of {', '.join(Service)}")
        return self

    @property
    def given(self) -> dict[Service, Shape]:
        """The services that are named, with their keys."""
        each = {service: getattr(self, service.value) for service in Service}
        return {service: shape for service, shape in each.items() if shape}


class RouteShape(Shape):
    """For whom a notice is. What is left out means any."""

    to: Annotated[list[Text], Field(min_length=1)]
    """The channels, by their names."""
    rungs: list[RungWord] | None = None
    """at_risk, breached."""
    tiers: list[Text] | None = None
    """The tiers."""
    severities: list[SeverityName] | None = None
    """The severities."""
    organizations: list[OrganizationId] | None = None
    """The organizations, by their ids."""
    projects: list[Text] | None = None
    """The projects, by their keys."""
    hours: WhenWord | None = None
    """inside or outside of the business hours of the request's organization."""
    go_on: Annotated[bool, Field(alias="continue", description=_GOES_ON)] = (
        False
    )
    repeat: Annotated[LongSpan, AfterValidator(_often_enough)] | None = None
    """So often, on the target's own clock, it is said again while nobody has answered; left out: once."""
    quiet: Quiet | None = None
    """Hours such as `22:00-07:00`, by the default calendar's clock, in which nothing is sent; left out: none."""


class DigestShape(Shape):
    """How the desk stands at the opening of a day."""

    to: Annotated[list[Text], Field(min_length=1)]
    """The channels, by their names."""


class NotifyShape(Shape):
    """Who outside Jira is told of what."""

    model_config = ConfigDict(json_schema_extra=_may_be_empty)

    channels: dict[Text, ChannelShape] | None = None
    """The channels, each by a name of your choice."""
    routes: list[RouteShape] | None = None
    """Where notices go, read from above."""
    digest: DigestShape | None = None
    """Who is told at each opening of the default calendar what is due, what is late and which days are closed soon."""
