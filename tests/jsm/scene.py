"""A sandbox over a socket with the bot's two ports on it, and time that passes only by waiting."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.site import Connection, connect
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.sign_in import Basic
from jsm_sla_bot.ports.site import ChangeSink, Desk, RequestSource, Sighting
from jsm_sla_bot.sla.request import Phase
from tests.attempts import Attempt, Watched
from tests.door import Door
from tests.jsm.wire import DESK, utc

URL = "https://desk.example"
AUTH = Basic("bot@example.com", "sandbox")
NOW = utc("2026-03-06 22:30")
AGO = {hours: NOW - timedelta(hours=hours) for hours in range(1, 100)}
SANDBOX_DESK = replace(
    DESK,
    projects=(),
    severities={
        "S1 - Critical": 1,
        "S2 - Major": 2,
        "S3 - Medium": 3,
        "S4 - Low": 4,
    },
    sla_fields={
        SlaField.SUPPORT_TIER: "Support tier",
        SlaField.RESPONSE_DUE: "Response due",
        SlaField.RESPONSE_SLA: "Response SLA",
        SlaField.RESPONSE_TARGET: "Response target",
        SlaField.ACKNOWLEDGED_AT: "Acknowledged at",
        SlaField.SLA_BASIS: "SLA basis",
    },
    statuses={"In progress": Phase.ACKNOWLEDGED, "Declined": Phase.DECLINED},
    automations=frozenset(),
)


class Time:
    """Time that passes only by waiting; it remembers the waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now


class Intentions:
    """The journal's part, in memory."""

    def __init__(self) -> None:
        self.begun: dict[str, str] = {}
        self.done: dict[str, str] = {}

    def unresolved(self, request_id: str) -> bool:
        """Tell whether a note was begun and not ended."""
        return request_id in self.begun

    def intend(self, request_id: str, marker: str) -> None:
        """Note the beginning."""
        self.begun[request_id] = marker

    def resolved(self, request_id: str) -> dict[str, str]:
        """Tell what is known to stand."""
        return dict(self.done)

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what has begun and never ended."""
        self.begun.pop(request_id, None)

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Note the end."""
        self.begun.pop(request_id, None)
        self.done[marker] = comment_id


@dataclass
class Scene:
    """The bot's two ports on a sandbox."""

    tracker: Tracker
    door: Door
    build: Callable[..., HttpOptions]
    exchanges: list[Attempt]
    time: Time
    intents: Intentions = field(default_factory=Intentions)
    opened: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source, self.sink = self.connected()

    def connected(
        self,
        wanted: Desk = SANDBOX_DESK,
        watch: Callable[[Attempt], object] | None = None,
    ) -> tuple[RequestSource, ChangeSink]:
        """Connect anew, as after a restart; whoever watches sees every attempt, else the scene does."""
        noticed = watch or self.exchanges.append
        options = self.build(
            read=2.0,
            wrapped=lambda wire: Watched(self.door.direct(wire), noticed),
        )
        found = connect(self.door.address, AUTH, wanted, self.intents, options)
        self.opened.append(found)
        return found.source, found.sink

    def trouble(self, match: str, kind: str, **more: Any) -> None:
        """Order trouble for calls that match."""
        self.tracker.faults.place({"match": match, "kind": kind, **more})

    def asked(self) -> list[str]:
        """List the endpoints called since the last time."""
        found = [each.endpoint for each in self.exchanges]
        self.exchanges.clear()
        return found

    def one(self, key: str) -> Sighting:
        """Read one request."""
        [found] = self.source.fetch(
            [str(self.tracker.issue(key).id)]
        ).sightings
        return found

    def notes(self, key: str) -> list[str]:
        """List the comments of the bot on a request, by who can see them."""
        own = self.tracker.site.bot.account_id
        said = self.tracker.issue(key).comments
        return [
            "public" if each.public else "internal"
            for each in said
            if each.author.account_id == own
        ]
