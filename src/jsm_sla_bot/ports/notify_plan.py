"""Who is told of what: channels by name, and routes that lead notices to them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from jsm_sla_bot.ports.quiet_hours import QuietHours


class Service(StrEnum):
    """The services that a channel may lead to, by their words in `notify.yaml`."""

    SLACK = "slack"
    TEAMS = "teams"
    PAGERDUTY = "pagerduty"
    JSM_OPERATIONS = "jsm_operations"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Rung(StrEnum):
    """The steps of a request on which people are told, by their words in `notify.yaml`."""

    AT_RISK = "at_risk"
    BREACHED = "breached"


class When(StrEnum):
    """Whether the business hours of the request's organization run."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """A channel: its service, and that service's keys of `notify.yaml`."""

    service: Service
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a notice is about, as routes see it. `organization` is an id, `project` a key."""

    rung: Rung
    tier: str
    severity: int
    organization: str
    project: str
    when: When


@dataclass(frozen=True, slots=True)
class Route:
    """Where notices go. An empty set means any; `goes_on`: the routes below are looked at too.

    `repeat`: so often, on the target's own clock, it is said again while nobody has answered; None: once.
    """

    to: tuple[str, ...]
    rungs: frozenset[Rung] = frozenset()
    tiers: frozenset[str] = frozenset()
    severities: frozenset[int] = frozenset()
    organizations: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    when: When | None = None
    goes_on: bool = False
    repeat: timedelta | None = None
    quiet: QuietHours | None = None

    def takes(self, occasion: Occasion) -> bool:
        """Tell whether it is meant for such a notice."""
        asked = (
            (self.rungs, occasion.rung),
            (self.tiers, occasion.tier),
            (self.severities, occasion.severity),
            (self.organizations, occasion.organization),
            (self.projects, occasion.project),
        )
        is_meant = all(not wanted or has in wanted for wanted, has in asked)
        return is_meant and self.when in {None, occasion.when}


@dataclass(frozen=True, slots=True)
class NotifyPlan:
    """All of `notify.yaml`. Without channels nobody is told anything."""

    channels: Mapping[str, ChannelPlan] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    digest: tuple[str, ...] = ()
    """The channels that are told at each opening of the default calendar how the desk stands."""

    def routes_for(self, occasion: Occasion) -> Mapping[str, Route]:
        """Return the channels for a notice, each with the first route that leads to it, in the order of the routes."""
        led: dict[str, Route] = {}
        for channel, route in self._routed(occasion):
            led.setdefault(channel, route)
        return led

    def _routed(self, occasion: Occasion) -> Iterator[tuple[str, Route]]:
        for route in self.routes:
            if route.takes(occasion):
                for channel in route.to:
                    yield channel, route
                if not route.goes_on:
                    return


NOBODY = NotifyPlan()
"""What holds without `notify.yaml`."""
